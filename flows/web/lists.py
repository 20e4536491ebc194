"""A list, declared once: its page in all forms, a tool of assistants, and a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Literal

from flows.web.asked import DAY, Form
from flows.web.page import Page, PageView, Reading
from transforms.models import Query
from transforms.pages.lists import record
from transforms.pages.words import DataTable, Link
from transforms.search.query import known_id
from transforms.words import LANGUAGES, phrases

SHOWN = 200
# Without other words a list tells of so many days; what is older has an address, or SQL.
DAYS = 90
# Of words of outlets in an answer; a headline may be longer.
NAME, HEADLINE = 80, 300
TEMPLATE = "list.html.j2"
PERIOD = ("since", "until", "hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A parameter that leaves rows out.

    The choices of one that ``is_linked`` stand as links above the list; any other that is
    set has a link that lifts it. Assistants and the terminal have those that ``is_asked``.
    """

    name: str
    kind: Literal["choice", "company", "text", "switch"] = "text"
    values: tuple[str, ...] = ()
    help: str = ""
    is_linked: bool = True
    is_asked: bool = True

    @property
    def is_choice(self) -> bool:
        """Whether its values stand as links above the list."""
        return self.kind == "choice" and self.is_linked

    @property
    def is_lifted(self) -> bool:
        """Whether a link lifts it, since no choice does."""
        return self.kind in ("company", "text") or not self.is_linked

    def read(self, reading: Reading) -> str:
        """Return its value in the address, "" without one.

        Raises:
            BadRequest: It is none of its choices; names them.
        """
        ask, values = reading.ask, ("1",) if self.kind == "switch" else self.values
        found = ask.one_of(self.name, *values) if values else ask.text(self.name)
        return found or ""

    def label(self, reading: Reading, noun: str, value: str) -> str:
        """Return what its value is called on the page of *noun*."""
        words = reading.words
        if self.kind == "company":
            return words.name(value)
        if self.name == "thread":
            return words.word(f"{noun}.thread")
        return words.label(self.name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTool:
    """The tool of a list; ``rows``, ``row`` and ``quoted`` name the records of its answer.

    Each is a name and a sentence; where no outlet wrote a word, ``quoted`` is not needed.
    ``fields`` and ``words`` (of them ``headlines``, that of the row first) are columns of
    the list: what is ours, and what an outlet wrote; what is in both is an id where that
    is known. ``called`` is how an answer calls a column. The tool is called as the view or
    table whose comments describe them; ``help`` is for columns without one.
    """

    name: str
    rows: tuple[str, str]
    row: tuple[str, str]
    quoted: tuple[str, str] = ("", "")
    fields: tuple[str, ...]
    words: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What one list has beside its rows; ``empty`` is said where there are none."""

    values: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[DataTable, ...] = ()
    empty: str = ""
    see: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list of rows of one noun, which names its path, words, table and macro.

    ``row_id`` is the column with the id of a row, which is an HTML id too, ``dated`` that
    with its moment, and ``place`` gives the parameters by which the list of its day has it.
    ``counted`` is the word for so many rows, ``full`` that for more than are ``shown``;
    ``printed`` are the columns on a terminal; ``room`` is that of its page; ``more`` adds
    what this list alone has. A list of what lies ahead begins today and ends so many days
    *ahead*; ``also`` are forms that other lists lack, ``beside`` is a list to go on to.
    """

    noun: str
    query: Query[Any]
    filters: tuple[Filter, ...]
    help: str
    row_id: str
    dated: str
    counted: str
    printed: tuple[str, ...]
    tool: ListTool
    place: Callable[[Mapping[str, Any], date], Mapping[str, object]] = lambda _, day: {
        "since": day,
        "until": day,
    }
    room: str = ""
    days: int = DAYS
    ahead: int = 0
    also: tuple[Form, ...] = ()
    beside: str = ""
    shown: int = SHOWN
    full: str = "list.full"
    record: Callable[[Any], dict[str, Any]] = record
    more: Callable[[Reading, Sequence[Any], Mapping[str, Any]], More] = lambda *_: More()

    def __post_init__(self) -> None:
        """Check that its words are there, since a page without one would fail when asked.

        Raises:
            ValueError: A language lacks some; names its file and the words to add.
        """
        wanted = [*(f"{self.noun}.{word}" for word in ("title", "lead", "none"))]
        wanted += [self.counted, self.full, f"nav.{self.noun}"]
        wanted += [f"{self.noun}.{s.name}" for s in self.filters if s.kind == "switch"]
        wanted += [f"filter.{c.name}" for c in self.filters if c.is_choice]
        for language in LANGUAGES:
            if lacking := sorted(set(wanted) - set(phrases(language))):
                raise ValueError(
                    f"transforms/words/{language}.toml lacks words of the list "
                    f"{self.noun}: add {', '.join(lacking)}"
                )

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"/{self.noun}"

    @property
    def page(self) -> Page:
        """The page, with the parameters that it knows."""
        return Page(
            path=self.path,
            nav=self.noun,
            room=self.room,
            view=self.view,
            known=frozenset({*(each.name for each in self.filters), *PERIOD}),
            forms=("json", "csv", *(("atom",) if self.has_stories else ()), *self.also),
        )

    @property
    def has_stories(self) -> bool:
        """Whether each row is told by a story, whose headline it has."""
        return "story_id" in {each.name for each in fields(self.query.row)}

    @property
    def is_quoting(self) -> bool:
        """Whether an outlet wrote some of a row."""
        return self.has_stories or bool(self.tool.words)

    @property
    def asked(self) -> tuple[Filter, ...]:
        """The filters of this list that assistants and terminal commands can set."""
        return tuple(each for each in self.filters if each.is_asked)

    def parameters(
        self, arguments: Mapping[str, Any], companies: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return arguments of a tool or command as parameters of the page.

        Raises:
            SearchError: There is no such company; names the nearest.
        """
        kinds = {each.name: each.kind for each in self.filters}
        found = {name: value for name, value in arguments.items() if value}
        for name, value in found.items():
            if kinds.get(name) == "company":
                found[name] = known_id("company", value, companies)
            elif kinds.get(name) == "switch":
                found[name] = "1"
        return found

    def view(self, reading: Reading) -> PageView:
        """Return the page: the rows that its filters leave, and links that set these."""
        query = {each.name: each.read(reading) for each in self.filters}
        query |= {name: reading.ask.text(name) or "" for name in PERIOD}
        params = {
            **query,
            **self._bound(reading, query),
            **period(reading, self.days, self.ahead),
        }
        rows = reading.rows(self.query, **params)
        with_story = rows if self.has_stories else ()
        stories = reading.stories(list(dict.fromkeys(row.story_id for row in with_story)))
        more = self.more(reading, rows, params)
        title = reading.words.word(f"{self.noun}.title")
        return PageView(
            template=TEMPLATE,
            title=title,
            section=self.noun,
            given={
                "list": self,
                "rows": rows,
                "query": query,
                **self._links(reading, query),
                "is_full": len(rows) == self.shown,
                "empty": more.empty or reading.words.word(f"{self.noun}.none"),
                "see": more.see,
                "since": params["since"],
                "until": params["until"],
                "sql": reading.sql(self.query, **params),
                **more.values,
            },
            tables=(
                DataTable(name=self.noun, rows=[self.record(row) for row in rows]),
                *more.tables,
            ),
            feed=[*dict.fromkeys(stories.values())],
            feed_title=title,
        )

    def _bound(self, reading: Reading, query: Mapping[str, str]) -> dict[str, Any]:
        """Return what the query takes otherwise than the address has it."""
        bound: dict[str, Any] = {"limit": self.shown}
        for each in self.filters:
            if each.kind == "switch":
                bound[each.name] = bool(query[each.name])
            elif each.kind == "company":
                bound["ids"] = reading.publication.members(query[each.name])
        return bound

    def _links(self, reading: Reading, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the links of choices by filter, those that lift one, and the switch."""
        words = reading.words

        def turn(each: Filter, value: str, text: str) -> Link:
            is_on = query[each.name] == value
            href = words.href(self.path, **{**query, each.name: "" if is_on else value})
            return Link(text=text, href=href, is_current=is_on)

        def label(each: Filter, value: str) -> str:
            return each.label(reading, self.noun, value)

        switches = [each for each in self.filters if each.kind == "switch"]
        return {
            "choices": {
                each.name: [turn(each, value, label(each, value)) for value in each.values]
                for each in self.filters
                if each.is_choice
            },
            "lifted": [
                turn(each, query[each.name], label(each, query[each.name]))
                for each in self.filters
                if each.is_lifted and query[each.name]
            ],
            "switch": next(
                (turn(s, "1", words.word(f"{self.noun}.{s.name}")) for s in switches), None
            ),
        }


def period(reading: Reading, days: int, ahead: int = 0) -> dict[str, Any]:
    """Return the moments between which a list tells: days, or hours up to the newest.

    Of what lies *ahead*: the newest day and so many after it.
    """
    if hours := reading.ask.text("hours") and reading.ask.number(
        "hours", default=0, most=24 * DAYS
    ):
        end = reading.until + timedelta.resolution
        return {"since": end - timedelta(hours=hours), "until": end}
    ask, newest = reading.ask, reading.until + DAY
    since, last = ask.day("since"), ask.day("until")
    until = newest if last is None else reading.start_of(last + DAY)
    if since is None and ahead:
        today = reading.start_of(reading.until.astimezone(reading.words.zone).date())
        return {"since": today, "until": until if last else today + ahead * DAY}
    if since is None:
        return {"since": until - (1 + days) * DAY, "until": until}
    if ahead and last is None:
        until += ahead * DAY
    return {"since": reading.start_of(since), "until": until}
