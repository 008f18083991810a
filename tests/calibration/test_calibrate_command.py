"""quotesweep-calibrate from a file to a study that runs, on simulated and on real recordings."""

from __future__ import annotations

import gzip
import math
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import yaml

from calibration.simulated import Truth
from calibration.study import time_grid

ROOT = Path(__file__).resolve().parents[2]
TRUTH = Truth()
TRUE = {"A bid": TRUTH.A[0], "A ask": TRUTH.A[1], "k bid": TRUTH.k[0], "k ask": TRUTH.k[1],
        "sigma": TRUTH.sigma}
ROW = re.compile(r"^(sigma|[Ak] +(?:bid|ask|both)) .*? (\S+) +(\S+) to (\S+)  \d+ ", re.MULTILINE)


def estimates(text: str) -> dict[str, tuple[float, float, float]]:
    """(estimate, low, high) of every row of the table."""
    return {" ".join(name.split()): tuple(map(float, numbers)) for name, *numbers in
            ROW.findall(text)}


def test_the_truth_is_within_twice_the_intervals_of_a_capture(printed, recording):
    text = printed(recording("capture.gz"))
    found = estimates(text)
    assert len(found) == 7 and "does not fit" not in text
    for name, truth in TRUE.items():
        value, low, high = found[name]
        assert low < value < high and value - truth < 2 * (value - low), name
        assert truth - value < 2 * (high - value), name


def test_a_plain_capture_says_the_same_as_a_compressed_one(printed, recording, tmp_path):
    plain = tmp_path / "capture.gz"  # what is in a file decides, not its name
    plain.write_bytes(gzip.decompress(recording("capture.gz").read_bytes()))
    assert printed(plain) == printed(recording("capture.gz"))


def test_a_mixture_is_warned_of_with_what_to_do(printed, recording):
    text = printed(recording("capture.gz", heavy=0.1))
    for side in ("bid", "ask"):
        assert re.search(rf"^warning: an exponential does not fit the {side} side \(p = 0\.00\d\): its "
                         r"tail is heavier, 2(\.\d)? % of the orders reach .* raise --from-distance, set "
                         r"--to-distance .* or choose a shorter --until$", text, re.MULTILINE)


def test_aggregated_trades_say_that_the_mid_is_approximate(printed, recording):
    text = printed(recording("trades.csv"))
    assert "mid        approximate: no quotes, so half way between the last prices" in text
    assert "warning: the mid is approximate: a side trades every " in text


def rows_of(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text().splitlines()]


def test_every_form_of_aggregated_trades_says_the_same(printed, recording, tmp_path):
    source = recording("trades.csv")
    header, *rows = rows_of(source)
    expected = printed(source)
    micro = [[*row[:5], f"{row[5]}000", row[6].capitalize(), "True"] for row in rows]
    for name, lines in {"bare": rows, "spot": micro, "header": [[*header, "best_match"], *micro]}.items():
        path = tmp_path / name / "trades.csv"
        path.parent.mkdir()
        path.write_text("".join(f"{','.join(line)}\r\n" for line in lines))
        assert printed(path) == expected
    (tmp_path / "trades.csv").write_bytes(gzip.compress(source.read_bytes()))
    assert printed(tmp_path / "trades.csv") == expected
    with zipfile.ZipFile(tmp_path / "trades.zip", "w") as archive:
        archive.write(source, "trades.csv")
    assert printed(tmp_path / "trades.zip") == expected.replace("trades.csv", "trades.zip")


def test_the_mid_of_trades_may_be_chosen_for_a_capture(printed, recording):
    of_trades = estimates(printed(recording("capture.gz"), "--mid", "trades"))
    for name, found in estimates(printed(recording("trades.csv"))).items():
        assert of_trades[name] == pytest.approx(found, rel=0.02), name


