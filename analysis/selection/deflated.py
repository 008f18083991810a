"""Deflated Sharpe ratio: how likely it is that the best of many Sharpe ratios is not luck.

Source: Bailey and Lopez de Prado, "The deflated Sharpe ratio", Journal of Portfolio Management 40 (5),
2014. All Sharpe ratios here are those of one interval, not annualised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from selection.windows import Sweep, Windows


@dataclass(frozen=True)
class Deflation:
    """What the best of some trials is worth.

    trials: number of independent trials that it is the best of
    spread: standard deviation of the cells' Sharpe ratios, of one interval
    noise: the highest Sharpe ratio to be expected of so many without any skill, of one interval
    ratio: deflated Sharpe ratio, the probability that the best cell is better than `noise`
    chance: probability that the best of so many without any skill is as high
    """

    trials: float
    spread: float
    noise: float
    ratio: float
    chance: float


def expected_maximum(trials: np.ndarray | float) -> np.ndarray | float:
    """Expected largest of N independent standard normal numbers (the paper's equation 1),

    (1 - c) z(1 - 1/N) + c z(1 - 1/(N e)), with c = 0.5772... and z the normal quantile; 0 for N = 1.
    """
    trials = np.maximum(np.asarray(trials, dtype=float), 1.0)
    with np.errstate(divide="ignore"):
        largest = ((1.0 - np.euler_gamma) * ndtri(1.0 - 1.0 / trials)
                   + np.euler_gamma * ndtri(1.0 - 1.0 / (trials * np.e)))
    return np.maximum(largest, 0.0)


def probabilistic_sharpe(sharpe, benchmark, intervals, skewness, kurtosis):
    """Probability that the true Sharpe ratio is above `benchmark` (Bailey and Lopez de Prado, 2012):

    Phi((S - benchmark) sqrt(n - 1) / sqrt(1 - skewness S + (kurtosis - 1) S^2 / 4)).
    """
    spread = 1.0 - skewness * sharpe + 0.25 * (kurtosis - 1.0) * sharpe**2
    return ndtr((sharpe - benchmark) * np.sqrt((intervals - 1.0) / np.maximum(spread, 1e-12)))


def deflate(sweep: Sweep, trials: float) -> Deflation:
    """The sweep's best cell, as the best of so many trials.

    The variance between trials is that of the cells' Sharpe ratios (ddof 1). `chance` is
    1 - Phi(S sqrt(n - 1))^N, of independent, normal returns; of cells that are alike it is less.
    """
    scale, best = np.sqrt(sweep.windows.per_year), sweep.best
    ratios = sweep.sharpe / scale
    between = float(np.std(ratios, ddof=1)) if ratios.size > 1 else 0.0
    noise = between * float(expected_maximum(trials))
    ratio = probabilistic_sharpe(ratios[best], noise, sweep.intervals, sweep.skewness[best],
                                 sweep.kurtosis[best])
    below = log_ndtr(ratios[best] * np.sqrt(sweep.intervals - 1.0))
    return Deflation(trials, between, noise, float(ratio), float(-np.expm1(trials * below)))


def mean_correlation(windows: Windows) -> float:
    """Mean correlation between all pairs of cells, from their returns window by window.

    Cells whose windows do not vary are left out; 0 where fewer than two are left.
    """
    rate = windows.total / windows.count[:, np.newaxis]
    centred = rate - rate.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    varying = size > 1e-9 * np.abs(rate).max(axis=0)
    unit = centred[:, varying] / size[varying]
    cells = unit.shape[1]
    if cells < 2:
        return 0.0
    # The sum over all pairs is that of the squared sum, without the cells with themselves.
    return float(((unit.sum(axis=1) ** 2).sum() - cells) / (cells * (cells - 1)))


def effective_trials(cells: int, correlation: float) -> float:
    """Independent trials that so many correlated ones are worth (the paper's appendix 3):

    N = r + (1 - r) M with M cells of mean correlation r.
    """
    correlation = min(max(correlation, 0.0), 1.0)
    return correlation + (1.0 - correlation) * cells
