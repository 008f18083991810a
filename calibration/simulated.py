"""Recordings of a market whose sigma, A and k are known, to try the calibration on. See --help."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.recording import Prints, Quotes

STEP = 0.05  # [second] between quotes
EPOCH = 1_700_000_000_000  # [millisecond since 1970] of time 0


@dataclass(frozen=True)
class Truth:
    """A Brownian mid on a grid of prices, and Poisson market orders with exponential reach.

    price [price]; sigma [price / sqrt(second)]; tick [price]
    A [1 / second] and k [1 / price] of (bid, ask)
    heavy: share of the orders that reach `heavier` times as far as k says
    """

    price: float = 50_000.0
    sigma: float = 4.0
    tick: float = 0.1
    A: tuple[float, float] = (2.0, 1.5)
    k: tuple[float, float] = (0.6, 0.9)
    heavy: float = 0.0
    heavier: float = 8.0


def simulate(rng: np.random.Generator, truth: Truth, seconds: float) -> tuple[Quotes, Prints]:
    """Quotes every STEP, the mid rounded to the grid, a spread of 1 or 2 ticks; one print per order,
    at the furthest price of the grid that it reaches, if that is the best price or beyond."""
    steps = int(round(seconds / STEP))
    walk = np.cumsum(rng.normal(0.0, truth.sigma * np.sqrt(STEP), steps))
    below = np.floor((truth.price + walk) / truth.tick)
    spread = rng.integers(1, 3, steps)
    quotes = Quotes(STEP * np.arange(steps), below * truth.tick, (below + spread) * truth.tick)
    sides = [orders(rng, truth, side, (below, spread), seconds) for side in (0, 1)]
    time, price, sells = (np.concatenate(values) for values in zip(*sides))
    order = np.argsort(time)
    time = time[order]
    return quotes, Prints(np.round(time * 1e9).astype(np.int64), time, price[order], sells[order])


def orders(rng: np.random.Generator, truth: Truth, side: int, book: tuple[np.ndarray, np.ndarray],
           seconds: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, prices and sides of the orders that come to the bid (0) or the ask (1)."""
    count = rng.poisson(truth.A[side] * seconds)
    time = np.sort(rng.uniform(STEP, seconds, count))
    reach = rng.exponential(1.0 / truth.k[side], count)
    reach *= np.where(rng.uniform(size=count) < truth.heavy, truth.heavier, 1.0)
    i = np.minimum((time / STEP).astype(int), book[0].size - 1)
    best, half = book[0][i] + (book[1][i] if side else 0), book[1][i] / 2.0
    levels = np.floor(reach / truth.tick - half)
    price = (best + (levels if side else -levels)) * truth.tick
    hit = levels >= 0
    return time[hit], price[hit], np.full(int(hit.sum()), side == 0)


# As files ------------------------------------------------------------------------------------------

def capture_lines(quotes: Quotes, prints: Prints) -> list[str]:
    """A raw capture of USD-M futures; an order is printed at the best price, then at its furthest."""
    lines = [(time, 0, {"e": "bookTicker", "u": i, "b": f"{bid:.2f}", "a": f"{ask:.2f}"})
             for i, (time, bid, ask) in enumerate(zip(quotes.time, quotes.bid, quotes.ask))]
    best = np.searchsorted(quotes.time, prints.time, side="right") - 1
    for time, price, sells, i in zip(prints.time, prints.price, prints.sells, best):
        first = quotes.bid[i] if sells else quotes.ask[i]
        lines += [(time, 1, {"e": "trade", "p": f"{p:.2f}", "q": "0.01", "X": "MARKET",
                             "m": bool(sells)}) for p in (first, price)]
    lines.sort(key=lambda line: line[:2])
    return [line_of(time, message) for time, _, message in lines]


def line_of(time: float, message: dict) -> str:
    """Milliseconds are rounded up, so that an order comes after the quote that it meets."""
    stamp = EPOCH + int(np.ceil(time * 1e3 - 1e-6))
    data = message | {"s": "TESTUSDT", "T": stamp, "E": stamp}
    stream = f"testusdt@{message['e']}"
    return f"{stamp * 1_000_000} {json.dumps({'stream': stream, 'data': data})}\n"


def aggregated_lines(prints: Prints) -> list[str]:
    """Aggregated trades of USD-M futures, with a header."""
    rows = ["agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"]
    for i, (time, price, sells) in enumerate(zip(prints.time, prints.price, prints.sells), 1):
        stamp = EPOCH + int(time * 1e3)
        rows.append(f"{i},{price:.2f},0.01,{i},{i},{stamp},{str(bool(sells)).lower()}\n")
    return rows


def write(path: Path, lines: list[str]) -> None:
    opened: Callable = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt") as file:
        file.writelines(lines)


def main(arguments: list[str] | None = None) -> int:
    """Writes one recording."""
    parser = argparse.ArgumentParser(
        prog="calibration.simulated", description="Write a recording of a simulated market, mid 50000, "
        "sigma 4, A 2 and 1.5 and k 0.6 and 0.9 of bid and ask, tick 0.1.")
    parser.add_argument("file", type=Path, metavar="FILE",
                        help="*.csv or *.csv.gz: aggregated trades; others: a raw capture")
    parser.add_argument("--seconds", type=float, default=1800.0, help="length (default: 1800)")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (default: 1)")
    parser.add_argument("--heavy", type=float, default=0.0, metavar="SHARE",
                        help="share of the orders that reach 8 times as far (default: 0)")
    options = parser.parse_args(arguments)
    quotes, prints = simulate(np.random.default_rng(options.seed), Truth(heavy=options.heavy),
                              options.seconds)
    aggregated = ".csv" in options.file.suffixes
    write(options.file, aggregated_lines(prints) if aggregated else capture_lines(quotes, prints))
    return 0


if __name__ == "__main__":
    sys.exit(main())
