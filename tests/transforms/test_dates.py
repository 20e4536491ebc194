"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates import EARLIEST, MAX_AHEAD, parse_date

NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)
TEN = "2026-08-23T10:00"


def read(raw, zone="UTC"):
    dated = parse_date(raw, zone=zone, now=NOW)
    return dated and dated.at.isoformat(timespec="seconds").removesuffix(":00+00:00")


@pytest.mark.parametrize(
    "raw",
    [
        "Sun, 23 Aug 2026 10:00:00 GMT",
        "Sun, 23 Aug 2026 10:00 GMT",
        "23 Aug 26 10:00:00 Z",
        "Sunday, 23-Aug-26 10:00:00 GMT",
        "Sunday, August 23rd, 2026 at 10:00 AM UTC",
        "Aug 23, 2026 10:00",
        "Sun Aug 23 10:00:00 2026",
        "Sun Aug 23 10:00:00 UTC 2026",
        "23 août 2026 10:00",
        "23. August 2026 10:00",
        "23 Aug. 2026, 10:00",
        "2026-08-23T10:00:00Z",
        "2026-08-23T10:00:00.123Z",
        "2026-08-23T10:00:00+00:00",
        "2026-08-23T18:00:00+08:00",
        "2026-08-23 18:00:00  +0800",
        "2026-08-23T18:00+08",
        "20260823T100000Z",
        "20260823 10:00:00",
        "2026-8-23 10:0:0",
        "2026/8/23 10:00:00",
        "2026.08.23 10:00",
        "2026. 8. 23. 10:00",
        "2026年8月23日 10:00",
        "2026年08月23日10时00分00秒",
        "2026年8月23日 星期日 上午10:00",
        "2026年8月23日（周日）10点00分",
        "２０２６-０８-２３ １０：００",
        "08/23/2026 10:00",
        "23/08/2026 10:00",
        "23.08.2026 10:00",
        "26/08/23 10:00",
        "26-08-23 10:00",
        "Sun, 23 Aug 2026 18:00:00 HKT",
        "Sun, 23 Aug 2026 18:00:00 GMT+8",
        "2026-08-23 18:00 北京时间",
        "Sun, 23 Aug 2026 18:00:00 +0800 (CST)",
        "2026-08-23 19:00 Asia/Tokyo",
        "Sun Aug 23 2026 18:00:00 GMT+0800 (中国标准时间)",
        "Sun, 23 Aug 2026 06:00:00 EDT",
        "Sun, 23 Aug 2026 10:00:00 A",
        "1787479200",
        "1787479200.0",
        "1787479200000",
        "1787479200000000",
    ],
)
def test_same_instant_in_every_form(raw):
    """RFC 822, ISO 8601, Chinese, American and machine forms name the same instant."""
    assert read(raw) == TEN


