"""A figure with words above and below, laid out in inches so that nothing overlaps."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from matplotlib.axes import Axes as Plot
from matplotlib.figure import Figure

NARROWEST = 6.6  # [inch] so that the words above the panels have room
MARGIN = 0.18  # [inch]


@dataclass(frozen=True)
class Words:
    """What stands around the panels; long lines are wrapped."""

    title: str
    subtitle: list[str]
    footer: str


@dataclass(frozen=True)
class Margins:
    """Room around the panels for tick labels, axis labels and the like [inch]."""

    left: float
    right: float
    above: float
    below: float


class Page:
    """A figure for panels that take `extent` = (width, height) inches together."""

    def __init__(self, words: Words, extent: tuple[float, float], margins: Margins) -> None:
        self._width = max(margins.left + extent[0] + margins.right, NARROWEST)
        title = self._wrap([words.title], 14.5)
        subtitle = self._wrap(words.subtitle, 8.5)
        footer = self._wrap([words.footer], 6.5)
        below_title = MARGIN + 0.10 + 0.20 * len(title)
        self._left = margins.left
        self._top = below_title + 0.165 * len(subtitle) + margins.above
        self._height = self._top + extent[1] + margins.below + 0.125 * len(footer) + MARGIN
        self.figure = Figure(figsize=(self._width, self._height), facecolor="white")
        self._write(MARGIN, title, fontsize=12, weight="bold")
        self._write(below_title, subtitle, fontsize=8.5, color="0.2", linespacing=1.35)
        self._write(self._height - 0.8 * MARGIN, footer, fontsize=6.5, color="0.45", va="bottom")

    def add_plot(self, left: float, top: float, width: float, height: float) -> Plot:
        """Axes at `left` and `top` inches from the upper left corner of all panels."""
        bottom = self._height - self._top - top - height
        return self.figure.add_axes([(self._left + left) / self._width, bottom / self._height,
                                     width / self._width, height / self._height])

    def _wrap(self, paragraphs: list[str], size: float) -> list[str]:
        """Lines that fit the page in type of `size` points, letters being 0.53 size wide."""
        letters = int((self._width - 2.0 * MARGIN) * 72.0 / (0.53 * size))
        return [line for text in paragraphs for line in textwrap.wrap(text, letters)]

    def _write(self, down: float, lines: list[str], va: str = "top", **style: object) -> None:
        """Lines at `down` inches from the page's top."""
        self.figure.text(MARGIN / self._width, 1.0 - down / self._height, "\n".join(lines), va=va,
                         parse_math=False, **style)
