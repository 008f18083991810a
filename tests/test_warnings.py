"""What studies and results are warned of: each warning has an example that raises it, and one just below."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent / "replay"))

from replay_studies import write_tape  # noqa: E402

PATHS = {"paths": 1024, "market": {"T": 0.1, "dt": 0.01}}


def paths(**sections) -> dict:
    study = {key: dict(value) if isinstance(value, dict) else value for key, value in PATHS.items()}
    for section, settings in sections.items():
        study.setdefault(section, {}).update(settings)
    return study


def replay(**sections) -> dict:
    return {"tape": "tape.h5", "account": {"capital": 1000}, "metrics": {"bootstrap": 0}, **sections}


# name of the warning: (a study that raises it, one that does not, whether `plan` knows)
EXAMPLES = {
    "large_fee": (paths(account={"maker_fee": -0.011}), paths(account={"maker_fee_bps": 99}), True),
    "notional_above_capital": (paths(account={"capital": 1999}, risk={"q_max": 100}),
                               paths(account={"capital": 2001}, risk={"q_max": 100}), True),
    "coarse_time_unit": (
        replay(strategy={"name": "symmetric", "gamma": 1.0}, market={"sigma": 0.3}, fills={"k": 1}),
        replay(strategy={"name": "symmetric", "gamma": 1.0, "horizon": 1}, market={"sigma": 0.3},
               fills={"k": 1}), True),
    "clamped_fills": (paths(fills={"probability": "bernoulli", "A": 500, "k": 0.5}),
                      paths(fills={"probability": "bernoulli", "A": 200, "k": 0.5}), False),
    "negative_prices": (paths(market={"initial_price": 1, "sigma": 20}),
                        paths(market={"initial_price": 100}), False),
    "sharpe_too_high": (paths(metrics={"annualization": 1e6}), paths(), False),
    "liquidated": (replay(strategy={"name": "tokyo", "min_spread": 0.004}, risk={
                       "max_leverage": 50, "aggressivity": 0.9, "emergency_leverage": 0, "early_stop": 0}),
                   replay(strategy={"name": "tokyo", "min_spread": 0.004}), False),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_tape("tape.h5", bars=1500)
    return tmp_path


def run(quotesweep, study: dict, *options):
    with open("study.yaml", "w") as file:
        json.dump(study, file)
    return quotesweep(["run", "study.yaml", "-o", "out.h5", "--fresh", *options])


def raised(text: str) -> list[str]:
    return re.findall(r"^warning: (\w+):", text, re.M)


def flags() -> dict[str, int]:
    with h5py.File("out.h5") as file:
        definition = file["warnings"].attrs["definition"]
        definition = definition.decode() if isinstance(definition, bytes) else definition
    return {name: int(bit) for bit, name in re.findall(r"(\d+) (\w+)", definition)}


def test_every_warning_has_its_examples(quotesweep, folder):
    run(quotesweep, paths())
    assert set(flags()) == set(EXAMPLES)


def test_the_page_lists_every_warning():
    page = (Path(__file__).parents[1] / "docs/results.md").read_text()
    table = page[page.index("| warning | raised where |"):]
    rows = re.findall(r"^\| `(\w+)` \|.* \| (before|after) \|$", table[:table.index("\n\n")], re.M)
    assert rows == [(name, "before" if planned else "after")
                    for name, (_, _, planned) in EXAMPLES.items()] + [("best_on_edge", "after")]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_warning_is_raised_at_plan_in_the_file_and_by_show(quotesweep, folder, name):
    slip, neighbour, planned = EXAMPLES[name]
    done = run(quotesweep, slip)
    assert done.returncode == 0 and name in raised(done.stderr), done.stderr
    with h5py.File("out.h5") as file:
        assert int(file["warnings"][()].ravel()[0]) & flags()[name]
        attribute = file.attrs["warnings"]
        attribute = attribute.decode() if isinstance(attribute, bytes) else str(attribute)
    assert (f"{name}: " in attribute) == planned
    shown = quotesweep(["show", "out.h5"], check=True).stdout
    assert name in raised(shown) and re.search(rf"complete  \(.*\b{name}\b.*\)$", shown, re.M)
    assert (name in raised(quotesweep(["plan", "study.yaml"], check=True).stdout)) == planned
    assert run(quotesweep, slip, "--strict").returncode == (2 if planned else 1)
    assert quotesweep(["plan", "study.yaml", "--strict"]).returncode == (2 if planned else 0)
    done = run(quotesweep, neighbour)
    assert done.returncode == 0 and name not in raised(done.stderr), done.stderr
    assert name not in raised(quotesweep(["plan", "study.yaml"], check=True).stdout)


def test_a_best_cell_at_the_edge_of_what_one_may_choose_is_told(quotesweep, folder):
    choices = {"gamma": [0.001, 0.002, 0.004]}
    done = run(quotesweep, paths(sweep=choices))
    assert "best_on_edge" in raised(done.stderr) and "strategy.gamma = " in done.stderr
    assert "best_on_edge" in raised(quotesweep(["show", "out.h5"], check=True).stdout)
    assert run(quotesweep, paths(sweep=choices), "--strict").returncode == 1
    # An arrival rate is the market's, and two values have no middle.
    for sweep in ({"A": [100, 140, 180]}, {"gamma": [0.1, 0.2]}):
        assert "best_on_edge" not in raised(run(quotesweep, paths(sweep=sweep)).stderr)


def test_a_resumed_or_merged_sweep_warns_of_the_same(quotesweep, folder):
    study = paths(sweep={"maker_fee": [0.0, 0.005, 0.02], "gamma": [0.1, 0.2]})
    whole = raised(run(quotesweep, study).stderr)
    with h5py.File("out.h5") as file:
        known = file["warnings"][()].ravel()
    assert "large_fee" in whole and set(known) == {0, flags()["large_fee"]}
    again = quotesweep(["run", "study.yaml", "-o", "out.h5"], check=True)
    assert raised(again.stderr) == whole
    for shard in (0, 1):
        quotesweep(["run", "study.yaml", "--shard", f"{shard}/2", "-o", f"part{shard}.h5"], check=True)
    quotesweep(["merge", "part0.h5", "part1.h5", "-o", "merged.h5"], check=True)
    with h5py.File("merged.h5") as file:
        np.testing.assert_array_equal(file["warnings"][()].ravel(), known)
