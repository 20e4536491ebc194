"""Entries of a file, printed as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from flows.console.output import Console, RequestError, note, say
from flows.home import default_text
from flows.settings import read_file
from transforms.config import did_you_mean
from transforms.config.pieces import cut


def show_entry(console: Console, name: str, wanted: str) -> None:
    """Print the tables called *wanted* (an id, or section.id) of a file.

    Tables of the home's own file come first; the shipped ones are the fallback.

    Raises:
        RequestError: There are none; names the nearest.
    """
    own = read_file(console.settings.home / name) or ""
    for text, whose in ((own, "your"), (default_text(name), "the shipped")):
        if found := list(_called(wanted, text)):
            note(f"# {whose} {name}")
            say("\n".join(found).rstrip())
            return
    known = {p.path[1] for p in cut(own + default_text(name)) if len(p.path) > 1}
    near = did_you_mean(wanted, known) or "none is like it"
    raise RequestError(f"no entry {wanted!r} in {name}; {near}")


def _called(wanted: str, text: str) -> Iterator[str]:
    for piece in cut(text):
        if len(piece.path) > 1 and wanted in (piece.path[1], ".".join(piece.path[:2])):
            yield piece.text
