"""analysis/replay.py: what it draws of recorded points of a replay, what it says, what it refuses."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes as Plot
from matplotlib.dates import date2num

import replay as replay_py
from picture.panels import MANY_FILLS, MANY_ROWS, SIDES
from picture.replay import draw_account, draw_symbol, enlarged, view
from recording import PER_SYMBOL, Recording, read_recording, time_text
from results import open_results


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def recorded(replays) -> Callable[..., Recording]:
    """recorded(name, point): a recorded point."""
    return lambda name, point=0: read_recording(replays(name).parent / f"out.point{point}.csv")


@pytest.fixture
def copies(here, replays) -> Path:
    """A folder with the results file and the recorded points of REPLAYS["names"]."""
    for file in replays("names").parent.glob("out.*"):
        shutil.copy(file, here)
    return here


def pictures(capsys: pytest.CaptureFixture, *arguments: object) -> list[Path]:
    """Runs replay.py, which must succeed; the paths that it printed."""
    status = replay_py.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return [Path(line) for line in printed.out.splitlines()]


def refusal(capsys: pytest.CaptureFixture, *arguments: object) -> str:
    """Runs replay.py, which must refuse with one line; the line."""
    status = replay_py.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert (status, printed.out, printed.err.count("\n")) == (2, "", 1)
    assert printed.err.startswith("replay.py: ")
    return printed.err


def texts(svg: Path) -> str:
    return "\n".join(re.findall(r"<!-- (.*?) -->", svg.read_text(), flags=re.DOTALL))


def line(plot: Plot, gid: str) -> np.ndarray:
    """The places of a line of a panel, (n, 2)."""
    return next(line for line in plot.lines if line.get_gid() == gid).get_xydata()


def has_steps(plot: Plot, gid: str, recording: Recording, values: np.ndarray) -> bool:
    """Whether a line goes through the values at the bars' times, each held until the next."""
    known, time = np.isfinite(values), date2num(recording.time)
    found = next(line for line in plot.lines if line.get_gid() == gid)
    assert found.get_drawstyle() == "steps-post"
    place = line(plot, gid)
    place = place[np.isfinite(place[:, 1])]
    return np.array_equal(place, np.column_stack([time[known], values[known]]))


def marks(plot: Plot, gid: str) -> list[tuple[float, float]]:
    return sorted(tuple(place) for line in plot.lines if line.get_gid() == gid
                  for place in line.get_xydata())


def every_mark(plot: Plot, side: str) -> list[tuple[float, float]]:
    """Of resting orders and of trades at market."""
    return sorted(marks(plot, side) + marks(plot, f"{side} at market"))


def places(trades) -> list[tuple[float, float]]:
    return sorted(zip(date2num(trades["time"].to_numpy()), trades["price"]))


def panels(figure) -> dict[str, Plot]:
    return {plot.get_ylabel().replace("\n", " "): plot for plot in reversed(figure.axes)}


# What is read -------------------------------------------------------------------------------------

def test_a_recording_holds_what_the_files_hold(recorded, replays):
    recording = recorded("names")
    assert recording.symbols == ("ALPHA", "BETA")
    rows = (replays("names").parent / "out.point0.csv").read_text().splitlines()
    assert len(recording.time) == len(rows) - 1 == 120
    header, fields = rows[0].split(","), rows[60].split(",")
    for name, field in zip(header[1:], fields[1:]):
        assert recording[name][59] == pytest.approx(float(field), rel=1e-14)
    assert time_text(recording.time[59]) == fields[0][:16].replace("T", " ")
    assert len(recording.trades) > 100


def test_the_account_is_what_the_symbols_earned(recorded):
    recording = recorded("long")
    kept = sum(recording.kept_pnl(symbol) for symbol in recording.symbols)
    np.testing.assert_allclose(recording["wallet"], 100_000 + kept, rtol=1e-9)
    for symbol in recording.symbols:
        fees = recording.trades_of(symbol)["fee"].sum()
        assert recording.of(symbol, "fees")[-1] == pytest.approx(fees)


