"""Where a lake is: a setting that is read, and a password that nobody sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.lake.address import LakeAddress, check_catalog, holds_password, pairs_of

ADDRESS = LakeAddress("dbname=news host=db user=me password='it is'", Path("/lake"))


def test_it_is_named_without_its_password():
    """In an error, a log or a debugger there is the database and its host alone."""
    assert str(ADDRESS) == "the lake news on db"
    assert "it is" not in f"{ADDRESS!r}"


@pytest.mark.parametrize(
    "said",
    [
        "connection to \"password='it is' host=db\" failed",
        "FATAL: bad password it is, sorry",
    ],
)
def test_a_message_is_told_without_it(said):
    """PostgreSQL's messages repeat the address; ours do not."""
    assert "it is" not in ADDRESS.hide(said)


def test_what_was_set_wins():
    """Our names and pauses stand first: of two for one thing, libpq takes the later."""
    words = ADDRESS.connection("sinowire run on 'db\\' (12)")
    assert words.startswith("application_name='sinowire run on db (12)' ")
    assert "tcp_keepalives_idle=10" in words
    assert words.endswith(ADDRESS.catalog)


def test_options_that_were_set_stand_beside_ours():
    """They are one word of libpq's: the later would be all that the server hears."""
    own = r"-c search_path=a\ b -c lock_timeout=1s"
    catalog = "dbname=news options='" + own.replace("\\", r"\\") + "' host=db"
    words = LakeAddress(catalog, Path("/lake")).connection("test")
    assert dict(pairs_of(catalog))["options"] == own
    options = dict(pairs_of(words))["options"]
    assert options.startswith("-c tcp_keepalives_idle=10 ")
    assert options.endswith(f" -c lock_timeout=60s {own}")


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("postgres:dbname=x", "does not begin with ducklake:postgres:"),
        ("ducklake:postgres:postgresql://u:geheim@db/x", "pairs such as dbname="),
        ("ducklake:postgres:host=db", "pairs such as dbname="),
    ],
)
def test_another_form_is_refused_without_repeating_it(setting, problem):
    """It may hold a secret."""
    with pytest.raises(ValueError, match=problem) as refused:
        check_catalog(setting)
    assert "geheim" not in str(refused.value)


def test_pairs_are_libpqs():
    """Quotes hold spaces, backslashes hold quotes."""
    assert pairs_of(r"a=1 b = 'x \' y' c=") == [("a", "1"), ("b", "x ' y"), ("c", "")]
    assert holds_password("dbname=x password = y")
    assert not holds_password("dbname=passwords")
