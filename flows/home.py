"""Files of a home: its own editable ones, else those shipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flows.beats import ALERTS, DEFAULT_BEAT, FEEDS, default_text, load_beat
from flows.caches import compiled, remembered
from flows.settings import Settings, read_file
from flows.sources import code_of_readers
from transforms.beat_files import WATCHLIST, WORD_LISTS, Beat
from transforms.config import ConfigError
from transforms.models import Feed, SearchNames
from transforms.models.articles import EARLY
from transforms.names.rules.watchlist import Alias, Watchlist
from transforms.search.named import SEARCHES, NamedSearch, make_names, parse_searches
from transforms.search.query import reads_off_beat
from transforms.text.lengths import counted
from transforms.words import LANGUAGES

if TYPE_CHECKING:
    from transforms.alerts import AlertRules
    from transforms.articles.reader import EntryReader
    from transforms.brief.rules import BriefRules
    from transforms.names.reach import Reaches
    from transforms.names.tagging import Tagger

T = TypeVar("T")
EXTENDING = ("watchlist.toml", "alerts.toml")
EDITABLE = (FEEDS, *EXTENDING, SEARCHES)


def starter_text(name: str, home: Path, beat: str = DEFAULT_BEAT) -> str:
    """Return a new home's text of a file, which extends the one of its *beat*.

    The list of feeds is the home's own decision, which no update changes, so ``feeds.toml``
    is written whole.
    """
    if name == FEEDS:
        return load_beat(beat, home).texts[FEEDS]
    starter = files("flows") / "starters" / name
    return starter.read_text("utf-8") if starter.is_file() else default_text(name)


def home_name(home: Path) -> str:
    """Return a name for *home*, unique on its machine, that hides its path."""
    folder = home.resolve()
    return f"{folder.name} {blake2b(os.fsencode(folder), digest_size=3).hexdigest()}"


def write_starters(
    home: Path, names: tuple[str, ...] = EDITABLE, *, beat: str = DEFAULT_BEAT
) -> list[Path]:
    """Write the files that *home* lacks, those of its *beat*; return those written."""
    home.mkdir(parents=True, exist_ok=True)
    missing = [home / name for name in names if not (home / name).exists()]
    for path in missing:
        _write(path, starter_text(path.name, home, beat))
    return missing


def _write(path: Path, text: str) -> None:
    """Write a new file atomically: half of one would pass for the user's own."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return  # somebody was faster, and theirs may say more
    except OSError:
        path.unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Config:
    """The checked contents of a home's files; each part is read on first use.

    One that ``is_bare`` is that of a home without files or history: what its beat says.
    """

    settings: Settings
    env: Mapping[str, str]
    is_bare: bool = False

    @cached_property
    def feeds(self) -> list[Feed]:
        """The feeds of ``feeds.toml``, the paused ones too."""
        # Whoever asks what is stored needs no feeds.
        from connectors.subscriptions import parse_feeds  # noqa: PLC0415

        def read(text: str, source: str) -> list[Feed]:
            hub = self.settings.rsshub or ""
            return parse_feeds(text, source=source, env=self.env, rsshub=hub)

        return self._read(FEEDS, read)

    @property
    def waiting(self) -> str:
        """How many feeds are off for want of an RSSHub, and the remedy; "" for none."""
        waiting = sum(feed.lacks == "rsshub" for feed in self.feeds)
        if not waiting:
            return ""
        wait = "waits" if waiting == 1 else "wait"
        remedy = 'write rsshub = "http://host:1200" in sinowire.toml'
        return f"{counted(waiting, 'feed')} {wait} for an RSSHub of your own: {remedy}"

    @cached_property
    def beat(self) -> Beat:
        """The beat of the home."""
        return load_beat(self.settings.beat, self.settings.home)

    @cached_property
    def watchlist(self) -> Watchlist:
        """The watchlist; it may extend the shipped one."""
        text, beat = self.text(WATCHLIST), self.beat
        if self.is_bare:
            return self.watchlist_of(text)
        return remembered(
            self.settings.data,
            (text, beat.texts[WATCHLIST], beat.rules, beat.beat_id),
            lambda: self.watchlist_of(text),
        )

    @cached_property
    def writing(self) -> BriefRules:
        """What briefs and pages are written by."""
        return _writing(self.beat, self.watchlist, self.settings)

    def watchlist_of(self, text: str) -> Watchlist:
        """Return the watchlist of *text* in this home."""
        from transforms.names.rules.file import parse_watchlist  # noqa: PLC0415  it is kept

        beat = self.beat
        below = beat.texts[WATCHLIST]
        if beat.own:
            read = beat_watchlist(beat, default=below)
        if not beat.own or text != below:
            read = parse_watchlist(text, default=below, rules=beat.rules)
            beat.check_themes(read)
        if beat.beat_id == DEFAULT_BEAT:
            return read
        # So findings of two beats never pass for each other's, and hosts of a lake neither.
        return replace(read, rules_version=f"{beat.beat_id} {read.rules_version}")

    @cached_property
    def own_aliases(self) -> frozenset[Alias]:
        """The aliases of the home's own file that the shipped one lacks."""
        if self._own(WATCHLIST) is None:
            return frozenset()
        from transforms.names.edit.floods import new_aliases  # noqa: PLC0415

        shipped = beat_watchlist(self.beat, default=self.beat.texts[WATCHLIST])
        return new_aliases(self.watchlist, shipped)

    @cached_property
    def reader(self) -> EntryReader:
        """The reader of entries; a parser's process gets a copy."""
        # Who only looks at files reads no entry.
        from transforms.articles.reader import EntryReader  # noqa: PLC0415

        return EntryReader(
            self.watchlist,
            self.beat,
            lambda: bool(self.looks_always),
            partial(compiled, self.settings.data),
        )

    @cached_property
    def looks_always(self) -> str:
        """What has topics and events looked for in every article; "" if nothing does."""
        if self.settings.topics_off_beat:
            return "`topics_off_beat`"
        if rule_id := self.alerts.off_beat:
            return f"rule {rule_id}"
        asking = (key for key, s in self.searches.items() if reads_off_beat(s.query))
        return next((f"search {key}" for key in asking), "")

    @property
    def rules_version(self) -> str:
        """The version of the rules for findings: watchlist and early rejection."""
        version = self.watchlist.rules_version
        return version if self.looks_always else f"{version}{EARLY}"

    @property
    def tagger(self) -> Tagger:
        """The tagger of the watchlist."""
        return self.reader.tagger

    @cached_property
    def reaches(self) -> Reaches:
        """What each rule may affect, by its digest, and the lists of all articles."""
        # A run in which nothing is new compiles no rules.
        from transforms.names.reach import reaches_of  # noqa: PLC0415

        beat, texts = self.beat, self.beat.reading_texts
        lists = {
            "the code that reads articles": code_of_readers(),
            "the beat": beat.beat_id,
            **{name: text for name, text in texts.items() if name not in WORD_LISTS},
            "the reporting zone": self.settings.reporting_zone,
            "which articles topics are looked for in": str(bool(self.looks_always)),
        }
        words = {name: texts[name] for name in WORD_LISTS}
        return reaches_of(self.tagger, lists=lists, words=words)

    @cached_property
    def searches(self) -> Mapping[str, NamedSearch]:
        """The searches of ``searches.toml`` by id, none without that file."""
        text = self._own(SEARCHES)
        if text is None:
            return {}
        return parse_searches(text, self._search_names)

    @cached_property
    def alerts(self) -> AlertRules:
        """The rules and channels of ``alerts.toml``."""
        return self._read(ALERTS, self.alerts_of)

    def alerts_of(self, text: str, source: str = ALERTS) -> AlertRules:
        """Return the rules and channels of *text* in this home."""
        # What opens channels takes a while to load, and few commands read alerts.
        from flows.channels import ALL_CHANNELS  # noqa: PLC0415
        from transforms.alerts import parse_alerts  # noqa: PLC0415

        return parse_alerts(
            text,
            source=source,
            channel_types=ALL_CHANNELS,
            watchlist=self.watchlist,
            feeds=self.feeds,
            default=self.beat.texts[ALERTS],
            env=self.env,
            searches={key: each.query for key, each in self.searches.items()},
            names={"sections": _sections, "things": lambda: self.beat.measures.things},
        )

    def check(self) -> Config:
        """Read all files now, so that an error stops the run before any fetch.

        Raises:
            ConfigError: A file is wrong; names file, line and remedy.
        """
        # What is shipped is right, and takes a tenth of a second that a quiet pass saves.
        if self.beat.changed:
            self.beat.check()
        _ = self.feeds, self.watchlist, self.searches, self.alerts
        return self

    def text(self, name: str) -> str:
        """Return the home's own file of that name, or else the beat's file.

        Raises:
            ConfigError: It is there, and cannot be read as UTF-8 text.
        """
        own = self._own(name)
        return self.beat.texts[name] if own is None else own

    def _own(self, name: str) -> str | None:
        return None if self.is_bare else read_file(self.settings.home / name)

    def _read(self, name: str, read: Callable[[str, str], T]) -> T:
        """Return what *read* makes of a file; what is wrong is told of whose it is."""
        beat = self.beat
        if name not in beat.own or self._own(name) is not None:
            return read(self.text(name), name)
        try:
            return read(beat.texts[name], f"{beat.source}/{name}")
        except ConfigError as exc:
            if beat.texts[name] == beat.own[name]:
                raise
            # It was laid over another one: a line of both is one of neither.
            raise ConfigError(exc.source, exc.problem, exc.remedy) from exc

    def _search_names(self) -> SearchNames:
        rows = self.watchlist
        return make_names(rows.company_rows(), rows.alias_rows(), rows.topic_rows())


