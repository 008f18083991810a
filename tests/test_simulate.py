"""`quotesweep simulate`: the path that it tells is the sweep's, and its numbers add up."""

import csv
import re

import h5py
import pytest

from program import ROOT

DESK = """\
study: desk
market:
  {model: cointegrated, T: 4, dt: 0.005, partner_sigma: 4, spread_sigma: 3, spread_reversion: 30,
   tick: 0.01, book_spread: 2, imbalance_sd: 0.5}
fills: {A: 20, k: 1.5}
signal: {volatility: ewma, lookback: 60, interval: 20, adf_pval_max: 0.2, enter: 1.5, exit: 0.3}
strategy:
  {gamma: 0.001, fair_value: microprice, pair_bias: 0.3, pair_quantity: 2, quantity: 3,
   min_half_spread: 5}
risk: {q_max: 12, drawdown_stop: 0.006, cooldown: 0.2, slippage: 1}
account: {capital: 1000, maker_fee_bps: -1, taker_fee_bps: 1}
paths: 1
block: 1
"""
BARE = """\
study: bare
market: {T: 2}
risk: {q_max: 5}
account: {initial_inventory: -2}
metrics: {detail: full}
paths: 1
block: 1
"""
PARTS = {"spread captured": "pnl_spread", "rebates and fees": "pnl_fees",
         "inventory": "pnl_inventory", "signal bias": "pnl_bias", "pair trading": "pnl_pair",
         "liquidation": "pnl_liquidation"}
NUMBER = r"(-?[\d.]+|-)"


@pytest.fixture(params=["single", "double"])
def precision(request):
    return f"precision={request.param}"


