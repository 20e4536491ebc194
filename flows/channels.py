"""All types of channel: those of ``connectors.sinks``, and those that need Prefect.

They are handed to ``connectors.sinks`` from here, since only flows know Prefect.
"""

from __future__ import annotations

from connectors.sinks import CHANNELS, ChannelTypes

_MODULE = "flows.prefect_channels"
PREFECT_CHANNELS = ChannelTypes(
    {"prefect-block": f"{_MODULE}:BLOCK", "prefect-event": f"{_MODULE}:EVENT"}
)
# All that an alerts.toml may name.
ALL_CHANNELS = ChannelTypes(CHANNELS.data | PREFECT_CHANNELS.data)
