"""Laws over all layouts: the same market is the same tape, and nothing is repaired that is not broken."""

from __future__ import annotations

import importlib.util
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from by_hand import START, klines, lean_zip, plain, walk
from layouts import LAYOUTS, iso, metatrader, table, zipped
from program import ROOT
from tapes import importer
from tapes.importer import command_line
from tapes.jumps import JUMP
from tapes.sessions import annualization
from tapes.tape import Tape, write_tape
from tapes.times import Zone, parse_epoch, parse_epochs, parse_times

ROWS = walk(60)
MINUTE, DAY = 60, 86400


def written(name: str, layout: str, rows=ROWS) -> list[str]:
    """The arguments that import the rows, from a file that is written."""
    if "Parquet" in layout and importlib.util.find_spec("pyarrow") is None:
        pytest.skip("pyarrow is missing")
    content, file, options = LAYOUTS[layout](rows)
    Path(file).write_bytes(content)
    return [f"{name}={file}", *options]


def as_bytes(tape: Tape) -> bytes:
    """The file that a tape is, but for the names of inputs and options."""
    write_tape(Path("bytes.h5"), replace(tape, source="", history=""))
    return Path("bytes.h5").read_bytes()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_market_in_every_layout_is_the_same_tape_to_the_byte(here, make, layout):
    expected = as_bytes(make(*written("X", "plain")))
    assert as_bytes(make(*written("X", layout))) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_format_is_known_by_its_content_not_by_its_name(here, make, layout):
    """Lean's minutes alone have their day in the name."""
    arguments = written("X", layout)
    if layout == "Lean's minutes":
        return
    file = arguments[0].removeprefix("X=")
    expected = as_bytes(make(*arguments))
    Path(file).rename("some file")
    assert as_bytes(make("X=some file", *arguments[1:])) == expected


# Times --------------------------------------------------------------------------------------------

def test_one_epoch_is_read_like_many():
    draws = random.Random(1)
    numbers = [int(10 ** draws.uniform(0, 19)) for _ in range(5000)]
    for number in [0, 10**11 - 1, 10**11, 10**14, 10**17, *numbers]:
        try:
            expected = int(parse_epochs(np.array([number]))[0]) if number < 2**63 else None
        except Exception as problem:
            assert type(problem).__name__ == "CellFault"
            expected = None
        try:
            assert parse_epoch(number) == expected
        except ValueError:
            assert expected is None


def test_times_of_any_length_and_offset_may_stand_together():
    texts = ["2024-01-01", "2024-01-01 00:00", "2024-01-01T00:00:00.5Z", "2024-01-01 02:00:00+02:00"]
    assert (parse_times(pd.Series(texts), Zone()) - START * 10**9).tolist() == [0, 0, 5 * 10**8, 0]


# Lean ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("step, form", [(3600, "hour"), (DAY, "daily")])
@pytest.mark.parametrize("folder, scale", [("equity/usa", 10_000), ("option/usa", 10_000),
                                           ("crypto/coinbase", 1)])
def test_leans_hours_and_days_are_scaled_like_its_minutes(here, make, step, form, folder, scale):
    rows = [(START + i * step, 1000000, 1010000, 990000, 1005000, 100) for i in range(30)]
    path = Path(folder) / form / "xyz.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(zipped(table([(row[0], *map(str, row[1:])) for row in rows],
                                  "%Y%m%d %H:%M", None), "xyz.csv"))
    asked = ["--timezone", "UTC"] if scale > 1 and step < DAY else []
    tape = make(path, *asked)
    assert tape.symbols == ["XYZ"]
    assert tape.values["close"][0].tolist() == [1005000 / scale] * 30
    assert tape.times.tolist() == [row[0] * 10**9 for row in rows]


