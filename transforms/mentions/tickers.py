"""The ways a ticker is marked as one; without a mark it is only a word.

"LI", "NIO" and "EDU" are words or abbreviations in most headlines, and 600519 may
be any number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HONG_KONG = re.compile(r"0*(\d{1,5})\.HK")
_MAINLAND = re.compile(r"(\d{6})\.(SH|SS|SZ|BJ)")
_US_MARKETS = ("NYSE", "NASDAQ", "Nasdaq")
# Other codes of the same kind may stand before or after it in the brackets.
_OPENED = re.compile(r"[(\[<【](?:[A-Z0-9.]{1,12}[:,/、; ] ?)*\Z")
# A colon is a separator and never part of a code, or there were two ways to read each.
_CLOSED = re.compile(r"(?:\.[A-Z]{1,2})?(?:[:,/、; ] ?[A-Z0-9.]{1,12})*[)\]>】]")
_REACH = 40


@dataclass(frozen=True, slots=True)
class TickerForm:
    """One spelling, which counts anywhere or only in brackets."""

    text: str
    in_brackets: bool = False


def ticker_forms(ticker: str) -> Iterator[TickerForm]:
    """Yield the spellings under which *ticker* counts."""
    if "." not in ticker:
        yield from _american(ticker)
    elif found := _HONG_KONG.fullmatch(ticker):
        yield from _hong_kong(found[1])
    elif found := _MAINLAND.fullmatch(ticker):
        yield from _mainland(found[1], "SZ" if found[2] == "SZ" else "SH")
    else:
        yield TickerForm(ticker)


def stands_in_brackets(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is a code in brackets, alone or among others."""
    before = text[max(0, start - _REACH) : start]
    return bool(_OPENED.search(before) and _CLOSED.match(text, end, end + _REACH))


def _american(ticker: str) -> Iterator[TickerForm]:
    yield TickerForm(f"${ticker}")
    yield TickerForm(f"{ticker}.US")
    for market in _US_MARKETS:
        yield TickerForm(f"{market}: {ticker}")
        yield TickerForm(f"{market}:{ticker}")
    for exchange in ("N", "O"):  # Reuters codes of New York and Nasdaq
        yield TickerForm(f"{ticker}.{exchange}", in_brackets=True)


def _hong_kong(number: str) -> Iterator[TickerForm]:
    for digits in dict.fromkeys((number, number.zfill(4), number.zfill(5))):
        yield TickerForm(f"{digits}.HK")
    yield TickerForm(number.zfill(5), in_brackets=True)


def _mainland(number: str, exchange: str) -> Iterator[TickerForm]:
    for suffix in ("SH", "SS") if exchange == "SH" else ("SZ",):
        yield TickerForm(f"{number}.{suffix}")
    for joint in ("", " ", ":"):
        yield TickerForm(f"{exchange}{joint}{number}")
    yield TickerForm(number, in_brackets=True)
