"""What pictures over time share: panels above each other, and lines and fills that stay honest
where there are more of them than can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes as Plot
from matplotlib.figure import Figure

from picture.page import Margins, Page, Words

WIDTH = 8.6  # [inch] of a panel
GAP = 0.18  # [inch] between panels, of which a legend may take some
LABELLED_GAP = 0.55  # [inch] below a panel that has a time axis of its own
MANY_FILLS = 300  # from here on fills are bars, and a part is enlarged
FILLS_ENLARGED = 60
MANY_ROWS = 2_000  # from here on lines are means and bands
BINS = 400
BOUGHT, SOLD, LINE, STOP = "#1b7f5c", "#c0392b", "#31688e", "#ff5a36"
SIDES = {"bought": ("^", 1.0, BOUGHT), "sold": ("v", -1.0, SOLD)}  # marker, sign, colour


@dataclass(frozen=True)
class Panel:
    """One of the panels above each other.

    height: [inch]
    draw: draws into it
    time: of its rows, ascending
    label: of its time axis; without one the axis is that of the panel beneath
    """

    height: float
    draw: Callable[[Plot], None]
    time: np.ndarray
    label: str = ""


def draw_panels(words: Words, panels: list[Panel]) -> tuple[Figure, list[Plot]]:
    """The picture, and its panels from the top."""
    gaps = [LABELLED_GAP if panel.label else GAP for panel in panels]
    tops = np.concatenate([[0.0], np.cumsum([panel.height for panel in panels] + np.array(gaps))])
    page = Page(words, (WIDTH, tops[-1] - gaps[-1]), Margins(1.05, 0.3, above=0.22, below=0.5))
    plots = []
    for panel, top in zip(panels, tops):
        plot = page.add_plot(0.0, top, WIDTH, panel.height)
        style(plot, panel)
        panel.draw(plot)
        plots.append(plot)
    return page.figure, plots


def style(plot: Plot, panel: Panel) -> None:
    plot.tick_params(color="0.5", labelsize=8, labelbottom=bool(panel.label))
    plot.set_xlabel(panel.label, fontsize=9)
    plot.grid(color="0.92", linewidth=0.8)
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
    plot.set_xlim(panel.time[0], panel.time[-1])
    plot.ticklabel_format(useOffset=False)


def draw_line(plot: Plot, time: np.ndarray, values: np.ndarray, colour: str = LINE,
              where: str = "pre", cover: float = 0.9, **line: object) -> None:
    """Values as steps where they are few, else their means in intervals and the band of `cover`."""
    known = np.isfinite(values)
    time, values = time[known], values[known]
    line = {"color": colour, "linewidth": 1.0} | line
    if len(values) <= MANY_ROWS:
        plot.step(time, values, where=where, **line)
        return
    parts = np.array_split(np.arange(len(values)), BINS)
    middle = np.array([time[part].mean() for part in parts])
    low, high = (np.array([np.quantile(values[part], 0.5 + side * cover / 2.0) for part in parts])
                 for side in (-1.0, 1.0))
    plot.fill_between(middle, low, high, color=colour, alpha=0.25, linewidth=0)
    plot.plot(middle, [values[part].mean() for part in parts], **line)


def draw_drawdown(plot: Plot, time: np.ndarray, percent: np.ndarray, where: str = "pre") -> None:
    """In per cent, downwards; of many rows the largest in each interval."""
    if len(percent) > MANY_ROWS:
        starts = np.linspace(0, len(percent), BINS, endpoint=False).astype(int)
        time = np.append(time[starts], time[-1])
        percent = np.maximum.reduceat(percent, starts)
        percent, where = np.append(percent, percent[-1]), "post"
    plot.fill_between(time, -percent, 0.0, color=STOP, alpha=0.6, linewidth=0, step=where,
                      gid="drawdown")
    plot.set_ylim(top=0.0)
    plot.set_ylabel("drawdown\n[%]", fontsize=9)


def draw_fills(plot: Plot, side: str, time: np.ndarray, price: np.ndarray,
               at_market: bool = False) -> None:
    """A triangle at every fill, with a black edge where it was a trade at market."""
    marker, _, colour = SIDES[side]
    name = f"{side} at market" if at_market else side
    plot.plot(time, price, marker, color=colour, markersize=6, markeredgewidth=0.6,
              markeredgecolor="black" if at_market else "white", label=name, zorder=5,
              clip_on=False, gid=name)


def draw_fill_bars(plot: Plot, span: tuple[float, float],
                   fills: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Units bought, up, and sold, down, per interval. fills: side -> (times, units)"""
    edges = np.linspace(*span, BINS // 4 + 1)
    for side, (_, sign, colour) in SIDES.items():
        time, filled = fills[side]
        units, _ = np.histogram(time, edges, weights=filled)
        plot.bar(edges[:-1], sign * units, np.diff(edges), align="edge", color=colour, alpha=0.8,
                 label=side, gid=side)
    draw_zero(plot)
    plot.set_ylabel("bought,\nsold", fontsize=9)


def draw_zero(plot: Plot) -> None:
    plot.axhline(0.0, color="0.4", linewidth=0.8)


def draw_legend(plot: Plot) -> None:
    """Above the panel, where nothing is drawn."""
    plot.legend(fontsize=7, ncol=8, loc="lower left", bbox_to_anchor=(0.0, 0.985),
                frameon=False, borderpad=0.0, handlelength=1.4)


def shade(plot: Plot, part: np.ndarray) -> None:
    """Marks the part that is enlarged below. part: times of its rows"""
    plot.axvspan(part[0], part[-1], color="#ffd166", alpha=0.9, linewidth=0, zorder=0,
                 gid="enlarged")


def mark_stop(plots: list[Plot], time: float, words: str = "") -> None:
    """A dashed line through the panels; the words beside it in the first."""
    for plot in plots:
        plot.axvline(time, color=STOP, linewidth=1.0, linestyle=(0, (4, 3)), zorder=4, gid="stop")
    if words:
        plots[0].annotate(f" {words}", (time, 1.0), xycoords=("data", "axes fraction"), va="top",
                          ha="left", fontsize=7, color=STOP)


def around(rows: np.ndarray, middle: int) -> tuple[int, int]:
    """First and last of some rows with fills around the one at `middle`, as rows."""
    last = min(middle + FILLS_ENLARGED // 2, len(rows) - 1)
    return rows[max(0, last - FILLS_ENLARGED)], rows[last]
