"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates.parse import EARLIEST, MAX_AHEAD, parse_date

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
        "23.8.2026 um 10 Uhr",
        "23.08.2026, 10.00 Uhr",
        "23. August 2026 um 10:00 Uhr",
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
        "1787479200000000000",
        "/Date(1787479200000)/",
        "/Date(1787479200000+0800)/",
        "202608231000",
        "20260823100000",
        "2026-235T10:00:00Z",
        "2026-W34-7 10:00",
        "2026年8月23日10时",
        "2026年8月23日 10点钟",
        "二〇二六年八月二十三日 十时",
        "二零二六年八月廿三日10时00分",
        "民国115年8月23日 10:00",
        "中華民國115年08月23日 上午10:00",
        "115/08/23 10:00",
        "令和8年8月23日 10:00",
        "2026년 8월 23일 오전 10:00",
        "2026년 8월 23일 (일) 10시 00분",
        "2026-08-23（日）10:00",
        "2026年08月23日　10：00：00",
        "２０２６年８月２３日　１０：００",
        "发布时间：2026-08-23 10:00",
        "发表于 2026-08-23 10:00",
        "更新于2026年8月23日 10:00",
        "2026-08-23 10:00 发布",
        "Published: Aug 23, 2026 10:00 AM",
        "Posted on August 23, 2026 at 10 AM",
        "Date: Sun, 23 Aug 2026 10:00:00 GMT",
        "10:00 23 Aug 2026",
        "10:00, 23/08/2026",
        "Aug 23, 2026, 10 a.m.",
        "2026-08-23 10:00 2026-08-24 11:00",
        "2026-08-23 10:00 更新：2026-08-24 11:00",
        "2026-08-23 10:00 / 2026-08-24",
        '<time datetime="2026-08-23T10:00:00Z">Aug 23</time>',
        "<span>2026-08-23</span> <b>10:00</b>",
        "2026-08-23&nbsp;10:00",
        "2026年8月23日 10:00（农历七月十一）",
        "dim., 23 août 2026 10:00",
        "23 de agosto de 2026 10:00",
        "23 agosto 2026, ore 10:00",
        "23 августа 2026 г. 10:00",
        "So, 23. August 2026 um 10:00",
        "Sun, 23 Aug 2026 10:00:00 -0000",
        "Sun, 23 Aug 2026 10:00:00.000 +0000",
        "2026-08-23T18:00:00+08:00[Asia/Shanghai]",
        "2026-08-23 18:00:00 +0800 CST",
        "2026-08-23 18:00 UTC+08:00",
        "2026-08-23 18:00 (UTC+8)",
        "2026-08-23 18:00 UTC/GMT+8",
        "2026-08-23 18:00 +8",
        "2026-08-23 18:00 +8:00",
        "2026-08-23 18:00 +800",
        "2026-08-23 18:00 Beijing time",
        "2026-08-23 18:00 China Standard Time",
        "2026-08-23 18:00 北京时间（UTC+8）",
        "北京时间 2026-08-23 18:00",
        "北京时间2026年8月23日18时",
        "2026-08-23 18:00 PRC",
        "2026-08-23 19:00 JST",
        "2026-08-23 06:00 ET",
        "Sun, 23 Aug 2026 06:00:00 Eastern Time",
        "2026-08-23 11:00 Europe/London",
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
        ("2026-08-22 下午12:30", "UTC", "2026-08-22T12:30"),
        ("2026-08-22 下午3点半", "UTC", "2026-08-22T15:30"),
        ("2026-08-22 下午3点", "UTC", "2026-08-22T15:00"),
        ("2026-08-22 下午15:30", "UTC", "2026-08-22T15:30"),
        ("2026-08-22 晚上12点", "UTC", "2026-08-23T00:00"),
        ("2026-08-22 晚8时05分", "UTC", "2026-08-22T20:05"),
        ("2026-08-22 夜里1点", "UTC", "2026-08-22T01:00"),
        ("2026-08-22 早上7:05", "UTC", "2026-08-22T07:05"),
        ("2026-08-22 傍晚6:00", "UTC", "2026-08-22T18:00"),
        ("2026-08-22 午后2:00", "UTC", "2026-08-22T14:00"),
        ("2026-08-22 12:30 PM", "UTC", "2026-08-22T12:30"),
        ("2026-08-22 11:59 p.m.", "UTC", "2026-08-22T23:59"),
        ("2026년 8월 22일 오후 3:05", "UTC", "2026-08-22T15:05"),
        ("2026-08-22T24:00:00Z", "UTC", "2026-08-23T00:00"),
        ("2026-234", "UTC", "2026-08-22T00:00"),
        ("2026-W34", "UTC", "2026-08-17T00:00"),
        ("民國99年1月1日", "Asia/Taipei", "2009-12-31T16:00"),
        ("令和元年5月1日", "UTC", "2019-05-01T00:00"),
        ("Sun, 25 Jan 2026 06:00:00 ET", "UTC", "2026-01-25T11:00"),
        ("Sat, 22 Aug 2026 18:00:00", "Asia/Shanghai", "2026-08-22T10:00"),
        ("2026-08-22T18:00:00", "Asia/Shanghai", "2026-08-22T10:00"),
        ("2026-08-22T18:00:00.5", "Asia/Shanghai", "2026-08-22T10:00"),
        ("2026-08-22T18:00:00", "America/New_York", "2026-08-22T22:00"),
        ("2026-01-22 18:00:00", "America/New_York", "2026-01-22T23:00"),
        ("Sat, 22 Aug 2026 18:00:00 +1459", "UTC", "2026-08-22T03:01"),
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
        ("12月31日 下午3:00", "2025-12-31T07:00"),
        ("8月22日10时", "2026-08-22T02:00"),
        ("Aug 22", "2026-08-21T16:00"),
        ("August 22nd at 10:00 AM", "2026-08-22T02:00"),
        ("22 Aug 10:00", "2026-08-22T02:00"),
        ("Dec 31", "2025-12-30T16:00"),
        ("周六 08-22 10:00", "2026-08-22T02:00"),
        ("刚才", "2026-08-23T12:00"),
        ("刚刚 发布", "2026-08-23T12:00"),
        ("发布于 3小时前", "2026-08-23T09:00"),
        ("3小时前更新", "2026-08-23T09:00"),
        ("1小时30分钟前", "2026-08-23T10:30"),
        ("一个半小时前", "2026-08-23T10:30"),
        ("十五分钟前", "2026-08-23T11:45"),
        ("二十分钟以前", "2026-08-23T11:40"),
        ("一刻钟前", "2026-08-23T11:45"),
        ("半天前", "2026-08-23T00:00"),
        ("3天前 10:00", "2026-08-20T02:00"),
        ("3時間前", "2026-08-23T09:00"),
        ("大前天", "2026-08-19T16:00"),
        ("昨晚8点", "2026-08-22T12:00"),
        ("昨晚 11:30", "2026-08-22T15:30"),
        ("今早7:30", "2026-08-22T23:30"),
        ("昨日 下午3点半", "2026-08-22T07:30"),
        ("今天上午9时30分", "2026-08-23T01:30"),
        ("昨天 凌晨12:10", "2026-08-21T16:10"),
        ("昨天中午12点", "2026-08-22T04:00"),
        ("上午10:00", "2026-08-23T02:00"),
        ("3:05 PM", "2026-08-23T07:05"),
        ("１小时前", "2026-08-23T11:00"),
        ("two hours ago", "2026-08-23T10:00"),
        ("a few minutes ago", "2026-08-23T11:57"),
        ("1 hour, 30 minutes ago", "2026-08-23T10:30"),
        ("1h ago", "2026-08-23T11:00"),
        ("5m ago", "2026-08-23T11:55"),
        ("2 wks ago", "2026-08-09T12:00"),
        ("Updated 2 hours ago", "2026-08-23T10:00"),
        ("yesterday", "2026-08-21T16:00"),
        ("today at 10 am", "2026-08-23T02:00"),
        ("周六 10:00", "2026-08-22T02:00"),
        ("星期日 10:00", "2026-08-23T02:00"),
        ("星期日 23:00", "2026-08-16T15:00"),
        ("周一", "2026-08-16T16:00"),
        ("上周三", "2026-08-11T16:00"),
        ("上周日 10:00", "2026-08-16T02:00"),
        ("Friday at 3:00 PM", "2026-08-21T07:00"),
        ("Sat 10:00", "2026-08-22T02:00"),
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
        "0000-00-00 00:00:00",
        "0000-00-00T00:00:00Z",
        "2026-00-00",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1970-01-01 08:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",
        "12026-08-23",
        "Sun, 23 Aug 3026 10:00:00 GMT",
        "Fri, 30 Feb 2026 10:00:00 GMT",
        "2026-02-30T10:00:00Z",
        "2026-02-30",
        "2026-400",
        "2026-W60-1",
        "2026-08-23 24:30",
        "2026-08-23T10:00:61Z",
        "0000000000",
        "000000000000",
        "农历七月十一",
        "丙午年七月十一",
        "明天 10:00",
        "in 5 minutes",
        "3小时后",
        "周三 99:00",
        "上午",
        "10",
        "23日",
        "民国0年1月1日",
        "<time></time>",
        "&nbsp;",
        "null",
        "None",
        "Invalid Date",
        "NaN",
        "2月30日",
        "2026-08-23 10:00 +99",
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


