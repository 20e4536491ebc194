"""Refuse an alias of the home's own that would flood everybody, before it does."""

from __future__ import annotations

import duckdb

from flows.home import Config, read_text
from transforms.config import ConfigError, ConfigText
from transforms.names.edit.floods import Day, Flood, floods
from warehouse.news import mention_windows as mention_store

FILE = "watchlist.toml"
DAYS = 7
# Of a day; a sample of 1,500 tells 20 % within 2.
TEXTS = 1_500


def refuse_floods(con: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Estimate on the last days of history what each alias of the home would match.

    Takes a second; so it is for when the watchlist has changed.

    Raises:
        ConfigError: One matches too much; names file, line, alias, estimate, remedy.
    """
    days = [Day(**row) for row in mention_store.sample_days(con, days=DAYS, texts=TEXTS)]
    if not days or not config.own_aliases:
        return
    if found := floods(config.tagger, config.own_aliases, days):
        raise _refusal(found, ConfigText(read_text(config.settings.home, FILE), FILE))


def _refusal(found: list[Flood], config: ConfigText) -> ConfigError:
    worst, *others = found
    alias = worst.alias
    more = f" (and {len(others)} more like it)" if others else ""
    return ConfigError(
        config.source,
        f"[company.{alias.company_id}] {worst.sentence}{more}",
        'give it context and default = "reject", or case = "exact", or remove it; '
        f'if you mean it, write {{ text = "{alias.text}", common = true }}',
        line=config.line_of(alias.text, "company", alias.company_id),
    )
