"""Replays of made-up tapes with recorded points, made by the program itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

HOUR = 3_600_000_000_000  # [ns]
FIRST = 1_704_067_200_000_000_000  # 2024-01-01
COMMON = """\
orders: {min_value: 10}
account: {capital: 100000, maker_fee: 0.0002, taker_fee_bps: 5}
signal: {warm_up: 7}
metrics: {windows: 4}
"""


@dataclass(frozen=True)
class Replayed:
    """bars: of one hour; sweep: the rest of the study"""

    bars: int
    sweep: str
    symbols: tuple[str, ...] = ("ALPHA", "BETA")


REPLAYS = {
    "names": Replayed(120, "sweep: {name: [tokyo, stoikov, mexico], min_spread: [0.0008, 0.002], "
                           "aggressivity: [0.1, 0.33]}\nrecord: [0, 9]\n"),
    "lone": Replayed(120, "strategy: {name: tokyo}\nrecord: [0]\n", ("ALPHA",)),
    "long": Replayed(4000, "strategy: {name: tokyo, min_spread: 0.002}\nrecord: [0]\n"),
    "line": Replayed(120, "sweep: {name: [tokyo, stoikov, mexico]}\n"),
    "list": Replayed(120, "sweep: [{name: tokyo, min_spread: 0.001}, "
                         "{name: mexico, min_spread: 0.004}]\nrecord: [1]\n"),
}


def write_tape(path: Path, bars: int, symbols: tuple[str, ...]) -> None:
    """Random walks of half a per cent an hour, the same for the same arguments."""
    moves = np.random.default_rng(7).normal(0.0, 0.0025, (len(symbols), bars, 4))
    logs = np.cumsum(moves.reshape(len(symbols), -1), axis=1).reshape(moves.shape)
    before = np.concatenate([np.zeros((len(symbols), 1, 1)), logs[:, :-1, -1:]], axis=1)
    prices = np.round(100.0 * np.exp(np.concatenate([before, logs], axis=2)), 2)
    columns = {"open": prices[..., 0], "high": prices.max(axis=2), "low": prices.min(axis=2),
               "close": prices[..., -1], "volume": np.ones((len(symbols), bars))}
    with h5py.File(path, "w") as file:
        file.attrs.update({"Conventions": "CF-1.8", "quotesweep_tape_version": 1,
                           "bar_seconds": 3600.0, "annualization": 8760.0})
        file["time"] = FIRST + HOUR * np.arange(bars)
        file.create_dataset("symbol", data=list(symbols), dtype=h5py.string_dtype())
        for name, values in columns.items():
            file[name] = values


def replay(quotesweep, folder: Path, name: str) -> Path:
    """The results file of REPLAYS[name], in a folder of its own; its series are beside it."""
    made, place = REPLAYS[name], folder / name
    place.mkdir(exist_ok=True)
    write_tape(place / "tape.h5", made.bars, made.symbols)
    ticks = ", ".join(f"{symbol}: {{tick: 0.01}}" for symbol in made.symbols)
    study = place / "study.yaml"
    study.write_text(f"study: {name}\ntape: {place / 'tape.h5'}\nsymbols: {{{ticks}}}\n"
                     f"{COMMON}{made.sweep}")
    quotesweep(["run", study, "-o", place / "out.h5"], check=True)
    return place / "out.h5"
