"""Small tapes and studies that replay them."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

COMPLETE, FAILED_POINTS, BAD_USAGE, INTERRUPTED = 0, 1, 2, 3  # exit statuses

# 18 points x 2 symbols x 400 bars: milliseconds.
STUDY = """\
study: small
tape: tape.h5
symbols:
  ONE: {tick: 0.01}
market: {tick: 0.001}
strategy: {levels: 2}
risk: {max_leverage: 4, emergency_leverage: 8}
account: {capital: 1000, maker_fee: 0.0002, taker_fee_bps: 5}
signal: {warm_up: 7}
metrics: {bootstrap: 20, clock: 5}
sweep:
  strategy.name: [tokyo, stoikov, mexico]
  min_spread: [0.001, 0.002, 0.004]
  aggressivity: [0.1, 0.5]
"""


def walk(bars: int, price: float, seed: int) -> dict[str, np.ndarray]:
    """Bars of a random walk of eight moves a bar, on a grid of 0.01."""
    moves = np.random.default_rng(seed).normal(scale=0.003, size=(bars, 8))
    path = np.round(price * np.exp(np.cumsum(moves.ravel())).reshape(bars, 8), 2)
    opens = np.concatenate([[price], path[:-1, -1]])
    every = np.column_stack([opens, path])
    return {"open": opens, "high": every.max(axis=1), "low": every.min(axis=1),
            "close": path[:, -1], "volume": np.ones(bars)}


def write_tape(path: Path | str, bars: int = 400, symbols: tuple[str, ...] = ("ONE", "TWO"),
               seed: int = 1, seconds: float = 60.0) -> Path:
    """A tape as FORMAT.md describes it, from 2024-01-01 on."""
    walks = [walk(bars, 100.0 / (i + 1), seed + i) for i in range(len(symbols))]
    start = 1704067200 * 10**9
    with h5py.File(path, "w") as file:
        file.attrs["quotesweep_tape_version"] = np.int64(1)
        file.attrs["bar_seconds"] = seconds
        file.attrs["annualization"] = 365 * 86400 / seconds
        file["symbol"] = np.array(symbols, dtype=h5py.string_dtype())
        file["time"] = start + np.arange(bars, dtype=np.int64) * int(seconds * 1e9)
        for name in ("open", "high", "low", "close", "volume"):
            file[name] = np.stack([one[name] for one in walks])
    return Path(path)
