"""Release number, read by the package's version, and what reads stored articles.

Reading the number from installed metadata would cost every command 30 ms.
"""

from __future__ import annotations

VERSION = "0.1.0"
# Packages beside this module by which stored articles are read.
READERS = (
    *("articles", "calendar", "claims", "config", "dates", "grouping", "headlines"),
    *("measures", "models", "names", "relevance", "search", "stories", "text", "urls"),
)
