"""A parcel as each channel shows it: JSON, HTML, mail, Atom, a chat service's markup."""