def test_spot_quotes_are_taken_some_time_before_a_trade(printed, tmp_path, recording):
    """Without T in quotes all is on the local clock, where quotes arrive 1 ms early."""
    lines = gzip.decompress(recording("capture.gz").read_bytes()).decode().splitlines()
    spot = [re.sub(r', "T": \d+', "", line) if "bookTicker" in line else line for line in lines]
    late = [f"{int(line.split()[0]) + 1_000_000 * ('bookTicker' not in line)} {line.split(' ', 1)[1]}"
            for line in spot]
    path = tmp_path / "capture.gz"
    path.write_text("\n".join(late) + "\n")
    text = printed(path, "--quote-delay", "0.001")
    assert "s of local time" in text
    whole = estimates(printed(recording("capture.gz")))
    assert estimates(text)["k bid"] == pytest.approx(whole["k bid"], rel=0.01)


def test_prints_outside_the_market_and_second_streams_are_left_out(printed, recording, tmp_path):
    lines = gzip.decompress(recording("capture.gz").read_bytes()).decode().splitlines()
    trade = next(line for line in lines if '"trade"' in line)
    extra = [trade.replace("MARKET", "INSURANCE_FUND").replace('"p": "', '"p": "1'),
             trade.replace("trade", "aggTrade").replace('"p": "', '"p": "1'),
             trade.split()[0] + ' {"lastUpdateId": 1, "bids": [], "asks": []}',
             trade.split()[0] + ' {"e":"depthUpdate","b":[]}', ""]
    path = tmp_path / "capture.gz"
    path.write_text("\n".join([*lines, *extra]) + "\n")
    text = printed(path)
    assert estimates(text) == estimates(printed(recording("capture.gz")))
    assert "note       1 trades were not of the market" in text
    assert "note       both trade and aggTrade were recorded: only trade is used" in text


def test_one_symbol_of_several_is_chosen(printed, recording, tmp_path):
    lines = gzip.decompress(recording("capture.gz").read_bytes()).decode()
    path = tmp_path / "capture.gz"
    path.write_text(lines + lines.replace("TESTUSDT", "OTHER"))
    assert printed(path, "--symbol", "TESTUSDT") == printed(recording("capture.gz"))


# The study and the picture -------------------------------------------------------------------------

def test_the_study_is_centred_on_the_estimates_and_runs(printed, recording, quotesweep, tmp_path):
    text = printed(recording("capture.gz"), "-o", tmp_path / "my-study.yaml")
    study = yaml.safe_load((tmp_path / "my-study.yaml").read_text())
    found = estimates(text)
    for name in ("A", "k"):
        value, low, high = found[f"{name} both"]
        assert (study["sweep"][name], study["fills"][name]) == ([low, value, high], value)
    market = study["market"]
    assert market["sigma"] == found["sigma"][0]
    assert abs(market["initial_price"] - TRUTH.price) < 6 * TRUTH.sigma * math.sqrt(900)
    assert market["T"] / market["dt"] == pytest.approx(round(market["T"] / market["dt"]), rel=1e-9)
    assert max(study["sweep"]["A"]) * market["dt"] <= 0.1
    low, high = study["sweep"]["gamma"]["log"]
    assert low < study["strategy"]["gamma"] < high
    run_study(quotesweep, tmp_path / "my-study.yaml")


@pytest.mark.parametrize("name", ["2024-08-08", "a b.c", "null"])
def test_a_study_may_have_any_name(printed, recording, quotesweep, tmp_path, name):
    printed(recording("capture.gz"), "-o", tmp_path / f"{name}.yaml")
    run_study(quotesweep, tmp_path / f"{name}.yaml")


def test_time_grids_are_whole_and_fine_enough_for_any_rate():
    for highest in np.geomspace(1e-4, 1e4, 500):
        T, dt = time_grid(highest)
        assert T / dt == pytest.approx(round(T / dt), rel=1e-9)
        assert highest * dt <= 0.1 and 0.0 < dt <= 1.0 and T <= 600.0
        assert round(T / dt) <= 20_000


