"""DingTalk, by a custom robot.

20,000 bytes a request, 20 a minute, and errors with HTTP 200:
https://open.dingtalk.com/document/orgapp/custom-robot-access
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from urllib.parse import urlencode

from connectors.sinks.answers import SuccessMark
from connectors.sinks.chat import ENVELOPE, Post, Service, chat_channel, read_address
from connectors.sinks.markup import PLAIN, Limit, in_json
from transforms.models import Channel

ROBOT = "https://oapi.dingtalk.com/robot/send?access_token="
_PHONE = re.compile(r"\d{11,14}")


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:
    address, secret = channel.address, channel.secret
    phones: list[str] = []
    if not address.startswith("https:"):
        parts = read_address(address)
        address, secret = f"{ROBOT}{parts.host}", parts.user or secret
        phones = [re.sub(r"\D", "", part) for part in parts.path]
    at = {"atMobiles": list(filter(_PHONE.fullmatch, phones)), "isAtAll": False}
    data = {"msgtype": "text", "at": at, "text": {"content": text}}
    yield Post(_signed(address, secret, round(now * 1000)) if secret else address, data)


def _signed(address: str, secret: str, now: int) -> str:
    key = hmac.new(secret.encode(), f"{now}\n{secret}".encode(), hashlib.sha256)
    sign = base64.b64encode(key.digest())
    return f"{address}&{urlencode({'timestamp': now, 'sign': sign})}"


CHANNEL = chat_channel(
    Service(
        hosts=("oapi.dingtalk.com",),
        schemes=frozenset({"dingtalk"}),
        posts=_posts,
        limit=Limit(most=20_000 - ENVELOPE, size=in_json),
        pause=3.0,
        markup=PLAIN,
        success=SuccessMark(
            key="errcode", good=0, busy=frozenset({-1, 90030, 130101, 410100})
        ),
    ),
    example="https://oapi.dingtalk.com/robot/send?access_token=…",
    options=("secret", "proxy"),
)