# What is drawn ------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, names", [("names", ["ALPHA", "BETA", "account"]),
                                         ("lone", ["ALPHA", "account"])])
def test_every_symbol_and_the_account_have_a_png_and_an_svg(here, capsys, replays, name, names):
    paths = pictures(capsys, replays(name), "--point", 0, "-o", "fig")
    assert [str(path) for path in paths] == [f"fig_{part}.{kind}" for part in names
                                             for kind in ("png", "svg")]
    for png, svg, part in zip(paths[::2], paths[1::2], names):
        assert min(struct.unpack(">II", png.read_bytes()[16:24])) > 500
        assert f": {part}" in texts(svg)


def test_every_trade_is_a_triangle_of_its_side_at_its_bar_and_price(recorded):
    recording = recorded("names", 9)
    for symbol in recording.symbols:
        plot = draw_symbol(recording, symbol, "").axes[0]
        count = 0
        for side in SIDES:
            trades = recording.trades_of(symbol, side)
            at_market = trades["order"] == "market"
            assert marks(plot, side) == places(trades[~at_market])
            assert marks(plot, f"{side} at market") == places(trades[at_market])
            count += at_market.sum()
        assert count == 1  # what is left is sold, or bought back, at the end
    markers = {line.get_gid(): line.get_marker() for line in plot.lines}
    assert (markers["bought"], markers["sold"]) == ("^", "v")


def test_prices_quotes_position_and_leverage_are_the_columns(recorded):
    recording = recorded("names")
    plots = panels(draw_symbol(recording, "BETA", ""))
    columns = {"price": {"price": "open", "reservation": "reservation_price", "bid": "bid",
                         "ask": "ask"},
               "position [units]": {"position": "position"}, "leverage": {"leverage": "leverage"},
               "realised P&L, fees": {"realised P&L": "realized_pnl", "fees": "fees"}}
    for label, lines in columns.items():
        for gid, column in lines.items():
            assert has_steps(plots[label], gid, recording, recording.of("BETA", column)), gid
    assert has_steps(plots["realised P&L, fees"], "realised P&L less fees", recording,
                     recording.of("BETA", "realized_pnl") - recording.of("BETA", "fees"))
    assert np.isnan(recording.of("BETA", "reservation_price")[:7]).all()  # not drawn while it warms up


def test_the_account_shows_wallet_margin_leverage_drawdown_and_what_each_symbol_earned(recorded):
    recording = recorded("names")
    plots = panels(draw_account(recording, ""))
    for label, gid in (("wallet, margin", "wallet"), ("wallet, margin", "margin"),
                       ("leverage", "leverage")):
        assert has_steps(plots[label], gid, recording, recording[gid]), gid
    np.testing.assert_allclose(line(plots["wallet, margin"], "peak of the margin")[:, 1],
                               np.maximum.accumulate(recording["margin"]))
    shape = plots["drawdown [%]"].collections[0].get_paths()[0].vertices[:, 1]
    peak = np.maximum.accumulate(recording["margin"])
    assert -shape.min() == pytest.approx(100.0 * (1.0 - recording["margin"] / peak).max())
    for symbol in recording.symbols:
        assert has_steps(plots["realised P&L less fees"], symbol, recording,
                         recording.kept_pnl(symbol))


def test_a_replay_of_one_symbol_does_not_compare_symbols(recorded):
    assert "realised P&L less fees" not in panels(draw_account(recorded("lone"), ""))


