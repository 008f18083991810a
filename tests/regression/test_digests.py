"""Every study in a folder here has a known digest, on every machine, compiler and instruction set.

A change of digest is a change of results. `pytest tests/regression --update` accepts it; commit the
new file alone and say in its message what changed and why.
"""

from pathlib import Path

import h5py
import numpy as np
import pytest

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/study.yaml"))


def check(request, digest: str, golden: Path) -> None:
    if request.config.getoption("--update"):
        golden.write_text(digest)
    assert digest == golden.read_text()


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_results_are_the_ones_on_record(quotesweep, tmp_path, request, case, precision):
    output = tmp_path / "out.h5"
    quotesweep(["run", case / "study.yaml", "-o", output, "--set", f"precision={precision}"], check=True)
    digest = quotesweep(["digest", output], check=True).stdout
    check(request, digest, case / f"digest_{precision}")


def walk(bars: int, first: int, seed: int) -> np.ndarray:
    """Open, high, low and close of a walk in units of 0.05, by integers alone. (4, bars)"""
    state, level, rows = seed, first, []
    for _ in range(bars):
        path = [level]
        for _ in range(7):
            state = (6364136223846793005 * state + 1442695040888963407) % 2**64
            level = max(100, level + (state >> 33) % 17 - 8)
            path.append(level)
        rows.append((path[0], max(path), min(path), path[-1]))
    return np.array(rows).T / 20


def write_tape(path: Path, bars: int = 1200) -> None:
    """Two symbols, a minute a bar; FORMAT.md says what a tape has."""
    series = np.array([walk(bars, 2000, 1), walk(bars, 700, 2)])
    with h5py.File(path, "w") as file:
        file.attrs["quotesweep_tape_version"] = np.int64(1)
        file.attrs["bar_seconds"] = 60.0
        file.attrs["annualization"] = 525600.0
        file["symbol"] = np.array(["ONE", "TWO"], dtype=h5py.string_dtype())
        file["time"] = np.arange(bars, dtype=np.int64) * 60_000_000_000
        for i, name in enumerate(("open", "high", "low", "close")):
            file[name] = series[:, i]
        file["volume"] = np.ones((2, bars))


def test_the_results_of_replays_are_the_ones_on_record(quotesweep, tmp_path, request):
    write_tape(tmp_path / "tape.h5")
    quotesweep(["run", HERE / "replay" / "replay.yaml", "-o", tmp_path / "out.h5",
                "--set", f"tape={tmp_path / 'tape.h5'}"], check=True)
    digest = quotesweep(["digest", tmp_path / "out.h5"], check=True).stdout
    check(request, digest, HERE / "replay" / "digest")
