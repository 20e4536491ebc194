"""Headlines for alerts that have no article."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.alerts.messages.phrases import say


@dataclass(frozen=True, slots=True)
class OwnTitle:
    """The same words in each language that a channel may be written in."""

    en: str
    zh: str


def own_title(key: str, name: str | OwnTitle = "", **facts: object) -> OwnTitle:
    """Return the phrase called *key* on who is called *name*, with *facts* filled in.

    A fact that is an :class:`OwnTitle` itself has its own words in each language.
    """
    facts["name"] = name
    in_english, in_chinese = (
        {
            fact: getattr(value, language) if isinstance(value, OwnTitle) else value
            for fact, value in facts.items()
        }
        for language in ("en", "zh")
    )
    return OwnTitle(say(key, "en", **in_english), say(key, "zh", **in_chinese))