@given(
    st.datetimes(datetime(1995, 1, 2), datetime(2026, 8, 23)),  # noqa: DTZ001
    st.sampled_from(
        [
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M:%S",
            "%Y年%m月%d日 %H:%M:%S",
            "%Y年%m月%d日%H时%M分%S秒",
            "%Y/%m/%d %H:%M:%S",
            "%Y.%m.%d %H:%M:%S",
            "%Y%m%d%H%M%S",
            "%d %b %Y %H:%M:%S",
            "%a, %d %b %Y %H:%M:%S",
            "%A, %d %B %Y %I:%M:%S %p",
            "%B %d, %Y %I:%M:%S %p",
            "%a %b %d %H:%M:%S %Y",
            "%Y-%jT%H:%M:%S",
            "%G-W%V-%u %H:%M:%S",
            "%H:%M:%S %d %b %Y",
        ]
    ),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/Sao_Paulo"]),
)
def test_written_dates_come_back(local, form, zone):
    """A wall clock written in any form is read as itself, in the feed's zone."""
    # A written hour that comes twice says not which it is: the first is taken.
    local = local.replace(microsecond=0, fold=0)

    dated = parse_date(local.strftime(form), zone=zone, now=NOW)

    assert dated.at == local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert dated.origin == "published"


@given(
    st.datetimes(datetime(1996, 1, 1), datetime(2026, 8, 23)),  # noqa: DTZ001
    st.sampled_from(["上午", "下午", "凌晨", "晚上"]),
)
def test_twelve_hour_times_come_back(local, half):
    """A Chinese time of twelve hours is the one of its half of the day."""
    hour, late = local.hour % 12, half in ("下午", "晚上")
    if half == "晚上" and hour < 5:
        hour += 5
    local = local.replace(hour=hour + 12 * late, second=0, microsecond=0)

    dated = parse_date(
        f"{local:%Y年%m月%d日} {half}{hour or 12}:{local:%M}", zone="UTC", now=NOW
    )

    assert dated.at == local.replace(tzinfo=UTC)


