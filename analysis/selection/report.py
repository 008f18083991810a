"""The report on a sweep's best cell, in plain words."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np
import xarray as xr

from selection.cscv import Splits, cross_validate
from selection.deflated import Deflation, deflate, effective_trials, mean_correlation
from selection.forward import Walk, walk_forward
from selection.windows import Sweep, place_of, short_text, warned_at

CONVINCING = 0.95  # deflated Sharpe ratio from which on luck is an unlikely explanation
WIDTH = 100


@dataclass(frozen=True)
class Findings:
    """All that is known of how the best cell was found.

    tried: how many cells it is the best of, at least those in the file
    all_count, alike: its deflation by that number, and by that of as many uncorrelated ones
    splits: None where there is but one cell
    """

    sweep: Sweep
    tried: int
    correlation: float
    all_count: Deflation
    alike: Deflation
    splits: Splits
    walk: Walk

    @property
    def scale(self) -> float:
        """Makes a Sharpe ratio of one interval that of a year."""
        return float(np.sqrt(self.sweep.windows.per_year))

    @property
    def error(self) -> float:
        """Standard error of a Sharpe ratio of one interval without any skill."""
        return 1.0 / float(np.sqrt(self.sweep.intervals - 1.0))


def examine(sweep: Sweep, tried: int = 0, memory: int = 0) -> Findings:
    """tried: cells ever tried, where they are more than the file has; memory: of walk_forward."""
    tried = max(tried, sweep.windows.cells)
    correlation = mean_correlation(sweep.windows)
    return Findings(sweep, tried, correlation, deflate(sweep, tried),
                    deflate(sweep, effective_trials(tried, correlation)),
                    cross_validate(sweep.windows), walk_forward(sweep.windows, memory))


def report(file: xr.Dataset, found: Findings) -> list[str]:
    """Lines of a table whose second column is sentences."""
    parts = [("cells", cells_text(found)), ("best cell", best_text(file, found)),
             ("luck", luck_text(found)), ("likeness", likeness_text(found)),
             ("overfitting", overfitting_text(found)), ("walk forward", walk_text(file, found)),
             ("verdict", verdict(found))]
    lines = [f"{file.attrs.get('title', 'study')}: how much of its best cell is luck"]
    for name, text in parts:
        lines += textwrap.wrap(text, WIDTH, initial_indent=f"{name:<14}",
                               subsequent_indent=" " * 14)
    return lines


def cells_text(found: Findings) -> str:
    sweep = found.sweep
    left_out = [f"{count} {why}" for count, why in ((sweep.incomplete, "failed or not complete"),
                                                   (sweep.undefined, "without a Sharpe ratio"))
                if count]
    more = f"; {found.tried} tried in all" if found.tried > sweep.windows.cells else ""
    return (f"{sweep.windows.cells}, over {sweep.intervals} intervals in "
            f"{sweep.windows.count.size} windows, {sweep.windows.per_year:.6g} intervals a year; "
            f"left out: {', '.join(left_out) or 'none'}{more}")


def best_text(file: xr.Dataset, found: Findings) -> str:
    sweep, best = found.sweep, found.sweep.best
    error = f" +- {sweep.error[best]:.2g}" if np.isfinite(sweep.error[best]) else ""
    names = warned_at(file, sweep.places[best])
    return (f"{place_of(file, sweep.places[best])}: Sharpe ratio {sweep.sharpe[best]:.3g}{error} a year"
            + (f"; warnings: {', '.join(names)}" if names else ""))


def luck_text(found: Findings) -> str:
    deflation = found.all_count
    return (f"With the spread of these cells, {deflation.spread * found.scale:.3g}, the best of "
            f"{found.tried} without any skill is expected at {deflation.noise * found.scale:.3g}. The "
            f"best cell is better than such luck with probability {deflation.ratio:.3f}: its deflated "
            f"Sharpe ratio. Errors alone would spread cells by {found.error * found.scale:.3g}; the "
            f"best of {found.tried} independent ones is then as high as this one with probability "
            f"{share(deflation.chance)}.")


def likeness_text(found: Findings) -> str:
    alike = found.alike
    return (f"Mean correlation of cells {found.correlation:.2f}. If they counted as "
            f"{alike.trials:.3g} independent ones, noise would give {alike.noise * found.scale:.3g}, "
            f"and the deflated Sharpe ratio would be {alike.ratio:.3f}.")


def overfitting_text(found: Findings) -> str:
    splits = found.splits
    return (f"Of {splits.logit.size} ways to choose on half of {splits.parts} windows and test on the "
            f"rest, the best cell of the one half is at or below the median in the other in "
            f"{share(splits.overfit)}: probability of backtest overfitting {splits.overfit:.3f}. Its "
            f"Sharpe ratio falls from {np.median(splits.in_sample) * found.scale:.3g} to "
            f"{np.median(splits.out_of_sample) * found.scale:.3g} (medians); it loses in "
            f"{share(splits.loses)}.")


def walk_text(file: xr.Dataset, found: Findings) -> str:
    walk = found.walk
    last = place_of(file, found.sweep.places[walk.chosen[-1]])
    return (f"Chosen on the past, held for the next window, {walk.chosen.size} times: Sharpe ratio "
            f"{walk.sharpe * found.scale:.3g} +- {walk.error * found.scale:.2g}, where "
            f"{np.mean(walk.in_sample) * found.scale:.3g} was seen when it was chosen (mean). The "
            f"choice changed {walk.changes} times; the last was {last}.")


def verdict(found: Findings) -> str:
    """One sentence, by the stricter count of trials."""
    if found.sweep.is_short:
        return f"Luck cannot be told from skill: {short_text(found.sweep)}."
    carries_over = found.splits.overfit <= 1.0 - CONVINCING
    if found.sweep.sharpe[found.sweep.best] <= 0.0:
        return "No cell earns anything."
    if found.all_count.ratio >= CONVINCING and carries_over:
        return "The best cell is better than luck, by both measures."
    if found.all_count.ratio >= CONVINCING:
        return ("The best cell earns more than luck would, but which cell is best does not carry over "
                "from one half of the tape to the other.")
    if found.all_count.chance <= 1.0 - CONVINCING and carries_over:
        return ("Some cells are truly better: errors alone do not make such a best cell, and it stays "
                "good from one half of the tape to the other. The deflated Sharpe ratio, which takes "
                "the whole spread of the cells for luck, does not show it.")
    return "The best cell cannot be told from luck."


def share(value: float) -> str:
    """A probability with two significant digits."""
    if value < 0.0001:
        return "less than 0.0001"
    return f"{value:.2g}"
