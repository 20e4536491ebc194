"""Tell a monitor elsewhere that a run went well."""

from __future__ import annotations

from connectors.sinks.errors import SinkError
from connectors.sinks.heartbeat import beat
from flows.home import Config
from flows.steps.summary import Report, Summary

TIMEOUT_SECONDS = 10.0


def send_heartbeat(config: Config, summary: Summary, *, report: Report) -> bool:
    """Call the address of the settings, if there is one and the run did not fail.

    A failed call is reported and fails nothing: the monitor that misses it raises the
    alarm. Returns whether the call was made.
    """
    settings = config.settings
    if settings.heartbeat_url is None or summary.failed:
        return False
    try:
        beat(
            settings.heartbeat_url.get_secret_value(),
            timeout=TIMEOUT_SECONDS,
            allow_private=settings.allow_private_addresses,
            user_agent=settings.user_agent,
        )
    except SinkError as exc:
        report(f"warning: {exc}")
        return False
    return True