def test_leans_times_of_a_market_need_its_zone_and_its_days_do_not(here, make, refuse):
    minutes = lean_zip(Path("equity/usa/minute/spy/20240102_trade.zip"),
                       "34200000,4700000,4700000,4700000,4700000,1\n"
                       "34260000,4700000,4700000,4700000,4700000,1\n")
    message = refuse(minutes)
    assert "equity are those of its market" in message and "--timezone America/New_York" in message
    tape = make(minutes, "--timezone", "America/New_York")
    assert iso(int(tape.times[0]) // 10**9) == "2024-01-02 14:30"
    assert tape.values["close"][0, 0] == 470.0


def test_leans_minutes_without_a_day_in_the_name_are_refused(here, refuse):
    Path("spy.csv").write_text("0,1,1,1,1,1\n60000,1,1,1,1,1\n")
    assert refuse("spy.csv").startswith("spy.csv: times are ms since midnight, as in Lean's minutes")


# Which column is what -----------------------------------------------------------------------------

def test_ticks_are_the_volume_only_where_there_is_no_other(here, make):
    text = metatrader(ROWS)
    Path("X.csv").write_text(text)
    assert make("X.csv").values["volume"][0].tolist() == [float(row[5]) for row in ROWS]
    assert "X.csv: volume is the number of ticks, as the other is 0 throughout" in make.report
    Path("X.csv").write_text(re.sub(r"\t0\t2$", "\t5\t2", text, flags=re.MULTILINE))
    assert set(make("X.csv").values["volume"][0]) == {5.0}
    assert "ticks" not in make.report


ORDERS = ["low,high,open,close", "high,low,open,close", "close,open,low,high", "open,close,high,low"]


@pytest.mark.parametrize("order", ORDERS)
def test_columns_in_another_order_are_never_repaired_but_named(here, make, refuse, order):
    names = order.split(",")
    rows = [(row[0], *(row[1 + ("open", "high", "low", "close").index(name)] for name in names),
             row[5]) for row in ROWS]
    Path("X.csv").write_text(plain(rows).split("\n", 1)[1])
    for repair in ([], ["--repair", "ohlc"]):
        message = refuse("X.csv", *repair)
        assert "--repair ohlc" not in message and "--columns time," in message
    suggested = re.search(r"--columns (\S+) would fit", message)[1]
    assert {name: suggested.split(",").index(name) for name in ("high", "low")} == {
        name: 1 + names.index(name) for name in ("high", "low")}
    expected = make(*written("X", "plain"))
    Path("X.csv").write_text(plain(rows).split("\n", 1)[1])
    tape = make("X.csv", "--columns", f"time,{order},volume")
    assert as_bytes(tape) == as_bytes(expected)


def test_two_markets_in_one_file_are_not_duplicates_to_be_dropped(here, refuse):
    other = walk(60, seed=9)
    both = [row for rows in zip(ROWS, other) for row in rows]
    Path("X.csv").write_text(plain(both))
    message = refuse("X.csv", "--repair", "duplicates")
    assert "the file may hold several markets" in message


@pytest.mark.parametrize("columns, message", [
    ("time,open,high,low,close", "6 columns, and --columns names 5"),
    ("time,open,high,low,close,-", "no column for volume"),
    ("time,open,high,low,close,close", "2 columns for close")])
def test_columns_that_do_not_fit_are_refused(here, refuse, columns, message):
    Path("X.csv").write_text(plain(ROWS))
    assert message in refuse("X.csv", "--columns", columns)


@pytest.mark.parametrize("cell, message", [
    ("1,234", "1,234 may be 1.234 or 1234"), ("1.5", "1.5 has a decimal point, and 2,5 in line 2 a")])
def test_commas_that_may_be_either_are_refused(here, refuse, cell, message):
    Path("X.csv").write_text("time;open;high;low;close;volume\n" + (
        f"{START};{cell};{cell};{cell};{cell};" + ("7" if "," in cell else "2,5") + "\n"))
    assert message in refuse("X.csv")


def test_months_are_refused_as_such(here, refuse):
    Path("X.csv").write_text("time,open,high,low,close,volume\n" + "".join(
        f"2024-{month:02}-01,1,2,0.5,1,1\n" for month in range(1, 13)))
    assert refuse("X.csv").startswith("X.csv:3: bars of X are months, of 28 to 31 days")


@pytest.mark.parametrize("text, message", [
    ("{}", "JSON that is no array"), ("[]", "empty"), ("[1, 2]", ":1: not a row"), ("[[1, 2", "damaged"),
    ('[{"time": 1}, {"date": 1}]', ":2: not a row with the names of the first, time"),
    ("[" * 100_000, "damaged JSON"), ('[["1\\n2", 1, 1, 1, 1, 1]]', ":1: a cell with a line end")])
def test_json_that_is_no_rows_is_refused(here, refuse, text, message):
    Path("X.json").write_text(text)
    assert message in refuse("X.json")


# Where data comes from ----------------------------------------------------------------------------

def test_a_pipe_is_read_like_a_file(here):
    Path("X.csv").write_text(plain(ROWS))
    for command in ("cat X.csv | {} X=/dev/stdin -o tape.h5 --fresh", "{} X=<(cat X.csv) -o tape.h5"):
        Path("tape.h5").unlink(missing_ok=True)
        done = subprocess.run(["bash", "-c", command.format(f"{sys.executable} -m tapes.importer")],
                              capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})
        assert done.returncode == 0, done.stderr
        assert "60 bars of 1m" in done.stdout


def test_what_is_not_there_is_refused(here, refuse):
    Path("broken").symlink_to("nowhere")
    for name in ("broken", "X" * 5000, "nowhere/*.csv"):
        assert "no such file or folder" in refuse(name)


# Jumps --------------------------------------------------------------------------------------------

