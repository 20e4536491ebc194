"""The outside world: feeds in, alerts out."""

import sys

# httpx loads its own command line, with all that this draws in, unless it is missing:
# a tenth of a second of every run, for a program that nobody starts from here.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
