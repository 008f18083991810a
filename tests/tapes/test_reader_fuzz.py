"""Whatever a file holds, both readers of market data give a right result or one clear line.

QUOTESWEEP_ALL: 100,000 files on all cores (minutes).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

import damaged

ALL = bool(os.environ.get("QUOTESWEEP_ALL"))
# name -> trial, its seeds, how many files, the fewest of them that must be accepted and refused
READERS: dict[str, tuple[Callable, Callable, int, int]] = {
    "import": (damaged.import_trial, damaged.tapes, 70_000 if ALL else 400, 8),
    "calibrate": (damaged.calibrate_trial, damaged.recordings, 30_000 if ALL else 150, 4),
}


def trials(name: str, first: int, last: int, folder: Path) -> int:
    """How many of the files from `first` on are accepted; raises at one that is neither."""
    trial, seeds, _, _ = READERS[name]
    there, accepted = seeds(), 0
    folder.mkdir()
    for number in range(first, last):
        try:
            accepted += trial(number, there, folder)
        except Exception as problem:
            raise AssertionError(f"{name} of file {number}: {type(problem).__name__}: "
                                 f"{problem}") from problem
    return accepted


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_gives_a_right_result_or_one_clear_line(tmp_path, name):
    _, _, count, fewest = READERS[name]
    step = 1000
    if count <= step:
        accepted = trials(name, 0, count, tmp_path / "files")
    else:
        with ProcessPoolExecutor() as pool:
            starts = range(0, count, step)
            parts = [pool.submit(trials, name, i, i + step, tmp_path / str(i)) for i in starts]
            accepted = sum(part.result() for part in parts)
    assert fewest <= accepted <= count - 100, f"{accepted} of {count} accepted"
