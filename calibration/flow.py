"""From prints and quotes to market orders and the distances from the mid that they reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.recording import Prints, Quotes


@dataclass(frozen=True)
class Orders:
    """Market orders in order of time: first print [second], furthest price [price], side."""

    time: np.ndarray
    price: np.ndarray
    sells: np.ndarray


@dataclass(frozen=True)
class Mids:
    """The mid from `time` on, until the next [second; price], and the spread then [price]."""

    time: np.ndarray
    mid: np.ndarray
    spread: np.ndarray

    def index(self, time: np.ndarray, before: bool = False) -> np.ndarray:
        """Which one is in force at each time, or just before it; -1 where there was none yet."""
        return np.searchsorted(self.time, time, side="left" if before else "right") - 1

    def at(self, time: np.ndarray) -> np.ndarray:
        """The mid at each time, none of which is before the first."""
        return self.mid[self.index(time)]

    def between(self, start: float, end: float) -> Mids:
        """The same from `start` to `end`, where the mid of `start` is the last one until then."""
        first, last = self.index(np.array([start, end]))
        pick = slice(max(0, first), last + 1)
        time = np.maximum(self.time[pick], start)
        return Mids(time, self.mid[pick], self.spread[pick])

    def weights(self, end: float) -> np.ndarray:
        """How long each is in force, until `end` [second]."""
        return np.diff(np.append(self.time, end))

    def usual_spread(self, end: float) -> float:
        """Median over time [price]."""
        order = np.argsort(self.spread, kind="stable")
        past = np.cumsum(self.weights(end)[order])
        return float(self.spread[order][np.searchsorted(past, past[-1] / 2.0)])


def orders_of(prints: Prints) -> Orders:
    """Prints of the same side and the same exchange timestamp are one order; it reached the furthest
    of their prices: the lowest of a sell order, the highest of a buy order."""
    order = np.lexsort((prints.stamp, prints.sells))
    stamp, sells = prints.stamp[order], prints.sells[order]
    first = np.flatnonzero(np.r_[True, (np.diff(stamp) != 0) | (np.diff(sells) != 0)])
    sign = np.where(sells, 1.0, -1.0)
    price = np.minimum.reduceat(sign * prints.price[order], first) * sign[first]
    time = np.minimum.reduceat(prints.time[order], first)
    back = np.argsort(time, kind="stable")
    return Orders(time[back], price[back], sells[first][back])


def mids_of_quotes(quotes: Quotes) -> Mids:
    """(best bid + best ask) / 2."""
    return Mids(quotes.time, (quotes.bid + quotes.ask) / 2.0, quotes.ask - quotes.bid)


def mids_of_trades(prints: Prints) -> Mids:
    """Without quotes: the midpoint of the last price that a sell order and the last that a buy order
    traded at, from the second of the two on; the spread is the distance between them."""
    sold, bought = (last_price(prints, side) for side in (prints.sells, ~prints.sells))
    known = np.isfinite(sold) & np.isfinite(bought)
    mid, spread = (sold + bought) / 2.0, np.abs(bought - sold)
    # Prints with one timestamp change the mid once.
    last = known & np.r_[np.diff(prints.time) != 0, True]
    return Mids(prints.time[last], mid[last], spread[last])


def last_price(prints: Prints, side: np.ndarray) -> np.ndarray:
    """Price of the last print with `side` up to each print; NaN before the first."""
    last = np.maximum.accumulate(np.where(side, np.arange(side.size), -1))
    return np.where(last >= 0, prints.price[np.maximum(last, 0)], np.nan)

