"""What the throwaway PostgreSQL promises to the tests that stand on it."""

from __future__ import annotations

import signal

import pytest


@pytest.mark.lake
def test_a_cluster_of_its_own_stops_and_comes_back(postgres):
    """A database is made, outlives a crash of its server, and wants the password."""
    dsn = postgres.make_database("promises")
    assert f"password={postgres.password}" in dsn
    postgres.sql("create table kept as select 1 as one", "promises")
    for how in (signal.SIGINT, signal.SIGQUIT):
        postgres.stop(how)
        with pytest.raises(RuntimeError, match="No such file"):
            postgres.sql("select 1")
        postgres.start()
    assert postgres.sql("select one, 'a b' from kept", "promises") == [("1", "a b")]
    with pytest.raises(RuntimeError, match="syntax error"):
        postgres.sql("selec 1")
    asked = ("psql", "-X", "-A", "-t", "-c", "select one from kept")
    assert postgres._run(*asked, dsn).strip() == "1"
    with pytest.raises(RuntimeError, match="password authentication failed"):
        postgres._run(*asked, postgres.dsn("promises", password="wrong"))
