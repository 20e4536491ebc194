"""What pages and briefs say, as text: one line a block, links with their addresses."""

from __future__ import annotations

import re
from hashlib import md5
from itertools import groupby

import lxml.etree
import lxml.html
from starlette.routing import compile_path

from flows.web.addresses import read_query
from flows.web.asked import ENDINGS, DeskAsk, form_of
from flows.web.page import Page
from flows.web.pages import PAGES
from transforms.pages.words import PREFIX

_ONCE = re.compile(r"(?<=127\.0\.0\.1:)\d+|(?<=\bw)[0-9a-f]{10}(?=-)")
# Of a statement that a link runs, and of an asset, only that it changed.
_LONG = re.compile(r"(?<=/sql\?q=)[^ }]+|(?<=\?v=)[0-9a-f]+")
# What begins a line of its own.
_BLOCKS = frozenset(
    (
        *(
            "article",
            "caption",
            "details",
            "div",
            "figcaption",
            "footer",
            "form",
            "h1",
            "h2",
        ),
        *("h3", "header", "li", "main", "nav", "ol", "p", "section", "summary", "table"),
        *("tr", "ul"),
    )
)
_CELLS = frozenset({"td", "th"})
# What people see of elements beside their text.
_SEEN = ("href", "value", "name", "aria-current", "aria-label", "data-n", "title", "lang")


def read_address(address: str) -> tuple[Page, DeskAsk]:
    """Return the page of an address of the desk, and what is asked of it."""
    path, _, query = address.partition("?")
    form = form_of(path)
    path = path.removesuffix(ENDINGS[form])
    language = "zh" if path.startswith("/zh") else "en"
    path = path.removeprefix(PREFIX[language]) or "/"
    for page in PAGES:
        pattern, _, _ = compile_path(page.path)
        if place := pattern.fullmatch(path):
            pairs = [tuple(each.split("=", 1)) for each in query.split("&") if each]
            asked = read_query(pairs, page, form, language)
            return page, DeskAsk(
                path=path,
                language=language,
                form=form,
                place=place.groupdict(),
                query=asked,
            )
    raise LookupError(address)


def text_of(html: str) -> str:
    """Return a page of HTML as text; a picture is its words and a sum of its markup."""
    lines: list[list[str]] = [[]]
    _write(lxml.html.fromstring(html), lines)
    said = (" ".join(" ".join(line).split()) for line in lines)
    return without_once("\n".join(line for line in said if line) + "\n")


def without_once(text: str) -> str:
    """Return *text* without ports and versions of rules, and a sum for long addresses."""
    text = _LONG.sub(lambda m: "" if len(m[0]) < 16 else _sum(m[0].encode()), text)
    return _ONCE.sub("…", text)


def _sum(markup: bytes) -> str:
    return md5(markup).hexdigest()[:8]


def _write(element: lxml.html.HtmlElement, lines: list[list[str]]) -> None:
    tag = element.tag
    if tag in {"script", "style"} or not isinstance(tag, str):
        pass
    elif tag == "svg":
        markup = lxml.etree.tostring(element, with_tail=False)
        words = [key for key, _ in groupby(element.itertext())]
        lines.append([f"svg {_sum(markup)}", *words])
        lines.append([])
    else:
        if tag in _BLOCKS:
            lines.append([])
        elif tag in _CELLS:
            lines[-1].append("|")
        lines[-1].append(element.text or "")
        for child in element:
            _write(child, lines)
        seen = [f"{name}={element.get(name)}" for name in _SEEN if element.get(name)]
        if seen:
            lines[-1].append(f"{{{tag} {' '.join(seen)}}}")
        if tag in _BLOCKS:
            lines.append([])
    lines[-1].append(element.tail or "")
