"""Read the series of one path that `quotesweep simulate -o FILE.csv` writes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from results import ResultsError

COLUMNS = ("step", "time", "mid", "bid", "ask", "bought", "sold", "bought_price", "sold_price",
           "trades", "inventory", "equity", "drawdown", "imbalance", "volatility", "pair_signal",
           "pair_units")
SIGNALS = {"volatility": "volatility", "imbalance": "imbalance", "pair_signal": "pair signal",
           "pair_units": "position in the pair"}


@dataclass(frozen=True)
class Series:
    """One path: a row per stretch of steps, from the start on.

    values: name of a column -> (rows,), NaN where a field is empty
    stops: (row, reason) of every stop
    """

    name: str
    values: dict[str, np.ndarray]
    stops: list[tuple[int, str]]

    def __getitem__(self, column: str) -> np.ndarray:
        return self.values[column]

    def between(self, first: float, last: float) -> Series:
        """The rows from one time to another."""
        keep = (self["time"] >= first) & (self["time"] <= last)
        if keep.sum() < 2:
            raise ResultsError(f"--from {first:g} --to {last:g}: fewer than two rows; the series goes "
                               f"from {self['time'][0]:g} to {self['time'][-1]:g}")
        start = int(np.argmax(keep))
        return Series(self.name, {name: value[keep] for name, value in self.values.items()},
                      [(row - start, why) for row, why in self.stops if keep[row]])

    def signals(self) -> list[str]:
        """Columns of the signals that the path has."""
        return [name for name in SIGNALS if np.isfinite(self[name]).any()]

    def fills(self, side: str) -> np.ndarray:
        """Rows in which quotes of a side, "bought" or "sold", were filled."""
        return np.flatnonzero(self[side] > 0.0)


def read_series(path: Path) -> Series:
    """The series in a file; whatever else it may be is refused."""
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        why = getattr(problem, "strerror", None) or "not a text file"
        raise ResultsError(f"{path}: cannot be read ({why}); name a series of `quotesweep "
                           "simulate -o`") from problem
    if not rows or not {*COLUMNS, "stopped"} <= rows[0].keys():
        raise ResultsError(f"{path}: not the series of a path; make one with `quotesweep simulate "
                           f"STUDY.yaml -o {path.name}`")
    try:
        values = {name: np.array([np.nan if row[name] == "" else float(row[name]) for row in rows])
                  for name in COLUMNS}
    except (TypeError, ValueError):
        raise ResultsError(f"{path}: damaged: a row has too few fields or something else than "
                           "numbers; write it again with `quotesweep simulate`") from None
    stops = [(i, row["stopped"]) for i, row in enumerate(rows) if row["stopped"]]
    return Series(path.stem, values, stops)
