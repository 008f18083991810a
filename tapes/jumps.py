"""Splits and redenominations: opens far from the close before them, and what was told to be done."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tapes.bars import SIZES, TapeError, price_columns
from tapes.checks import History
from tapes.times import DAY, Zone, count_text, parse_moment, time_text

JUMP = 1.3  # an open this many times the last close, or this part of it, is a jump
PAUSE = 7 * DAY  # after a longer one the market may have moved that far, so it is only told
SHOWN = 5  # in one message
KEEP = "keep"
_ADJUST = re.compile(r"adjust\s+(?:(?P<symbol>\S+):)?(?P<factor>[0-9.eE+-]+(?:/[0-9.eE+-]+)?)"
                     r"@(?P<date>.+)")
USAGE = "must be keep, or adjust [SYMBOL:]FACTOR@DATE such as adjust 1/2@2024-06-10"


@dataclass(frozen=True)
class Jump:
    """row: of the bar whose open is `ratio` times the close before it"""

    history: History
    row: int
    ratio: float

    def pause(self) -> int:
        """From the opening before to that of this bar [ns]."""
        return int(self.history.times[self.row] - self.history.times[self.row - 1])

    def note(self) -> str:
        days = f", {self.pause() // DAY} days after the bar before" if self.pause() > PAUSE else ""
        return f"{self.history.symbol}: jump of {self.text()}{days}, kept"

    def text(self) -> str:
        return f"{_day(self.history.times[self.row])} x {ratio_text(self.ratio)}"


@dataclass(frozen=True)
class Adjustment:
    """Prices before `time` [ns] are multiplied by `factor`, volumes and sizes divided by it.

    symbol: None: the only one; text: as it was asked for
    """

    symbol: str | None
    factor: float
    time: int
    text: str

    def note(self) -> str:
        whose = f"{self.symbol}: " if self.symbol else ""
        return (f"{whose}prices before {_day(self.time)} multiplied by {self.factor:.6g}, volumes "
                "divided by it")


def told(options: Sequence[str], zone: Zone) -> tuple[bool, list[Adjustment]]:
    """Whether jumps are kept, and the adjustments, from the values of --jumps."""
    adjustments = []
    for option in options:
        if option == KEEP:
            continue
        found = _ADJUST.fullmatch(option.strip())
        factor = _factor(found["factor"]) if found else None
        if factor is None:
            raise TapeError(f"--jumps {option}: {USAGE}.")
        time, _ = parse_moment(found["date"], zone, "--jumps adjust")
        adjustments.append(Adjustment(found["symbol"], factor, time, option))
    return KEEP in options, adjustments


def _day(time: int) -> str:
    return time_text(time).removesuffix(" 00:00")


def _factor(text: str) -> float | None:
    """A number or a fraction, from 1e-12 to 1e12; None where it is neither."""
    above, _, below = text.partition("/")
    try:
        factor = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None
    return factor if 1e-12 <= factor <= 1e12 else None


def jumps_of(history: History) -> list[Jump]:
    """Those of the prices of trades, in order of time."""
    opens, closes = (history.frame[name].to_numpy() for name in ("open", "close"))
    with np.errstate(over="ignore"):  # 1e100 after 1e-300
        ratios = opens[1:] / closes[:-1]
    rows = np.flatnonzero((ratios >= JUMP) | (ratios * JUMP <= 1.0))
    return [Jump(history, int(row) + 1, float(ratios[row])) for row in rows]


def ratio_text(ratio: float) -> str:
    """0.5004 as 1/2, 9.98 as 10: what a split that is within 2 % of it would be."""
    simple = Fraction(max(ratio, 1.0 / ratio)).limit_denominator(4) if 1e-6 < ratio < 1e6 else 1
    if simple > 1 and abs(max(ratio, 1.0 / ratio) / float(simple) - 1.0) < 0.02:
        return str(simple if ratio > 1.0 else 1 / simple)
    return f"{ratio:.4g}"


def adjusted(history: History, by: Sequence[Adjustment]) -> History:
    """The same with the adjustments of its symbol made; those of other symbols do not matter."""
    frame = history.frame.copy()
    prices = [name for names in price_columns(frame) for name in names]
    amounts = [name for name in ("volume", *SIZES) if name in frame]
    for one in by:
        if one.symbol in (None, history.symbol):
            before = frame["time"] < one.time
            frame.loc[before, prices] *= one.factor
            frame.loc[before, amounts] /= one.factor
    return History(history.symbol, history.kind, history.files, frame, history.findings,
                   history.layout)


def check_adjustments(histories: Sequence[History], by: Sequence[Adjustment]) -> None:
    """Each belongs to one symbol, has bars before and after it, and makes a step there smaller.

    histories: prices of trades, one of each symbol
    """
    for one in by:
        named = [history for history in histories if one.symbol in (None, history.symbol)]
        if len(named) != 1:
            names = ", ".join(history.symbol for history in histories)
            raise TapeError(f"--jumps {one.text}: which symbol (must be one of {names})? Say "
                            "adjust SYMBOL:FACTOR@DATE.")
        frame = named[0].frame
        row = int(np.searchsorted(named[0].times, one.time))
        if row in (0, len(frame)):
            raise TapeError(f"--jumps {one.text}: no bar of {named[0].symbol} "
                            f"{'before' if row == 0 else 'from'} {time_text(one.time)}"
                            f"{'' if row == 0 else ' on'}. Correct the date, or leave it out.")
        step = math.log(frame["open"].iat[row]) - math.log(frame["close"].iat[row - 1])
        if abs(step - math.log(one.factor)) >= abs(step):
            raise TapeError(f"--jumps {one.text}: the open of {time_text(named[0].times[row])} is "
                            f"{ratio_text(math.exp(min(step, 700.0)))} times the last close of {named[0].symbol}, "
                            "which this makes worse. FACTOR multiplies the prices before DATE, the "
                            "first day of the new ones; correct either.")


def jump_error(jumps: Sequence[Jump]) -> TapeError:
    """About the jumps that are left; the first in full."""
    first = jumps[0]
    frame, symbol = first.history.frame, first.history.symbol
    day = _day(first.history.times[first.row])
    others = [f"{jump.history.symbol} {jump.text()}" for jump in jumps[1:SHOWN]]
    more = "; ".join([*others, *([f"{len(jumps) - SHOWN} more"] if len(jumps) > SHOWN else [])])
    return TapeError(
        f"{first.history.where(first.row)}: open = {frame['open'].iat[first.row]:.15g} of {symbol} at "
        f"{day} is {ratio_text(first.ratio)} times the last close = "
        f"{frame['close'].iat[first.row - 1]:.15g} ({count_text(len(jumps), 'jump')} by {JUMP:g} or "
        f"more{'; also ' if more else ''}{more}). If it is a split or a redenomination, say --jumps "
        f"adjust '{symbol}:{ratio_text(first.ratio)}@{day}', which brings what is before to the new "
        "prices; if the market moved, --jumps keep.")
