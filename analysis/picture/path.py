"""Draw one path: price with quotes and fills, inventory, equity, drawdown and signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.axes import Axes as Plot
from matplotlib.figure import Figure

from picture.page import Words
from picture.panels import (BINS, BOUGHT, LINE, MANY_FILLS, MANY_ROWS, SIDES, SOLD, STOP, Panel,
                            around, draw_drawdown, draw_fill_bars, draw_fills, draw_legend,
                            draw_line, draw_panels, draw_zero, mark_stop, shade)
from series import SIGNALS, Series

MOST_LABELS = 8  # stops that are named
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
    kinds = [(2.3, draw_price)]
    if long:
        kinds += [(0.9, draw_units)]
    kinds += [(1.1, draw_inventory), (1.4, draw_equity), (0.8, draw_depth)]
    kinds += [(0.8, partial(draw_signal, name)) for name in series.signals()]
    panels = [panel(tall, draw, series, clock) for tall, draw in kinds]
    panels[-1] = panel(*kinds[-1], series, clock, clock.label)
    part = enlarged(series) if long else None
    if part:
        panels += [panel(2.3, draw_price, part, clock, f"{clock.label}, the shaded part")]
    words = Words(f"{series.name}: one path", [summary(series)], footer(long))
    figure, plots = draw_panels(words, panels)
    mark_stops(plots[:len(kinds)], series, clock)
    if part:
        mark_stops(plots[-1:], part, clock)
        shade(plots[0], clock.of(part))
    return figure


def panel(height: float, draw: Callable[[Plot, Series, Clock], None], series: Series, clock: Clock,
          label: str = "") -> Panel:
    return Panel(height, lambda plot: draw(plot, series, clock), clock.of(series), label)


def fill_count(series: Series) -> int:
    return len(series.fills("bought")) + len(series.fills("sold"))


def enlarged(series: Series) -> Series:
    """A part with some fills: up to the first stop, or in the middle."""
    filled = np.union1d(series.fills("bought"), series.fills("sold"))
    middle = int(np.searchsorted(filled, series.stops[0][0])) if series.stops else len(filled) // 2
    first, last = around(filled, middle)
    return series.between(series["time"][first], series["time"][last])


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
    for side in SIDES:
        rows = series.fills(side)
        draw_fills(plot, side, time[rows], series[f"{side}_price"][rows])
    draw_legend(plot)


def draw_units(plot: Plot, series: Series, clock: Clock) -> None:
    time = clock.of(series)
    draw_fill_bars(plot, (time[0], time[-1]), {side: (time, series[side]) for side in SIDES})


def draw_inventory(plot: Plot, series: Series, clock: Clock) -> None:
    draw_zero(plot)
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


def draw_depth(plot: Plot, series: Series, clock: Clock) -> None:
    """In per cent of the highest equity so far."""
    percent = 100.0 * series["drawdown"] / np.maximum.accumulate(series["equity"])
    draw_drawdown(plot, clock.of(series), percent)


def draw_signal(name: str, plot: Plot, series: Series, clock: Clock) -> None:
    if name != "volatility":
        draw_zero(plot)
    draw_line(plot, clock.of(series), series[name], "#6a4c93")
    plot.set_ylabel(SIGNALS[name].replace(" ", "\n", 1), fontsize=9)


def mark_stops(plots: list[Plot], series: Series, clock: Clock) -> None:
    """Dashed lines through the panels; the reasons above the first where they are few."""
    time = clock.of(series)
    for row, reason in series.stops:
        named = len(series.stops) <= MOST_LABELS
        mark_stop(plots, time[row], f"stop: {reason}" if named else "")
