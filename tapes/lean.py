"""Lean's minute zips: YYYYMMDD_trade.zip and YYYYMMDD_quote.zip, a headerless CSV in each.

Trade: ms since midnight, open, high, low, close, volume. Quote: ms since midnight, open, high, low,
close and size of the bid, then of the ask; the fields of a side that nobody quoted are empty.
Source: QuantConnect/Lean, Data/crypto/readme.md and Data/equity/readme.md: prices of equities and
options are in 1/10000 dollars, those of crypto, forex, cfd and futures as they are.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from tapes.bars import PRICES, QUOTE, QUOTE_PRICES, TRADE, Bars, CellFault, TapeError
from tapes.table import Reading
from tapes.text import Lines, located, read_columns
from tapes.times import DAY, parse_times

FIELDS = {
    TRADE: ("time", *PRICES, "volume"),
    QUOTE: ("time", *QUOTE_PRICES[:4], "bid_size", *QUOTE_PRICES[4:], "ask_size"),
}
SCALED = 10000  # units of price in a dollar, of equities and options
SCALED_FOLDERS = ("equity", "option", "indexoption")
MS = 10**6  # [ns]


def kind_of(path: Path, member: str) -> str | None:
    """TRADE or QUOTE where the name of the zip, or of the file in it, is one of Lean's."""
    for name in (member, path.name):
        if found := re.match(r"\d{8}_(?:.*_)?(trade|quote)\.(?:csv|zip)$", name):
            return found[1]
    return None


def read_lean(content: bytes, path: Path, member: str, reading: Reading) -> Bars:
    """The bars of one day. Quotes with one side only are left out: they are gaps."""
    kind = kind_of(path, member)
    lines = _lines(content, str(path), FIELDS[kind])
    fields = {name: position for position, name in enumerate(FIELDS[kind])}
    columns = read_columns(lines, fields, empty_is_nan=kind == QUOTE)
    frame = pd.DataFrame({name: columns[name] for name in FIELDS[kind][1:]})
    frame["time"] = _times(columns["time"], lines, _midnight(path, member, reading.timezone))
    frame["line"] = np.array(lines.numbers, dtype=np.int64)
    prices = [name for name in frame if name in (*PRICES, *QUOTE_PRICES)]
    frame = frame[frame[prices].notna().all(axis=1)].fillna(0.0).reset_index(drop=True)
    frame[prices] = frame[prices] / _scale(path, frame[prices].to_numpy(), reading)
    return Bars(reading.symbol or _symbol(path, member), kind, str(path), frame)


def _lines(content: bytes, file: str, names: tuple[str, ...]) -> Lines:
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    rows = [(number, row) for number, row in enumerate(text.split("\n"), 1) if row.strip()]
    if not rows:
        raise TapeError(f"{file}: empty (must have rows of bars). Remove it, or get it again.")
    for number, row in rows:
        if row.count(",") + 1 != len(names):
            raise TapeError(f"{file}:{number}: {row.count(',') + 1} columns (must be {len(names)}: "
                            f"{', '.join(names)}). Correct or remove the line.")
    return Lines(file, ",", names, [row for _, row in rows], [number for number, _ in rows])


def _midnight(path: Path, member: str, timezone: str) -> int:
    """Start of the day in the name [ns since 1970-01-01 UTC]."""
    day = re.match(r"\d{8}", path.name) or re.match(r"\d{8}", member)
    try:
        return int(parse_times(pd.Series([f"{day[0]} 00:00"]), timezone)[0])
    except CellFault as fault:
        raise TapeError(f"{path}: {day[0]}: {fault.needed}. Rename the file.") from None


def _times(texts: np.ndarray, lines: Lines, midnight: int) -> np.ndarray:
    numbers = pd.to_numeric(pd.Series(texts), errors="coerce")
    bad = ~((numbers >= 0) & (numbers < DAY // MS) & (numbers == np.floor(numbers)))
    if bad.any():
        row = int(bad.idxmax())
        fault = CellFault(row, texts[row], "must be milliseconds since midnight")
        raise located(lines, fault, "time")
    return midnight + numbers.to_numpy().astype(np.int64) * MS


def _symbol(path: Path, member: str) -> str:
    found = re.match(r"\d{8}_(.+?)(?:_minute|_second)?_(?:trade|quote)\.csv$", member)
    return (found[1] if found else path.resolve().parent.name).upper()


def _scale(path: Path, prices: np.ndarray, reading: Reading) -> int:
    """What prices are divided by. Raises where they look scaled, outside of Lean's folders."""
    if reading.lean_price_scale is not None:
        return reading.lean_price_scale
    if set(SCALED_FOLDERS) & set(path.resolve().parts):
        return SCALED
    if "crypto" not in path.resolve().parts and prices.size and ((prices >= SCALED) &
                                                                 (prices % 100 == 0)).all():
        raise TapeError(f"{path}: prices such as {prices[0, 0]:.0f} may be in 1/10000 dollars, as "
                        "those of Lean's equities are. Say --lean-price-scale 10000, or 1 if not.")
    return 1
