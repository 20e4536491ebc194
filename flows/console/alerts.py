"""``sinowire alerts``: rules, alerts and their deliveries, with the reason of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from connectors.sinks import opened
from flows.console import arguments, output
from flows.console.ask import BriefFormat
from flows.console.output import (
    CommandContext,
    Console,
    Format,
    FormatOption,
    note,
    show_entry,
)
from flows.steps.backtest import backtest as run_backtest
from flows.steps.delivery import LEASE, outcomes
from flows.steps.delivery import deliver as deliver_due
from flows.steps.parcels import sink_context
from flows.steps.summary import clock_at, warn
from flows.steps.trends import watch
from flows.steps.warehouse import open_writer, publish
from transforms.alerts.messages.schedule import MOST_ATTEMPTS
from transforms.config import ConfigError, did_you_mean
from transforms.models import Alert, Notice, Parcel
from transforms.text.lengths import counted
from warehouse.alerting import alerts as alert_store
from warehouse.alerting import outbox
from warehouse.file.connect import transaction
from warehouse.news import verdicts as verdict_store

app = typer.Typer(help="Alerts: list, deliver, explain, try.", no_args_is_help=True)


class State(StrEnum):
    """State of an alert's delivery."""

    pending = "pending"
    delivered = "delivered"
    parked = "parked"
    suppressed = "suppressed"


@app.command()
def show(
    ctx: typer.Context,
    entry: Annotated[
        str,
        typer.Argument(metavar="ID", help="Id of a rule, group or channel, or rule.ID."),
    ],
) -> None:
    """Print a rule, group or channel as it is written: yours, else the beat's."""
    show_entry(ctx.obj, "alerts.toml", entry)


@app.command(name="list")
def list_alerts(
    ctx: CommandContext,
    limit: Annotated[int, typer.Option(min=1, help="Print at most this many rows.")] = 20,
    state: Annotated[
        State | None,
        typer.Option(help="Only alerts in this state; parked: with the channel's answer."),
    ] = None,
    rule: Annotated[
        str | None, typer.Option(metavar="ID", help="Only alerts of this rule.")
    ] = None,
    company: Annotated[
        str | None, typer.Option(metavar="ID", help="Only alerts that name this company.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only alerts since this day.")
    ] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Print the newest alerts and their delivery state."""
    first = arguments.day(since, "--since")
    start = arguments.start_of(first, ctx.obj.settings.reporting_zone) if first else None
    _tell_lacking(ctx.obj)
    with ctx.obj.published() as con:
        if state is State.parked:
            if rule or company or start:
                raise output.RequestError(
                    "--state parked takes no --rule, --company or --since; leave them out"
                )
            output.rows(outbox.parked(con, limit=limit), shape)
        else:
            alerts = alert_store.list_alerts(
                con,
                limit=limit,
                state=state,
                rule_id=rule,
                company_id=company,
                since=start,
            )
            output.rows(map(_brief, alerts) if shape is Format.table else alerts, shape)


def _tell_lacking(console: Console) -> None:
    try:
        warn(console.config.alerts.lacking.values(), note)
    except ConfigError as exc:
        # What was decided can be read all the same.
        note(f"warning: {exc}")


def _brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of an alert that fit a screen; other formats print all."""
    what = row["step"] or row["phase"]
    return {
        "created_at": row["created_at"],
        "alert_id": row["alert_id"],
        "rule_id": row["rule_id"],
        "about": ", ".join(row["companies"]) or row["topic_id"] or row["feed_id"],
        "state": row["state"],
        "phase": f"updates {row['updates_alert_id'][:6]}: {what}"
        if row["updates_alert_id"]
        else what,
        "title": row["title"],
    }


@app.command()
def deliver(ctx: CommandContext) -> None:
    """Send every pending alert now, even after failures; digests keep their time."""
    config, clock = ctx.obj.config.check(), clock_at(None)
    warn(config.alerts.lacking.values(), note)
    watch(config, clock, report=note)
    attempts = deliver_due(config, clock, force=True, report=note)
    publish(ctx.obj.settings)
    with ctx.obj.published() as con:
        held = outbox.held(con)
        taken = outbox.in_hand(con, clock(), lease=LEASE)
    counts = outcomes(attempts)
    words = [f"{n} {name}" for name, n in sorted(counts.items())]
    words += [_held(row) for row in held]
    words += [_in_hand(row) for row in taken]
    typer.echo(", ".join(words) or "nothing is pending")
    for error, count in Counter(attempt.error for attempt in attempts).items():
        if error:
            note(f"{count} x {error}")
    if counts and not counts["delivered"]:
        raise typer.Exit(1)


def _held(row: Mapping[str, Any]) -> str:
    until = f"{row['until'].astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{row['messages']} held for {row['channel_id']} ({row['held']}) until {until}"


def _in_hand(row: Mapping[str, Any]) -> str:
    # Rounded up to the minute, so that no retry comes seconds too early.
    until = row["until"].astimezone(UTC) + timedelta(seconds=59, microseconds=999_999)
    return f"{row['messages']} being delivered by another process until {until:%H:%M} UTC"


@app.command()
def retry(
    ctx: CommandContext,
    alert_ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ALERT_ID", help="Alerts to send; default: all parked ones."
        ),
    ] = None,
    channel: Annotated[
        str | None, typer.Option(metavar="ID", help="Only alerts that this channel parked.")
    ] = None,
) -> None:
    """Send parked alerts again."""
    config = ctx.obj.config.check()
    with open_writer(config.settings, "alerts retry", note) as con, transaction(con):
        count = outbox.retry(
            con,
            datetime.now(UTC),
            most_attempts=MOST_ATTEMPTS,
            alert_ids=alert_ids or None,
            channel_id=channel,
        )
    if not count and (alert_ids or channel):
        raise output.RequestError(
            "no such alert is parked; see: sinowire alerts list --state parked"
        )
    note(f"{counted(count, 'parked message')} to be sent again")
    deliver(ctx)


