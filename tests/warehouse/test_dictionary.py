from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from warehouse.dictionary import render

FILE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def test_dictionary_is_current():
    """The file in docs is what the comments in the SQL give."""
    remedy = "run `python -m warehouse.dictionary > docs/data-dictionary.md`"

    assert FILE.read_text(encoding="utf-8") == render(), remedy


def test_dictionary_is_made_by_a_command():
    """The command prints the same to standard output."""
    made = subprocess.run(
        [sys.executable, "-m", "warehouse.dictionary"], capture_output=True, check=True
    )

    assert made.stdout.decode() == render()
    assert "| `article_id` | varchar |" in render()
