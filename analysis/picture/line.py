"""Draw one metric over one parameter, or over the points of a list, with error bars."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes as Plot
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from picture.axes import is_text, log_spaced, tick_labels
from picture.marks import draw_marks
from picture.page import Margins, Page, Words
from picture.sheet import tick_cells
from picture.words import axis_label, with_units
from results import Metric

SIZE = (6.2, 3.6)  # [inch] of the plot
MANY_POINTS = 2_000  # from here on no error bars, and one image inside an SVG
MOST_LABELS = 12  # values or points that get a tick each
COLOUR = "#31688e"


def draw_line(metric: Metric, best: dict[str, int] | None, words: Words) -> Figure:
    """The picture. metric.values: one dimension, a parameter or `point`."""
    name = str(metric.values.dims[0])
    listed = list_parameters(metric)
    labels = labels_below(metric, listed)
    lines = max((label.count("\n") for label in labels), default=0)
    margins = Margins(left=0.95, right=0.3, above=0.15, below=0.5 + 0.12 * lines)
    page = Page(words, SIZE, margins)
    plot = page.add_plot(0.0, 0.0, *SIZE)
    x = places(metric.values[name].to_numpy())
    draw_values(plot, metric, x)
    label_axes(plot, metric, x, listed, labels)
    if metric.values.size <= MANY_POINTS:  # at the upper edge, where values are not hidden
        draw_marks(plot, metric, (), (x, np.ones(x.size)), size=7.0,
                   transform=plot.get_xaxis_transform())
    if best is not None:
        plot.plot(x[best[name]], metric.values.isel(best), marker="*", markersize=13,
                  color="#ff5a36", markeredgecolor="white", markeredgewidth=1.0, zorder=6,
                  clip_on=False, gid="best")
    return page.figure


def places(values: np.ndarray) -> np.ndarray:
    """Where values stand on the axis: texts one after another."""
    return np.arange(float(len(values))) if is_text(values) else values.astype(float)


def labels_below(metric: Metric, listed: list[str]) -> list[str]:
    """A label for every value where they are few: it, and below the parameters listed."""
    if metric.values.size > MOST_LABELS:
        return []
    room = SIZE[0] / metric.values.size
    columns = [tick_labels(metric.values[name].to_numpy(), room)
               for name in [str(metric.values.dims[0]), *listed]]
    return ["\n".join(texts) for texts in zip(*columns)]


def list_parameters(metric: Metric) -> list[str]:
    """Parameters whose values stand under the points of a short list; none for a long one."""
    dimension = metric.values.dims[0]
    names = [str(name) for name, value in metric.values.coords.items()
             if value.dims and name != dimension]
    return names if metric.values.size <= MOST_LABELS else []


def draw_values(plot: Plot, metric: Metric, x: np.ndarray) -> None:
    """Values with bars of one standard error, crosses on the axis where there is none. x: (n,)"""
    values = metric.values.to_numpy()
    many = values.size > MANY_POINTS
    bars = metric.errors is not None and metric.errors.notnull().any() and not many
    errors = metric.errors.to_numpy() if bars else None
    dimension = metric.values.dims[0]
    joined = dimension != "point" and not is_text(metric.values[dimension].to_numpy())
    plot.errorbar(x, values, yerr=errors, linestyle="-" if joined else "none", linewidth=1.2,
                  marker="." if many else "o", markersize=2 if many else 4.5, color=COLOUR,
                  elinewidth=1.2, capsize=3 if values.size <= 40 else 0, rasterized=many)
    missing = x[np.isnan(values)]
    plot.plot(missing, np.zeros(missing.size), "x", color="0.45", markersize=6, clip_on=False,
              transform=plot.get_xaxis_transform(), rasterized=many)


def label_axes(plot: Plot, metric: Metric, x: np.ndarray, listed: list[str],
               labels: list[str]) -> None:
    """Labels; actual values as ticks where they are few; logarithmic for log-spaced values."""
    name = str(metric.values.dims[0])
    plot.set_ylabel(with_units(metric.name, metric.units), fontsize=9)
    plot.tick_params(color="0.5", labelsize=8)
    plot.grid(color="0.92", linewidth=0.8)
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
    texts = metric.values[name].to_numpy() if is_text(metric.values[name].to_numpy()) else None
    if texts is None and log_spaced(x):
        plot.set_xscale("log")
    if x.size <= MOST_LABELS:
        plot.xaxis.set_major_locator(FixedLocator(x))
        plot.xaxis.set_minor_locator(NullLocator())
        plot.set_xticklabels(labels)
    elif texts is not None:
        ticks = tick_cells(x.size, SIZE[0], 0.8)
        plot.set_xticks(ticks, tick_labels(texts[ticks], SIZE[0] / len(ticks)))
    if listed:
        plot.annotate("\n".join([name, *listed]), (0, 0), (-8, -7), "axes fraction",
                      "offset points", ha="right", va="top", fontsize=8, color="0.35")
    else:
        plot.set_xlabel(axis_label(metric.values[name]), fontsize=9)
