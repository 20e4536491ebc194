"""Anything else that Apprise knows, with its own json:// service against our receiver."""

from __future__ import annotations

import importlib
import logging

import pytest

from connectors.net import guard
from connectors.sinks.context import PermanentSinkError, TransientSinkError

# Apprise looks for imghdr where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


def address(receiver, path="/in"):
    return receiver.url(path).replace("http:", "json:")


def test_message_arrives(receiver, hand_over):
    """Title and text are those of every channel."""
    receiver.answers = [(200, {})]

    hand_over("apprise", address(receiver))

    [(_, headers, _)] = receiver.requests
    [message] = receiver.bodies()
    assert message["title"] == (
        "sinowire: Alibaba Group (阿里巴巴): Alibaba opens a data centre"
    )
    assert message["message"].startswith("Alibaba Group (阿里巴巴): Alibaba opens")
    assert headers["User-Agent"] == "sinowire"


def test_long_digest_is_split_by_apprise(receiver, hand_over, make_notice, make_parcel):
    """Apprise knows the limit of each of its services; nothing is cut off."""
    receiver.answers = [(200, {})]
    notices = [make_notice(title=f"headline {n:04} " + "x" * 200) for n in range(200)]

    hand_over("apprise", address(receiver), make_parcel(*notices, why="digest"))

    whole = "".join(body["message"] for body in receiver.bodies())
    assert len(receiver.requests) > 1
    assert all(f"headline {n:04}" in whole for n in range(200))


def test_nobody_is_called(receiver, hand_over, make_notice):
    """A headline cannot call a whole room, or anybody in it."""
    receiver.answers = [(200, {})]
    title = "@everyone @channel @you, mail a@b.example, 5 < 6"

    hand_over("apprise", address(receiver), make_notice(title=title))

    [message] = receiver.bodies()
    assert "@ everyone @ channel @ you, mail a@b.example, 5 < 6" in message["message"]


@pytest.mark.parametrize("status", [500, 403])
def test_failure_is_told_without_secrets(receiver, hand_over, caplog, status):
    """Apprise says only that it failed, so each failure is tried again; its log is off."""
    receiver.answers = [(status, {}, b"hunter2 is wrong")]
    secret = address(receiver, "/hunter2").replace("json://", "json://user:hunter2@")

    with caplog.at_level(logging.DEBUG), pytest.raises(TransientSinkError) as caught:
        hand_over("apprise", secret)

    assert str(caught.value) == "channel desk: the service did not take it"
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_private_host_is_refused(receiver, hand_over, host):
    """Before Apprise connects to it; it is asked for with private = true."""
    at = address(receiver).replace("127.0.0.1", host)

    with pytest.raises(PermanentSinkError, match="private = true"):
        hand_over("apprise", at, allow_private=())

    assert receiver.requests == []
    receiver.answers = [(200, {})]
    hand_over("apprise", address(receiver), allow_private=(), private=True)
    assert len(receiver.requests) == 1


def test_redirect_is_not_followed(receiver, hand_over):
    """It could lead to an address that nobody checked."""
    receiver.answers = [(307, {"Location": receiver.url("/elsewhere")})]

    with pytest.raises(TransientSinkError, match="did not take it"):
        hand_over("apprise", address(receiver))

    assert [path for path, _, _ in receiver.requests] == ["/in"]


def test_token_in_place_of_a_host_is_not_looked_up(hand_over, monkeypatch):
    """A service without a host of its own has a secret there; no name server gets it."""
    asked = []
    monkeypatch.setattr(guard, "_resolve", asked.append)
    plugin = importlib.import_module("apprise.plugins.ntfy").NotifyNtfy
    monkeypatch.setattr(plugin, "send", lambda *_args, **_kwargs: True)

    hand_over("apprise", "ntfy://secrettopic")

    assert asked == []


def test_unknown_address_is_permanent_and_not_repeated(hand_over):
    """A person has to mend it; the message does not show it."""
    with pytest.raises(PermanentSinkError, match="does not know") as caught:
        hand_over("apprise", "nosuchservice://hunter2")

    assert "hunter2" not in str(caught.value)


def test_service_that_breaks_is_transient(hand_over, monkeypatch):
    """A hundred services have their own ways to fail."""
    plugin = importlib.import_module("apprise.plugins.custom_json").NotifyJSON

    def explode(*_args, **_kwargs):
        raise RuntimeError("hunter2")

    monkeypatch.setattr(plugin, "send", explode)

    with pytest.raises(TransientSinkError, match=r"failed \(RuntimeError\)") as caught:
        hand_over("apprise", "json://127.0.0.1")

    assert "hunter2" not in repr(caught.value)


def test_service_that_only_says_no_is_transient(hand_over, monkeypatch):
    """A plugin that speaks no HTTP leaves nothing to judge by."""
    plugin = importlib.import_module("apprise.plugins.custom_json").NotifyJSON
    monkeypatch.setattr(plugin, "send", lambda *_args, **_kwargs: False)

    with pytest.raises(TransientSinkError, match="did not take it"):
        hand_over("apprise", "json://127.0.0.1")
