"""A channel that writes to the terminal, or wherever the stream leads."""

from __future__ import annotations

from connectors.sinks.describe import describe
from connectors.sinks.errors import TransientSinkError
from connectors.sinks.outlet import Outlet
from transforms.models import Channel, Parcel


def send_console(channel: Channel, parcel: Parcel, outlet: Outlet) -> None:
    """Write the alert as a block of plain lines.

    Raises:
        SinkError: The stream is closed or broken.
    """
    stream = outlet.stream
    # A terminal without Chinese shows escapes rather than nothing.
    encoding = getattr(stream, "encoding", None) or "utf-8"
    text = describe(parcel.notices[0]).replace("\n", "\n  ")
    shown = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        stream.write(f"! {shown}\n")
        stream.flush()
    except (OSError, ValueError) as exc:
        raise TransientSinkError(
            channel.channel_id, f"the stream cannot be written: {exc}"
        ) from exc
