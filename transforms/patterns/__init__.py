"""Regular expressions that people write: compiled, understood, or refused."""
