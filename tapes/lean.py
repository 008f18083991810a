"""Lean's files, headerless CSV, mostly one in a zip.

Minutes and seconds: YYYYMMDD_trade.zip, YYYYMMDD_quote.zip, a day in each, times in ms since midnight.
Hours and days: SYMBOL.zip, SYMBOL_trade.zip, SYMBOL_quote.zip, times as YYYYMMDD HH:MM.
Fields after the time: open, high, low, close, volume of trades; open, high, low, close, size of the bid,
then of the ask, of quotes, where those of a side that nobody quoted are empty.
Source: QuantConnect/Lean, Data/crypto/readme.md and Data/equity/readme.md: prices of equities and
options are in 1/10000 dollars, those of crypto, forex, cfd and futures as they are; times are those of
the market, of crypto UTC.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from tapes.bars import PRICES, QUOTE, QUOTE_PRICES, TRADE, Bars, CellFault, TapeError
from tapes.reading import Reading
from tapes.text import Lines, located, read_columns
from tapes.times import DAY, Zone, parse_times

FIELDS = {
    TRADE: ("time", *PRICES, "volume"),
    QUOTE: ("time", *QUOTE_PRICES[:4], "bid_size", *QUOTE_PRICES[4:], "ask_size"),
}
SCALED = 10000  # units of price in a dollar, of equities and options
SCALED_FOLDERS = ("equity", "option", "indexoption")
UTC_FOLDERS = ("crypto", "cryptofuture")
FOLDERS = (*SCALED_FOLDERS, *UTC_FOLDERS, "forex", "cfd", "future", "futureoption", "index")
MS = 10**6  # [ns]
_DATED = re.compile(r"\d{8} \d\d:\d\d,")
_SINCE_MIDNIGHT = re.compile(r"\d{1,8},")


def kind_of(path: Path, member: str, lines: list[tuple[int, str]]) -> str | None:
    """TRADE or QUOTE where the name of the file, or of that in the zip, is one of Lean's minutes, or
    where the rows are Lean's: by their times, which no other format has, and their columns."""
    for name in (member, path.name):
        if found := re.match(r"\d{8}_(?:.*_)?(trade|quote)\.(?:csv|zip)$", name):
            return found[1]
    widths = {len(fields): kind for kind, fields in FIELDS.items()}
    kind = widths.get(lines[0][1].count(",") + 1) if lines else None
    if kind and (is_dated(lines) or all(_is_since_midnight(line) for _, line in lines)):
        return kind
    return None


def is_dated(lines: list[tuple[int, str]]) -> bool:
    """Whether times are those of Lean's hours and days."""
    return all(_DATED.match(line) for _, line in lines)


def _is_since_midnight(line: str) -> bool:
    """As a time since 1970 it would be before October of that year, in any unit."""
    found = _SINCE_MIDNIGHT.match(line)
    return found is not None and int(found[0][:-1]) < DAY // MS and not re.match(r"(19|2[01])\d{6},",
                                                                               line)


def read_lean(lines: list[tuple[int, str]], path: Path, member: str, reading: Reading) -> Bars:
    """The bars of one file. Quotes with one side only are left out: they are gaps."""
    kind = kind_of(path, member, lines)
    parted = _lines(lines, str(path), FIELDS[kind])
    fields = {name: position for position, name in enumerate(FIELDS[kind])}
    columns = read_columns(parted, fields, empty_is_nan=kind == QUOTE)
    frame = pd.DataFrame({name: columns[name] for name in FIELDS[kind][1:]})
    frame["time"] = _times(columns["time"], parted, path, member, reading)
    frame["line"] = np.array(parted.numbers, dtype=np.int64)
    prices = [name for name in frame if name in (*PRICES, *QUOTE_PRICES)]
    frame = frame[frame[prices].notna().all(axis=1)].fillna(0.0).reset_index(drop=True)
    frame[prices] = frame[prices] / _scale(path, frame[prices].to_numpy(), reading)
    return Bars(reading.symbol or _symbol(path, member), kind, str(path), frame)


