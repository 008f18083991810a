"""Draw one metric as heat maps: equal-size cells, one colour scale over all small multiples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps, patheffects
from matplotlib.axes import Axes as Plot
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from picture.axes import Axes, is_text, label_room, tick_labels
from picture.marks import draw_marks
from picture.page import Margins, Page, Words
from picture.sheet import Panel, Sheet, panels_of, plan_sheet, tick_cells
from picture.words import axis_label, error_text, number_text, with_units
from results import Metric

Y_LABEL = 0.9  # [inch] width of a text beside the panels
MANY_CELLS = 5_000  # from here on cells are one image inside an SVG


@dataclass(frozen=True)
class HeatMaps:
    """What all panels share. metric.values: (rows, columns, y, x) without the absent ones."""

    metric: Metric
    axes: Axes
    best: dict[str, int] | None
    sheet: Sheet
    scale: ScalarMappable


def draw_cells(metric: Metric, axes: Axes, best: dict[str, int] | None, words: Words) -> Figure:
    """The picture. metric.values: dimensions (rows, columns, y, x) without the absent ones."""
    sheet = plan_sheet(metric.values.shape)
    maps = HeatMaps(metric, axes, best, sheet, colour_scale(metric))
    page = Page(words, sheet.extent(), margins(metric, axes, sheet))
    panels = list(panels_of(metric, axes, sheet.columns))
    for number, panel in enumerate(panels):
        plot = page.add_plot(*sheet.corner(panel.row, panel.column), *sheet.size)
        draw_panel(plot, maps, panel)
        label_axes(plot, maps, left=panel.column == 0, bottom=number + sheet.columns >= len(panels))
        if best is not None and tuple(best[name] for name in axes.leading()) == panel.index:
            mark_best(plot, best[axes.x], best[axes.y], framed=sheet.text)
    width, height = sheet.extent()
    draw_bar(page.add_plot(width + 0.2, 0.0, 0.16, min(height, 4.5)), maps)
    return page.figure


def margins(metric: Metric, axes: Axes, sheet: Sheet) -> Margins:
    """Room for the labels, more than numbers need where they are texts."""
    x, y = (metric.values[name].to_numpy() for name in (axes.x, axes.y))
    wide, _ = label_room(tick_labels(y, Y_LABEL)) if is_text(y) else (0.0, 0.0)
    _, high = label_room(tick_labels(x, sheet.size[0] / len(x))) if is_text(x) else (0.0, 0.0)
    return Margins(left=max(0.95, 0.5 + wide), right=1.25, above=0.3 if axes.leading() else 0.12,
                   below=max(0.55, 0.4 + high))


def colour_scale(metric: Metric) -> ScalarMappable:
    """One scale for all panels, bright = good."""
    values = metric.values.to_numpy()
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    name = "viridis_r" if metric.better == "lower" else "viridis"
    return ScalarMappable(Normalize(low, high), colormaps[name])


def draw_panel(plot: Plot, maps: HeatMaps, panel: Panel) -> None:
    """One heat map; cells without a value let the hatched background through."""
    values = maps.metric.values.to_numpy()[panel.index]
    plot.patch.set(facecolor="0.88", edgecolor="0.62", hatch="/////", linewidth=0.0)
    plot.pcolormesh(np.ma.masked_invalid(values), cmap=maps.scale.cmap, norm=maps.scale.norm,
                    edgecolor="none" if values.size > 400 else "white", linewidth=0.6,
                    rasterized=values.size > MANY_CELLS)
    plot.set_title(panel.title, fontsize=9, pad=4)
    for side in plot.spines.values():
        side.set_visible(False)
    if maps.sheet.text:
        write_cells(plot, maps, panel.index)
    mark_cells(plot, maps, panel.index)


def write_cells(plot: Plot, maps: HeatMaps, index: tuple[int, ...]) -> None:
    """Value and, beneath, standard error in every cell of one panel."""
    metric = maps.metric
    errors = None if metric.errors is None else metric.errors.to_numpy()[index]
    for (y, x), value in np.ndenumerate(metric.values.to_numpy()[index]):
        if np.isnan(value):
            continue
        style = dict(ha="center", va="center", color=ink_on(maps.scale.to_rgba(value)))
        known = errors is not None and not np.isnan(errors[y, x])
        middle = y + (0.6 if known else 0.5)
        plot.text(x + 0.5, middle, number_text(value, metric), fontsize=8, **style)
        if known:
            error = f"± {error_text(errors[y, x], metric)}"
            plot.text(x + 0.5, y + 0.26, error, fontsize=5.5, **style)


def mark_cells(plot: Plot, maps: HeatMaps, index: tuple[int, ...]) -> None:
    """Warnings in the corner of a cell where cells hold text, else in its middle."""
    shape = maps.metric.values.shape[-2:]
    y, x = np.indices(shape).astype(float)
    right, up, share = (0.08, 0.16, 0.2) if maps.sheet.text else (0.5, 0.5, 0.45)
    height = 72.0 * min(maps.sheet.size[1] / shape[0], maps.sheet.size[0] / shape[1])  # [points]
    draw_marks(plot, maps.metric, index, (x + right, y + up), min(6.0, share * height))


def ink_on(colour: tuple[float, ...]) -> str:
    """Black or white, whichever contrasts more with a colour (relative luminance as in WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    luminance = np.dot([0.2126, 0.7152, 0.0722], linear)
    return "black" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "white"


def label_axes(plot: Plot, maps: HeatMaps, left: bool, bottom: bool) -> None:
    """Ticks at cell centres with the actual values, as many as fit, at the outer panels only."""
    width, height = maps.sheet.size
    sides = ((plot.xaxis, maps.axes.x, width, 0.5, bottom),
             (plot.yaxis, maps.axes.y, height, 0.17, left))
    for axis, name, length, room, shown in sides:
        values = maps.metric.values[name].to_numpy()
        ticks = tick_cells(len(values), length, room)
        width = Y_LABEL if axis is plot.yaxis else length / len(ticks)
        axis.set_ticks(ticks + 0.5, tick_labels(values[ticks], width) if shown else [])
        axis.set_tick_params(length=2.5 if shown else 0, color="0.5", labelsize=8)
        if shown:
            axis.set_label_text(axis_label(maps.metric.values[name]), fontsize=9)


def mark_best(plot: Plot, x: int, y: int, framed: bool) -> None:
    """An outlined star on cell (x, y); in its corner, with a frame, where cells hold text."""
    if framed:
        halo = [patheffects.Stroke(linewidth=3.6, foreground="white"), patheffects.Normal()]
        plot.add_patch(Rectangle((x, y), 1, 1, fill=False, edgecolor="black", linewidth=1.8,
                                 clip_on=False, zorder=5, path_effects=halo))
    place = (x + 0.98, y + 0.98) if framed else (x + 0.5, y + 0.5)
    plot.plot(*place, marker="*", markersize=11 if framed else 15, color="#ff5a36",
              markeredgecolor="white", markeredgewidth=1.0, clip_on=False, zorder=6, gid="best")


def draw_bar(plot: Plot, maps: HeatMaps) -> None:
    """The colour bar, without numbers where no cell has one."""
    bar = plot.figure.colorbar(maps.scale, cax=plot)
    bar.set_label(with_units(maps.metric.name, maps.metric.units), fontsize=9)
    bar.ax.tick_params(labelsize=8, length=2.5, color="0.5")
    bar.outline.set_visible(False)
    if maps.metric.values.isnull().all():
        bar.set_ticks([])