@pytest.fixture(params=[DESK, BARE], ids=["desk", "bare"])
def study(request, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(request.param)
    return path


@pytest.fixture
def desk(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(DESK)
    return path


def simulate(quotesweep, *arguments):
    return quotesweep(["simulate", *arguments], check=True).stdout


def closing(text):
    """The closing table and the attribution: name -> value as printed, without %."""
    rows = {}
    for line in text[text.index("\ntotal return"):].splitlines():
        if found := re.match(rf"([A-Za-z&=][A-Za-z&= ]*?)  +{NUMBER}", line):
            rows[found[1]] = found[2]
    return rows


def told(text):
    """The lines of the path: (step, time, trades, P&L, inventory, mid, drawdown)."""
    lines = text[:text.index("\ntotal return")].splitlines()[1:]
    return [line.replace("%", "").split() for line in lines if line and "stop:" not in line]


def stops(text):
    return re.findall(r"^ *(\d+) +(\S+) stop: (.*),", text, re.M)


def swept(quotesweep, study, *arguments):
    """Means of a sweep of one path: that path's own numbers."""
    output = study.with_suffix(".h5")
    quotesweep(["run", study, "-o", output, "--fresh", *arguments], check=True)
    with h5py.File(output) as file:
        return {name: float(data[()].ravel()[0]) for name, data in file.items()
                if isinstance(data, h5py.Dataset) and data.dtype.kind == "f"}


def series(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def numbers(rows, name):
    return [float(row[name]) for row in rows]


def test_the_closing_table_is_what_a_sweep_of_this_path_stores(quotesweep, study, precision):
    stored = swept(quotesweep, study, "--set", precision)
    table = closing(simulate(quotesweep, study, "--set", precision))
    for name, metric in {"P&L": "pnl", "sum = P&L": "pnl", **PARTS}.items():
        assert float(table[name]) == round(stored[metric], 4) + 0.0, name
    for name, metric in {"trades": "trades", "round trips": "round_trips", "stops": "stops"}.items():
        assert int(table[name]) == stored[metric], name
    for name, metric in {"total return": "total_return", "win rate": "win_rate",
                         "max drawdown": "max_drawdown_pct"}.items():
        assert float(table[name]) == pytest.approx(100 * stored[metric], abs=0.00051), name
    assert float(table["Calmar"]) == pytest.approx(stored["calmar"], rel=0.006)


def test_the_last_line_and_the_last_row_agree_with_the_table(quotesweep, study, precision):
    file = study.with_suffix(".csv")
    text = simulate(quotesweep, study, "--set", precision, "-o", file)
    table, last, row = closing(text), told(text)[-1], series(file)[-1]
    assert last[2] == table["trades"] == row["trades"]
    assert last[3] == table["P&L"]
    assert float(row["equity"]) - 1000 == pytest.approx(float(table["P&L"]), abs=6e-5)
    assert float(last[4]) == float(row["inventory"])


@pytest.mark.parametrize("every", [1, 7, 1000])
def test_rows_lose_no_fill_and_no_drawdown(quotesweep, study, tmp_path, every):
    coarse, fine = tmp_path / "coarse.csv", tmp_path / "fine.csv"
    simulate(quotesweep, study, "--every", 1, "-o", fine)
    simulate(quotesweep, study, "--every", every, "-o", coarse)
    fine, coarse = series(fine), series(coarse)
    assert len(fine) - 1 == int(fine[-1]["step"])
    for name in ("bought", "sold"):
        assert sum(numbers(coarse, name)) == pytest.approx(sum(numbers(fine, name)))
        paid = [sum(float(row[name]) * float(row[f"{name}_price"] or 0) for row in rows)
                for rows in (coarse, fine)]
        assert paid[0] == pytest.approx(paid[1], rel=1e-7)
    stored = swept(quotesweep, study)
    for rows in (coarse, fine):
        assert max(numbers(rows, "drawdown")) == pytest.approx(stored["max_drawdown"], rel=1e-5)
    kept = {row["step"]: row for row in fine}
    for row in coarse:
        for name in ("time", "mid", "bid", "ask", "inventory", "equity", "trades", "pair_signal"):
            assert row[name] == kept[row["step"]][name], name


def test_inventory_is_what_was_bought_and_sold_except_where_a_stop_sold_it(quotesweep, desk):
    file = desk.with_suffix(".csv")
    simulate(quotesweep, desk, "--every", 1, "-o", file)
    rows = series(file)
    for before, row in zip(rows, rows[1:]):
        held = sum(float(value) for value in (before["inventory"], row["bought"])) - float(row["sold"])
        assert float(row["inventory"]) == (0 if row["stopped"] else pytest.approx(held)), row


def test_every_stop_is_told_when_it_comes_and_has_a_row(quotesweep, desk):
    file = desk.with_suffix(".csv")
    text = simulate(quotesweep, desk, "-o", file)
    stored = swept(quotesweep, desk)
    rows = [row for row in series(file) if row["stopped"]]
    assert len(stops(text)) == len(rows) == stored["stops"] > 1
    assert {row["stopped"] for row in rows} == {"drawdown"}
    assert [(step, float(time)) for step, time, _ in stops(text)] == [
        (row["step"], float(row["time"])) for row in rows]
    assert float(stops(text)[0][1]) == pytest.approx(stored["stop_time"])
    assert "drawdown" in stops(text)[0][2]


@pytest.mark.parametrize("setting, reason, metric", [
    ("risk.kill_loss=0.0005", "kill switch", "stops_kill"),
    ("risk.var_limit=0.002", "value at risk", "stops_var")])
def test_the_reason_of_a_stop_is_told(quotesweep, desk, setting, reason, metric):
    arguments = ["--set", setting, "--set", "drawdown_stop=0", "--set", "var_window=50", "--set",
                 "maker_fee_bps=150"]
    text = simulate(quotesweep, desk, *arguments)
    stored = swept(quotesweep, desk, *arguments)
    assert {told for _, _, told in stops(text)} == {reason}
    assert len(stops(text)) == stored[metric] > 0
    assert closing(text)["trades"] == told(text)[-1][2]


def test_columns_of_what_does_not_exist_are_empty(quotesweep, desk, tmp_path):
    simulate(quotesweep, desk, "-o", tmp_path / "all.csv")
    bare = tmp_path / "bare.yaml"
    bare.write_text(BARE)
    simulate(quotesweep, bare, "-o", tmp_path / "few.csv")
    signals = ["imbalance", "volatility", "pair_signal", "pair_units"]
    assert all(row[name] for row in series(tmp_path / "all.csv")[1:] for name in signals)
    assert not any(row[name] for row in series(tmp_path / "few.csv") for name in signals)
    assert any(not row["bid"] for row in series(tmp_path / "all.csv")[1:])


def test_twenty_lines_are_told_or_as_many_as_asked(quotesweep, desk):
    assert [int(line[0]) for line in told(simulate(quotesweep, desk, "--set", "drawdown_stop=0"))] == [
        *range(0, 801, 40)]
    few = simulate(quotesweep, desk, "--set", "drawdown_stop=0", "--every", 300)
    assert [int(line[0]) for line in told(few)] == [0, 300, 600, 800]


def test_a_long_path_has_twenty_thousand_rows(quotesweep, study, tmp_path):
    simulate(quotesweep, study, "--set", "T=250", "--set", "drawdown_stop=0", "-o", tmp_path / "long.csv")
    rows = series(tmp_path / "long.csv")
    assert len(rows) <= 20001
    assert [int(row["step"]) for row in rows[:3]] == [0, 3, 6]


def test_points_and_paths_are_chosen_like_those_of_trace(quotesweep, tmp_path):
    path = tmp_path / "swept.yaml"
    path.write_text("study: swept\nsweep: {gamma: [0.1, 0.4]}\npaths: 64\nblock: 64\n")
    by_number = quotesweep(["simulate", path, "--point", 1, "--path", 63], check=True)
    by_value = quotesweep(["simulate", path, "--set", "gamma=0.4", "--path", 63], check=True)
    assert by_number.stdout == by_value.stdout
    assert "swept: point 1 (strategy.gamma = 0.4), path 63 of 64" in by_number.stderr
    assert by_number.stdout != simulate(quotesweep, path, "--point", 0, "--path", 63)
    assert by_number.stdout != simulate(quotesweep, path, "--point", 1)


@pytest.mark.parametrize("arguments, message", [
    (["--path", 1], "--path 1: the study has paths 0 to 0"),
    (["--point", 1], "--point 1: the study has points 0 to 0"),
    (["-o", "path.h5"], "-o path.h5: the series of a path is written as CSV; name it FILE.csv"),
    (["-o", "nowhere/path.csv"], "-o nowhere/path.csv: cannot be written (No such file or directory); "
                                 "choose another place"),
    (["--every", 0], "--every"),
    (["--every", "x"], "--every"),
], ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else "")
def test_wrong_usage_is_explained(quotesweep, desk, monkeypatch, arguments, message):
    monkeypatch.chdir(desk.parent)
    refused = quotesweep(["simulate", desk, *arguments])
    assert refused.returncode == 2
    assert refused.stdout == "" and message in refused.stderr
    assert not list(desk.parent.glob("*.h5")) and not list(desk.parent.glob("*.csv"))


@pytest.mark.parametrize("study", sorted(path.name for path in (ROOT / "sweeps").glob("*.yaml")))
def test_a_path_of_every_study_of_ours_can_be_told(quotesweep, study):
    table = closing(simulate(quotesweep, ROOT / "sweeps" / study, "--point", 0))
    parts = sum(float(table[name]) for name in PARTS)
    assert parts == pytest.approx(float(table["P&L"]), abs=6 * 10.0 ** -len(table["P&L"].split(".")[1]))
    assert int(table["trades"]) > 0
