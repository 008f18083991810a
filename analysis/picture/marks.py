"""Marks on points that the program warns of, and the words that explain them."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes as Plot

from results import Metric
from warned import LIQUIDATED

LIQUIDATION, OTHER = ("X", "✖", "#c0392b"), ("^", "▲", "#f5a300")  # marker, in words, colour
SMALLEST = 2.0  # [points] of a mark that can be seen


def draw_marks(plot: Plot, metric: Metric, index: tuple[int, ...],
               places: tuple[np.ndarray, np.ndarray], size: float, **line: object) -> None:
    """One mark on each point that raises a warning; nothing where marks would be too small.

    index: of the panel in the leading dimensions; places: x and y of its points; size: [points]
    """
    if size < SMALLEST:
        return
    warned = metric.warned.flags.to_numpy()[index] != 0
    liquidated = metric.warned.liquidated()[index]
    for where, (marker, _, colour), name in ((warned & ~liquidated, OTHER, "warned"),
                                             (liquidated, LIQUIDATION, LIQUIDATED)):
        if where.any():
            plot.plot(places[0][where], places[1][where], linestyle="none", marker=marker,
                      markersize=size, color=colour, markeredgecolor="white", markeredgewidth=0.5,
                      zorder=5, clip_on=False, gid=name, **line)


def marks_line(metric: Metric) -> str:
    """Which warnings there are, and at how many points; nothing where there is none."""
    size, texts = metric.values.size, []
    for (_, sign, _), is_liquidation in ((LIQUIDATION, True), (OTHER, False)):
        counts = [f"{name} at {count:,} of {size:,}" for name, count in metric.warned.counts().items()
                  if (name == LIQUIDATED) == is_liquidation]
        texts += [f"{sign} {', '.join(counts)}"] if counts else []
    return f"Warnings: {'; '.join(texts)} (see quotesweep show)" if texts else ""


def best_note(metric: Metric, best: dict[str, int]) -> str:
    """What is to be known of the best point before it is believed."""
    names = metric.warned.of(best)
    ratio = LIQUIDATED in names and metric.name in ("sharpe", "sortino")
    over = " (a ratio over the loss and what follows it)" if ratio else ""
    return f"; warnings: {', '.join(names)}{over}" if names else ""
