"""Reading [channel.<id>], and what it says when one is wrong."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from flows.channels import ALL_CHANNELS
from transforms.alerts.rules.channels import read_channels
from transforms.config import ConfigError, ConfigText
from transforms.models import Channel, Mail, Rate, Schedule

SECRET = "hunter2secret"
ENV = {
    "DESK_URL": "https://desk.example/secret",
    "DESK_TOKEN": "Bearer t0ken",
    "KEY": SECRET,
    "USER": "bot",
}
EMAIL = """
    type = "email"
    host = "smtp.x.example"
    from = "alerts@x.example"
    to = "desk@x.example"
"""


def read(text, env=ENV):
    return read_channels(ConfigText(text, "alerts.toml"), ALL_CHANNELS, env)


def one(body, env=ENV):
    """Read one channel."""
    lines = "\n".join(line.strip() for line in body.strip().splitlines())
    return read(f"[channel.d]\n{lines}", env)["d"]


def test_console_file_webhook_and_apprise():
    """Each type has its own address, from the file or from the environment."""
    made = read("""
        [channel.here]
        type = "console"
        note = "the terminal"
        [channel.log]
        type = "file"
        path = "data/alerts.jsonl"
        [channel.desk]
        type = "webhook"
        url = { env = "DESK_URL" }
        headers = { "Authorization" = { env = "DESK_TOKEN" }, "X-Team" = "one" }
        secret = { env = "KEY" }
        private = true
        [channel.phone]
        type = "apprise"
        url = "pover://user@token"
    """)

    assert made == {
        "here": Channel(channel_id="here", type="console"),
        "log": Channel(channel_id="log", type="file", address="data/alerts.jsonl"),
        "desk": Channel(
            channel_id="desk",
            type="webhook",
            address="https://desk.example/secret",
            headers=(("Authorization", "Bearer t0ken"), ("X-Team", "one")),
            secret=SECRET,
            private=True,
        ),
        "phone": Channel(channel_id="phone", type="apprise", address="pover://user@token"),
    }
    assert "secret" not in repr(made).replace("secret=", "")
    assert "t0ken" not in repr(made)


def test_every_type_has_the_common_keys():
    """Whom it speaks to, and when."""
    made = one("""
        type = "console"
        language = "zh"
        zone = "Asia/Shanghai"
        digest = ["08:30", "18:00"]
        quiet = "22:00-07:00"
        rate = "20/1m"
        once = true
    """)

    assert (made.language, made.zone, made.once) == ("zh", "Asia/Shanghai", True)
    assert made.rate == Rate(count=20, period=timedelta(minutes=1))
    assert made.schedule == Schedule(
        digest=(time(8, 30), time(18)),
        quiet=(time(22), time(7)),
        zone="Asia/Shanghai",
    )


def test_zone_without_a_schedule_is_that_of_the_words():
    """Times are told in it all the same."""
    made = one('type = "console"\nzone = "Europe/Berlin"')

    assert (made.zone, made.schedule) == ("Europe/Berlin", Schedule())


def test_email_names_server_sender_and_readers():
    """The port is the usual one of the security that is asked for."""
    made = one(
        EMAIL
        + """
        security = "tls"
        user = { env = "USER" }
        password = { env = "KEY" }
    """
    )

    assert made.mail == Mail(
        host="smtp.x.example",
        port=465,
        security="tls",
        user="bot",
        password=SECRET,
        sender="alerts@x.example",
        to=("desk@x.example",),
    )
    assert SECRET not in repr(made)
    assert one(EMAIL).mail.port == 587
    assert one(EMAIL + 'security = "none"').mail.port == 25
    assert one(EMAIL + "port = 2525").mail.port == 2525


def test_email_addresses_may_have_names():
    """As people write them."""
    body = EMAIL.replace('"desk@x.example"', '["Das Büro <desk@x.example>", "b@x.example"]')

    assert one(body).mail.to == ("Das Büro <desk@x.example>", "b@x.example")


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("slack", "https://hooks.slack.com/services/T/B/x"),
        ("slack", "slack://T/B/x"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/x"),
        ("feishu", "https://open.larksuite.com/open-apis/bot/v2/hook/x"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=x"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"),
        ("telegram", "tgram://123:x/-100"),
        ("teams", "https://prod-1.westus.logic.azure.com:443/workflows/x"),
        ("teams", "https://default1.2.environment.api.powerplatform.com/x"),
        ("discord", "https://discord.com/api/webhooks/1/x"),
        ("ntfy", "https://ntfy.sh/x"),
        ("ntfy", "ntfy://host.example/x"),
        ("prefect-block", "slack-webhook/my-block"),
    ],
)
def test_service_knows_its_own_addresses(kind, address):
    """The one that the service gives out, or Apprise's."""
    key = "block" if kind == "prefect-block" else "url"

    assert one(f'type = "{kind}"\n{key} = "{address}"').address == address


