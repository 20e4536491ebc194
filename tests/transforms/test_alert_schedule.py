"""When a message goes out: digests, quiet hours, rates, and the clocks of the world."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.alerts import AlertRules
from transforms.alerts.messages.plan import ASIDE_AFTER, MOST_TOGETHER, plan
from transforms.alerts.messages.schedule import gathers, hold, quiet_end
from transforms.models import Channel, Rate, Rule, Schedule, Waiting

SHANGHAI, NEW_YORK, LONDON = "Asia/Shanghai", "America/New_York", "Europe/London"
NOON = datetime(2026, 8, 4, 4, tzinfo=UTC)  # noon in Shanghai
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = (time(22), time(7))


def local(text, zone, fold=0):
    """Return the moment at which the clocks of *zone* show *text*."""
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return wall.astimezone(UTC)


# -- digests ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "at", "since", "due"),
    [
        pytest.param(
            SHANGHAI,
            time(8, 30),
            "2026-08-04T00:29:00Z",
            "2026-08-04T00:30:00Z",
            id="today, a minute ahead",
        ),
        pytest.param(
            SHANGHAI,
            time(8, 30),
            "2026-08-04T00:30:00Z",
            "2026-08-04T00:30:00Z",
            id="the very moment",
        ),
        pytest.param(
            SHANGHAI,
            time(8, 30),
            "2026-08-04T00:30:01Z",
            "2026-08-05T00:30:00Z",
            id="tomorrow",
        ),
        pytest.param(
            NEW_YORK,
            time(8, 30),
            "2026-03-07T20:00:00Z",
            "2026-03-08T12:30:00Z",
            id="on the day that summer time begins",
        ),
        pytest.param(
            NEW_YORK,
            time(2, 30),
            "2026-03-08T05:00:00Z",
            "2026-03-08T07:00:00Z",
            id="a time that the day does not have",
        ),
        pytest.param(
            NEW_YORK,
            time(2, 30),
            "2026-03-08T07:00:01Z",
            "2026-03-09T06:30:00Z",
            id="it happened when the clocks were set, so not again",
        ),
        pytest.param(
            NEW_YORK,
            time(1, 30),
            "2026-11-01T05:00:00Z",
            "2026-11-01T05:30:00Z",
            id="the first of two half past ones",
        ),
        pytest.param(
            NEW_YORK,
            time(1, 30),
            "2026-11-01T05:31:00Z",
            "2026-11-02T06:30:00Z",
            id="not the second one",
        ),
        pytest.param(
            LONDON,
            time(1, 15),
            "2026-03-29T00:00:00Z",
            "2026-03-29T01:00:00Z",
            id="London skips it",
        ),
        pytest.param(
            LONDON,
            time(1, 15),
            "2026-10-25T00:16:00Z",
            "2026-10-26T01:15:00Z",
            id="London has it twice",
        ),
    ],
)
def test_digest_is_due_by_the_clocks_of_its_zone(zone, at, since, due):
    """The first moment at or after the time of day, once a day whatever the clocks do."""
    schedule = Schedule(digest=(at,), zone=zone)
    since, due = datetime.fromisoformat(since), datetime.fromisoformat(due)

    if since < due:
        assert hold(schedule, since, since) == ("digest", due)
    assert hold(schedule, since, due) is None
    assert hold(schedule, since, due - timedelta(seconds=1)) == ("digest", due)
    assert gathers(schedule, since) == "digest"


@pytest.mark.parametrize("zone", [SHANGHAI, NEW_YORK, LONDON, "Australia/Lord_Howe", "UTC"])
def test_a_year_has_a_digest_a_day(zone):
    """Summer time neither drops a digest nor sends one twice."""
    schedule = Schedule(digest=(time(2, 15),), zone=zone)
    at, due = datetime(2026, 1, 1, tzinfo=UTC), []
    while at.year == 2026:
        kept = hold(schedule, at, at)
        at = kept[1] if kept else at
        due.append(at.astimezone(ZoneInfo(zone)).date())
        at += MINUTE

    assert [b - a for a, b in pairwise(due)] == [timedelta(days=1)] * (len(due) - 1)
    assert len(due) in (365, 366)


def test_several_digests_a_day():
    """The next of them is the one that counts."""
    schedule = Schedule(digest=(time(9), time(18)), zone=SHANGHAI)

    assert hold(schedule, NOON, NOON) == ("digest", local("2026-08-04T18:00", SHANGHAI))
    evening = local("2026-08-04T18:01", SHANGHAI)
    assert hold(schedule, evening, evening)[1] == local("2026-08-05T09:00", SHANGHAI)


# -- quiet hours -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "end"),
    [
        pytest.param(
            SHANGHAI,
            NIGHT,
            "2026-08-04T23:00",
            "2026-08-05T07:00",
            id="before midnight",
        ),
        pytest.param(
            SHANGHAI, NIGHT, "2026-08-05T03:00", "2026-08-05T07:00", id="after midnight"
        ),
        pytest.param(SHANGHAI, NIGHT, "2026-08-04T21:59", None, id="not yet"),
        pytest.param(
            SHANGHAI, NIGHT, "2026-08-04T22:00", "2026-08-05T07:00", id="it begins"
        ),
        pytest.param(SHANGHAI, NIGHT, "2026-08-05T07:00", None, id="it is over"),
        pytest.param(
            SHANGHAI,
            (time(12), time(14)),
            "2026-08-04T13:00",
            "2026-08-04T14:00",
            id="within a day",
        ),
        pytest.param(
            NEW_YORK,
            NIGHT,
            "2026-03-07T23:00",
            "2026-03-08T07:00",
            id="a night of eight hours",
        ),
        pytest.param(
            NEW_YORK,
            NIGHT,
            "2026-10-31T23:00",
            "2026-11-01T07:00",
            id="a night of ten hours",
        ),
        pytest.param(
            NEW_YORK,
            (time(22), time(2, 30)),
            "2026-03-07T23:00",
            "2026-03-08T03:00",
            id="ends at a time that the day does not have",
        ),
        pytest.param(
            LONDON,
            (time(0), time(1, 30)),
            "2026-10-25T00:30",
            "2026-10-25T01:30",
            id="ends at the first of two",
        ),
    ],
)
def test_quiet_hours_keep_the_clocks_of_their_zone(zone, quiet, now, end):
    """They may cross midnight, and are as long as that night is."""
    schedule = Schedule(quiet=quiet, zone=zone)
    now, end = local(now, zone), end and local(end, zone)

    assert quiet_end(schedule, now) == end
    assert hold(schedule, now, now) == (("quiet", end) if end else None)


def test_quiet_hours_that_the_day_does_not_have():
    """A span within the hour that is skipped holds nothing."""
    schedule = Schedule(quiet=(time(2, 10), time(2, 50)), zone=NEW_YORK)

    for minutes in range(180):
        now = local("2026-03-08T00:30", NEW_YORK) + minutes * MINUTE
        assert quiet_end(schedule, now) is None


def test_quiet_hours_end_once():
    """The hour that comes again in autumn is no second night."""
    schedule = Schedule(quiet=(time(22), time(1, 30)), zone=NEW_YORK)

    assert quiet_end(schedule, local("2026-11-01T01:29", NEW_YORK)) is not None
    assert quiet_end(schedule, local("2026-11-01T01:10", NEW_YORK, fold=1)) is None


def test_a_digest_in_quiet_hours_waits_for_their_end():
    """Nothing goes out in them, a digest least of all."""
    schedule = Schedule(digest=(time(23),), quiet=NIGHT, zone=SHANGHAI)
    morning = local("2026-08-05T07:00", SHANGHAI)

    assert hold(schedule, NOON, NOON) == ("digest", morning)
    midnight = local("2026-08-05T00:00", SHANGHAI)
    assert hold(schedule, NOON, midnight) == ("quiet", morning)
    assert hold(schedule, NOON, morning) is None


# -- the plan --------------------------------------------------------------------------


def message(seq, **fields):
    defaults = {
        "message_id": f"m{seq}",
        "channel_id": "desk",
        "rule_id": "giants",
        "severity": "normal",
        "seq": seq,
        "created_at": NOON,
    }
    return Waiting(**defaults | fields)


NO_SCHEDULE = Schedule()


def rules(schedule=NO_SCHEDULE, rate=None, own=None):
    desk = Channel(channel_id="desk", type="file", schedule=schedule, rate=rate)
    rule = Rule(rule_id="giants", channels=("desk",), schedule=own)
    return AlertRules(rules=(rule,), channels={"desk": desk})


def sent(made):
    return [s.message_ids for s in made.sendings]


def held(made):
    return {h.message_id: (h.why, h.until) for h in made.holds}


def test_without_a_schedule_all_go_at_once():
    """One by one, in the order of arrival."""
    made = plan([message(2), message(1)], rules(), {}, NOON)

    assert sent(made) == [("m1",), ("m2",)]
    assert [s.key for s in made.sendings] == ["m1", "m2"]
    assert [s.why for s in made.sendings] == [None, None]


def test_a_digest_goes_out_as_one():
    """What came before goes together, what comes after waits for the next."""
    daily = Schedule(digest=(time(12),), zone=SHANGHAI)
    late = message(3, created_at=NOON + MINUTE)

    made = plan([message(1), message(2), late], rules(daily), {}, NOON + MINUTE)

    assert sent(made) == [("m1", "m2")]
    assert made.sendings[0].why == "digest"
    assert held(made) == {"m3": ("digest", NOON + timedelta(days=1))}


def test_a_digest_of_one_is_no_digest():
    """A single alert goes out as itself, under its own key."""
    daily = Schedule(digest=(time(12),), zone=SHANGHAI)

    [only] = plan([message(1)], rules(daily), {}, NOON).sendings

    assert (only.key, only.bundle_id, only.why) == ("m1", None, None)


def test_a_large_digest_is_cut():
    """No parcel holds more alerts than a reader or a receiver takes."""
    daily = Schedule(digest=(time(12),), zone=SHANGHAI)

    made = plan([message(n) for n in range(250)], rules(daily), {}, NOON)

    assert [len(ids) for ids in sent(made)] == [MOST_TOGETHER, MOST_TOGETHER, 50]
    assert len({s.key for s in made.sendings}) == 3


def test_quiet_hours_hold_and_then_summarise():
    """At their end goes one digest, also where nobody looked meanwhile."""
    quiet = Schedule(quiet=NIGHT, zone=SHANGHAI)
    night, morning = (
        local("2026-08-04T23:00", SHANGHAI),
        local("2026-08-05T07:00", SHANGHAI),
    )
    messages = [message(n, created_at=night + n * MINUTE) for n in (1, 2)]

    assert held(plan(messages, rules(quiet), {}, night + HOUR)) == {
        "m1": ("quiet", morning),
        "m2": ("quiet", morning),
    }
    fresh = message(3, created_at=morning)
    made = plan([*messages, fresh], rules(quiet), {}, morning)
    assert sent(made) == [("m1", "m2"), ("m3",)]
    assert made.sendings[0].why == "quiet"


def test_a_rule_overrides_its_channel():
    """Also where it says that nothing is held at all."""
    daily = Schedule(digest=(time(18),), zone=SHANGHAI)

    assert sent(plan([message(1)], rules(daily, own=Schedule()), {}, NOON)) == [("m1",)]
    assert sent(plan([message(1)], rules(Schedule(), own=daily), {}, NOON)) == []


def test_urgent_waits_for_nothing():
    """No digest, no quiet hours, no rate."""
    noon = Schedule(digest=(time(18),), quiet=(time(11), time(13)), zone=SHANGHAI)
    full = {"desk": {"m0": NOON}}

    made = plan(
        [message(1), message(2, severity="urgent")],
        rules(noon, Rate(count=1, period=HOUR)),
        full,
        NOON,
    )

    assert sent(made) == [("m2",)]


def test_the_last_sending_of_a_rate_takes_the_rest():
    """Of twenty an hour the twentieth is a digest of all that would be too many."""
    twenty = rules(rate=Rate(count=20, period=HOUR))

    made = plan([message(n) for n in range(50)], twenty, {}, NOON)

    assert [len(ids) for ids in sent(made)] == [1] * 19 + [31]
    assert made.sendings[-1].why == "rate"
    assert not made.holds


def test_what_is_too_much_for_a_rate_waits_until_there_is_room():
    """As soon as the oldest sending is an hour old, all of it goes as one."""
    two = rules(rate=Rate(count=2, period=HOUR))
    recent = {"desk": {"m8": NOON - 50 * MINUTE, "m9": NOON - 10 * MINUTE}}
    messages = [message(1), message(2)]

    free = NOON + 10 * MINUTE
    assert held(plan(messages, two, recent, NOON)) == {
        "m1": ("rate", free),
        "m2": ("rate", free),
    }
    made = plan(messages, two, recent, free)
    assert sent(made) == [("m1", "m2")]
    assert made.sendings[0].why == "rate"


def test_to_try_again_is_no_other_sending():
    """A message that has its place within the window may be tried again."""
    one = rules(rate=Rate(count=1, period=HOUR))
    again = message(1, attempts=1, next_attempt_at=NOON)

    made = plan([again, message(2)], one, {"desk": {"m1": NOON - MINUTE}}, NOON)

    assert sent(made) == [("m1",)]
    assert held(made) == {"m2": ("rate", NOON + HOUR)}
    # One whose place has passed waits for another.
    late = message(2, attempts=1, next_attempt_at=NOON)
    made = plan([late], one, {"desk": {"m1": NOON - MINUTE}}, NOON)
    assert (sent(made), held(made)) == ([], {"m2": ("rate", NOON + HOUR - MINUTE)})


def test_while_one_waits_the_later_ones_wait():
    """The order within a channel is kept; a person may ask not to wait."""
    failed = message(1, attempts=1, next_attempt_at=NOON + MINUTE)
    waiting = [failed, message(2, severity="urgent")]

    assert plan(waiting, rules(), {}, NOON) == plan([], rules(), {}, NOON)
    assert sent(plan(waiting, rules(), {}, NOON, force=True)) == [("m1",), ("m2",)]
    assert sent(plan(waiting, rules(), {}, NOON + MINUTE)) == [("m1",), ("m2",)]


@pytest.mark.parametrize(("attempts", "first"), [(3, []), (4, [("m2",)])])
def test_four_failures_are_again_and_again(attempts, first):
    """Who failed three times is waited for: the channel may just be restarting."""
    failed = message(1, attempts=attempts, next_attempt_at=NOON + MINUTE)

    assert sent(plan([failed, message(2)], rules(), {}, NOON)) == first


def test_who_fails_again_and_again_steps_aside():
    """The others go first, so that one bad alert does not keep them back."""
    poisoned = message(1, attempts=ASIDE_AFTER, next_attempt_at=NOON + MINUTE)

    assert sent(plan([poisoned, message(2)], rules(), {}, NOON)) == [("m2",)]
    later = NOON + MINUTE
    assert sent(plan([poisoned, message(2)], rules(), {}, later)) == [("m2",), ("m1",)]


@pytest.mark.parametrize("fields", [{}, {"held": "digest", "bundle_id": "b1"}])
def test_a_failure_of_days_to_come_keeps_nobody_waiting(fields):
    """The clock was set back since: no pause is that long."""
    longest = NOON + timedelta(hours=7.5)
    failed = message(1, attempts=1, next_attempt_at=longest, **fields)
    later = changed(failed, next_attempt_at=longest + timedelta(seconds=1))

    assert sent(plan([failed, message(2)], rules(), {}, NOON)) == []
    assert sent(plan([later, message(2)], rules(), {}, NOON)) == [("m1",), ("m2",)]


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        (Schedule(digest=(time(18),), zone=SHANGHAI), "2026-08-04T18:00"),
        (Schedule(digest=(time(23),), quiet=NIGHT, zone=SHANGHAI), "2026-08-05T07:00"),
        (Schedule(quiet=(time(11), time(14)), zone=SHANGHAI), "2026-08-04T14:00"),
    ],
    ids=["digest", "digest within quiet hours", "quiet"],
)
@pytest.mark.parametrize("known", [True, False], ids=["held before", "new"])
def test_a_message_of_days_to_come_keeps_its_hours(schedule, due, known):
    """It came while the clock was ahead, and goes out as if it had come just now."""
    due, coming = local(due, SHANGHAI), NOON + timedelta(days=30)
    old = {"held": "digest", "next_attempt_at": coming + HOUR} if known else {}
    one, now, late = message(1, created_at=coming, **old), NOON, 7 * MINUTE
    while now < due:
        made = plan([one], rules(schedule), {}, now)
        assert not made.sendings
        [kept] = made.holds
        assert now < kept.until <= due
        one = changed(one, held=kept.why, next_attempt_at=kept.until)
        now += 50 * MINUTE

    assert sent(plan([one], rules(schedule), {}, due + late)) == [("m1",)]


def test_a_digest_stays_as_it_was_put_together():
    """Its members and key are those of the first attempt, whatever came since."""
    daily = rules(Schedule(digest=(time(12),), zone=SHANGHAI))
    [first] = plan([message(1), message(2)], daily, {}, NOON).sendings
    tried = {"bundle_id": first.bundle_id, "held": "digest", "attempts": 1}
    members = [message(n, **tried) for n in (1, 2)]
    newer = [message(n, created_at=NOON + HOUR) for n in (3, 4)]

    tomorrow = NOON + timedelta(days=1)
    made = plan([*newer, *members], daily, {}, tomorrow)

    assert made.sendings[0] == first
    assert sent(made) == [("m1", "m2"), ("m3", "m4")]


def test_what_was_tried_alone_stays_alone():
    """A receiver may have it already, under its own key."""
    quiet = rules(Schedule(quiet=NIGHT, zone=SHANGHAI))
    night, morning = (
        local("2026-08-04T23:00", SHANGHAI),
        local("2026-08-05T07:00", SHANGHAI),
    )
    tried = message(1, attempts=1, created_at=night, next_attempt_at=night)
    waiting = [tried, message(2, created_at=night), message(3, created_at=night)]

    made = plan(waiting, quiet, {}, night)
    assert held(made) == dict.fromkeys(("m1", "m2", "m3"), ("quiet", morning))
    assert sent(plan(waiting, quiet, {}, morning)) == [("m1",), ("m2", "m3")]


def test_what_may_have_arrived_stays_alone():
    """Somebody took it, alone, and died: no digest takes it in."""
    daily = rules(Schedule(digest=(time(12),), zone=SHANGHAI))
    waiting = [message(1, is_left=True), message(2), message(3)]

    made = plan(waiting, daily, {}, NOON)

    assert next((s.key, s.message_ids) for s in made.sendings) == ("m1", ("m1",))
    assert sent(made)[1:] == [("m2", "m3")]


# -- what holds for every plan ---------------------------------------------------------

TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30)))
SCHEDULES = st.builds(
    Schedule,
    digest=st.lists(TIMES, max_size=2, unique=True).map(tuple),
    quiet=st.none() | st.tuples(TIMES, TIMES).filter(lambda span: span[0] != span[1]),
    zone=st.sampled_from((SHANGHAI, NEW_YORK, LONDON)),
)
RATES = st.none() | st.builds(
    Rate, count=st.integers(1, 4), period=st.sampled_from((HOUR, 5 * HOUR))
)
# Around both changes of the clocks in New York.
STARTS = st.sampled_from(
    [datetime(2026, 3, 8, 0, tzinfo=UTC), datetime(2026, 11, 1, 0, tzinfo=UTC)]
)
ARRIVALS = st.lists(
    st.tuples(st.integers(0, 40 * 60), st.sampled_from(("low", "normal", "urgent"))),
    min_size=1,
    max_size=25,
)


def live_through(arrivals, made_rules, start, failing, days=6):
    """Deliver every ten minutes; return what went out when, and what was left."""
    log, recent, tries = [], {}, Counter()
    coming = [
        message(n, created_at=start + minute * MINUTE, severity=severity)
        for n, (minute, severity) in enumerate(sorted(arrivals))
    ]
    waiting: dict[str, Waiting] = {}
    now = start
    while now < start + timedelta(days=days):
        while coming and coming[0].created_at <= now:
            one = coming.pop(0)
            waiting[one.message_id] = one
        made = plan(waiting.values(), made_rules, {"desk": recent}, now)
        for kept in made.holds:
            waiting[kept.message_id] = changed(
                waiting[kept.message_id], held=kept.why, next_attempt_at=kept.until
            )
        for sending in made.sendings:
            recent[sending.key] = now
            tries[sending.key] += 1
            fails = (len(recent) + tries[sending.key]) % 7 in failing
            log.append((now, sending, fails, {m: waiting[m] for m in sending.message_ids}))
            for key in sending.message_ids:
                tried = changed(
                    waiting.pop(key),
                    held=sending.why,
                    bundle_id=sending.bundle_id,
                    attempts=tries[sending.key],
                    next_attempt_at=now + 15 * MINUTE,
                )
                if fails:
                    waiting[key] = tried
            if fails:
                break
        now += 10 * MINUTE
    return log, waiting


def changed(one, **fields):
    kept = {name: getattr(one, name) for name in Waiting.__dataclass_fields__}
    return Waiting(**kept | fields)


@settings(deadline=None, max_examples=150)
@given(
    ARRIVALS,
    SCHEDULES,
    st.none() | SCHEDULES,
    RATES,
    STARTS,
    st.sets(st.integers(0, 6), max_size=2),
)
def test_whatever_the_schedule_nothing_is_lost(
    arrivals, channel, own, rate, start, failing
):
    """All arrive once, in order where nothing held them, within rate and quiet hours."""
    schedule = own or channel
    log, left = live_through(arrivals, rules(channel, rate, own), start, failing)

    arrived = [m for _, sending, fails, _ in log if not fails for m in sending.message_ids]
    assert sorted(arrived) == sorted(f"m{n}" for n in range(len(arrivals)))
    assert not left
    keys = {m: sending.key for _, sending, _, _ in log for m in sending.message_ids}
    for now, sending, _, members in log:
        assert all(keys[m] == sending.key for m in sending.message_ids)
        places = [one.seq for one in members.values()]
        assert places == sorted(places)
        if all(one.severity != "urgent" for one in members.values()):
            assert quiet_end(schedule, now) is None
    for one in (m for *_, members in log for m in members.values()):
        if one.severity == "urgent":
            assert one.held is None
    free = [
        one.seq
        for _, sending, fails, members in log
        if not fails
        for one in members.values()
        if one.severity == "urgent" and one.attempts < ASIDE_AFTER
    ]
    assert free == sorted(free)


@settings(deadline=None, max_examples=150)
@given(
    ARRIVALS, SCHEDULES, RATES.filter(bool), STARTS, st.sets(st.integers(0, 6), max_size=2)
)
def test_a_rate_is_never_exceeded(arrivals, schedule, rate, start, failing):
    """In no window are there more sendings than it says, but for urgent ones."""
    log, _ = live_through(arrivals, rules(schedule, rate), start, failing)

    for end, *_ in log:
        within = {
            sending.key
            for at, sending, _, members in log
            if end - rate.period < at <= end
            and all(m.severity != "urgent" for m in members.values())
        }
        assert len(within) <= rate.count
