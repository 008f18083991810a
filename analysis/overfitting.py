#!/usr/bin/env python3
"""Tell how much of the best cell of a replay sweep is luck. See --help."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

try:
    # First, because it sets up HDF5.
    from results import ResultsError, newest_file, open_results

    import matplotlib

    from picture.files import FORMATS, OneLineParser, save
    from picture.overfitting import draw_findings
    from selection.report import examine, report
    from selection.windows import read_sweep
except ImportError as missing:
    print(f"overfitting.py: {missing}; on Debian or Ubuntu: apt-get install python3-xarray "
          "python3-h5netcdf python3-matplotlib python3-scipy, then run it with /usr/bin/python3",
          file=sys.stderr)
    sys.exit(2)

matplotlib.use("Agg")

EXAMPLES = """\
examples:
  overfitting.py                                the newest *.h5 here
  overfitting.py daily.h5 --trials 2000         there were sweeps before this one
  overfitting.py daily.h5 --rolling 4 -o luck   choose on the last 4 windows only

Deflated Sharpe ratio: probability that the best cell's true Sharpe ratio is above 0, given that it is
the best of so many. Probability of backtest overfitting: how often the best cell on half of the tape is
at or below the median on the other half. Walk forward: what choosing on the past would have earned."""


def command_line() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = OneLineParser(
        prog="overfitting.py", epilog=EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Tell how much of the best cell of a replay sweep is luck.")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE",
                        help="results file of a study with a tape (default: the newest *.h5 here)")
    parser.add_argument("--trials", type=int, default=0, metavar="N",
                        help="cells tried in all, other sweeps included (default: those of FILE)")
    parser.add_argument("--rolling", type=int, default=0, metavar="WINDOWS",
                        help="walk forward by this many windows before (default: all before)")
    parser.add_argument("-o", "--output", type=Path, metavar="PREFIX",
                        help="pictures are PREFIX_luck.png, ... (default: FILE without .h5)")
    parser.add_argument("--format", nargs="*", choices=FORMATS, default=["png", "svg"],
                        help="any of png, svg, pdf; without a name no picture")
    return parser


def results_file(given: Path | None) -> Path:
    """The file to read; says on stderr which one was taken where none was given."""
    if given is not None:
        return given
    path, count = newest_file(Path())
    which = "the only" if count == 1 else f"the newest of {count}"
    print(f"overfitting.py: reading {path.name}, {which} *.h5 here", file=sys.stderr)
    return path


def tell(options: argparse.Namespace) -> None:
    """Prints the report and draws the picture."""
    for name in ("trials", "rolling"):
        if getattr(options, name) < 0:
            raise ResultsError(f"--{name} {getattr(options, name)} (must be at least 0)")
    path = results_file(options.file)
    file = open_results(path)
    found = examine(read_sweep(file), options.trials, options.rolling)
    print("\n".join(report(file, found)))
    prefix = options.output or path.with_suffix("")
    for suffix in options.format:
        picture = draw_findings(file, found)
        print(save(picture, prefix.with_name(f"{prefix.name}_luck.{suffix}")), flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 with one line on stderr."""
    try:
        tell(command_line().parse_args(arguments))
    except ResultsError as error:
        print(f"overfitting.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
