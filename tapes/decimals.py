"""Decimal commas, as in 42283,58, of files whose columns are separated by semicolons or tabs."""

from __future__ import annotations

import re

from tapes.bars import TapeError

# A whole cell with one comma, or with one point.
_COMMA = re.compile(r'(?<![^;\t"])[-+]?\d+,\d+(?:[eE][-+]?\d+)?(?![^;\t"])')
_POINT = re.compile(r'(?<![^;\t"])[-+]?\d+\.\d+(?:[eE][-+]?\d+)?(?![^;\t"])')
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")


def with_points(lines: list[tuple[int, str]], separator: str, file: str) -> list[tuple[int, str]]:
    """The lines with decimal points; unchanged where commas separate columns, or are no decimals."""
    if separator == ",":
        return lines
    found = [(number, cell) for number, line in lines if "," in line
             for cell in _COMMA.findall(line)]
    if not found:
        return lines
    for number, line in lines:
        if point := _POINT.search(line):
            raise TapeError(f"{file}:{number}: {point[0]} has a decimal point, and {found[0][1]} in "
                            f"line {found[0][0]} a comma (must be the same). Write points.")
    if all(_THOUSANDS.fullmatch(cell) for _, cell in found):
        number, cell = found[0]
        raise TapeError(f"{file}:{number}: {cell} may be {cell.replace(',', '.')} or "
                        f"{cell.replace(',', '')}, as all its commas may be. Write decimals with a "
                        "point, and thousands without a comma.")
    return [(number, _COMMA.sub(lambda cell: cell[0].replace(",", "."), line))
            for number, line in lines]