PIECES = [
    "2026", "08", "23", "10:00", "-", "/", "年", "月", "日", " ", "T", "Z", "+0800",
    "下午", "周三", "昨天", "前", "小时", "3", "十", "ago", "hour", "Aug", "Sun,", "CST",
    "民国", "115", "<b>", "&#x41;", "&", "99", "点", "半", "农历", "١٢", "²", "：", ":",
    "W", "\x00", "\ud800",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_pieces_of_dates_never_raise(raw):
    """Whatever the pieces of dates are put together to, nothing absurd comes out."""
    dated = parse_date(raw, zone="Asia/Shanghai", now=NOW)

    assert dated is None or EARLIEST <= dated.at <= NOW + MAX_AHEAD


@pytest.mark.parametrize(
    "raw", ["1" * 100_000, "2026-" * 30_000, " " * 100_000, "十" * 100_000, "<" * 100_000]
)
def test_long_texts_cost_little(raw):
    """A date of a hundred thousand characters is none, and is not read to its end."""
    started = perf_counter()

    assert parse_date(raw, zone="UTC", now=NOW) is None
    assert perf_counter() - started < 1


@given(st.text(max_size=60))
def test_nothing_absurd_comes_out(raw):
    """No text is read as a date before feeds were or after tomorrow."""
    dated = parse_date(raw, zone="Asia/Shanghai", now=NOW)

    assert dated is None or EARLIEST <= dated.at <= NOW + MAX_AHEAD
