"""Text that a spreadsheet would take for a formula, marked so that it stays text.

A headline ``=HYPERLINK("…")`` in a CSV file is run by whoever opens that. An apostrophe
before it is what spreadsheets themselves put there; text that has one there already gets
another, so that the first can be taken off again.
"""

from __future__ import annotations

import re

MARK = "'"
# For Python and DuckDB alike. Where Chinese is typed, wide signs begin a formula too.
FORMULA = r"^'*[=+\-@＝＋－＠\t\r]"
MARKED = r"^'('*[=+\-@＝＋－＠\t\r])"

_FORMULA = re.compile(FORMULA)


def mark_formula(text: str) -> str:
    """Return *text*, with an apostrophe before it where it would be a formula."""
    return MARK + text if _FORMULA.match(text) else text
