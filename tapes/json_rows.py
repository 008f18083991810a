"""JSON as lines of CSV: an array of rows, each an array (as freqtrade and the interfaces of exchanges
give them) or an object with the same names in every row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from tapes.bars import TapeError, shortened

HEADER = 0  # number of the line that the names of objects make; rows count from 1


def is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("[", "{")


def lines_of_json(text: str, file: str) -> list[tuple[int, str]]:
    """The rows with their numbers from 1, as lines with commas; numbers keep their digits."""
    try:
        rows = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as problem:
        raise TapeError(f"{file}: damaged JSON ({shortened(problem, 200)}). Get it again.") from None
    if not isinstance(rows, list):
        raise TapeError(f"{file}: JSON that is no array (must be [[time, open, high, low, close, "
                        "volume], ...]). Take the array of rows out of it.")
    if not rows:
        raise TapeError(f"{file}: empty (must have rows of bars). Remove it, or get it again.")
    if isinstance(rows[0], dict):
        names = list(rows[0])
        return [(HEADER, _line(names, file, HEADER)),
                *((i, _line(_values(row, names, file, i), file, i))
                  for i, row in enumerate(rows, 1))]
    return [(i, _line(row, file, i)) for i, row in enumerate(rows, 1)]


def _values(row: object, names: Sequence[str], file: str, number: int) -> list[object]:
    if not isinstance(row, dict) or list(row) != names:
        raise TapeError(f"{file}:{number}: not a row with the names of the first, "
                        f"{shortened(', '.join(map(str, names)), 300)}. Correct or remove the row.")
    return list(row.values())


def _line(cells: object, file: str, number: int) -> str:
    if not isinstance(cells, list) or any(isinstance(cell, (list, dict)) for cell in cells):
        raise TapeError(f"{file}:{number}: not a row of numbers and texts. Correct or remove it, or "
                        "take the array of rows out of the file.")
    texts = ["" if cell is None else str(cell) for cell in cells]
    if any(set(text) & set("\n\r\0\"") for text in texts):
        raise TapeError(f"{file}:{number}: a cell with a line end or a quotation mark. Correct or "
                        "remove the row.")
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(texts)
    return line.getvalue()