def _sections() -> Collection[str]:
    # Few briefs are held to some; the sections are slow to import.
    from transforms.brief.sections import SECTION_KEYS  # noqa: PLC0415

    return SECTION_KEYS


def beat_watchlist(beat: Beat, default: str | None = None) -> Watchlist:
    """Return the watchlist that a home of *beat* begins with.

    Raises:
        ConfigError: It is wrong; names the file of the beat, and the line in it.
    """
    from transforms.names.rules.file import parse_watchlist  # noqa: PLC0415  it is kept

    source = f"{beat.source}/{WATCHLIST}"
    own = beat.own.get(WATCHLIST, "") if beat.own else None
    read = parse_watchlist(
        beat.texts[WATCHLIST], source=source, default=default, rules=beat.rules, own=own
    )
    beat.check_themes(read, source)
    return read


def load_config(settings: Settings) -> Config:
    """Return the configuration of the settings' home; files are read later."""
    return Config(settings=settings, env=os.environ)


def shipped_writing(settings: Settings) -> BriefRules:
    """Return what briefs are written by in a home without files of its own."""
    from transforms.names.rules.file import parse_watchlist  # noqa: PLC0415  it is kept

    beat = load_beat()
    return _writing(beat, parse_watchlist(beat.texts[WATCHLIST]), settings)


def _writing(beat: Beat, watchlist: Watchlist, settings: Settings) -> BriefRules:
    # Most commands write no brief.
    from transforms.brief.ranking.leads import ranking_of  # noqa: PLC0415
    from transforms.brief.rules import BriefRules  # noqa: PLC0415

    return BriefRules(
        names={language: beat.name(language) for language in LANGUAGES},
        themes=beat.themes,
        ranking=ranking_of(beat.ranking, watchlist),
        states=beat.states,
        side=beat.side,
        in_chinese=beat.is_in_chinese,
        patience=settings.patience,
        false_alarms=settings.false_alarms_a_week,
    )
