"""`quotesweep trace`: the paths it shows are the paths of the sweep, and those of a plain program."""

import csv
import io
import itertools
import json
import math
import random

import pytest
import xarray as xr
from plain_market_maker import walk

DEFAULTS = {"initial_price": 100, "sigma": 2, "T": 1, "dt": 0.01, "capital": 1000,
            "floor_quotes": False, "initial_inventory": 0, "maker_fee": 0, "fee_per_unit": 0,
            "clock": 0, "target": 0, "name": "avellaneda_stoikov", "common_random_numbers": True}
SECTIONS = {"market": ["initial_price", "sigma", "T", "dt", "moves"],
            "fills": ["A", "k", "probability"],
            "strategy": ["name", "gamma", "floor_quotes"],
            "risk": ["q_max"],
            "account": ["capital", "initial_inventory", "maker_fee", "fee_per_unit"],
            "metrics": ["clock", "target"]}
AXES = {"gamma": [0.05, 0.2, 0.9], "k": [0.8, 1.5, 3], "A": [70, 140], "q_max": [1, 2, 10]}
BLOCK = 10

VARIANTS = {
    "normal_poisson": {"moves": "normal", "probability": "poisson"},
    "binomial_bernoulli_fees_own_draws": {
        "moves": "binomial", "probability": "bernoulli", "maker_fee": 0.0005, "fee_per_unit": 0.02,
        "common_random_numbers": False},
    "symmetric_rebate_start_clock_own_draws": {
        "name": "symmetric", "moves": "normal", "probability": "bernoulli", "maker_fee": -0.0002,
        "initial_price": 40, "initial_inventory": 3, "clock": 0.05, "target": 0.01,
        "common_random_numbers": False},
    "floored_binomial_poisson": {"floor_quotes": True, "moves": "binomial", "probability": "poisson"},
}
# Single lanes round at 6e-8 of what they hold: mids near 100 in turnover, P&L increments near 1 whose
# squares path ratios sum, equity gained since the last settlement, up to 50, in drawdowns. Sums are
# double. The worst that results of 100 paths show is 3e-6, of the equity along 200 paths 2e-5.
TOLERANCE = {"single": 1e-5, "double": 1e-9}
RATIOS = ("path_sharpe", "path_sortino")
STEP_TOLERANCE = {"single": 1e-4, "double": 1e-9}  # [price]


class Sweep:
    """A study of 54 points x `block` paths, its results and the traces of its paths."""

    def __init__(self, quotesweep, folder, settings, block, precision):
        self.quotesweep, self.file = quotesweep, folder / "study.yaml"
        self.settings = DEFAULTS | settings
        study = {section: {key: self.settings[key] for key in names if key in self.settings}
                 for section, names in SECTIONS.items()}
        study |= {"common_random_numbers": self.settings["common_random_numbers"],
                  "precision": precision, "sweep": AXES, "paths": block, "block": block, "seed": 99}
        self.file.write_text(json.dumps(study))  # JSON is YAML
        self.points = list(itertools.product(*AXES.values()))

    def results(self):
        output = self.file.parent / "out.h5"
        self.quotesweep(["run", self.file, "-o", output], check=True)
        with xr.open_dataset(output) as data:
            return {name: values.values.ravel() for name, values in data.data_vars.items()}

    def point_settings(self, point):
        return self.settings | dict(zip(AXES, self.points[point]))

    def trace(self, point, path):
        arguments = ["trace", self.file, "--point", point, "--path", path]
        text = self.quotesweep(arguments, check=True).stdout
        return [{key: float(value) if value else None for key, value in row.items()}
                for row in csv.DictReader(io.StringIO(text))]


def random_pairs(paths, count):
    points = range(math.prod(map(len, AXES.values())))
    return random.Random(7).sample(list(itertools.product(points, range(paths))), count)


def mean(values):
    return sum(values) / len(values)


def quantile(values, share):
    """The smallest value that so large a share of all is not above."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else math.nan


def intervals(settings, equity):
    """P&L increments on the clock."""
    every = round(settings["clock"] / settings["dt"]) or 1
    ends = equity[::every]
    return [after - before for before, after in zip(ends, ends[1:])]


def path_metrics(settings, steps):
    """The metrics of one path by their definitions; None where undefined."""
    equity = [settings["capital"]] + [step["equity"] for step in steps]
    peaks = list(itertools.accumulate(equity, max))
    gains = intervals(settings, equity)
    sd = math.sqrt(sum((x - mean(gains)) ** 2 for x in gains) / (len(gains) - 1))
    downside = math.sqrt(mean([min(x - settings["target"], 0) ** 2 for x in gains]))
    value = sum(step[filled] * step[price] for step in steps
                for filled, price in (("bought", "bid"), ("sold", "ask")) if step[filled])
    return {
        "pnl": equity[-1] - equity[0],
        "max_drawdown": max(peak - now for peak, now in zip(peaks, equity)),
        "max_drawdown_pct": max((peak - now) / peak for peak, now in zip(peaks, equity)),
        "turnover": value / settings["capital"],
        "trades": sum(step["bought"] + step["sold"] for step in steps),
        "mean_abs_inventory": mean([abs(step["inventory"]) for step in steps]),
        "terminal_inventory": steps[-1]["inventory"],
        "path_sharpe": mean(gains) / sd,
        "path_sortino": (mean(gains) - settings["target"]) / downside if downside > 0 else None,
    }


def assert_stored(stored, metric, values, tolerance):
    """The mean of a metric of some paths, or its quartiles where so few do not tell a mean."""
    if metric not in RATIOS:
        assert stored[metric] == pytest.approx(mean(values), rel=tolerance, abs=tolerance), metric
        return
    assert math.isnan(stored[metric])
    error = stored[f"{metric}_sketch_error"] + tolerance if values else 0.0
    for percent in (25, 50, 75):
        expected = quantile(values, percent / 100)
        found = stored[f"{metric}_q{percent}"]
        assert found == pytest.approx(expected, rel=0, abs=error, nan_ok=True), metric


def assert_same_steps(settings, steps, tolerance):
    """The trace is what the plain program does with the trace's draws."""
    plain = walk(settings, [(step["bid_draw"], step["ask_draw"], step["move"]) for step in steps])
    assert len(steps) == round(settings["T"] / settings["dt"])
    for ours, theirs in zip(steps, plain):
        for key, value in theirs.items():
            if value is None:
                assert ours[key] is None, (key, ours)
            else:
                assert ours[key] == pytest.approx(value, rel=0, abs=tolerance), (key, ours)