def test_many_fills_are_bars_that_add_up_and_a_part_with_single_ones_is_enlarged(recorded):
    recording = recorded("long")
    assert len(recording.trades_of("ALPHA")) > MANY_FILLS
    figure = draw_symbol(recording, "ALPHA", "")
    bars, part = panels(figure)["bought, sold"], enlarged(view(recording, "ALPHA"))
    for side, (_, sign, _) in SIDES.items():
        heights = [bar.get_height() for bar in bars.patches if bar.get_gid() == side]
        units = recording.trades_of("ALPHA", side)["units"].sum()
        assert sign * sum(heights) == pytest.approx(units)
        assert marks(figure.axes[0], side) == []
        trades = part.fills(side)
        assert len(trades) >= 20 and every_mark(figure.axes[-1], side) == places(trades)
    assert figure.axes[-1].get_xlim() == (part.time[0], part.time[-1])
    shaded = [patch for patch in figure.axes[0].patches if patch.get_gid() == "enlarged"]
    corners = shaded[0].get_patch_transform().transform(shaded[0].get_path().vertices)
    assert sorted({x for x, _ in corners}) == pytest.approx([part.time[0], part.time[-1]])


@pytest.mark.parametrize("times", [1, 20])
def test_the_enlarged_part_shows_every_fill_however_many_a_bar_has(recorded, times):
    recording = recorded("long")
    several = replace(recording, trades=pd.concat([recording.trades] * times).sort_values("time"))
    part = enlarged(view(several, "ALPHA"))
    plot = draw_symbol(several, "ALPHA", "").axes[-1]
    assert len(part.fills()) >= 40 * times and len(part.time) <= MANY_ROWS
    assert [len(every_mark(plot, side)) for side in SIDES] == [len(part.fills(side)) for side in SIDES]


@pytest.mark.parametrize("bar", [0, 60, 119])
def test_fills_that_are_all_in_one_bar_are_enlarged_with_a_neighbour(recorded, bar):
    recording = recorded("names")
    trades = pd.concat([recording.trades.query("symbol == 'ALPHA'")] * 9)
    whole = view(replace(recording, trades=trades.assign(time=recording.time[bar])), "ALPHA")
    part = enlarged(whole)
    assert len(part.fills()) == len(trades) > MANY_FILLS
    assert len(part.time) == 2


def test_a_replay_without_trades_is_drawn(copies, capsys):
    lines = [row.split(",") for row in Path("out.point0.csv").read_text().splitlines()]
    for row in lines[1:]:
        for column in ("ALPHA_bought", "ALPHA_sold", "BETA_bought", "BETA_sold"):
            row[lines[0].index(column)] = "0"
    Path("out.point0.csv").write_text("\n".join(map(",".join, lines)) + "\n")
    trades = Path("out.point0.trades.csv")
    trades.write_text(trades.read_text().splitlines()[0] + "\n")
    svg = pictures(capsys, "out.point0.csv", "--format", "svg")[0]
    assert "0 bought, 0 sold, 0 of them at market" in " ".join(texts(svg).split())


def test_trades_at_market_are_marked_among_many_fills(recorded):
    recording = recorded("long")
    at_market = recording.trades[recording.trades["order"] == "market"]
    assert len(at_market) > 0
    for symbol in recording.symbols:
        plot = draw_symbol(recording, symbol, "").axes[0]
        found = sorted(marks(plot, "bought at market") + marks(plot, "sold at market"))
        assert found == places(at_market[at_market["symbol"] == symbol])


def test_bands_of_many_bars_hold_every_bar_and_the_drawdown_its_worst(recorded):
    recording = recorded("long")
    assert len(recording.time) > MANY_ROWS
    position = recording.of("ALPHA", "position")
    plot = panels(draw_symbol(recording, "ALPHA", ""))["position [units]"]
    band = plot.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (position.min(), position.max())
    assert len(line(plot, "position")) == 400
    drawn = panels(draw_account(recording, ""))["drawdown [%]"].collections[0]
    peak = np.maximum.accumulate(recording["margin"])
    worst = (100.0 * (1.0 - recording["margin"] / peak)).max()
    assert -drawn.get_paths()[0].vertices[:, 1].min() == pytest.approx(worst)


