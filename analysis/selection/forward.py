"""Walking forward: choose the best cell on the past, see what it does in the next window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from results import ResultsError
from selection.windows import Windows, sharpe_of


@dataclass(frozen=True)
class Walk:
    """One choice per window but the first.

    chosen: (steps,) cell held in windows 1, 2, ...
    in_sample: (steps,) its Sharpe ratio of one interval where it was chosen
    out_of_sample: (steps,) the same in the window after
    total: (steps,) sum of its returns in that window
    sharpe, error: of all the windows held, of one interval, and its standard error
    """

    chosen: np.ndarray
    in_sample: np.ndarray
    out_of_sample: np.ndarray
    total: np.ndarray
    sharpe: float
    error: float

    @property
    def changes(self) -> int:
        return int((np.diff(self.chosen) != 0).sum())


def walk_forward(windows: Windows, memory: int = 0) -> Walk:
    """Chooses by the Sharpe ratio over the last `memory` windows, or over all so far (0)."""
    size = windows.count.size
    if not max(memory, 1) < size:
        raise ResultsError(f"--rolling {memory}: there are {size} windows, and one at least must be "
                           "left to walk into")
    end, start = np.arange(max(memory, 1), size), np.arange(size)
    past = start < end[:, np.newaxis]
    if memory:
        past &= start >= end[:, np.newaxis] - memory
    before, steps = windows.sharpe(past), np.arange(end.size)
    chosen = before.argmax(axis=1)
    held = (windows.count[end], windows.total[end, chosen], windows.squares[end, chosen])
    alone = windows.sharpe(np.eye(size)[end])[steps, chosen]
    count = held[0].sum()
    sharpe = float(sharpe_of(np.array([count]), *(part.sum(keepdims=True)[np.newaxis]
                                                  for part in held[1:]))[0, 0])
    # Of independent, normal returns (Lo, Financial Analysts Journal 58 (4), 2002).
    error = float(np.sqrt((1.0 + 0.5 * sharpe**2) / count))
    return Walk(chosen, before[steps, chosen], alone, held[1], sharpe, error)
