"""DingTalk, by a custom robot.

20,000 bytes a request, 20 a minute, and errors with HTTP 200:
https://open.dingtalk.com/document/orgapp/custom-robot-access
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from connectors.sinks.chat.channel import chat_channel
from connectors.sinks.chat.service import ENVELOPE, Native, Service, Verdict
from connectors.sinks.rendering.markup import PLAIN
from connectors.sinks.rendering.parts import Limit, in_json
from transforms.models import Channel


def _with_secret(address: str, channel: Channel) -> str:
    if channel.secret and "@" not in address:
        return address.replace("://", f"://{channel.secret}@", 1)
    return address


def _sign(plugin: Any) -> None:
    """Undo that Apprise 2.0 encodes the signature for the address twice."""
    signed = plugin.get_signature

    def get_signature() -> tuple[str, str]:
        at, signature = signed()
        return at, unquote(signature)

    plugin.get_signature = get_signature


CHANNEL = chat_channel(
    Service(
        hosts=("oapi.dingtalk.com",),
        schemes=frozenset({"dingtalk"}),
        plugins=frozenset({"NotifyDingTalk"}),
        limit=Limit(most=20_000 - ENVELOPE, size=in_json),
        pause=3.0,
        markup=PLAIN,
        native=Native(
            pattern=re.compile(
                r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)"
            ),
            apprise=r"dingtalk://\1",
        ),
        verdict=Verdict(key="errcode", good=0, busy=frozenset({-1, 90030, 130101, 410100})),
        complete=_with_secret,
        adjust=_sign,
    ),
    example="https://oapi.dingtalk.com/robot/send?access_token=…",
    options=("secret", "proxy"),
)
