"""A tape as docs/replay.md reads it: prices in whole ticks where there is a tick."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import h5py

ON_TICK = 1e-6  # of a tick: what counts as a whole number of ticks


class OffGrid(Exception):
    """A price of the tape is between ticks."""


@dataclass
class Bars:
    """Bars of a symbol. Places are what is compared: whole ticks, or prices without a tick."""

    name: str
    tick: float
    open: list[float]  # price
    close: list[float]
    places: dict[str, list]  # open, high, low, close -> places


@dataclass
class Clock:
    seconds: list[int]  # openings of the bars, since 1970
    annualization: float  # bars a year


def whole_ticks(price: float, tick: float, off_grid: str) -> int:
    count = price / tick
    nearest = round(count)  # half to even
    if abs(count - nearest) <= max(ON_TICK, 4 * math.ulp(count)):
        return nearest
    if off_grid == "refuse":
        raise OffGrid(f"{price} is {count} ticks")
    return max(nearest, 1)


def read_tape(path: Path, ticks: dict[str, float], off_grid: str) -> tuple[Clock, list[Bars]]:
    """ticks: symbol -> tick, for the symbols that are replayed, in the order of the tape."""
    with h5py.File(path) as file:
        names = [name.decode() for name in file["symbol"][:]]
        clock = Clock([int(time) // 10**9 for time in file["time"][:]],
                      float(file.attrs["annualization"]))
        prices = {name: file[name][:] for name in ("open", "high", "low", "close")}
    symbols = []
    for row, name in enumerate(names):
        if name not in ticks:
            continue
        tick = ticks[name]
        places = {kind: [float(price) for price in values[row]] for kind, values in prices.items()}
        if tick > 0:
            places = {kind: [whole_ticks(price, tick, off_grid) for price in values]
                      for kind, values in places.items()}
        money = tick if tick > 0 else 1.0
        symbols.append(Bars(name, tick, [n * money for n in places["open"]],
                            [n * money for n in places["close"]], places))
    return clock, symbols
