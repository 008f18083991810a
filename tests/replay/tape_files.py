"""Tapes and replays that Python tests make."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
import xarray as xr

from program import ROOT

sys.path.insert(0, str(ROOT))

from tapes.sessions import annualization  # noqa: E402
from tapes.tape import Tape, write_tape  # noqa: E402

PRICES = ("open", "high", "low", "close")
DAY = 86400


def make_tape(path: Path, symbols: dict[str, dict[str, np.ndarray]], seconds: int = DAY,
              first: int = 1_700_006_400) -> Path:
    """A tape of bars (open, high, low, close: (time,)) of each symbol, without gaps."""
    size = len(next(iter(symbols.values()))["open"])
    times = (first + seconds * np.arange(size, dtype=np.int64)) * 10**9
    values = {name: np.array([bars[name] for bars in symbols.values()], dtype=float)
              for name in PRICES}
    values["volume"] = np.ones((len(symbols), size))
    write_tape(path, Tape(list(symbols), times, values, float(seconds),
                          annualization(times, seconds * 10**9), "a test", "a test"))
    return path


def replayed(quotesweep, folder: Path, study: dict) -> xr.Dataset:
    """The results of a study, loaded."""
    file, output = folder / "replay.yaml", folder / "replay.h5"
    file.write_text(json.dumps(study))  # JSON is YAML
    done = quotesweep(["run", file, "-o", output, "--fresh"])
    assert done.returncode == 0, done.stderr
    with xr.open_dataset(output, engine="h5netcdf") as data:
        return data.load()


def recorded_trades(folder: Path, point: int) -> list[dict[str, str]]:
    """Rows of the trades of a point that the study of `replayed` has recorded."""
    with (folder / f"replay.point{point}.trades.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def recorded_series(folder: Path, point: int) -> list[dict[str, str]]:
    """Rows, one a bar, of a point that the study of `replayed` has recorded."""
    with (folder / f"replay.point{point}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def bar_times(times: np.ndarray) -> dict[str, int]:
    """Numbers of bars by their time as records write it. times: [ns since 1970]"""
    seconds = np.asarray(times) // 10**9
    return {f"{np.datetime64(int(second), 's')}Z": bar for bar, second in enumerate(seconds)}
