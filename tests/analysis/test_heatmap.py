"""analysis/heatmap.py: what it draws, what it says, what it refuses."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import heatmap
from picture import words
from picture.axes import choose_axes, log_spaced, value_labels
from picture.cells import colour_scale, ink_on
from picture.sheet import plan_sheet, tick_cells
from results import Metric, best_cell, open_results, read_metric, rivals, typical_error
from warned import Warned


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def copy(file: Path, folder: Path) -> Path:
    return Path(shutil.copy(file, folder))


def pictures(capsys: pytest.CaptureFixture, *arguments: object) -> list[Path]:
    """Runs heatmap.py, which must succeed; the paths that it printed."""
    status = heatmap.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return [Path(line) for line in printed.out.splitlines()]


def refusal(capsys: pytest.CaptureFixture, *arguments: object) -> str:
    """Runs heatmap.py, which must refuse with one line; the line."""
    status = heatmap.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert status == 2
    assert printed.out == ""
    assert printed.err.count("\n") == 1 and printed.err.startswith("heatmap.py: ")
    return printed.err


def texts(svg: Path) -> str:
    """All texts of a picture: matplotlib leaves each in a comment before its outlines."""
    return "\n".join(re.findall(r"<!-- (.*?) -->", svg.read_text(), flags=re.DOTALL))


def png_size(png: Path) -> tuple[int, int]:
    header = png.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", header[16:24])


@pytest.mark.parametrize("study", ["none", "line", "plane", "single", "cube", "four", "list"])
def test_every_design_gives_a_png_and_an_svg_per_default_metric(here, capsys, results, study):
    paths = pictures(capsys, copy(results(study), here))
    assert [path.name for path in paths] == [
        f"{study}_{metric}.{kind}" for metric in ("sharpe", "pnl", "max_drawdown")
        for kind in ("png", "svg")]
    assert all(path.parent == here for path in paths)
    for png, svg in zip(paths[::2], paths[1::2]):
        assert min(png_size(png)) > 300
        assert f"tiny: {svg.stem.removeprefix(study + '_')}" in texts(svg)


def test_without_a_file_the_newest_here_is_drawn_and_named(here, capsys, results):
    copy(results("plane"), here)
    newest = copy(results("line"), here)
    newest.touch()
    assert heatmap.main(["--metric", "pnl"]) == 0
    printed = capsys.readouterr()
    assert printed.out.split() == ["line_pnl.png", "line_pnl.svg"]
    assert "line.h5, the newest of 2" in printed.err


def test_metric_output_and_format_choose_what_is_written(here, capsys, results):
    paths = pictures(capsys, results("plane"), "--metric", "pnl", "--metric", "pnl_sd",
                     "-o", "fig", "--format", "svg")
    assert [str(path) for path in paths] == ["fig_pnl.svg", "fig_pnl_sd.svg"]


def test_metric_all_draws_every_metric_that_has_a_standard_error(here, capsys, results):
    paths = pictures(capsys, results("line"), "--metric", "all", "-o", "fig", "--format", "svg")
    assert len(paths) == 11 and len(set(paths)) == 11


def test_the_same_file_gives_the_same_svg(here, capsys, results):
    first, second = (pictures(capsys, results("plane"), "--metric", "pnl", "-o", name, "--format",
                              "svg")[0].read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_two_longest_dimensions_are_the_axes_and_the_longest_goes_up():
    sizes = {"k": 2, "gamma": 9, "A": 4, "q_max": 3}
    axes = choose_axes(sizes)
    assert (axes.y, axes.x, axes.columns, axes.rows) == ("gamma", "A", "k", "q_max")
    assert choose_axes(sizes, x="gamma").y == "A"
    assert choose_axes(sizes, y="k").x == "gamma"
    assert choose_axes({"gamma": 4}).y is None


def test_cells_hold_value_and_standard_error(here, capsys, results):
    svg = pictures(capsys, results("plane"), "--metric", "pnl", "-o", "fig")[1]
    metric = read_metric(open_results(results("plane")), "pnl")
    for value, error in zip(metric.values.to_numpy().flat, metric.errors.to_numpy().flat):
        assert f"\n{value:.2f}\n± {error:.2f}\n" in texts(svg)


def test_the_median_standard_error_and_the_units_stand_in_the_picture(here, capsys, results):
    svg = pictures(capsys, results("four"), "--metric", "pnl", "-o", "fig")[1]
    with h5py.File(results("four")) as file:
        median = np.median(file["pnl_se"])
    assert f"edian standard error {median:.2g} money" in texts(svg)
    assert "\npnl [money]" in texts(svg)


@pytest.mark.parametrize("name,choose", [("sharpe", np.argmax), ("max_drawdown", np.argmin)])
def test_the_best_cell_is_the_extreme_in_the_direction_that_the_file_states(results, name, choose):
    best = best_cell(read_metric(open_results(results("four")), name))
    with h5py.File(results("four")) as file:
        values = file[name][...]
    expected = np.unravel_index(choose(values), values.shape)
    assert best == dict(zip(("k", "gamma", "A", "q_max"), expected))


def test_the_picture_says_and_marks_where_the_best_cell_is(here, capsys, results):
    svg = pictures(capsys, results("four"), "--metric", "sharpe", "-o", "fig")[1]
    with h5py.File(results("four")) as file:
        values, names = file["sharpe"][...], ("k", "gamma", "A", "q_max")
        place = dict(zip(names, np.unravel_index(values.argmax(), values.shape)))
        for name in names:
            assert f"{name} = {value_labels([file[name][place[name]]])[0]}" in texts(svg)
    assert svg.read_text().count('id="best"') == 1


def test_the_star_is_on_the_best_cell(results):
    file = open_results(results("plane"))
    metric = read_metric(file, "pnl").transposed(("gamma", "q_max"))
    plot = heatmap.draw(file, metric, choose_axes(dict(metric.values.sizes))).axes[0]
    star = next(line for line in plot.lines if line.get_gid() == "best")
    drawn = plot.collections[0].get_array().reshape(3, 2)
    y, x = np.unravel_index(drawn.argmax(), drawn.shape)
    assert x < star.get_xdata()[0] < x + 1 and y < star.get_ydata()[0] < y + 1


def test_the_best_cell_is_not_one_that_is_incomplete(here, results):
    file = copy(results("plane"), here)
    with h5py.File(file, "r+") as raw:
        first = np.unravel_index(raw["pnl"][...].argmax(), raw["pnl"].shape)
        raw["status"][first] = 1
    assert tuple(best_cell(read_metric(open_results(file), "pnl")).values()) != first


@pytest.mark.parametrize("better,values", [
    ("higher", [10.0, 7.3, 7.1, np.nan]), ("lower", [-10.0, -7.3, -7.1, np.nan])])
def test_rivals_are_the_other_cells_within_two_combined_standard_errors(better, values):
    cells = xr.DataArray(values, dims="k")
    metric = Metric("pnl", "price", better, "", cells, xr.ones_like(cells), 0, 1,
                    Warned(xr.zeros_like(cells, dtype=int), {}))
    assert best_cell(metric) == {"k": 0}
    assert rivals(metric, {"k": 0}) == 1  # 2 sqrt(1 + 1) = 2.83


def test_incomplete_and_undefined_cells_are_counted_and_not_drawn(here, capsys, results):
    file = copy(results("four"), here)
    with h5py.File(file, "r+") as raw:
        raw["status"][0, 0] = 0
        raw["status"][1, 1, 1, 1] = 3
        raw["sharpe"][1, 4] = np.nan
    svg = pictures(capsys, file, "--metric", "sharpe")[1]
    assert "Hatched: 7 of 60 cells not complete, 6 of 60 cells undefined" in texts(svg)
    assert texts(svg).count("\n± ") == 60 - 7 - 6


def test_a_file_without_any_complete_cell_is_drawn_and_says_so(here, capsys, results):
    for study in ("plane", "line"):
        file = copy(results(study), here)
        with h5py.File(file, "r+") as raw:
            raw["status"][...] = 0
        svg = pictures(capsys, file, "--metric", "sharpe")[1]
        assert "No cell has a value." in texts(svg)
        assert 'id="best"' not in svg.read_text()


def test_a_file_that_a_writer_holds_open_can_be_drawn(here, capsys, results):
    file = copy(results("plane"), here)
    with h5py.File(file, "r+", locking=True):
        assert len(subprocess.run([sys.executable, heatmap.__file__, file], capture_output=True,
                                  text=True, check=True).stdout.split()) == 6


def test_parameters_held_fixed_stand_in_the_title_and_narrow_the_picture(here, capsys, results):
    arguments = ["--metric", "pnl", "--at", "q_max=5", "k=1", "-o", "fig"]
    svg = pictures(capsys, results("four"), *arguments)[1]
    assert "\ntiny: pnl, k = 1, q_max = 5\n" in texts(svg)
    assert texts(svg).count("\n± ") == 5 * 2
    svg = pictures(capsys, results("single"), "--metric", "pnl", "-o", "fig")[1]
    assert "\ntiny: pnl, T = 1, k = 1.5\n" in texts(svg)


def test_a_value_may_be_given_as_the_axis_shows_it(here, capsys, results):
    arguments = ["--metric", "pnl", "--at", "gamma=0.0316", "-o", "fig"]
    svg = pictures(capsys, results("four"), *arguments)[1]
    assert "\ntiny: pnl, gamma = 0.0316\n" in texts(svg)


def test_axes_ascend_whatever_the_order_in_the_study(results):
    options = heatmap.command_line().parse_args(["cube.h5"])
    file = heatmap.selected(open_results(results("cube")), options)
    np.testing.assert_array_equal(file["k"], [1.0, 2.0])
    original = open_results(results("cube"))
    np.testing.assert_array_equal(file["pnl"].sel(k=2.0), original["pnl"].sel(k=2.0))


def test_a_list_names_the_parameters_of_its_points(here, capsys, results):
    svg = pictures(capsys, results("list"), "--metric", "pnl", "-o", "fig")[1]
    assert "point\ngamma\nk\nq_max" in texts(svg)
    assert "\n2\n0.4\n1.5\n10" in texts(svg)


def test_bright_is_good():
    values = xr.DataArray([1.0, 2.0, np.nan], dims="k")
    for better, good in (("higher", 2.0), ("lower", 1.0)):
        scale = colour_scale(Metric("pnl", "price", better, "", values, None, 0, 1,
                                    Warned(xr.zeros_like(values, dtype=int), {})))
        assert max((1.0, 2.0), key=lambda value: sum(scale.to_rgba(value)[:3])) == good


def test_ink_contrasts_with_its_cell():
    assert ink_on((1.0, 1.0, 0.2, 1.0)) == "black"
    assert ink_on((0.2, 0.0, 0.3, 1.0)) == "white"


def test_labels_are_short_but_distinct():
    assert value_labels([0.01, 0.0177827941, 1.0]) == ["0.01", "0.0178", "1"]
    assert value_labels([100.12, 100.14]) == ["100.12", "100.14"]
    assert value_labels([1000, 250000]) == ["1000", "250000"]


def test_log_spacing_is_recognised():
    assert log_spaced(np.logspace(-2, 0, 9)) and log_spaced(np.array([0.01, 0.02, 0.05, 0.1]))
    assert not log_spaced(np.linspace(1, 2, 9)) and not log_spaced(np.array([1.0, 10.0]))
    assert not log_spaced(np.array([0.0, 1.0, 10.0]))


def test_text_gives_way_where_cells_are_too_many_and_the_picture_stays_small():
    assert plan_sheet((9, 3)).text
    for shape in ((1000, 1000), (6, 6, 160, 160), (36, 300, 100), (18, 2, 60, 60)):
        sheet = plan_sheet(shape)
        assert not sheet.text and max(sheet.extent()) < 32.0
    assert len(tick_cells(1000, 7.5, 0.5)) < 12


def enlarged(source: Path, target: Path, side: int) -> None:
    """A file of side x side points (gamma, q_max) as the program lays it out, pnl 0, 1, ..."""
    with h5py.File(source) as small, h5py.File(target, "w", track_order=True) as file:
        file.attrs.update(small.attrs)
        for name in ("gamma", "q_max"):
            file[name] = np.arange(1.0, side + 1.0)
            file[name].make_scale(name)
        numbers = np.arange(side * side, dtype=float).reshape(side, side)
        for name, values in {"pnl": numbers, "pnl_se": 0.0 * numbers + 1.0,
                             "status": 0.0 * numbers + 2.0, "paths_done": numbers}.items():
            file[name] = values.astype(small[name].dtype)
            file[name].attrs.update({key: value for key, value in small[name].attrs.items()
                                     if isinstance(value, str)})
            file[name].dims[0].attach_scale(file["gamma"])
            file[name].dims[1].attach_scale(file["q_max"])


def test_a_plane_of_a_million_cells_is_drawn_without_text(here, capsys, results):
    enlarged(results("plane"), Path("million.h5"), 1000)
    png, svg = pictures(capsys, "million.h5", "--metric", "pnl")
    assert max(png_size(png)) < 3000 and svg.stat().st_size < 3_000_000
    assert "at gamma = 1000, q_max = 1000" in texts(svg)
    assert "\n± " not in texts(svg)


REFUSALS = {
    "an unknown metric, with the closest and all": (
        ["--metric", "sharp"], ["'sharp'", "did you mean 'sharpe'?", "max_drawdown, "]),
    "an unknown x, with the dimensions": (
        ["--x", "gama"], ["--x gama", "did you mean 'gamma'?", "A, q_max"]),
    "an unknown dimension to hold": (["--at", "foo=1"], ["--at foo", "k, gamma, A, q_max"]),
    "a value that is not on the axis, with those that are": (
        ["--at", "q_max=4"], ["q_max=4", "3, 5, 10"]),
    "a value that is no number": (["--at", "q_max=many"], ["'many' is not a number"]),
    "a setting without a value": (["--at", "q_max"], ["'q_max' must be NAME=VALUE"]),
    "the same parameter on both axes": (["--x", "k", "--y", "k"], ["--x and --y are both k"]),
    "an unknown option": (["--colour", "red"], ["--colour", "--help"]),
    "an unknown format": (["--format", "jpg"], ["jpg", "png"]),
    "a folder that is not there": (["-o", "nowhere/fig"], ["nowhere/fig_sharpe.png", "-o PREFIX"]),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_refuses_in_one_line(here, capsys, results, case):
    arguments, parts = REFUSALS[case]
    message = refusal(capsys, results("four"), *arguments)
    assert all(part in message for part in parts), message


def test_it_refuses_a_missing_file_a_folder_and_a_file_of_another_kind(here, capsys):
    assert "missing.h5: no such file" in refusal(capsys, "missing.h5")
    assert "is a folder" in refusal(capsys, here)
    Path("text.h5").write_text("not HDF5")
    assert "text.h5: not a results file of quotesweep" in refusal(capsys, "text.h5")
    h5py.File("other.h5", "w").close()
    assert "other.h5: not a results file of quotesweep" in refusal(capsys, "other.h5")


def test_it_refuses_a_folder_without_results_when_no_file_is_named(here, capsys):
    assert "no *.h5 in" in refusal(capsys)


def test_it_refuses_a_newer_format(here, capsys, results):
    file = copy(results("plane"), here)
    with h5py.File(file, "r+") as raw:
        raw.attrs["format_version"] = 99
    assert "format version 99" in refusal(capsys, file)


def test_it_refuses_more_dimensions_than_a_picture_has_and_says_what_to_do(here, capsys, results):
    assert "fix some with --at" in refusal(capsys, results("five"))
    assert pictures(capsys, results("five"), "--at", "sigma=1", "-o", "fig", "--metric", "pnl")


def test_the_command_exits_with_status_2_and_one_line(here):
    done = subprocess.run([sys.executable, heatmap.__file__, "missing.h5"], capture_output=True,
                          text=True)
    assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1


def test_help_has_examples(capsys):
    with pytest.raises(SystemExit) as end:
        heatmap.main(["--help"])
    assert end.value.code == 0
    assert "heatmap.py quickstart.h5 --metric turnover --x k --y gamma" in capsys.readouterr().out


def test_numbers_have_the_decimals_that_their_errors_support(results):
    metric = read_metric(open_results(results("plane")), "pnl")
    assert 0.1 <= typical_error(metric) < 1.0
    assert words.number_text(26.38521, metric) == "26.39"
    assert words.number_text(-0.001, metric) == "0.00"
    assert words.error_text(0.3125, metric) == "0.31"
    assert words.error_text(0.00042, metric) == "0.00042"
