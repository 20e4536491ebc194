"""Text that was recorded, to be compared with what is said now."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "printed"


def recorded(name: str, said: str) -> str:
    """Return what was recorded under *name*, which is *said* where that is asked for."""
    file = FOLDER / f"{name}.txt"
    if os.environ.get("SINOWIRE_RECORD"):
        file.write_text(said, encoding="utf-8")
    return file.read_text(encoding="utf-8")
