"""RSS, RDF and Atom, of which feedparser is the parser of record."""
