"""Times of day as people write them: "下午3点半", "3:30 PM", "15時30分", "14 Uhr"."""

from __future__ import annotations

from collections.abc import Mapping

_MORNING = "上午 早上 早晨 早间 清晨 凌晨 午前 今早 今晨 오전 오전에"
_NOON = "中午 正午"
_AFTERNOON = "下午 午后 午後 傍晚 오후"
_NIGHT = "晚上 晚间 晚間 夜间 夜間 夜里 夜裡 深夜 午夜 晚"

HALF = r"(?:{}|[ap]\.?m\b\.?)".format(
    "|".join(
        sorted(f"{_MORNING} {_NOON} {_AFTERNOON} {_NIGHT}".split(), key=len, reverse=True)
    )
)
# 点 and 时 may stand without minutes, as "3 PM" may; a bare "3" is no time.
CLOCK = (
    rf"(?P<half>{HALF})?\s?(?P<hour>\d{{1,2}})\s?"
    r"(?:(?:[:时時点點h시]|\.(?=\d\d\s?Uhr\b))\s?(?P<minute>\d{1,2})"
    r"(?:\s?[:分분]\s?(?P<second>\d{1,2})(?:[.,]\d+)?)?\s?[分秒분초]?"
    r"|(?:[时時点點]|시)(?P<thirty>半)?[钟鐘整正]?|(?=\s?(?:[ap]\.?m|Uhr)\b))(?:\s?Uhr\b)?"
    rf"\s?(?P<late_half>{HALF})?"
)
_MORNINGS, _NOONS = frozenset(_MORNING.split()), frozenset(_NOON.split())
_AFTERNOONS, _NIGHTS = frozenset(_AFTERNOON.split()), frozenset(_NIGHT.split())
MIDNIGHT = 24
LAST_SECOND = 59


def seconds_of(parts: Mapping[str, str | None]) -> int | None:
    """Return the seconds since midnight, or None for what is no time of a day.

    24:00 is midnight at the day's end; a leap second is its minute's last.
    """
    hour, minute, second = (int(parts.get(n) or 0) for n in ("hour", "minute", "second"))
    if parts.get("thirty"):
        minute = 30
    half = parts.get("half") or parts.get("late_half") or ""
    hour = _hour24(hour, half.lower())
    if hour > MIDNIGHT or minute > LAST_SECOND or second > LAST_SECOND + 1:
        return None
    if hour == MIDNIGHT and (minute or second) and half not in _NIGHTS:
        return None
    return hour * 3600 + minute * 60 + min(second, LAST_SECOND)


def _hour24(hour: int, half: str) -> int:
    noon, past_noon, evening = 12, 3, 5
    if hour > noon or not half:
        return hour
    if half in _MORNINGS or half.startswith("a"):
        return hour % noon
    if half in _NOONS:
        return hour + noon if hour < past_noon else hour
    if half in _NIGHTS:
        # 晚上12点 ends the day, and 夜里1点 begins one.
        return hour + noon if hour >= evening else hour
    return hour % noon + noon
