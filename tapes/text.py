"""Text as a table: Binance klines and Kraken's rows with and without header, CSV with recognisable
columns or with those that --columns names, with decimal points or commas, yfinance's header of three
lines, and JSON."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tapes.bars import CellFault, TapeError, shortened
from tapes.columns import WIDTHS, layout_of, named_columns, recognise
from tapes.decimals import with_points
from tapes.json_rows import is_json, lines_of_json
from tapes.reading import Reading
from tapes.table import Table
from tapes.times import parse_times
from tapes.yahoo import LINES, header_of, is_yahoo

TEXTS = ("time", "clock", "symbol")


@dataclass(frozen=True)
class Lines:
    """The rows of a text.

    names: of the columns, from the header or by their number
    rows: the lines with data; numbers: where they stand in the file, from 1
    symbol: that the file itself names, beside its columns
    """

    file: str
    separator: str
    names: Sequence[str]
    rows: list[str]
    numbers: list[int]
    symbol: str | None = None


def read_text(lines: list[tuple[int, str]], file: str, reading: Reading,
              symbol: str | None = None) -> Table:
    """The table in the lines of a file; raises TapeError, with line and column, where it is none."""
    parted = split(lines, file, reading)
    fields = recognise(parted.names, file, symbol)
    columns = read_columns(parted, fields)
    texts = columns.pop("time")
    if "clock" in fields:
        texts = texts + " " + columns.pop("clock")
    try:
        times = parse_times(pd.Series(texts, dtype=object), reading.zone)
    except CellFault as fault:
        raise located(parted, fault, parted.names[fields["time"]]) from None
    if parted.symbol is not None:
        columns.setdefault("symbol", np.full(len(times), parted.symbol, dtype=object))
    return Table(file, {**columns, "time": times, "line": np.array(parted.numbers, dtype=np.int64)},
                 layout_of(fields, len(parted.names)))


def lines_of(content: bytes, file: str) -> list[tuple[int, str]]:
    """The lines that are not empty, with their numbers from 1, without those before the header that
    begin with '#' or 'http'; of JSON its rows."""
    text = _decoded(content, file)
    if is_json(text):
        return lines_of_json(text, file)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    while lines and lines[0][1].lstrip('"').startswith(("#", "http")):
        lines.pop(0)
    if not lines:
        raise TapeError(f"{file}: empty (must have rows of bars). Remove it, or get it again.")
    return lines


def split(lines: list[tuple[int, str]], file: str, reading: Reading) -> Lines:
    """Header and rows."""
    separator = max(";\t,", key=lines[0][1].count)
    lines = with_points(lines, separator, file)
    first = [cells_of(line, separator) for _, line in lines[:LINES]]
    symbol, headers = None, 1
    if is_yahoo(first):
        (names, symbol), headers = header_of(first, file), LINES
    elif _is_data(first[0]):
        names, headers = _names_without_header(first[0], file, reading), 0
    else:
        names = first[0]
    names = named_columns(names, file, reading)
    data = lines[headers:]
    if not data:
        raise TapeError(f"{file}: has a header and no rows. Remove it, or get it again.")
    _check_widths(data, len(names), separator, file)
    return Lines(file, separator, names, [line for _, line in data], [number for number, _ in data],
                 symbol)


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


def cells_of(line: str, separator: str) -> list[str]:
    """Raises nothing: a line that is no CSV is one cell."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [line])]
    except csv.Error:
        return [line]


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a first line is no header: nothing but its time may be other than numbers."""
    try:
        return len([float(cell) for cell in cells[1:]]) > 0
    except ValueError:
        return False


def _names_without_header(cells: Sequence[str], file: str, reading: Reading) -> Sequence[str]:
    if reading.columns is not None:
        return [""] * len(cells)
    if len(cells) in WIDTHS:
        return WIDTHS[len(cells)]
    raise TapeError(f"{file}: no header, and {len(cells)} columns (12 are Binance klines; 6 are "
                    "time, open, high, low, close, volume; 7 are Kraken's, with a count of trades). "
                    "Add a header line, or name them, as with --columns "
                    "time,open,high,low,close,volume,- where - is one to pass over.")


def _check_widths(data: list[tuple[int, str]], width: int, separator: str, file: str) -> None:
    for number, line in data:
        if line.count('"') % 2:
            raise TapeError(f"{file}:{number}: a quotation mark without its other. Correct or "
                            "remove the line.")
        if line.count(separator) + 1 == width:
            continue
        found = len(cells_of(line, separator)) if '"' in line else line.count(separator) + 1
        if found != width:
            raise TapeError(f"{file}:{number}: {found} columns (must be {width}, as in its first "
                            "line). Correct or remove the line.")


def read_columns(lines: Lines, fields: dict[str, int],
                 empty_is_nan: bool = False) -> dict[str, np.ndarray]:
    """field -> (rows,) values: text of times and symbols, else float64, each the double that is
    nearest to the decimal number. Raises TapeError at the first cell that is no finite number."""
    try:
        frame = pd.read_csv(io.StringIO("\n".join(lines.rows)), header=None, sep=lines.separator,
                            usecols=sorted(set(fields.values())), dtype=str, na_filter=False,
                            skipinitialspace=True)
    except (ValueError, OverflowError, pd.errors.ParserError) as problem:
        raise TapeError(f"{lines.file}: {shortened(' '.join(str(problem).split()))}. Get it again.") from None
    columns = {}
    for name, position in fields.items():
        cells = frame[position].to_numpy(dtype=object)
        columns[name] = cells if name in TEXTS else _numbers(cells, empty_is_nan)
        if columns[name] is None:
            raise _first_bad_cell(lines, fields, empty_is_nan)
    return columns


def _numbers(cells: np.ndarray, empty_is_nan: bool) -> np.ndarray | None:
    """None where a cell is no finite number; an empty one may be NaN instead."""
    if any("_" in cell for cell in cells):
        return None  # Python alone reads 1_000
    empty = cells == "" if empty_is_nan else np.zeros(cells.size, dtype=bool)
    try:
        values = np.where(empty, "nan", cells).astype(float)
    except ValueError:
        return None
    return values if (np.isfinite(values) | empty).all() else None


def _first_bad_cell(lines: Lines, fields: dict[str, int], empty_is_nan: bool) -> TapeError:
    numeric = {position: name for name, position in fields.items() if name not in TEXTS}
    for row, line in enumerate(lines.rows):
        cells = cells_of(line, lines.separator)
        for position in sorted(numeric):
            if not (_is_finite(cells[position]) or empty_is_nan and cells[position] == ""):
                return located(lines, CellFault(row, cells[position], "must be a finite number"),
                               lines.names[position])
    return TapeError(f"{lines.file}: a cell that is no finite number. Get it again.")


def _is_finite(cell: str) -> bool:
    try:
        return math.isfinite(float(cell)) and "_" not in cell  # Python alone reads 1_000
    except ValueError:
        return False


def located(lines: Lines, fault: CellFault, column: object) -> TapeError:
    """The fault with file, line and column."""
    value = f"'{shortened(fault.value)}'" if isinstance(fault.value, str) else fault.value
    return TapeError(f"{lines.file}:{lines.numbers[fault.row]}: {shortened(column)} = {value} "
                     f"({fault.needed}). Correct or remove the line.")
