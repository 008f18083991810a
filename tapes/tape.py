"""The tape as a file: FORMAT.md, section "The tape"."""

from __future__ import annotations

import os

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # file systems without locks are common

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from tapes.bars import TapeError

TAPE_VERSION = 1
MEANINGS = {
    "open": "first price", "high": "highest price", "low": "lowest price", "close": "last price",
    "volume": "traded volume", "bid_size": "size at the bid", "ask_size": "size at the ask",
    **{f"{side}_{name}": f"{meaning} {side}" for side in ("bid", "ask")
       for name, meaning in (("open", "first"), ("high", "highest"), ("low", "lowest"),
                             ("close", "last"))},
}


@dataclass(frozen=True)
class Tape:
    """Bars of several symbols on one clock.

    times: (time,) int64, opening, strictly increasing [ns since 1970-01-01 UTC]
    values: name -> (symbol, time) float64, finite; names are the keys of MEANINGS
    bar_seconds: length of a bar [s]; annualization: bars a year
    source: the inputs as they were named; history: the command without its output
    """

    symbols: list[str]
    times: np.ndarray
    values: dict[str, np.ndarray]
    bar_seconds: float
    annualization: float
    source: str
    history: str


def write_tape(path: Path, tape: Tape) -> None:
    """Under a temporary name first, so that an interruption leaves neither half a tape nor none of
    an old one. Equal tapes are equal files to the byte."""
    temporary = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        with h5py.File(temporary, "w") as file:
            _write(file, tape)
        os.replace(temporary, path)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise TapeError(f"{path}: cannot be written ({why}). Choose another place with "
                        "-o.") from None
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: h5py.File, tape: Tape) -> None:
    file.attrs["Conventions"] = "CF-1.8"
    file.attrs["quotesweep_tape_version"] = np.int64(TAPE_VERSION)
    file.attrs["bar_seconds"] = np.float64(tape.bar_seconds)
    file.attrs["annualization"] = np.float64(tape.annualization)
    file.attrs["source"] = tape.source
    file.attrs["history"] = tape.history
    symbol = _dataset(file, "symbol", np.array(tape.symbols, dtype=object), "instrument", "1",
                      dtype=h5py.string_dtype("utf-8"))
    time = _dataset(file, "time", tape.times.astype("<i8"), "opening of the bar",
                    "nanoseconds since 1970-01-01")
    time.attrs["calendar"] = "proleptic_gregorian"
    time.attrs["standard_name"] = "time"
    for scale in (symbol, time):
        scale.make_scale(scale.name[1:])
    for name, meaning in MEANINGS.items():
        if name in tape.values:
            units = "units" if name == "volume" or name.endswith("size") else "price"
            data = _dataset(file, name, tape.values[name].astype("<f8"), meaning, units)
            data.dims[0].attach_scale(symbol)
            data.dims[1].attach_scale(time)


def _dataset(file: h5py.File, name: str, values: np.ndarray, meaning: str, units: str,
             **options: object) -> h5py.Dataset:
    dataset = file.create_dataset(name, data=values, track_times=False, **options)
    dataset.attrs["long_name"] = meaning
    dataset.attrs["units"] = units
    return dataset


def read_tape(path: str | Path) -> Tape:
    """The tape in a file; raises TapeError where it is none, or of a newer version."""
    try:
        with h5py.File(path, "r") as file:
            version = int(file.attrs.get("quotesweep_tape_version", 0))
            if version == 0:
                raise TapeError(f"{path}: not a tape. Make one with quotesweep-import.")
            if version > TAPE_VERSION:
                raise TapeError(f"{path}: tape version {version} (this program reads up to "
                                f"{TAPE_VERSION}). Use the quotesweep that made it.")
            return _read(file)
    except OSError as problem:
        raise TapeError(f"{path}: cannot be read ({problem}). Make a tape with "
                        "quotesweep-import.") from None


def _read(file: h5py.File) -> Tape:
    return Tape(symbols=list(file["symbol"].asstr()[:]), times=file["time"][:],
                values={name: file[name][:] for name in MEANINGS if name in file},
                bar_seconds=float(file.attrs["bar_seconds"]),
                annualization=float(file.attrs["annualization"]),
                source=str(file.attrs["source"]), history=str(file.attrs["history"]))
