"""A simulated path, written as a tape and replayed, is the same path: both engines are one system.

What a step of the simulation draws says how far from the mid its market orders reach. A bid at the
distance d fills with probability p(d), if and only if the draw V is less: V < p(d) is d < reach with

    reach = (ln(A dt) - ln(-ln(1 - V))) / k     poisson:   p = 1 - exp(-A dt exp(-k d))
    reach = (ln(A dt) - ln(V)) / k              bernoulli: p = min(1, A dt exp(-k d))

So a step is a bar that opens and closes at the mid, with low = mid - reach of the bid side and high =
mid + reach of the ask side; a last bar opens at the last mid. The open of a bar is a price at which it
traded: where no order came to the mid itself (reach < 0), low and high are the mid. A quote across the
mid (d < 0) is thus always filled in a replay, as history would, but in the simulation only where
d < reach: no tape can tell such an order that was not filled. The tests assert that there is none.

A trace prints doubles so that they read back to the bit (precision: double), so the only limit is
rounding: of a reach by some 1e-16, which decides a fill with a probability of about 1e-13 a step.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from tape_files import make_tape, recorded_series, recorded_trades, replayed

STEPS, DT, A, K, SIGMA, CAPITAL = 100, 0.01, 140.0, 1.5, 2.0, 1000.0
NAMES, GAMMAS, LIMITS = ["avellaneda_stoikov", "glft"], [0.01, 0.05], [1, 3]
SWEEP = {"strategy.name": NAMES, "gamma": GAMMAS, "q_max": LIMITS}
PATHS = range(8)
LEAST = 1e-6  # of the mid: a price is above 0


def reach(draw: float, probability: str) -> float:
    """Distance from the mid that the orders of a step reach; negative where they do not come to it."""
    crowd = -math.log1p(-draw) if probability == "poisson" else draw
    return (math.log(A * DT) - math.log(crowd)) / K


class Simulation:
    """A Monte Carlo study of the points of SWEEP, in which all have the draws of a path in common."""

    def __init__(self, quotesweep, folder: Path, probability: str = "poisson", fee: float = 0.0,
                 horizon: float = 0.0):
        self.quotesweep, self.folder, self.probability = quotesweep, folder, probability
        self.settings = {
            "fills": {"A": A, "k": K, "probability": probability}, "sweep": SWEEP,
            "strategy": {"horizon": horizon}, "account": {"capital": CAPITAL, "maker_fee": fee}}
        self.study = folder / "simulation.yaml"
        self.study.write_text(json.dumps(self.settings | {
            "market": {"initial_price": 100, "sigma": SIGMA, "T": STEPS * DT, "dt": DT},
            "paths": len(PATHS), "block": len(PATHS), "seed": 5, "precision": "double"}))

    def trace(self, point: int, path: int) -> dict[str, np.ndarray]:
        text = self.quotesweep(["trace", self.study, "--point", point, "--path", path],
                               check=True).stdout
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == STEPS
        return {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0]}

    def tape(self, trace: dict[str, np.ndarray]) -> Path:
        mid = np.append(trace["mid"], trace["next_mid"][-1])
        down, up = (np.array([max(reach(draw, self.probability), 0.0) for draw in trace[name]] + [0.0])
                    for name in ("bid_draw", "ask_draw"))
        low = np.maximum(mid - down, LEAST * mid)
        return make_tape(self.folder / "path.h5",
                         {"PATH": {"open": mid, "high": mid + up, "low": low, "close": mid}})

    def replay(self, tape: Path | dict, record: Iterable[int] = ()) -> dict[str, np.ndarray]:
        """Results of the tape, (points,) each in the order of the sweep; series of some points."""
        results = replayed(self.quotesweep, self.folder, self.settings | {
            "tape": tape if isinstance(tape, dict) else str(tape),
            "market": {"dt": DT, "sigma": SIGMA}, "fills": {"A": A, "k": K},
            "orders": {"fill": "touch", "close_at_end": False},
            "risk": {"max_leverage": 0, "emergency_leverage": 0, "early_stop": 0},
            "metrics": {"bootstrap": 0, "windows": 2}} | ({"record": [*record]} if record else {}))
        return {name: values.to_numpy().reshape(8, -1) for name, values in results.data_vars.items()
                if values.dims[:3] == results["status"].dims}


def assert_tellable(trace: dict[str, np.ndarray], probability: str) -> None:
    """No quote across the mid is left unfilled in the simulation."""
    for quote, filled, side in (("bid", "bought", 1.0), ("ask", "sold", -1.0)):
        distance = side * (trace["mid"] - trace[quote])
        assert not ((distance <= 0.0) & (trace[filled] == 0.0)).any()


def totals(trace: dict[str, np.ndarray], fee: float) -> dict[str, np.ndarray]:
    """What a path has come to after 1, 2, ... steps, from its trace; mean_exposure of all."""
    value = trace["bought"] * np.nan_to_num(trace["bid"]) + trace["sold"] * np.nan_to_num(trace["ask"])
    held = np.abs(trace["inventory"])
    bars = held @ trace["mid"] + held[-1] * trace["next_mid"][-1]
    return {"pnl": trace["equity"] - CAPITAL, "turnover": np.cumsum(value) / CAPITAL,
            "fees": fee * np.cumsum(value), "trades": np.cumsum(trace["bought"] + trace["sold"]),
            "mean_exposure": np.full(STEPS, bars / (CAPITAL * (STEPS + 1)))}


@pytest.mark.parametrize("probability, fee", [("poisson", 0.0), ("poisson", 0.0005),
                                              ("bernoulli", -0.0002)])
def test_a_replayed_path_has_the_fills_and_the_pnl_of_the_simulation(
        quotesweep, tmp_path, probability, fee):
    simulation = Simulation(quotesweep, tmp_path, probability, fee)
    fills = 0.0
    for path in PATHS:
        traces = [simulation.trace(point, path) for point in range(8)]
        for name in ("mid", "bid_draw", "ask_draw"):
            assert all((trace[name] == traces[0][name]).all() for trace in traces)
        results = simulation.replay(simulation.tape(traces[0]))
        for point, trace in enumerate(traces):
            assert_tellable(trace, probability)
            for name, expected in totals(trace, fee).items():
                assert results[name][point, 0] == pytest.approx(expected[-1], rel=1e-9, abs=1e-9), name
            assert results["orders_filled"][point, 0] == results["trades"][point, 0]
            fills += results["trades"][point, 0]
    # Points differ, and they trade.
    assert fills > 20 * 8 * len(PATHS)


def recorded_steps(folder: Path, point: int) -> dict[str, np.ndarray]:
    """What a replay has recorded of a point, step by step, by the trace's names; NaN without a trade."""
    rows = recorded_series(folder, point)
    steps = {name: np.zeros(STEPS) for name in ("bought", "sold")}
    steps |= {name: np.full(STEPS, np.nan) for name in ("bid", "ask")}
    bars = {row["time"]: bar for bar, row in enumerate(rows)}
    for trade in recorded_trades(folder, point):
        filled, quote = ("bought", "bid") if trade["side"] == "buy" else ("sold", "ask")
        step = bars[trade["time"]]
        steps[filled][step] += float(trade["units"])
        steps[quote][step] = float(trade["price"])
    steps["inventory"] = np.array([float(row["PATH_position"]) for row in rows[:-1]])
    steps["margin"] = np.array([float(row["margin"]) for row in rows[:-1]])
    return steps


