"""Studies of random tapes with random settings, for plain_replay.py and the program."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np

PRICES = ("open", "high", "low", "close")

DEFAULTS = {
    "market.tick": 0.0, "market.sigma": 2.0, "market.dt": 1.0, "fills.A": 140.0, "fills.k": 1.5,
    "signal.window_volatility": 7, "signal.window_sma": 7, "signal.window_momentum": 7,
    "signal.warm_up": 0, "strategy.name": "tokyo", "strategy.gamma": 0.1,
    "strategy.half_spread": "current", "strategy.form": "exact", "strategy.horizon": 0.0,
    "strategy.quantity": 1.0, "strategy.levels": 1, "strategy.min_spread": 0.0008,
    "strategy.gamma_spread": 0.1, "strategy.constant_spread": 0.005, "strategy.vol_factor": 0.1,
    "strategy.spread_mom_factor": 0.05, "strategy.q_factor": 0.01, "strategy.upnl_factor": 0.1,
    "strategy.mean_revert_factor": 0.2, "strategy.momentum_factor": 0.1,
    "strategy.adaptive_sizes": False, "risk.q_max": math.inf, "risk.slippage": 0.0,
    "risk.max_leverage": 1.0, "risk.aggressivity": 0.33, "risk.emergency_leverage": 2.0,
    "risk.early_stop": 0.1, "account.capital": 1000.0, "account.maker_fee": 0.0,
    "account.maker_fee_bps": 0.0, "account.taker_fee_bps": 0.0, "metrics.clock": 0.0,
    "metrics.target": 0.0, "metrics.bootstrap": 500, "metrics.windows": 0,
    "metrics.bootstrap_block": 0.0, "orders.fill": "trade_through", "orders.first": "buys",
    "orders.life": 1, "orders.latency": 0, "orders.lot": 0.0, "orders.min_value": 0.0,
    "orders.no_room": "reject", "orders.post_only": False,
    "orders.close_at_end": True,
}
LADDERS = ("tokyo", "stoikov", "vanilla", "mexico")
STRATEGIES = (*LADDERS, "avellaneda_stoikov", "symmetric", "glft")
SIMPLE = {"orders.life": 1, "orders.latency": 0, "orders.no_room": "reject",
          "orders.post_only": False}


@dataclass
class RandomStudy:
    symbols: dict[str, dict[str, np.ndarray]]  # bars
    seconds: np.ndarray  # openings of the bars
    bar_seconds: int
    settings: dict[str, object]  # of all points and symbols
    own: dict[str, dict[str, object]]  # symbol -> what it has for itself
    points: list[dict[str, object]]  # the sweep: a list of points
    seed: int
    off_grid: str

    def of(self, point: int, symbol: str) -> dict[str, object]:
        """Settings of a symbol at a point, defaults filled in."""
        return DEFAULTS | self.settings | self.own.get(symbol, {}) | self.points[point]

    def document(self, tape: str) -> dict:
        """The study file."""
        return {"study": "random", "seed": self.seed,
                "tape": {"file": tape, "off_grid": self.off_grid},
                **by_section(self.settings), "sweep": self.points,
                "symbols": self.own,
                "record": list(range(len(self.points)))}


def by_section(settings: dict[str, object]) -> dict[str, dict[str, object]]:
    sections: dict[str, dict[str, object]] = {}
    for name, value in settings.items():
        section, key = name.split(".")
        sections.setdefault(section, {})[key] = value
    return sections


def random_study(number: int, simple: bool = False) -> RandomStudy:
    """simple: of those that the program replays many points at a time."""
    random = Random(number)
    names = ["AAA", "BBB", "CCC"][:1 if simple else random.choice([1, 1, 2, 3])]
    bars, bar_seconds = random.randint(45, 260), random.choice([60, 900, 3600, 28800, 86400])
    if random.random() < 0.1:
        bars, bar_seconds = 60, 28800  # just as many days as there must be for a daily clock
    settings = account(random) | orders(random) | metrics(random, bars)
    if simple:
        settings |= SIMPLE | {"orders.fill": random.choice(["trade_through", "touch"]),
                              "orders.first": random.choice(["buys", "sells"])}
    strategy_name = random.choice(LADDERS[:3] if simple else STRATEGIES)
    price = random.choice([0.8, 20.0, 100.0, 3000.0])
    prices = {name: price * (random.choice([0.2, 1.0, 6.0]) if strategy_name in LADDERS
                             else random.uniform(0.5, 2.0)) for name in names}
    ticks = {name: random.choice([0.0, *2 * [1e-4], 1e-3]) * prices[name] for name in names}
    off_grid = random.choice(["refuse", "round", "halves"])
    if off_grid == "halves":  # prices half way between ticks, exact in binary
        ticks = {name: 2.0 ** round(math.log2(1e-3 * prices[name])) for name in names}
    leaps = random.choice([0.0, 0.0, 0.0, 0.5, 0.02])
    steps = {name: ticks[name] / (2 if off_grid == "halves" else 1) for name in names}
    symbols = {name: walk(random, bars, prices[name], steps[name], leaps) for name in names}
    if off_grid == "round":
        symbols = {name: {kind: values * 1.00001 for kind, values in one.items()}
                   for name, one in symbols.items()}
    scale = settings["account.capital"] * (settings["risk.max_leverage"] or 1) / len(names)
    largest = scale / max(prices.values())  # units
    settings |= strategy(random, strategy_name, settings, prices[names[0]], largest)
    settings["metrics.clock"] *= settings.get("market.dt", 1.0)
    if strategy_name != "glft" and random.random() < 0.3:
        settings["risk.q_max"] = largest * random.uniform(0.2, 2)
    if random.random() < 0.4:
        settings["orders.min_value"] = scale * random.uniform(0.001, 0.1)
    if not simple and random.random() < 0.4:
        settings["orders.lot"] = largest * random.choice([0.003, 0.02, 0.1])
    own = {name: {"market.tick": ticks[name]} for name in names if ticks[name]}
    if all(ticks.values()) and random.random() < 0.5:
        settings["risk.slippage"] = random.choice([1.0, 2.5])
    gaps = random.random() < 0.2
    openings = np.cumsum([random.choice([1] * 20 + [2, 5]) if gaps else 1 for _ in range(bars)])
    points = sweep(random, settings, [9, 16] if simple else [1, 2, 4])
    return RandomStudy(symbols, 1704067200 + bar_seconds * (openings - 1), bar_seconds,
                       {name: value for name, value in settings.items() if name not in points[0]},
                       own, points, random.choice([1, 7, 2**40 + 5]),
                       "refuse" if off_grid == "refuse" else "round")


def walk(random: Random, bars: int, price: float, tick: float, leaps: float) -> dict[str, np.ndarray]:
    """Bars of a random walk of eight moves a bar, in whole ticks, with leaps of such a size between
    closes and opens. With small ones and wide bars accounts grow and fall by turns."""
    numbers = np.random.default_rng(random.getrandbits(32))
    scale = 0.006 if leaps == 0.02 else random.choice([0.0005, 0.002, 0.006])
    moves = numbers.normal(scale=scale, size=(bars, 9))
    moves[:, 0] *= random.choice([0, 1, 3])  # from the close to the next open
    moves[:, 0] += (numbers.random(bars) < 0.03) * numbers.normal(scale=leaps, size=bars)
    path = price * np.exp(np.cumsum(moves.ravel()).reshape(bars, 9))
    if tick:
        path = np.maximum(np.round(path / tick), 1) * tick
    return {"open": path[:, 0], "high": path.max(axis=1), "low": path.min(axis=1),
            "close": path[:, -1]}


def account(random: Random) -> dict[str, object]:
    return {"account.capital": random.choice([1000.0, 250000.0]),
            "account.maker_fee": random.choice([0.0, 0.0002, -0.0001]),
            "account.maker_fee_bps": random.choice([0.0, 1.0]),
            "account.taker_fee_bps": random.choice([0.0, 5.0, 30.0]),
            "risk.max_leverage": random.choice([0.5, 1.0, 3.0, 10.0]),
            "risk.emergency_leverage": random.choice([0.0, 0.8, 2.0, 9.0]),
            "risk.early_stop": random.choice([0.0, 0.1, 0.5, 0.95]),
            "signal.warm_up": random.choice([0, 1, 8])}


def orders(random: Random) -> dict[str, object]:
    found = {"orders.fill": random.choice(["trade_through", "touch", "path"]),
             "orders.life": random.choice([1, 1, 2, 3, 7]),
             "orders.latency": random.choice([0, 0, 1, 3]),
             "orders.no_room": random.choice(["reject", "cut"]),
             "orders.post_only": random.random() < 0.2,
             "orders.close_at_end": random.random() < 0.8}
    if found["orders.fill"] != "path":
        found["orders.first"] = random.choice(["buys", "sells", "worse", "random"])
    return found


def metrics(random: Random, bars: int) -> dict[str, object]:
    return {"metrics.clock": random.choice([0.0, 0.0, 1.0, 3.0, 7.0]) if bars != 60 else 0.0,
            "metrics.target": random.choice([0.0, 0.001, -0.001]),
            "metrics.bootstrap": 12,
            "metrics.windows": random.choice([0, 0, 1, 3]),
            "metrics.bootstrap_block": random.choice([0.0, 0.0, 1.0, 2.5, 40.0])}


def strategy(random: Random, name: str, settings: dict, price: float, largest: float) -> dict:
    found: dict[str, object] = {"strategy.name": name}
    if name in LADDERS:
        found |= {"strategy.min_spread": random.choice([0.0003, 0.0005, 0.002, 0.006]),
                  "risk.aggressivity": random.choice([0.1, 0.33, 1.0])}
    if name in ("tokyo", "mexico"):
        found["strategy.levels"] = random.choice([1, 1, 2, 5])
    if name in ("stoikov", "mexico"):
        found["signal.window_volatility"] = random.choice([2, 7, 15])
    if name in ("stoikov", "vanilla"):
        found |= {"strategy.gamma": random.uniform(0, 50) / largest + 1e-9,
                  "strategy.gamma_spread": random.choice([0.1, 20.0, -5.0])}
    if name == "vanilla":
        found |= {"market.sigma": random.choice([0.0001, 0.001]),
                  "market.dt": random.choice([1.0, 0.5])}
    if name == "mexico":
        found |= {"signal.window_sma": random.choice([1, 7, 12]),
                  "signal.window_momentum": random.choice([1, 7, 12]),
                  "strategy.constant_spread": random.choice([0.0, 0.001, 0.005]),
                  "strategy.vol_factor": random.choice([0.0, 0.1, 1.0]),
                  "strategy.spread_mom_factor": random.choice([0.0, 0.05]),
                  "strategy.q_factor": random.choice([0.0, 0.01, -0.01]),
                  "strategy.upnl_factor": random.choice([0.0, 0.1]),
                  "strategy.mean_revert_factor": random.choice([0.0, 0.2]),
                  "strategy.momentum_factor": random.choice([0.0, 0.1, -0.2]),
                  "strategy.adaptive_sizes": random.random() < 0.5}
    return found if name in LADDERS else found | optimal(random, name, price, largest)


def optimal(random: Random, name: str, price: float, largest: float) -> dict[str, object]:
    """Terms of the strategies of simulated paths, for moves of some 0.3 % of the price."""
    quantity = largest * random.uniform(0.1, 0.6)
    sigma, dt = 0.003 * price, random.choice([1.0, 1.0, 60.0])
    found: dict[str, object] = {
        "market.dt": dt, "market.sigma": sigma / math.sqrt(dt),
        "fills.k": 1 / sigma / random.uniform(0.3, 2),
        "strategy.quantity": quantity,
        "strategy.gamma": random.uniform(0.01, 0.3) / sigma / quantity,
        "strategy.horizon": dt * random.choice([0.0, 1.0, 20.0])}
    if name == "symmetric":
        found["strategy.half_spread"] = random.choice(["current", "average"])
    if name == "glft":
        form = random.choice(["exact", "asymptotic", "closed_form"])
        found |= {"strategy.form": form, "fills.A": random.choice([0.3, 3.0]) / dt,
                  "risk.q_max": quantity * random.choice([1.0, 2.7, 5.0])}
        if form != "exact":
            del found["strategy.horizon"]
    return found


def sweep(random: Random, settings: dict, counts: list[int]) -> list[dict[str, object]]:
    """Points that differ in some numbers."""
    swept = {"risk.max_leverage": [0.5, 1.0, 3.0, 10.0],
             "account.maker_fee": [0.0, 0.0002, -0.0001],
             "risk.early_stop": [0.0, 0.1, 0.5, 0.95],
             "strategy.min_spread": [0.0003, 0.0005, 0.0017, 0.005],
             "account.capital": [1000.0, 250000.0]}
    names = [name for name in swept if name in settings and random.random() < 0.5]
    names = names or ["account.maker_fee"]
    return [{name: random.choice(swept[name]) for name in names}
            for _ in range(random.choice(counts))]
