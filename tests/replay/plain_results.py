"""Results of a replay by docs/replay.md, docs/metrics.md and definitions in the results file."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from plain_philox import philox, uniform
from plain_replay import COUNTS, Mark, PlainReplay
from plain_tape import Clock

DAY, HOUR = 86400, 3600
NAN = math.nan
ROUNDING = 1e-14  # of a return


def interval_ends(clock: Clock, settings: dict) -> list[int]:
    """Last bars of the clock intervals."""
    seconds, bars = clock.seconds, len(clock.seconds)
    length = settings["metrics.clock"] / settings["market.dt"]
    if length:
        numbers = [math.floor(bar / length + 1e-9) for bar in range(bars)]
    elif len({second // DAY for second in seconds}) >= 20:
        numbers = [second // DAY for second in seconds]
    elif len({second // HOUR for second in seconds}) >= 20:
        numbers = [second // HOUR for second in seconds]
    else:
        numbers = list(range(bars))
    return [bar for bar in range(bars) if bar + 1 == bars or numbers[bar + 1] != numbers[bar]]


def sd(values: np.ndarray) -> float:
    """ddof 1"""
    if len(values) < 2:
        return NAN
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def vary(returns: np.ndarray) -> bool:
    """By more than rounding."""
    apart = np.sum((returns - returns.mean()) ** 2)
    return apart > 1e-13 * np.sum(returns**2) and apart > len(returns) * ROUNDING**2


def sharpe(returns: np.ndarray, per_year: float) -> float:
    return returns.mean() / sd(returns) * math.sqrt(per_year) if vary(returns) else NAN


def sortino(returns: np.ndarray, target: float, per_year: float) -> float:
    downside = np.mean(np.minimum(returns - target, 0.0) ** 2)
    if math.sqrt(downside) <= ROUNDING:
        return NAN
    return (returns.mean() - target) / math.sqrt(downside) * math.sqrt(per_year)


def drawdowns(levels: np.ndarray) -> tuple[float, float]:
    """The largest fall from a peak, and the largest as a fraction of its peak."""
    peaks = np.maximum.accumulate(levels)
    return float((peaks - levels).max()), float(((peaks - levels) / peaks).max())


def standardised(returns: np.ndarray, power: int) -> float:
    if not vary(returns):
        return NAN
    apart = returns - returns.mean()
    return np.mean(apart**power) / np.mean(apart**2) ** (power / 2)


def ratio(part: float, whole: float) -> float:
    return part / whole if whole else NAN


class Intervals:
    """A replay by clock intervals: what each of them adds."""

    def __init__(self, replay: PlainReplay, ends: list[int], settings: dict, per_year: float):
        self.capital, self.target = replay.capital, settings["metrics.target"]
        self.per_year = per_year
        self.names = [bars.name for bars in replay.symbols]
        marks = [replay.marks[end] for end in ends]
        margins = np.array([self.capital] + [mark.margin for mark in marks])
        begins = margins[:-1]
        self.gains = np.diff(margins)
        self.returns = np.array([gain / begin if begin > 0 else 0.0
                                 for gain, begin in zip(self.gains, begins)])
        self.sums = {name: np.diff([0.0] + [total(mark, name) for mark in marks])
                     for name in ("fees", "value", "trades", "closings", "wins")}
        self.by_symbol = [np.diff([0.0] + [mark.pnl[s] for mark in marks])
                          for s in range(len(self.names))]

    def statistics(self, pick: np.ndarray) -> dict[str, float]:
        """Of the intervals `pick`, in that order."""
        pnl = math.fsum(self.gains[pick])
        sums = {name: math.fsum(values[pick]) for name, values in self.sums.items()}
        levels = np.concatenate([[self.capital], self.capital + np.cumsum(self.gains[pick])])
        compounded = np.concatenate([[1.0], np.cumprod(1 + self.returns[pick])])
        found = {"pnl": pnl, "total_return": pnl / self.capital,
                 "sharpe": sharpe(self.returns[pick], self.per_year),
                 "sortino": sortino(self.returns[pick], self.target, self.per_year),
                 "turnover": sums["value"] / self.capital, "fees": sums["fees"],
                 "trades": sums["trades"], "win_rate": ratio(sums["wins"], sums["closings"]),
                 "max_drawdown": drawdowns(levels)[0],
                 "max_drawdown_pct": drawdowns(compounded)[1]}
        for name, values in zip(self.names, self.by_symbol):
            found[f"pnl_{name}"] = math.fsum(values[pick])
        return found


def total(mark: Mark, name: str) -> float:
    return sum(getattr(one, name) for one in mark.totals)


@lru_cache(maxsize=8)
def resamples(seed: int, count: int, n: int, mean_block: float) -> list[np.ndarray]:
    """Numbers of the intervals of each resample: the stationary bootstrap."""
    return [resample(seed, number, n, mean_block) for number in range(count)]


def resample(seed: int, number: int, n: int, mean_block: float) -> np.ndarray:
    picked: list[int] = []
    block = 0
    while len(picked) < n:
        words = philox((block, number, 0, 8), seed)
        begin, length = math.floor(uniform(words[0]) * n), 1
        if mean_block > 1:
            length += math.floor(math.log(uniform(words[1])) / math.log1p(-1 / mean_block))
        picked += [(begin + i) % n for i in range(min(length, n, n - len(picked)))]
        block += 1
    return np.array(picked)


def standard_errors(intervals: Intervals, settings: dict, seed: int) -> dict[str, float]:
    n = len(intervals.returns)
    block = settings["metrics.bootstrap_block"] or n ** (1 / 3)
    found = [intervals.statistics(pick)
             for pick in resamples(seed, settings["metrics.bootstrap"], n, block)]
    blocks = n / max(1, block)
    wider = math.sqrt(blocks / (blocks - 2)) if blocks >= 10 else math.nan
    return {f"{name}_se": wider * sd(np.array([one[name] for one in found if not math.isnan(one[name])]))
            for name in intervals.statistics(np.arange(n))}


def results(replay: PlainReplay, clock: Clock, settings: dict, seed: int) -> dict[str, object]:
    """All results that have an oracle, by their names in the results file."""
    ends = interval_ends(clock, settings)
    n, marks = len(ends), replay.marks
    intervals = Intervals(replay, ends, settings, clock.annualization * n / len(marks))
    margins = np.array([replay.capital] + [mark.margin for mark in marks])
    found: dict[str, object] = intervals.statistics(np.arange(n))
    found.update(standard_errors(intervals, settings, seed))
    found["max_drawdown"], found["max_drawdown_pct"] = drawdowns(margins)
    found |= {name: replay.counts[name] for name in COUNTS}
    found |= {"return_skewness": standardised(intervals.returns, 3),
              "return_kurtosis": standardised(intervals.returns, 4),
              "mean_exposure": sum(abs(value) for mark in marks for value in mark.values)
              / len(marks) / replay.capital,
              "stop_bar": NAN if replay.stop_bar is None else replay.stop_bar,
              "early_stop": replay.early_stop, "liquidated": replay.liquidated,
              "shortfall": max(0.0, -marks[-1].margin) if replay.liquidated else 0.0,
              "intervals": n}
    return found | windows(intervals.returns, ends, clock, settings)


def windows(returns: np.ndarray, ends: list[int], clock: Clock, settings: dict) -> dict:
    n = len(returns)
    count = settings["metrics.windows"] or min(16, n // 2)
    bounds = [i * n // count for i in range(count + 1)]
    parts = [returns[first:last] for first, last in zip(bounds, bounds[1:])]
    begins = [0] + [end + 1 for end in ends]
    return {"window_return": [part.mean() for part in parts],
            "window_return_sd": [sd(part) for part in parts],
            "window_start": [clock.seconds[begins[first]] for first in bounds[:-1]],
            "window_intervals": [len(part) for part in parts]}
