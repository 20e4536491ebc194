"""Settings come from the environment, the home's file, and defaults, in that order."""

from __future__ import annotations

import ipaddress

import pytest

from flows.settings import load_settings
from transforms.config import ConfigError


def test_defaults_open_no_private_network(tmp_path):
    """Without a word from the user no internal address may be fetched."""
    settings = load_settings(tmp_path)

    assert settings.allow_private_addresses == ()
    assert settings.data == tmp_path / "data"


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    """A variable overrides sinowire.toml, which overrides the default."""
    (tmp_path / "sinowire.toml").write_text("timeout_seconds = 7\nper_host = 3\n")
    monkeypatch.setenv("SINOWIRE_TIMEOUT_SECONDS", "9")

    settings = load_settings(tmp_path)

    assert (settings.timeout_seconds, settings.per_host) == (9, 3)


def test_networks_are_read_from_a_comma_separated_list(tmp_path, monkeypatch):
    """Spaces and empty parts do not matter."""
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8, ::1/128,")

    assert load_settings(tmp_path).allow_private_addresses == (
        ipaddress.ip_network("127.0.0.0/8"),
        ipaddress.ip_network("::1/128"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("timeout = 5", r"sinowire.toml:1: .*timeout_seconds", id="unknown"),
        pytest.param("per_host = 0", r"sinowire.toml:1: \[per_host\]", id="range"),
        pytest.param("\nper_host = 'two'", r"sinowire.toml:2: ", id="type"),
        pytest.param("per_host =", r"sinowire.toml:1: not valid TOML", id="syntax"),
        pytest.param('reporting_zone = "Moon"', r"no IANA time zone", id="zone"),
        pytest.param('allow_private_addresses = ["x"]', r"sinowire.toml:1", id="network"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path, text, message):
    """The error names file, line and key, and says what would be right."""
    (tmp_path / "sinowire.toml").write_text(text)

    with pytest.raises(ConfigError, match=message):
        load_settings(tmp_path)


def test_a_wrong_variable_is_named(tmp_path, monkeypatch):
    """A bad value in the environment is not blamed on the file."""
    monkeypatch.setenv("SINOWIRE_PER_HOST", "many")

    with pytest.raises(ConfigError, match="SINOWIRE_PER_HOST"):
        load_settings(tmp_path)
