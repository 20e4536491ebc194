"""``sinowire watchlist reject``: a person says that a match is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.console import output
from flows.console.articles import article_of
from flows.console.output import Console, Format, FormatOption, note, say
from flows.steps.rejections import FILE, Rejected, hits_in
from flows.steps.rejections import reject as teach
from transforms.names.edit.exclusions import WrongHit
from warehouse.news import mention_windows as mention_store
from warehouse.queries import Row

NEXT = "next: sinowire watchlist check; sinowire retag --dry-run"


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(reject)


def reject(
    ctx: typer.Context,
    article_id: Annotated[
        str, typer.Argument(metavar="ARTICLE_ID", help="The article that was matched.")
    ],
    company_id: Annotated[
        str, typer.Argument(metavar="COMPANY_ID", help="The company that it does not name.")
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Also write the proposed exclusion.")
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Report a wrong match: keep it as a negative example, and propose an exclusion.

    Of this article only: `sinowire verdicts add ARTICLE_ID not-about COMPANY_ID`. This
    changes the rule for all, in the home's watchlist.toml, to which one alias is added; a
    new one extends the shipped one. Stored mentions stay until `sinowire retag`.
    """
    console: Console = ctx.obj
    learned, still = change_rule(console, article_id, company_id, apply=apply)
    if shape is Format.table:
        only = f"sinowire verdicts add {article_id} not-about {company_id}"
        say(f"this article only: {only}")
        for one in learned:
            tell_learned(one, applied=apply)
    else:
        output.rows(map(asdict, learned), shape)
    note(f"wrote {console.settings.home / FILE}")
    if apply and still:
        note("the article still names the company: exclude more by hand")
    note(NEXT)


def change_rule(
    console: Console, article_id: str, company_id: str, *, apply: bool
) -> tuple[list[Rejected], bool]:
    """Teach the home's watchlist that an article does not name a company.

    Returns what was learned, and whether the article names it even so.
    """
    with console.published() as con:
        words = mention_store.words_of(con, article_of(con, article_id))
        hits = _hits(console, article_id, company_id, words)
        return teach(con, console.config, hits, apply=apply, report=note)


def _hits(console: Console, article_id: str, company_id: str, words: Row) -> list[WrongHit]:
    if company_id not in words["companies"]:
        named = ", ".join(sorted(words["companies"])) or "no company"
        raise output.RequestError(
            f"article {article_id!r} does not mention {company_id!r}; it names {named}"
        )
    hits = hits_in(console.config, words, company_id)
    if not hits:
        raise output.WorkError(
            f"today's watchlist finds no {company_id!r} there any more; run: sinowire retag"
        )
    tickers = [hit.alias.text for hit in hits if hit.alias.kind == "ticker"]
    if tickers:
        raise output.WorkError(
            f"{tickers[0]} is a ticker of {company_id!r} and knows no exceptions; "
            f"take it out of tickers in {FILE}"
        )
    return hits


def tell_learned(one: Rejected, *, applied: bool) -> None:
    """Print what one alias learned, and which stored mentions go and stay."""
    say(f"alias      {one.alias} (in the {one.field})")
    say(f"example    not: {one.sentence}")
    if not one.exclusion:
        say("exclusion  none: the words beside it also stand beside true matches")
        return
    state = "added" if applied else "proposed; --apply adds it"
    say(f"exclusion  not = '{one.exclusion}' ({state})")
    say(f"effect     {one.removed} of {one.matches} stored mentions would go, such as")
    for title in one.examples:
        say(f"           {title}")
    if one.kept_examples:
        say(f"           {one.matches - one.removed} would stay, such as")
    for title in one.kept_examples:
        say(f"           {title}")
