"""Telegram, by a bot; 4,096 characters a message.

https://core.telegram.org/bots/api#sendmessage
"""

from __future__ import annotations

import re
from html import escape

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import Native, Service, Verdict
from connectors.sinks.rendering.markup import Markup, bare
from connectors.sinks.rendering.parts import Limit, utf16

CHANNEL = chat_channel(
    Service(
        hosts=("api.telegram.org",),
        schemes=frozenset({"tgram"}),
        plugins=frozenset({"NotifyTelegram"}),
        limit=Limit(most=4_096, size=utf16),
        pause=3.0,
        markup=Markup(
            swaps={"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"},
            strong=("<b>", "</b>"),
            link=lambda link: escape(bare(link)),
        ),
        format="html",
        native=Native(
            pattern=re.compile(
                r"https://api\.telegram\.org/bot([\w:-]+)/sendMessage"
                r"\?chat_id=([\w@-]+)"
            ),
            apprise=r"tgram://\1/\2",
        ),
        verdict=Verdict(key="ok", good=True, busy=frozenset({429, 500, 502})),
    ),
    example="tgram://BOT_TOKEN/CHAT_ID",
)
