"""Times, units and direction: the same trades, however they are written down, give the same estimates."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from calibration import calibrate
from calibration.calibrate import command_line
from program import ROOT

AGGREGATED = "trades.csv"
FAST = ["--bootstrap", "19"]
TURNED = "note       newest first: turned\n"


def iso(ms: int) -> str:
    moment = datetime.fromtimestamp(ms // 1000, timezone.utc)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{ms % 1000:03}"


TIMES: dict[str, Callable[[int], object]] = {
    "ms": lambda ms: ms, "us": lambda ms: ms * 10**3, "ns": lambda ms: ms * 10**6,
    "dates": iso, "dates in UTC": lambda ms: f"{iso(ms)}Z", "floats": lambda ms: f"{ms}.0"}


@pytest.fixture
def rows(recording) -> list[list[str]]:
    """Header and rows of aggregated trades."""
    return [line.split(",") for line in recording(AGGREGATED).read_text().splitlines()]


def written(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / AGGREGATED
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("turned", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("unit", TIMES)
def test_aggregated_trades_of_any_unit_and_direction_say_the_same(printed, recording, rows, tmp_path,
                                                                  unit, turned):
    header, *trades = rows
    trades = [[*row[:5], str(TIMES[unit](int(row[5]))), *row[6:]] for row in trades]
    text = printed(written(tmp_path, [header, *(trades[::-1] if turned else trades)]), *FAST)
    assert text.count(TURNED) == turned
    assert text.replace(TURNED, "") == printed(recording(AGGREGATED), *FAST)


def in_unit(line: str, factor: int) -> list[str]:
    """A line of a capture, the ms of its exchange times in another unit; before a quote, another of the
    same time, so that their order matters."""
    stamp, message = line.split(" ", 1)
    outer = json.loads(message)
    outer["data"]["T"] *= factor
    lines = [f"{stamp} {json.dumps(outer)}"]
    if outer["data"]["e"] == "bookTicker":
        before = {**outer["data"], "a": f"{float(outer['data']['a']) + 1:.2f}"}
        lines.insert(0, f"{stamp} {json.dumps({**outer, 'data': before})}")
    return lines


@pytest.mark.parametrize(("factor", "turned"), [(1, True), (1000, False), (10**6, True)])
def test_captures_of_any_unit_and_direction_say_the_same(printed, recording, tmp_path, factor, turned):
    lines = gzip.decompress(recording("capture.gz").read_bytes()).decode().splitlines()
    lines = [one for line in lines for one in in_unit(line, factor)]
    path = tmp_path / "capture.gz"
    path.write_text("\n".join(lines[::-1] if turned else lines) + "\n")
    text = printed(path, *FAST)
    assert text.count(TURNED) == turned
    twice = printed(recording("capture.gz"), *FAST).replace("18000 quotes", "36000 quotes")
    assert text.replace(TURNED, "") == twice


def test_lines_out_of_order_are_sorted_with_a_note(printed, recording, rows, tmp_path):
    header, *trades = rows
    assert trades[700][5] != trades[900][5]
    trades[700], trades[900] = trades[900], trades[700]
    text = printed(written(tmp_path, [header, *trades]))
    note = next(line for line in text.splitlines() if line.startswith("note"))
    assert note.endswith("lines out of order in time: sorted")
    assert text.replace(f"{note}\n", "") == printed(recording(AGGREGATED))


@pytest.mark.parametrize("time", ["-1", "1e30", "9" * 30, "soon", "01/02/2024"])
def test_times_that_are_none_are_refused(refused, rows, tmp_path, time):
    rows[5][5] = time
    said = refused(written(tmp_path, rows))
    assert f"trades.csv:6: column 6 (time) = '{time}' (must be seconds, ms, us or ns" in said


def test_a_price_beyond_all_bounds_is_refused(refused, rows, tmp_path):
    rows[5][1] = "1e200"
    assert "trades.csv:6: column 2 (price) = '1e200' (must be a number <= 1e+30)" in refused(
        written(tmp_path, rows), "--tick", "0")


def test_a_wrong_time_does_not_ask_for_gigabytes(refused, rows, tmp_path):
    rows[-1][5] = "1800000000000"  # three years later
    said = refused(written(tmp_path, rows))
    assert "(must be <= 1000000); is a time wrong?" in said


OTHERS = {
    "Bybit": '{"topic":"orderbook.50.X","type":"snapshot","ts":1,"data":{"s":"X","b":[["1","2"]],'
             '"a":[["3","4"]],"u":1,"seq":1}}',
    "OKX": '{"arg":{"channel":"trades","instId":"X"},"data":[{"px":"1","sz":"1","side":"buy"}]}',
    "Coinbase": '{"type":"match","side":"buy","price":"1","time":"2024-01-01T00:00:00Z"}',
    "Bitstamp": '{"event":"trade","data":{"price":1,"type":0}}',
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_exchanges_captures_are_refused_as_such(refused, tmp_path, name):
    path = tmp_path / "other.txt"
    path.write_text(f"1700000000000000000 {OTHERS[name]}\n" * 3)
    assert refused(path).startswith(f"{path}: no trades in messages of Binance; record the stream")


@pytest.mark.parametrize("header", [
    "id,price,qty,quote_qty,time,is_buyer_maker,is_best_match",  # Binance's raw trades
    "timestamp,symbol,side,size,price,tickDirection,trdMatchID"])
def test_other_columns_are_refused_by_their_names(refused, tmp_path, header):
    path = tmp_path / "trades.csv"
    path.write_text(f"{header}\n1,2,3,4,5,true,true\n")
    assert "is neither a header nor a row (columns must be aggregate id, price" in refused(path)


def test_a_pipe_is_read_like_a_file(printed, recording):
    path = recording(AGGREGATED)
    done = subprocess.run(["bash", "-c", f"cat {path} | {sys.executable} -m calibration.calibrate "
                           f"/dev/stdin {' '.join(FAST)}"], capture_output=True, text=True,
                          env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[1:] == printed(path, *FAST).split("\n")[1:]


# option -> values, on a recording, with which it changes what is said; None: it says what is written
EFFECTS = {
    "--from-distance": ("capture.gz", "1"), "--to-distance": ("capture.gz", "1"),
    "--from": ("capture.gz", "300"), "--until": ("capture.gz", "300"),
    "--min-orders": ("capture.gz", "100000"), "--interval": ("capture.gz", "2"),
    "--mid": ("capture.gz", "trades"), "--tick": ("capture.gz", "0"),
    "--bootstrap": ("capture.gz", "29"), "--seed": ("capture.gz", "2"),
    "--symbol": ("capture.gz", "OTHER"), "--quote-delay": None, "--output": None, "-o": None,
    "--fresh": None, "--plot": None, "-h": None, "--help": None}
# with nothing for it to do
IDLE = {"--symbol": (AGGREGATED, ["--symbol", "X"], "of one symbol that it does not name"),
        "--quote-delay": ("capture.gz", ["--quote-delay", "1"], "and needs none; leave it out"),
        "--fresh": ("capture.gz", ["--fresh"], "there is no -o STUDY.yaml to replace")}


def test_every_option_is_tested():
    """Of --quote-delay test_calibrate_command.py tells the effect."""
    assert {name for action in command_line()._actions for name in action.option_strings} == set(EFFECTS)


@pytest.mark.parametrize("option", [name for name, case in EFFECTS.items() if case])
def test_an_option_has_an_effect(capsys, recording, option):
    file, value = EFFECTS[option]
    said = []
    for arguments in (FAST, [*FAST, option, value]):
        calibrate.main([str(recording(file)), *arguments])
        said.append(capsys.readouterr())
    assert said[0] != said[1]


@pytest.mark.parametrize("option", IDLE)
def test_an_option_with_nothing_to_do_is_refused(refused, recording, option):
    file, arguments, wrong = IDLE[option]
    assert wrong in refused(recording(file), *arguments)
