"""Which parameter goes where in a picture: axes, small multiples, and what is held fixed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from results import ResultsError, did_you_mean, dimensions

MOST_PANELS = 36
LETTER = 0.068  # [inch] width of a letter of a tick label
LINE_HEIGHT = 0.13  # [inch] of such a label


@dataclass(frozen=True)
class Axes:
    """Dimensions by role. Without `y` the picture is a line over `x`."""

    x: str
    y: str | None = None
    columns: str | None = None
    rows: str | None = None

    def leading(self) -> tuple[str, ...]:
        """Dimensions of the small multiples, as (rows, columns) without the absent ones."""
        return tuple(name for name in (self.rows, self.columns) if name)

    def order(self) -> tuple[str, ...]:
        """All dimensions, as (rows, columns, y, x) without the absent ones."""
        return (*self.leading(), *(name for name in (self.y, self.x) if name))


def is_text(values: np.ndarray) -> bool:
    """Whether an axis has texts, such as names of strategies, instead of numbers."""
    return np.asarray(values).dtype.kind in "OSU"


def value_labels(values: Iterable[float] | Iterable[str]) -> list[str]:
    """Short texts of axis values, with as few digits (3 or more) as keep them apart."""
    values = list(values)
    if any(isinstance(value, str) for value in values):
        return [str(value) for value in values]
    numbers = [float(value) for value in values]
    if all(number.is_integer() and abs(number) < 1e6 for number in numbers):
        return [f"{number:.0f}" for number in numbers]
    for digits in range(3, 18):
        labels = [f"{number:.{digits}g}" for number in numbers]
        if len(set(labels)) == len(set(numbers)):
            break
    return labels


def tick_labels(values: np.ndarray, room: float) -> list[str]:
    """Labels of ticks; texts are broken behind "_" where they are wider than `room` inches."""
    labels = value_labels(values)
    return [broken(label, int(room / LETTER)) for label in labels] if is_text(values) else labels


def broken(text: str, width: int) -> str:
    """Lines of at most `width` letters as far as there is a "_" to break behind."""
    lines = [""]
    for word in text.replace("_", "_ ").split(" "):
        if lines[-1] and len(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(lines)


def label_room(labels: list[str]) -> tuple[float, float]:
    """Width and height of the largest label [inch]."""
    lines = [label.split("\n") for label in labels]
    return (max(LETTER * len(line) for label in lines for line in label),
            max(LINE_HEIGHT * len(label) for label in lines))


def log_spaced(values: np.ndarray) -> bool:
    """Whether ascending values (at least 3) are spaced more evenly in their logarithms."""
    if is_text(values) or len(values) < 3 or values[0] <= 0.0:
        return False
    linear, logarithmic = (np.std(steps) / np.mean(steps)
                           for steps in (np.diff(values), np.diff(np.log(values))))
    return bool(logarithmic < linear - 1e-9)


def check_dimension(file: xr.Dataset, name: str, option: str) -> None:
    """Refuses a name that is no dimension of the file."""
    known = dimensions(file)
    if name not in known:
        raise ResultsError(f"{option} {name}: unknown dimension{did_you_mean(name, known)}; "
                           f"this file has {', '.join(known)}")


def fix(file: xr.Dataset, settings: Iterable[tuple[str, str]]) -> xr.Dataset:
    """The file with each (name, value) of `settings` held, length 1; value as the axis shows it."""
    for name, text in settings:
        check_dimension(file, name, "--at")
        i = index_of(file[name].to_numpy(), text, f"--at {name}={text}")
        file = file.isel({name: slice(i, i + 1)})
    return file


def index_of(values: np.ndarray, text: str, setting: str) -> int:
    """Where on an axis the value of `text` is: exactly, or else as rounded on the axis."""
    labels = value_labels(values)
    if is_text(values):
        if text in labels:
            return labels.index(text)
        raise ResultsError(f"{setting}: no such value{did_you_mean(text, labels)}; choose one of "
                           f"{', '.join(labels)}")
    try:
        exact = np.isclose(values, float(text), rtol=1e-9, atol=0.0)
    except ValueError:
        raise ResultsError(f"{setting}: '{text}' is not a number") from None
    if exact.any():
        return int(np.argmax(exact))
    rounded = f"{float(text):.3g}"
    if labels.count(rounded) == 1:
        return labels.index(rounded)
    few = len(labels) <= 12
    shown = ", ".join(labels) if few else f"{len(labels)} from {labels[0]} to {labels[-1]}"
    raise ResultsError(f"{setting}: no such value; choose one of {shown}")


def drop_single_values(file: xr.Dataset, keep: Iterable[str | None]) -> xr.Dataset:
    """Dimensions of length 1 become fixed values, except `keep`; at least one is left to draw."""
    single = [name for name in dimensions(file)
              if file.sizes[name] == 1 and name not in keep]
    if single and len(single) == len(dimensions(file)):
        single = single[1:]
    return file.isel({name: 0 for name in single})


def fixed_values(file: xr.Dataset) -> dict[str, str]:
    """Parameters that are held at one value, as text."""
    return {str(name): value_labels([value.item()])[0]
            for name, value in file.coords.items() if not value.dims}


def choose_axes(sizes: Mapping[str, int], x: str | None = None, y: str | None = None,
                texts: Collection[str] = ()) -> Axes:
    """Roles of the dimensions in `sizes` (name -> length, in the order of the study).

    Where not asked for, y is the longest and x the next longest (the earlier of equals, and those of
    numbers before `texts`); what is left becomes columns and rows of small multiples: columns the
    shorter, or a text.
    """
    if x is not None and x == y:
        raise ResultsError(f"--x and --y are both {x}; name two parameters")
    free = sorted((name for name in sizes if name not in (x, y)),
                  key=lambda name: (name in texts, -sizes[name]))
    if len(sizes) == 1:
        return Axes(x=next(iter(sizes)))
    y = y or free.pop(0)
    x = x or free.pop(0)
    check_panels(sizes, free)
    return Axes(x, y, *reversed(free))


def check_panels(sizes: Mapping[str, int], others: list[str]) -> None:
    """Refuses more small multiples than one picture can hold."""
    panels = int(np.prod([sizes[name] for name in others]))
    if len(others) <= 2 and panels <= MOST_PANELS:
        return
    names = " x ".join(f"{name} ({sizes[name]})" for name in others)
    raise ResultsError(f"{names} would be {panels} panels, but beside its axes a picture holds two "
                       f"parameters and {MOST_PANELS} panels; fix some with --at, such as "
                       f"--at {others[0]}=VALUE")
