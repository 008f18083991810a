"""How small multiples are arranged, and how large their cells are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from picture.axes import Axes, value_labels
from results import Metric

CELL = (0.74, 0.37)  # [inch] that a value with its standard error needs
LARGEST = (15.0, 13.0)  # [inch] of all panels together
LARGEST_PANEL = (7.5, 5.5)  # [inch] without text
SMALLEST_PANEL = (1.5, 1.1)  # [inch]
GAP = (0.22, 0.36)  # [inch] between panels
TICK_GAP = 0.45  # [inch] where labels at a panel's edge are wider than its cells


@dataclass(frozen=True)
class Panel:
    """One heat map. `index`: its place in the leading dimensions of the metric's values."""

    row: int
    column: int
    index: tuple[int, ...]
    title: str


@dataclass(frozen=True)
class Sheet:
    """The panels' arrangement. size: of a panel [inch]; text: whether cells hold their values."""

    rows: int
    columns: int
    size: tuple[float, float]
    text: bool

    def extent(self) -> tuple[float, float]:
        """Width and height of all panels with the gaps between them [inch]."""
        right, bottom = self.corner(self.rows - 1, self.columns - 1)
        return right + self.size[0], bottom + self.size[1]

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """Upper left corner of a panel: from the left, from the top [inch]."""
        gap = GAP[0] if self.text else TICK_GAP
        return column * (self.size[0] + gap), row * (self.size[1] + GAP[1])


def plan_sheet(shape: tuple[int, ...]) -> Sheet:
    """For values of `shape`, (rows, columns, y, x) without the absent ones."""
    ny, nx = shape[-2:]
    rows, columns = panel_grid(shape[:-2], nx)
    wide, high = nx * CELL[0], ny * CELL[1]
    text = columns * wide <= LARGEST[0] and rows * high <= LARGEST[1]
    if not text:
        wide = min(wide, LARGEST_PANEL[0], LARGEST[0] / columns)
        high = min(high, LARGEST_PANEL[1], LARGEST[1] / rows)
    size = max(wide, SMALLEST_PANEL[0]), max(high, SMALLEST_PANEL[1])
    return Sheet(rows, columns, size, text)


def panel_grid(shape: tuple[int, ...], nx: int) -> tuple[int, int]:
    """Rows and columns of panels; a single dimension of many is wrapped."""
    if len(shape) == 2:
        return shape[0], shape[1]
    count = shape[0] if shape else 1
    rows = math.ceil(count / max(3, min(6, int(LARGEST[0] / (nx * CELL[0])))))
    return rows, math.ceil(count / rows)


def panels_of(metric: Metric, axes: Axes, columns: int) -> Iterator[Panel]:
    """The panels in reading order."""
    names = axes.leading()
    labels = {name: value_labels(metric.values[name].to_numpy()) for name in names}
    for number, index in enumerate(np.ndindex(*[len(labels[name]) for name in names])):
        title = ",  ".join(f"{name} = {labels[name][i]}" for name, i in zip(names, index))
        yield Panel(number // columns, number % columns, index, title)


def tick_cells(count: int, length: float, room: float) -> np.ndarray:
    """Which of `count` cells along `length` inches get a label that needs `room` inches."""
    step = math.ceil(room * count / length)
    if step <= 2:
        return np.arange(0, count, max(1, step))
    return np.linspace(0, count - 1, 1 + max(1, int(length / (2.0 * room)))).round().astype(int)