@pytest.mark.parametrize("kind", ["feishu", "dingtalk"])
def test_service_that_signs_takes_a_secret(kind):
    """From a variable only."""
    scheme = f'type = "{kind}"\nurl = "{kind}://x"\n'

    assert one(scheme + 'secret = { env = "KEY" }').secret == SECRET


def test_proxy_may_be_a_secret():
    """It may hold a password."""
    body = 'type = "telegram"\nurl = "tgram://1:x/1"\n'
    made = one(body + 'proxy = { env = "PROXY" }', {"PROXY": "http://u:pass@proxy:3128"})

    assert made.proxy == "http://u:pass@proxy:3128"
    assert "pass" not in repr(made)


def test_feed_and_event():
    """A folder, and perhaps the address where it is found; nothing at all."""
    made = one('type = "feed"\npath = "public"\nurl = "https://x.example/feeds"')

    assert (made.address, made.public) == ("public", "https://x.example/feeds")
    assert one('type = "prefect-event"').type == "prefect-event"


WEBHOOK = 'type = "webhook"\nurl = "http://h/"\n'
UNSET = '{ env = "NO_SUCH" }'


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (f'type = "webhook"\nurl = {UNSET}', "3: [channel.d.url]"),
        (f"{WEBHOOK}secret = {UNSET}", "4: [channel.d.secret]"),
        (f"{WEBHOOK}headers = {{ X-Key = {UNSET} }}", "4: [channel.d.headers]"),
        (f"{WEBHOOK}proxy = {UNSET}", "4: [channel.d.proxy]"),
        (f"{EMAIL}user = {UNSET}", "6: [channel.d.user]"),
    ],
)
def test_a_channel_without_its_variable_lacks_it(body, place):
    """It is there, with its hours, and says what it waits for; the others are read."""
    other = '[channel.other]\ntype = "console"\n'
    lines = "\n".join(line.strip() for line in body.strip().splitlines())
    made = read(f'[channel.d]\n{lines}\nquiet = "22:00-07:00"\nonce = true\n{other}')

    assert made["d"].lacks == (
        f"alerts.toml:{place} names the variable NO_SUCH, which is not set;"
        " set NO_SUCH in the environment"
    )
    assert made["d"].once
    assert made["d"].schedule != Schedule()
    assert made["other"].lacks == ""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param('type = "mail"', "choose one of console, file", id="type"),
        pytest.param("", "[channel.d.type] is missing", id="no type"),
        pytest.param('type = "file"', "add path =", id="path"),
        pytest.param('type = "file"\npath = 3', "neither a text nor", id="3"),
        pytest.param('type = "file"\npath = { env = 3 }', "neither a text", id="env 3"),
        pytest.param('type = "console"\nurl = "x"', "is not a known key", id="no url"),
        pytest.param(
            'type = "slack"\nurl = "slack://a"\nprivate = true', "not a known", id="private"
        ),
        pytest.param(
            'type = "webhook"\nurl = "desk.example"', "not an http(s) address", id="scheme"
        ),
        pytest.param(
            'type = "webhook"\nurl = "http://h:port/"', "not an http(s) address", id="port"
        ),
        pytest.param(
            WEBHOOK + 'headers = { authorization = "Bearer x" }',
            "holds a literal authorization; keep the secret in a variable",
            id="literal secret header",
        ),
        pytest.param(
            WEBHOOK + 'headers = {Cookie="a=b"}', "holds a literal Cookie", id="cookie"
        ),
        pytest.param(
            WEBHOOK + 'headers = { "A B" = "1" }', "cannot send 'A B'", id="header name"
        ),
        pytest.param(
            WEBHOOK + 'headers = { "Idempotency-Key" = "1" }',
            "cannot send 'Idempotency-Key'",
            id="our header",
        ),
        pytest.param(
            WEBHOOK + 'headers = { "Sinowire-Signature" = "1" }', "cannot send", id="signed"
        ),
        pytest.param(
            WEBHOOK + 'headers = { "X" = "a\\nb" }', "control characters", id="header value"
        ),
        pytest.param(WEBHOOK + "headers = 3", "headers] is not a table", id="headers"),
        pytest.param(
            WEBHOOK + f'secret = "{SECRET}"',
            "alerts.toml:4: [channel.d.secret] is a literal secret; keep it in a variable:"
            ' secret = { env = "NAME" }',
            id="literal secret",
        ),
        pytest.param(
            WEBHOOK + "secret = 3", "neither a text nor a variable", id="secret 3"
        ),
        pytest.param(
            'type = "slack"\nurl = "https://discord.com/api/webhooks/1/x"',
            "is not an address of slack; write https://hooks.slack.com/services/",
            id="other service",
        ),
        pytest.param(
            'type = "slack"\nurl = "http://hooks.slack.com/services/a"',
            "is not an address of slack",
            id="not encrypted",
        ),
        pytest.param(
            'type = "teams"\nurl = "https://logic.azure.com.evil.example/x"',
            "is not an address of teams",
            id="look-alike",
        ),
        pytest.param(
            'type = "ntfy"\nurl = "https://["', "not an address of ntfy", id="broken"
        ),
        pytest.param(
            'type = "apprise"\nurl = "x"', "not an address that Apprise", id="apprise"
        ),
        pytest.param('type = "prefect-block"\nblock = "x"', "names no block", id="block"),
        pytest.param(
            'type = "feed"\npath = "p"\nurl = "x.example"', "not an http", id="feed url"
        ),
        pytest.param(
            WEBHOOK + 'proxy = "proxy:3128"', "is not an http(s) proxy", id="proxy"
        ),
        pytest.param('type = "console"\nlanguage = "de"', "is 'de'; choose", id="language"),
        pytest.param('type = "console"\nzone = "Mars/X"', "unknown zone", id="zone"),
        pytest.param('type = "console"\nrate = "many"', "is 'many'; write", id="rate"),
        pytest.param('type = "console"\ndigest = "noon"', "not a time of day", id="digest"),
        pytest.param('type = "console"\nquiet = "22:00"', "write two times", id="quiet"),
        pytest.param('type = "console"\nonce = "yes"', "write true or false", id="once"),
        pytest.param(EMAIL.replace("host", "note"), "host] is missing; add", id="host"),
        pytest.param(
            EMAIL.replace("smtp.x", "smtp://x"), "not the name of a server", id="host url"
        ),
        pytest.param(
            EMAIL + "port = 0", "is 0; write a whole number from 1 to 65535", id="mail port"
        ),
        pytest.param(EMAIL + "port = 65536", "is 65536; write", id="port too high"),
        pytest.param(EMAIL + "port = 25.5", "is 25.5; write", id="half a port"),
        pytest.param(EMAIL + 'security = "ssl"', "starttls, tls, none", id="security"),
        pytest.param(
            EMAIL + f'user = "bot"\npassword = "{SECRET}"',
            "password] is a literal secret",
            id="literal password",
        ),
        pytest.param(EMAIL + 'user = "bot"', "password] is missing beside user", id="user"),
        pytest.param(
            EMAIL + 'password = { env = "KEY" }', "user] is missing beside", id="password"
        ),
        pytest.param(
            EMAIL + 'user = "bot"\npassword = { env = "KEY" }\nsecurity = "none"',
            "would send the password in clear",
            id="in clear",
        ),
        pytest.param(EMAIL.replace("to =", "note ="), "to] is missing; add", id="to"),
        pytest.param(EMAIL.replace("from =", "note ="), "from] is missing", id="from"),
        pytest.param(
            EMAIL.replace("desk@x.example", "desk"), "is not an address: 'desk'", id="no @"
        ),
        pytest.param(EMAIL.replace("desk@x", "a b@c@x"), "is not an address", id="two @"),
        pytest.param(
            EMAIL.replace("desk@x.example", "a@x.example\\nBcc: b@x.example"),
            "is not an address",
            id="header in an address",
        ),
        pytest.param(EMAIL.replace("desk@x", "büro@x"), "is not an address", id="no ASCII"),
    ],
)
def test_wrong_channel_is_told_where_and_what(body, message):
    """File, line and key, and what to write; never a secret."""
    with pytest.raises(ConfigError) as caught:
        one(body)

    assert message in str(caught.value)
    assert SECRET not in str(caught.value)


def test_id_reads_well_in_a_command():
    """It stands in messages and tables as well."""
    with pytest.raises(ConfigError, match="has the id 'D d'"):
        read('[channel."D d"]\ntype = "console"')


@pytest.mark.parametrize("kind", ["webhook", "slack", "apprise", "prefect-block"])
def test_secret_in_a_variable_is_not_repeated(kind):
    """An address that cannot be used is not shown: it may hold a password."""
    key = "block" if kind == "prefect-block" else "url"

    with pytest.raises(ConfigError) as caught:
        one(f'type = "{kind}"\n{key} = {{ env = "KEY" }}')

    assert SECRET not in str(caught.value)


def test_every_type_is_read_here():
    """The names of types and the keys that each may have go together."""
    for kind in ALL_CHANNELS:
        with pytest.raises(ConfigError, match="is not a known key"):
            one(f'type = "{kind}"\nunheard_of = 1')
