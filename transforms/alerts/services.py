"""Which addresses a channel of each service may have: the service's own, or Apprise's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a service is: Apprise's schemes for it, and hosts of its own addresses."""

    schemes: frozenset[str]
    hosts: tuple[str, ...]
    # What an address looks like, for whoever wrote another one.
    example: str


SERVICES: Mapping[str, Places] = {
    "slack": Places(
        schemes=frozenset({"slack"}),
        hosts=("hooks.slack.com", "hooks.slack-gov.com"),
        example="https://hooks.slack.com/services/…",
    ),
    "feishu": Places(
        schemes=frozenset({"feishu", "lark"}),
        hosts=("open.feishu.cn", "open.larksuite.com"),
        example="https://open.feishu.cn/open-apis/bot/v2/hook/…",
    ),
    "dingtalk": Places(
        schemes=frozenset({"dingtalk"}),
        hosts=("oapi.dingtalk.com",),
        example="https://oapi.dingtalk.com/robot/send?access_token=…",
    ),
    "wecom": Places(
        schemes=frozenset({"wecombot"}),
        hosts=("qyapi.weixin.qq.com",),
        example="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    ),
    "telegram": Places(
        schemes=frozenset({"tgram"}),
        hosts=("api.telegram.org",),
        example="tgram://BOT_TOKEN/CHAT_ID",
    ),
    "teams": Places(
        schemes=frozenset({"workflow", "workflows"}),
        # Power Automate gives every environment a host of its own.
        hosts=(".logic.azure.com", ".api.powerplatform.com"),
        example="the address that the Teams workflow shows",
    ),
    "discord": Places(
        schemes=frozenset({"discord"}),
        hosts=("discord.com", "discordapp.com"),
        example="https://discord.com/api/webhooks/…",
    ),
    "ntfy": Places(
        schemes=frozenset({"ntfy", "ntfys"}),
        hosts=("ntfy.sh",),
        example="https://ntfy.sh/TOPIC, or ntfys://HOST/TOPIC",
    ),
}


def belongs(service: str, address: str) -> bool:
    """Tell whether *address* is one of *service*."""
    places = SERVICES[service]
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return any(
            host.endswith(known) if known.startswith(".") else host == known
            for known in places.hosts
        )
    return parts.scheme in places.schemes and bool(parts.netloc)
