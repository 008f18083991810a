"""A and k of lambda(delta) = A exp(-k delta), the rate of market orders that reach at least delta.

Model: on each side orders with a reach X > delta_0 arrive as a Poisson process of rate
A exp(-k delta_0), and X - delta_0 is exponential with rate k (Avellaneda & Stoikov 2008, eq. 12).
Prices stand on a grid, so what is seen is the furthest price of the grid within X: with g the first
distance of the grid at or beyond delta_0, which depends on where the mid stands in the grid,

    excess = distance - g = tick J,   P(J >= j) = exp(-k tick j),

a geometric law. Its maximum likelihood estimate, with S = sum J of N orders, M of them within the limit
beyond which orders only count as having reached it (right-censored; M = N without a limit), is

    k = ln(1 + M / S) / tick,    as tick -> 0: k = M / sum of excess,

and, given k, the number of orders gives A: N = A sum over the path of the mid of exp(-k g) dt.

Interval of k: equal tails of Beta(M, S + 1/2) for 1 - exp(-k tick) (Jeffreys' interval of the negative
binomial: Brown, Cai & DasGupta 2003, Statistica Sinica 13, 19-49); as tick -> 0 the exact one,
chi-squared with 2 M degrees of freedom over 2 sum of excess. Interval of A: normal in ln A, by the delta
method: var ln A = 1/N + (mean g)^2 var k, where the number of orders and their excess are independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Side:
    """Orders that came to one side of the book, from the threshold on.

    excess:   beyond the first distance of the grid, cut at `limit` [price]
    tick:     [price]; 0 is a continuous price
    limit:    where excess is cut [price]; inf is nowhere
    starts:   first distances g of the grid, by where the mid stands in it [price]
    times:    how long the mid stood so [second]
    """

    name: str
    excess: np.ndarray
    tick: float
    limit: float
    starts: np.ndarray
    times: np.ndarray

    def uncut(self) -> int:
        """Orders whose distance is known."""
        return int(np.count_nonzero(self.excess < self.limit * (1.0 - 1e-9)))


@dataclass(frozen=True)
class Arrivals:
    """A [1 / second] and k [1 / price] of one side.

    log_rate_sd: of ln lambda(centre), the distance where it is known best
    k_sd:        of k [1 / price]
    centre:      mean first distance of the grid [price]
    """

    name: str
    orders: int
    A: Estimate
    k: Estimate
    k_sd: float
    centre: float

    def rate(self, distance: np.ndarray) -> np.ndarray:
        """lambda [1 / second]."""
        return self.A.value * np.exp(-self.k.value * distance)

    def band(self, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pointwise 95 % band of lambda [1 / second]."""
        sd = np.sqrt(1.0 / self.orders + ((distance - self.centre) * self.k_sd) ** 2)
        factor = np.exp(stats.norm.ppf((1.0 + LEVEL) / 2.0) * sd)
        return self.rate(distance) / factor, self.rate(distance) * factor


def decay(uncut: np.ndarray | int, total: np.ndarray | float, tick: float) -> np.ndarray | float:
    """k [1 / price] of `uncut` orders whose excess, that of cut ones included, sums to `total`."""
    if tick == 0.0:
        return uncut / total
    return np.log1p(uncut * tick / total) / tick


def decay_interval(uncut: int, total: float, tick: float) -> tuple[float, float]:
    """95 % interval of k [1 / price]."""
    tails = np.array([(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    if tick == 0.0:
        low, high = stats.chi2.ppf(tails, 2 * uncut) / (2.0 * total)
    else:
        low, high = -np.log1p(-stats.beta.ppf(tails, uncut, total / tick + 0.5)) / tick
    return float(low), float(high)


def decay_sd(uncut: int, k: float, tick: float) -> float:
    """Standard deviation of k by the observed information [1 / price]."""
    one = k if tick == 0.0 else 2.0 * np.sinh(k * tick / 2.0) / tick
    return float(one / np.sqrt(uncut))


def estimate(side: Side) -> Arrivals:
    """Maximum likelihood; requires orders, some of which reach beyond the first distance."""
    orders, uncut, total = side.excess.size, side.uncut(), float(side.excess.sum())
    k = float(decay(uncut, total, side.tick))
    k_sd = decay_sd(uncut, k, side.tick)
    exposure = side.times * np.exp(-k * side.starts)
    centre = float(np.sum(exposure * side.starts) / np.sum(exposure))
    A = orders / float(np.sum(exposure))
    factor = float(np.exp(stats.norm.ppf((1.0 + LEVEL) / 2.0)
                          * np.sqrt(1.0 / orders + (centre * k_sd) ** 2)))
    return Arrivals(side.name, orders, Estimate(A, A / factor, A * factor),
                    Estimate(k, *decay_interval(uncut, total, side.tick)), k_sd, centre)


def pooled(one: Side, other: Side) -> Side:
    """Both sides as one that lasted twice as long."""
    return Side("both", np.concatenate([one.excess, other.excess]), one.tick, one.limit, one.starts,
                one.times + other.times)
