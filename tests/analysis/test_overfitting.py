"""Statistics against overfitting: the papers' numbers, laws in noise, and what the command says."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import overfitting
from selection.cscv import cross_validate, halves
from selection.deflated import (deflate, effective_trials, expected_maximum, mean_correlation,
                                probabilistic_sharpe)
from selection.forward import walk_forward
from selection.report import examine, report
from selection.windows import Sweep, Windows, place_of, read_sweep

YEAR = 250  # intervals
SCALE = math.sqrt(YEAR)


def windows_of(returns: np.ndarray, windows: int = 16) -> Windows:
    """returns: (cells, intervals), cut into windows of (nearly) equal length."""
    parts = np.array_split(returns, windows, axis=1)
    return Windows.of_moments(np.stack([part.mean(axis=1) for part in parts], axis=1),
                              np.stack([part.std(axis=1, ddof=1) for part in parts], axis=1),
                              np.array([part.shape[1] for part in parts]), YEAR)


def plain_sharpe(returns: np.ndarray) -> np.ndarray:
    return returns.mean(axis=-1) / returns.std(axis=-1, ddof=1)


def sweep_of(returns: np.ndarray, windows: int = 16) -> Sweep:
    centred = returns - returns.mean(axis=1, keepdims=True)
    moment = {power: (centred**power).mean(axis=1) for power in (2, 3, 4)}
    cells, intervals = returns.shape
    return Sweep(windows_of(returns, windows), SCALE * plain_sharpe(returns), np.full(cells, np.nan),
                 moment[3] / moment[2]**1.5, moment[4] / moment[2]**2, intervals,
                 np.arange(cells), 0, 0)


def noise(seed: int, cells: int, intervals: int = 400, common: float = 0.0) -> np.ndarray:
    """Returns without any skill; `common` is the correlation between cells."""
    draws = np.random.default_rng(seed).standard_normal((cells + 1, intervals))
    return 0.01 * (math.sqrt(1.0 - common) * draws[1:] + math.sqrt(common) * draws[0])


# Windows ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("windows", [4, 7, 16])
def test_sharpe_of_any_union_of_windows_is_that_of_its_returns(windows):
    returns = noise(1, 5, 103) + 0.001
    made, parts = windows_of(returns, windows), np.array_split(returns, windows, axis=1)
    unions = np.random.default_rng(2).integers(0, 2, (30, windows))
    unions[:, 0] = 1
    for union, found in zip(unions, made.sharpe(unions)):
        joined = np.concatenate([part for part, taken in zip(parts, union) if taken], axis=1)
        assert found == pytest.approx(plain_sharpe(joined), rel=1e-10)


def test_merged_windows_are_those_of_the_same_returns():
    returns = noise(3, 4, 320)
    merged, direct = windows_of(returns, 32).merged(16), windows_of(returns, 16)
    np.testing.assert_array_equal(merged.count, direct.count)
    np.testing.assert_allclose(merged.total, direct.total, atol=1e-14)
    np.testing.assert_allclose(merged.squares, direct.squares, rtol=1e-12)


def test_a_cell_that_never_trades_has_a_sharpe_of_zero():
    returns = noise(4, 2)
    returns[0] = 0.0
    assert windows_of(returns).sharpe(np.ones(16))[0, 0] == 0.0


# Deflated Sharpe ratio ----------------------------------------------------------------------------

@pytest.mark.parametrize("trials, benchmark, ratio", [(100, 0.1132, 0.9004), (46, None, 0.9505)])
def test_deflated_sharpe_ratio_of_the_papers_example(trials, benchmark, ratio):
    """Bailey and Lopez de Prado (2014), "A numerical example": five years of 250 days."""
    expected = math.sqrt(0.5 / 250) * expected_maximum(trials)
    if benchmark is not None:
        assert expected == pytest.approx(benchmark, abs=5e-5)
    found = probabilistic_sharpe(2.5 / math.sqrt(250), expected, 1250, -3, 10)
    assert found == pytest.approx(ratio, abs=5e-5)


@pytest.mark.parametrize("trials", [10, 100, 1000])
def test_expected_maximum_is_that_of_normal_numbers(trials):
    largest = np.random.default_rng(trials).standard_normal((4000, trials)).max(axis=1)
    error = largest.std() / math.sqrt(largest.size)
    # The formula is asymptotic; the paper shows errors of up to some percent.
    assert abs(expected_maximum(trials) - largest.mean()) < 4.0 * error + 0.03


def test_one_trial_is_not_deflated():
    assert expected_maximum(1) == 0.0
    sweep = sweep_of(noise(5, 1) + 0.001)
    sharpe = sweep.sharpe[0] / SCALE
    assert deflate(sweep, 1).ratio == pytest.approx(float(probabilistic_sharpe(
        sharpe, 0.0, 400, sweep.skewness[0], sweep.kurtosis[0])))


@pytest.mark.parametrize("common", [0.0, 0.5, 0.9])
def test_in_noise_the_deflated_sharpe_of_the_best_stays_below_95_percent(common):
    tries = 200
    ratios = np.empty(tries)
    for i in range(tries):
        sweep = sweep_of(noise(1000 + i, 100, common=common))
        ratios[i] = deflate(sweep, sweep.windows.cells).ratio
    print(f"common {common}: {100 * (ratios < 0.95).mean():.1f} % below 0.95")
    assert (ratios < 0.95).mean() >= 0.95
    assert ratios.max() > 0.5  # it is no constant


def test_the_chance_of_so_high_a_best_is_right_in_noise():
    chances = []
    for i in range(200):
        sweep = sweep_of(noise(3000 + i, 30))
        chances.append(deflate(sweep, 30).chance)
    # 5 %, 50 % and 95 % of 200 are 10 +- 3.1, 100 +- 7.1 and 190 +- 3.1.
    assert 0 <= np.sum(np.less(chances, 0.05)) <= 22
    assert 72 <= np.sum(np.less(chances, 0.5)) <= 128
    assert 178 <= np.sum(np.less(chances, 0.95)) <= 200


def test_a_truly_better_cell_survives_deflation():
    returns = noise(6, 100)
    returns[17] += 0.003
    sweep = sweep_of(returns)
    assert sweep.best == 17
    assert deflate(sweep, 100).ratio > 0.95


@pytest.mark.parametrize("common", [0.0, 0.3, 0.8])
def test_mean_correlation_is_that_of_all_pairs_of_cells(common):
    windows = windows_of(noise(7, 60, 1600, common))
    rate = (windows.total / windows.count[:, np.newaxis]).T
    pairs = np.corrcoef(rate)[np.triu_indices(60, 1)]
    found = mean_correlation(windows)
    assert found == pytest.approx(pairs.mean(), abs=1e-12)
    assert found == pytest.approx(common, abs=0.25)


def test_effective_trials_go_from_all_to_one():
    assert effective_trials(400, 0.0) == 400
    assert effective_trials(400, -0.1) == 400
    assert effective_trials(400, 1.0) == 1
    assert effective_trials(400, 0.5) == pytest.approx(200.5)


# Probability of backtest overfitting --------------------------------------------------------------

def test_halves_are_all_and_come_with_their_complements():
    rows = halves(16)
    assert rows.shape == (12870, 16)
    assert len({tuple(row) for row in rows}) == 12870 and (rows.sum(axis=1) == 8).all()
    np.testing.assert_array_equal(rows + rows[::-1], 1.0)


def test_splits_are_those_of_a_plain_program():
    returns = noise(8, 7, 90) + 0.002 * np.arange(7)[:, np.newaxis] / 7
    parts = np.array_split(returns, 6, axis=1)
    expected = set()
    for chosen in itertools.combinations(range(6), 3):
        inside = np.concatenate([parts[i] for i in chosen], axis=1)
        outside = np.concatenate([parts[i] for i in range(6) if i not in chosen], axis=1)
        best = plain_sharpe(inside).argmax()
        rank = (plain_sharpe(outside) <= plain_sharpe(outside)[best]).sum() / 8
        expected.add((round(plain_sharpe(inside)[best], 9), round(plain_sharpe(outside)[best], 9),
                      round(math.log(rank / (1 - rank)), 9)))
    splits = cross_validate(windows_of(returns, 6))
    found = np.round(np.stack([splits.in_sample, splits.out_of_sample, splits.logit]).T, 9)
    assert {tuple(row) for row in found} == expected


def test_splits_in_pieces_are_the_same(monkeypatch):
    windows = windows_of(noise(9, 30))
    whole = cross_validate(windows)
    monkeypatch.setattr("selection.cscv.ELEMENTS_AT_ONCE", 30 * 777)
    pieces = cross_validate(windows)
    for name in ("in_sample", "out_of_sample", "logit"):
        np.testing.assert_allclose(np.sort(getattr(whole, name)), np.sort(getattr(pieces, name)))


def test_probability_of_overfitting_is_a_half_in_noise():
    found = [cross_validate(windows_of(noise(2000 + i, 50))).overfit for i in range(60)]
    print(f"noise: {np.mean(found):.3f} +- {np.std(found) / math.sqrt(60):.3f}")
    assert np.mean(found) == pytest.approx(0.5, abs=0.1)


def test_probability_of_overfitting_is_zero_where_one_cell_is_truly_better():
    returns = noise(10, 50)
    returns[3] += 0.004
    splits = cross_validate(windows_of(returns))
    assert splits.overfit < 0.01
    assert splits.loses < 0.01


# Walking forward ----------------------------------------------------------------------------------

@pytest.mark.parametrize("memory", [0, 3])
def test_a_walk_is_that_of_a_plain_program(memory):
    returns = noise(11, 9, 200) + 0.001
    parts = np.array_split(returns, 8, axis=1)
    walk = walk_forward(windows_of(returns, 8), memory)
    held = []
    for step, end in enumerate(range(max(memory, 1), 8)):
        past = np.concatenate(parts[end - memory if memory else 0:end], axis=1)
        best = plain_sharpe(past).argmax()
        assert walk.chosen[step] == best
        assert walk.in_sample[step] == pytest.approx(plain_sharpe(past)[best])
        assert walk.out_of_sample[step] == pytest.approx(plain_sharpe(parts[end])[best])
        held.append(parts[end][best])
    assert walk.sharpe == pytest.approx(plain_sharpe(np.concatenate(held)))
    assert walk.total == pytest.approx([part.sum() for part in held])
    assert walk.error == pytest.approx(1.0 / math.sqrt(sum(map(len, held))), rel=0.05)


# Files and the command ----------------------------------------------------------------------------

def dataset(returns: np.ndarray, windows: int = 16) -> xr.Dataset:
    """A results file of a replay of 2 x (cells / 2) points."""
    sweep, shape = sweep_of(returns, windows), (2, len(returns) // 2)
    parts = np.array_split(returns, windows, axis=1)
    cells, rows = ("name", "min_spread"), ("name", "min_spread", "window")

    def over(values: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        return cells, np.reshape(values, shape)

    mean = np.stack([part.mean(axis=1) for part in parts], axis=1)
    sd = np.stack([part.std(axis=1, ddof=1) for part in parts], axis=1)
    return xr.Dataset(
        {"status": over(np.full(len(returns), 2, dtype=np.int8)),
         "sharpe": (*over(sweep.sharpe), {"intervals_per_year": float(YEAR), "better": "higher",
                                          "definition": "mean / sd"}),
         "sharpe_se": over(np.full(len(returns), 0.7)),
         "return_skewness": over(sweep.skewness), "return_kurtosis": over(sweep.kurtosis),
         "intervals": over(np.full(len(returns), returns.shape[1])),
         "window_return": (rows, mean.reshape(*shape, windows)),
         "window_return_sd": (rows, sd.reshape(*shape, windows)),
         "window_intervals": ("window", [part.shape[1] for part in parts])},
        coords={"name": ["tokyo", "mexico"], "min_spread": np.linspace(0.001, 0.002, shape[1])},
        attrs={"program": "quotesweep", "format_version": 1, "title": "noise"})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, file: xr.Dataset) -> Path:
    file.to_netcdf(folder / "sweep.h5", engine="h5netcdf")
    return folder / "sweep.h5"


def test_failed_and_undefined_points_are_left_out_and_counted():
    returns = noise(12, 20)
    whole, file = sweep_of(returns), dataset(returns)
    worst = np.argsort(whole.sharpe)
    file["status"].values.flat[worst[-1]] = 3
    file["status"].values.flat[worst[0]] = 0
    file["sharpe"].values.flat[worst[-2]] = np.nan
    sweep = read_sweep(file)
    assert (sweep.windows.cells, sweep.incomplete, sweep.undefined) == (17, 2, 1)
    assert sweep.places[sweep.best] == worst[-3]
    assert "left out: 2 failed or not complete, 1 without a Sharpe ratio" in " ".join(
        " ".join(report(file, examine(sweep))).split())


def test_windows_may_stand_first_in_the_file():
    file = dataset(noise(13, 20))
    turned = file.transpose("window", "min_spread", "name")
    turned["status"] = file["status"]
    for name in ("sharpe", "return_skewness", "return_kurtosis", "intervals"):
        turned[name] = file[name]
    np.testing.assert_array_equal(read_sweep(turned).windows.total, read_sweep(file).windows.total)


def test_a_cell_is_called_by_its_parameters():
    file = dataset(noise(14, 20))
    assert place_of(file, 10) == "name = mexico, min_spread = 0.001"
    assert place_of(file.isel(name=[1]), 9) == "min_spread = 0.002"


def test_the_command_reports_and_draws(here, capsys):
    written(here, dataset(noise(15, 40)))
    assert overfitting.main(["--trials", "1000"]) == 0
    printed = capsys.readouterr()
    assert "reading sweep.h5, the only *.h5 here" in printed.err
    text = " ".join(printed.out.split())
    assert "40, over 400 intervals in 16 windows, 250 intervals a year; left out: none; 1000 tried" in text
    assert "the best of 1000 without any skill is expected at" in text
    assert "Of 12870 ways to choose" in text and "cannot be told from luck" in text
    assert printed.out.splitlines()[-2:] == ["sweep_luck.png", "sweep_luck.svg"]
    assert (here / "sweep_luck.png").read_bytes()[:4] == b"\x89PNG"
    first = (here / "sweep_luck.svg").read_bytes()
    assert overfitting.main(["sweep.h5", "--trials", "1000", "--format", "svg"]) == 0
    assert (here / "sweep_luck.svg").read_bytes() == first


@pytest.mark.parametrize("skill, words", [
    (lambda returns: returns, "cannot be told from luck"),
    (lambda returns: returns - 0.01, "No cell earns anything"),
    (lambda returns: returns + 0.004 * (np.arange(40) == 7)[:, np.newaxis], "by both measures"),
    (lambda returns: returns + 0.004, "does not carry over"),
    (lambda returns: returns + 0.004 * np.arange(-40, 40, 2)[:, np.newaxis] / 10,
     "Some cells are truly better"),
])
def test_the_verdict_says_what_was_found(skill, words):
    file = dataset(skill(noise(19, 40)))
    assert words in " ".join(" ".join(report(file, examine(read_sweep(file)))).split())


def test_more_trials_deflate_more(here):
    sweep = read_sweep(dataset(noise(16, 40) + 0.001))
    assert examine(sweep, 1000).all_count.ratio < examine(sweep).all_count.ratio
    assert examine(sweep, 3).tried == 40


@pytest.mark.parametrize("change, arguments, message", [
    (lambda file: file.drop_vars("window_return"), [], "no variable 'window_return' in the file"),
    (lambda file: file.assign(status=file["status"] * 0), [], "no complete cell has a Sharpe ratio"),
    (lambda file: file, ["--rolling", "16"], "--rolling 16: there are 16 windows"),
    (lambda file: file, ["--trials", "-1"], "--trials -1 (must be at least 0)"),
    (lambda file: file, ["--trials", "many"], "argument --trials: invalid int value: 'many'"),
    (lambda file: file.isel(window=[0, 1, 2]), [], "20 cells in 3 windows: at least 2 cells and 4"),
])
def test_what_cannot_be_told_is_refused_in_one_line(here, capsys, change, arguments, message):
    path = written(here, change(dataset(noise(17, 20))))
    assert overfitting.main([str(path), *arguments, "--format"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1
    assert message in printed.err


def test_the_command_runs_as_a_program(here):
    path = written(here, dataset(noise(18, 20)))
    script = Path(overfitting.__file__)
    done = subprocess.run([sys.executable, script, path, "--format"], text=True,
                          capture_output=True, timeout=300)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.splitlines()[0] == "noise: how much of its best cell is luck"
