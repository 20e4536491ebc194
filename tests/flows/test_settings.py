"""Settings come from the environment, the home's file, and defaults, in that order."""

from __future__ import annotations

import ipaddress

import pytest

from connectors.net import addresses
from flows.home import load_config
from flows.settings import load_settings
from transforms.config import ConfigError


def test_defaults_open_no_private_network(tmp_path):
    """Without a word from the user no internal address may be fetched."""
    settings = load_settings(tmp_path)

    assert settings.allow_private_addresses == ()
    assert settings.data == tmp_path / "data"


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    """A variable overrides sinowire.toml, which overrides the default."""
    (tmp_path / "sinowire.toml").write_text("timeout_seconds = 7\nconcurrency = 3\n")
    monkeypatch.setenv("SINOWIRE_TIMEOUT_SECONDS", "9")

    settings = load_settings(tmp_path)

    assert (settings.timeout_seconds, settings.concurrency) == (9, 3)


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
        pytest.param("concurrency = 0", r"sinowire.toml:1: \[concurrency\]", id="range"),
        pytest.param("\nconcurrency = 'two'", r"sinowire.toml:2: ", id="type"),
        pytest.param("concurrency =", r"sinowire.toml:1: not valid TOML", id="syntax"),
        pytest.param('reporting_zone = "Moon"', r"not an IANA time zone", id="zone"),
        pytest.param('allow_private_addresses = ["x"]', r"sinowire.toml:1", id="network"),
        pytest.param('user_agent = "机器"', r"sinowire.toml:1: \[user_agent\]", id="han"),
        pytest.param('user_agent = "a\\nb"', r"sinowire.toml:1: .*ASCII", id="line break"),
        pytest.param('user_agent = " "', r"sinowire.toml:1: .*ASCII", id="no name"),
        pytest.param('\nproxy = "localhost:8"', r"toml:2: \[proxy\]", id="no scheme"),
        pytest.param('proxy = "ftp://x.example"', r"http://host:port", id="ftp"),
        pytest.param('proxy = "http://"', r"http://host:port", id="no host"),
        pytest.param('proxy = "http://a:99999"', r"http://host:port", id="port"),
        pytest.param('rsshub = "hub:1200"', r"toml:1: \[rsshub\].*http://", id="hub"),
        pytest.param('rsshub = "http://hub:1200/?key=s"', r"without a query", id="key"),
        pytest.param('rsshub = "http://hub:99999"', r"toml:1: \[rsshub\]", id="hub port"),
        pytest.param('published_mode = "0666"', r"0600, 0640, 0644", id="mode"),
        pytest.param("published_mode = 0o640", r"416 is not one of .* quotes", id="octal"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path, text, message):
    """The error names file, line and key, and says what would be right."""
    (tmp_path / "sinowire.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=message):
        load_settings(tmp_path)


def test_names_and_proxies_that_work_are_kept(tmp_path):
    """Spaces around them do not matter, and an empty proxy is none."""
    file = tmp_path / "sinowire.toml"
    file.write_text('user_agent = " Desk/1 "\nproxy = "http://u:p@127.0.0.1:7890/"\n')
    settings = load_settings(tmp_path)
    assert settings.user_agent == "Desk/1"
    assert settings.proxy == "http://u:p@127.0.0.1:7890/"

    file.write_text('proxy = ""')
    assert load_settings(tmp_path).proxy is None


@pytest.mark.parametrize("found", [None, "somewhere"])
def test_a_socks_proxy_wants_its_package(tmp_path, monkeypatch, found):
    """Without it every fetch would fail, so that the file is refused before any."""
    monkeypatch.setattr(addresses, "find_spec", lambda _: found)
    (tmp_path / "sinowire.toml").write_text('proxy = "socks5://127.0.0.1:1080"')

    if found:
        assert load_settings(tmp_path).proxy == "socks5://127.0.0.1:1080"
    else:
        with pytest.raises(ConfigError, match="pip install socksio"):
            load_settings(tmp_path)


def test_a_wrong_proxy_is_not_repeated(tmp_path, monkeypatch):
    """It may hold a password."""
    monkeypatch.setenv("SINOWIRE_PROXY", "ftp://desk:hunter2@x.example")

    with pytest.raises(ConfigError, match="SINOWIRE_PROXY") as caught:
        load_settings(tmp_path)

    assert "hunter2" not in str(caught.value)


FILES = ["sinowire.toml", "feeds.toml", "watchlist.toml", "alerts.toml"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_utf8_is_named_with_its_line(home, name):
    """Whichever file it is: file, line of the first bad byte, and the remedy."""
    (home / name).write_bytes("# a\r\n# 新闻\r\n".encode("gbk"))

    with pytest.raises(ConfigError, match=rf"{name}:2: not UTF-8 .* save the file as"):
        load_config(load_settings(home)).check()


@pytest.mark.parametrize("name", FILES)
def test_a_folder_of_that_name_is_no_file(home, name):
    """What cannot be read is the configuration's fault."""
    (home / name).unlink(missing_ok=True)
    (home / name).mkdir()

    with pytest.raises(ConfigError, match=f"{name}: is a folder"):
        load_config(load_settings(home)).check()


def test_files_that_windows_saved_are_read(home):
    """A byte order mark and CR LF are no part of the text."""
    (home / "sinowire.toml").write_text("concurrency = 3\n", encoding="utf-8")
    for name in FILES:
        text = (home / name).read_text(encoding="utf-8")
        (home / name).write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))

    config = load_config(load_settings(home)).check()

    assert config.settings.concurrency == 3
    assert {company.company_id for company in config.watchlist.companies} == {
        "baidu",
        "roborock",
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hosts", '["desk.example"]', ("desk.example",)),
        ("translate", '{"seconds": 7}', 7),
        ("trusted_proxies", "10.0.0.0/8", (ipaddress.ip_network("10.0.0.0/8"),)),
        ("concurrency", "", 3),
    ],
)
def test_lists_and_tables_of_the_environment(tmp_path, monkeypatch, name, text, value):
    """JSON replaces a list and overlays a table; networks need none, nothing is not set."""
    file = tmp_path / "sinowire.toml"
    file.write_text('concurrency = 3\nhosts = ["x"]\n[translate]\ncommand = "t"')
    monkeypatch.setenv(f"SINOWIRE_{name.upper()}", text)

    found = getattr(load_settings(tmp_path), name)

    assert (found.seconds if name == "translate" else found) == value


