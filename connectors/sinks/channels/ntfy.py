"""ntfy, at ntfy.sh or a server of one's own; 4,096 bytes a message.

https://docs.ntfy.sh/publish/#limitations
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from connectors.sinks.chat import (
    AddressError,
    AppriseAddress,
    Post,
    Service,
    chat_channel,
    read_address,
)
from connectors.sinks.markup import PLAIN, Limit, in_json
from transforms.models import Channel

CLOUD = "ntfy.sh"
_TOPIC = re.compile(r"[\w-]{1,64}", re.ASCII)
# Options of an address, and the headers of ntfy that say the same.
HEADERS = {
    "priority": "X-Priority",
    "tags": "X-Tags",
    "click": "X-Click",
    "delay": "X-Delay",
    "email": "X-Email",
    "actions": "X-Actions",
}


def _posts(channel: Channel, text: str, now: float) -> Iterator[Post]:  # noqa: ARG001
    parts = read_address(channel.address, "token", *HEADERS)
    # Without a host the first of the topics stands in its place.
    has_host = parts.host == CLOUD or bool(parts.path)
    host = parts.host if has_host else CLOUD
    scheme = "http" if channel.address.startswith("ntfy:") and has_host else "https"
    topics = parts.path if has_host else (parts.host,)
    if not topics or not all(map(_TOPIC.fullmatch, topics)):
        raise AddressError
    options = {
        name: parts.options[key] for key, name in HEADERS.items() if key in parts.options
    }
    for topic in topics:
        data = {"topic": topic, "message": text}
        yield Post(f"{scheme}://{host}", data, {**options, **_login(parts)})


def _login(parts: AppriseAddress) -> dict[str, str]:
    is_token = parts.user.startswith("tk_") and not parts.password
    if token := parts.options.get("token") or (parts.user if is_token else ""):
        return {"Authorization": f"Bearer {token}"}
    if not parts.user:
        return {}
    login = base64.b64encode(f"{parts.user}:{parts.password}".encode()).decode()
    return {"Authorization": f"Basic {login}"}


CHANNEL = chat_channel(
    Service(
        hosts=(CLOUD,),
        schemes=frozenset({"ntfy", "ntfys"}),
        posts=_posts,
        # Counted as JSON, which is longer than the bytes that count.
        limit=Limit(most=4_000, size=in_json),
        markup=PLAIN,
    ),
    example="https://ntfy.sh/TOPIC, or ntfys://HOST/TOPIC",
    options=("private", "proxy"),
)
