"""Read a results file of quotesweep: what scripts in this folder share.

    from results import open_results, read_metric, best_cell
    file = open_results("quickstart.h5")          # an xarray.Dataset, labelled by parameter
    print(file.sharpe.sel(gamma=0.1))
"""

from __future__ import annotations

import os

# Before HDF5 is loaded: a file that a running sweep is still writing must be readable.
os.environ["HDF5_USE_FILE_LOCKING"] = "FALSE"

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import xarray as xr

from warned import Warned, read_warned

FORMAT_VERSION = 1  # the newest that this reader understands
COMPLETE = 2  # value of `status` of a point whose results are final


class ResultsError(Exception):
    """One line for the user: what is wrong, with its name, and what to do."""


@dataclass(frozen=True)
class Metric:
    """One metric over the dimensions of a file.

    values: the metric, NaN wherever a point is not complete or the metric is undefined there
    errors: standard errors, same dimensions; None where the file has none
    better: "higher", "lower" or "" where no direction is better
    incomplete, undefined: how many points are NaN for either reason
    warned: what the program warns of at each point, same dimensions
    """

    name: str
    units: str
    better: str
    definition: str
    values: xr.DataArray
    errors: xr.DataArray | None
    incomplete: int
    undefined: int
    warned: Warned

    def transposed(self, order: tuple[str, ...]) -> Metric:
        """The same with its dimensions in another order."""
        errors = None if self.errors is None else self.errors.transpose(*order)
        warned = replace(self.warned, flags=self.warned.flags.transpose(*order))
        return replace(self, values=self.values.transpose(*order), errors=errors, warned=warned)


def newest_file(folder: Path, pattern: str, advice: str) -> tuple[Path, int]:
    """The newest file of a folder whose name fits, and how many do; none raises with the advice."""
    files = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
    if not files:
        raise ResultsError(f"no {pattern} in {folder.resolve()}; {advice}")
    return files[-1], len(files)


def open_results(path: str | Path) -> xr.Dataset:
    """The file as a dataset, values read on demand; one that is being written may be opened."""
    path = Path(path)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "no such file"
        raise ResultsError(f"{path}: {what}; name a results file of `quotesweep run`")
    engine = "h5netcdf" if find_spec("h5netcdf") else "netcdf4"
    try:
        file = xr.open_dataset(path, engine=engine)
    except (OSError, ValueError, KeyError) as problem:
        raise _not_results(path) from problem
    if file.attrs.get("program") != "quotesweep" or "status" not in file:
        raise _not_results(path)
    version = int(file.attrs.get("format_version", 0))
    if version > FORMAT_VERSION:
        raise ResultsError(f"{path}: format version {version}, but this script reads up to "
                           f"{FORMAT_VERSION}; use the scripts that came with its quotesweep")
    return file


def _not_results(path: Path) -> ResultsError:
    return ResultsError(f"{path}: not a results file of quotesweep; make one with `quotesweep run`")


def dimensions(file: xr.Dataset) -> tuple[str, ...]:
    """Names of the dimensions in the order of the study, or ("point",)."""
    return file["status"].dims


def position_of(file: xr.Dataset, point: int) -> dict[str, int]:
    """Where a point is along each dimension."""
    status = file["status"]
    return dict(zip(status.dims, map(int, np.unravel_index(point, status.shape))))


def metric_names(file: xr.Dataset) -> list[str]:
    """The metrics: variables that have a standard error, in the order of the file, but for quantiles
    and expected shortfalls (`pnl_q05`, `pnl_es05`)."""
    return [name for name in file.data_vars
            if f"{name}_se" in file and not re.search(r"_(q|es)\d\d$", name)]


def drawable_names(file: xr.Dataset) -> list[str]:
    """All that has a number per point and a stated meaning: the metrics, then the rest."""
    metrics = metric_names(file)
    others = [name for name, variable in file.data_vars.items()
              if "definition" in variable.attrs and variable.dims == dimensions(file)]
    return metrics + [name for name in others if name not in metrics]


def read_metric(file: xr.Dataset, name: str) -> Metric:
    """Values and standard errors of one metric; unknown names raise with a suggestion."""
    if name not in drawable_names(file):
        raise ResultsError(f"unknown metric '{name}'{did_you_mean(name, drawable_names(file))}; "
                           f"metrics: {', '.join(metric_names(file))}")
    # `status` first: a writer sets it after the results, so what it calls complete is final.
    complete = file["status"].load() == COMPLETE
    attributes, values = file[name].attrs, file[name].astype(float).where(complete)
    errors = file[f"{name}_se"].where(values.notnull()) if f"{name}_se" in file else None
    return Metric(name=name, units=str(attributes.get("units", "1")),
                  better=str(attributes.get("better", "")),
                  definition=str(attributes["definition"]), values=values, errors=errors,
                  incomplete=int((~complete).sum()),
                  undefined=int((complete & values.isnull()).sum()),
                  warned=read_warned(file, complete))


def best_cell(metric: Metric) -> dict[str, int] | None:
    """Position of the best value along each dimension (first of equals); None where all are NaN."""
    values = metric.values.to_numpy()
    if np.isnan(values).all():
        return None
    flat = np.nanargmin(values) if metric.better == "lower" else np.nanargmax(values)
    position = np.unravel_index(flat, values.shape)
    return {name: int(i) for name, i in zip(metric.values.dims, position)}


def rivals(metric: Metric, best: dict[str, int], width: float = 2.0) -> int:
    """How many others lie within `width` combined standard errors, sqrt(a^2 + b^2), of the best.

    Requires metric.errors, and one at the best cell.
    Cells are taken as independent. Under common random numbers differences are more precise than
    that, so the count errs on the side of calling too many cells equal.
    """
    gap = np.abs(metric.values - metric.values.isel(best))
    combined = np.hypot(metric.errors, metric.errors.isel(best))
    return int((gap <= width * combined).sum()) - 1


def typical_error(metric: Metric) -> float:
    """Median standard error over the cells; NaN where there is none."""
    errors = np.array([]) if metric.errors is None else metric.errors.to_numpy()
    finite = errors[np.isfinite(errors)]
    return float(np.median(finite)) if finite.size else float("nan")


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """" (did you mean 'x'?)", or nothing where no candidate is close."""
    close = difflib.get_close_matches(name, list(candidates), n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""