@app.command()
def test(
    ctx: CommandContext,
    channel: Annotated[
        str, typer.Argument(metavar="CHANNEL", help="The channel's id in alerts.toml.")
    ],
) -> None:
    """Send one message, labelled a test, to a channel of alerts.toml."""
    known = ctx.obj.config.check().alerts.channels
    if channel not in known:
        raise output.RequestError(
            f"alerts.toml has no channel {channel!r}; it has {', '.join(sorted(known))}"
        )
    with opened(known[channel], sink_context(ctx.obj.settings)) as send:
        send(_test_parcel(channel, datetime.now(UTC)))
    typer.echo(f"{channel}: the test message was accepted")


@app.command()
def explain(
    ctx: CommandContext,
    alert_id: Annotated[
        str, typer.Argument(metavar="ALERT_ID", help="From `alerts list`.")
    ],
) -> None:
    """Explain an alert: its cause, companies, updates and delivery attempts.

    Verdicts on it and on its article are shown too.
    """
    with ctx.obj.published() as con:
        parts = alert_store.explain(con, alert_id)
        ids = [
            alert_id,
            *(row["article_id"] for row in parts["alert"] if row["article_id"]),
        ]
        parts["verdicts"] = verdict_store.of_subjects(con, ids)
    if not parts["alert"]:
        raise output.RequestError(f"no alert {alert_id!r}; see: sinowire alerts list")
    for name, rows in parts.items():
        if rows:
            typer.echo(f"{name.replace('_', ' ')}")
            output.rows(_upright(rows[0]) if name == "alert" else rows, Format.table)
            typer.echo("")


def _upright(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row as a table, one line per column with a value."""
    held = {key: value for key, value in row.items() if value not in (None, "", [])}
    return [{"column": key, "value": value} for key, value in held.items()]


@app.command()
def preview(
    ctx: CommandContext,
    brief_id: Annotated[str, typer.Argument(metavar="ID", help="A [brief.ID].")],
    shape: Annotated[
        BriefFormat, typer.Option("--format", help="Markdown, HTML, mail or JSON.")
    ] = BriefFormat.markdown,
) -> None:
    """Print a scheduled brief of alerts.toml as it would be now; nothing is sent."""
    from flows.steps.brief import make_brief  # noqa: PLC0415  slow
    from flows.steps.editions import posted  # noqa: PLC0415  slow
    from transforms.brief import render  # noqa: PLC0415  slow

    known = {brief.brief_id: brief for brief in ctx.obj.config.alerts.briefs}
    if brief_id not in known:
        near = did_you_mean(brief_id, known) or f"there are {', '.join(known) or 'none'}"
        raise output.RequestError(f"no brief {brief_id!r}; {near}")
    brief = known[brief_id]
    made = make_brief(
        ctx.obj.config,
        now=datetime.now(UTC),
        period=brief.period,
        language=brief.language,
        searches=[ctx.obj.config.searches[search_id] for search_id in brief.searches],
        only=brief.only,
    )
    if shape is BriefFormat.mail:
        made = posted(ctx.obj.config.settings, brief, made)
    typer.echo(render.FORMATS[shape.value](made))


@app.command()
def backtest(
    ctx: CommandContext,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day; default: 2 weeks ago.")
    ] = None,
    rule: Annotated[str | None, typer.Option(metavar="ID", help="This rule alone.")] = None,
    shape: FormatOption = Format.table,
) -> None:
    """Run today's rules over the history: what would have fired, by day and rule."""
    zone = ctx.obj.settings.reporting_zone
    first = arguments.day(since, "--since")
    start = (
        arguments.start_of(first, zone) if first else datetime.now(UTC) - timedelta(days=14)
    )
    config = ctx.obj.config.check()
    if rule is not None and rule not in (known := config.alerts.by_id):
        near = did_you_mean(rule, known) or f"there are {', '.join(known)}"
        raise output.RequestError(f"no rule {rule!r}; {near}")
    progress = output.progress()
    with ctx.obj.published() as con:
        rows, articles = run_backtest(
            con, config, since=start, rule_id=rule, progress=progress
        )
    progress("")
    output.rows(rows, shape)
    if not rows:
        days = counted((datetime.now(UTC) - start).days, "day")
        note(f"no alert in {days} of {counted(articles, 'article')}")


def _test_parcel(channel: str, now: datetime) -> Parcel:
    alert = Alert(
        alert_id=f"test-{now:%Y%m%dT%H%M%S}",
        rule_id="test",
        kind="mention",
        company_id=None,
        topic_id=None,
        story_id=None,
        article_id=None,
        title="This is a test of a sinowire channel; nothing happened.",
        url="",
        created_at=now,
        state="pending",
        rules_version="",
    )
    notice = Notice(message_id=alert.alert_id, alert=alert, channel_id=channel, attempt=1)
    return Parcel(
        message_id=alert.alert_id, channel_id=channel, attempt=1, notices=(notice,)
    )
