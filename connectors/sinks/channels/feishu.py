"""Feishu and Lark, by a custom bot.

20 KB a request, 100 a minute, a signature, and errors with HTTP 200:
https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import ENVELOPE, Native, Service, Verdict
from connectors.sinks.rendering.markup import WIDE, Markup, bare
from connectors.sinks.rendering.parts import Limit, in_json
from transforms.models import Channel


def _sign(data: dict[str, Any], channel: Channel, now: int) -> None:
    if channel.secret:
        key = f"{now}\n{channel.secret}".encode()
        digest = hmac.new(key, b"", hashlib.sha256).digest()
        data |= {"timestamp": str(now), "sign": base64.b64encode(digest).decode()}


CHANNEL = chat_channel(
    Service(
        hosts=("open.feishu.cn", "open.larksuite.com"),
        schemes=frozenset({"feishu", "lark"}),
        plugins=frozenset({"NotifyFeishu", "NotifyLark"}),
        limit=Limit(most=20_000 - ENVELOPE, size=in_json),
        pause=0.2,
        markup=Markup(swaps=WIDE, link=bare),
        native=Native(
            pattern=re.compile(
                r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?"
            ),
            apprise=r"feishu://\1",
        ),
        verdict=Verdict(key="code", good=0, busy=frozenset({11232, 11247, 99991400})),
        amend=_sign,
    ),
    example="https://open.feishu.cn/open-apis/bot/v2/hook/…",
    options=("secret", "proxy"),
)
