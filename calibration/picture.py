"""Draw a calibration: rates by distance with the fit, and the signature plot of sigma."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib.axes import Axes as Plot
from matplotlib.figure import Figure

from calibration.arrivals import Arrivals
from calibration.report import DOUBT, Calibration, number

OBSERVED, FITTED, OUTSIDE = "#31688e", "#c0392b", "0.65"


def draw_calibration(calibration: Calibration) -> Figure:
    """Three panels: bid, ask, sigma."""
    figure = Figure(figsize=(11.0, 3.9), layout="constrained")
    bid, ask, signature = figure.subplots(1, 3)
    for plot, side in ((bid, 0), (ask, 1)):
        draw_side(plot, calibration, side)
    draw_signature(signature, calibration)
    for plot in (bid, ask, signature):
        plot.tick_params(color="0.5", labelsize=8)
        plot.grid(color="0.92", linewidth=0.8)
        plot.set_axisbelow(True)
        plot.spines[["top", "right"]].set_visible(False)
    figure.suptitle(calibration.market.recording.path.name, fontsize=10)
    return figure


def draw_side(plot: Plot, calibration: Calibration, side: int) -> None:
    """Orders per second that reach at least a distance, on a log scale."""
    market, arrivals, fit = calibration.market, calibration.sides[side], calibration.fits[side]
    reached = market.reached
    distance = np.sort(reached.distance[reached.sells == (side == 0)])
    distance = distance[distance >= market.spread / 2.0 * (1.0 - 1e-6)]
    place, first = np.unique(distance, return_index=True)
    rate = (distance.size - first) / market.length()
    threshold = market.sides[side].starts.min() * (1.0 - 1e-9)
    for inside, colour in ((place >= threshold, OBSERVED), (place < threshold, OUTSIDE)):
        plot.plot(place[inside], rate[inside], ".", color=colour, markersize=3.5,
                  label="orders" if colour == OBSERVED else None)
    draw_fit(plot, arrivals, np.linspace(threshold, distance[-1], 200))
    plot.set_yscale("log")
    plot.set_ylim(0.5 / market.length(), 2.0 * rate[0])
    plot.set_xlabel("distance from the mid [price]", fontsize=9)
    plot.set_ylabel("orders that reach it [1 / second]", fontsize=9)
    verdict = "does not fit" if fit.p_value < DOUBT else "fits"
    plot.set_title(f"{arrivals.name}: A {number(arrivals.A.value)}, k {number(arrivals.k.value)}; "
                   f"{verdict} (p = {number(fit.p_value)})", fontsize=9)
    plot.legend(fontsize=8, frameon=False)


def draw_fit(plot: Plot, arrivals: Arrivals, distance: np.ndarray) -> None:
    plot.plot(distance, arrivals.rate(distance), color=FITTED, linewidth=1.5, label="A exp(-k distance)")
    plot.fill_between(distance, *arrivals.band(distance), color=FITTED, alpha=0.2, linewidth=0,
                      label="95 % band")


def draw_signature(plot: Plot, calibration: Calibration) -> None:
    """sigma by the interval between mids, with the chosen one."""
    volatility = calibration.volatility
    value, low, high = (np.array([getattr(point, name) for point in volatility.signature])
                        for name in ("value", "low", "high"))
    plot.errorbar(volatility.intervals, value, yerr=[value - low, high - value], fmt="o-",
                  color=OBSERVED, markersize=4, linewidth=1, capsize=2, label="realised")
    plot.plot(volatility.interval, volatility.sigma.value, "o", color=FITTED, markersize=7,
              label=f"chosen: {volatility.interval:g} s")
    if np.isfinite(volatility.two_scales):
        plot.axhline(volatility.two_scales, color="0.4", linestyle="--", linewidth=1,
                     label="two scales")
    plot.set_xscale("log")
    plot.set_ylim(bottom=0.0)
    plot.set_xlabel("interval [second]", fontsize=9)
    plot.set_ylabel("sigma [price / sqrt(second)]", fontsize=9)
    plot.set_title(f"sigma {number(volatility.sigma.value)}", fontsize=9)
    plot.legend(fontsize=8, frameon=False)
