#!/usr/bin/env python3
"""Draw metrics of a results file over two parameters. See --help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import needs

try:
    # First, because it sets up HDF5.
    from results import (Metric, best_cell, dimensions, metric_names, open_results, read_metric)

    import xarray as xr
    from matplotlib.figure import Figure

    from picture import words
    from picture.axes import Axes, check_dimension, choose_axes, drop_single_values, fix, is_text
    from picture.cells import draw_cells
    from picture.command import OneLineParser, newest_here, run, save_all
    from picture.line import draw_line
    from picture.page import Words
except ImportError as missing:
    needs.refuse("heatmap.py", missing)

DEFAULT_METRICS = ["sharpe", "pnl", "max_drawdown"]

EXAMPLES = """\
examples:
  heatmap.py                                  the newest *.h5 here: sharpe, pnl and max_drawdown
  heatmap.py quickstart.h5 --metric turnover --x k --y gamma
  heatmap.py quickstart.h5 --at q_max=5 A=140           hold two parameters
  heatmap.py replay.h5 --at name=mexico                 hold one whose values are texts
  heatmap.py replay.h5 --x name --y min_spread          texts across
  heatmap.py quickstart.h5 --metric all -o plots/quick --format svg

Colours are one scale over all panels, bright = good. The star is the best cell; the subtitle says
how many cells are within 2 combined standard errors of it. Grey hatched cells have no result.
With one swept parameter, or a list of points, values are drawn with bars of one standard error."""


def setting(text: str) -> tuple[str, str]:
    """NAME=VALUE as (name, value)."""
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' must be NAME=VALUE, such as gamma=0.1 "
                                         "(FILE goes before --at)")
    return name, value


def command_line() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = OneLineParser(
        "heatmap.py", "Draw metrics over two parameters, the others as small multiples, with "
                      "standard errors and the best cell.", EXAMPLES)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE",
                        help="results file (default: the newest *.h5 here)")
    parser.add_argument("--metric", action="append", metavar="NAME",
                        help=f"may be repeated; or all (default: {', '.join(DEFAULT_METRICS)})")
    parser.add_argument("--x", metavar="PARAM", help="across (default: the second longest, numbers before texts)")
    parser.add_argument("--y", metavar="PARAM", help="upwards (default: the longest, numbers before texts)")
    parser.add_argument("--at", nargs="+", action="extend", default=[], type=setting,
                        metavar="NAME=VALUE", help="hold a parameter at one of its values")
    parser.add_outputs("PREFIX_METRIC.png, ... (default: FILE without .h5)")
    return parser


def selected(file: xr.Dataset, options: argparse.Namespace) -> xr.Dataset:
    """What is left of the file after --at, without axes of one value; numbers ascending, texts in
    the order of the study."""
    for name, option in ((options.x, "--x"), (options.y, "--y")):
        if name is not None:
            check_dimension(file, name, option)
    file = file.assign_attrs(cells_of_sweep=file["status"].size)  # of which --at may leave few
    file = drop_single_values(fix(file, options.at), keep=(options.x, options.y))
    unsorted = [name for name in dimensions(file) if not is_text(file[name].to_numpy())
                and not file.indexes[name].is_monotonic_increasing]
    return file.sortby(unsorted) if unsorted else file


def draw(file: xr.Dataset, metric: Metric, axes: Axes) -> Figure:
    """One picture of one metric over all that is left of the file."""
    around = Words(words.title(file, metric), words.subtitle(file, metric),
                   words.footer(file, metric))
    best = best_cell(metric)
    if axes.y is None:
        return draw_line(metric, best, around)
    return draw_cells(metric, axes, best, around)


def draw_all(options: argparse.Namespace) -> Iterator[Path]:
    """Every picture that was asked for; gives the paths as they are written."""
    path = options.file or newest_here("heatmap.py", "*.h5",
                                       "name a results file of `quotesweep run`")
    file = selected(open_results(path), options)
    sizes = {name: file.sizes[name] for name in dimensions(file)}
    texts = {name for name in sizes if is_text(file[name].to_numpy())}
    axes = choose_axes(sizes, options.x, options.y, texts)
    names = options.metric or DEFAULT_METRICS
    names = metric_names(file) if "all" in names else names
    metrics = [read_metric(file, name) for name in names]
    for metric in metrics:
        picture = draw(file, metric.transposed(axes.order()), axes)
        yield from save_all(picture, options.output or path.with_suffix(""), options.format,
                            f"_{metric.name}")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 with one line on stderr."""
    return run(command_line(), draw_all, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
