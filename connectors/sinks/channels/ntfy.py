"""ntfy, at ntfy.sh or a server of one's own; 4,096 bytes a message.

https://docs.ntfy.sh/publish/#limitations
"""

from __future__ import annotations

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import Service
from connectors.sinks.rendering.markup import PLAIN
from connectors.sinks.rendering.parts import Limit, in_json

CHANNEL = chat_channel(
    Service(
        hosts=("ntfy.sh",),
        schemes=frozenset({"ntfy", "ntfys"}),
        plugins=frozenset({"NotifyNtfy"}),
        # Counted as JSON, which is longer: beyond 8,000 of it Apprise sends a file.
        limit=Limit(most=4_000, size=in_json),
        markup=PLAIN,
    ),
    example="https://ntfy.sh/TOPIC, or ntfys://HOST/TOPIC",
    options=("private", "proxy"),
)
