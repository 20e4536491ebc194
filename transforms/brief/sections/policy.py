"""The sections that are lists side by side: policy, money, gaps between languages."""

from __future__ import annotations

from transforms.brief.desk import Desk
from transforms.brief.model import BREAK, Board, Items, Line, Section, Text
from transforms.brief.opening import headline, publishers
from transforms.brief.values import Row, labels, link

BOARD_ROWS = 8


def policy(desk: Desk) -> Section:
    """What regulators did: Chinese bodies left, American and European ones right.

    Below them stands what names no body that acts: no place is better than a wrong one.
    """
    sides = {
        side: _lines(
            desk,
            [
                _event(desk, row)
                for row in _named_first(desk.rows("policy"))
                if row.get("side") == side
            ],
        )
        for side in ("china", "us_eu", "unclear")
    }
    board = _board(desk, "policy", sides["china"], sides["us_eu"], ("china", "us_eu"))
    unclear = Items(sides["unclear"], heading=desk.word("policy.unclear"))
    blocks = (board, unclear) if unclear.lines else (board,)
    return Section(
        key="policy",
        title=desk.word("section.policy"),
        blocks=blocks if any(sides.values()) else (),
        queries=desk.queries("policy"),
    )


def money(desk: Desk) -> Section:
    """Earnings, funding, listings and takeovers, grouped by event."""
    groups: dict[str, list[Line]] = {}
    for row in _named_first(desk.rows("money")):
        groups.setdefault(str(row.get("event") or ""), []).append(
            _event(desk, row, named=False)
        )
    blocks = tuple(
        Items(_lines(desk, lines), heading=_capital(desk.listed([event])))
        for event, lines in groups.items()
    )
    return Section(
        key="money",
        title=desk.word("section.money"),
        blocks=blocks,
        queries=desk.queries("money"),
    )


def _named_first(rows: list[Row]) -> list[Row]:
    """Return *rows* with those that name someone we follow in front."""
    return sorted(rows, key=lambda row: not labels(row.get("companies")))


def _lines(desk: Desk, lines: list[Line]) -> tuple[Line, ...]:
    """Return the first lines, and how many more there are."""
    more = len(lines) - BOARD_ROWS
    rest = [(Text(desk.word("fold.rows", n=more), style="muted"),)] if more > 0 else []
    return (*lines[:BOARD_ROWS], *rest)


def _event(desk: Desk, row: Row, *, named: bool = True) -> Line:
    event = [row.get("event")] if named and row.get("event") else []
    known = [
        str(row.get("amount") or ""),
        desk.listed([*event, *labels(row.get("companies"))]),
        str(row.get("publisher") or ""),
        desk.moment(row.get("published_at")),
    ]
    after = " · ".join(part for part in known if part)
    about = (Text(BREAK), Text(after, style="muted")) if after else ()
    return (headline(desk, row), *about)


def gaps(desk: Desk) -> Section:
    """Stories that one language has and the other does not: leads for the desk."""
    sides = {
        language: _lines(
            desk,
            [
                _gap(desk, row)
                for row in desk.rows("gaps")
                if str(row.get("language")) == language
            ],
        )
        for language in ("zh", "en")
    }
    board = _board(desk, "gaps", sides["zh"], sides["en"], ("zh", "en"))
    return Section(
        key="gaps",
        title=desk.word("section.gaps"),
        blocks=(board,) if any(sides.values()) else (),
        queries=desk.queries("gaps"),
    )


def _gap(desk: Desk, row: Row) -> Line:
    about = desk.word(
        "gaps.first",
        publishers=desk.count("publisher", publishers(row)),
        when=desk.moment(row.get("first_published_at")),
    )
    return (
        link(row.get("headline"), row.get("url")),
        Text(BREAK),
        Text(about, "", "muted"),
    )


def _board(
    desk: Desk,
    key: str,
    left: tuple[Line, ...],
    right: tuple[Line, ...],
    names: tuple[str, str],
) -> Board:
    empty = desk.word("nothing")
    return Board(
        Items(left, heading=desk.word(f"{key}.{names[0]}"), empty=empty),
        Items(right, heading=desk.word(f"{key}.{names[1]}"), empty=empty),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
