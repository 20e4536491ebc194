"""What is told of the data is as new, and as complete, as it says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from email.utils import formatdate
from zoneinfo import ZoneInfo

import pytest

pytestmark = pytest.mark.slow

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
# Long over, so that no refresh of the last four weeks comes near.
BUSY = date(2026, 3, 18)
WORDS = ("alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "yew")


def line(number, day, **fields):
    at = datetime.combine(day, time(9), SHANGHAI).isoformat()
    word = WORDS[number % 10] + WORDS[number * 7 % 10] + str(number * 7919 % 99991)
    return json.dumps(
        {
            "url": f"https://x.example/{number}",
            "title": f"Baidu {word} opens {WORDS[number * 3 % 10]}",
            "publisher": "Outlet",
            "language": "en",
        }
        | (fields or {"published": at})
    )


@pytest.fixture
def imported(home, import_once):
    """Seven weeks of a story a day that ended with a day of nine."""
    rows = [line(n, BUSY - n * DAY) for n in range(1, 50)]
    rows += [line(n, BUSY) for n in range(100, 109)]
    (home / "history.jsonl").write_text("\n".join(rows))
    import_once("a-busy-day", home / "history.jsonl")


def asked(sinowire, query):
    _, out, _ = sinowire("sql", query, "--format", "json")
    return [tuple(row.values()) for row in json.loads(out)]


def test_an_import_computes_its_days(imported, sinowire):
    """Bursts, shifts and terms of the days that it brought, long ago or not."""
    assert (str(BUSY), "baidu") in asked(sinowire, "select day, subject_id from bursts")
    monday = BUSY - BUSY.weekday() * DAY
    days = "select relation from computed_days where day = '2026-03-18' order by relation"
    assert asked(sinowire, days) == [
        ("bursts",),
        ("emerging_terms",),
        ("level_shifts",),
    ]
    weeks = asked(sinowire, f"select count(*) from computed_days where day = '{monday}'")
    assert weeks == [(3,)]


def test_data_are_of_the_newest_imported_article(imported, sinowire):
    """Not of the moment of writing; what is old is told with a warning."""
    for args in (("trends",), ("doctor",), ("brief",), ("brief", "--format", "html")):
        code, out, err = sinowire(*args)
        assert code == 0
        text = out + err
        assert "the data are old: nothing" in text.lower()
        assert "18 Mar 2026, 09:00" in text or "2026-03-18 01:00 UTC" in text


def test_a_brief_in_chinese_warns_too(imported, sinowire):
    """Its basis and warning name the newest article's moment."""
    _, out, _ = sinowire("brief", "--language", "zh")

    assert "数据已过时：自2026年3月18日 09:00以来没有新数据" in out
    assert "数据截至2026年3月18日 09:00" in out


def test_a_brief_of_past_days_is_not_old(imported, sinowire):
    """What came by the end of its last day is all that there is to tell of it."""
    _, out, _ = sinowire("brief", "--until", str(BUSY), "--as-of", f"{BUSY}T05:00Z")

    assert "data are old" not in out
    assert "Data as of 18 Mar 2026, 09:00" in out


def test_nothing_stands_out_only_of_days_that_were_computed(imported, home, sinowire):
    """Of others a brief says that it does not know, and trends warn of them."""
    quiet = BUSY - 3 * DAY
    assert "Nothing stands out" in sinowire("brief", "--until", str(quiet))[1]
    assert "There is no article in this period" in sinowire("brief")[1]

    import duckdb  # noqa: PLC0415  only here

    with duckdb.connect(home / "data/sinowire.duckdb") as con:
        con.execute(f"delete from computed_days where day = '{quiet}'")

    _, out, _ = sinowire("brief", "--until", str(quiet))
    assert "Nothing stands out" not in out
    assert "bursts were not computed for 15 Mar" in out
    _, _, err = sinowire("trends", "--since", str(quiet), "--until", str(BUSY))
    assert "warning: bursts were not computed for 1 of the days from 2026-03-15" in err


def test_undated_rows_count_on_the_day_they_were_first_seen(home, sinowire):
    """Those that say when, in bursts too; an import says how many rows had no date."""
    rows = [line(n, BUSY - n * DAY) for n in range(1, 50)]
    rows += [
        line(n, BUSY, first_seen_at=f"{BUSY}T0{n % 9}:00:00Z") for n in range(100, 109)
    ]
    rows += [line(n, BUSY, summary="") for n in range(200, 220)]
    (home / "history.jsonl").write_text("\n".join(rows))

    _, _, err = sinowire("import", home / "history.jsonl")

    assert "29 without a date: each counts on the day of its first_seen_at" in err
    assert (str(BUSY), "baidu") in asked(sinowire, "select day, subject_id from bursts")
    today = datetime.now(UTC).astimezone(SHANGHAI).date()
    days = dict(
        asked(sinowire, "select day, stories from company_days where company_id = 'baidu'")
    )
    assert days[str(BUSY)] == 9
    assert days[str(today)] > 0
    # All at once they are no burst of today.
    assert asked(sinowire, f"select * from bursts where day = '{today}'") == []


def test_a_brief_says_how_many_feeds_answered(home, web, subscribe, sinowire):
    """And opens with a warning where they are too few."""
    web.feed("/good", ("https://x.example/1", "Baidu opens a plant", formatdate()))
    subscribe("/good", "/bad")
    sinowire("run")

    _, out, _ = sinowire("brief")
    assert "1 of 2 feeds answered when they were asked last" in out
    assert "Only 1 of 2 feeds answered" in out
    assert "data are old" not in out
    _, _, err = sinowire("trends")
    assert "warning: only 1 of 2 feeds answered" in err
    _, out, _ = sinowire("doctor", "--format", "json")
    [found] = [row for row in json.loads(out) if row["what"] == "freshness"]
    assert found["state"] == "warn"
    assert "1 of 2 feeds answered" in found["detail"]
