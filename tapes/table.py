"""A table with named columns as bars: what CSV and Parquet share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from tapes.bars import PRICES, QUOTE, QUOTE_PRICES, SIZES, TRADE, Bars, TapeError, shortened
from tapes.reading import Reading

# What may follow the symbol in the name of a file: "BTCUSDT-1m-2024-01", "ETHUSD_daily".
_TAIL = re.compile(r"[-_. ](?:\d{1,2}[smhdwM]|\d{4}(?:-\d\d){0,2}|\d{8}|daily|hourly|minute|hour|"
                   r"day|klines|trade|quote)$", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """The fields of a file: name -> (rows,) values, all numbers float64 and `time` int64; `symbol`
    as text where the file has it; `line` as in Bars. layout: as in Bars."""

    file: str
    columns: dict[str, np.ndarray] = field(repr=False)
    layout: tuple[str, ...] = ()


def symbol_of_name(path: str | Path) -> str:
    """BTCUSDT of "data/BTCUSDT-1m-2024-01.csv.gz"."""
    name = re.sub(r"(?i)\.(csv|txt|json|zip|gz|parquet|pq)$", "", Path(path).name)
    name = re.sub(r"(?i)\.(csv|txt|json)$", "", name)
    while (shorter := _TAIL.sub("", name)) != name:
        name = shorter
    return name


def bars_of(table: Table, path: Path, reading: Reading) -> Iterator[Bars]:
    """The bars of every symbol in the table; of reading.symbol alone where it is named."""
    _choose_volume(table, reading)
    for symbol, rows in _rows_by_symbol(table, path, reading):
        for kind, names in ((TRADE, (*PRICES, "volume")), (QUOTE, (*QUOTE_PRICES, *SIZES))):
            if names[0] not in table.columns:
                continue
            held = ["time", "line", *(name for name in names if name in table.columns)]
            yield Bars(symbol, kind, table.file,
                       pd.DataFrame({name: table.columns[name][rows] for name in held}),
                       table.layout)


def _choose_volume(table: Table, reading: Reading) -> None:
    """Where no volume is known, as of currencies in MetaTrader's exports, the number of ticks."""
    ticks = table.columns.pop("tick_volume", None)
    volume = table.columns.get("volume")
    if ticks is None or volume is not None and (volume.any() or not ticks.any()):
        return
    table.columns["volume"] = ticks
    why = "there is no other" if volume is None else "the other is 0 throughout"
    reading.notes.append(f"{table.file}: volume is the number of ticks, as {why}")


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
                        f"{shortened(', '.join(names), 300)}). Name one of "
                        "these, or leave SYMBOL= out.")
