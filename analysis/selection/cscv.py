"""Probability of backtest overfitting by combinatorially symmetric cross-validation (CSCV).

Source: Bailey, Borwein, Lopez de Prado and Zhu, "The probability of backtest overfitting", Journal of
Computational Finance 20 (4), 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from results import ResultsError
from selection.windows import Windows

MOST_PARTS = 16  # 12,870 splits; with more they grow faster than they tell
ELEMENTS_AT_ONCE = 8_000_000  # of an array (splits, cells)


@dataclass(frozen=True)
class Splits:
    """All ways to choose half of the windows: the best cell there, and what it did in the others.

    in_sample, out_of_sample: (splits,) Sharpe ratio of one interval of the cell chosen
    logit: (splits,) ln(w / (1 - w)), w its rank out of sample over the number of cells + 1
    parts: windows that halves are made of
    """

    in_sample: np.ndarray
    out_of_sample: np.ndarray
    logit: np.ndarray
    parts: int

    @property
    def overfit(self) -> float:
        """Share of the splits in which the best in sample is at or below the median elsewhere."""
        return float((self.logit <= 0.0).mean())

    @property
    def loses(self) -> float:
        """Share of the splits in which the best in sample loses elsewhere."""
        return float((self.out_of_sample < 0.0).mean())


def halves(parts: int) -> np.ndarray:
    """(splits, parts) of 0 and 1; row i and row -1 - i are each other's complement."""
    chosen = np.array(list(combinations(range(parts), parts // 2)))
    rows = np.zeros((len(chosen), parts))
    np.put_along_axis(rows, chosen, 1.0, axis=1)
    return rows


def cross_validate(windows: Windows) -> Splits:
    """All splits of the windows, or of 16 joined ones where there are more."""
    parts = min(windows.count.size, MOST_PARTS) // 2 * 2
    if parts < 4 or windows.cells < 2:
        raise ResultsError(f"{windows.cells} cells in {windows.count.size} windows: at least 2 cells "
                           "and 4 windows are needed to split them; sweep, or raise metrics.windows")
    if parts < windows.count.size:
        windows = windows.merged(parts)
    rows = halves(parts)
    half = len(rows) // 2
    step = max(1, ELEMENTS_AT_ONCE // windows.cells)
    pieces = []
    for first in range(0, half, step):
        chosen = slice(first, min(first + step, half))
        one, other = windows.sharpe(rows[chosen]), windows.sharpe(1.0 - rows[chosen])
        pieces += [_choose(one, other), _choose(other, one)]
    return Splits(*np.concatenate(pieces, axis=1), parts)


def _choose(inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """(3, splits): in-sample and out-of-sample Sharpe ratio and logit of the best in sample."""
    best = inside.argmax(axis=1)[:, np.newaxis]
    found = np.take_along_axis(outside, best, axis=1)
    below, equal = (outside < found).sum(axis=1), (outside == found).sum(axis=1)
    rank = 1.0 + below + 0.5 * (equal - 1.0)
    share = rank / (inside.shape[1] + 1.0)
    return np.stack([np.take_along_axis(inside, best, axis=1)[:, 0], found[:, 0],
                     np.log(share / (1.0 - share))])
