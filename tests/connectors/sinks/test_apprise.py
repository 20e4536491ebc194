"""Alerts through Apprise, with its own json:// service against our receiver."""

from __future__ import annotations

import importlib
import json
import logging

import pytest

from connectors.sinks.apprise import quiet
from connectors.sinks.errors import PermanentSinkError, TransientSinkError

# Apprise looks for imghdr where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


def test_message_arrives(receiver, hand_over):
    """Title and text are those of every channel."""
    receiver.answers = [(200, {})]

    hand_over("apprise", receiver.url("/in").replace("http:", "json:"))

    [(_, _, body)] = receiver.requests
    message = json.loads(body)
    assert message["title"] == "sinowire: Alibaba Group (阿里巴巴)"
    assert message["message"].startswith("Alibaba Group (阿里巴巴): Alibaba opens")


def test_failure_is_transient_and_tells_no_secret(receiver, hand_over, caplog):
    """Apprise says only that it failed; its log, which holds the address, is off."""
    receiver.answers = [(500, {})]
    address = receiver.url("/hunter2").replace("http://", "json://user:hunter2@")

    with caplog.at_level(logging.DEBUG), pytest.raises(TransientSinkError) as caught:
        hand_over("apprise", address)

    assert str(caught.value) == "channel desk: the service did not take it"
    assert "hunter2" not in caplog.text


def test_unknown_address_is_permanent_and_not_repeated(hand_over):
    """A person has to mend it; the message does not show it."""
    with pytest.raises(PermanentSinkError, match="does not know") as caught:
        hand_over("apprise", "nosuchservice://hunter2")

    assert "hunter2" not in str(caught.value)


def test_service_that_breaks_is_transient(hand_over, monkeypatch):
    """A hundred services have their own ways to fail."""
    apprise = importlib.import_module("apprise")

    def explode(*_args, **_kwargs):
        raise RuntimeError("hunter2")

    monkeypatch.setattr(apprise.Apprise, "notify", explode)

    with pytest.raises(TransientSinkError, match=r"failed \(RuntimeError\)") as caught:
        hand_over("apprise", "json://127.0.0.1")

    assert "hunter2" not in repr(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone look", "@ everyone look"),
        ("<!channel> <@U1>", "< !channel> < @U1>"),
        ("mail a@b.example, 5 < 6", "mail a@b.example, 5 < 6"),
    ],
)
def test_quiet(text, shown):
    """A headline cannot call a whole room."""
    assert quiet(text) == shown
