"""The selectors of a list: CSS with ``@attribute`` for HTML, dotted paths for JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from transforms.text.html import plain_text

ITSELF = "."

_ATTRIBUTE = re.compile(r"(?P<css>.*?)@(?P<name>[A-Za-z][\w:-]*)", re.DOTALL)
_NAME = r"""[^\s.\[\]{}"'<>=(),*]+"""
_INDEX = r"\[\d*\]"
_PATH = re.compile(rf"(?:{_NAME}|{_INDEX})(?:\.{_NAME}|{_INDEX})*")
_STEP = re.compile(r"\[(?P<index>\d*)\]|(?P<name>[^.\[\]]+)")
_FIELD = re.compile(r"\{([^{}]+)\}")
# What an id or a path may hold without becoming another part of the address.
_URL_SAFE = "/:?=&%,;@!$'()*+~-._#"

Pick = Callable[[str], Iterator[str]]


def is_css(selector: str) -> bool:
    """Tell whether *selector* can be used on a page."""
    css, _ = _split(selector)
    if css in {"", ITSELF}:
        return bool(selector)
    try:
        LexborHTMLParser("").css_first(css)
    except SelectolaxError:
        return False
    return True


def is_path(selector: str) -> bool:
    """Tell whether *selector* can be used on JSON."""
    return bool(_PATH.fullmatch(selector))


def page_in_answer(selector: str) -> tuple[str, str] | None:
    """Return the path and the CSS of "data.html ul > li", None where it is not both."""
    path, _, css = selector.partition(" ")
    return (path, css.strip()) if is_path(path) and css and is_css(css.strip()) else None


def is_template(selector: str) -> bool:
    """Tell an address with fields in braces from a selector."""
    return selector.startswith(("http://", "https://", "/")) and "{" in selector


def fields_of(template: str) -> list[str]:
    """Return the selectors in the braces of *template*."""
    return _FIELD.findall(template)


def select_nodes(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Return the elements of a page that *selector* finds, none where it is no CSS."""
    try:
        return list(tree.css(selector))
    except SelectolaxError:
        return []


def picker_of_node(node: LexborNode) -> Pick:
    """Return what reads the parts of an entry that is an HTML element."""

    def pick(selector: str) -> Iterator[str]:
        css, attribute = _split(selector)
        try:
            found = [node] if css in {"", ITSELF} else node.css(css)
        except SelectolaxError:
            return
        for each in found:
            if attribute:
                yield (each.attributes.get(attribute) or "").strip()
            else:
                yield plain_text(each.html or "")

    return pick


def picker_of_value(value: Any) -> Pick:
    """Return what reads the parts of an entry that is a JSON value."""

    def pick(selector: str) -> Iterator[str]:
        if selector == ITSELF:
            yield from _scalars(value)
        elif is_path(selector):
            for found in walk(value, selector):
                yield from _scalars(found)

    return pick


def walk(value: Any, path: str) -> list[Any]:
    """Return what lies at *path*: ``a.b`` goes down, ``[]`` into all, ``[0]`` into one."""
    found = [value]
    for step in _STEP.finditer(path):
        found = [below for each in found for below in _below(each, step)]
    return found


def fill(template: str, pick: Pick) -> str:
    """Return *template* with its fields filled in, or "" where one of them is missing."""
    values = {field: next(filter(None, pick(field)), "") for field in fields_of(template)}
    if not all(values.values()):
        return ""
    return _FIELD.sub(lambda field: quote(values[field[1]], safe=_URL_SAFE), template)


def _split(selector: str) -> tuple[str, str]:
    found = _ATTRIBUTE.fullmatch(selector)
    return (found["css"].strip(), found["name"].lower()) if found else (selector, "")


def _below(value: Any, step: re.Match[str]) -> list[Any]:
    if step["name"]:
        return [value[step["name"]]] if _has(value, step["name"]) else []
    elements = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(elements, list):
        return []
    if not step["index"]:
        return elements
    index = int(step["index"])
    return elements[index : index + 1]


def _has(value: Any, name: str) -> bool:
    return isinstance(value, dict) and name in value


def _scalars(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str | int | float) and not isinstance(each, bool):
            yield str(each).strip()
