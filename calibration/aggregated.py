"""Binance aggregated trades (data.binance.vision): CSV, with or without a header, plain or zipped.

Columns: aggregate id, price, quantity, first id, last id, timestamp [millisecond, or microsecond in
files of the spot market since 2025], is buyer maker, and in files of the spot market best match.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd

from calibration.errors import CalibrationError
from calibration.recording import Prints, Recording

COLUMNS = ["id", "price", "quantity", "first", "last", "time", "buyer_is_maker", "best_match"]
LAYOUT = ("aggregate id, price, quantity, first id, last id, timestamp, is buyer maker"
          "[, best match]")
TRUTH = {"true": True, "false": False, "1": True, "0": False}
MICROSECONDS = 10**14  # from here on a timestamp counts microseconds: in milliseconds, the year 5138


def read_aggregated(path: Path, file: TextIO) -> Recording:
    """The recording in a CSV of aggregated trades; it has no quotes."""
    table = read_table(path, file)
    header = int(len(table) > 0 and not table["id"].iloc[0].strip().lstrip("-").isdigit())
    if header and "price" not in table.iloc[0].str.lower().tolist():
        raise CalibrationError(f"{path}:1: '{','.join(table.iloc[0])}' is neither a header nor a row "
                               f"(columns must be {LAYOUT}); name a file of aggregated trades")
    table = table.iloc[header:]
    if table.empty:
        raise CalibrationError(f"{path}: no trades; name a file that has some")
    lines = Lines(path, table, first=1 + header)
    price = lines.numbers("price")
    stamp = lines.numbers("time").astype(np.int64)
    stamp = np.where(stamp >= MICROSECONDS, stamp, stamp * 1000)
    order = np.argsort(stamp, kind="stable")
    stamp = stamp[order]
    prints = Prints(stamp, (stamp - stamp[0]) * 1e-6, price[order], lines.truths()[order])
    return Recording(path, "aggregated trades", "", stamp[0] * 1e-6, "exchange", prints, None)


def read_table(path: Path, file: TextIO) -> pd.DataFrame:
    """Every field as text, "" where a line has fewer."""
    try:
        table = pd.read_csv(file, header=None, names=COLUMNS, dtype=str, na_filter=False,
                            skip_blank_lines=False, index_col=False, on_bad_lines="error")
    except pd.errors.EmptyDataError:
        raise CalibrationError(f"{path}: is empty; name a file of aggregated trades") from None
    except (pd.errors.ParserError, pd.errors.ParserWarning) as problem:
        raise CalibrationError(f"{path}: {str(problem).strip()} (columns must be {LAYOUT}); name a "
                               "file of aggregated trades") from problem
    return table.fillna("")


class Lines:
    """Rows of a table that know their lines in the file."""

    def __init__(self, path: Path, table: pd.DataFrame, first: int) -> None:
        self.path_, self.table_, self.first_ = path, table, first

    def numbers(self, column: str) -> np.ndarray:
        """A column of positive numbers."""
        values = pd.to_numeric(self.table_[column], errors="coerce").to_numpy(dtype=float)
        self.refuse(~(values > 0.0) | ~np.isfinite(values), column, "a number > 0")
        return values

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
        value, number = self.table_[column].iloc[row], COLUMNS.index(column) + 1
        raise CalibrationError(
            f"{self.path_}:{self.first_ + row}: column {number} ({column.replace('_', ' ')}) = "
            f"'{value}' (must be {needed}); columns must be {LAYOUT}")
