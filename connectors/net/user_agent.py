"""How we name ourselves to servers."""

from __future__ import annotations

from transforms.release import VERSION

DEFAULT_USER_AGENT = (
    f"sinowire/{VERSION} (news monitor; set SINOWIRE_USER_AGENT to name a contact)"
)


def check_user_agent(text: str) -> str:
    """Return *text* as it can be sent in a header.

    Raises:
        ValueError: It cannot; says what it may hold.
    """
    text = text.strip()
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError("a user agent is one line of ASCII letters, digits and signs")
    return text
