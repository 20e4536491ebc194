"""What docs/howto says of channels is what they do."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from pathlib import Path

import pytest

from connectors.sinks import CHANNELS as TYPES
from connectors.sinks.channels.webhook import sign
from connectors.sinks.chat import ChatChannelType
from connectors.sinks.markup import in_json, utf8, utf16
from flows.channels import ALL_CHANNELS
from transforms.alerts.rules.channels import read_channels
from transforms.config import ConfigText

ROOT = Path(__file__).resolve().parents[3]
CHANNELS = (ROOT / "docs/howto/channels.md").read_text(encoding="utf-8")
WEBHOOK = (ROOT / "docs/howto/webhook.md").read_text(encoding="utf-8")
ADDRESSES = {
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T/B/x",
    "FEISHU_WEBHOOK_URL": "https://open.feishu.cn/open-apis/bot/v2/hook/x",
    "DINGTALK_WEBHOOK_URL": "https://oapi.dingtalk.com/robot/send?access_token=x",
    "WECOM_WEBHOOK_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
    "TELEGRAM_URL": "tgram://123:x/-100",
    "TEAMS_WORKFLOW_URL": "https://prod-1.westus.logic.azure.com:443/workflows/x",
    "DISCORD_WEBHOOK_URL": "https://discord.com/api/webhooks/1/x",
    "NTFY_URL": "ntfys://ntfy.x.example/news",
    "PUSHOVER_USER": "uQiRzpo4DXghDmr9QzzfQu27cmVRsG",
}
ENV = defaultdict(lambda: "https://x.example/x", ADDRESSES)


class Everything(dict):
    """An environment in which every variable is set."""

    def get(self, name, _default=None):
        return ENV[name]


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def read(text):
    return read_channels(ConfigText(text, "docs"), ALL_CHANNELS, Everything())


@pytest.mark.parametrize("block", blocks(CHANNELS, "toml") + blocks(WEBHOOK, "toml"))
def test_example_can_be_copied(block):
    """It is read as it stands."""
    assert read(block)


def test_every_type_has_an_example_and_a_row():
    """Nobody has to guess."""
    shown = {c.type for block in blocks(CHANNELS, "toml") for c in read(block).values()}

    assert shown == set(ALL_CHANNELS)
    for kind in shown:
        assert f"| [`{kind}`]" in CHANNELS or f", [`{kind}`]" in CHANNELS, kind


def test_commented_examples_of_the_shipped_file_can_be_used():
    """Whoever takes the hash away has a channel."""
    text = (ROOT / "alerts.toml").read_text(encoding="utf-8").partition("# ── Rules")[0]
    lines = [re.sub(r"^# (?=\[|[a-z]+ = )", "", line) for line in text.splitlines()]

    made = read("\n".join(lines))

    assert {"webhook", "email", "slack", "feishu"} < {c.type for c in made.values()}


def test_limits_in_the_table_are_those_of_the_code():
    """Number by number."""
    units = {utf8: "bytes of UTF-8", utf16: "UTF-16 units", in_json: "bytes of JSON"}
    services = {
        kind: made.service
        for kind, made in TYPES.items()
        if isinstance(made, ChatChannelType)
    }
    assert len(services) > 5
    for kind, service in services.items():
        [row] = re.findall(
            rf"^\| `{kind}` \| ([\d,]+)[^|]*\| ([^|]+) \|", CHANNELS, re.MULTILINE
        )
        assert row == (f"{service.limit.most:,}", units[service.limit.size]), kind


def test_example_for_receivers_tells_genuine_from_forged():
    """The code in the docs is run as it stands, against what we send."""
    [code] = blocks(WEBHOOK, "python")
    names = {}
    exec(code, names)  # it is our own page
    genuine = names["is_genuine"]
    now = int(time.time())
    header = sign("k3y", b'{"id": "m1"}', now)

    assert genuine("k3y", header, b'{"id": "m1"}')
    assert not genuine("k3y", header, b'{"id": "m2"}')
    assert not genuine("key", header, b'{"id": "m1"}')
    assert not genuine("k3y", sign("k3y", b"{}", now - 301), b"{}")
