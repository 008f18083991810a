"""Whether distances are exponential: a Kolmogorov-Smirnov test whose k comes from the same data.

With an estimated parameter the usual tables are wrong (Lilliefors 1969, JASA 64, 387-389), and on a grid
of prices so are Lilliefors'. Here the distribution of the statistic is that of samples of the fitted law
(geometric on the grid), each with its own estimate: a parametric bootstrap (Stute, Gonzalez Manteiga &
Presedo Quindimil 1993, Metrika 40, 243-256). sqrt(n) D has a limit, so beyond LARGEST orders samples of
LARGEST do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.arrivals import Side, decay

LARGEST = 5_000  # orders in a bootstrap sample
AT_ONCE = 1_000_000  # numbers in memory
TAIL = 0.02  # share of the orders, the farthest, that tells a heavy tail from a light one


@dataclass(frozen=True)
class Fit:
    """distance: largest |observed - fitted| survival; p_value: of the bootstrap.

    tail:   excess where far orders begin [price]
    share:  of the orders that reach it, observed and by the fit
    """

    distance: float
    p_value: float
    tail: float
    share: float
    fitted_share: float

    def heavier(self) -> bool:
        """Whether far orders are more frequent than the fit has them."""
        return self.share > self.fitted_share


def largest_gap(excess: np.ndarray, tick: float, limit: float) -> np.ndarray:
    """KS distance of samples from the exponential (geometric) law with their own k.

    excess: (samples, orders), cut at `limit`, ascending along the last axis [price]
    """
    n = excess.shape[-1]
    cut = excess >= limit * (1.0 - 1e-9)
    k = decay(n - cut.sum(axis=-1), excess.sum(axis=-1), tick)[:, None]
    rank = np.arange(1, n + 1) / n
    # The law is a step function on the grid: compare at each excess and just below it.
    at = np.where(cut, 0.0, np.abs(rank - 1.0 + np.exp(-k * (excess + tick))))
    below = 1.0 - np.exp(-k * excess) - (rank - 1.0 / n)
    # Of equal excesses only the last rank counts at them: others differ less unless far off.
    last = np.concatenate([np.diff(excess, axis=-1) > tick / 2.0,
                           np.ones((*excess.shape[:-1], 1), bool)], axis=-1)
    return np.maximum(np.where(last, at, 0.0).max(axis=-1), below.max(axis=-1))


def draw(rng: np.random.Generator, shape: tuple[int, int], k: float, side: Side) -> np.ndarray:
    """Samples of the fitted law, cut and sorted."""
    excess = rng.exponential(1.0 / k, shape)
    if side.tick > 0.0:
        excess = np.floor(excess / side.tick) * side.tick
    return np.sort(np.minimum(excess, side.limit), axis=-1)


def judge_fit(side: Side, samples: int, seed: int) -> Fit:
    """The test of one side, with `samples` of the bootstrap."""
    k = float(decay(side.uncut(), float(side.excess.sum()), side.tick))
    distance = float(largest_gap(np.sort(side.excess)[None, :], side.tick, side.limit)[0])
    scaled = distance * np.sqrt(side.excess.size)
    rng, n = np.random.default_rng(seed), min(side.excess.size, LARGEST)
    larger, left = 0, samples
    while left > 0:
        rows = min(left, max(1, AT_ONCE // n))
        gaps = largest_gap(draw(rng, (rows, n), k, side), side.tick, side.limit)
        larger, left = larger + int(np.sum(gaps * np.sqrt(n) >= scaled)), left - rows
    tail = float(np.quantile(side.excess, 1.0 - TAIL, method="higher"))
    share = float(np.mean(side.excess >= tail - side.tick / 2.0))
    return Fit(distance, (1 + larger) / (1 + samples), tail, share, float(np.exp(-k * tail)))
