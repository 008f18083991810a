"""The parameters of a simulated study, by section, with the defaults of docs/studies.md."""

import math
from types import SimpleNamespace

SECTIONS = {
    "market": {
        "model": "brownian", "initial_price": 100, "sigma": 2, "drift": 0, "T": 1, "dt": 0.005,
        "moves": "normal", "partner_price": 100, "partner_sigma": 1, "hedge_ratio": 1,
        "spread_reversion": 10, "spread_sigma": 1, "break_time": 0, "tick": 0, "book_spread": 0,
        "depth": 0, "imbalance_sd": 0, "imbalance_reversion": 1, "imbalance_strength": 0,
        "spike_start": 0, "spike_length": 0, "spike_factor": 3},
    "fills": {"A": 140, "k": 1.5, "probability": "poisson"},
    "signal": {
        "volatility": "model", "ewma_alpha": 0.2, "volatility_floor": 0, "volatility_window": 100,
        "imbalance_smoothing": 0, "lookback": 200, "interval": 20, "adf_lags": 1,
        "adf_pval_max": 0.05, "enter": 1.8, "exit": 0.5, "max_bias": 1},
    "strategy": {
        "name": "avellaneda_stoikov", "gamma": 0.1, "half_spread": "current", "form": "exact",
        "floor_quotes": False, "horizon": 0, "fair_value": "mid", "min_half_spread": 0,
        "max_half_spread": 0, "phi": 0, "pair_bias": 0, "pair_quantity": 0, "quantity": 1,
        "size_volatility": 0, "size_inventory": 0},
    "risk": {
        "q_max": math.inf, "leverage": 0, "drawdown_stop": 0, "var_limit": 0, "var_level": 0.99,
        "var_window": 1000, "kill_loss": 0, "cooldown": 0, "slippage": 0, "max_orders": 0,
        "order_interval": 1, "open_orders": 2},
    "account": {
        "capital": 1000, "initial_inventory": 0, "maker_fee": 0, "maker_fee_bps": 0,
        "taker_fee_bps": 0, "fee_per_unit": 0},
    "metrics": {"clock": 0, "target": 0, "annualization": 1},
    "orders": {"post_only": False},
}
DEFAULTS = {key: value for section in SECTIONS.values() for key, value in section.items()}
SAME_TIME = 1e-9  # of a step, by which a time may miss the begin of a step


def whole_lots(units, quantity):
    """units / quantity, the whole number that it is to 1e-9 of itself; None where it is none."""
    lots = units / quantity
    return round(lots) if abs(lots - round(lots)) <= 1e-9 * abs(lots) else None


def complete(changes):
    """All parameters, and what follows from them: steps, the model's sigma, the inventory limit."""
    s = SimpleNamespace(**(DEFAULTS | changes))
    s.steps = round(s.T / s.dt)
    s.pair = s.model == "cointegrated"
    if s.pair:
        s.sigma = math.hypot(s.hedge_ratio * s.partner_sigma, s.spread_sigma)
    s.fee = s.maker_fee + 1e-4 * s.maker_fee_bps
    s.half_book = s.book_spread / 2 * s.tick
    s.sized = s.size_volatility > 0 or s.size_inventory > 0 or s.leverage > 0
    start = whole_lots(s.initial_inventory, s.quantity)
    s.in_lots = not s.sized and start is not None
    s.limit_lots = math.inf
    if s.q_max < math.inf:
        whole = whole_lots(s.q_max, s.quantity)
        s.limit_lots = whole if whole is not None else math.floor(s.q_max / s.quantity)
        if s.in_lots:
            s.q_max = s.limit_lots * s.quantity
    return s


def first_step(s, time):
    """The first step that begins at or after a time."""
    return math.ceil(time / s.dt - SAME_TIME)
