"""Binance aggregated trades (data.binance.vision): CSV, with or without a header, plain or zipped.

Columns: aggregate id, price, quantity, first id, last id, timestamp [s, ms, us or ns since 1970, or a
date], is buyer maker, and in files of the spot market best match. Oldest or newest first.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd

from calibration.errors import CalibrationError
from calibration.recording import LARGEST, Prints, Recording, remarks_of_order, shortened
from tapes.bars import CellFault
from tapes.times import Zone, newest_first, parse_times

COLUMNS = ["id", "price", "quantity", "first", "last", "time", "buyer_is_maker", "best_match"]
LAYOUT = ("aggregate id, price, quantity, first id, last id, timestamp, is buyer maker"
          "[, best match]")
TRUTH = {"true": True, "false": False, "1": True, "0": False}
HEADER = {1: "price", 5: "time", 6: "maker"}  # what names of columns have in them


def read_aggregated(path: Path, file: TextIO) -> Recording:
    """The recording in a CSV of aggregated trades; it has no quotes."""
    fields = first_line(path, file.readline())
    header = not fields[0].isdigit()
    file.seek(0)
    table = read_table(path, file, COLUMNS[:len(fields)]).iloc[int(header):]
    if table.empty:
        raise CalibrationError(f"{path}: no trades; name a file that has some")
    lines = Lines(path, table, first=1 + header)
    price, stamp, sells = lines.numbers("price"), lines.times(), lines.truths()
    remarks = remarks_of_order(stamp)
    if newest_first(stamp):
        price, stamp, sells = price[::-1], stamp[::-1], sells[::-1]
    order = np.argsort(stamp, kind="stable")
    stamp = stamp[order]
    prints = Prints(stamp, (stamp - stamp[0]) / 1e9, price[order], sells[order])
    return Recording(path, "aggregated trades", "", stamp[0] / 1e9, "exchange", prints, None, remarks)


def first_line(path: Path, line: str) -> list[str]:
    """Its fields; the first line of another kind of file is refused."""
    fields = line.strip().lower().split(",")
    if len(fields) not in (7, 8) or not fields[0].isdigit() and not all(
            word in fields[column] for column, word in HEADER.items()):
        raise CalibrationError(f"{path}:1: '{shortened(line)}' is neither a header nor a row (columns "
                               f"must be {LAYOUT}), nor a line 'LOCAL-NANOSECONDS {{JSON}}'; name "
                               "aggregated trades or a raw capture")
    return fields


def read_table(path: Path, file: TextIO, columns: list[str]) -> pd.DataFrame:
    """Every field as text, "" where a line has fewer."""
    try:
        return pd.read_csv(file, header=None, names=columns, dtype=str, na_filter=False,
                            skip_blank_lines=False, index_col=False, on_bad_lines="error").fillna("")
    except (ValueError, OverflowError, pd.errors.ParserError) as problem:
        if isinstance(problem, UnicodeDecodeError):
            raise
        raise CalibrationError(f"{path}: {' '.join(str(problem).split())} (columns must be {LAYOUT}); name a "
                               "file of aggregated trades") from problem


class Lines:
    """Rows of a table that know their lines in the file."""

    def __init__(self, path: Path, table: pd.DataFrame, first: int) -> None:
        self.path_, self.table_, self.first_ = path, table, first

    def numbers(self, column: str) -> np.ndarray:
        """A column of positive numbers."""
        values = pd.to_numeric(self.table_[column], errors="coerce").to_numpy(dtype=float)
        self.refuse(~(values > 0.0) | ~np.isfinite(values), column, "a number > 0")
        self.refuse(values > LARGEST, column, f"a number <= {LARGEST:g}")
        return values

    def times(self) -> np.ndarray:
        """[ns since 1970-01-01 UTC]"""
        try:
            return parse_times(self.table_["time"], Zone())
        except CellFault as fault:
            self.refuse(np.arange(len(self.table_)) == fault.row, "time",
                        fault.needed.removeprefix("must be "))
            raise

    def truths(self) -> np.ndarray:
        """The column is buyer maker; a buyer who is maker was hit by a sell order."""
        values = self.table_["buyer_is_maker"].str.strip().str.lower().map(TRUTH)
        self.refuse(values.isna().to_numpy(), "buyer_is_maker", "true or false")
        return values.to_numpy(dtype=bool)

    def refuse(self, bad: np.ndarray, column: str, needed: str) -> None:
        """Names the first bad line, if there is one."""
        if not bad.any():
            return
        row = int(np.argmax(bad))
        value, number = shortened(self.table_[column].iloc[row]), COLUMNS.index(column) + 1
        raise CalibrationError(
            f"{self.path_}:{self.first_ + row}: column {number} ({column.replace('_', ' ')}) = "
            f"'{value}' (must be {needed}); columns must be {LAYOUT}")
