"""What runs when, on one machine and on many."""

from __future__ import annotations

from flows.orchestration.schedules import SCHEDULES, queue_of, sharded
from flows.orchestration.up import DATABASE, _desk, _python


def test_each_machine_polls_one_shard_and_all_else_runs_once():
    """A queue a machine; what runs once is the first one's."""
    made = {schedule.name: schedule for schedule in sharded(3)}

    assert list(made) == [
        *("ingest-1", "ingest-2", "ingest-3"),
        *("deliver", "trends", "maintain"),
    ]
    for number in (1, 2, 3):
        ingest = made[f"ingest-{number}"]
        assert ingest.parameters == {"shard": f"{number}/3"}
        assert ingest.queue == queue_of(number)
    assert {made[each].queue for each in ("deliver", "trends", "maintain")} == {"host-1"}
    assert all(schedule.parameters == {} for schedule in SCHEDULES)


def test_the_database_of_the_server_is_nobody_elses_secret(config, monkeypatch):
    """The server alone is told; the desk does not even learn the sign-in."""
    secrets = (*DATABASE, "PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING")
    for name in secrets:
        monkeypatch.setenv(name, "postgresql+asyncpg://prefect:sesame@db/prefect")

    runner = _python(
        config().settings.home, "runner", "flows.orchestration.serve", env={"ours": "1"}
    )
    desk = _desk(config().settings.home, 8330, "http://127.0.0.1:4200")

    assert runner.env["ours"] == "1"
    assert not set(DATABASE) & set(runner.env)
    assert not set(secrets) & set(desk.env)