def _lines(rows: list[tuple[int, str]], file: str, names: tuple[str, ...]) -> Lines:
    for number, row in rows:
        if row.count(",") + 1 != len(names):
            raise TapeError(f"{file}:{number}: {row.count(',') + 1} columns (must be {len(names)}: "
                            f"{', '.join(names)}). Correct or remove the line.")
    return Lines(file, ",", names, [row for _, row in rows], [number for number, _ in rows])


def _times(texts: np.ndarray, lines: Lines, path: Path, member: str,
           reading: Reading) -> np.ndarray:
    """[ns since 1970-01-01 UTC]"""
    if all(_DATED.match(row) for row in lines.rows):
        return _dated(pd.Series(texts, dtype=object), lines, path, reading)
    numbers = pd.to_numeric(pd.Series(texts), errors="coerce")
    bad = ~((numbers >= 0) & (numbers < DAY // MS) & (numbers == np.floor(numbers)))
    if bad.any():
        row = int(bad.idxmax())
        fault = CellFault(row, texts[row], "must be milliseconds since midnight")
        raise located(lines, fault, "time")
    _ask_for_zone(path, reading)
    return _midnight(path, member, reading.zone) + numbers.to_numpy().astype(np.int64) * MS


def _dated(texts: pd.Series, lines: Lines, path: Path, reading: Reading) -> np.ndarray:
    """Bars that all open at midnight are days, and days are dates, of no zone."""
    zone = reading.zone
    if texts.str.endswith(" 00:00").all():
        zone = Zone()
    else:
        _ask_for_zone(path, reading)
    try:
        return parse_times(texts, zone)
    except CellFault as fault:
        raise located(lines, fault, "time") from None


def _folder(path: Path) -> str | None:
    """Of Lean's folders that which the file is in: crypto, equity, ..."""
    return next((part for part in reversed(path.resolve().parts[:-1]) if part in FOLDERS), None)


def _ask_for_zone(path: Path, reading: Reading) -> None:
    """Refuses to take times of a market that keeps its own for UTC."""
    folder = _folder(path)
    if reading.zone.name is None and folder is not None and folder not in UTC_FOLDERS:
        raise TapeError(f"{path}: times in Lean's folder {folder} are those of its market (of usa "
                        "America/New_York), and no --timezone is given. Say --timezone "
                        "America/New_York, or which it is.")


def _midnight(path: Path, member: str, zone: Zone) -> int:
    """Start of the day in the name [ns since 1970-01-01 UTC]."""
    day = re.match(r"\d{8}", path.name) or re.match(r"\d{8}", member)
    if day is None:
        raise TapeError(f"{path}: times are ms since midnight, as in Lean's minutes, and its name has "
                        "no day (must be YYYYMMDD_trade.zip or YYYYMMDD_quote.zip). Rename the file.")
    try:
        return int(parse_times(pd.Series([f"{day[0]} 00:00"]), zone)[0])
    except CellFault as fault:
        raise TapeError(f"{path}: {day[0]}: {fault.needed}. Rename the file.") from None


def _symbol(path: Path, member: str) -> str:
    if not re.match(r"\d{8}_", path.name) and not re.match(r"\d{8}_", member):
        return re.sub(r"(_trade|_quote)?(\.csv|\.zip|\.gz)*$", "", path.name).upper()
    found = re.match(r"\d{8}_(.+?)(?:_minute|_second)?_(?:trade|quote)\.csv$", member)
    return (found[1] if found else path.resolve().parent.name).upper()


def _scale(path: Path, prices: np.ndarray, reading: Reading) -> int:
    """What prices are divided by. Raises where they look scaled, outside of Lean's folders."""
    if reading.lean_price_scale is not None:
        reading.applied.add("--lean-price-scale")
        return reading.lean_price_scale
    folder = _folder(path)
    if folder in SCALED_FOLDERS:
        return SCALED
    if folder is None and prices.size and ((prices >= SCALED) & (prices % 100 == 0)).all():
        raise TapeError(f"{path}: prices such as {prices[0, 0]:.0f} may be in 1/10000 dollars, as "
                        "those of Lean's equities are. Say --lean-price-scale 10000, or 1 if not.")
    return 1
