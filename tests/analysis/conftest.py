"""Results files of tiny studies, made by the program itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "analysis"))
os.environ["HDF5_USE_FILE_LOCKING"] = "FALSE"  # before any test module loads HDF5

from replays import replay  # noqa: E402

TINY = """\
study: tiny
market:   {model: brownian, initial_price: 100, sigma: 2, T: 1, dt: 0.05}
fills:    {A: 140, k: 1.5}
strategy: {name: avellaneda_stoikov, gamma: 0.1}
risk:     {q_max: 10}
paths: 512
block: 512
"""

SWEEPS = {
    "none": "",
    "line": "sweep: {gamma: {log: [0.01, 1], points: 5}}",
    "plane": "sweep: {q_max: [3, 5], gamma: [0.1, 0.2, 0.4]}",
    "single": "sweep: {T: [1], gamma: [0.1, 0.2, 0.4], k: [1.5]}",
    "cube": "sweep: {gamma: [0.1, 0.2, 0.4], k: [2.0, 1.0], q_max: [3, 5]}",
    "four": "sweep: {k: [1.0, 2.0], gamma: {log: [0.01, 1], points: 5}, A: [100, 140], "
            "q_max: [3, 5, 10]}",
    "five": "sweep: {gamma: [0.1, 0.2], k: [1, 2], A: [100, 140], q_max: [3, 5], sigma: [1, 2]}",
    "list": "sweep: [{gamma: 0.1, k: 1.5, q_max: 3}, {gamma: 0.1, k: 1.0, q_max: 5}, "
            "{gamma: 0.4, k: 1.5, q_max: 10}]",
}


@pytest.fixture(scope="session")
def results(quotesweep, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """results(name): the file of the study SWEEPS[name], made once; to be read only."""
    folder = tmp_path_factory.mktemp("results")

    def make(name: str) -> Path:
        study, file = folder / f"{name}.yaml", folder / f"{name}.h5"
        if not file.exists():
            study.write_text(f"{TINY}{SWEEPS[name]}\n")
            quotesweep(["run", study, "-o", file, "--fresh"], check=True)
        return file

    return make


@pytest.fixture(scope="session")
def replays(quotesweep, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """replays(name): the results file of REPLAYS[name], made once; to be read only."""
    folder = tmp_path_factory.mktemp("replays")

    def make(name: str) -> Path:
        file = folder / name / "out.h5"
        return file if file.exists() else replay(quotesweep, folder, name)

    return make
