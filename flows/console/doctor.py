"""``sinowire doctor``; it loads little, since it may run every few minutes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.console import arguments, output
from flows.console.output import CommandContext, Format, FormatOption
from flows.steps.upkeep.doctor import examine


def doctor(
    ctx: CommandContext,
    max_age: Annotated[
        str | None,
        typer.Option(
            metavar="SPAN",
            help="Fail if the last run, or that of a shard, ended before: 90 (minutes), "
            "30m, 2h, 1d ago.",
        ),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Open the warehouse, and read no table whole."),
    ] = False,
    shape: FormatOption = Format.table,
) -> None:
    """Check files, warehouse, feeds, alerts and disk space.

    It reads the whole warehouse to find disk damage: with gigabytes that takes seconds.
    Use --quick for health checks every few minutes.
    """
    limit = arguments.span(max_age, "--max-age")
    now = datetime.now(UTC)
    findings = examine(ctx.obj.settings, now=now, max_age=limit, is_quick=quick)
    output.rows(map(asdict, findings), shape)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)
