"""Recorded trades and quotes as arrays, whatever file they come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.errors import CalibrationError
from tapes.times import newest_first


@dataclass(frozen=True)
class Prints:
    """Trades as the exchange prints them; arrays of one length, in order of time.

    stamp: the exchange's time [ns since 1970], the same for all prints of an order
    time:  [second since the recording's origin], on the clock of its quotes
    price: [price]
    sells: whether the order that came was a sell order, which hit a bid
    """

    stamp: np.ndarray
    time: np.ndarray
    price: np.ndarray
    sells: np.ndarray


@dataclass(frozen=True)
class Quotes:
    """Best bid and ask from `time` on [second since the recording's origin; price], in order."""

    time: np.ndarray
    bid: np.ndarray
    ask: np.ndarray


@dataclass(frozen=True)
class Recording:
    """What a file has.

    origin: second since 1970 of time 0
    clock:  whose time it is: "exchange" or "local"
    quotes: None where there are only trades
    remarks: what was left out, for the user
    """

    path: Path
    kind: str
    symbol: str
    origin: float
    clock: str
    prints: Prints
    quotes: Quotes | None
    remarks: tuple[str, ...] = ()

    def prices(self) -> np.ndarray:
        """Every price, of trades and quotes."""
        if self.quotes is None:
            return self.prints.price
        return np.concatenate([self.prints.price, self.quotes.bid, self.quotes.ask])


LARGEST = 1e30  # [price] whose powers are still numbers
UNIT = 1e-8  # [price] what prices are whole multiples of
MOST_DECIMALS = 2**53 * UNIT  # [price] from here on a double has no such decimals


def find_tick(recording: Recording) -> float:
    """The largest step of which all prices are multiples [price]."""
    prices = recording.prices()
    if prices.max() >= MOST_DECIMALS:
        raise CalibrationError(f"{recording.path}: price {prices.max():g} (too large to find the "
                               "tick); give --tick")
    units = np.unique(np.round(prices / UNIT).astype(np.int64))
    if units.size == 1:
        raise CalibrationError(f"{recording.path}: the price never changes; name a longer recording")
    return float(np.round(np.gcd.reduce(units) * UNIT, 8))


def check_tick(recording: Recording, tick: float) -> None:
    """Refuses a tick of which some price is not a multiple; 0 is a continuous price."""
    if tick == 0.0:
        return
    prices = recording.prices()
    off = np.abs(prices / tick - np.round(prices / tick)) > 1e-4
    if off.any():
        raise CalibrationError(f"--tick {tick:g}: {prices[off][0]:.10g} in {recording.path} is not a "
                               "multiple of it; leave --tick out, and it is found in the prices")


def remarks_of_order(times: np.ndarray) -> tuple[str, ...]:
    """What a file's order of times is, where it is not oldest first."""
    steps = np.diff(times)
    turned = newest_first(times)
    wrong = int(((steps > 0) if turned else (steps < 0)).sum())
    remarks = ["newest first: turned"] if turned else []
    return (*remarks, *([f"{wrong} lines out of order in time: sorted"] if wrong else []))


def shortened(line: str) -> str:
    """A line as a message may quote it."""
    line = "".join(letter if letter.isprintable() else "?" for letter in line.strip())
    return line if len(line) <= 60 else f"{line[:57]}..."