def split_at(row: int, ratio: float, step: int = DAY) -> list:
    """Constant bars, of which those from a row on are `ratio` times as high."""
    prices = [100.0 if i < row else 100.0 * ratio for i in range(60)]
    return [(START + i * step, f"{p:.6f}", f"{p * 1.01:.6f}", f"{p * 0.99:.6f}", f"{p:.6f}", "10")
            for i, p in enumerate(prices)]


@pytest.mark.parametrize("ratio", [0.5, 2.0, 0.1, 1e-6, 1000.0, JUMP * 1.001, 0.999 / JUMP])
def test_a_jump_is_refused_listed_kept_or_adjusted(here, make, refuse, ratio):
    rows = split_at(20, ratio)
    Path("X.csv").write_text(plain(rows))
    message = refuse("X.csv")
    assert message.startswith("X.csv:22: open = ") and "of X at 2024-01-21 is " in message
    factor = re.search(r"--jumps adjust 'X:([^@]+)@2024-01-21'", message)[1]
    kept = make("X.csv", "--jumps", "keep")
    assert "X: jump of 2024-01-21 x " in make.report
    assert kept.values["open"][0].tolist() == [float(row[1]) for row in rows]
    tape = make("X.csv", "--jumps", "adjust", f"X:{factor}@2024-01-21")
    opens, volumes = tape.values["open"][0], tape.values["volume"][0]
    assert np.ptp(np.log(opens)) < 0.021  # a suggestion is rounded to a simple fraction
    assert (opens[20:] == kept.values["open"][0][20:]).all() and (volumes[20:] == 10.0).all()
    np.testing.assert_allclose(opens[:20] * volumes[:20], 1000.0)
    assert "prices before 2024-01-21 multiplied by" in make.report


def test_smaller_steps_are_no_jumps_and_nothing_is_adjusted_silently(here, make):
    rows = split_at(20, 0.99 * JUMP)
    Path("X.csv").write_text(plain(rows))
    assert make("X.csv").values["close"][0].tolist() == [float(row[4]) for row in rows]


def test_after_a_long_pause_a_jump_is_told_and_not_asked_about(here, make):
    rows = split_at(20, 2.0)
    Path("X.csv").write_text(plain(rows[:12] + rows[20:]))
    make("X.csv", "--gaps", "skip")
    assert "X: jump of 2024-01-21 x 2, 9 days after the bar before, kept" in make.report


@pytest.mark.parametrize("jump, message", [
    ("adjust 2@2024-01-21", "which this makes worse"),
    ("adjust 0.5@2024-01-20", "which this makes worse"),
    ("adjust 0.5@2023-01-01", "no bar of X before"), ("adjust 0.5@2025-01-01", "no bar of X from"),
    ("adjust Y:0.5@2024-01-21", "which symbol (must be one of X)"),
    ("adjust 0@2024-01-21", "must be keep, or adjust"), ("adjust 1/0@2024-01-21", "must be keep"),
    ("adjust 0.5", "must be keep"), ("ignore", "must be keep"), ("adjust 0.5@soon", "must be seconds")])
def test_adjustments_that_make_no_sense_are_refused(here, refuse, jump, message):
    Path("X.csv").write_text(plain(split_at(20, 0.5)))
    assert message in refuse("X.csv", "--jumps", *jump.split(" ", 1))


# Bars a year --------------------------------------------------------------------------------------

def minutes_of(days: list[int], first: int, last: int, share: float = 1.0) -> np.ndarray:
    """Opening times of minutes [ns], from `first` to `last` of each day, some left out."""
    draws = random.Random(1)
    return np.array([(START + day * DAY + minute * MINUTE) * 10**9 for day in days
                     for minute in range(first, last)
                     if minute in (first, last - 1) or draws.random() < share])


WEEKS = [day for day in range(28) if day % 7 < 5]


@pytest.mark.parametrize("days", [[0], [0, 1], [0, 1, 2, 3, 4], WEEKS])
@pytest.mark.parametrize("begin", [8 * 60, 9 * 60, 14 * 60 + 30, 0, 22 * 60])  # UTC; 25:00 is 1:00
def test_a_year_of_sessions_is_252_times_the_mean_session(days, begin):
    """Wherever midnight falls: also where Friday's late hours are Saturday, or Monday's early ones
    Sunday."""
    first = begin - 24 * 60 if begin > 20 * 60 else begin
    times = minutes_of(days, first, first + 16 * 60, 828 / 960)
    expected = 252.0 * times.size / len(days)
    assert annualization(times, MINUTE * 10**9) == pytest.approx(expected, rel=1e-12)


