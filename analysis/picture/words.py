"""The words and numbers in a picture: what a reader must know of the metric drawn."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

from picture.axes import fixed_values, value_labels
from picture.marks import best_note, marks_line
from results import Metric, best_cell, rivals, typical_error
from selection.cscv import cross_validate
from selection.deflated import deflate
from selection.windows import NEEDED, read_sweep, short_text

MOST_CELLS = 10_000  # up to which the probability of overfitting is computed for a subtitle


def title(file: xr.Dataset, metric: Metric) -> str:
    """Study, metric, and the parameters that are held at one value."""
    held = "".join(f", {name} = {value}" for name, value in fixed_values(file).items())
    return f"{file.attrs.get('title', 'study')}: {metric.name}{held}"


def subtitle(file: xr.Dataset, metric: Metric) -> list[str]:
    """Where the best is, how sure that is, and which cells have no value."""
    lines = (best_line(metric), precision_line(file, metric), luck_line(file, metric),
             gaps_line(metric), marks_line(metric))
    return [line for line in lines if line]


def footer(file: xr.Dataset, metric: Metric) -> str:
    """The metric's definition, and where the numbers are from."""
    source = str(file.encoding.get("source", "")).split("/")[-1]
    version = file.attrs.get("program_version", "?")
    return f"{metric.name}: {metric.definition}. From {source}, quotesweep {version}, {market(file)}."


def market(file: xr.Dataset) -> str:
    """What the market was."""
    if "tape_symbols" in file.attrs:
        first, last = (str(file.attrs.get(name, "?"))[:10] for name in ("tape_first", "tape_last"))
        return f"tape of {', '.join(file.attrs['tape_symbols'].split())} from {first} to {last}"
    seed, fills = (file.attrs.get(name, "?") for name in ("seed", "fill_probability"))
    return f"seed {seed}, {fills} fills"


def point_text(file: xr.Dataset, position: dict[str, int]) -> str:
    """", gamma = 0.1, k = 1.5": what tells a point of a file from the others."""
    status = file["status"]
    labels = {str(name): value_labels(values.to_numpy()) for name, values in status.coords.items()
              if values.ndim == 1 and values.size > 1 and name != "point"}
    return "".join(f", {name} = {texts[position[str(status[name].dims[0])]]}"
                   for name, texts in labels.items())


def best_line(metric: Metric) -> str:
    """Where the best cell is, and its value."""
    best = best_cell(metric)
    if best is None:
        return "No cell has a value."
    end = "lowest" if metric.better == "lower" else "highest"
    kind = f"Best ({end})" if metric.better else end.capitalize()
    value = number_text(float(metric.values.isel(best)), metric)
    if metric.errors is not None and not np.isnan(metric.errors.isel(best)):
        value += f" ± {error_text(float(metric.errors.isel(best)), metric)}"
    return f"★ {kind}: {value} at {place_text(metric, best)}{best_note(metric, best)}"


def place_text(metric: Metric, position: dict[str, int]) -> str:
    """"gamma = 0.1, k = 1.5": every parameter of a cell that varies over the picture."""
    cell = metric.values.isel(position)
    names = [name for name, value in metric.values.coords.items() if value.dims]
    return ", ".join(f"{name} = {value_labels([cell[name].item()])[0]}" for name in names)


def rivals_text(metric: Metric) -> str:
    """How many cells are as good as the best within errors; nothing where that cannot be said. Cells
    without an error are counted apart."""
    best = best_cell(metric)
    if best is None or metric.values.size == 1:
        return ""
    if metric.errors is None:
        equal = int((metric.values == metric.values.isel(best)).sum()) - 1
        return f"{others(equal)} equal to the best"
    if np.isnan(metric.errors.isel(best)):
        return ""
    unknown = int((metric.values.notnull() & metric.errors.isnull()).sum())
    without = f", {unknown:,} without an error" if unknown else ""
    return f"{others(rivals(metric, best))} within 2 s.e. of the best{without}"


