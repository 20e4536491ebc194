"""WeCom (企业微信), by a group robot.

A text of 2,048 bytes, 20 a minute, and errors with HTTP 200:
https://developer.work.weixin.qq.com/document/path/91770
"""

from __future__ import annotations

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import Service, Verdict
from connectors.sinks.rendering.markup import PLAIN
from connectors.sinks.rendering.parts import Limit, utf8

CHANNEL = chat_channel(
    Service(
        hosts=("qyapi.weixin.qq.com",),
        schemes=frozenset({"wecombot"}),
        plugins=frozenset({"NotifyWeComBot"}),
        limit=Limit(most=2_048, size=utf8),
        pause=3.0,
        markup=PLAIN,
        verdict=Verdict(key="errcode", good=0, busy=frozenset({-1, 45009, 45033})),
    ),
    example="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
)
