"""The colours of a chart: variables of the page, by day, at night and in print."""

from __future__ import annotations

INK, GRID = "var(--ink)", "var(--grid)"
SERIES = tuple(f"var(--series-{number})" for number in range(9))
OTHER = SERIES[8]
# Where there is no style sheet, as in a mail: that of the first series by day.
PRINTED = "#2f6db3"