def test_a_worst_bar_at_an_end_of_many_is_not_lost(recorded):
    recording = recorded("long")
    for row in (0, 1999, len(recording.time) - 1):
        drawdown = np.zeros(len(recording.time))
        drawdown[row] = 5000.0
        values = recording.values | {"drawdown": drawdown, "margin": 10_000.0 - drawdown}
        drawn = panels(draw_account(replace(recording, values=values), ""))["drawdown [%]"]
        assert drawn.collections[0].get_paths()[0].vertices[:, 1].min() == pytest.approx(-50.0)


def test_the_end_of_trading_is_a_line_through_all_panels(recorded):
    recording = recorded("names")
    trading = np.ones(len(recording.time))
    trading[80:] = 0.0
    ended = replace(recording, values=recording.values | {"trading": trading})
    for figure in (draw_symbol(ended, "ALPHA", ""), draw_account(ended, "")):
        for plot in figure.axes:
            stops = [stop.get_xdata()[0] for stop in plot.lines if stop.get_gid() == "stop"]
            assert stops == [date2num(recording.time[80])]
        assert "trading ended" in figure.axes[0].texts[0].get_text()
    assert not [stop for stop in draw_account(recording, "").axes[0].lines
                if stop.get_gid() == "stop"]


# What is said -------------------------------------------------------------------------------------

def test_the_title_tells_the_points_parameters(here, capsys, replays, recorded):
    svg = pictures(capsys, replays("names"), "--point", 9, "-o", "fig", "--format", "svg")[0]
    cell = open_results(replays("names"))["pnl"].to_dataframe().iloc[9]
    name, min_spread, aggressivity = cell.name
    assert (f"names, point 9, name = {name}, min_spread = {min_spread:g}, "
            f"aggressivity = {aggressivity:g}: ALPHA") in " ".join(texts(svg).split())
    assert recorded("names", 9)["margin"][-1] == pytest.approx(100_000 + cell["pnl"])


def test_the_title_tells_the_parameters_of_a_point_of_a_list(here, capsys, replays):
    svg = pictures(capsys, replays("list"), "-o", "fig", "--format", "svg")[0]
    assert "list, point 1, name = mexico, min_spread = 0.004: ALPHA" in texts(svg)


def test_parameters_are_not_told_where_the_results_are_another_runs(copies, capsys):
    with h5py.File("out.h5", "r+") as file:
        file["fees"][1, 0, 0] += 1.0
        file["fees"][2, 0, 1] += 1.0
    svg = pictures(capsys, "out.point9.csv", "--format", "svg")[-1]
    assert "out, point 9 (not as in out.h5): account" in texts(svg)
    Path("out.h5").unlink()
    svg = pictures(capsys, "out.point9.csv", "--format", "svg")[-1]
    assert "out, point 9: account" in texts(svg)


def test_the_words_say_what_it_came_to(here, capsys, replays, recorded):
    recording = recorded("names")
    svgs = pictures(capsys, replays("names"), "--point", 0, "-o", "fig", "--format", "svg")
    words = " ".join(texts(svgs[0]).split())
    trades = recording.trades_of("ALPHA")
    assert f"{(trades['side'] == 'buy').sum()} bought, {(trades['side'] == 'sell').sum()} sold" in words
    assert f"fees {recording.of('ALPHA', 'fees')[-1]:,.6g}" in words
    assert f"P&amp;L {recording['margin'][-1] - 100_000:,.6g} (" in texts(svgs[-1])
    assert "120 bars from 2024-01-01 to 2024-01-05 23:00 UTC" in words


# What is chosen -----------------------------------------------------------------------------------

def test_without_a_file_the_newest_recorded_series_is_drawn_and_named(copies, capsys):
    os.utime("out.point9.csv", (1e9, 1e9))
    os.utime("out.point0.trades.csv", (3e9, 3e9))
    os.utime("out.point0.csv", (2e9, 2e9))
    assert replay_py.main(["--format", "svg"]) == 0
    printed = capsys.readouterr()
    assert printed.out.split()[0] == "out.point0_ALPHA.svg"
    assert "out.point0.csv, the newest of 2" in printed.err
    assert replay_py.main(["--format", "svg", "--point", "9"]) == 0
    assert capsys.readouterr().out.split()[0] == "out.point9_ALPHA.svg"


