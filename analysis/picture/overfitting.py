"""Draw what became of cells that were chosen: over all splits, and walking forward."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes as Plot
from matplotlib.figure import Figure

from picture.page import Margins, Page, Words
from selection.report import Findings, best_text, verdict

PANEL = (3.9, 3.1)  # [inch]
GAP = 0.85  # [inch] between panels
CHOSEN, KEPT, NOISE = "#31688e", "#1b7f5c", "#c0392b"


def draw_findings(file: xr.Dataset, found: Findings) -> Figure:
    """Left: the best cell of each split, in and out of sample. Right: the walk, window by window."""
    title = f"{file.attrs.get('title', 'study')}: how much of its best cell is luck"
    facts = (f"Deflated Sharpe ratio {found.all_count.ratio:.3f} of {found.tried} cells; probability "
             f"of backtest overfitting {found.splits.overfit:.3f}; walking forward "
             f"{found.walk.sharpe * found.scale:.3g} ± {found.walk.error * found.scale:.2g}.")
    words = Words(title, [f"★ {best_text(file, found).replace('+-', '±')}", facts, verdict(found)],
                  f"Sharpe ratios are annualised. {found.splits.logit.size} splits of "
                  f"{found.splits.parts} windows; Bailey and Lopez de Prado (2014), Bailey, Borwein, "
                  "Lopez de Prado and Zhu (2017).")
    page = Page(words, (2.0 * PANEL[0] + GAP, PANEL[1]),
                Margins(left=0.75, right=0.3, above=0.35, below=0.5))
    draw_splits(page.add_plot(0.0, 0.0, *PANEL), found)
    draw_walk(page.add_plot(PANEL[0] + GAP, 0.0, *PANEL), found)
    return page.figure


def draw_splits(plot: Plot, found: Findings) -> None:
    """How many splits lie where; the diagonal is "as good as it looked"."""
    splits = found.splits
    x, y = splits.in_sample * found.scale, splits.out_of_sample * found.scale
    plot.hexbin(x, y, gridsize=36, mincnt=1, bins="log", cmap="Blues", linewidths=0.2)
    ends = np.array([x.min(), x.max()])
    plot.plot(ends, ends, color="0.6", linewidth=1.0, linestyle="--", gid="diagonal")
    plot.axhline(0.0, color="0.3", linewidth=0.8)
    plot.axhline(np.median(y), color=NOISE, linewidth=1.2, gid="median")
    plot.set_title(f"median {np.median(y):.3g}", fontsize=9, loc="right", color=NOISE)
    style(plot, "Sharpe ratio where chosen", "Sharpe ratio in the other half")
    plot.set_title("best cell of each split", fontsize=9, loc="left")


def draw_walk(plot: Plot, found: Findings) -> None:
    """Returns summed up window by window: of the cell chosen on the past, and of the best cell."""
    windows, walk = found.sweep.windows, found.walk
    first = windows.count.size - walk.chosen.size
    best = windows.total[first:, found.sweep.best]
    ends = np.arange(first, windows.count.size + 1)
    for totals, colour, what in ((best, KEPT, "the best cell, known only now"),
                                 (walk.total, CHOSEN, "chosen on the past")):
        plot.plot(ends, np.concatenate([[0.0], np.cumsum(totals)]), color=colour, linewidth=1.6,
                  marker="o", markersize=3.5, label=what)
    turns = np.flatnonzero(np.diff(walk.chosen)) + 1
    plot.plot(ends[turns], np.cumsum(walk.total)[turns - 1], linestyle="none", marker="o",
              markersize=7.5, markerfacecolor="none", markeredgecolor=NOISE, label="another cell")
    plot.axhline(0.0, color="0.3", linewidth=0.8)
    plot.legend(fontsize=7.5, frameon=False)
    style(plot, "window", "sum of returns")
    plot.set_title("walking forward", fontsize=9, loc="left")


def style(plot: Plot, x: str, y: str) -> None:
    plot.set_xlabel(x, fontsize=9)
    plot.set_ylabel(y, fontsize=9)
    plot.tick_params(color="0.5", labelsize=8)
    plot.grid(color="0.92", linewidth=0.8)
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
