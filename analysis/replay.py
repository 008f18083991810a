#!/usr/bin/env python3
"""Draw a recorded point of a replay. See --help."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import needs

try:
    # First, because it sets up HDF5.
    from results import ResultsError, open_results, position_of

    from picture.command import OneLineParser, newest_here, run, save_all
    from picture.replay import draw_account, draw_symbol
    from picture.words import point_text
    from recording import (Recording, belongs_to, find_series, parse_time,
                           read_recording, recorded_point)
except ImportError as missing:
    needs.refuse("replay.py", missing)

EXAMPLES = """\
examples:
  replay.py                                  the newest *.point*.csv here
  replay.py out.point17.csv                  a recorded series; its trades are read beside it
  replay.py out.h5 --point 17                the same, by the results file
  replay.py out.h5 --point 17 --symbols BTCUSDT --from 2024-01-01 --to 2024-01-31 -o january

One picture per symbol: price with fills (bought points up, sold down) and reservation price,
position, leverage, realised P&L and fees. One of the account: wallet and margin, leverage,
drawdown, and what each symbol earned. Of many bars lines are means with bands from the lowest to
the highest, of many fills bars are units bought and sold, and a part is enlarged."""


def command_line() -> OneLineParser:
    """What may be asked for."""
    parser = OneLineParser(
        "replay.py", "Draw a point of a replay that `quotesweep run` has recorded for a study with "
                     "`record: [POINT, ...]`.", EXAMPLES)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE",
                        help="SERIES.csv or RESULTS.h5 (default: the newest *.point*.csv here)")
    parser.add_argument("--point", type=int, metavar="N",
                        help="point of RESULTS.h5 (default: the one that is recorded)")
    parser.add_argument("--symbols", nargs="+", metavar="S", help="draw these (default: all)")
    parser.add_argument("--from", dest="first", metavar="DATE",
                        help="begin here, such as 2024-01-31 or '2024-01-31 12:30', UTC")
    parser.add_argument("--to", dest="last", metavar="DATE",
                        help="end here; of a date alone with that whole day")
    parser.add_outputs("PREFIX_SYMBOL.png, PREFIX_account.png, ... (default: SERIES)")
    return parser


def series_file(options: argparse.Namespace) -> Path:
    """The series that is asked for."""
    if options.file is None:
        pattern = f"*.point{'*[0-9]' if options.point is None else options.point}.csv"
        return newest_here("replay.py", pattern,
                           "record a point of a replay with `record: [0]` in its study")
    if options.file.suffix != ".csv":
        size = open_results(options.file)["status"].size
        return find_series(options.file, options.point, size)
    if options.point is not None:
        raise ResultsError(f"--point {options.point}: {options.file.name} is the series of one point "
                           "already; name the results file instead")
    return options.file


def title(series: Path, recording: Recording) -> str:
    """The study, the point and its parameters, as far as files beside the series tell."""
    named = recorded_point(series)
    if named is None:
        return series.stem
    results, point = named
    try:
        file = open_results(results)
    except ResultsError:
        return f"{results.stem}, point {point}"
    if not belongs_to(recording, file, point):
        return f"{results.stem}, point {point} (not as in {results.name})"
    settings = point_text(file, position_of(file, point))
    return f"{file.attrs.get('title', results.stem)}, point {point}{settings}"


def draw_all(options: argparse.Namespace) -> Iterator[Path]:
    """The pictures in every format that was asked for; gives the paths as they are written."""
    first = parse_time(options.first, "--from")
    last = parse_time(options.last, "--to", end=True)
    path = series_file(options)
    whole = read_recording(path)
    heading = title(path, whole)
    symbols, part = whole.chosen(options.symbols), whole.between(first, last)
    prefix = options.output or path.with_suffix("")
    for symbol in symbols:
        yield from save_all(draw_symbol(part, symbol, heading), prefix, options.format,
                            f"_{re.sub(r'[^A-Za-z0-9.-]', '_', symbol)}")
    yield from save_all(draw_account(part, heading), prefix, options.format, "_account")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 with one line on stderr."""
    return run(command_line(), draw_all, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
