"""Bars a year, by the sessions that a tape has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tapes.times import DAY, SECOND

HOUR = 3600 * SECOND
SHORTEST = 4 * HOUR  # of a whole session that a tape of less than a day may hold
AROUND_THE_CLOCK, WEEKDAYS = 365, 252  # days of trading in a year


@dataclass(frozen=True)
class Year:
    """bars: in a year; days: of trading in it; whole: whether the tape is long enough to tell"""

    bars: float
    days: int
    whole: bool


def annualization(times: np.ndarray, length: int, days: int | None = None) -> float:
    """Bars a year [1]; see year_of."""
    return year_of(times, length, days).bars


def year_of(times: np.ndarray, length: int, days: int | None = None) -> Year:
    """Bars a year by the clock itself.

    A market closes where hours of the day never have a bar; its sessions are then the parts between,
    and a session is of the day of its middle. A tape of less than a day is one session where times are
    missing in it, as in the early and late hours of stocks, and it spans 4 hours or more.

    A market without sessions on Saturday and Sunday, on a tape that spans a weekend or that closes every
    day: 252 days times the mean number of bars of a session. Otherwise 365 days times the mean number
    of bars in 24 hours, from the first opening to the last close, or of the days of all sessions.

    times: (time,) [ns since 1970-01-01 UTC], one at least; length: of a bar [ns]
    days: of trading in a year, where they are known
    """
    span = int(times[-1]) - int(times[0]) + length
    closes, begin = _closing(times, length, span)
    sessions = np.unique((times - begin) // DAY)
    weekend = (sessions + (3 if begin < DAY // 2 else 4)) % 7 >= 5  # 1970-01-01 was a Thursday
    spans_weekend = _spans_weekend(times)
    rests = not weekend.any() and (spans_weekend or closes)
    known = spans_weekend or bool(weekend.any())
    if rests or not closes and days not in (None, AROUND_THE_CLOCK):
        number = float(sessions.size)
    else:
        number = float(np.ptp(sessions) + 1) if closes else span / DAY
    days = days or (WEEKDAYS if rests else AROUND_THE_CLOCK)
    return Year(days * times.size / number, days, known)


def _closing(times: np.ndarray, length: int, span: int) -> tuple[bool, int]:
    """Whether the market closes every day, and when its day begins, in the middle of that [ns after
    midnight UTC]."""
    if length > 12 * HOUR:
        return False, 0
    if span < DAY:
        closes = span >= SHORTEST and times.size * length < span
        middle = (int(times[0]) + span // 2) % DAY
        return closes, (middle + DAY // 2) % DAY if closes else 0
    open_hours = np.zeros(24, dtype=bool)
    for part in range(0, length, HOUR):
        open_hours[np.unique((times + part) % DAY // HOUR)] = True
    if open_hours.all():
        return False, 0
    turned = np.roll(open_hours, -int(np.argmax(open_hours)))  # begins in an hour that has bars
    edges = np.flatnonzero(np.diff(np.concatenate([[1], turned, [1]]).astype(int)))
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    middle = (int(starts[longest]) + int(ends[longest])) * HOUR // 2
    return True, (middle + int(np.argmax(open_hours)) * HOUR) % DAY


def _spans_weekend(times: np.ndarray) -> bool:
    """Whether a whole Saturday and Sunday (UTC) lie between the first and the last bar."""
    days = np.arange(times[0] // DAY, times[-1] // DAY + 1)
    saturdays = days[(days + 3) % 7 == 5]
    return bool((saturdays + 2 <= days[-1]).any())
