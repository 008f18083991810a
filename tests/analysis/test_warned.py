"""What pictures and reports say of points that the program warns of, of short histories, of no error."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from scipy.special import log_ndtr

import heatmap
import overfitting
from picture.axes import choose_axes
from picture.replay import account_summary, draw_account
from picture.words import best_line, luck_line, rivals_text, subtitle
from recording import read_recording
from results import open_results, read_metric
from selection.report import examine, report
from selection.windows import LEAST_INTERVALS, read_sweep
from warned import read_warned

NAMES = {1: "large_fee", 4: "coarse_time_unit", 64: "liquidated"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def changed(here, results, replays):
    """changed(name, **variables): a copy of a results file with other flat values, one for a place."""
    def make(name: str, **variables: dict[int, float]) -> xr.Dataset:
        made = replays(name) if name in ("names", "line") else results(name)
        folder = here / str(len(list(here.iterdir())))
        folder.mkdir()
        file = Path(shutil.copy(made, folder / f"{name}.h5"))
        with h5py.File(file, "r+") as raw:
            raw["warnings"].attrs["definition"] = "sum of " + ", ".join(
                f"{flag} {text}" for flag, text in NAMES.items())
            for variable, values in variables.items():
                for place, value in values.items():
                    position = np.unravel_index(place, raw["status"].shape)
                    raw[variable][position] = value
        return open_results(file)
    return make


def picture(file: xr.Dataset, name: str, *arguments: str):
    data = heatmap.selected(file, heatmap.command_line().parse_args(["x.h5", *arguments]))
    sizes = {dimension: data.sizes[dimension] for dimension in data["status"].dims}
    axes = choose_axes(sizes, texts={"name"} & set(sizes))
    metric = read_metric(data, name).transposed(axes.order())
    return heatmap.draw(data, metric, axes), metric


def marks(figure, gid: str) -> int:
    return sum(len(line.get_xdata()) for plot in figure.axes for line in plot.lines
               if line.get_gid() == gid)


def texts(figure) -> str:
    return "\n".join(text.get_text() for text in [*figure.texts, *(
        text for plot in figure.axes for text in plot.texts)])


def test_flags_of_the_program_are_read_by_their_names(results):
    file = open_results(results("plane"))
    known = read_warned(file, file["status"] == 2).names
    assert known and known[64] == "liquidated"
    assert list(known) == [2**i for i in range(len(known))]


@pytest.mark.parametrize("study", ["plane", "line", "cube", "list"])
def test_every_point_with_a_warning_has_its_mark_and_is_counted(changed, study):
    size = changed(study)["status"].size
    file = changed(study, warnings={0: 65, 1: 5, size - 1: 4})
    figure, metric = picture(file, "sharpe")
    assert (marks(figure, "liquidated"), marks(figure, "warned")) == (1, 2)
    line = subtitle(file, metric)[-1]
    assert line == (f"Warnings: ✖ liquidated at 1 of {size}; ▲ large_fee at 2 of {size}, "
                    f"coarse_time_unit at 2 of {size} (see quotesweep show)")


def test_marks_stand_on_their_cells(changed):
    figure, metric = picture(changed("plane", warnings={3: 64}), "pnl")
    mark = next(line for line in figure.axes[0].lines if line.get_gid() == "liquidated")
    (y,), (x,) = np.nonzero(metric.warned.liquidated())
    assert x < mark.get_xdata()[0] < x + 1 and y < mark.get_ydata()[0] < y + 1


def test_without_warnings_nothing_is_marked_or_said(changed):
    for file in (changed("plane"), changed("plane").drop_vars("warnings")):
        figure, metric = picture(file, "pnl")
        assert marks(figure, "liquidated") + marks(figure, "warned") == 0
        assert "arning" not in "".join(subtitle(file, metric))


def test_a_point_that_is_not_complete_has_no_warning(changed):
    _, metric = picture(changed("plane", warnings={2: 64}, status={2: 1}), "pnl")
    assert metric.warned.counts() == {}


def test_a_best_ratio_over_a_liquidation_says_so(changed):
    best = int(read_metric(changed("names"), "sharpe").values.to_numpy().argmax())
    file = changed("names", warnings={best: 64})
    assert best_line(read_metric(file, "sharpe")).endswith(
        "; warnings: liquidated (a ratio over the loss and what follows it)")
    for name in ("pnl", "sharpe"):
        place = read_metric(file, name).warned.flags.to_numpy().ravel()
        assert place[best] == 64 and place.sum() == 64
    found = " ".join(" ".join(report(file, examine(read_sweep(file)))).split())
    assert "a year; warnings: liquidated luck" in found


def test_no_error_is_not_drawn(changed):
    best = int(np.nanargmax(read_metric(changed("plane"), "pnl").values.to_numpy()))
    other = (best + 1) % 6
    figure, metric = picture(changed("plane", pnl_se={best: np.nan, other: np.nan}), "pnl")
    assert "nan" not in texts(figure) and texts(figure).count("± ") == 4
    assert "±" not in best_line(metric)
    _, metric = picture(changed("plane", pnl_se={other: np.nan}), "pnl")
    assert rivals_text(metric).endswith(" of the best, 1 without an error")


# Short histories ----------------------------------------------------------------------------------

@pytest.mark.parametrize("missing", [1, 0])
def test_a_short_history_says_that_it_is(changed, missing):
    """The tape has more intervals than are needed; the file is told that it has fewer."""
    size = changed("names")["status"].size
    file = changed("names", intervals={place: LEAST_INTERVALS - missing for place in range(size)})
    line = luck_line(file, read_metric(file, "sharpe"))
    found = " ".join(" ".join(report(file, examine(read_sweep(file)))).split())
    words = f"a history of {LEAST_INTERVALS - 1} intervals is too short, {LEAST_INTERVALS} are needed"
    assert (words in line) == (words in found) == bool(missing)
    assert ("deflated Sharpe ratio" in line) != bool(missing)
    assert ("Luck cannot be told from skill" in found) == bool(missing)


def test_below_the_least_intervals_luck_passes_for_skill_too_often():
    """Of 150 cells without skill the best is called better than errors alone (5 %) in more than 10 % of
    histories of half the least length, and in less than 10 % of those of the least."""
    draws = np.random.default_rng(3)
    for length, often in ((LEAST_INTERVALS // 2, True), (LEAST_INTERVALS, False)):
        returns = draws.standard_normal((400, 150, length))
        best = (returns.mean(axis=2) / returns.std(axis=2, ddof=1)).max(axis=1)
        chance = -np.expm1(150 * log_ndtr(best * np.sqrt(length - 1.0)))
        assert ((chance <= 0.05).mean() > 0.1) == often


# Recorded points ----------------------------------------------------------------------------------

def test_a_liquidated_account_is_called_so(replays):
    recording = read_recording(replays("lone").parent / "out.point0.csv")
    assert "liquidated" not in account_summary(recording)
    middle = len(recording.time) // 2
    # Pandas gives columns that cannot be written to.
    columns = {name: np.array(column) for name, column in recording.values.items()}
    recording = replace(recording, values=columns)
    recording["trading"][middle:] = 0.0
    assert "trading ended" in texts(draw_account(recording, "study"))
    recording["margin"][middle:] = -56.5
    assert account_summary(recording).endswith("; liquidated, 56.5 short")
    assert "liquidated" in texts(draw_account(recording, "study"))


def test_the_command_tells_a_short_history(here, capsys, changed):
    size = changed("names")["status"].size
    file = changed("names", intervals={place: 25 for place in range(size)})
    assert overfitting.main([file.encoding["source"], "-o", "names", "--format", "svg"]) == 0
    assert "a history of 25 intervals is too short" in " ".join(capsys.readouterr().out.split())
    drawn = "\n".join(re.findall(r"<!-- (.*?) -->", Path("names_luck.svg").read_text(), re.DOTALL))
    assert "Luck cannot be told from skill" in drawn