@pytest.mark.parametrize(
    ("raw", "zone", "expected"),
    [
        ("2026-08-23 18:00:00", "Asia/Shanghai", TEN),
        ("2026年8月23日 18:00", "Asia/Shanghai", TEN),
        ("2026/8/23 下午6:00", "Asia/Shanghai", TEN),
        ("2026-08-23 6:00 PM", "Asia/Shanghai", TEN),
        ("2026-08-23 06:00:00 pm", "Asia/Shanghai", TEN),
        ("Sun, 23 Aug 2026 18:00:00 CST", "Asia/Shanghai", TEN),
        ("Sun, 23 Aug 2026 18:00:00 CST", "Asia/Taipei", TEN),
        ("Sun, 23 Aug 2026 04:00:00 CST", "UTC", TEN),
        ("2026-08-23", "Asia/Shanghai", "2026-08-22T16:00"),
        ("2026-08-22 24:00", "UTC", "2026-08-23T00:00"),
        ("2026-08-22T23:59:60Z", "UTC", "2026-08-22T23:59:59+00:00"),
        ("2026-08-23 12:30 AM", "UTC", "2026-08-23T00:30"),
        ("2026-08-23 凌晨12:30", "UTC", "2026-08-23T00:30"),
        ("2026-08-22 中午1:30", "UTC", "2026-08-22T13:30"),
        ("2026-08-22 中午12:30", "UTC", "2026-08-22T12:30"),
        ("2026-08-22 晚上9:05", "UTC", "2026-08-22T21:05"),
        ("2026-07", "UTC", "2026-07-01T00:00"),
        ("2026年7月", "UTC", "2026-07-01T00:00"),
        ("20260801", "UTC", "2026-08-01T00:00"),
        ("Thu, 01 Jan 04 19:48:21 GMT", "UTC", "2004-01-01T19:48:21+00:00"),
        ("Fri, 01 Jan 99 00:00:00 GMT", "UTC", "1999-01-01T00:00"),
        ("05/06/2026", "UTC", "2026-06-05T00:00"),
        ("10/09/2026", "UTC", None),
    ],
)
def test_zone_and_form(raw, zone, expected):
    """What names no zone is the feed's; ambiguous forms mean the likely reading."""
    assert read(raw, zone) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("刚刚", "2026-08-23T12:00"),
        ("just now", "2026-08-23T12:00"),
        ("30秒前", "2026-08-23T11:59:30+00:00"),
        ("5分钟前", "2026-08-23T11:55"),
        ("3小时前", "2026-08-23T09:00"),
        ("3 個小時前", "2026-08-23T09:00"),
        ("半小时前", "2026-08-23T11:30"),
        ("两天前", "2026-08-21T12:00"),
        ("1周前", "2026-08-16T12:00"),
        ("约2个月前", "2026-06-24T12:00"),
        ("2 hours ago", "2026-08-23T10:00"),
        ("an hour ago", "2026-08-23T11:00"),
        ("about half an hour ago", "2026-08-23T11:30"),
        ("15 mins ago", "2026-08-23T11:45"),
        ("3d ago", "2026-08-20T12:00"),
        ("昨天 10:00", "2026-08-22T02:00"),
        ("昨天", "2026-08-21T16:00"),
        ("前天 下午3:05", "2026-08-21T07:05"),
        ("今天 08:30", "2026-08-23T00:30"),
        ("yesterday at 6:00 PM", "2026-08-22T10:00"),
        ("10:00", "2026-08-23T02:00"),
        ("23:00", "2026-08-22T15:00"),
        ("08-22 10:00", "2026-08-22T02:00"),
        ("8月22日", "2026-08-21T16:00"),
        ("12-31 10:00", "2025-12-31T02:00"),
    ],
)
def test_counting_back_from_now(raw, expected):
    """Relative dates count from the poll, in the feed's zone, and say that they did."""
    dated = parse_date(raw, zone="Asia/Shanghai", now=NOW)

    assert read(raw, "Asia/Shanghai") == expected
    assert dated.origin == "relative"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "garbage",
        "0",
        "-1",
        "1970-01-01",
        "1994-12-31",
        "2030-01-01",
        "0001-01-01",
        "Mon, 31 Feb 2026 10:00:00 GMT",
        "2026-13-01",
        "2026-08-23 25:00",
        "2026-08-23 10:61",
        "Sun, 23 Foo 2026 10:00:00 GMT",
        "2026-08-23 10:00 Nowhere/City",
        "2026-08-23 10:00 +99:00",
        "31-31 10:00",
        "昨天 99:00",
        "99999999999999999999",
        "999999999年前",
        "2026-08-23 10:00 XYZT",
    ],
)
def test_no_date(raw):
    """What is no date, or an absurd one, is none."""
    assert parse_date(raw, zone="Asia/Shanghai", now=NOW) is None


@given(
    st.datetimes(datetime(1995, 1, 2), datetime(2026, 8, 23), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([0, 8, -5, 5.5]),
)
def test_iso_dates_come_back(at, hours):
    """Any instant written in ISO 8601 with an offset is read as itself."""
    at = at.replace(microsecond=0)
    local = (at + timedelta(hours=hours)).replace(tzinfo=None)
    sign, minutes = ("-" if hours < 0 else "+"), int(abs(hours) * 60)
    raw = f"{local.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"

    assert parse_date(raw, zone="UTC", now=NOW).at == at


@given(st.text(max_size=60))
def test_nothing_absurd_comes_out(raw):
    """No text is read as a date before feeds were or after tomorrow."""
    dated = parse_date(raw, zone="Asia/Shanghai", now=NOW)

    assert dated is None or EARLIEST <= dated.at <= NOW + MAX_AHEAD