def run_study(quotesweep, path: Path) -> None:
    """The whole grid, with few paths."""
    done = quotesweep(["run", path.name, "--set", "paths=64", "--set", "block=64"], cwd=path.parent)
    assert done.returncode == 0, done.stderr
    assert "135 of 135 points complete" in done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_picture_is_drawn_and_always_the_same(printed, recording, tmp_path, kind):
    text = printed(recording("capture.gz"), "--plot", tmp_path / f"fit.{kind}")
    assert text.endswith(f"\n\n{tmp_path}/fit.{kind}\n")
    printed(recording("capture.gz"), "--plot", tmp_path / f"again.{kind}")
    assert (tmp_path / f"fit.{kind}").read_bytes() == (tmp_path / f"again.{kind}").read_bytes()


def test_the_picture_tells_estimates_and_verdict(printed, recording, tmp_path):
    printed(recording("capture.gz", heavy=0.1), "--plot", tmp_path / "fit.svg")
    shown = "\n".join(re.findall(r"<!-- (.*?) -->", (tmp_path / "fit.svg").read_text(), re.DOTALL))
    for words in ("bid: A", "does not fit (p = 0.001)", "95 % band", "two scales", "chosen: 5 s",
                  "orders that reach it [1 / second]"):
        assert words in shown


# The launcher --------------------------------------------------------------------------------------

def checkout(folder: Path) -> Path:
    """The launcher in a repository of its own."""
    folder.mkdir()
    for package in ("calibration", "tapes"):
        (folder / package).symlink_to(ROOT / package)
    launcher = folder / "quotesweep-calibrate"
    launcher.write_bytes((ROOT / "quotesweep-calibrate").read_bytes())
    launcher.chmod(0o755)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (folder / ".venv" / "bin" / "python").chmod(0o755)
    return launcher


def launched(launcher: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run([launcher, *map(str, arguments)], cwd=cwd, env=environment, text=True,
                          capture_output=True, timeout=120)


def test_the_launcher_works_from_any_folder_and_through_links(recording, tmp_path):
    launcher = checkout(tmp_path / "the repository")
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "calibrate"
    link.symlink_to("../link")
    (tmp_path / "link").symlink_to(launcher)
    for command in (launcher, link):
        done = launched(command, recording("capture.gz"), "-o", "s.yaml", "--fresh", cwd=tmp_path / "bin")
        assert done.returncode == 0 and len(estimates(done.stdout)) == 7, done.stderr
    assert (tmp_path / "bin" / "s.yaml").exists()
    done = launched(launcher, "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2, "quotesweep-calibrate: nowhere: no such file; name a raw capture or aggregated trades\n")
    assert "examples:" in launched(launcher, "--help", cwd=tmp_path).stdout


# Real recordings -----------------------------------------------------------------------------------

@pytest.mark.parametrize(("market", "orders", "tick"), [("spot", 3238, 0.01), ("usdm", 5374, 0.1)])
def test_a_real_recording_is_calibrated_to_and_its_study_runs(printed, real, quotesweep, tmp_path,
                                                              market, orders, tick):
    text = printed(real(market), "-o", tmp_path / "real.yaml", "--plot", tmp_path / "fit.png")
    assert f"orders     {orders} market orders" in text and f"tick {tick}" in text
    for name, (value, low, high) in estimates(text).items():
        assert 0.0 < low < value < high < 2.0 * low, name
    for side in ("bid", "ask"):
        assert f"warning: an exponential does not fit the {side} side" in text
        assert f"warning: orders on the {side} side come in clusters" in text
    study = (tmp_path / "real.yaml").read_text()
    assert study.count("an exponential does NOT fit") == 2
    run_study(quotesweep, tmp_path / "real.yaml")


def test_quotes_and_trades_of_a_real_futures_recording_agree(printed, real):
    """On the exchange's clock hardly an order trades inside the quotes just before it."""
    assert "inside the quotes" not in printed(real("usdm"))
    assert "inside the quotes" in printed(real("spot"))
