"""What a recording says about a market: its mid, and the orders that reached beyond a threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from calibration.arrivals import Side
from calibration.errors import CalibrationError
from calibration.flow import Mids, mids_of_quotes, mids_of_trades, orders_of
from calibration.recording import Prints, Recording, check_tick, find_tick

BINS = 50  # parts of the recording whose orders are counted
EPSILON = 1e-6  # what rounding may do to a distance, in ticks or spreads


@dataclass(frozen=True)
class Choices:
    """What may be chosen; None is the default that docs/calibration.md states.

    threshold, farthest: distances from which on, and up to which, orders count [price]
    start, end:          part of the recording that counts [second since its begin]
    mid:                 "quotes" or "trades"
    quote_delay:         of quotes without an exchange time [second]
    min_orders:          that a side needs
    """

    threshold: float | None = None
    farthest: float | None = None
    start: float = 0.0
    end: float = float("inf")
    tick: float | None = None
    mid: str | None = None
    quote_delay: float = 0.002
    min_orders: int = 50


@dataclass(frozen=True)
class Reached:
    """Market orders in order of time and how far they reached.

    time:     [second since the recording's begin]
    distance: of the furthest price from the mid just before [price]; NaN where none is known
    spread:   just before [price]
    between:  1 where that mid stood between two prices of the grid, else 0
    """

    time: np.ndarray
    sells: np.ndarray
    distance: np.ndarray
    spread: np.ndarray
    between: np.ndarray

    def picked(self, which: np.ndarray) -> Reached:
        return Reached(self.time[which], self.sells[which], self.distance[which],
                       self.spread[which], self.between[which])

    def inside(self) -> int:
        """Those that traded inside the best quotes, as none can: they are out of place in time."""
        return int(np.sum(self.distance < self.spread * (0.5 - EPSILON)))


@dataclass(frozen=True)
class Market:
    """The recording between `start` and `end` [second since its begin].

    tick, spread, threshold: [price]; the spread is the median over time
    reached:    all orders whose distance is known
    sides:      of bid and ask, the orders from the threshold on
    dispersion: of either's counts in equal times, variance / mean, which is 1 if Poisson
    """

    recording: Recording
    mids: Mids
    from_quotes: bool
    start: float
    end: float
    tick: float
    spread: float
    threshold: float
    reached: Reached
    sides: tuple[Side, Side]
    dispersion: tuple[float, float]

    def length(self) -> float:
        """[second]"""
        return self.end - self.start


def market_of(recording: Recording, choices: Choices) -> Market:
    """Orders and mid of the chosen part; refuses what cannot be calibrated to."""
    from_quotes = uses_quotes(recording, choices.mid)
    tick = find_tick(recording) if choices.tick is None else choices.tick
    check_tick(recording, tick)
    mids = mids_of_quotes(recording.quotes) if from_quotes else mids_of_trades(recording.prints)
    start, end = span(recording, mids, choices)
    mids = mids.between(start, end)
    spread = mids.usual_spread(end)
    threshold = threshold_of(choices, spread, tick)
    delay = choices.quote_delay if from_quotes and recording.clock == "local" else 0.0
    reached = reach(recording.prints, mids, delay, tick)
    known = (reached.time <= end) & np.isfinite(reached.distance)
    reached = reached.picked(known)
    times = np.bincount(between_prices(mids.mid, tick), mids.weights(end), minlength=2)
    starts = first_distances(tick, threshold)
    parts = [reached.picked(reached.sells == sells) for sells in (True, False)]
    sides, dispersion = [], []
    for name, part in zip(("bid", "ask"), parts):
        excess = part.distance - starts[part.between]
        beyond = excess > -EPSILON * max(tick, spread)
        side = Side(name, on_grid(excess[beyond], tick), tick, np.inf, starts, times)
        check_side(recording, side, part.time.size, threshold, choices)
        sides.append(cut(side, choices.farthest, threshold))
        dispersion.append(index_of_dispersion(part.time[beyond], start, end))
    return Market(recording, mids, from_quotes, start, end, tick, spread, threshold, reached,
                  tuple(sides), tuple(dispersion))


def uses_quotes(recording: Recording, mid: str | None) -> bool:
    """Whether the mid is that of quotes; a raw capture without any is refused."""
    if recording.quotes is not None or mid == "trades":
        return mid != "trades"
    if mid is None and recording.kind == "aggregated trades":
        return False
    raise CalibrationError(f"{recording.path}: no quotes in {recording.kind}; record the stream "
                           "SYMBOL@bookTicker, too, or choose --mid trades for the midpoint of the "
                           "last trades")


def span(recording: Recording, mids: Mids, choices: Choices) -> tuple[float, float]:
    """From when until when the recording counts [second since its begin]."""
    if mids.time.size == 0:
        raise CalibrationError(f"{recording.path}: no trades of one side, so no mid between those of "
                               "both; name a longer recording")
    last = recording.prints.time[-1]
    if recording.quotes is not None:
        last = max(last, recording.quotes.time[-1])
    start, end = max(choices.start, float(mids.time[0])), min(choices.end, float(last))
    if start >= end:
        raise CalibrationError(f"--from {choices.start:g} --until {choices.end:g}: nothing is left of "
                               f"{recording.path}, which is {last:.6g} s long")
    return start, end


def threshold_of(choices: Choices, spread: float, tick: float) -> float:
    """From where on orders count; the default is a tick beyond half the usual spread."""
    threshold = spread / 2.0 + tick if choices.threshold is None else choices.threshold
    if threshold < spread / 2.0 * (1.0 - EPSILON):
        raise CalibrationError(f"--from-distance {threshold:g} (must be >= {spread / 2.0:g}, half the "
                               "usual spread: nearer quotes would themselves be the best)")
    farthest = choices.farthest
    if farthest is not None and farthest < threshold + 2.0 * tick:
        raise CalibrationError(f"--to-distance {farthest:g} (must be >= {threshold + 2.0 * tick:g}, "
                               "two ticks beyond --from-distance)")
    return threshold


def reach(prints: Prints, mids: Mids, delay: float, tick: float) -> Reached:
    """All orders, with distances from the mid `delay` before them [second]."""
    orders = orders_of(prints)
    i = mids.index(orders.time - delay, before=True)
    mid = np.where(i >= 0, mids.mid[np.maximum(i, 0)], np.nan)
    distance = np.where(orders.sells, mid - orders.price, orders.price - mid)
    return Reached(orders.time, orders.sells, distance, mids.spread[np.maximum(i, 0)],
                   between_prices(np.nan_to_num(mid), tick))


def between_prices(mid: np.ndarray, tick: float) -> np.ndarray:
    """1 where a mid stands half way between two prices of the grid, else 0."""
    if tick == 0.0:
        return np.zeros(mid.size, dtype=np.int64)
    return np.round(2.0 * mid / tick).astype(np.int64) % 2


def first_distances(tick: float, threshold: float) -> np.ndarray:
    """First distances of the grid from the threshold on, of a mid on a price and one between two."""
    if tick == 0.0:
        return np.array([threshold, threshold])
    offset = np.array([0.0, tick / 2.0])
    return offset + tick * np.ceil((threshold - offset) / tick - EPSILON)


def on_grid(excess: np.ndarray, tick: float) -> np.ndarray:
    """The same without rounding errors."""
    return np.maximum(excess, 0.0) if tick == 0.0 else tick * np.round(excess / tick)


def cut(side: Side, farthest: float | None, threshold: float) -> Side:
    """The same where orders only count as far as `farthest` [price]."""
    if farthest is None:
        return side
    limit = float(on_grid(np.array([farthest - threshold]), side.tick)[0])
    return Side(side.name, np.minimum(side.excess, limit), side.tick, limit, side.starts, side.times)


def check_side(recording: Recording, side: Side, arrived: int, threshold: float,
               choices: Choices) -> None:
    """Refuses a side with too few orders, or with none beyond the first distance."""
    count, orders = side.excess.size, "sell" if side.name == "bid" else "buy"
    if arrived == 0:
        raise CalibrationError(f"{recording.path}: no {orders} orders, which would hit the {side.name} "
                               "side; name a longer recording")
    if count < choices.min_orders:
        raise CalibrationError(
            f"{recording.path}: {count} of {arrived} {orders} orders reached {threshold:g} or more on "
            f"the {side.name} side (must be >= {choices.min_orders}); lower --from-distance, or name a "
            "longer recording")
    usual = side.starts[np.argmax(side.times)]
    if not side.excess.any():
        raise CalibrationError(
            f"{recording.path}: all {count} {orders} orders reached the same {usual:g} on the "
            f"{side.name} side, so k cannot be told; name a longer recording or lower --from-distance")


def index_of_dispersion(time: np.ndarray, start: float, end: float) -> float:
    """Variance / mean of the counts in BINS equal times."""
    counts, _ = np.histogram(time, bins=BINS, range=(start, end))
    return float(counts.var(ddof=1) / counts.mean())


def dispersion_p_value(index: float) -> float:
    """That of a Poisson process having at least this index of dispersion."""
    return float(stats.chi2.sf(index * (BINS - 1), BINS - 1))
