"""Pages as of an earlier moment: what had been seen by then, and the warnings of then."""

from __future__ import annotations

import re

import duckdb
import httpx
import pytest

from warehouse.file.connect import PUBLISHED_NAME

DAY = "2025-11-27"
WEEK = "2025-11-21"


def test_todays_page_has_a_permanent_address(get):
    """It shows the same rows under the same heading, and says of when it is."""
    page = get("/?language=zh").text
    [there] = re.findall(r'<a href="(/\?language=zh&amp;as_of=[^"]+)">Permanent', page)
    there = there.replace("&amp;", "&")
    later = get(there).text

    assert get(there.replace("/?", "/today.json?")).json() == (
        get("/today.json?language=zh").json()
    )
    assert re.findall(r"<h1>.*?</h1>", later) == re.findall(r"<h1>.*?</h1>", page)
    assert "As it was known on 30 Nov 2025" in later
    assert '<a href="/?language=zh">As it is known now</a>' in later
    assert "Permanent address" not in later


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        "/companies.json?", "/topics.json?", "/companies/baidu.json?table=days&",
        "/search.json?q=baidu&sort=newest&", "/trends.json?table=topics&",
        "/trends.json?table=share_of_voice&", "/topics/ai-models.json?table=outlets&",
    ],
)  # fmt: skip
def test_as_of_the_newest_data_is_as_of_now(get, asked):
    """The last day up to its end is what there is; one before it is less."""
    now = get(asked.rstrip("?&")).json()
    assert now
    assert get(f"{asked}as_of=2025-11-30").json() == now
    assert get(f"{asked}as_of=2025-11-25").json() != now


def test_numbers_of_then_open_the_stories_of_then(get):
    """Links of a page as of then stay there, where the next page can, and nowhere else."""
    rows = get(f"/companies.json?as_of={DAY}").json()
    busy = [row for row in rows if row["stories"]][:3]
    assert busy
    for row in busy:
        listed = get(
            f"/companies/{row['company_id']}.json?as_of={DAY}&since={WEEK}&until={DAY}"
            "&table=stories"
        )
        assert len(listed.json()) == min(row["stories"], 30)
        assert max(each["last_published_at"] for each in listed.json()) < "2025-11-27T16"
    page = get(f"/companies?as_of={DAY}").text
    assert f"?as_of={DAY}&amp;since={WEEK}&amp;until={DAY}#stories" in page
    assert f'href="/trends?as_of={DAY}"' in page
    assert 'href="/alerts"' in page
    # A page of a day is of then as well, and its navigation is of now.
    past = get(f"/{DAY}").text
    assert f"/companies/baidu?as_of={DAY}" in past or f"?as_of={DAY}&amp;day={DAY}" in past
    assert 'href="/companies"' in past


def test_a_story_found_as_of_then_has_the_counts_of_then(get, query):
    """Not those of the articles that came later."""
    rows = get(f"/search.json?q=baidu&ever=1&as_of={DAY}").json()
    known = dict(
        query(
            "select story_id, count(*) from articles where not is_digest and "
            "first_seen_at < timestamptz '2025-11-28 00:00:00+08' group by story_id"
        )
    )
    assert rows
    assert all(row["articles"] <= known[row["story_id"]] for row in rows)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2025-12-01", "the newest data are of 2025-11-30 08:00 UTC"),
        ("2025-11-30T08:00:01Z", "the newest data are of"),
        ("2025-11-30T25:00:00Z", "is not a day"),
        ("yesterday", "is not a day"),
    ],
)
def test_nothing_is_known_of_what_comes(get, as_of, said):
    """Nor of a day that is none."""
    answer = get("/companies", params={"as_of": as_of})
    assert answer.status_code == 400
    assert said in answer.text


def test_a_past_page_has_the_warnings_of_then(desk, copy_desk, serve_desk):
    """Feeds that fail now did not fail then; alerts are those of its day."""
    home = copy_desk(desk)
    with duckdb.connect(home / "data" / PUBLISHED_NAME) as con:
        con.execute("update feed_marks set outcome = 'transient_error'")
        con.execute(
            "update feed_polls set polled_at = timestamptz '2025-11-27 12:00:00+08'"
        )
        con.execute(
            "update alerts set created_at = timestamptz '2025-11-27 12:00:00+08', "
            "state = 'parked' where alert_id = (select min(alert_id) from alerts)"
        )
        [(title,)] = con.execute(
            "select title from alerts where alert_id = (select min(alert_id) from alerts)"
        ).fetchall()
        [(feeds, then)] = con.execute(
            "select asked, answered from freshness_at(timestamptz '2025-11-28 00:00:00+08')"
        ).fetchall()
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        now, past = client.get("/").text, client.get(f"/{DAY}").text

    assert then > 0
    assert f"0 of {feeds} feeds answered" in now
    assert "1 parked: a channel" in now
    assert f"0 of {feeds} feeds answered" not in past
    assert f"{then} of {feeds} feeds answered" in past
    assert title.split("&")[0].split("'")[0] in past.partition('id="inbox"')[2]
    assert "1 parked: a channel" not in past
