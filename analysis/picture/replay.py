"""Draw a recorded point of a replay: one picture of each symbol, and one of the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes as Plot
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure

from picture.page import Words
from picture.panels import (BINS, BOUGHT, LINE, MANY_FILLS, MANY_ROWS, SIDES, SOLD, STOP, Panel,
                            around, draw_drawdown, draw_fill_bars, draw_fills, draw_legend,
                            draw_line, draw_panels, draw_zero, mark_stop, shade)
from recording import Recording, time_text

PRICE_HEIGHT = 2.4  # [inch]
AXIS = "time (UTC)"
QUIET = "0.55"  # colour of what a line is compared with


@dataclass(frozen=True)
class View:
    """Some bars of a recording, of one symbol or of the account.

    time: [days since 1970]
    closely: every fill is shown, however many there are
    """

    recording: Recording
    time: np.ndarray
    symbol: str = ""
    closely: bool = False

    def __getitem__(self, column: str) -> np.ndarray:
        return self.recording.of(self.symbol, column)

    def fills(self, side: str = "") -> pd.DataFrame:
        return self.recording.trades_of(self.symbol, side)

    def many_fills(self) -> bool:
        return len(self.fills()) > MANY_FILLS and not self.closely


def view(recording: Recording, symbol: str = "") -> View:
    return View(recording, date2num(recording.time), symbol)


def draw_symbol(recording: Recording, symbol: str, title: str) -> Figure:
    """Price with fills and reservation price, position, leverage, realised P&L and fees."""
    whole = view(recording, symbol)
    kinds = [(PRICE_HEIGHT, draw_price)]
    if whole.many_fills():
        kinds += [(0.9, draw_units)]
    kinds += [(1.1, draw_position), (1.0, draw_leverage), (1.4, draw_realized)]
    panels = panels_of(whole, kinds)
    part = enlarged(whole) if whole.many_fills() else None
    if part:
        panels += [Panel(PRICE_HEIGHT, lambda plot: draw_price(plot, part), part.time,
                         f"{AXIS}, the shaded part")]
    words = Words(f"{title}: {symbol}", [period(recording), symbol_summary(whole)],
                  fills_note() + thin_note(recording))
    figure, plots = draw_panels(words, panels)
    if part:
        shade(plots[0], part.time)
    return finished(figure, plots, recording)


def draw_account(recording: Recording, title: str) -> Figure:
    """Wallet and margin, leverage, drawdown, and of several symbols what each earned."""
    whole = view(recording)
    kinds = [(2.4, draw_margin), (1.2, draw_total_leverage), (1.2, draw_depth)]
    if len(recording.symbols) > 1:
        kinds += [(1.8, draw_earned)]
    words = Words(f"{title}: account", [period(recording), account_summary(recording)],
                  f"Margin: wallet and unrealised P&L. {thin_note(recording)}The drawdown is that of "
                  "the margin at closes, of an interval the largest.")
    return finished(*draw_panels(words, panels_of(whole, kinds)), recording)


def panels_of(whole: View, kinds: list[tuple[float, Callable[[Plot, View], None]]]) -> list[Panel]:
    """Panels over the same time, which the last has as its axis."""
    panels = [Panel(height, lambda plot, draw=draw: draw(plot, whole), whole.time)
              for height, draw in kinds]
    return [*panels[:-1], replace(panels[-1], label=AXIS)]


def finished(figure: Figure, plots: list[Plot], recording: Recording) -> Figure:
    """With dates on the axes, and the end of trading marked."""
    for plot in plots:
        locator = AutoDateLocator(minticks=4, maxticks=9)
        plot.xaxis.set_major_locator(locator)
        plot.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        plot.xaxis.get_offset_text().set(visible=bool(plot.get_xlabel()), fontsize=8)
    ended = recording["trading"] == 0.0
    if ended.any():
        time = date2num(recording.time[np.argmax(ended)])
        inside = [plot for plot in plots if plot.get_xlim()[0] <= time <= plot.get_xlim()[1]]
        mark_stop(inside, time, "liquidated" if shortfall(recording) is not None else "trading ended")
    return figure


def enlarged(whole: View) -> View:
    """A part with some fills, in the middle or up to the end of trading; no more bars than are drawn
    one by one."""
    recording = whole.recording
    filled = np.unique(np.searchsorted(recording.time, whole.fills()["time"].to_numpy()))
    ended = np.flatnonzero(recording["trading"] == 0.0)
    middle = int(np.searchsorted(filled, ended[0])) if len(ended) else len(filled) // 2
    first, last = around(filled, min(middle, len(filled) - 1))
    first, last = max(first, last - MANY_ROWS + 1), min(max(last, first + 1), len(recording.time) - 1)
    bars = recording.between(recording.time[min(first, last - 1)], recording.time[last])
    return replace(view(bars, whole.symbol), closely=True)


def draw_price(plot: Plot, part: View) -> None:
    """Price and reservation price; where fills are few also the quotes and every fill."""
    draw_line(plot, part.time, part["open"], "0.25", "post", 1.0, label="price", gid="price",
              zorder=3)
    draw_line(plot, part.time, part["reservation_price"], "#8e44ad", "post", 1.0, linewidth=0.9,
              label="reservation price", gid="reservation", zorder=2.5)
    few = not part.many_fills()
    if few and len(part.time) <= MANY_ROWS:
        for name, colour in (("bid", BOUGHT), ("ask", SOLD)):
            plot.step(part.time, part[name], where="post", color=colour, linewidth=0.7, alpha=0.7,
                      label=name, gid=name, zorder=2)
    for side in SIDES:
        trades = part.fills(side)
        at_market = trades["order"] == "market"
        if few:
            draw_trades(plot, side, trades[~at_market])
        if at_market.any() and at_market.sum() <= MANY_FILLS:
            draw_trades(plot, side, trades[at_market], at_market=True)
    plot.set_ylabel("price", fontsize=9)
    draw_legend(plot)


def draw_trades(plot: Plot, side: str, trades: pd.DataFrame, at_market: bool = False) -> None:
    draw_fills(plot, side, date2num(trades["time"].to_numpy()), trades["price"].to_numpy(), at_market)


def draw_units(plot: Plot, part: View) -> None:
    fills = {side: part.fills(side) for side in SIDES}
    draw_fill_bars(plot, (part.time[0], part.time[-1]),
                   {side: (date2num(trades["time"].to_numpy()), trades["units"].to_numpy())
                    for side, trades in fills.items()})


def draw_position(plot: Plot, part: View) -> None:
    draw_zero(plot)
    draw_line(plot, part.time, part["position"], where="post", cover=1.0, gid="position")
    plot.set_ylabel("position\n[units]", fontsize=9)


def draw_leverage(plot: Plot, part: View) -> None:
    """Of the symbol, on its share of the margin."""
    draw_zero(plot)
    draw_line(plot, part.time, part["leverage"], where="post", cover=1.0, gid="leverage")
    plot.set_ylabel("leverage", fontsize=9)


def draw_realized(plot: Plot, part: View) -> None:
    """Realised P&L, fees, and what is left."""
    draw_zero(plot)
    lines = (("realised P&L", part["realized_pnl"], QUIET), ("fees", part["fees"], STOP),
             ("realised P&L less fees", part.recording.kept_pnl(part.symbol), LINE))
    for name, values, colour in lines:
        draw_line(plot, part.time, values, colour, "post", 1.0, label=name, gid=name)
    plot.set_ylabel("realised P&L,\nfees", fontsize=9)
    draw_legend(plot)


def draw_margin(plot: Plot, part: View) -> None:
    """Wallet and margin; the margin's peak where the margin is there at some time."""
    margin, drawdown = part.recording["margin"], part.recording["drawdown"]
    lines = [("peak of the margin", margin + drawdown, "0.75")] if drawdown.min() == 0.0 else []
    lines += [("wallet", part.recording["wallet"], "#b8860b"), ("margin", margin, LINE)]
    for name, values, colour in lines:
        draw_line(plot, part.time, values, colour, "post", 1.0, label=name, gid=name)
    plot.set_ylabel("wallet, margin", fontsize=9)
    draw_legend(plot)