@pytest.mark.parametrize("fee", [0.0, 0.0005])
def test_fills_inventory_and_equity_are_the_same_step_by_step(quotesweep, tmp_path, fee):
    simulation = Simulation(quotesweep, tmp_path, fee=fee)
    for path in range(3):
        traces = [simulation.trace(point, path) for point in range(8)]
        simulation.replay(simulation.tape(traces[0]), record=range(8))
        for point, trace in enumerate(traces):
            steps = recorded_steps(tmp_path, point)
            for filled, quote in (("bought", "bid"), ("sold", "ask")):
                np.testing.assert_array_equal(steps[filled], trace[filled])
                traded = trace[filled] > 0.0
                np.testing.assert_allclose(steps[quote][traded], trace[quote][traded], rtol=1e-13)
            np.testing.assert_array_equal(steps["inventory"], trace["inventory"])
            # The replay marks at the close, before the mid moves on.
            moved = trace["inventory"] * (trace["next_mid"] - trace["mid"])
            np.testing.assert_allclose(steps["margin"], trace["equity"] - moved, rtol=1e-12)


def test_with_a_running_horizon_quotes_do_not_depend_on_where_a_tape_ends(quotesweep, tmp_path):
    simulation = Simulation(quotesweep, tmp_path, horizon=0.5, fee=0.0005)
    traces = [simulation.trace(point, 1) for point in range(8)]
    tape = simulation.tape(traces[0])
    for steps in (4, 11, 30):  # shorter than the horizon, of 50
        end = np.datetime64("2023-11-15") + steps + 1  # the day after the bar at whose open it ends
        results = simulation.replay({"file": str(tape), "to": str(end)})
        for point, trace in enumerate(traces):
            expected = totals(trace, 0.0005)
            for name in ("trades", "turnover", "pnl", "fees"):
                assert results[name][point, 0] == pytest.approx(
                    expected[name][steps - 1], rel=1e-9, abs=1e-9), (steps, name)


def test_a_fill_that_is_moved_by_a_hair_is_noticed(quotesweep, tmp_path):
    """The comparison can fail: orders that reach a little less far give another path."""
    simulation = Simulation(quotesweep, tmp_path)
    trace = simulation.trace(0, 0)
    step = int(np.flatnonzero(trace["bought"])[0])
    draw = trace["bid_draw"].copy()
    distance = trace["mid"][step] - trace["bid"][step]
    draw[step] = -math.expm1(-A * DT * math.exp(-K * (distance - 1e-9)))
    results = simulation.replay(simulation.tape(trace | {"bid_draw": draw}))
    assert results["turnover"][0, 0] != pytest.approx(totals(trace, 0.0)["turnover"][-1], rel=1e-6)
