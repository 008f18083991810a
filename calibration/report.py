"""What a calibration came to, in words and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

import numpy as np

from calibration.arrivals import Arrivals, Estimate, estimate, pooled
from calibration.fit import Fit, judge_fit
from calibration.market import BINS, Market, dispersion_p_value
from calibration.volatility import COARSE, Volatility, estimate_volatility

DOUBT = 0.05  # p-value of a fit from which on it is warned of
CLUSTERED = 0.01  # p-value of counts being those of a Poisson process
MOST_INSIDE = 0.02  # share of orders inside the best quotes
MOST_UNSEEN = 0.1  # move of the mid between trades, in mean distances 1 / k


@dataclass(frozen=True)
class Calibration:
    """All that is estimated; `sides` are bid and ask, `both` is what the study uses."""

    market: Market
    volatility: Volatility
    sides: tuple[Arrivals, Arrivals]
    both: Arrivals
    fits: tuple[Fit, Fit]


def calibrate(market: Market, interval: float, samples: int, seed: int) -> Calibration:
    """Every estimate; `samples` and `seed` are those of the bootstrap."""
    bid, ask = market.sides
    return Calibration(market,
                       estimate_volatility(market.mids, market.start, market.end, interval),
                       (estimate(bid), estimate(ask)), estimate(pooled(bid, ask)),
                       tuple(judge_fit(side, samples, seed) for side in market.sides))


def number(value: float) -> str:
    return f"{value:.4g}"


def percent(share: float) -> str:
    return f"{100.0 * share:.2g} %"


def report(calibration: Calibration) -> str:
    """All that is printed, warnings last."""
    lines = [*what_was_read(calibration.market), "", *table(calibration), "", *fits(calibration)]
    warned = warnings(calibration)
    return "\n".join([*lines, *([""] if warned else []), *(f"warning: {line}" for line in warned)])


def what_was_read(market: Market) -> list[str]:
    recording, orders = market.recording, market.reached.time.size
    begin, end = (datetime.fromtimestamp(recording.origin + time, timezone.utc)
                  for time in (market.start, market.end))
    symbol = f"{recording.symbol}, " if recording.symbol else ""
    lines = [f"{recording.path.name}: {recording.kind}, {symbol}{begin:%Y-%m-%d %H:%M:%S} to "
             f"{end:%Y-%m-%d %H:%M:%S} UTC ({market.length():.6g} s of {recording.clock} time)",
             f"orders     {orders} market orders in {recording.prints.time.size} prints",
             f"mid        {mid_in_words(market)}",
             f"distances  from {market.threshold:g} on{limit_in_words(market)}; usual spread "
             f"{market.spread:g}, tick {market.tick:g}"]
    return lines + [f"note       {remark}" for remark in recording.remarks]


def mid_in_words(market: Market) -> str:
    if market.from_quotes:
        return f"of {market.recording.quotes.time.size} quotes"
    return ("approximate: no quotes, so half way between the last prices of a sell and of a buy order")


def limit_in_words(market: Market) -> str:
    limit = market.sides[0].limit
    return "" if np.isinf(limit) else f" to {market.threshold + limit:g}"


def table(calibration: Calibration) -> list[str]:
    """A row per parameter and side."""
    volatility = calibration.volatility
    rows = [("parameter", "side", "unit", "estimate", "95 % interval", "from"),
            row("sigma", "", "price / sqrt(s)", volatility.sigma,
                f"{volatility.increments} moves of {volatility.interval:g} s")]
    for name, unit in (("A", "1 / s"), ("k", "1 / price")):
        for side in (*calibration.sides, calibration.both):
            rows.append(row(name, side.name, unit, getattr(side, name), f"{side.orders} orders"))
    widths = [max(len(cells[i]) for cells in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) if i in (3, 4) else cell.ljust(width)
                      for i, (cell, width) in enumerate(zip(cells, widths))).rstrip()
            for cells in rows]


def row(name: str, side: str, unit: str, value: Estimate, source: str) -> tuple[str, ...]:
    interval = f"{number(value.low)} to {number(value.high)}"
    return name, side, unit, number(value.value), interval, source


def fits(calibration: Calibration) -> list[str]:
    volatility = calibration.volatility
    lines = [f"fit of the {side.name} side  largest gap {fit.distance:.3f}, p = {number(fit.p_value)}"
             for side, fit in zip(calibration.sides, calibration.fits)]
    return [*lines, f"sigma without noise  {number(volatility.two_scales)} (two scales)"]


# Warnings ------------------------------------------------------------------------------------------

def warnings(calibration: Calibration) -> list[str]:
    """What the user should know before believing the table."""
    market = calibration.market
    found = [misfit(side.name, fit, calibration) for side, fit in zip(market.sides, calibration.fits)
             if fit.p_value < DOUBT]
    found += [clusters(side.name, index) for side, index in zip(market.sides, market.dispersion)
              if dispersion_p_value(index) < CLUSTERED]
    return [*found, *differences(calibration), *noise(calibration.volatility), *misplaced(market),
            *stale(calibration)]


def misfit(name: str, fit: Fit, calibration: Calibration) -> str:
    place = float(calibration.market.sides[0].starts.min()) + fit.tail
    return (f"an exponential does not fit the {name} side (p = {number(fit.p_value)}): its tail is "
            f"{'heavier' if fit.heavier() else 'lighter'}, {percent(fit.share)} of the orders reach "
            f"{number(place)} where the fit says {percent(fit.fitted_share)}; the largest gap is "
            f"{percent(fit.distance)} of the orders. A and k are a compromise over all distances: raise "
            "--from-distance, set --to-distance to the widest quote of interest, or choose a shorter "
            "--until")


def clusters(name: str, index: float) -> str:
    return (f"orders on the {name} side come in clusters: counts in {BINS} equal times vary "
            f"{number(index)} times as much as Poisson's, so the interval of A is about "
            f"{number(np.sqrt(index))} times too narrow")


def differences(calibration: Calibration) -> list[str]:
    found = []
    for name in ("A", "k"):
        bid, ask = (getattr(side, name) for side in calibration.sides)
        if bid.high < ask.low or ask.high < bid.low:
            found.append(f"{name} of bid and ask differ by more than their intervals, "
                         f"{number(bid.value)} and {number(ask.value)}; a study has one {name} for "
                         f"both, {number(getattr(calibration.both, name).value)}")
    return found


def noise(volatility: Volatility) -> list[str]:
    if not volatility.p_value < DOUBT:
        return []
    longer = COARSE * volatility.interval
    return [f"sigma depends on the interval (p = {number(volatility.p_value)}): "
            f"{number(volatility.sigma.value)} over {volatility.interval:g} s, "
            f"{number(volatility.coarse)} over {longer:g} s; choose an --interval from which on the "
            "signature plot (--plot) is level"]


def misplaced(market: Market) -> list[str]:
    share = market.reached.inside() / market.reached.time.size
    if not market.from_quotes or share < MOST_INSIDE:
        return []
    return [f"{percent(share)} of the orders traded inside the quotes that were the best just before, as "
            "none can: quotes and trades are out of step, and distances are off by what the mid moves "
            "meanwhile; try another --quote-delay, or a recording whose quotes have an exchange time"]


def stale(calibration: Calibration) -> list[str]:
    """Whether the mid moves too much between the trades that it is made of."""
    market, k = calibration.market, calibration.both.k.value
    gap = 2.0 * market.length() / market.reached.time.size
    move = calibration.volatility.sigma.value * np.sqrt(gap)
    if market.from_quotes or move * k < MOST_UNSEEN:
        return []
    return [f"the mid is approximate: a side trades every {number(gap)} s, in which the mid moves by "
            f"{number(move)} unseen, {number(move * k)} times 1 / k; distances hold much of that move, "
            "so k tends to be too small and A wrong: record quotes, too (SYMBOL@bookTicker)"]