def draw_total_leverage(plot: Plot, part: View) -> None:
    draw_zero(plot)
    draw_line(plot, part.time, part.recording["leverage"], where="post", cover=1.0, gid="leverage")
    plot.set_ylabel("leverage", fontsize=9)


def draw_depth(plot: Plot, part: View) -> None:
    draw_drawdown(plot, part.time, drawdown_percent(part.recording), "post")


def draw_earned(plot: Plot, part: View) -> None:
    """Realised P&L less fees of every symbol."""
    draw_zero(plot)
    for number, symbol in enumerate(part.recording.symbols):
        draw_line(plot, part.time, part.recording.kept_pnl(symbol), colormaps["tab10"](number % 10),
                  "post", 1.0, label=symbol, gid=symbol)
    plot.set_ylabel("realised P&L\nless fees", fontsize=9)
    draw_legend(plot)


def drawdown_percent(recording: Recording) -> np.ndarray:
    """In per cent of the margin's peak."""
    return 100.0 * recording["drawdown"] / (recording["margin"] + recording["drawdown"])


def period(recording: Recording) -> str:
    """The bars drawn."""
    return (f"{len(recording.time):,} bars from {time_text(recording.time[0])} to "
            f"{time_text(recording.time[-1])} UTC")


def symbol_summary(whole: View) -> str:
    """What the symbol came to in the part drawn."""
    realized, fees = (whole.recording.gained(f"{whole.symbol}_{name}")
                      for name in ("realized_pnl", "fees"))
    trades = whole.fills()
    counts = {side: len(whole.fills(side)) for side in SIDES}
    at_market = int((trades["order"] == "market").sum())
    return (f"Realised P&L {realized:,.6g} less fees {fees:,.6g} = {realized - fees:,.6g}; "
            f"{counts['bought']:,} bought, {counts['sold']:,} sold, {at_market:,} of them at market; "
            f"largest leverage {largest(whole['leverage']):.3g}")


