"""Pictures of results over texts, such as names of strategies, and of replays."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import heatmap
from picture.axes import broken, choose_axes, index_of, is_text, log_spaced, value_labels
from picture.words import luck_line, subtitle
from results import best_cell, drawable_names, open_results, read_metric
from selection.report import examine
from selection.windows import read_sweep

NAMES = ["tokyo", "stoikov", "mexico"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def drawn(capsys: pytest.CaptureFixture, *arguments: object) -> str:
    """Runs heatmap.py for one metric; all texts of its picture."""
    status = heatmap.main([str(argument) for argument in
                           (*arguments, "--metric", "pnl", "-o", "fig", "--format", "svg")])
    assert status == 0, capsys.readouterr().err
    assert capsys.readouterr().out == "fig_pnl.svg\n"
    return "\n".join(re.findall(r"<!-- (.*?) -->", Path("fig_pnl.svg").read_text(), flags=re.DOTALL))


def refused(capsys: pytest.CaptureFixture, *arguments: object) -> str:
    assert heatmap.main([str(argument) for argument in arguments]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    return message


def figure(file: Path, *arguments: str):
    """What heatmap.py draws of pnl."""
    options = heatmap.command_line().parse_args([str(file), *arguments])
    data = heatmap.selected(open_results(file), options)
    sizes = {name: data.sizes[name] for name in data["status"].dims}
    axes = choose_axes(sizes, options.x, options.y, {"name"} & set(sizes))
    metric = read_metric(data, "pnl").transposed(axes.order())
    return heatmap.draw(data, metric, axes), metric


def test_texts_become_small_multiples_in_the_order_of_the_study(here, capsys, replays):
    texts = drawn(capsys, replays("names"))
    places = [texts.index(f"\nname = {name}\n") for name in NAMES]
    assert places == sorted(places)
    assert choose_axes({"name": 9, "k": 2, "A": 3}, texts={"name"}).order() == ("name", "A", "k")
    assert choose_axes({"name": 9, "k": 2}, texts={"name"}).order() == ("k", "name")
    assert choose_axes({"name": 9, "k": 2}, y="name", texts={"name"}).order() == ("name", "k")


@pytest.mark.parametrize("option, axis", [("--x", "xaxis"), ("--y", "yaxis")])
def test_an_axis_of_texts_has_a_tick_at_the_middle_of_each(replays, option, axis):
    picture, metric = figure(replays("names"), option, "name", "--at", "aggressivity=0.1")
    ticks = getattr(picture.axes[0], axis)
    assert [label.get_text() for label in ticks.get_ticklabels()] == NAMES
    np.testing.assert_array_equal(ticks.get_ticklocs(), [0.5, 1.5, 2.5])
    assert ticks.get_scale() == "linear" and ticks.get_label_text() == "name"


def test_beside_the_best_sharpe_ratio_stands_how_much_of_it_is_luck(replays):
    whole = open_results(replays("names"))
    cells = whole["status"].size
    found = examine(read_sweep(whole))
    data = heatmap.selected(whole, heatmap.command_line().parse_args(["x.h5"]))
    line = luck_line(data, read_metric(data, "sharpe"))
    assert line == (f"As the best of {cells}: deflated Sharpe ratio {found.all_count.ratio:.2f}, "
                    f"probability of backtest overfitting {found.splits.overfit:.2f} "
                    "(analysis/overfitting.py says more)")
    assert line in subtitle(data, read_metric(data, "sharpe"))
    assert luck_line(data, read_metric(data, "pnl")) == ""
    some = heatmap.selected(whole, heatmap.command_line().parse_args(
        ["x.h5", "--at", f"aggressivity={whole['aggressivity'].values[0]}"]))
    assert f"As the best of {cells}:" in luck_line(some, read_metric(some, "sharpe"))


def test_the_star_is_on_the_best_text(replays):
    picture, metric = figure(replays("names"), "--x", "name", "--at", "aggressivity=0.1")
    star = next(line for line in picture.axes[0].lines if line.get_gid() == "best")
    best = best_cell(metric)
    assert best["name"] == np.unravel_index(metric.values.to_numpy().argmax(),
                                            metric.values.shape)[metric.values.dims.index("name")]
    assert best["name"] < star.get_xdata()[0] < best["name"] + 1


def test_the_best_is_named_by_its_text(here, capsys, replays):
    file = open_results(replays("names"))
    best = file["pnl"].where(file["pnl"] == file["pnl"].max(), drop=True)
    assert f"at name = {best['name'].item()}, min_spread = " in drawn(capsys, replays("names"))


def test_a_text_may_be_held(here, capsys, replays):
    texts = drawn(capsys, replays("names"), "--at", "name=mexico", "min_spread=0.002")
    assert "\nnames: pnl, name = mexico, min_spread = 0.002\n" in texts
    assert "tokyo" not in texts


def test_the_held_text_is_that_of_the_values(replays):
    _, metric = figure(replays("names"), "--at", "name=stoikov")
    np.testing.assert_array_equal(
        metric.values.transpose("min_spread", "aggressivity"),
        open_results(replays("names"))["pnl"].sel(name="stoikov"))


def test_a_text_that_is_not_there_is_refused_with_those_that_are(here, capsys, replays):
    message = refused(capsys, replays("names"), "--at", "name=mexco")
    assert "--at name=mexco" in message and "did you mean 'mexico'?" in message
    assert "tokyo, stoikov, mexico" in message
    assert index_of(np.array(NAMES, dtype=object), "mexico", "") == 2


def test_a_single_axis_of_texts_is_points_that_are_not_joined(replays):
    plot = figure(replays("line"))[0].axes[0]
    assert [label.get_text() for label in plot.get_xticklabels()] == NAMES
    assert plot.lines[0].get_linestyle() == "None" and plot.get_xscale() == "linear"
    np.testing.assert_array_equal(plot.lines[0].get_ydata(), open_results(replays("line"))["pnl"])


def test_a_list_of_points_may_have_texts(here, capsys, replays):
    texts = drawn(capsys, replays("list"))
    assert texts.startswith("0\ntokyo\n0.001\n") and "\n1\nmexico\n0.004" in texts


def test_results_by_window_are_not_drawn(here, capsys, replays):
    file = open_results(replays("names"))
    assert "window" in file["window_return"].dims and "definition" in file["window_return"].attrs
    assert "window_return" not in drawable_names(file)
    assert "unknown metric 'window_return'" in refused(capsys, replays("names"), "--metric",
                                                       "window_return")
    assert heatmap.main([str(replays("names")), "--metric", "all", "--format", "svg", "-o", "all"]) == 0
    assert "window" not in capsys.readouterr().out


def test_a_picture_of_a_replay_names_its_tape(here, capsys, replays):
    texts = " ".join(drawn(capsys, replays("names")).split())
    assert "a replay of 120 bars per cell" in texts
    assert "tape of ALPHA, BETA from 2024-01-01 to 2024-01-05" in texts


def test_texts_have_no_spacing_and_are_their_own_labels():
    texts = np.array(["ten", "one", "hundred"], dtype=object)
    assert is_text(texts) and not is_text(np.array([1, 2]))
    assert not log_spaced(texts)
    assert value_labels(texts) == ["ten", "one", "hundred"]


def test_long_texts_are_broken_behind_underscores():
    assert broken("avellaneda_stoikov", 12) == "avellaneda_\nstoikov"
    assert broken("avellaneda_stoikov", 18) == "avellaneda_stoikov"
    assert broken("symmetric", 4) == "symmetric"


def test_help_shows_how_texts_are_held(capsys):
    with pytest.raises(SystemExit):
        heatmap.main(["--help"])
    assert "--at name=mexico" in capsys.readouterr().out
