"""Prices and imbalance of one path (docs/model.md, "The mid"; docs/market_maker.md, "The market")."""

import math

from plain import draws
from plain.settings import first_step


def prices(s, seed, path):
    """Rows of steps 0 ... N: mid, partner, imbalance, and the V of bid and ask (None at N)."""
    mid, partner, spread, wave = s.initial_price, s.partner_price, 0.0, 0.0
    broken = first_step(s, s.break_time) if s.break_time > 0 else math.inf
    spike = range(first_step(s, s.spike_start), first_step(s, s.spike_start + s.spike_length))
    rows = []
    for step in range(s.steps + 1):
        imbalance = wave / math.sqrt(1 + wave**2)
        if step == s.steps:
            rows.append((mid, partner, imbalance, None, None))
            return rows
        move, bid_draw, ask_draw, partner_move, wave_move = draws.of_step(s, seed, path, step)
        rows.append((mid, partner, imbalance, bid_draw, ask_draw))
        factor = s.spike_factor if step in spike else 1
        push = s.imbalance_strength * imbalance
        if s.pair:
            partner += s.drift * s.dt + factor * s.partner_sigma * math.sqrt(s.dt) * partner_move
            theta = 0 if step >= broken else s.spread_reversion
            spread = (spread * math.exp(-theta * s.dt)
                      + factor * s.spread_sigma * ou_deviation(theta, s.dt) * move
                      + factor * s.sigma * math.sqrt(s.dt) * push)
            mid = s.initial_price + s.hedge_ratio * (partner - s.partner_price) + spread
        else:
            mid += s.drift * s.dt + factor * s.sigma * math.sqrt(s.dt) * (move + push)
        kappa = s.imbalance_reversion
        wave = (wave * math.exp(-kappa * s.dt)
                + s.imbalance_sd * math.sqrt(-math.expm1(-2 * kappa * s.dt)) * wave_move)


def ou_deviation(theta, dt):
    """Standard deviation of a step of an Ornstein-Uhlenbeck process with volatility 1."""
    return math.sqrt(-math.expm1(-2 * theta * dt) / (2 * theta)) if theta > 0 else math.sqrt(dt)
