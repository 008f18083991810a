"""Returns of all cells of a replay sweep, window by window, and what follows from them exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from results import COMPLETE, ResultsError, dimensions, position_of
from warned import read_warned

NOISE_OF_ROUNDING = 1e-13  # a smaller variance, as a share of the mean square, is none
LEAST_INTERVALS = 60  # below these the best of many without skill passes too often; docs/overfitting.md
NEEDED = ("sharpe", "intervals", "return_skewness", "return_kurtosis", "window_return",
          "window_return_sd", "window_intervals")


@dataclass(frozen=True)
class Windows:
    """Moments of the returns of clock intervals, in windows that follow one another.

    count: (windows,) intervals in a window
    total: (windows, cells) sum of returns
    squares: (windows, cells) sum of squared returns
    per_year: intervals a year, by the tape's own clock
    """

    count: np.ndarray
    total: np.ndarray
    squares: np.ndarray
    per_year: float

    @classmethod
    def of_moments(cls, mean: np.ndarray, sd: np.ndarray, count: np.ndarray,
                   per_year: float) -> Windows:
        """From mean and standard deviation (ddof 1) of each window; both (cells, windows)."""
        count = np.asarray(count, dtype=float)
        spread = np.where(count > 1.0, (count - 1.0) * sd**2, 0.0)
        return cls(count, (count * mean).T, (spread + count * mean**2).T, float(per_year))

    @property
    def cells(self) -> int:
        return self.total.shape[1]

    def sharpe(self, unions: np.ndarray) -> np.ndarray:
        """Sharpe ratio of one interval in unions of windows; (unions, windows) -> (unions, cells).

        mean / sd with ddof 1, as the program's own; 0 where the returns do not vary.
        """
        unions = np.atleast_2d(unions).astype(float)
        return sharpe_of(unions @ self.count, unions @ self.total, unions @ self.squares)

    def merged(self, parts: int) -> Windows:
        """The same in fewer windows: neighbours are joined."""
        first = [group[0] for group in np.array_split(np.arange(self.count.size), parts)]
        return Windows(np.add.reduceat(self.count, first), np.add.reduceat(self.total, first),
                       np.add.reduceat(self.squares, first), self.per_year)


def sharpe_of(count: np.ndarray, total: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Sharpe ratios from numbers, sums and sums of squares of returns. count: one axis less."""
    count = count[:, np.newaxis]
    mean = total / count
    variance = (squares - count * mean**2) / np.maximum(count - 1.0, 1.0)
    varies = variance > NOISE_OF_ROUNDING * squares
    return np.where(varies, mean / np.sqrt(np.where(varies, variance, 1.0)), 0.0)


@dataclass(frozen=True)
class Sweep:
    """The cells of a replay sweep that can be compared.

    sharpe, error: (cells,) annualised, and its standard error
    skewness, kurtosis: (cells,) of the returns
    intervals: of the whole tape
    places: (cells,) numbers of the cells in the file
    incomplete, undefined: how many were left out, and why
    """

    windows: Windows
    sharpe: np.ndarray
    error: np.ndarray
    skewness: np.ndarray
    kurtosis: np.ndarray
    intervals: int
    places: np.ndarray
    incomplete: int
    undefined: int

    @property
    def best(self) -> int:
        """The cell with the highest Sharpe ratio, the first of equals."""
        return int(np.argmax(self.sharpe))

    @property
    def is_short(self) -> bool:
        """Whether there are too few intervals for any of the measures."""
        return self.intervals < LEAST_INTERVALS


def short_text(sweep: Sweep) -> str:
    """Why a history says nothing of luck."""
    return (f"a history of {sweep.intervals} intervals is too short, {LEAST_INTERVALS} are needed "
            "(a longer tape, or a finer metrics.clock)")


def read_sweep(file: xr.Dataset) -> Sweep:
    """The comparable cells of a results file; raises where it is not of a replay."""
    missing = [name for name in NEEDED if name not in file]
    if missing:
        raise ResultsError(f"no variable '{missing[0]}' in the file: overfitting is told from the "
                           "windows of a replay; name a results file of a study with a tape")
    # `status` first: a writer sets it after the results, so what it calls complete is final.
    complete = file["status"].load().to_numpy().ravel() == COMPLETE
    flat = {name: file[name].to_numpy().astype(float).ravel()
            for name in ("sharpe", "return_skewness", "return_kurtosis", "intervals")}
    order = (*dimensions(file), "window")
    mean, sd = (file[name].transpose(*order).to_numpy().reshape(complete.size, -1)
                for name in ("window_return", "window_return_sd"))
    defined = np.isfinite(flat["sharpe"]) & np.isfinite(mean).all(axis=1)
    places = np.flatnonzero(complete & defined)
    if places.size == 0:
        raise ResultsError("no complete cell has a Sharpe ratio; run the sweep to its end")
    error = file["sharpe_se"].to_numpy().ravel() if "sharpe_se" in file else np.full(complete.size,
                                                                                     np.nan)
    windows = Windows.of_moments(mean[places], sd[places], file["window_intervals"].to_numpy(),
                                 file["sharpe"].attrs["intervals_per_year"])
    return Sweep(windows, flat["sharpe"][places], error[places], flat["return_skewness"][places],
                 flat["return_kurtosis"][places], int(flat["intervals"][places[0]]), places,
                 int((~complete).sum()), int((complete & ~defined).sum()))


def place_of(file: xr.Dataset, place: int) -> str:
    """"gamma = 0.1, name = tokyo": a cell's parameters, but for axes of one value."""
    cell = file["status"].isel(position_of(file, place))
    names = [name for name, value in file["status"].coords.items() if value.size > 1]
    return ", ".join(f"{name} = {_text(cell[name].item())}" for name in names) or "the only one"


def warned_at(file: xr.Dataset, place: int) -> list[str]:
    """Names of what the program warns of at a cell."""
    complete = file["status"] == COMPLETE
    return read_warned(file, complete).of(position_of(file, place))


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
