"""Anything else that Apprise knows, with its own json:// service against our receiver."""

from __future__ import annotations

import importlib
import logging
import threading

import pytest

from connectors.sinks.errors import PermanentSinkError, TransientSinkError

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
    assert headers["Idempotency-Key"] == "m1"


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


@pytest.mark.parametrize(
    ("status", "error"), [(500, TransientSinkError), (403, PermanentSinkError)]
)
def test_failure_is_told_by_its_status_and_without_secrets(
    receiver, hand_over, caplog, status, error
):
    """Apprise says only that it failed; the answer says more, and its log is off."""
    receiver.answers = [(status, {}, b"hunter2 is wrong")]
    secret = address(receiver, "/hunter2").replace("json://", "json://user:hunter2@")

    with caplog.at_level(logging.DEBUG), pytest.raises(error) as caught:
        hand_over("apprise", secret)

    assert str(caught.value) == f"channel desk: it answered {status} (… is wrong)"
    assert "hunter2" not in caplog.text


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


def test_others_keep_their_own_requests(receiver, hand_over):
    """Another thread that uses Apprise gets requests itself, also while we send."""
    receiver.answers = [(200, {})]
    hand_over("apprise", address(receiver))
    apprise = importlib.import_module("apprise")
    done = []

    def other():
        target = apprise.Apprise()
        target.add(address(receiver, "/other"))
        done.append(bool(target.notify(body="theirs")))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()

    [_, (path, headers, _)] = receiver.requests
    assert (done, path) == ([True], "/other")
    assert "Idempotency-Key" not in headers
