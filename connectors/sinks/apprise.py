"""A channel to anything that Apprise knows: mail, chat rooms, telephones.

Apprise converts and escapes our plain text for each service. It tells only
whether all went well, so every failure of a good address is worth another try.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.sinks.describe import describe, subject_of
from connectors.sinks.errors import PermanentSinkError, TransientSinkError
from connectors.sinks.logs import keep_quiet
from connectors.sinks.outlet import Outlet
from transforms.models import Channel, Parcel

# What chat services take as a call to everybody in the room.
_CALL = re.compile(r"@(?=everyone|here|channel|all\b|room)|<(?=[!@#&])", re.IGNORECASE)


def send_apprise(channel: Channel, parcel: Parcel, outlet: Outlet) -> None:  # noqa: ARG001
    """Hand the alert to Apprise, whose own timeouts bound it.

    Raises:
        SinkError: Apprise does not know the address, or could not deliver.
    """
    target = _target(channel)
    notice = parcel.notices[0]
    try:
        is_sent = target.notify(
            title=f"sinowire: {subject_of(notice) or notice.alert.rule_id}",
            body=quiet(describe(notice)),
            body_format="text",
        )
    except Exception as exc:  # noqa: BLE001  a hundred services, each with its own errors
        # Their words may hold the address.
        reason = f"the service failed ({type(exc).__name__})"
        raise TransientSinkError(channel.channel_id, reason) from None
    if not is_sent:
        raise TransientSinkError(channel.channel_id, "the service did not take it")


def _target(channel: Channel) -> Any:
    # A quarter of a second that only those pay who use it.
    import apprise  # noqa: PLC0415

    keep_quiet()
    target = apprise.Apprise()
    if not target.add(channel.address):
        raise PermanentSinkError(
            channel.channel_id, "Apprise does not know such an address; mend it"
        )
    return target


def quiet(text: str) -> str:
    """Return *text* with calls to a whole room made harmless."""
    return _CALL.sub(lambda found: f"{found[0]} ", text)