def test_symbols_and_dates_choose_what_is_drawn(copies, capsys):
    arguments = ["out.point0.csv", "--from", "2024-01-02 06:00", "--to", "2024-01-03", "--format", "svg"]
    paths = pictures(capsys, *arguments, "--symbols", "BETA")
    assert [str(path) for path in paths] == ["out.point0_BETA.svg", "out.point0_account.svg"]
    assert "42 bars from 2024-01-02 06:00 to 2024-01-03 23:00 UTC" in texts(paths[0])


def test_a_part_has_the_trades_of_its_bars(recorded):
    recording = recorded("names")
    part = recording.between(recording.time[30], recording.time[50])
    assert len(part.time) == 21
    for symbol in part.symbols:
        for side in SIDES:
            assert part.trades_of(symbol, side)["units"].sum() == pytest.approx(
                recording.of(symbol, side)[30:51].sum())


def test_what_parts_gained_adds_up_to_what_the_whole_gained(recorded):
    recording = recorded("names")
    middle = recording.time[60]
    parts = (recording.between(None, recording.time[59]), recording.between(middle, None))
    for column in ("margin", "ALPHA_fees", "BETA_realized_pnl"):
        assert sum(part.gained(column) for part in parts) == pytest.approx(recording.gained(column))
    assert recording.gained("ALPHA_fees") == recording.of("ALPHA", "fees")[-1]


def test_the_same_recording_gives_the_same_svg(here, capsys, replays):
    first, second = (pictures(capsys, replays("lone"), "-o", name, "--format", "svg")[0].read_bytes()
                     for name in ("a", "b"))
    assert first == second


# What is refused ----------------------------------------------------------------------------------

