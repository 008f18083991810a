"""A table with named columns as bars: what CSV and Parquet share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from tapes.bars import PRICES, QUOTE, QUOTE_PRICES, SIZES, TRADE, Bars, TapeError

# What may follow the symbol in the name of a file: "BTCUSDT-1m-2024-01", "ETHUSD_daily".
_TAIL = re.compile(r"[-_. ](?:\d{1,2}[smhdwM]|\d{4}(?:-\d\d){0,2}|\d{8}|daily|hourly|minute|hour|"
                   r"day|klines|trade|quote)$", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """How files are to be read.

    timezone: of dates without an offset
    symbol: the SYMBOL of SYMBOL=PATH; None: from the file
    lean_price_scale: what the prices of Lean zips are divided by; None: told by the folders
    """

    timezone: str = "UTC"
    symbol: str | None = None
    lean_price_scale: int | None = None


@dataclass(frozen=True)
class Table:
    """The fields of a file: name -> (rows,) values, all numbers float64 and `time` int64; `symbol`
    as text where the file has it; `line` as in Bars."""

    file: str
    columns: dict[str, np.ndarray] = field(repr=False)


def symbol_of_name(path: str | Path) -> str:
    """BTCUSDT of "data/BTCUSDT-1m-2024-01.csv.gz"."""
    name = re.sub(r"(?i)\.(csv|txt|zip|gz|parquet|pq)$", "", Path(path).name)
    name = re.sub(r"(?i)\.(csv|txt)$", "", name)
    while (shorter := _TAIL.sub("", name)) != name:
        name = shorter
    return name


def bars_of(table: Table, path: Path, reading: Reading) -> Iterator[Bars]:
    """The bars of every symbol in the table; of reading.symbol alone where it is named."""
    for symbol, rows in _rows_by_symbol(table, path, reading):
        for kind, names in ((TRADE, (*PRICES, "volume")), (QUOTE, (*QUOTE_PRICES, *SIZES))):
            if names[0] not in table.columns:
                continue
            held = ["time", "line", *(name for name in names if name in table.columns)]
            yield Bars(symbol, kind, table.file,
                       pd.DataFrame({name: table.columns[name][rows] for name in held}))


def _rows_by_symbol(table: Table, path: Path,
                    reading: Reading) -> Iterator[tuple[str, np.ndarray | slice]]:
    column = table.columns.get("symbol")
    names = [] if column is None else list(dict.fromkeys(column))
    if "" in names:
        line = table.columns["line"][int(np.argmax(column == ""))]
        raise TapeError(f"{table.file}:{line}: the symbol is empty (must be a name). Fill it in, "
                        "or remove the column.")
    if len(names) < 2:
        yield reading.symbol or (names[0] if names else symbol_of_name(path)), slice(None)
    elif reading.symbol is None:
        yield from ((name, column == name) for name in names)
    elif reading.symbol in names:
        yield reading.symbol, column == reading.symbol
    else:
        raise TapeError(f"{table.file}: no symbol '{reading.symbol}' (its column of symbols has "
                        f"{', '.join(names[:5])}{', ...' if len(names) > 5 else ''}). Name one of "
                        "these, or leave SYMBOL= out.")
