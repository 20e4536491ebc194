"""Companies and people of a watchlist: ``[company.<id>]`` and ``[person.<id>]``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

from transforms.config import ConfigTable, ConfigText
from transforms.names.rules.backtracking import backtracking
from transforms.names.rules.patterns import compile_pattern, expand
from transforms.names.rules.watchlist import Alias, Company, Home, Parent, Person
from transforms.text.fold import fold

_KINDS = (
    "company",
    "brand",
    "foreign_company",
    "regulator",
    "gov",
    "org",
    "exchange",
    "investor",
)
_ALIAS_KEYS = (
    "text",
    "case",
    "default",
    "context",
    "not",
    "co_alias",
    "shared",
    "common",
    "examples",
    "sense",
)
_DEFAULTS: tuple[Literal["accept", "reject"], ...] = ("accept", "reject")
_COMPANY_KEYS = (
    "name",
    "zh",
    "kind",
    "sector",
    "parent",
    "tickers",
    "wikidata",
    "country",
    "large",
    "aliases",
)
# Of these a peer abroad says so; all others are at home unless they say otherwise.
_ABROAD = "foreign_company"
_HOME = "CN"
# The longest shipped pattern has 7,900 characters.
_LONGEST_PATTERN = 10_000
# So much of a pattern tells which one it is.
_LONGEST_SAID = 200
_CODE = 2


def read_home(config: ConfigText, below: Home) -> Home:
    """Return which companies are at home, by ``[home]``; without it those of *below*."""
    if "home" not in config.data:
        return below
    if not isinstance(config.data["home"], dict):
        raise config.error(("home",), "is no table", "write [home]")
    table = ConfigTable(config, ("home",), config.data["home"])
    keys = ("countries", "abroad", "sectors", "companies")
    table.only(*keys)
    return Home(**{key: table.strings(key) for key in keys})


def read_company(company_id: str, table: ConfigTable, macros: Mapping[str, str]) -> Company:
    """Return the company of a ``[company.<id>]``."""
    table.only(*_COMPANY_KEYS)
    return Company(
        company_id=company_id,
        name=table.required("name"),
        name_zh=table.string("zh"),
        kind=table.choice("kind", _KINDS, "company"),
        sector=table.string("sector"),
        parents=tuple(_parents(table)),
        tickers=table.strings("tickers"),
        wikidata=table.string("wikidata"),
        country=_country(table),
        large=table.flag("large"),
        aliases=tuple(_aliases(company_id, table, macros)),
    )


def _country(table: ConfigTable) -> str:
    """Return the ISO 3166 code; a foreign company that names none is simply abroad."""
    default = "" if table.string("kind") == _ABROAD else _HOME
    country = table.string("country") or default
    if country and not (len(country) == _CODE and country.isascii() and country.isupper()):
        raise table.error("country", f"is {country!r}", 'write two letters: "CN", "US"')
    return country


def read_person(person_id: str, table: ConfigTable) -> Person:
    """Return the person of a ``[person.<id>]``."""
    table.only("name", "zh", "company", "role", "aliases", "from", "until", "common")
    return Person(
        person_id=person_id,
        name=table.required("name"),
        name_zh=table.string("zh"),
        company_id=table.string("company"),
        role=table.string("role"),
        aliases=table.strings("aliases"),
        since=_day(table, "from"),
        until=_day(table, "until"),
        common=table.flag("common"),
    )


def _parents(table: ConfigTable) -> Iterator[Parent]:
    value = table.values.get("parent", [])
    for link in value if isinstance(value, list) else [value]:
        if isinstance(link, str):
            yield Parent(company_id=link)
        elif isinstance(link, dict):
            yield _dated_parent(ConfigTable(table.config, (*table.path, "parent"), link))
        else:
            raise table.error(
                "parent",
                f"is {link!r}",
                'write the id, or { id = "…", until = 2020-12-31 }',
            )


def _dated_parent(table: ConfigTable) -> Parent:
    table.only("id", "from", "until")
    return Parent(
        company_id=table.required("id"),
        since=_day(table, "from"),
        until=_day(table, "until"),
    )


def _day(table: ConfigTable, key: str) -> date | None:
    value = table.values.get(key)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise table.error(key, f"is {value!r}", "write a day, 2020-12-31, without quotes")


def _aliases(
    company_id: str, table: ConfigTable, macros: Mapping[str, str]
) -> Iterator[Alias]:
    """Yield the aliases, then the names that no alias speaks for, then the tickers."""
    entries = table.values.get("aliases", [])
    if not isinstance(entries, list):
        raise table.error("aliases", "is not a list", 'write aliases = ["…", "…"]')
    ruled = set()
    for entry in entries:
        alias = _alias(company_id, table, entry, macros)
        ruled.add(fold(alias.text).text.lower())
        yield alias
    for name in dict.fromkeys((table.string("name"), table.string("zh"))):
        if name and fold(name).text.lower() not in ruled:
            yield Alias(company_id=company_id, text=name, kind="name")
    for ticker in table.strings("tickers"):
        yield Alias(company_id=company_id, text=ticker, kind="ticker", exact=True)


def _alias(
    company_id: str, company: ConfigTable, entry: Any, macros: Mapping[str, str]
) -> Alias:
    values = {"text": entry} if isinstance(entry, str) else entry
    if not isinstance(values, dict):
        raise company.error("aliases", f"holds {entry!r}", "write a text or a table")
    table = ConfigTable(company.config, (*company.path, "aliases"), values)
    table.only(*_ALIAS_KEYS)
    text = table.required("text")
    if not fold(text).text.strip():
        raise company.error("aliases", f"holds {text!r}, which is invisible", "remove it")
    return Alias(
        company_id=company_id,
        text=text,
        exact=table.choice("case", ("exact", "any"), "any") == "exact",
        default=table.choice("default", _DEFAULTS, "accept"),
        context=patterns_at(table, "context", macros),
        excludes=patterns_at(table, "not", macros),
        co_alias=table.flag("co_alias"),
        shared=table.flag("shared"),
        common=table.flag("common"),
        examples=table.strings("examples"),
        sense=table.string("sense"),
    )


def patterns_at(table: ConfigTable, key: str, macros: Mapping[str, str]) -> tuple[str, ...]:
    """Return the patterns at *key*, checked by :func:`check_pattern`.

    Raises:
        ConfigError: A pattern is refused.
    """
    sources = table.strings(key)
    for source in sources:
        check_pattern(table, key, expand(source, macros))
    return sources


def check_pattern(table: ConfigTable, key: str, source: str) -> None:
    """Refuse an invalid pattern, and one that a headline could keep busy.

    Raises:
        ConfigError: One of these; the message says at which character, or why.
    """
    if table.config.is_shipped:
        return  # a test compiles them all, which takes as long as reading all the rest
    if len(source) > _LONGEST_PATTERN:
        problem = f"has a pattern of {len(source)} characters"
        remedy = f"write several of up to {_LONGEST_PATTERN}"
        raise table.error(key, problem, remedy)
    said = f"pattern {source[:_LONGEST_SAID]!r}"
    try:
        refused = backtracking(compile_pattern(source).pattern)
    except (re.error, OverflowError, RecursionError) as exc:
        why = (
            str(exc) if isinstance(exc, re.error) else "its groups or numbers are too many"
        )
        raise table.error(
            key, f"{said} is not valid: {why}", "correct the regular expression"
        ) from exc
    if refused:
        raise table.error(key, f"{said} {refused.why}", refused.remedy)
