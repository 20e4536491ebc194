"""Briefs that were sent, as files in ``data/briefs``: the page, the mail and the letter."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from transforms.models import Edition, Letter, LetterSection, ToldItem
from warehouse.file.private import PRIVATE_FILE, private_folder

FOLDER = "briefs"
KEPT = timedelta(days=90)


def edition_name(brief_id: str, day: date) -> str:
    """Return what the files of a brief are called, without their suffix."""
    return f"{brief_id}-{day:%Y-%m-%d}"


def keep_edition(data: Path, name: str, edition: Edition, page: str) -> Path:
    """Write the files of a brief, each whole or not at all; return its page."""
    folder = private_folder(data / FOLDER)
    letter = json.dumps(asdict(edition.letter), ensure_ascii=False)
    contents = {".json": letter.encode(), ".eml": edition.mail, ".html": page.encode()}
    for suffix, content in contents.items():
        _put(folder / f"{name}{suffix}", content)
    return folder / f"{name}.html"


def read_edition(data: Path, name: str) -> Edition:
    """Return a brief that was kept.

    Raises:
        FileNotFoundError: It is not there, or not any more.
    """
    folder = data / FOLDER
    letter = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return Edition(letter=_letter(letter), mail=(folder / f"{name}.eml").read_bytes())


def forget_editions(data: Path, *, now: datetime) -> int:
    """Remove what was written more than 90 days before *now*; return how many files."""
    old = [
        path
        for path in sorted((data / FOLDER).glob("*"))
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - KEPT
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _put(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    part.replace(path)


def _letter(kept: Mapping[str, object]) -> Letter:
    sections = kept["sections"]
    if not isinstance(sections, list):
        raise TypeError("a letter's sections are a list")
    return Letter(
        subject=str(kept["subject"]),
        heading=str(kept["heading"]),
        sections=tuple(
            LetterSection(
                title=section["title"],
                items=tuple(
                    ToldItem(**item | {"lines": tuple(item["lines"])})
                    for item in section["items"]
                ),
            )
            for section in sections
        ),
    )
