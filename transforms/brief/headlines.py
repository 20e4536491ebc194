"""Headlines of stories, in the language of the brief where there is one in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from transforms.brief.desk import Desk
from transforms.brief.model import Text

WEB = ("http://", "https://")
Style = Literal["", "strong", "muted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """What a story is called: first of all, and in English and in Chinese."""

    headline: str | None
    headline_en: str | None
    headline_zh: str | None
    url: str | None
    url_en: str | None
    url_zh: str | None


def headline(desk: Desk, story: Headlines, *, style: Style = "") -> Text:
    """Return the headline in the brief's language, linked to the article that has it.

    A story without one in that language has the headline it was first told under.
    """
    own = headline_in(desk.language, story, style=style)
    found = own or link(story.headline, story.url, style=style)
    return replace(found, story_id=getattr(story, "story_id", None) or "")


def headline_in(language: str, story: Headlines, *, style: Style = "") -> Text | None:
    """Return the headline in *language*, linked to its own article; None without one."""
    in_chinese = language == "zh"
    text = story.headline_zh if in_chinese else story.headline_en
    if not text:
        return None
    url = story.url_zh if in_chinese else story.url_en
    if not url and text == story.headline:
        url = story.url
    return link(text, url, style=style)


def link(text: str | None, url: str | None, *, style: Style = "") -> Text:
    """Return *text* linked to *url*; any address that is not of the web is dropped."""
    address = (url or "").strip()
    safe = address if address.lower().startswith(WEB) else ""
    return Text(text or "", safe, style)
