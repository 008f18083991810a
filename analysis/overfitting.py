#!/usr/bin/env python3
"""Tell how much of the best cell of a replay sweep is luck. See --help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import needs

try:
    from picture.command import OneLineParser, newest_here, run, save_all
    from picture.files import FORMATS
    from picture.overfitting import draw_findings
    from results import ResultsError, open_results
    from selection.report import examine, report
    from selection.windows import read_sweep
except ImportError as missing:
    needs.refuse("overfitting.py", missing)

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
        "overfitting.py", "Tell how much of the best cell of a replay sweep is luck.", EXAMPLES)
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


def tell(options: argparse.Namespace) -> Iterator[Path]:
    """Prints the report and draws the picture; gives its files as they are written."""
    for name in ("trials", "rolling"):
        if getattr(options, name) < 0:
            raise ResultsError(f"--{name} {getattr(options, name)} (must be at least 0)")
    path = options.file or newest_here(
        "overfitting.py", "*.h5", "name a results file of `quotesweep run`")
    file = open_results(path)
    found = examine(read_sweep(file), options.trials, options.rolling)
    print("\n".join(report(file, found)))
    if options.format:
        yield from save_all(draw_findings(file, found), options.output or path.with_suffix(""),
                            options.format, "_luck")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 with one line on stderr."""
    return run(command_line(), tell, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
