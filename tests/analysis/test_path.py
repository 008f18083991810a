"""analysis/path.py: what it draws, what it says, what it refuses."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import path as path_py
from picture.path import clock_for, draw_path, enlarged, fill_count
from series import Series, read_series

STUDIES = {
    "bare": "market: {T: 1}\n",
    "stopped": "market: {T: 2, tick: 0.01}\nsignal: {volatility: ewma}\nstrategy: {gamma: 0.001}\n"
               "risk: {drawdown_stop: 0.002, cooldown: 0.05}\n",
    "pair": "market: {T: 2, model: cointegrated, imbalance_sd: 0.5}\n"
            "signal: {lookback: 50, adf_pval_max: 0.5}\nstrategy: {pair_bias: 0.2, pair_quantity: 1}\n",
    "long": "market: {T: 40, tick: 0.01}\n",
}


@pytest.fixture(scope="session")
def series(quotesweep, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """series(name): the series of a path of the study STUDIES[name], made once; to be read only."""
    folder = tmp_path_factory.mktemp("series")

    def make(name: str) -> Path:
        study, file = folder / f"{name}.yaml", folder / f"{name}.csv"
        if not file.exists():
            study.write_text(f"study: {name}\n{STUDIES[name]}paths: 1\nblock: 1\n")
            quotesweep(["simulate", study, "-o", file], check=True)
        return file

    return make


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pictures(capsys: pytest.CaptureFixture, *arguments: object) -> list[Path]:
    """Runs path.py, which must succeed; the paths that it printed."""
    status = path_py.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return [Path(line) for line in printed.out.splitlines()]


def refusal(capsys: pytest.CaptureFixture, *arguments: object) -> str:
    """Runs path.py, which must refuse with one line; the line."""
    status = path_py.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert (status, printed.out, printed.err.count("\n")) == (2, "", 1)
    assert printed.err.startswith("path.py: ")
    return printed.err


def texts(svg: Path) -> str:
    return "\n".join(re.findall(r"<!-- (.*?) -->", svg.read_text(), flags=re.DOTALL))


def labels(file: Path) -> list[str]:
    return [plot.get_ylabel().replace("\n", " ") for plot in draw_path(read_series(file)).axes]


def marks(file: Path, gid: str) -> list[tuple[float, float]]:
    """Places of the marks of a kind in the first panel."""
    lines = [line for line in draw_path(read_series(file)).axes[0].lines if line.get_gid() == gid]
    return [tuple(place) for line in lines for place in line.get_xydata()]


@pytest.mark.parametrize("study", STUDIES)
def test_every_path_gives_a_png_and_an_svg(here, capsys, series, study):
    png, svg = pictures(capsys, series(study), "-o", here / study)
    assert (png.name, svg.name) == (f"{study}.png", f"{study}.svg")
    assert min(struct.unpack(">II", png.read_bytes()[16:24])) > 500
    assert f"{study}: one path" in texts(svg) and " trades, largest drawdown " in texts(svg)


def test_without_a_file_the_newest_here_is_drawn_and_named(here, capsys, series):
    for name in ("bare", "pair"):
        (here / f"{name}.csv").write_bytes(series(name).read_bytes())
    (here / "pair.csv").touch()
    assert path_py.main(["--format", "svg"]) == 0
    printed = capsys.readouterr()
    assert printed.out.split() == ["pair.svg"]
    assert "pair.csv, the newest of 2" in printed.err


def test_only_signals_that_are_there_have_a_panel(series):
    always = ["price", "inventory", "equity", "drawdown [%]"]
    assert labels(series("bare")) == always
    assert labels(series("stopped")) == [*always, "volatility"]
    assert labels(series("pair")) == [*always, "imbalance", "pair signal", "position in the pair"]


def test_every_fill_is_a_triangle_at_its_price(series):
    data = read_series(series("bare"))
    for side in ("bought", "sold"):
        rows = data.fills(side)
        assert len(rows) > 10
        assert marks(series("bare"), side) == [
            (data["time"][row], data[f"{side}_price"][row]) for row in rows]
    assert data["trades"][-1] == fill_count(data)


def test_fills_of_a_long_path_are_bars_that_add_up_and_a_part_is_enlarged(series):
    data = read_series(series("long"))
    assert fill_count(data) > 300
    figure = draw_path(data)
    assert [plot.get_ylabel() for plot in figure.axes][1:2] == ["bought,\nsold"]
    heights = [bar.get_height() for bar in figure.axes[1].patches]
    assert sum(max(height, 0.0) for height in heights) == pytest.approx(data["bought"].sum())
    assert -sum(min(height, 0.0) for height in heights) == pytest.approx(data["sold"].sum())
    assert marks(series("long"), "bought") == []
    part = enlarged(data)
    assert 40 <= fill_count(part) <= 200
    assert figure.axes[-1].get_xlim() == (part["time"][0], part["time"][-1])


def test_every_stop_is_a_line_through_all_panels(series):
    data = read_series(series("stopped"))
    assert data.stops and {why for _, why in data.stops} == {"drawdown"}
    for plot in draw_path(data).axes:
        lines = [line.get_xdata()[0] for line in plot.lines if line.get_gid() == "stop"]
        assert lines == [data["time"][row] for row, _ in data.stops]


def test_the_words_say_what_it_came_to(here, capsys, series):
    data = read_series(series("pair"))
    svg = pictures(capsys, series("pair"), "-o", "fig", "--format", "svg")[0]
    assert f"{data['equity'][-1] - 1000:,.6g}" in texts(svg)
    assert f"{data['trades'][-1]:,.0f} trades" in texts(svg)


def test_a_part_may_be_drawn(here, capsys, series):
    part = read_series(series("bare")).between(0.25, 0.5)
    assert (part["time"][0], part["time"][-1]) == (0.25, 0.5)
    pictures(capsys, series("bare"), "--from", 0.25, "--to", 0.5, "-o", "part")
    assert "--from 0.9 --to 0.1: fewer than two rows; the series goes from 0 to 1" in refusal(
        capsys, series("bare"), "--from", 0.9, "--to", 0.1)


@pytest.mark.parametrize("end, label", [(50, "seconds"), (200, "minutes"), (9000, "hours"),
                                        (4320000, "days")])
def test_seconds_are_shown_in_the_unit_that_fits(end, label):
    series = Series("s", {"time": np.array([0.0, end])}, [])
    assert clock_for(series, in_seconds=True).label == f"time [{label}]"
    assert clock_for(series, in_seconds=False).label == "time"


def test_the_same_series_gives_the_same_svg(here, capsys, series):
    first, second = (pictures(capsys, series("pair"), "-o", name, "--format", "svg")[0].read_bytes()
                     for name in ("a", "b"))
    assert first == second


def test_what_is_no_series_is_refused(here, capsys, series):
    (here / "other.csv").write_text("a,b\n1,2\n")
    (here / "cut.csv").write_bytes(series("bare").read_bytes()[:-40])
    assert "not the series of a path; make one with" in refusal(capsys, "other.csv")
    assert "cut.csv: damaged" in refusal(capsys, "cut.csv")
    assert "cannot be read (No such file or directory)" in refusal(capsys, "missing.csv")
    assert "cannot be read" in refusal(capsys, here)
    for file in here.glob("*.csv"):
        file.unlink()
    assert "no *.csv in" in refusal(capsys)
    assert "choose another place with -o PREFIX" in refusal(capsys, series("bare"), "-o", "no/fig")
    assert "--metric; see --help" in refusal(capsys, "--metric")


def test_it_runs_as_a_program(here, series):
    script = Path(path_py.__file__)
    done = subprocess.run([sys.executable, script, series("bare"), "-o", "fig"], text=True,
                          capture_output=True, check=True)
    assert done.stdout.split() == ["fig.png", "fig.svg"]
    text = subprocess.run([sys.executable, script, "--help"], text=True, capture_output=True,
                          check=True).stdout
    assert "usage: path.py" in text and "examples:" in text
