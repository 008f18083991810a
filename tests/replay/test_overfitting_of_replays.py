"""analysis/overfitting.py on what the program writes: windows, names of cells, and sweeps of noise."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from program import ROOT
from tape_files import make_tape, replayed

sys.path.insert(0, str(ROOT / "analysis"))

import overfitting  # noqa: E402
from selection.deflated import deflate  # noqa: E402
from selection.windows import place_of, read_sweep  # noqa: E402

HOURS, TICKS = 12, 100  # bars of a day, moves of a bar
CELLS = {"min_spread": [0.002, 0.004, 0.008], "mean_revert_factor": [-0.4, 0, 0.4],
         "momentum_factor": [-0.2, 0, 0.2]}


def random_walk(path: Path, seed: int, days: int = 200) -> Path:
    """Bars of a martingale, open to close from many small moves: nothing earns anything."""
    moves = np.random.default_rng(seed).standard_normal((days * HOURS, TICKS))
    inside = 100.0 * np.exp(np.cumsum(0.0004 * moves.ravel()).reshape(moves.shape))
    close = inside[:, -1]
    begin = np.concatenate([[100.0], close[:-1]])
    bars = {"open": begin, "close": close, "high": np.maximum(begin, inside.max(axis=1)),
            "low": np.minimum(begin, inside.min(axis=1))}
    return make_tape(path, {"COIN": bars}, seconds=86400 // HOURS)


def study(tape: Path, **changes: object) -> dict:
    return {"study": "noise", "tape": str(tape), "orders": {"fill": "touch"},
            "strategy": {"name": "mexico", "constant_spread": 0, "vol_factor": 0},
            "account": {"capital": 100_000}, "metrics": {"bootstrap": 0}, "sweep": CELLS} | changes


def test_windows_of_a_file_make_up_its_own_sharpe_ratios(quotesweep, tmp_path):
    sweep = {"strategy.name": ["tokyo", "stoikov"], "min_spread": [0.002, 0.004]}
    tape = random_walk(tmp_path / "tape.h5", 1, days=101)  # windows of unequal length
    file = replayed(quotesweep, tmp_path, study(tape, sweep=sweep, strategy={}))
    found = read_sweep(file)
    windows = found.windows
    assert windows.count.sum() == found.intervals == 101
    assert len(set(windows.count)) == 2
    ours = np.sqrt(windows.per_year) * windows.sharpe(np.ones(16))[0]
    np.testing.assert_allclose(ours, found.sharpe, rtol=1e-10)
    np.testing.assert_array_equal(found.sharpe, file["sharpe"].to_numpy().ravel())
    assert windows.per_year == pytest.approx(365)
    assert place_of(file, 3) == "name = stoikov, min_spread = 0.004"


def test_windows_compound_to_the_total_return(quotesweep, tmp_path):
    tape = random_walk(tmp_path / "tape.h5", 2, days=32)  # two intervals each, so both are known
    file = replayed(quotesweep, tmp_path, study(tape))
    mean, half = file["window_return"], file["window_return_sd"] / np.sqrt(2.0)
    growth = ((1.0 + mean + half) * (1.0 + mean - half)).prod("window")
    np.testing.assert_allclose(growth - 1.0, file["total_return"], rtol=1e-9, atol=1e-12)


def test_the_report_is_of_a_file_as_it_is_written(quotesweep, tmp_path, capsys):
    replayed(quotesweep, tmp_path, study(random_walk(tmp_path / "tape.h5", 3)))
    assert overfitting.main([str(tmp_path / "replay.h5"), "--format", "svg"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("noise: how much of its best cell is luck\ncells         27, over 200")
    assert (tmp_path / "replay_luck.svg").exists()


def test_a_simulation_has_no_windows(quotesweep, tmp_path, capsys):
    (tmp_path / "mc.yaml").write_text("paths: 64\nblock: 64\nsweep: {gamma: [0.1, 0.2]}\n")
    quotesweep(["run", tmp_path / "mc.yaml", "-o", tmp_path / "mc.h5"], check=True)
    assert overfitting.main([str(tmp_path / "mc.h5")]) == 2
    assert "overfitting is told from the windows of a replay" in capsys.readouterr().err


def test_on_replays_of_noise_the_best_cell_is_not_called_skill(quotesweep, tmp_path):
    """40 tries of the 200 that tests/analysis/test_overfitting.py makes without the engine."""
    ratios, best = [], []
    for seed in range(40):
        sweep = read_sweep(replayed(quotesweep, tmp_path, study(
            random_walk(tmp_path / "tape.h5", 100 + seed))))
        ratios.append(deflate(sweep, sweep.windows.cells).ratio)
        best.append(sweep.sharpe.max())
    print(f"{np.mean(np.less(ratios, 0.95)):.3f} below 0.95; best Sharpe ratios {np.mean(best):.2f}")
    # Of 40 with probability 0.05 more than 6 have one of 0.003.
    assert np.sum(np.greater_equal(ratios, 0.95)) <= 6
    assert np.mean(best) > 0.5  # what a look at the best cell alone would promise
