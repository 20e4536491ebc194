"""Read the ``list`` of a feed: where the entries of a page or a JSON answer stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from transforms.config import ConfigText
from transforms.models import ListSelectors

KEYS = tuple(field.name for field in fields(ListSelectors))
_EXAMPLE = 'list = { items = "ul.news > li" }'
_SELECTOR = 'write CSS such as "a@href", or a path into JSON such as "data.list"'


def read_list(
    config: ConfigText, feed: tuple[str, ...], table: Mapping[str, Any]
) -> ListSelectors | None:
    """Return the selectors of the feed at the path *feed*, None where it has no list.

    Raises:
        ConfigError: A key is unknown or missing, or a selector is neither CSS nor a path.
    """
    if "list" not in table:
        return None
    path, value = (*feed, "list"), table["list"]
    if not isinstance(value, dict):
        raise config.error(path, "is not a table", f"write {_EXAMPLE}")
    config.check_keys(value, KEYS, path)
    if "items" not in value:
        raise config.error(path, "has no items", f"say what finds the entries: {_EXAMPLE}")
    found = {key: _selectors(config, (*path, key), each) for key, each in value.items()}
    items = found.pop("items")
    if len(items) != 1:
        raise config.error((*path, "items"), "is more than one selector", "keep one")
    return ListSelectors(items=items[0], **found)


def write_list(selectors: ListSelectors) -> dict[str, Any]:
    """Return what ``read_list`` reads back."""
    values = {key: getattr(selectors, key) for key in KEYS if key != "items"}
    short = {key: v[0] if len(v) == 1 else list(v) for key, v in values.items() if v}
    return {"items": selectors.items, **short}


def _selectors(config: ConfigText, path: tuple[str, ...], value: Any) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(each, str) and each.strip() for each in found)
    ):
        raise config.error(path, "is neither a selector nor a list of some", _SELECTOR)
    for each in found:
        _check(config, path, each.strip())
    return tuple(each.strip() for each in found)


def _check(config: ConfigText, path: tuple[str, ...], selector: str) -> None:
    from connectors.feeds.formats.page.selectors import (  # noqa: PLC0415  few feeds have a list
        fields_of,
        is_css,
        is_path,
        is_template,
        page_in_answer,
    )

    parts: Iterable[str] = [selector]
    if is_template(selector):
        if path[-1] != "link":
            remedy = "only link is an address with fields in braces"
            raise config.error(path, f"{selector!r} is an address", remedy)
        parts = fields_of(selector)
    for part in parts:
        if not (is_css(part) or is_path(part) or page_in_answer(part)):
            raise config.error(path, f"{part!r} is not a selector", _SELECTOR)
