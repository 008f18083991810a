#!/usr/bin/env python3
"""Draw one path of a market maker. See --help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

try:
    # First, because it sets up HDF5.
    from results import ResultsError

    import matplotlib

    from picture.files import FORMATS, OneLineParser, save
    from picture.path import draw_path
    from series import newest_series, read_series
except ImportError as missing:
    print(f"path.py: {missing}; on Debian or Ubuntu: apt-get install python3-xarray "
          "python3-h5netcdf python3-matplotlib, then run it with /usr/bin/python3", file=sys.stderr)
    sys.exit(2)

matplotlib.use("Agg")

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
        prog="path.py", epilog=EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Draw one path that `quotesweep simulate STUDY.yaml -o SERIES.csv` has written.")
    parser.add_argument("file", nargs="?", type=Path, metavar="SERIES.csv",
                        help="series of a path (default: the newest *.csv here)")
    parser.add_argument("--from", dest="first", type=float, metavar="TIME", default=float("-inf"),
                        help="begin here (default: at the start)")
    parser.add_argument("--to", dest="last", type=float, metavar="TIME", default=float("inf"),
                        help="end here (default: at the end)")
    parser.add_argument("--seconds", action="store_true",
                        help="time is in seconds; labels in minutes, hours or days")
    parser.add_argument("-o", "--output", type=Path, metavar="PREFIX",
                        help="pictures are PREFIX.png, ... (default: SERIES)")
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=["png", "svg"],
                        help="one or more of png, svg, pdf")
    return parser


def series_file(given: Path | None) -> Path:
    """The file to read; says on stderr which one was taken where none was given."""
    if given is not None:
        return given
    path, count = newest_series(Path())
    which = "the only" if count == 1 else f"the newest of {count}"
    print(f"path.py: reading {path.name}, {which} *.csv here", file=sys.stderr)
    return path


def draw_all(options: argparse.Namespace) -> Iterator[Path]:
    """The picture in every format that was asked for; gives the paths as they are written."""
    path = series_file(options.file)
    series = read_series(path).between(options.first, options.last)
    figure = draw_path(series, in_seconds=options.seconds)
    prefix = options.output or path.with_suffix("")
    for suffix in options.format:
        yield save(figure, prefix.with_name(f"{prefix.name}.{suffix}"))


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 with one line on stderr."""
    try:
        for path in draw_all(command_line().parse_args(arguments)):
            print(path, flush=True)
    except ResultsError as error:
        print(f"path.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
