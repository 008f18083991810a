"""CSV as a table: Binance klines with and without header, and whatever has recognisable columns."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tapes.bars import CellFault, TapeError
from tapes.columns import KLINES, PLAIN, recognise
from tapes.table import Table
from tapes.times import parse_times

TEXTS = ("time", "clock", "symbol")


@dataclass(frozen=True)
class Lines:
    """The rows of a CSV file.

    names: of the columns, from the header or by their number
    rows: the lines with data; numbers: where they stand in the file, from 1
    """

    file: str
    separator: str
    names: Sequence[str]
    rows: list[str]
    numbers: list[int]


def read_text(content: bytes, file: str, timezone: str, symbol: str | None = None) -> Table:
    """The table in a CSV file; raises TapeError, with line and column, where it is none."""
    lines = split(content, file)
    fields = recognise(lines.names, file, symbol)
    columns = read_columns(lines, fields)
    texts = columns.pop("time")
    if "clock" in fields:
        texts = texts + " " + columns.pop("clock")
    try:
        times = parse_times(pd.Series(texts, dtype=object), timezone)
    except CellFault as fault:
        raise located(lines, fault, lines.names[fields["time"]]) from None
    return Table(file, {**columns, "time": times, "line": np.array(lines.numbers, dtype=np.int64)})


def split(content: bytes, file: str) -> Lines:
    """Header and rows. Lines before the header that begin with '#' or 'http' are passed over."""
    lines = [(number, line) for number, line in enumerate(_decoded(content, file).split("\n"), 1)
             if line.strip()]
    while lines and lines[0][1].lstrip('"').startswith(("#", "http")):
        lines.pop(0)
    if not lines:
        raise TapeError(f"{file}: empty (must have rows of bars). Remove it, or get it again.")
    separator = max(",;\t", key=lines[0][1].count)
    first = _cells(lines[0][1], separator)
    names = _names_without_header(first, file) if _is_data(first) else first
    data = lines if names is not first else lines[1:]
    if not data:
        raise TapeError(f"{file}: has a header and no rows. Remove it, or get it again.")
    _check_widths(data, len(names), separator, file)
    return Lines(file, separator, names, [line for _, line in data], [number for number, _ in data])


def _decoded(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        raise TapeError(f"{file}: byte {problem.start + 1} is {content[problem.start]:#04x}: "
                        "neither text in UTF-8, a zip nor Parquet. Get it again, or convert it to "
                        "CSV.") from None
    for character, name in (("\0", "zero byte"), ("\r", "carriage return without a line feed")):
        if character in text:
            line = text[:text.index(character)].count("\n") + 1
            raise TapeError(f"{file}:{line}: a {name} (must be text in lines). Get it again.")
    return text


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a first line is no header: nothing but its time may be other than numbers."""
    try:
        return len([float(cell) for cell in cells[1:]]) > 0
    except ValueError:
        return False


def _names_without_header(cells: Sequence[str], file: str) -> Sequence[str]:
    for names in (KLINES, PLAIN):
        if len(cells) == len(names):
            return names
    raise TapeError(f"{file}: no header, and {len(cells)} columns (12 are Binance klines; 6 are "
                    "time, open, high, low, close, volume). Add a header line.")


def _check_widths(data: list[tuple[int, str]], width: int, separator: str, file: str) -> None:
    for number, line in data:
        if line.count('"') % 2:
            raise TapeError(f"{file}:{number}: a quotation mark without its other. Correct or "
                            "remove the line.")
        if line.count(separator) + 1 == width:
            continue
        found = len(_cells(line, separator)) if '"' in line else line.count(separator) + 1
        if found != width:
            raise TapeError(f"{file}:{number}: {found} columns (must be {width}, as in its first "
                            "line). Correct or remove the line.")


def read_columns(lines: Lines, fields: dict[str, int],
                 empty_is_nan: bool = False) -> dict[str, np.ndarray]:
    """field -> (rows,) values: text of times and symbols, else float64, each the double that is
    nearest to the decimal number. Raises TapeError at the first cell that is no finite number."""
    used = sorted(set(fields.values()))
    kinds = {fields[name]: str if name in TEXTS else float for name in fields}
    try:
        frame = pd.read_csv(io.StringIO("\n".join(lines.rows)), header=None, sep=lines.separator,
                            usecols=used, dtype=kinds, float_precision="round_trip",
                            na_values=[""] if empty_is_nan else [], keep_default_na=False,
                            skipinitialspace=True)
    except (ValueError, pd.errors.ParserError) as problem:
        raise _first_bad_cell(lines, fields) or TapeError(f"{lines.file}: {problem}") from None
    columns = {name: frame[position].to_numpy() for name, position in fields.items()}
    for name, values in columns.items():
        if name in TEXTS:
            continue
        if not (np.isfinite(values) | (empty_is_nan & np.isnan(values))).all():
            raise _first_bad_cell(lines, fields, empty_is_nan)
    return columns


def _first_bad_cell(lines: Lines, fields: dict[str, int],
                    empty_is_nan: bool = False) -> TapeError | None:
    numeric = {position: name for name, position in fields.items() if name not in TEXTS}
    for row, line in enumerate(lines.rows):
        cells = _cells(line, lines.separator)
        for position in sorted(numeric):
            if not (_is_finite(cells[position]) or empty_is_nan and cells[position] == ""):
                return located(lines, CellFault(row, cells[position], "must be a finite number"),
                               lines.names[position])
    return None


def _is_finite(cell: str) -> bool:
    try:
        return math.isfinite(float(cell)) and "_" not in cell  # Python alone reads 1_000
    except ValueError:
        return False


def located(lines: Lines, fault: CellFault, column: object) -> TapeError:
    """The fault with file, line and column."""
    value = f"'{fault.value}'" if isinstance(fault.value, str) else fault.value
    return TapeError(f"{lines.file}:{lines.numbers[fault.row]}: {column} = {value} "
                     f"({fault.needed}). Correct or remove the line.")