@pytest.mark.parametrize("text", ["desk.example", "[" * 100_000, '{"a": 1}'])
def test_a_list_of_the_environment_that_is_none_is_named(tmp_path, monkeypatch, text):
    """What is not JSON, or not a list, is refused by its variable."""
    monkeypatch.setenv("SINOWIRE_HOSTS", text)

    with pytest.raises(ConfigError, match=r"SINOWIRE_HOSTS.*valid tuple"):
        load_settings(tmp_path)


def test_a_wrong_variable_is_named(tmp_path, monkeypatch):
    """A bad value in the environment is not blamed on the file."""
    monkeypatch.setenv("SINOWIRE_CONCURRENCY", "many")

    with pytest.raises(ConfigError, match="SINOWIRE_CONCURRENCY"):
        load_settings(tmp_path)


def test_a_beat_of_the_home_says_in_which_zone_days_are_counted(tmp_path):
    """Settings take precedence; what is no zone is refused where the beat says it."""
    head, file = tmp_path / "beats" / "n" / "beat.toml", tmp_path / "sinowire.toml"
    head.parent.mkdir(parents=True)
    file.write_text('beat = "n"\n', encoding="utf-8")
    head.write_text('id = "n"\nzone = "Europe/Oslo"\n', encoding="utf-8")
    said = load_settings(tmp_path).reporting_zone
    file.write_text('beat = "n"\nreporting_zone = "UTC"\n', encoding="utf-8")
    chosen = load_settings(tmp_path).reporting_zone
    file.write_text('beat = "n"\n', encoding="utf-8")
    refused = []
    for zone in ('"Mars/Base"', "3", '["UTC"]'):
        head.write_text(f'id = "n"\nzone = {zone}\n', encoding="utf-8")
        with pytest.raises(ConfigError, match="is not an IANA time zone") as found:
            load_settings(tmp_path)
        refused.append((found.value.source, found.value.line))

    assert (said, chosen) == ("Europe/Oslo", "UTC")
    assert refused == [(str(head), 2)] * 3
