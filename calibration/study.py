"""The study that a calibration suggests: a grid centred on the estimates, as wide as their intervals."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from calibration.arrivals import Estimate
from calibration.report import DOUBT, Calibration, number

LONGEST = 600.0  # [second]
MOST_STEPS = 20_000
MOST_FILLS = 0.1  # largest A dt
Q_MAX = (1, 3, 10)  # [units]
GAMMA_POINTS = 5
PATHS = 4096


@dataclass(frozen=True)
class Grid:
    """Time grid [second] and axes of the study."""

    T: float
    dt: float
    A: list[float]
    k: list[float]
    gamma: tuple[float, float]


def nice_below(value: float) -> float:
    """The largest of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... up to `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    digit = max(digit for digit in (1, 2, 5) if digit * power <= value * (1.0 + 1e-12))
    return float(f"{digit * power:.1g}")


def rounded(value: float, digits: int = 4) -> float:
    return float(f"{value:.{digits}g}")


def axis(estimate: Estimate) -> list[float]:
    """Both ends of the interval and the estimate; one value where they are the same to 4 digits."""
    return sorted({rounded(value) for value in (estimate.low, estimate.value, estimate.high)})


def time_grid(highest: float) -> tuple[float, float]:
    """T and dt [second]: at most MOST_FILLS arrivals in dt at the highest A [1 / second], at most
    MOST_STEPS steps. Both are such numbers that T/dt is whole."""
    dt = nice_below(min(MOST_FILLS / highest, 1.0))
    return (LONGEST if LONGEST / dt <= MOST_STEPS else nice_below(MOST_STEPS * dt)), dt


def grid_of(calibration: Calibration) -> Grid:
    """The axes of A and k are their intervals; gamma goes up to where one unit at time 0 moves the
    quotes by 3 / k, and from 1/100 of that."""
    both, sigma = calibration.both, calibration.volatility.sigma.value
    T, dt = time_grid(both.A.high)
    highest = 3.0 / (both.k.value * sigma**2 * T)
    return Grid(T, dt, axis(both.A), axis(both.k),
                (rounded(highest / 100.0, 2), rounded(highest, 2)))


def study_text(calibration: Calibration, path: Path) -> str:
    """The study, commented; `path` is where it will be, and names it."""
    market, grid = calibration.market, grid_of(calibration)
    both, sigma = calibration.both, calibration.volatility.sigma
    price = rounded(float(market.mids.mid[-1]), 12)
    name = re.sub(r"[^A-Za-z0-9_-]", "_", path.stem)
    capital = nice_below(price * 2 * Q_MAX[-1])
    return f"""\
# Calibrated by quotesweep-calibrate to {market.recording.path.name}: {market.length():.6g} s,
# {market.reached.time.size} market orders, distances from {market.threshold:g} on. Time is in seconds.
{side_comments(calibration)}
study: "{name}"
market:
  initial_price: {price!r}   # the last mid
  sigma: {number(sigma.value)}   # {interval(sigma)} [price / sqrt(second)]
  T: {grid.T:g}   # [second]
  dt: {grid.dt:g}   # [second]; A dt is {rounded(both.A.high * grid.dt, 2):g} at most
fills:
  A: {number(both.A.value)}   # {interval(both.A)}, both sides [1 / second]
  k: {number(both.k.value)}   # {interval(both.k)}, both sides [1 / price]
strategy: {{name: avellaneda_stoikov, gamma: {math.sqrt(grid.gamma[0] * grid.gamma[1]):.2g}}}
risk:     {{q_max: {Q_MAX[1]}}}   # [units]; a unit is what one order fills
account:  {{capital: {capital:g}}}
sweep:   # the estimates and both ends of their 95 % intervals
  A:     {grid.A}
  k:     {grid.k}
  gamma: {{log: [{grid.gamma[0]:g}, {grid.gamma[1]:g}], points: {GAMMA_POINTS}}}
  q_max: {list(Q_MAX)}
paths: {PATHS}
seed: 1
output: {name}.h5
"""


def side_comments(calibration: Calibration) -> str:
    """What each side would have by itself."""
    return "\n".join(f"# {side.name}: A = {number(side.A.value)} ({interval(side.A)}), "
                     f"k = {number(side.k.value)} ({interval(side.k)}), {doubt(calibration, i)}"
                     for i, side in enumerate(calibration.sides))


def doubt(calibration: Calibration, side: int) -> str:
    p_value = calibration.fits[side].p_value
    fits = "an exponential fits" if p_value >= DOUBT else "an exponential does NOT fit"
    return f"{fits} (p = {number(p_value)})"


def interval(estimate: Estimate) -> str:
    return f"{number(estimate.low)} to {number(estimate.high)}"
