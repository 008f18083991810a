"""What strategies quote at a bar, by the formulas of docs/replay.md and docs/model.md.

Settings are flat: the whole name of a parameter -> its value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass
class Level:
    bid: float  # price
    ask: float
    bid_size: float  # units
    ask_size: float


@dataclass
class Situation:
    """What a strategy knows of its symbol at an open."""

    opens: list[float]  # of the whole tape
    bar: int
    position: float  # units
    entry: float  # average price of the position
    largest: float  # largest position [units]
    share: float  # of the margin [price x units]

    @property
    def price(self) -> float:
        return self.opens[self.bar]


def volatility(opens: list[float], bar: int, window: int) -> float:
    if bar < window:
        return 0.0
    returns = [math.log(opens[i] / opens[i - 1]) for i in range(bar - window + 1, bar + 1)]
    if sum(r != 0 for r in returns) < window // 2:
        return 0.0
    mean = math.fsum(returns) / window
    return math.sqrt(math.fsum((r - mean) ** 2 for r in returns) / window)


def moving_average(opens: list[float], bar: int, window: int) -> float:
    return math.fsum(opens[bar - window + 1:bar + 1]) / window if bar >= window - 1 else 0.0


def momentum(opens: list[float], bar: int, window: int) -> float:
    return opens[bar] / opens[bar - window] - 1 if bar >= window else 0.0


def quotes(settings: dict, at: Situation) -> tuple[float, list[Level]]:
    """The reservation price and the levels, from the inside out."""
    return STRATEGIES[settings["strategy.name"]](settings, at)


def tokyo(settings: dict, at: Situation):
    levels, spread = settings["strategy.levels"], settings["strategy.min_spread"]
    size = settings["risk.aggressivity"] * at.largest / levels
    bids = size if at.position < at.largest else 0.0
    asks = size if at.position > -at.largest else 0.0
    distances = [at.price * (i + 0.5) * spread for i in range(levels)]
    return at.price, [Level(at.price - d, at.price + d, bids, asks) for d in distances]


def shifted(settings: dict, at: Situation, variance: float):
    price, spread = at.price, settings["strategy.min_spread"]
    reservation = price * (1 - settings["strategy.gamma"] * variance * at.position)
    half = price * (spread + settings["strategy.gamma_spread"] * variance) / 2
    size = settings["risk.aggressivity"] * at.largest
    return reservation, [Level(min(reservation - half, price * (1 - spread)),
                               max(reservation + half, price * (1 + spread)), size, size)]


def stoikov(settings: dict, at: Situation):
    return shifted(settings, at,
                   volatility(at.opens, at.bar, settings["signal.window_volatility"]) ** 2)


def vanilla(settings: dict, at: Situation):
    return shifted(settings, at, settings["market.sigma"] ** 2 * time_left(settings, at))


def mexico(settings: dict, at: Situation):
    price, levels = at.price, settings["strategy.levels"]
    sigma = volatility(at.opens, at.bar, settings["signal.window_volatility"])
    average = moving_average(at.opens, at.bar, settings["signal.window_sma"])
    moved = momentum(at.opens, at.bar, settings["signal.window_momentum"])
    gain = at.position * (price - at.entry)
    delta = (-settings["strategy.q_factor"] * at.position / at.largest
             + settings["strategy.upnl_factor"] * gain / at.share
             + settings["strategy.mean_revert_factor"] * (price / average - 1 if average else 0.0)
             + settings["strategy.momentum_factor"] * moved)
    reservation = price * (1 + delta)
    spread = settings["strategy.min_spread"]
    spacing = price * max(settings["strategy.constant_spread"]
                          + settings["strategy.vol_factor"] * sigma
                          + settings["strategy.spread_mom_factor"] * abs(moved), spread)
    share = settings["risk.aggressivity"] / levels
    bids = asks = share * at.largest
    if settings["strategy.adaptive_sizes"]:
        bids, asks = share * (at.largest - at.position), share * (at.largest + at.position)
    return reservation, [Level(min(reservation - i * spacing, price * (1 - spread)),
                               max(reservation + i * spacing, price * (1 + spread)), bids, asks)
                         for i in range(1, levels + 1)]


def time_left(settings: dict, at: Situation) -> float:
    if settings["strategy.horizon"]:
        return settings["strategy.horizon"]
    return (len(at.opens) - 1 - at.bar) * settings["market.dt"]


def around(settings: dict, at: Situation, bid_distance: float, ask_distance: float):
    price, size = at.price, settings["strategy.quantity"]
    reservation = price + (ask_distance - bid_distance) / 2
    return reservation, [Level(price - bid_distance, price + ask_distance, size, size)]


def lots(settings: dict, at: Situation) -> tuple[float, float]:
    """xi, the risk aversion per lot, and the position in lots."""
    quantity = settings["strategy.quantity"]
    return settings["strategy.gamma"] * quantity, at.position / quantity


def half_spread(settings: dict, tau: float, xi: float) -> float:
    return (xi * settings["market.sigma"] ** 2 * tau / 2
            + math.log(1 + xi / settings["fills.k"]) / xi)


def avellaneda_stoikov(settings: dict, at: Situation):
    xi, n = lots(settings, at)
    tau = time_left(settings, at)
    half, c = half_spread(settings, tau, xi), xi * settings["market.sigma"] ** 2 * tau
    return around(settings, at, half + n * c, half - n * c)


def symmetric(settings: dict, at: Situation):
    xi, _ = lots(settings, at)
    tau = time_left(settings, at)
    if settings["strategy.half_spread"] == "average" and not settings["strategy.horizon"]:
        tau = len(at.opens) * settings["market.dt"] / 2  # the mean: (T + dt) / 2
    half = half_spread(settings, tau, xi)
    return around(settings, at, half, half)


def glft(settings: dict, at: Situation):
    xi, n = lots(settings, at)
    n = math.floor(n + 0.5)
    k, form = settings["fills.k"], settings["strategy.form"]
    base = math.log(1 + xi / k) / xi
    if form == "closed_form":
        s = math.sqrt(settings["market.sigma"] ** 2 * xi / (2 * k * settings["fills.A"])
                      * (1 + xi / k) ** (1 + k / xi))
        return around(settings, at, base + (n + 0.5) * s, base - (n - 0.5) * s)
    limit = math.floor(settings["risk.q_max"] / settings["strategy.quantity"] * (1 + 1e-9))
    tau = time_left(settings, at) if form == "exact" else None
    value = value_function(xi, settings["market.sigma"], settings["fills.A"], k, limit, tau)

    def distance(lots: int) -> float:  # of a bid; the outermost is repeated beyond the limit
        lots = max(-limit, min(lots, limit - 1))
        return math.log(value[lots] / value[lots + 1]) / k + base

    return around(settings, at, distance(n), distance(-n))


@lru_cache(maxsize=4096)
def value_function(xi, sigma, arrivals, k, limit, tau) -> dict[int, float]:
    """v of Gueant, Lehalle and Fernandez-Tapia, proposition 2, up to a factor; without tau of a
    far horizon. exp(-M tau) = exp(-c tau) exp((c - M) tau) is made of positive terms only, so
    that no component of v loses digits."""
    alpha, eta = k * xi * sigma**2 / 2, arrivals * (1 + xi / k) ** -(1 + k / xi)
    n = np.arange(-limit, limit + 1)
    rate = alpha * limit**2 - alpha * n.astype(float)**2
    positive = np.diag(rate) + eta * (np.eye(len(n), k=1) + np.eye(len(n), k=-1))
    if tau is None:
        tau, doublings = 1 / (alpha * limit**2 + eta), 60
    else:
        doublings = max(0, math.ceil(math.log2(1 + tau * (alpha * limit**2 + 2 * eta))))
        tau /= 2**doublings
    term = power = np.eye(len(n))
    for order in range(1, 40):
        term = term @ positive * (tau / order)
        power = power + term
    for _ in range(doublings):
        power = power @ power
        power /= power.max()
    return dict(zip(n.tolist(), power.sum(axis=1).tolist()))


STRATEGIES = {one.__name__: one for one in
              (tokyo, stoikov, vanilla, mexico, avellaneda_stoikov, symmetric, glft)}
