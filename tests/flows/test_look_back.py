"""Looking back: what trends and briefs may know, and how they refuse what is not there."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.console.ask import Language
from flows.steps.brief import window
from flows.steps.published import published
from flows.steps.statistics import look_back
from transforms.words import LANGUAGES

pytestmark = pytest.mark.slow

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = datetime.now(SHANGHAI).date()
# A Wednesday that is over, with the late articles of the day after it.
BUSY = TODAY - DAY * ((TODAY.weekday() - 2) % 7 + 7)


def at(day, hour):
    return datetime.combine(day, time(hour), SHANGHAI)


def line(number, published_at, *, seen=None, word=""):
    """Return a line of history with a headline that is like no other."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    names = [digest[n : n + 6].translate(str.maketrans("0123456789", "ghijklmnop"))
             for n in (0, 8, 16, 24)]  # fmt: skip
    return json.dumps(
        {
            "url": f"https://x.example/{number}",
            "title": f"Baidu {' '.join(names)} {word}".strip(),
            "published_at": published_at.isoformat(),
            "first_seen_at": (seen or published_at).isoformat(),
            "publisher": "Outlet",
            "language": "en",
        }
    )


@pytest.fixture
def past(home, sinowire, tmp_path):
    """Six weeks of a story a day; on one day six, of which five more came in late."""
    quiet = [line(n, at(BUSY - n * DAY, 9)) for n in range(42)]
    busy = [line(n, at(BUSY, 10)) for n in range(100, 105)]
    late = [
        line(n, at(BUSY, 11), seen=at(BUSY + DAY, 12), word="hovercraft")
        for n in range(200, 205)
    ]
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join([*quiet, *busy, *late]), encoding="utf-8")
    code, said, error = sinowire("import", file)
    assert (code, "52 new articles" in said) == (0, True), (said, error)


def bursts(sinowire, *args):
    period = ["--since", BUSY - 6 * DAY, "--until", BUSY]
    _, out, _ = sinowire("trends", *period, "--format", "json", *args)
    rows = [row for row in json.loads(out) if row["part"] == "bursts"]
    return [(row["subject_id"], row["day"], row["observed"]) for row in rows]


def test_trends_as_of_do_not_know_what_came_in_later(past, sinowire):
    """The burst has the stories seen by then, and before its day there is none."""
    evening = ["--as-of", at(BUSY, 23).isoformat()]

    assert bursts(sinowire) == [("baidu", str(BUSY), 11)]
    assert bursts(sinowire, *evening) == [("baidu", str(BUSY), 6)]
    assert bursts(sinowire, "--as-of", at(BUSY, 8).isoformat()) == []
    assert bursts(sinowire, "--as-of", datetime.now(UTC).isoformat()) == bursts(sinowire)
    _, _, said = sinowire("trends", *evening)
    assert f"as of {at(BUSY, 23).astimezone(UTC):%Y-%m-%d %H:%M} UTC" in said
    assert "today's rules and story ids" in said


def test_terms_as_of_are_found_in_the_headlines_of_then(past, config):
    """A word that came in later does not emerge before it did."""
    days = {"since": BUSY - 2 * DAY, "until": BUSY + 2 * DAY}

    with published(config().settings) as con:
        before = look_back(con, **days, as_of=at(BUSY, 23))
        after = look_back(con, **days, as_of=at(BUSY + DAY, 23))

    assert [term.term for term in before.terms] == []
    assert [term.term for term in after.terms] == ["hovercraft"]


@pytest.mark.parametrize(
    ("shape", "language", "said"),
    [
        ("markdown", "en", "under today's rules and story ids"),
        ("html", "en", "under today&#39;s rules and story ids"),
        ("markdown", "zh", "按今天的规则与事件归并"),
        ("html", "zh", "按今天的规则与事件归并"),
    ],
)
def test_a_brief_as_of_says_so_and_knows_no_more(past, sinowire, shape, language, said):
    """Six stories had been seen, five came later; the printed query is of then."""
    asked = ["brief", "--until", BUSY, "--format", shape, "--language", language]
    asked += ["--show-queries"] if shape == "markdown" else []
    _, now, _ = sinowire(*asked)
    code, then, _ = sinowire(*asked, "--as-of", at(BUSY, 23).isoformat())

    assert code == 0
    assert said in then
    assert said not in now
    assert "hovercraft" in now
    assert "hovercraft" not in then
    assert {"en": "6 stories on", "zh": "有6个事件"}[language] in then
    assert "in Python, from the counts" in then
    assert "from bursts" in now
    assert "from bursts" not in then


def test_a_brief_of_whole_days_is_titled_by_them(past, sinowire):
    """A week is numbered where its days are Monday to Sunday."""
    sunday = BUSY + 4 * DAY
    year, week, _ = sunday.isocalendar()

    _, whole, _ = sinowire("brief", "--period", "week", "--until", sunday)
    _, other, _ = sinowire("brief", "--period", "week", "--until", BUSY)
    _, rolling, _ = sinowire("brief", "--period", "week")

    assert whole.startswith(f"# China tech, week {week} of {year}: ")
    assert other.startswith(f"# China tech, 7 days to {BUSY.day} ")
    assert rolling.startswith("# China tech, 7 days to ")


def test_a_window_ends_now_at_the_latest():
    """A day that is not over yet is told as far as it has come."""
    now = at(BUSY, 15)
    zone = {"zone": "Asia/Shanghai"}

    assert window("week", now=now, last=None, **zone) == (now - 7 * DAY, now)
    assert window("day", now=now, last=BUSY, **zone) == (at(BUSY, 0), now)
    assert window("day", now=now + DAY, last=BUSY, **zone) == (
        at(BUSY, 0),
        at(BUSY + DAY, 0),
    )
    # In Berlin the last Sunday of October has 25 hours.
    sunday = datetime(2026, 10, 25, tzinfo=UTC).date()
    since, until = window("day", now=now + 90 * DAY, last=sunday, zone="Europe/Berlin")
    assert until - since == 25 * HOUR


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["brief", "--until", "2927-05-01"], "--until 2927-05-01 is still to come: it is"),
        (
            ["brief", "--until", BUSY, "--as-of", f"{BUSY - DAY}T00:00Z"],
            f"is still to come: it is {BUSY - DAY} in Asia/Shanghai",
        ),
        (["brief", "--language", "fr"], "'fr' is not one of 'en', 'zh'"),
        (["trends", "--company", "roborok"], "the nearest is 'roborock'"),
        (["trends", "--company", "百度"], "the nearest is 'baidu'"),
        (["trends", "--company", "qqqqq"], "no company 'qqqqq' in the watchlist; none is"),
        (["trends", "--topic", "robotic"], "no topic 'robotic' in the watchlist; the near"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(past, sinowire, args, message):
    """A day to come, a language without words, a name that nobody has: exit code 2."""
    code, _, said = sinowire(*args)

    assert code == 2
    assert message in " ".join(said.split())


def test_a_brief_is_offered_in_the_languages_it_has_words_for():
    """The option and the phrases name the same languages."""
    assert tuple(Language) == LANGUAGES
