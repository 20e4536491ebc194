"""``sinowire teach``: weights learnt from verdicts, their effect, and their application."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.console import arguments, output
from flows.console.output import CommandContext, Format, FormatOption, note
from flows.console.verdicts import ByOption, user
from flows.steps.teaching import apply_teaching, learn, undo_teaching
from transforms.teach.report import lines_of, rows_of

_RETAG = "what is stored follows with: sinowire retag"


def teach(
    ctx: CommandContext,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Only learn from verdicts since this day."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply the parts that help.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Undo what was applied last.")
    ] = False,
    by: ByOption = "",
    shape: FormatOption = Format.table,
) -> None:
    """Learn from verdicts: what is on the beat, what is one event, which alerts to mute.

    Prints precision by rule, outlet and event type, the accuracy on held-out verdicts
    before and after, and what would change in the last 30 days. Nothing changes without
    --apply, which applies the parts that help; with too few verdicts it refuses.
    """
    if undo:
        if apply or since:
            raise output.RequestError("--undo takes no --apply or --since; leave them out")
        number = undo_teaching(ctx.obj.config, by=by or user(), report=note)
        typer.echo(f"teaching {number} taken back; {_RETAG}")
        return
    first = arguments.day(since, "--since")
    zone = ctx.obj.settings.reporting_zone
    start = arguments.start_of(first, zone) if first else None
    config = ctx.obj.config.check()
    with ctx.obj.published() as con:
        teaching = learn(con, config, since=start, progress=output.progress())
    if shape is Format.table:
        for line in lines_of(teaching):
            output.say(line)
    else:
        output.rows(rows_of(teaching), shape)
    if apply:
        number = apply_teaching(config, teaching, by=by or user(), report=note)
        note(f"teaching {number} applied; {_RETAG}")
        note("to take it back: sinowire teach --undo")
