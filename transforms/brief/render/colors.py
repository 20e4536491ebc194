"""The colours a chart is drawn in, and what they become on the page."""

from __future__ import annotations

# A wide drawing for a page, a narrow one for a phone: scaled down, text would be too small.
WIDE, NARROW = 700, 340
INK, GRID = "#010203", "#010204"
MARKERS = {INK: "var(--ink)", GRID: "var(--grid)"} | {
    f"#0a0b{n:02x}": f"var(--series-{n})" for n in range(9)
}
SERIES = [color for color in MARKERS if color.startswith("#0a0b")]
OTHER = SERIES[8]
# What they are where there is no style sheet: those of ``style.css`` by day.
PRINTED = dict(
    zip(
        MARKERS,
        (
            "#1c1e21",
            "#dcdcd6",
            "#2f6db3",
            "#d9722c",
            "#3f9464",
            "#b5476b",
            "#7a5cb0",
            "#b8951f",
            "#3a9aa8",
            "#8c5a3c",
            "#94979b",
        ),
        strict=True,
    )
)
