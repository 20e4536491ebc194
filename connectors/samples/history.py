"""Invented past: ten weeks before the samples, or all there is of another beat's demo.

Every draw is a hash of what it is for, so the same *now* always gives the same
past, and one company's news does not depend on another's. ``python -m
connectors.samples.history`` prints it as JSON lines for ``sinowire import``.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from math import exp
from typing import Any, cast
from zoneinfo import ZoneInfo

import opencc

SHIPPED = "china-tech"

_BEIJING = ZoneInfo("Asia/Shanghai")
# Outlets publish between 7:00 and 23:00 Beijing time.
_FIRST_HOUR, _HOURS = 7, 16
_LANGUAGES = ("en", "zh")
_SHARE_EN = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """One event of one company, before any outlet reports it."""

    material: Mapping[str, Any]
    company: Mapping[str, Any]
    number: int
    at: datetime


def history(now: datetime, beat: str = SHIPPED) -> list[dict[str, str]]:
    """Return the articles of a *beat* before its samples begin, oldest first."""
    material = _material(beat)
    until = now.replace(microsecond=0) - timedelta(hours=material["ends_before"])
    articles = [
        article
        for company in material["company"]
        for event in _events(material, company, until)
        for article in _told(event)
    ]
    articles += _affairs(material, now)
    in_time = (article for article in articles if article["published"] < _iso(until))
    return sorted(in_time, key=lambda article: (article["published"], article["url"]))


def beats_with_a_past() -> list[str]:
    """Return the beats of which there is an invented past."""
    return sorted(file.name.removesuffix(".toml") for file in _pasts().iterdir())


def history_lines(now: datetime, beat: str = SHIPPED) -> Iterator[str]:
    """Yield the history as the JSON lines that ``sinowire import`` reads."""
    for article in history(now, beat):
        yield json.dumps(article, ensure_ascii=False) + "\n"


def _events(
    material: Mapping[str, Any], company: Mapping[str, Any], until: datetime
) -> Iterator[_Event]:
    numbers = count(1)
    last = until.astimezone(_BEIJING).date()
    days = material["weeks"] * 7
    for back in reversed(range(days)):
        day = last - timedelta(days=back)
        rate = company["rate"] * (1 + company["drift"] * (1 - back / days))
        rate *= material["weekdays"][day.weekday()]
        key = (company["id"], back)
        surge = _surge(material, company["id"], back)
        for _ in range(_poisson(rate, _draw(*key)) + surge):
            number = next(numbers)
            at = _time(day, *key, number)
            yield _Event(material=material, company=company, number=number, at=at)


def _surge(material: Mapping[str, Any], company_id: str, back: int) -> int:
    days_ago = back + material["ends_before"] // 24
    return sum(
        int(surge["events"])
        for surge in material["surge"]
        if (surge["id"], surge["days_ago"]) == (company_id, days_ago)
    )


def _time(day: date, *key: object) -> datetime:
    start = datetime(day.year, day.month, day.day, _FIRST_HOUR, tzinfo=_BEIJING)
    return start + timedelta(minutes=int(_draw("time", *key) * _HOURS * 60))


def _told(event: _Event) -> Iterator[dict[str, str]]:
    echoes = event.material["echoes"]
    key = (event.company["id"], event.number, event.at.date())
    language = _LANGUAGES[_draw("language", *key) >= _SHARE_EN]
    other = _LANGUAGES[language == "en"]
    yield _article(event, language, "first")
    if _draw("same", *key) < echoes["same"]:
        yield _article(event, language, "echo")
    if _draw("other", *key) < echoes["other"]:
        yield _article(event, other, "echo")


def _affairs(material: Mapping[str, Any], now: datetime) -> Iterator[dict[str, str]]:
    """Yield what is told of each step of an affair: first in one language, then in both."""
    for affair in material.get("affair", ()):
        for number, (days_ago, *titles) in enumerate(affair["steps"], 1):
            day = (now - timedelta(days=days_ago)).astimezone(_BEIJING).date()
            key = (f"affair-{affair['id']}", number)
            at = _time(day, *key)
            turn = _draw("first", *key) >= _SHARE_EN
            for nth, tongue in enumerate((turn, not turn)):
                outlet = _outlet(material, _LANGUAGES[tongue], key)
                yield _report(outlet, at + timedelta(hours=2 * nth), key, titles[tongue])


def _article(event: _Event, language: str, role: str) -> dict[str, str]:
    key = (event.company["id"], event.number, event.at.date())
    slots = _slots(event, _LANGUAGES.index(language))
    title = _template(event)[language].format(**slots)
    summary = _pick(event.material["summary"], "summary", *key)
    text = summary[_LANGUAGES.index(language)].format(**slots)
    # The echo is never at the outlet that was first: they are neighbours in the list.
    outlet = _outlet(event.material, language, key, further=int(role == "echo"))
    at = event.at
    if role == "echo":
        words = _pick(event.material["echoes"]["words"], "words", *key)
        title = words[_LANGUAGES.index(language)].format(title=title)
        at += timedelta(minutes=20 + int(_draw("delay", language, *key) * 600))
    return _report(outlet, at, key, title, text)


def _outlet(
    material: Mapping[str, Any], language: str, key: tuple[object, ...], *, further: int = 0
) -> Mapping[str, Any]:
    outlets = [o for o in material["outlet"] if o["language"] == language]
    turn = int(_draw("outlet", *key) * len(outlets)) + further
    return cast("Mapping[str, Any]", outlets[turn % len(outlets)])


def _report(
    outlet: Mapping[str, Any],
    at: datetime,
    key: tuple[object, ...],
    title: str,
    text: str = "",
) -> dict[str, str]:
    script = _converter().convert if outlet.get("traditional") else str
    return {
        "url": f"https://{outlet['domain']}/archive/{at:%Y%m%d}/{key[0]}-{key[1]}",
        "title": script(title),
        "summary": script(text),
        "published": _iso(at),
        "publisher": outlet["publisher"],
        "language": outlet["language"],
    }


def _template(event: _Event) -> Mapping[str, str]:
    # Each company walks through its templates in an order of its own, so that none
    # comes twice within the days in which titles are grouped into stories.
    company = event.company
    fitting = [e for e in event.material["event"] if e["for"] in company["kinds"]]
    fitting.sort(key=lambda e: _draw(company["id"], e["en"]))
    return cast("Mapping[str, str]", fitting[event.number % len(fitting)])


def _slots(event: _Event, tongue: int) -> dict[str, object]:
    material, company = event.material, event.company
    key = (company["id"], event.number, event.at.date())
    tenths = 4 + int(_draw("money", *key) * 96)
    amounts = f"{tenths / 10:g}", f"{tenths}"
    money = [says.format(n) for says, n in zip(material["money"], amounts, strict=True)]
    return {
        "co": company[_LANGUAGES[tongue]],
        "product": _pick(company["products"] or [""], "product", *key),
        "place": _pick(material["places"], "place", *key)[tongue],
        "city": _pick(material["cities"], "city", *key)[tongue],
        "unit": _pick(material["units"], "unit", *key)[tongue],
        "policy": _pick(material["policies"], "policy", *key)[tongue],
        "n": 3 + int(_draw("n", *key) * 58),
        "pct": 3 + int(_draw("pct", *key) * 46),
        "money": money[tongue],
    }


def _poisson(rate: float, draw: float) -> int:
    # Inversion: walk up the distribution until it has passed the draw.
    term = total = exp(-rate)
    events = 0
    while total < draw:
        events += 1
        term *= rate / events
        total += term
    return events


def _pick(choices: list[Any], *key: object) -> Any:
    return choices[int(_draw(*key) * len(choices))]


def _draw(*key: object) -> float:
    """Return a number in [0, 1) that depends on *key* alone."""
    text = "\n".join(map(str, key)).encode()
    return int.from_bytes(blake2b(text, digest_size=6).digest()) / 2**48


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2hk")


def _pasts() -> Traversable:
    return files("connectors.samples") / "past"


@cache
def _material(beat: str) -> dict[str, Any]:
    return tomllib.loads((_pasts() / f"{beat}.toml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.stdout.writelines(history_lines(datetime.now(UTC)))
