"""Where entries stand in a page or a JSON answer: what a feed's ``list`` says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSelectors:
    """How to read a list that is no feed.

    ``items`` finds the entries in the document, the others find each entry's
    parts in it: CSS selectors (``a@href`` for an attribute) in HTML, dotted
    paths (``data.list``) in JSON. Of several, the first that finds something
    counts. An empty ``title`` or ``link`` stands for where they usually are.
    """

    items: str
    title: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    guid: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
