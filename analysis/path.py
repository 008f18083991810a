#!/usr/bin/env python3
"""Draw one path of a market maker. See --help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import needs

try:
    from picture.command import OneLineParser, newest_here, run, save_all
    from picture.path import draw_path
    from series import read_series
except ImportError as missing:
    needs.refuse("path.py", missing)

EXAMPLES = """\
examples:
  path.py                            the newest *.csv here
  path.py mm_mvp.csv --seconds       the study's time is in seconds: label it in hours or days
  path.py mm_mvp.csv --from 3.5e6 --to 3.51e6 -o detail

Price with quotes and fills (triangles: bids filled point up, asks down), inventory, equity,
drawdown, and the signals that the path has. Of a long path the fills are bars of units bought and
sold, lines are means with bands of 90 % of the rows, and a part is enlarged to show single fills.
Stops are dashed lines through all panels."""


def command_line() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = OneLineParser(
        "path.py", "Draw one path that `quotesweep simulate STUDY.yaml -o SERIES.csv` has written.",
        EXAMPLES)
    parser.add_argument("file", nargs="?", type=Path, metavar="SERIES.csv",
                        help="series of a path (default: the newest *.csv here)")
    parser.add_argument("--from", dest="first", type=float, metavar="TIME", default=float("-inf"),
                        help="begin here (default: at the start)")
    parser.add_argument("--to", dest="last", type=float, metavar="TIME", default=float("inf"),
                        help="end here (default: at the end)")
    parser.add_argument("--seconds", action="store_true",
                        help="time is in seconds; labels in minutes, hours or days")
    parser.add_outputs("PREFIX.png, ... (default: SERIES)")
    return parser


def draw_all(options: argparse.Namespace) -> Iterator[Path]:
    """The picture in every format that was asked for; gives the paths as they are written."""
    path = options.file or newest_here(
        "path.py", "*.csv", "make one with `quotesweep simulate STUDY.yaml -o FILE.csv`")
    series = read_series(path).between(options.first, options.last)
    figure = draw_path(series, in_seconds=options.seconds)
    yield from save_all(figure, options.output or path.with_suffix(""), options.format)


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 with one line on stderr."""
    return run(command_line(), draw_all, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
