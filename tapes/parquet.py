"""Parquet as a table; its columns, or its index, have the names that those of a CSV may have."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from tapes.bars import CellFault, TapeError, shortened
from tapes.columns import layout_of, named_columns, recognise
from tapes.reading import Reading
from tapes.table import Table
from tapes.times import parse_times

MAGIC = b"PAR1"


def read_parquet(content: bytes, file: str, reading: Reading, symbol: str | None = None) -> Table:
    """The table in a Parquet file; lines are its rows, from 1."""
    frame = _frame(content, file)
    fields = recognise(named_columns(list(frame.columns), file, reading), file, symbol)
    if frame.empty:
        raise TapeError(f"{file}: has no rows. Remove it, or get it again.")
    columns = {name: frame.iloc[:, position] for name, position in fields.items()}
    try:
        times = _times(columns.pop("time"), columns.pop("clock", None), reading)
    except CellFault as fault:
        raise _located(file, fault, frame.columns[fields["time"]]) from None
    values = {name: column.astype(str).to_numpy() if name == "symbol"
              else _numbers(column, file, frame.columns[fields[name]])
              for name, column in columns.items()}
    return Table(file, {**values, "time": times, "line": np.arange(1, len(frame) + 1)},
                 layout_of(fields, frame.shape[1]))


def _frame(content: bytes, file: str) -> pd.DataFrame:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as missing:
        raise TapeError(f"{file}: Parquet needs the package pyarrow ({missing}). Run ./check, "
                        "which installs it, or convert the file to CSV.") from None
    try:
        frame = pyarrow.parquet.read_table(io.BytesIO(content)).to_pandas()
    except Exception as problem:  # of any kind: it is the file that decides what goes wrong
        why = (str(problem).splitlines() or [type(problem).__name__])[0]
        raise TapeError(f"{file}: damaged Parquet ({shortened(why, 200)}). Get it again.") from None
    if isinstance(frame.index, pd.RangeIndex):
        return frame
    return frame.rename_axis(index=frame.index.name or "").reset_index()


def _times(column: pd.Series, clock: pd.Series | None, reading: Reading) -> np.ndarray:
    if clock is not None:
        column = column.astype(str) + " " + clock.astype(str)
    return parse_times(column, reading.zone)


def _numbers(column: pd.Series, file: str, name: object) -> np.ndarray:
    try:
        numbers = column.to_numpy().astype(float)
    except (TypeError, ValueError):
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers)
    if bad.any():
        row = int(np.argmax(bad))
        raise _located(file, CellFault(row, column.iloc[row], "must be a finite number"), name)
    return numbers


def _located(file: str, fault: CellFault, column: object) -> TapeError:
    value = f"'{shortened(fault.value)}'" if isinstance(fault.value, str) else fault.value
    return TapeError(f"{file}:{fault.row + 1}: {shortened(column)} = {value} ({fault.needed}). "
                     "Correct or remove the row.")
