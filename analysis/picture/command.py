"""What commands that draw share: options, the newest file, pictures as files, errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from picture.files import FORMATS, save
from results import ResultsError, newest_file

matplotlib.use("Agg")


class OneLineParser(argparse.ArgumentParser):
    """Usage errors like all other errors: one line."""

    def __init__(self, program: str, description: str, examples: str) -> None:
        super().__init__(prog=program, description=description, epilog=examples, allow_abbrev=False,
                         formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message: str) -> None:
        raise ResultsError(f"{message}; see --help")

    def add_outputs(self, names: str) -> None:
        """-o and --format. names: what the pictures are called, and by default."""
        self.add_argument("-o", "--output", type=Path, metavar="PREFIX",
                          help=f"pictures are {names}")
        self.add_argument("--format", nargs="+", choices=FORMATS, default=["png", "svg"],
                          help="one or more of png, svg, pdf")


def newest_here(program: str, pattern: str, advice: str) -> Path:
    """The newest file here of a pattern; says on stderr which one it is."""
    path, count = newest_file(Path(), pattern, advice)
    which = "the only" if count == 1 else f"the newest of {count}"
    print(f"{program}: reading {path.name}, {which} {pattern} here", file=sys.stderr)
    return path


def save_all(figure: Figure, prefix: Path, formats: list[str], ending: str = "") -> Iterator[Path]:
    """PREFIX + ending as a file of every format; gives the paths as they are written."""
    for suffix in formats:
        yield save(figure, prefix.with_name(f"{prefix.name}{ending}.{suffix}"))


def run(parser: OneLineParser, draw: Callable[[argparse.Namespace], Iterator[Path]],
        arguments: list[str] | None) -> int:
    """Prints the paths that `draw` gives. Exit status: 0, or 2 with one line on stderr."""
    try:
        for path in draw(parser.parse_args(arguments)):
            print(path, flush=True)
    except ResultsError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0
