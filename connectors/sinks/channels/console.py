"""Console channel: alerts as plain lines on a terminal or another stream."""

from __future__ import annotations

from connectors.sinks.context import ChannelType, SinkContext, TransientSinkError, each
from transforms.models import Channel, Parcel
from transforms.text.fit import folded_lines


def send_console(channel: Channel, parcel: Parcel, context: SinkContext) -> None:
    """Write the parcel as a block of plain lines, folded to the stream's width.

    Raises:
        SinkError: The stream is closed or broken.
    """
    # What words a parcel is slow to load, and most passes have nothing to send.
    from connectors.sinks.payload import words_of  # noqa: PLC0415
    from transforms.alerts.messages.wording import write  # noqa: PLC0415

    stream = context.stream
    # A terminal without Chinese shows escapes rather than nothing.
    encoding = getattr(stream, "encoding", None) or "utf-8"
    text = write(parcel, words_of(channel)).plain
    shown = _block(text, context.width).encode(encoding, "backslashreplace")
    try:
        stream.write(f"{shown.decode(encoding)}\n")
        stream.flush()
    except (OSError, ValueError) as exc:
        raise TransientSinkError(
            channel.channel_id, f"the stream cannot be written: {exc}"
        ) from exc


def _block(text: str, width: int | None) -> str:
    """Return *text* with "! " before it, and further lines indented by as much."""
    lines = text.split("\n")
    if width is not None:
        lines = [part for line in lines for part in folded_lines(line, width - 2)]
    first, *further = lines
    return "\n".join([f"! {first}", *(f"  {line}".rstrip() for line in further)])


CHANNEL = ChannelType(open=each(send_console))
