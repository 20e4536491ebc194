"""A type of channel is declared once: its keys, its addresses, and how it is opened."""

from __future__ import annotations

import pytest

from connectors.sinks import CHANNELS, ChannelType, SinkContext, each, opened
from connectors.sinks.context import PermanentSinkError
from transforms.alerts.rules.channels import read_channels
from transforms.config import ConfigError, ConfigText
from transforms.models import Channel

PIGEON = '[channel.roof]\ntype = "pigeon"\nloft = "{}"\nproxy = "http://p.example:1"'
OWL = '[channel.roof]\ntype = "owl"\n'


@pytest.fixture
def taken(monkeypatch):
    """What a type that was put into the registry has taken."""
    parcels = []
    pigeon = ChannelType(
        address="loft",
        options=("proxy",),
        fits=str.isalpha,
        example="the name of a loft",
        open=each(lambda channel, parcel, _: parcels.append((channel.address, parcel))),
    )
    monkeypatch.setitem(CHANNELS, "pigeon", pigeon)
    return parcels


def read(text):
    return read_channels(ConfigText(text, "alerts.toml"), CHANNELS, {})


def test_one_line_makes_a_type_of_channel(taken, tmp_path, capsys, make_parcel):
    """It is read from alerts.toml, and takes what is handed over."""
    channel = read(PIGEON.format("attic"))["roof"]
    context = SinkContext(timeout=1, allow_private=(), stream=capsys, home=tmp_path)

    with opened(channel, context) as send:
        send(parcel := make_parcel())

    assert taken == [("attic", parcel)]


def test_its_own_words_tell_what_is_wrong_with_an_address(taken):
    """What does not fit is told an example, in the line where it stands."""
    with pytest.raises(ConfigError) as caught:
        read(PIGEON.format("attic 7"))

    assert "is not an address of pigeon" in str(caught.value)
    assert "write the name of a loft" in str(caught.value)
    assert taken == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", 'call] is missing; add call = { env = "NAME" }'),
        ('call = "tu-whit"', "is a literal secret"),
        ('secret = { env = "CALL" }', "secret"),
    ],
)
def test_a_type_may_need_a_secret(monkeypatch, line, said):
    """By a name of its own, and never in the file."""
    monkeypatch.setitem(CHANNELS, "owl", ChannelType(secret="call", open=each(print)))
    env = {"CALL": "tu-whoo"}
    good = ConfigText(OWL + 'call = { env = "CALL" }', "alerts.toml")

    with pytest.raises(ConfigError) as caught:
        read_channels(ConfigText(OWL + line, "alerts.toml"), CHANNELS, env)

    assert said in str(caught.value)
    assert "tu-whit" not in str(caught.value)
    assert read_channels(good, CHANNELS, env)["roof"].secret == "tu-whoo"


def test_a_type_that_nobody_brings_is_refused(tmp_path, capsys, make_parcel):
    """A channel of a type that is not here tells so, for good."""
    channel = Channel(channel_id="roof", type="owl")
    context = SinkContext(timeout=1, allow_private=(), stream=capsys, home=tmp_path)

    with (
        opened(channel, context) as send,
        pytest.raises(PermanentSinkError, match="can send to a channel of type owl"),
    ):
        send(make_parcel())
