"""WeCom (企业微信), by a group robot.

A text of 2,048 bytes, 20 a minute, and errors with HTTP 200:
https://developer.work.weixin.qq.com/document/path/91770
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sinks.answers import SuccessMark
from connectors.sinks.chat import Post, Service, chat_channel, read_address
from connectors.sinks.markup import PLAIN, Limit, utf8
from transforms.models import Channel

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:  # noqa: ARG001
    address = channel.address
    if not address.startswith("https:"):
        address = f"{ROBOT}{read_address(address).host}"
    yield Post(address, {"msgtype": "text", "text": {"content": text}})


CHANNEL = chat_channel(
    Service(
        hosts=("qyapi.weixin.qq.com",),
        schemes=frozenset({"wecombot"}),
        posts=_posts,
        limit=Limit(most=2_048, size=utf8),
        pause=3.0,
        markup=PLAIN,
        success=SuccessMark(key="errcode", good=0, busy=frozenset({-1, 45009, 45033})),
    ),
    example="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
)
