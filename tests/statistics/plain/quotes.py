"""Distances of bid and ask (docs/model.md, "Strategies"; docs/market_maker.md, "Quotes and sizes")."""

import math
from functools import lru_cache

import numpy as np

TICK_SLACK = 1e-3  # [ticks]


class Strategy:
    """The distances that the rule of `strategy.name` asks for."""

    def __init__(self, s):
        self.s = s
        self.xi = s.gamma * s.quantity
        self.margin = math.log(1 + self.xi / s.k) / self.xi

    def distances(self, step, inventory, variance):
        s = self.s
        left = s.horizon if s.horizon > 0 else s.T - step * s.dt
        if s.name == "glft":
            bid, ask = self.glft(left, inventory / s.quantity)
        elif s.name == "symmetric" and s.half_spread == "average":
            mean_left = s.horizon if s.horizon > 0 else (s.T + s.dt) / 2
            bid = ask = self.xi * s.sigma**2 * mean_left / 2 + self.margin
        else:
            c = self.xi * variance * left
            h = c / 2 + self.margin
            skew = 0 if s.name == "symmetric" else inventory / s.quantity * c
            bid, ask = h + skew, h - skew
        return (max(bid, 0), max(ask, 0)) if s.floor_quotes else (bid, ask)

    def glft(self, left, lots):
        s, xi, k = self.s, self.xi, self.s.k
        n = round(lots) if s.in_lots else math.floor(lots + 0.5)
        if s.form == "closed_form":
            slope = math.sqrt(
                s.sigma**2 * xi / (2 * k * s.A) * (1 + xi / k) ** (1 + k / xi))
            return self.margin + (n + 0.5) * slope, self.margin - (n - 0.5) * slope
        v = glft_solution(xi, k, s.A, s.sigma, s.limit_lots, left if s.form == "exact" else None)
        return self.glft_distance(v, n), self.glft_distance(v, -n)

    def glft_distance(self, v, n):
        """Of the bid at n lots, and of the ask at -n; beyond the limit the outermost one."""
        limit = self.s.limit_lots
        at = limit + max(-limit, min(limit - 1, n))
        return math.log(v[at] / v[at + 1]) / self.s.k + self.margin


@lru_cache(maxsize=100_000)
def glft_solution(xi, k, A, sigma, limit, left):
    """v over n = -Q ... Q. All terms are positive, so each component is accurate by itself."""
    alpha, eta = k * xi * sigma**2 / 2, A * (1 + xi / k) ** -(1 + k / xi)
    n = np.arange(-limit, limit + 1)
    positive = np.diag(alpha * (float(limit) ** 2 - n**2.0)) + eta * (
        np.eye(len(n), k=1) + np.eye(len(n), k=-1))
    norm = positive.sum(axis=1).max()
    if left is None:  # exp(B t) at a t that is doubled until only the first eigenvector is left
        power = exponential(positive / norm)
        for _ in range(60):
            power = power @ power
            power /= power.max()
        return power.sum(axis=1)
    halvings = max(0, math.ceil(math.log2(norm * left + 1e-300)))
    power = exponential(positive * left / 2**halvings)
    for _ in range(halvings):
        power = power @ power
        power /= power.max()
    return power.sum(axis=1)


def exponential(matrix):
    """exp of a matrix of norm at most 1 by its series."""
    term = total = np.eye(len(matrix))
    for j in range(1, 25):
        term = term @ matrix / j
        total = total + term
    return total


def shaped(s, mid, distances, lift, signal, inventory):
    """Distances of what is sent, and the shift by the pair signal: steps 1 to 4 of the page."""
    bid, ask = distances
    h, m = (bid + ask) / 2, (ask - bid) / 2
    h = max(h, 1e-4 * s.min_half_spread * mid)
    if s.max_half_spread > 0:
        h = min(h, 1e-4 * s.max_half_spread * mid)
    shift = s.pair_bias * signal * h
    centre = m + lift + shift - s.phi * inventory
    bid, ask = h - centre, h + centre
    if s.post_only:
        nearest = s.tick - s.half_book if s.half_book > 0 else 0.0
        bid, ask = max(bid, nearest), max(ask, nearest)
    if s.tick > 0:
        bid = mid - s.tick * math.floor((mid - bid) / s.tick + TICK_SLACK)
        ask = s.tick * math.ceil((mid + ask) / s.tick - TICK_SLACK) - mid
    return bid, ask, shift
