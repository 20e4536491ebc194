"""Addresses of the desk: parameters of a page, and what leads to it by another spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from urllib.parse import quote

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import Match, Router, compile_path
from starlette.types import Scope

from flows.web.asked import Form
from flows.web.errors import BadRequest, Moved
from flows.web.page import Page
from flows.web.pages import PAGES
from transforms.config.text import nearest
from transforms.pages.words import PREFIX
from transforms.urls.canonical import is_tracker
from transforms.words import say

# A parameter is a word or two; a search or a statement may be longer.
LONGEST = 200
LONGEST_TEXT = 8_000
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_FORM = re.compile(r"(?:\.json|\.csv|\.svg|\.ics|/atom)$")
Pairs = list[tuple[str, str]]


class _DayConvertor(Convertor[str]):
    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("day", _DayConvertor())


def read_query(
    pairs: Pairs, page: Page, form: Form = "html", language: str = "en"
) -> dict[str, str]:
    """Return the parameters with a value, sorted; of repeated ones the last counts.

    Raises:
        BadRequest: The page has no such parameter, or one is too long or holds control
            characters.
    """
    known = page.parameters(form)
    given = {}
    for name, value in pairs:
        if name not in known and not (page.is_named(name) and len(name) < LONGEST):
            raise BadRequest(_unknown(name, known, language))
        most = LONGEST_TEXT if name in page.texts else LONGEST
        if len(value) > most:
            raise BadRequest(
                f"{name} has {len(value):,} characters; at most {most:,} are read"
            )
        if name not in page.texts and _UNPRINTABLE.search(value):
            raise BadRequest(f"{name} holds control characters")
        if value.strip():
            given[name] = value.strip()
    return dict(sorted(given.items()))


def _unknown(name: str, known: frozenset[str], language: str) -> str:
    shown = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    near = nearest(name.lower(), known)
    return say(
        "bad.parameter.near" if near else "bad.parameter",
        language,
        name=shown,
        near=near,
        known=", ".join(sorted(known - {"said"})),
    )


def without_trackers(pairs: Pairs, path: str) -> Pairs:
    """Return the parameters of an address without those that tell who sent it.

    Raises:
        Moved: One did; the address without it is the page's own.
    """
    kept = [(name, value) for name, value in pairs if not is_tracker(name)]
    if kept != pairs:
        raise Moved(path, kept)
    return pairs


def takes(path: str, name: str) -> bool:
    """Tell whether the page at *path*, in whatever form, has the parameter *name*."""
    return any(pattern.match(_FORM.sub("", path)) for pattern in _taking(name))


@cache
def _taking(name: str) -> tuple[re.Pattern[str], ...]:
    pages = [page for page in PAGES if name in page.parameters("html")]
    paths = {path for page in pages for path in (page.path, page.base) if path}
    return tuple(compile_path(path)[0] for path in sorted(paths))


def better_path(scope: Scope, router: Router) -> str:
    """Return the path of the page that was meant; "" if there is none.

    It may be written with capitals or a slash at its end, or be another name of the page.
    """
    path = scope["path"]
    whole = path.removesuffix("/")
    for found in (dict(_others(PAGES)).get(whole.lower(), ""), whole, whole.lower()):
        if found and found != path and _is_page({**scope, "path": found}, router):
            return quote(found)
    return ""


def near_path(scope: Scope, router: Router) -> str:
    """Return the path of the page whose section is nearest to that of *scope*'s path.

    It has no language; "" if none is near. Of a section without a page of its own it is
    where that section is entered.
    """
    section, _, rest = scope["path"].removeprefix("/zh").strip("/").partition("/")
    sections = {page.path.split("/")[1]: page.entry for page in PAGES}
    for near in get_close_matches(section.lower(), filter(None, sections), cutoff=0.7):
        found = f"/{near}/{rest}".removesuffix("/")
        if not _is_page({**scope, "path": found}, router):
            found = sections[near]
        if found:
            return found
    return ""


def _others(pages: Iterable[Page]) -> Iterator[tuple[str, str]]:
    for prefix in PREFIX.values():
        for page in pages:
            for other in page.also:
                yield prefix + other, prefix + (page.entry or page.path)


def _is_page(scope: Scope, router: Router) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in router.routes)