def account_summary(recording: Recording) -> str:
    """What it came to in the part drawn."""
    pnl = recording.gained("margin")
    fees = sum(recording.gained(f"{symbol}_fees") for symbol in recording.symbols)
    short = shortfall(recording)
    lost = "" if short is None else f"; liquidated, {short:,.6g} short"
    before = recording.before["margin"]
    share = f" ({100.0 * pnl / before:.3g} %)" if before > 0.0 else ""
    return (f"P&L {pnl:,.6g}{share}, fees {fees:,.6g}, "
            f"largest drawdown {drawdown_percent(recording).max():.3g} %, "
            f"largest leverage {largest(recording['leverage']):.3g}{lost}")


def shortfall(recording: Recording) -> float | None:
    """What the account cannot pay after a liquidation; None where trading did not end in one."""
    margin = recording["margin"][-1]
    return -margin if recording["trading"][-1] == 0.0 and margin <= 0.0 else None


def largest(values: np.ndarray) -> float:
    """The value that is farthest from 0."""
    return float(values[np.argmax(np.abs(values))])


def fills_note() -> str:
    return ("▲ bought, ▼ sold, at the opening of the bar in which it was, black edge: at market. Price "
            "at the opening of a bar, quotes those in it, all else after it. ")


def thin_note(recording: Recording) -> str:
    if len(recording.time) <= MANY_ROWS:
        return ""
    return f"Lines are means over {BINS} intervals, bands go from the lowest to the highest bar. "
