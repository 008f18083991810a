"""Raw websocket captures: lines "local-ns {json}" of Binance spot or USD-M futures streams.

Streams used: `trade` (or `aggTrade` where there is no `trade`) and `bookTicker`; others, such as
`depthUpdate` and order book snapshots, are passed over. Times are s, ms, us or ns since 1970, told by
their size; oldest or newest first. Futures quotes carry the exchange's
transaction time T, as trades do, so both are put on that clock. Spot quotes carry none: both are put
on the clock of the machine that recorded them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from calibration.errors import CalibrationError
from calibration.recording import LARGEST, Prints, Quotes, Recording, remarks_of_order, shortened
from tapes.times import newest_first, parse_epoch

TRADES = ("trade", "aggTrade")


@dataclass
class Lines:
    """What the lines of a capture gave: rows of numbers per stream.

    trades: (local time, exchange's time, price, sells) per name of a stream [ns since 1970]
    quotes: (local time, exchange's time or None, bid, ask) [ns since 1970; price]
    """

    trades: dict[str, list[tuple]] = field(default_factory=lambda: {name: [] for name in TRADES})
    quotes: list[tuple] = field(default_factory=list)
    symbols: set[str] = field(default_factory=set)
    not_market: int = 0


def read_capture(path: Path, text: Iterable[str], symbol: str | None) -> Recording:
    """The recording in the lines of a capture; only those of `symbol`, where one is given."""
    lines = Lines()
    for number, line in enumerate(text, 1):
        if '"depthUpdate"' in line or not line.strip():
            continue
        try:
            take(lines, line, symbol)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as problem:
            raise CalibrationError(
                f"{path}:{number}: '{shortened(line)}' cannot be read ({reason(problem)}); a line is "
                "'LOCAL-NANOSECONDS {JSON}': remove it, or record the file again") from problem
    if len(lines.symbols) > 1:
        raise CalibrationError(f"{path}: several symbols: "
                               f"{shortened(', '.join(sorted(lines.symbols)))}; choose "
                               "one with --symbol")
    return recording_of(path, lines, symbol)


def reason(problem: Exception) -> str:
    if isinstance(problem, KeyError):
        return f"no {problem}"
    return "not JSON" if isinstance(problem, json.JSONDecodeError) else shortened(str(problem))


def take(lines: Lines, line: str, symbol: str | None) -> None:
    """Adds one line; raises ValueError and the like where it makes no sense."""
    stamp, _, text = line.partition(" ")
    local, message = parse_epoch(int(stamp)), json.loads(text)
    if not isinstance(message, dict):
        raise ValueError("not a message {...}")
    message = message.get("data", message)
    event = event_of(message)
    if event is None or symbol not in (None, message["s"]):
        return
    if not isinstance(message["s"], str):
        raise ValueError(f"s = {message['s']} (must be a symbol)")
    lines.symbols.add(message["s"])
    if event == "bookTicker":
        bid, ask = price(message["b"]), price(message["a"])
        if bid >= ask:
            raise ValueError(f"bid {bid:g} is not below ask {ask:g}")
        time = parse_epoch(int(message["T"])) if "T" in message else None
        lines.quotes.append((local, time, bid, ask))
    elif message.get("X", "MARKET") != "MARKET":
        lines.not_market += 1
    else:
        if not isinstance(message["m"], bool):
            raise ValueError(f"m = {message['m']} (must be true or false)")
        lines.trades[event].append((local, parse_epoch(int(message["T"])), price(message["p"]),
                                    message["m"]))


def event_of(message: object) -> str | None:
    """The name of a stream that is used; None of others, also of other exchanges'."""
    if not isinstance(message, dict):
        return None
    if "e" in message:
        return next((name for name in (*TRADES, "bookTicker") if message["e"] == name), None)
    best = {"u", "b", "a"} <= message.keys() and not isinstance(message["b"], list)
    return "bookTicker" if best else None


def price(text: str) -> float:
    value = float(text)
    if not 0.0 < value < float("inf"):
        raise ValueError(f"price {text} (must be > 0)")
    if value > LARGEST:
        raise ValueError(f"price {text} (must be <= {LARGEST:g})")
    return value


def recording_of(path: Path, lines: Lines, symbol: str | None) -> Recording:
    """Puts trades and quotes on one clock."""
    rows = lines.trades["trade"] or lines.trades["aggTrade"]
    if not rows:
        wanted = f" of {symbol}" if symbol else ""
        raise CalibrationError(f"{path}: no trades{wanted} in messages of Binance; record the stream "
                               "SYMBOL@trade or SYMBOL@aggTrade beside SYMBOL@bookTicker")
    exchange = all(quote[1] is not None for quote in lines.quotes)
    column, direction = (1 if exchange else 0), 1
    order = remarks_of_order(np.array([row[0] for row in rows]))
    if newest_first(np.array([row[0] for row in rows])):
        direction = -1
    rows, quotes = rows[::direction], lines.quotes[::direction]
    start = min(row[column] for row in (*rows, *quotes))
    local, stamp, prices, sells = (np.array(values) for values in zip(*rows))
    prints = in_order(Prints(stamp, ((stamp if exchange else local) - start) / 1e9,
                             prices.astype(float), sells.astype(bool)))
    return Recording(path, "raw capture", min(lines.symbols), start / 1e9,
                     "exchange" if exchange else "local", prints,
                     quotes_of(quotes, column, start), (*order, *remarks_of(lines)))


def in_order(prints: Prints) -> Prints:
    order = np.argsort(prints.time, kind="stable")
    return Prints(*(values[order] for values in
                    (prints.stamp, prints.time, prints.price, prints.sells)))


def quotes_of(rows: list[tuple], column: int, start: int) -> Quotes | None:
    if not rows:
        return None
    time = (np.array([row[column] for row in rows], dtype=np.int64) - start) / 1e9
    bid, ask = (np.array([row[i] for row in rows]) for i in (2, 3))
    order = np.argsort(time, kind="stable")
    return Quotes(time[order], bid[order], ask[order])


def remarks_of(lines: Lines) -> tuple[str, ...]:
    remarks = []
    if lines.not_market:
        remarks.append(f"{lines.not_market} trades were not of the market (insurance fund, "
                       "deleveraging): left out")
    if lines.trades["trade"] and lines.trades["aggTrade"]:
        remarks.append("both trade and aggTrade were recorded: only trade is used")
    return tuple(remarks)
