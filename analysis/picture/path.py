"""Draw one path: price with quotes and fills, inventory, equity, drawdown and signals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes as Plot
from matplotlib.figure import Figure

from picture.page import Margins, Page, Words
from series import SIGNALS, Series

WIDTH = 8.6  # [inch] of a panel
GAP = 0.14  # [inch] between panels
MANY_FILLS = 300  # from here on fills are bars, and a part is enlarged
FILLS_ENLARGED = 60
MANY_ROWS = 2_000  # from here on lines are means and bands
BINS = 400
MOST_LABELS = 8  # stops that are named
BOUGHT, SOLD, LINE, STOP = "#1b7f5c", "#c0392b", "#31688e", "#ff5a36"
UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}


@dataclass(frozen=True)
class Clock:
    """How time is labelled."""

    label: str
    unit: float

    def of(self, series: Series) -> np.ndarray:
        return series["time"] / self.unit


def clock_for(series: Series, in_seconds: bool) -> Clock:
    """Seconds become the largest unit of which there are at least two."""
    if not in_seconds:
        return Clock("time", 1.0)
    length = series["time"][-1] - series["time"][0]
    label = max((name for name in UNITS if length >= 2.0 * UNITS[name]), key=UNITS.get,
                default="seconds")
    return Clock(f"time [{label}]", UNITS[label])


def draw_path(series: Series, in_seconds: bool = False) -> Figure:
    """The picture."""
    clock = clock_for(series, in_seconds)
    long = fill_count(series) > MANY_FILLS
    panels = [(2.3, draw_price)]
    if long:
        panels += [(0.9, draw_fill_bars)]
    panels += [(1.1, draw_inventory), (1.4, draw_equity), (0.8, draw_drawdown)]
    panels += [(0.8, signal_panel(name)) for name in series.signals()]
    height = sum(tall + GAP for tall, _ in panels) - GAP
    below = 0.55 + 2.3 if long else 0.0
    page = Page(Words(f"{series.name}: one path", [summary(series)], footer(long)),
                (WIDTH, height + below), Margins(left=1.05, right=0.3, above=0.22, below=0.5))
    plots, top = [], 0.0
    for tall, draw in panels:
        plots.append(page.add_plot(0.0, top, WIDTH, tall))
        style(plots[-1], clock.of(series))
        draw(plots[-1], series, clock)
        top += tall + GAP
    mark_stops(plots, series, clock)
    for plot in plots[:-1]:
        plot.tick_params(labelbottom=False)
    plots[-1].set_xlabel(clock.label, fontsize=9)
    if long:
        part = enlarged(series)
        plot = page.add_plot(0.0, height + 0.55, WIDTH, 2.3)
        style(plot, clock.of(part))
        draw_price(plot, part, clock)
        mark_stops([plot], part, clock)
        plot.set_xlabel(f"{clock.label}, the shaded part", fontsize=9)
        plots[0].axvspan(*clock.of(part)[[0, -1]], color="#ffd166", alpha=0.9, linewidth=0, zorder=0,
                         gid="enlarged")
    return page.figure


def fill_count(series: Series) -> int:
    return len(series.fills("bought")) + len(series.fills("sold"))


def enlarged(series: Series) -> Series:
    """A part with some fills: up to the first stop, or in the middle."""
    filled = np.union1d(series.fills("bought"), series.fills("sold"))
    middle = int(np.searchsorted(filled, series.stops[0][0])) if series.stops else len(filled) // 2
    last = min(middle + FILLS_ENLARGED // 2, len(filled) - 1)
    time = series["time"]
    return series.between(time[filled[max(0, last - FILLS_ENLARGED)]], time[filled[last]])


def summary(series: Series) -> str:
    """What it came to."""
    equity, peak = series["equity"], np.maximum.accumulate(series["equity"])
    gain = equity[-1] - equity[0]
    stops = f"{len(series.stops)} stop{'' if len(series.stops) == 1 else 's'}"
    return (f"P&L {gain:,.6g} ({100.0 * gain / equity[0]:.3g} %), "
            f"{series['trades'][-1] - series['trades'][0]:,.0f} trades, largest drawdown "
            f"{100.0 * np.max(series['drawdown'] / peak):.2g} %, {stops}")


def footer(long: bool) -> str:
    text = "▲ bid filled, ▼ ask filled, at the mean price of the fills of a row. "
    return text + (f"Lines are means over {BINS} intervals, bands 90 % of their rows." if long else "")


def style(plot: Plot, time: np.ndarray) -> None:
    plot.tick_params(color="0.5", labelsize=8)
    plot.grid(color="0.92", linewidth=0.8)
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
    plot.set_xlim(time[0], time[-1])
    plot.ticklabel_format(useOffset=False)


def draw_price(plot: Plot, series: Series, clock: Clock) -> None:
    """The mid; of a path with few fills also the quotes and every fill."""
    time = clock.of(series)
    plot.plot(time, series["mid"], color="0.25", linewidth=0.9, label="mid", zorder=3,
              rasterized=len(time) > MANY_ROWS)
    plot.set_ylabel("price", fontsize=9)
    if fill_count(series) > MANY_FILLS:
        return
    for name, colour in (("bid", BOUGHT), ("ask", SOLD)):
        plot.step(time, series[name], where="pre", color=colour, linewidth=0.7, alpha=0.7,
                  label=name, zorder=2, rasterized=len(time) > MANY_ROWS)
    for side, marker, colour in (("bought", "^", BOUGHT), ("sold", "v", SOLD)):
        rows = series.fills(side)
        plot.plot(time[rows], series[f"{side}_price"][rows], marker, color=colour, markersize=6,
                  markeredgecolor="white", markeredgewidth=0.6, label=side, zorder=5,
                  clip_on=False, gid=side)
    plot.legend(fontsize=7, ncol=5, loc="lower left", bbox_to_anchor=(0.0, 0.985), frameon=False,
                borderpad=0.0, handlelength=1.4)


def draw_fill_bars(plot: Plot, series: Series, clock: Clock) -> None:
    """Units bought, up, and sold, down, per interval."""
    time = clock.of(series)
    edges = np.linspace(time[0], time[-1], BINS // 4 + 1)
    for side, sign, colour in (("bought", 1.0, BOUGHT), ("sold", -1.0, SOLD)):
        units, _ = np.histogram(time, edges, weights=series[side])
        plot.bar(edges[:-1], sign * units, np.diff(edges), align="edge", color=colour, alpha=0.8,
                 label=side, gid=side)
    plot.axhline(0.0, color="0.4", linewidth=0.8)
    plot.set_ylabel("bought,\nsold", fontsize=9)


def draw_line(plot: Plot, time: np.ndarray, values: np.ndarray, colour: str = LINE) -> None:
    """Values as steps where they are few, else their means and the band of 90 % in intervals."""
    known = np.isfinite(values)
    time, values = time[known], values[known]
    if len(values) <= MANY_ROWS:
        plot.step(time, values, where="pre", color=colour, linewidth=1.0)
        return
    parts = np.array_split(np.arange(len(values)), BINS)
    middle = np.array([time[part].mean() for part in parts])
    low, high = (np.array([np.quantile(values[part], q) for part in parts]) for q in (0.05, 0.95))
    plot.fill_between(middle, low, high, color=colour, alpha=0.25, linewidth=0)
    plot.plot(middle, [values[part].mean() for part in parts], color=colour, linewidth=1.0)


def draw_inventory(plot: Plot, series: Series, clock: Clock) -> None:
    plot.axhline(0.0, color="0.4", linewidth=0.8)
    draw_line(plot, clock.of(series), series["inventory"])
    plot.set_ylabel("inventory", fontsize=9)


def draw_equity(plot: Plot, series: Series, clock: Clock) -> None:
    """Equity, its highest value so far, and the drawdown shaded between them."""
    time, equity = clock.of(series), series["equity"]
    peak = np.maximum.accumulate(equity)
    many = len(time) > MANY_ROWS
    plot.fill_between(time, equity, peak, color=STOP, alpha=0.35, linewidth=0, rasterized=many)
    plot.plot(time, peak, color="0.6", linewidth=0.6, rasterized=many)
    plot.plot(time, equity, color=LINE, linewidth=1.2, rasterized=many)
    plot.set_ylabel("equity", fontsize=9)


def draw_drawdown(plot: Plot, series: Series, clock: Clock) -> None:
    """In per cent of the highest equity so far, downwards."""
    percent = -100.0 * series["drawdown"] / np.maximum.accumulate(series["equity"])
    time = clock.of(series)
    plot.fill_between(time, percent, 0.0, color=STOP, alpha=0.6, linewidth=0, step="pre",
                      rasterized=len(time) > MANY_ROWS)
    plot.set_ylim(top=0.0)
    plot.set_ylabel("drawdown\n[%]", fontsize=9)


def signal_panel(name: str):
    """A function that draws the panel of one signal."""

    def draw(plot: Plot, series: Series, clock: Clock) -> None:
        if name != "volatility":
            plot.axhline(0.0, color="0.4", linewidth=0.8)
        draw_line(plot, clock.of(series), series[name], "#6a4c93")
        plot.set_ylabel(SIGNALS[name].replace(" ", "\n", 1), fontsize=9)

    return draw


def mark_stops(plots: list[Plot], series: Series, clock: Clock) -> None:
    """Dashed lines through the panels; the reasons above the first where they are few."""
    time = clock.of(series)
    for row, reason in series.stops:
        for plot in plots:
            plot.axvline(time[row], color=STOP, linewidth=1.0, linestyle=(0, (4, 3)), zorder=4,
                         gid="stop")
        if len(series.stops) <= MOST_LABELS:
            plots[0].annotate(f" stop: {reason}", (time[row], 1.0), xycoords=("data", "axes fraction"),
                              va="top", ha="left", fontsize=7, color=STOP)