@pytest.mark.parametrize("precision", TOLERANCE)
@pytest.mark.parametrize("variant", VARIANTS)
def test_traces_average_to_the_sweeps_results(quotesweep, tmp_path, variant, precision):
    sweep = Sweep(quotesweep, tmp_path, VARIANTS[variant], BLOCK, precision)
    stored = sweep.results()
    for point in random.Random(variant).sample(range(len(sweep.points)), 10):
        settings = sweep.point_settings(point)
        paths = [path_metrics(settings, sweep.trace(point, path)) for path in range(BLOCK)]
        for metric in paths[0]:
            defined = [path[metric] for path in paths if path[metric] is not None]
            assert_stored({name: values[point] for name, values in stored.items()}, metric, defined,
                          TOLERANCE[precision])
            if f"{metric}_undefined" in stored:
                assert stored[f"{metric}_undefined"][point] == BLOCK - len(defined)


@pytest.mark.parametrize("precision", TOLERANCE)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_plain_program_walks_the_same_path_from_the_same_draws(
        quotesweep, tmp_path, variant, precision):
    sweep = Sweep(quotesweep, tmp_path, VARIANTS[variant], 1024, precision)
    for point, path in random_pairs(1024, 100):
        assert_same_steps(sweep.point_settings(point), sweep.trace(point, path),
                          STEP_TOLERANCE[precision])


# Points that need more than bare quotes --------------------------------------------------------------

DESK = {
    "market": {"model": "cointegrated", "T": 2, "dt": 0.01, "partner_sigma": 4, "spread_sigma": 3,
               "spread_reversion": 20, "tick": 0.01, "book_spread": 2, "imbalance_sd": 0.5},
    "fills": {"A": 60, "k": 1.5},
    "signal": {"volatility": "ewma", "lookback": 50, "interval": 10, "adf_pval_max": 0.3},
    "strategy": {"gamma": 0.01, "fair_value": "microprice", "pair_bias": 0.4, "quantity": 2,
                 "min_half_spread": 20},
    "risk": {"q_max": 10}, "account": {"capital": 1000, "maker_fee_bps": -2},
    "block": BLOCK, "paths": BLOCK, "seed": 3}
STOPPED = {"risk": {"q_max": 10, "drawdown_stop": 0.004, "cooldown": 0.1, "slippage": 1},
           "strategy": {**DESK["strategy"], "pair_quantity": 3}}
AT_MARKET = {"turnover", "trades"}  # what stops and the pair trade at market is not in a trace


@pytest.mark.parametrize("precision", TOLERANCE)
@pytest.mark.parametrize("changes", [{}, STOPPED], ids=["quotes", "stops and pair"])
def test_traces_of_a_complete_market_maker_average_to_the_sweeps_results(
        quotesweep, tmp_path, changes, precision):
    file, output = tmp_path / "desk.yaml", tmp_path / "desk.h5"
    file.write_text(json.dumps(DESK | changes | {"precision": precision}))
    quotesweep(["run", file, "-o", output], check=True)
    with xr.open_dataset(output) as data:
        stored = {name: float(values.values.ravel()[0]) for name, values in data.data_vars.items()}
    assert (stored["stops"] > 0) == (changes != {})
    paths = []
    for path in range(BLOCK):
        text = quotesweep(["trace", file, "--path", path], check=True).stdout
        steps = [{key: float(value) if value else None for key, value in row.items()}
                 for row in csv.DictReader(io.StringIO(text))]
        for before, after in zip(steps, steps[1:]):
            assert before["next_mid"] == after["mid"]
        metrics = path_metrics(DEFAULTS | DESK["market"] | DESK["account"], steps)
        metrics["trades"] = sum((step["bought"] > 0) + (step["sold"] > 0) for step in steps)
        paths.append(metrics)
    for metric in paths[0].keys() - (AT_MARKET if changes else set()):
        assert_stored(stored, metric, [path[metric] for path in paths], 10 * TOLERANCE[precision])