def test_a_day_of_828_minutes_is_not_453330_a_year():
    times = np.sort(np.random.default_rng(1).choice(np.arange(1, 959), 826, replace=False))
    times = (START + 9 * 3600 + MINUTE * np.array([0, *times, 959])) * 10**9
    assert annualization(times, MINUTE * 10**9) == 252.0 * 828


@pytest.mark.parametrize("bars", [5, 180, 1000, 1440, 3000])
def test_what_never_closes_has_as_many_bars_as_minutes(bars):
    times = (START + 7 * 3600 + MINUTE * np.arange(bars)) * 10**9
    assert annualization(times, MINUTE * 10**9) == pytest.approx(365.0 * 1440, rel=1e-12)


def test_the_days_of_trading_may_be_said(here, make, refuse):
    Path("X.csv").write_text(plain(ROWS))
    assert make("X.csv").annualization == pytest.approx(365 * 1440)
    assert "525600 bars a year, of 365 days of trading: no weekend to tell by." in make.report
    assert make("X.csv", "--sessions", "252").annualization == 252 * 60
    assert "bars a year" not in make.report
    assert make("X.csv", "--sessions", "365").annualization == pytest.approx(365 * 1440)
    Path("tape.h5").unlink()
    assert refuse("X.csv", "--sessions", "0").startswith("--sessions 0: must be from 1 to 366")


# Options ------------------------------------------------------------------------------------------

BROKEN = plain([*ROWS[:9], (ROWS[9][0], "99", "50", "98", "99", "1"), *ROWS[10:]])
GAPPED = plain([*ROWS[:9], *ROWS[11:]])
# option -> a file and arguments with which it changes the tape or is what makes one; the same arguments
# without it; and how it is refused, or reported, where there is nothing for it to do.
EFFECTS = {
    "--gaps": (GAPPED, ["--gaps", "skip"], [], "--gaps skip: no gaps"),
    "--repair": (BROKEN, ["--repair", "ohlc"], [], "--repair ohlc: nothing to repair"),
    "--jumps": (plain(split_at(20, 2.0)), ["--jumps", "keep"], [], "--jumps keep: no jumps"),
    "--columns": (plain(ROWS), ["--columns", "time,open,high,low,close,volume"], None, None),
    "--timezone": (table(ROWS, "%Y-%m-%d %H:%M", "Date,Open,High,Low,Close,Volume"),
                   ["--timezone", "Asia/Tokyo"], [], "--timezone Asia/Tokyo: every time has its"),
    "--lean-price-scale": (table(ROWS, "%Y%m%d %H:%M", None), ["--lean-price-scale", "10000"], [],
                           "--lean-price-scale 10000: none of the files is Lean's"),
    "--quotes": (plain(ROWS), ["--quotes", "require"], None, "X has no bid and ask bars"),
    "--from": (plain(ROWS), ["--from", "2024-01-01 00:10"], [], None),
    "--to": (plain(ROWS), ["--to", "2024-01-01 00:10"], [], None),
    "--interval": (plain(ROWS[::2]), ["--interval", "1m", "--gaps", "fill"], ["--gaps", "fill"], None),
    "--sessions": (plain(ROWS), ["--sessions", "252"], [], None),
}
PLACES = {"-h", "--help", "-o", "--output", "--fresh"}  # what is written, not what is read


def test_every_option_has_an_effect_that_is_tested_or_says_that_it_has_none():
    options = {name for action in command_line()._actions for name in action.option_strings}
    assert options - PLACES == set(EFFECTS)


@pytest.mark.parametrize("option", [name for name, case in EFFECTS.items() if case[2] is not None])
def test_an_option_changes_the_tape(here, capsys, option):
    text, with_it, without, _ = EFFECTS[option]
    Path("X.csv").write_text(text)
    results = []
    for arguments in (with_it, without):
        Path("tape.h5").unlink(missing_ok=True)
        status = importer.main(["X.csv", "-o", "tape.h5", *arguments])
        results.append(Path("tape.h5").read_bytes() if status == 0 else capsys.readouterr().err)
    assert results[0] != results[1] and isinstance(results[0], bytes)


@pytest.mark.parametrize("option", [name for name, case in EFFECTS.items() if case[3] is not None])
def test_an_option_with_nothing_to_do_is_refused_or_reported(here, capsys, option):
    Path("X.csv").write_text(klines(ROWS))
    importer.main(["X.csv", "-o", "tape.h5", *EFFECTS[option][1]])
    assert EFFECTS[option][3] in capsys.readouterr().err


def test_columns_of_leans_minutes_are_not_named(here, refuse):
    path = lean_zip(Path("crypto/x/20240101_trade.zip"), "0,1,1,1,1,1\n60000,1,1,1,1,1\n")
    assert refuse(path, "--columns", "time,open,high,low,close,volume").startswith(
        "--columns time,open,high,low,close,volume: no file has columns to name")
