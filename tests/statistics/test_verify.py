"""`quotesweep verify`: the simulation against the exact recursion.

z = (simulated - exact) / standard error, over every metric that the recursion knows. Of 96 cells
with draws of their own, the root mean square of z has a standard error of 0.07 where standard errors
are right; with common random numbers neighbouring cells err together and it says nothing.
"""

import csv
import io
import math
from collections import defaultdict

import pytest

from program import ROOT

VERIFICATION = ROOT / "sweeps" / "verification.yaml"
COMPLETE, FAILED_CHECK = 0, 1
BOUND = 4.5
METRICS = {"pnl", "pnl_sd", "turnover", "turnover_sd", "trades", "trades_sd", "mean_abs_inventory",
           "mean_abs_inventory_sd", "terminal_inventory", "terminal_inventory_sd", "sharpe"}

SMALL = """\
study: small
fills: {A: 90, k: 1.2}
sweep: {gamma: [0.1, 0.8], q_max: [2, 6]}
common_random_numbers: false
paths: 50000
seed: 3
"""

FEES = """\
study: fees_and_a_start
market: {initial_price: 40, moves: binomial}
fills: {A: 90, k: 1.2}
account: {fee_per_unit: 0.03}
sweep:
  maker_fee: [-0.002, 0.004]
  initial_inventory: [-4, 0, 7]          # 7 is beyond the lower limit
  q_max: [5, 20]
paths: 100000
seed: 4
"""


def scores(quotesweep, study, *settings):
    """z of every cell by metric, from exact, simulated and standard error; the run must succeed."""
    sets = [part for setting in settings for part in ("--set", setting)]
    done = quotesweep(["verify", study, "--csv", *sets])
    assert done.returncode == COMPLETE, done.stderr
    z = defaultdict(list)
    for row in csv.DictReader(io.StringIO(done.stdout)):
        exact, simulated, error = (float(row[c]) for c in ("exact", "simulated", "standard_error"))
        z[row["metric"]].append((simulated - exact) / error)
        assert z[row["metric"]][-1] == pytest.approx(float(row["z"]))
    assert z.keys() == METRICS
    return z


def largest(values):
    return max(abs(value) for value in values)


def root_mean_square(values):
    return math.sqrt(sum(value * value for value in values) / len(values))


@pytest.mark.parametrize("probability", ["poisson", "bernoulli"])
def test_cells_with_draws_of_their_own_are_right_and_so_are_their_errors(quotesweep, probability):
    z = scores(quotesweep, VERIFICATION, f"fills.probability={probability}")
    for metric, values in z.items():
        assert len(values) == 96
        assert largest(values) <= BOUND, metric
        assert 0.8 <= root_mean_square(values) <= 1.2, metric


@pytest.mark.parametrize("probability", ["poisson", "bernoulli"])
def test_cells_with_common_random_numbers_are_right(quotesweep, probability):
    z = scores(quotesweep, VERIFICATION, f"fills.probability={probability}",
               "common_random_numbers=true")
    for metric, values in z.items():
        assert len(values) == 96
        assert largest(values) <= BOUND, metric


@pytest.mark.parametrize("form", ["exact", "asymptotic", "closed_form"])
def test_every_form_of_the_glft_quotes_is_simulated_right(quotesweep, tmp_path, form):
    (tmp_path / "small.yaml").write_text(SMALL)
    z = scores(quotesweep, tmp_path / "small.yaml", "strategy.name=glft", f"strategy.form={form}")
    assert largest(sum(z.values(), [])) <= BOUND


@pytest.mark.parametrize("strategy", ["avellaneda_stoikov", "symmetric", "glft"])
@pytest.mark.parametrize("floor", ["false", "true"])
def test_fees_rebates_and_an_inventory_to_start_with_are_accounted_right(
        quotesweep, tmp_path, strategy, floor):
    (tmp_path / "fees.yaml").write_text(FEES)
    z = scores(quotesweep, tmp_path / "fees.yaml", f"strategy.name={strategy}",
               f"strategy.floor_quotes={floor}")
    assert largest(sum(z.values(), [])) <= BOUND


def test_a_comparison_beyond_the_bound_fails_and_is_counted(quotesweep, tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL)
    z = sum(scores(quotesweep, tmp_path / "small.yaml").values(), [])
    bound = sorted(map(abs, z))[-3]
    done = quotesweep(["verify", tmp_path / "small.yaml", "--bound", repr(bound * 0.999)])
    assert done.returncode == FAILED_CHECK
    assert f"{len(z) - 3} of {len(z)} comparisons" in done.stdout
    assert "FAILED" in done.stdout
    done = quotesweep(["verify", tmp_path / "small.yaml", "--bound", repr(bound * 1.001)])
    assert f"{len(z) - 2} of {len(z)} comparisons" in done.stdout
    done = quotesweep(["verify", tmp_path / "small.yaml", "--bound", "0.01"])
    assert done.returncode == FAILED_CHECK
