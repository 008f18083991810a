"""sigma of a Brownian mid, from the mid at regular times.

Realised variance: the n increments r of the mid over intervals h are independent normal with variance
sigma^2 h, so that sum r^2 / (sigma^2 h) is chi-squared with n degrees of freedom: an exact interval.
Ticks and the bounce of quotes add to the variance of an increment and not to sigma^2 h, so h must be
long enough: the signature plot, the estimate over h, is level from there on.

Two checks. Two-scales realised variance (Zhang, Mykland & Ait-Sahalia 2005, JASA 100, 1394-1411,
adjusted so that short samples have no bias) averages over all subgrids of interval h and takes off what
noise adds.
And a Hausman test (after Ait-Sahalia & Xiu 2019, J. Econometrics 211, 176-205) compares the variances at
h and at 4 h: without noise the first is efficient, and their difference has the variance
2 sigma^4 (4 h - h) / T.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from calibration.arrivals import LEVEL, Estimate
from calibration.errors import CalibrationError
from calibration.flow import Mids

FEWEST = 20  # increments that an estimate needs
MOST = 1_000_000  # increments that fit into memory with STEPS of each
STEPS = 50  # finest intervals within the chosen one, for two scales
SIGNATURE = np.array([0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 10.0])  # of the chosen interval
SIGNATURE_FEWEST = 5  # increments that a point of the signature plot needs
COARSE = 4  # intervals of the other estimate of the Hausman test


@dataclass(frozen=True)
class Volatility:
    """sigma [price / sqrt(second)] over `increments` of `interval` [second].

    two_scales: the estimate that takes off noise [price / sqrt(second)]
    intervals, signature: of the signature plot [second], [price / sqrt(second)]
    coarse:     the estimate over COARSE intervals [price / sqrt(second)]
    p_value:    of the Hausman test; NaN where the recording is too short for it
    """

    interval: float
    increments: int
    sigma: Estimate
    two_scales: float
    intervals: np.ndarray
    signature: list[Estimate]
    coarse: float
    p_value: float


def sampled(mids: Mids, start: float, end: float, interval: float) -> np.ndarray:
    """The mid at start, start + interval, ..., as far as `end` [price]."""
    count = int(np.floor((end - start) / interval * (1.0 + 1e-12)))
    return mids.at(start + interval * np.arange(count + 1))


def realised(mid: np.ndarray, interval: float) -> Estimate:
    """sigma of mids at regular times and its exact interval [price / sqrt(second)]."""
    squares, n = float(np.sum(np.diff(mid) ** 2)), mid.size - 1
    tails = np.array([(1.0 + LEVEL) / 2.0, (1.0 - LEVEL) / 2.0])
    low, high = np.sqrt(squares / (interval * stats.chi2.ppf(tails, n)))
    return Estimate(float(np.sqrt(squares / (interval * n))), float(low), float(high))


def two_scales(mid: np.ndarray, interval: float) -> float:
    """sigma of mids at times `interval` apart, by subgrids of STEPS of them; NaN where noise takes
    off more than there is [price / sqrt(second)]."""
    n = mid.size - 1
    moves = n - STEPS + 1  # over STEPS of the intervals, overlapping
    coarse = np.sum((mid[STEPS:] - mid[:-STEPS]) ** 2) / STEPS
    noise = moves / STEPS / n * np.sum(np.diff(mid) ** 2)
    variance = (coarse - noise) / (1.0 - 1.0 / STEPS) / (moves * interval)
    return float(np.sqrt(variance)) if variance > 0.0 else float("nan")


def hausman(fine: float, coarse: float, interval: float, length: float) -> float:
    """p-value of sigma over `interval` and over COARSE intervals being that of one Brownian motion."""
    variance = 2.0 * fine**4 * (COARSE - 1) * interval / length
    return float(2.0 * stats.norm.sf(abs(coarse**2 - fine**2) / np.sqrt(variance)))


def estimate_volatility(mids: Mids, start: float, end: float, interval: float) -> Volatility:
    """sigma from the mid between two times [second]."""
    length = end - start
    increments = int(length / interval)
    if increments < FEWEST:
        raise CalibrationError(f"--interval {interval:g}: {increments} intervals in {length:.4g} s "
                               f"(must be >= {FEWEST}); choose at most {length / FEWEST:.2g} or name "
                               "a longer recording")
    if increments > MOST:
        raise CalibrationError(f"--interval {interval:g}: {increments} intervals in {length:.4g} s "
                               f"(must be <= {MOST}); is a time wrong? Choose a part with --from and "
                               f"--until, or at least {length / MOST:.2g}")
    mid = sampled(mids, start, end, interval)
    sigma = realised(mid, interval)
    if sigma.value == 0.0:
        raise CalibrationError(f"the mid never moves in {length:.4g} s; name a longer recording")
    intervals = interval * SIGNATURE
    intervals = intervals[intervals * SIGNATURE_FEWEST <= length]
    signature = [realised(sampled(mids, start, end, h), h) for h in intervals]
    fine = sampled(mids, start, end, interval / STEPS)
    coarse = realised(sampled(mids, start, end, COARSE * interval), COARSE * interval).value
    return Volatility(interval, mid.size - 1, sigma, two_scales(fine, interval / STEPS),
                      intervals, signature, coarse,
                      hausman(sigma.value, coarse, interval, length))
