"""The results of one path by their definitions (docs/metrics.md); None where undefined."""

import itertools
import math

from plain.settings import first_step

CONSTANT = 1e-13  # of the sum of squares, below which increments do not vary


def mean(values):
    return math.fsum(values) / len(values)


def ratio(numerator, denominator):
    return numerator / denominator if denominator else None


def of_path(path):
    return basic(path) | detailed(path)


def basic(path):
    s, account = path.s, path.account
    every = round(s.clock / s.dt) if s.clock > 0 else 1
    ends = path.equity[::every]
    gains = [after - before for before, after in zip(ends, ends[1:])]
    peaks = list(itertools.accumulate(path.levels, max))
    squares = math.fsum((x - mean(gains)) ** 2 for x in gains)
    varies = len(gains) > 1 and squares > CONSTANT * math.fsum(x * x for x in gains)
    downside = math.sqrt(mean([min(x - s.target, 0) ** 2 for x in gains]))
    return {
        "pnl": path.equity[-1] - s.capital,
        "max_drawdown": max(peak - now for peak, now in zip(peaks, path.levels)),
        "max_drawdown_pct": max((peak - now) / peak for peak, now in zip(peaks, path.levels)),
        "turnover": account.value / s.capital,
        "trades": account.trades,
        "path_sharpe": mean(gains) / math.sqrt(squares / (len(gains) - 1)) if varies else None,
        "path_sortino": ratio(mean(gains) - s.target, downside),
        "mean_abs_inventory": mean(path.holdings),
        "terminal_inventory": account.inventory,
    }


def detailed(path):
    s, account, pnl = path.s, path.account, path.equity[-1] - path.s.capital
    drawdown = basic(path)["max_drawdown_pct"]
    trips = account.trips
    begun = len(trips) + (account.inventory != 0)
    reasons = [reason for reason, _ in path.stops]
    active = [signal.side != 0 for signal in path.signals]
    broken = active[first_step(s, s.break_time):] if s.pair and s.break_time > 0 else []
    held = mean(path.holdings)
    return {f"pnl_{name}": value for name, value in account.parts.items()} | {
        "realized_pnl": account.realized,
        "unrealized_pnl": account.inventory * (path.mids[-1] - account.entry),
        "total_return": pnl / s.capital,
        "calmar": ratio(pnl / s.capital, drawdown),
        "pnl_per_trade": ratio(pnl, account.trades),
        "round_trips": len(trips),
        "win_rate": ratio(sum(gain > 0 for gain in trips), len(trips)),
        "fill_win_rate": ratio(account.won_closings, account.closings),
        "holding_time": ratio(account.steps_held * s.dt, begun),
        "inventory_turnover": ratio(account.units, held),
        "time_at_limit": path.at_limit / s.steps,
        "orders": path.orders,
        "stops": len(reasons),
        "stops_drawdown": reasons.count("drawdown"),
        "stops_var": reasons.count("var"),
        "stops_kill": reasons.count("kill"),
        "stop_time": path.stops[0][1] if path.stops else None,
        "time_out": path.out / s.steps,
        "pair_time": mean(active),
        "pair_time_after_break": mean(broken) if broken else None,
    }


COUNTERS = {
    "clamped_fills": lambda path: path.clamped,
    "negative_prices": lambda path: sum(
        mid <= 0 or (path.s.pair and partner <= 0)
        for mid, partner in zip(path.mids[:-1], path.partners)),
}