REFUSALS = {
    "a missing file": (["no.csv"], ["no.csv: cannot be read (No such file or directory)"]),
    "a missing results file": (["no.h5"], ["no.h5: no such file"]),
    "the trades": (["out.point0.trades.csv"], ["holds the trades", "out.point0.csv"]),
    "no point where there are several": (["out.h5"], ["choose one with --point: 0, 9"]),
    "a point that is not recorded": (["out.h5", "--point", 3], [
        "out.point3.csv is missing", "0, 9", "Add 3 to `record`"]),
    "a point that does not exist": (["out.h5", "--point", 12], ["--point 12", "points 0 to 11"]),
    "a point of a series": (["out.point0.csv", "--point", 9], ["is the series of one point"]),
    "an unknown symbol": (["out.point0.csv", "--symbols", "BETTA"], [
        "--symbols BETTA", "did you mean 'BETA'?", "ALPHA, BETA"]),
    "something else than a date": (["out.point0.csv", "--from", "monday"], [
        "--from monday: not a date", "2024-01-31"]),
    "a day that no month has": (["out.point0.csv", "--to", "2024-02-31"], ["--to 2024-02-31"]),
    "dates without bars": (["out.point0.csv", "--from", "2025-01-01"], [
        "fewer than two bars", "from 2024-01-01 to 2024-01-05 23:00"]),
    "a folder that is not there": (["out.point0.csv", "-o", "no/fig"], [
        "no/fig_ALPHA.png", "-o PREFIX"]),
    "an unknown option": (["--seconds"], ["--seconds", "see --help"]),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_refuses_in_one_line(copies, capsys, case):
    arguments, parts = REFUSALS[case]
    message = refusal(capsys, *arguments)
    assert all(part in message for part in parts), message


def test_what_is_no_recorded_series_is_refused(here, capsys, quotesweep):
    (here / "table.csv").write_text("a,b\n1,2\n")
    (here / "empty.csv").write_text("")
    (here / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    (here / "study.yaml").write_text("study: s\nmarket: {T: 1}\npaths: 1\nblock: 1\n")
    quotesweep(["simulate", here / "study.yaml", "-o", here / "path.csv"], check=True)
    for name in ("table.csv", "empty.csv"):
        assert f"{name}: not the recorded series of a replay; record" in refusal(capsys, name)
    assert "bytes.csv: cannot be read (not a text file)" in refusal(capsys, "bytes.csv")
    assert "path.csv: not the recorded series of a replay; draw it with path.py" in refusal(
        capsys, "path.csv")
    (here / "path.csv").unlink()
    for file in here.glob("*.csv"):
        file.unlink()
    assert "no *.point*[0-9].csv in" in refusal(capsys)


def test_results_without_a_recorded_point_are_refused(here, capsys, replays):
    shutil.copy(replays("line"), here)
    assert "no point is recorded beside it; say `record: [0]`" in refusal(capsys, "out.h5")


@pytest.mark.parametrize("name", ["out.point0.csv", "out.point0.trades.csv"])
@pytest.mark.parametrize("damage", ["cut", "no number", "few fields", "many fields", "out of order",
                                    "no time"])
def test_a_damaged_file_is_refused_with_its_name(copies, capsys, name, damage):
    lines = Path(name).read_text().splitlines()
    half = lines[60].split(",")
    lines[60] = ",".join({"cut": half, "no number": [*half[:4], "abc", *half[5:]],
                          "few fields": half[:-2], "many fields": [*half, "1"],
                          "out of order": ["2023-01-01T00:00:00Z", *half[1:]],
                          "no time": ["yesterday", *half[1:]]}[damage])
    text = "\n".join(lines) + "\n"
    Path(name).write_text(text[:-9] if damage == "cut" else text)
    assert f"{name}: damaged: " in refusal(capsys, "out.point0.csv")


def test_fields_without_a_name_are_refused(copies, capsys):
    header, *rows = Path("out.point0.csv").read_text().splitlines()
    Path("out.point0.csv").write_text("\n".join([header, *(f"{row},1" for row in rows)]) + "\n")
    assert "out.point0.csv: damaged: " in refusal(capsys, "out.point0.csv")


def test_trades_that_are_missing_or_anothers_are_refused(copies, capsys):
    shutil.copy("out.point9.trades.csv", "out.point0.trades.csv")
    assert "out.point0.trades.csv: not the trades of out.point0.csv" in refusal(capsys, "out.point0.csv")
    Path("out.point0.trades.csv").unlink()
    assert "out.point0.trades.csv: missing" in refusal(capsys, "out.point0.csv")


@pytest.mark.parametrize("column", [f"ALPHA_{name}" for name in PER_SYMBOL] + ["wallet"])
def test_only_quotes_may_be_empty(copies, capsys, column):
    lines = [row.split(",") for row in Path("out.point0.csv").read_text().splitlines()]
    lines[60][lines[0].index(column)] = ""
    Path("out.point0.csv").write_text("\n".join(map(",".join, lines)) + "\n")
    if column in ("ALPHA_bid", "ALPHA_ask", "ALPHA_reservation_price"):
        assert np.isnan(read_recording(Path("out.point0.csv"))[column][59])
    else:
        assert "out.point0.csv: damaged" in refusal(capsys, "out.point0.csv")


def test_it_runs_as_a_program(copies):
    script = Path(replay_py.__file__)
    done = subprocess.run([sys.executable, script, "out.h5", "--point", "0", "--symbols", "BETA"],
                          text=True, capture_output=True, check=True)
    assert done.stdout.split()[0] == "out.point0_BETA.png"
    text = subprocess.run([sys.executable, script, "--help"], text=True, capture_output=True,
                          check=True).stdout
    assert "usage: replay.py" in text and "replay.py out.h5 --point 17" in text
