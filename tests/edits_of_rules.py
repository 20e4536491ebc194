"""Random edits of a watchlist, and all that a retag by it leaves stored."""

from __future__ import annotations

import re
from dataclasses import replace

from either_kind import writer

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.summary import clock_at
from flows.steps.trends import refresh_trends
from flows.steps.upkeep.retag import finish_retag, retag
from transforms.dates.parse import EARLIEST
from transforms.names.rules.file import _version
from transforms.names.rules.watchlist import Alias, Person

WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2,3}")
# What a run is called, by which rules an article was found the same, and when.
LEFT_OUT = {"run_id", "rules_version", "merged_at", "split_at", "computed_at", "shared_at"}
TABLES = (
    *("articles", "mentions", "tags", "headline_facts", "coverage", "stories"),
    *("story_days", "story_affairs", "story_splits", "story_merges", "alerts"),
    *("alert_parts", "feed_arrivals", "companies", "aliases", "topics"),
    *("bursts", "emerging_terms", "level_shifts"),
)


def stored(home):
    """Return each table's rows, whatever run or rules they are of."""
    with writer(home) as con:
        rows = {}
        for table in TABLES:
            columns = [c[0] for c in con.execute(f"describe {table}").fetchall()]
            kept = ", ".join(f'"{c}"' for c in columns if c not in LEFT_OUT)
            asked = f"select {kept} from {table} order by all"
            rows[table] = con.execute(asked).fetchall()
        return rows


def config_of(home, watchlist=None):
    """Return a home's configuration, with another watchlist where it is given."""
    config = load_config(load_settings(home)).check()
    if watchlist is not None:
        config.__dict__["watchlist"] = watchlist
    return config


def retagged(config, now, *, everything, progress=str):
    """Retag, and compute the statistics; *progress* hears what it does."""
    made = retag(
        config, dry_run=False, report=str, progress=progress, everything=everything
    )
    clock = clock_at(now)
    refresh_trends(config.settings, clock, report=str, since=EARLIEST, days=made.days)
    finish_retag(config, str)
    return made


def edited(dice, watchlist, beat, titles, named, *, kinds=()):
    """Return a watchlist with one edit, of these kinds, and what that is."""
    edit = dice.choice([e for e in EDITS if not kinds or e.__name__[1:] in kinds])
    made = edit(dice, watchlist, WORD.findall(" ".join(dice.choices(titles, k=20))), named)
    made = replace(made, rules_version="")
    return replace(made, rules_version=_version(made, beat.rules)), edit.__name__


def _company(dice, watchlist, named, changed):
    key = dice.choice(named)
    companies = tuple(
        changed(company) if company.company_id == key else company
        for company in watchlist.companies
    )
    return replace(watchlist, companies=companies)


def _an_alias_more(dice, watchlist, words, named):
    def more(company):
        texts = {dice.choice(words), " ".join(dice.choices(words, k=2))}
        known = {alias.text for alias in watchlist.aliases}
        aliases = (
            Alias(company_id=company.company_id, text=text) for text in texts - known
        )
        return replace(company, aliases=(*company.aliases, *aliases))

    return _company(dice, watchlist, named, more)


def _an_alias_less(dice, watchlist, words, named):
    def less(company):
        aliases = [*company.aliases]
        aliases.pop(dice.randrange(len(aliases)))
        return replace(company, aliases=tuple(aliases or company.aliases))

    return _company(dice, watchlist, named, less)


def _an_alias_not_with(dice, watchlist, words, named):
    def told(company):
        word = dice.choice(words)
        aliases = (replace(a, excludes=(*a.excludes, word)) for a in company.aliases)
        return replace(company, aliases=tuple(aliases))

    return _company(dice, watchlist, named, told)


def _another_sector(dice, watchlist, words, named):
    sectors = sorted({c.sector for c in watchlist.companies})
    return _company(
        dice, watchlist, named, lambda c: replace(c, sector=dice.choice(sectors))
    )


def _elsewhere(dice, watchlist, words, named):
    return _company(
        dice, watchlist, named, lambda c: replace(c, is_home=not c.is_home, country="US")
    )


def _a_company_less(dice, watchlist, words, named):
    gone = {dice.choice(named)}
    kept = tuple(c for c in watchlist.companies if c.company_id not in gone)
    companies = tuple(
        replace(c, parents=tuple(p for p in c.parents if p.company_id not in gone))
        for c in kept
    )
    people = tuple(p for p in watchlist.people if p.company_id not in gone)
    priors = {k: v for k, v in watchlist.priors.items() if k not in gone}
    return replace(watchlist, companies=companies, people=people, priors=priors)


def _a_person_more(dice, watchlist, words, named):
    name = " ".join(dice.choices(words, k=2))
    person = Person(person_id=f"p{dice.random()}", name=name, company_id=dice.choice(named))
    return replace(watchlist, people=(*watchlist.people, person))


def _topic(dice, watchlist, changed):
    at = dice.randrange(len(watchlist.topics))
    topics = [*watchlist.topics]
    topics[at] = changed(topics[at])
    return replace(watchlist, topics=tuple(topics))


def _a_word_more(dice, watchlist, words, named):
    return _topic(
        dice, watchlist, lambda t: replace(t, terms=(*t.terms, dice.choice(words)))
    )


def _a_word_less(dice, watchlist, words, named):
    return _topic(dice, watchlist, lambda t: replace(t, terms=t.terms[1:]))


def _a_word_against(dice, watchlist, words, named):
    return _topic(
        dice, watchlist, lambda t: replace(t, excludes=(*t.excludes, dice.choice(words)))
    )


def _another_threshold(dice, watchlist, words, named):
    return _topic(
        dice, watchlist, lambda t: replace(t, threshold=dice.choice((0.5, 1.5, 2.5)))
    )


def _other_boards(dice, watchlist, words, named):
    return _topic(
        dice, watchlist, lambda t: replace(t, boards=() if t.boards else ("policy",))
    )


def _a_credit_line(dice, watchlist, words, named):
    return replace(watchlist, credit_lines=(*watchlist.credit_lines, dice.choice(words)))


EDITS = (
    *(_an_alias_more, _an_alias_less, _an_alias_not_with, _another_sector, _elsewhere),
    *(_a_company_less, _a_person_more, _a_word_more, _a_word_less, _a_word_against),
    *(_another_threshold, _other_boards, _a_credit_line),
)
