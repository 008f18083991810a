"""What the parts of the importer hand to each other: bars, and errors of one line."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

PRICES = ("open", "high", "low", "close")
SIDES = ("bid", "ask")
QUOTE_PRICES = tuple(f"{side}_{price}" for side in SIDES for price in PRICES)
SIZES = tuple(f"{side}_size" for side in SIDES)
TRADE, QUOTE = "trade", "quote"


class TapeError(Exception):
    """One line for the user: where, what, with the value, and what to do."""


class CellFault(Exception):
    """A value that cannot be read: row (from 0), the value, and what is needed instead."""

    def __init__(self, row: int, value: object, needed: str):
        super().__init__(f"{value}: {needed}")
        self.row, self.value, self.needed = row, value, needed


@dataclass(frozen=True)
class Bars:
    """The bars of one symbol and kind in one file, as the file orders them.

    kind: TRADE with columns open, high, low, close, volume, or QUOTE with bid_open to ask_close
        and, where known, bid_size and ask_size; all float64
    frame: (bars,) those columns, `time` (int64, opening, nanoseconds since 1970-01-01 UTC) and
        `line` (int64, where the bar stands in the file, from 1; of Parquet and JSON the row)
    layout: what each column of the file was taken for, "-" where it is not used; () where the format
        leaves no choice
    """

    symbol: str
    kind: str
    file: str
    frame: pd.DataFrame
    layout: tuple[str, ...] = ()


def shortened(text: object, most: int = 60) -> str:
    """What a file has, as a message may quote it."""
    text = str(text)
    return text if len(text) <= most else f"{text[:most - 3]}..."


def price_columns(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The columns (open, high, low, close) of each price that a frame has: one, or bid and ask."""
    if "open" in frame:
        return [PRICES]
    return [tuple(f"{side}_{price}" for price in PRICES) for side in SIDES]
