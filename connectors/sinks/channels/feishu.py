"""Feishu and Lark, by a custom bot.

20 KB a request, 100 a minute, a signature, and errors with HTTP 200:
https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator

from connectors.sinks.answers import SuccessMark
from connectors.sinks.chat import ENVELOPE, Post, Service, chat_channel, read_address
from connectors.sinks.markup import WIDE, Limit, Markup, bare, in_json
from transforms.models import Channel

FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/"
LARK = "https://open.larksuite.com/open-apis/bot/v2/hook/"


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:
    address = channel.address
    if not address.startswith("https:"):
        token = read_address(address).host
        address = f"{LARK if address.startswith('lark:') else FEISHU}{token}"
    if address.startswith(FEISHU):
        address = f"{address.rstrip('/')}/"
    signed = _signed(channel.secret, int(now)) if channel.secret else {}
    yield Post(address, {"msg_type": "text", "content": {"text": text}, **signed})


def _signed(secret: str, now: int) -> dict[str, str]:
    digest = hmac.new(f"{now}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(now), "sign": base64.b64encode(digest).decode()}


CHANNEL = chat_channel(
    Service(
        hosts=("open.feishu.cn", "open.larksuite.com"),
        schemes=frozenset({"feishu", "lark"}),
        posts=_posts,
        limit=Limit(most=20_000 - ENVELOPE, size=in_json),
        pause=0.2,
        markup=Markup(swaps=WIDE, link=bare),
        success=SuccessMark(key="code", good=0, busy=frozenset({11232, 11247, 99991400})),
    ),
    example="https://open.feishu.cn/open-apis/bot/v2/hook/…",
    options=("secret", "proxy"),
)