def others(count: int) -> str:
    """"1 other cell", "12 other cells"."""
    return f"{count:,} other cell{'' if count == 1 else 's'}"


def precision_line(file: xr.Dataset, metric: Metric) -> str:
    """How clear the best is, the typical standard error, and what is behind a cell."""
    error = typical_error(metric)
    unit = "" if metric.units == "1" else f" {metric.units}"
    known = "no standard error" if math.isnan(error) else f"median standard error {error:.2g}{unit}"
    parts = (rivals_text(metric), known, effort(file))
    text = "; ".join(part for part in parts if part)
    return text[0].upper() + text[1:]


def luck_line(file: xr.Dataset, metric: Metric) -> str:
    """How much of the best Sharpe ratio of a replay sweep is luck; nothing for anything else."""
    if (metric.name != "sharpe" or any(name not in file for name in NEEDED)
            or metric.values.size == 1 or best_cell(metric) is None):
        return ""
    sweep = read_sweep(file)
    if sweep.is_short:
        return f"How much of the best is luck cannot be told: {short_text(sweep)}"
    cells = sweep.windows.cells
    tried = max(cells, int(file.attrs.get("cells_of_sweep", cells)))
    text = f"As the best of {tried:,}: deflated Sharpe ratio {deflate(sweep, tried).ratio:.2f}"
    if 1 < cells <= MOST_CELLS and sweep.windows.count.size >= 4:
        chance = cross_validate(sweep.windows).overfit
        text += f", probability of backtest overfitting {chance:.2f}"
    return f"{text} (analysis/overfitting.py says more)"


def effort(file: xr.Dataset) -> str:
    """What was simulated for a cell."""
    if "tape_bars" in file.attrs:
        return f"a replay of {int(file.attrs['tape_bars']):,} bars per cell"
    paths = file["paths_done"].to_numpy()
    few, most = int(paths.min()), int(paths.max())
    count = f"{most:,}" if few == most else f"{few:,} to {most:,}"
    return f"{count} paths per cell"


def gaps_line(metric: Metric) -> str:
    """How many cells show no value, and why."""
    reasons = [(metric.incomplete, "not complete"), (metric.undefined, "undefined")]
    size = metric.values.size
    gaps = [f"{count:,} of {size:,} cells {why}" for count, why in reasons if count]
    mark = "Crossed" if metric.values.ndim == 1 else "Hatched"
    return f"{mark}: {', '.join(gaps)}" if gaps else ""


def shared_decimals(metric: Metric) -> int | None:
    """Decimals that show two digits of the typical standard error; None if more than four."""
    error = typical_error(metric)
    decimals = max(0, 1 - math.floor(math.log10(error))) if error > 0.0 else 9
    return decimals if decimals <= 4 else None


def number_text(value: float, metric: Metric) -> str:
    """A value with the decimals that all cells share, or with three digits."""
    decimals = shared_decimals(metric)
    if metric.errors is None:
        return f"{value:.4g}"
    if decimals is None or abs(value) >= 1e5:
        return digits(value, 3)
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # + 0.0: no "-0.00"


def error_text(error: float, metric: Metric) -> str:
    """A standard error with the decimals of the values; with two digits where that hides it."""
    decimals = shared_decimals(metric)
    hidden = decimals is None or error < 0.95 * 10.0**-decimals
    return digits(error, 2) if hidden else f"{error:.{decimals}f}"


def digits(value: float, count: int) -> str:
    """A number with `count` digits, zeros at its end included."""
    return f"{value:#.{count}g}".rstrip(".") if value else "0"


def with_units(name: str, units: str) -> str:
    """"pnl [price]"."""
    return f"{name} [{units}]" if units else name


def axis_label(coordinate: xr.DataArray) -> str:
    """"gamma [1 / price]"; a number without a unit is just named."""
    units = str(coordinate.attrs.get("units", ""))
    return with_units(str(coordinate.name), "" if units == "1" else units)
