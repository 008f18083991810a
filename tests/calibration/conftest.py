"""Recordings for the tests of calibration/: simulated ones, and real ones where they are there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "binance_ticks"

sys.path.insert(0, str(ROOT))

from calibration import calibrate  # noqa: E402
from calibration.simulated import (Truth, aggregated_lines, capture_lines, simulate,  # noqa: E402
                                   write)


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """recording(name, heavy=0): a file of 900 simulated seconds, made once; to be read only."""
    folder = tmp_path_factory.mktemp("recordings")

    def make(name: str, heavy: float = 0.0) -> Path:
        path = folder / f"{heavy}" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            quotes, prints = simulate(np.random.default_rng(1), Truth(heavy=heavy), 900.0)
            aggregated = ".csv" in path.suffixes
            write(path, aggregated_lines(prints) if aggregated else capture_lines(quotes, prints))
        return path

    return make


@pytest.fixture
def real() -> Callable[[str], Path]:
    """real("spot") or real("usdm"): a raw capture of six minutes of BTCUSDT."""
    def find(market: str) -> Path:
        path = REAL / f"{market}_btcusdt_20240808.gz"
        if not path.exists():
            pytest.skip(f"no real recordings: {path} is missing")
        return path

    return find


@pytest.fixture
def printed(capsys: pytest.CaptureFixture) -> Callable[..., str]:
    """printed(arguments): what the command prints; it must succeed."""
    def run(*arguments: object) -> str:
        status = calibrate.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert (status, said.err) == (0, "")
        return said.out

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture) -> Callable[..., str]:
    """refused(arguments): the one line with which the command must refuse."""
    def run(*arguments: object) -> str:
        status = calibrate.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert (status, said.out, said.err.count("\n")) == (2, "", 1), said.err
        assert said.err.startswith("quotesweep-calibrate: ")
        return said.err.removeprefix("quotesweep-calibrate: ").rstrip("\n")

    return run
