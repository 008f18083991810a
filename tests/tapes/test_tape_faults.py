"""Each fault gives one clear message and leaves nothing behind; repairs are made only as told."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from by_hand import HEADER, START, klines, plain, walk
from tapes import importer

ROWS = walk(20)
TIMES = [row[0] * 10**9 for row in ROWS]


def with_cell(row: int, column: int, value: object) -> str:
    """The rows as text, one cell changed; column 0 is the time, 1 to 5 open to volume."""
    rows = [list(line) for line in ROWS]
    rows[row][column] = value
    return plain(rows)


def swapped(first: int, second: int) -> str:
    rows = list(ROWS)
    rows[first], rows[second] = rows[second], rows[first]
    return plain(rows)


def repeated(row: int, again: tuple) -> str:
    return plain([*ROWS[:row + 1], again, *ROWS[row + 1:]])


def with_bar(row: int, *bar: str) -> str:
    """The rows as text, one bar after its time changed."""
    return plain([*ROWS[:row], (ROWS[row][0], *bar), *ROWS[row + 1:]])


def newest_first(text: str) -> str:
    header, *rows = text.split()
    return "\n".join([header, *rows[::-1]]) + "\n"


def with_symbols(names: str) -> str:
    """Rows with a letter each as symbol; "-" is none."""
    header, *rows = plain(ROWS[:len(names)]).split()
    return "\n".join([f"Symbol,{header}",
                      *(f"{name.strip('-')},{row}" for name, row in zip(names, rows))])


TIME = "must be seconds, ms, us or ns since 1970, or a date such as"
NUMBER = "(must be a finite number). Correct or remove the line."
OPEN, VOLUME = (float(text) for text in (ROWS[3][1], ROWS[4][5]))
FAULTS = {
    "gap": (
        plain([*ROWS[:7], *ROWS[9:]]),
        "X.csv:8: gap after this line: X has no trade bar at 2024-01-01 00:07 and the next 1 "
        "(2 bars missing in 1 gap in all). Say --gaps skip"),
    "missing bars": (
        plain([*ROWS[:7], *ROWS[8:12], *ROWS[13:]]),
        "X.csv:8: gap after this line: X has no trade bar at 2024-01-01 00:07 "
        "(2 bars missing in 2 gaps in all). Say --gaps skip"),
    "equal duplicate": (
        repeated(4, ROWS[4]),
        "X.csv:7: time 2024-01-01 00:04 again, after X.csv:6, with the same values (1 row "
        "repeated, 0 with other values). Say --repair duplicates"),
    "conflicting duplicate": (
        repeated(4, (*ROWS[4][:5], "77")),
        "X.csv:7: time 2024-01-01 00:04 again, after X.csv:6, with volume = 77 against "
        f"{VOLUME:.15g} (1 row repeated, 1 with other values). Say --repair duplicates"),
    "disorder": (
        swapped(5, 6),
        "X.csv:8: time 2024-01-01 00:05 follows 2024-01-01 00:06 in a file that is oldest first "
        "(1 row out of order). Say --repair order"),
    "disorder newest first": (
        newest_first(swapped(5, 6)),
        "X.csv:16: time 2024-01-01 00:06 follows 2024-01-01 00:05 in a file that is newest first "
        "(1 row out of order). Say --repair order"),
    "high below open": (
        with_cell(3, 2, "50"),
        f"X.csv:5: high = 50 is below open = {OPEN:.15g} (1 row like it). Say --repair ohlc"),
    "high below close": (
        with_bar(3, "99", "100", "98", "101", "1"),
        "X.csv:5: high = 100 is below close = 101 (1 row like it). Say --repair ohlc"),
    "low above open": (
        with_bar(3, "99", "120", "99.5", "110", "1"),
        "X.csv:5: low = 99.5 is above open = 99 (1 row like it). Say --repair ohlc"),
    "low above close": (
        with_bar(3, "99", "120", "98", "97", "1"),
        "X.csv:5: low = 98 is above close = 97 (1 row like it). Say --repair ohlc"),
    "high below low": (
        with_bar(3, "99", "99", "99.5", "99", "1"),
        "X.csv:5: high = 99 is below low = 99.5 (1 row like it). Say --repair ohlc"),
    "zero price": (
        with_cell(6, 3, "0"),
        "X.csv:8: low = 0 (must be > 0; 1 row like it). Say --repair prices"),
    "negative price": (
        with_cell(6, 1, "-1.5"), "X.csv:8: open = -1.5 (must be > 0; 1 row like it). Say"),
    "beyond all bounds": (
        with_cell(6, 5, "1e300"), "X.csv:8: volume = 1e+300 (must be <= 1e+100). Correct or remove"),
    "negative volume": (
        with_cell(6, 5, "-2"), "X.csv:8: volume = -2 (must be >= 0). Correct or remove"),
    "NaN": (with_cell(6, 4, "NaN"), f"X.csv:8: close = 'NaN' {NUMBER}"),
    "nothing": (with_cell(6, 4, ""), f"X.csv:8: close = '' {NUMBER}"),
    "infinite": (with_cell(6, 4, "inf"), f"X.csv:8: close = 'inf' {NUMBER}"),
    "text": (with_cell(6, 4, "1.2.3"), f"X.csv:8: close = '1.2.3' {NUMBER}"),
    "underscore": (with_cell(6, 4, "1_000"), f"X.csv:8: close = '1_000' {NUMBER}"),
    "half quoted": (with_cell(6, 4, '"100'), "X.csv:8: a quotation mark without its other."),
    "zero byte": (with_cell(6, 4, "1\0"), "X.csv:8: a zero byte (must be text in lines)."),
    "thousands": (with_cell(6, 4, '"1,234.5"'), f"X.csv:8: close = '1,234.5' {NUMBER}"),
    "no time": (with_cell(6, 0, "soon"), f"X.csv:8: time = 'soon' ({TIME}"),
    "date among epochs": (with_cell(6, 0, "2024-01-01"), f"X.csv:8: time = '2024-01-01' ({TIME}"),
    "epoch among dates": (
        plain([("2024-01-01", *ROWS[0][1:]), ("2024-01-02", *ROWS[1][1:]), ROWS[2]]),
        f"X.csv:4: time = '{ROWS[2][0]}' ({TIME}"),
    "empty time": (with_cell(6, 0, ""), f"X.csv:8: time = '' ({TIME}"),
    "day or month first": (
        plain([("01/02/2024", *row[1:]) for row in ROWS]), f"X.csv:2: time = '01/02/2024' ({TIME}"),
    "no such day": (
        plain([("2024-02-30", *ROWS[0][1:])]), f"X.csv:2: time = '2024-02-30' ({TIME}"),
    "before 1970": (with_cell(6, 0, "-60"), f"X.csv:8: time = -60 ({TIME}"),
    "too far": (with_cell(6, 0, "99999999999"), f"X.csv:8: time = 99999999999 ({TIME}"),
    "missing column": (
        plain(ROWS, "time,open,high,low,close,size"),
        "X.csv: no column for volume; columns are time, open, high, low, close, size. Rename "
        "columns, or name them in their order with --columns, or add what is missing."),
    "missing columns": (
        plain(ROWS, "when,open,high,low,price,volume"),
        "X.csv: no column for time, close; columns are"),
    "too few cells": (
        plain(ROWS) + "1704069999,1,2\n",
        "X.csv:22: 3 columns (must be 6, as in its first line). Correct or remove"),
    "too many cells": (
        plain(ROWS).replace(f"{ROWS[2][5]}\n", f"{ROWS[2][5]},9\n"),
        "X.csv:4: 7 columns (must be 6, as in its first line). Correct or remove"),
    "cut off": (
        klines(ROWS)[:-60], "X.csv:20: 3 columns (must be 12, as in its first line). Correct"),
    "unknown width": (
        "1,2,3,4\n1,2,3,4\n",
        "X.csv: no header, and 4 columns (12 are Binance klines; 6 are time, open, high, low, "
        "close, volume; 7 are Kraken's, with a count of trades). Add a header line, or name them, "
        "as with --columns time,open,"),
    "empty file": ("", "X.csv: empty (must have rows of bars). Remove it, or get it again."),
    "only a header": (
        HEADER + "\n", "X.csv: has a header and no rows. Remove it, or get it again."),
    "one bar": (
        plain(ROWS[:1]),
        "X.csv:2: the only bar of X, so its length is unknown. Say --interval"),
    "off the clock": (
        with_cell(6, 0, ROWS[6][0] + 7),
        "X.csv:8: bar of X at 2024-01-01 00:06:07 is not on the clock of 1m that most bars keep "
        "(1 of its 20 bars are not). Remove it, or say --interval."),
    "empty symbol": (
        with_symbols("AB-A"), "X.csv:4: the symbol is empty (must be a name). Fill it in"),
}


@pytest.mark.parametrize("text, message", FAULTS.values(), ids=FAULTS)
def test_a_fault_gives_one_line_with_file_line_and_value(here, refuse, text, message):
    Path("X.csv").write_text(text)
    assert refuse("X.csv").startswith(message)


@pytest.mark.parametrize("content, message", [
    (b"PK\x03\x04 and no more", "X.zip: damaged zip ("), (b"", "X.zip: damaged zip ("),
    (b"\x1f\x8b and no more", "X.csv: damaged gzip ("),
    (b"time,open\xff\n1,2\n", "X.csv: byte 10 is 0xff: neither text in UTF-8, a zip nor Parquet")])
def test_what_cannot_be_unpacked_is_refused(here, refuse, content, message):
    name = message.split(":")[0]
    Path(name).write_bytes(content)
    assert refuse(name).startswith(message)


def test_a_zip_that_was_cut_or_changed_is_refused(here, refuse):
    with zipfile.ZipFile("X.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.csv", klines(ROWS))
    whole = Path("X.zip").read_bytes()
    for broken in (whole[:-30], whole[:200] + b"????" + whole[204:]):
        Path("X.zip").write_bytes(broken)
        assert refuse("X.zip").startswith("X.zip: damaged zip (")


def test_a_zip_of_several_files_is_refused(here, refuse):
    with zipfile.ZipFile("X.zip", "w") as archive:
        for name in "ab":
            archive.writestr(f"{name}.csv", klines(ROWS))
    assert refuse("X.zip") == ("X.zip: a zip of 2 files (must be one CSV). Unpack it and name the "
                               "folder.")


def parquet() -> bytes:
    pytest.importorskip("pyarrow")
    pd.read_csv(io.StringIO(plain(ROWS))).to_parquet("whole.parquet")
    return Path("whole.parquet").read_bytes()


def zipped() -> bytes:
    with zipfile.ZipFile("whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.csv", klines(ROWS))
    return Path("whole.zip").read_bytes()


@pytest.mark.parametrize("whole", [lambda: plain(ROWS).encode(), lambda: klines(ROWS).encode(),
                                   zipped, parquet], ids=["plain", "klines", "zip", "parquet"])
def test_damaged_bytes_give_a_tape_or_one_line(here, capsys, whole):
    draws, content = random.Random(7), whole()
    refused = 0
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(draws.choice([1, 1, 3])):
            damaged[draws.randrange(len(damaged))] = draws.choice(b'\0\n\r",.;-_#0e9 x\xff')
        if draws.random() < 0.1:
            del damaged[draws.randrange(len(damaged)):]
        Path("X.dat").write_bytes(damaged)
        status = importer.main(["-o", "tape.h5", "--fresh", "X.dat"])
        printed = capsys.readouterr()
        assert status in (0, 2)
        if status == 2:
            refused += 1
            assert printed.err.count("\n") == 1
            assert printed.err.startswith("quotesweep-import: X.dat")
    assert refused > 20


# Repairs ------------------------------------------------------------------------------------------

def made(make, text: str, *arguments: object):
    Path("X.csv").write_text(text)
    return make("X.csv", *arguments)


def row_of(tape, time: int) -> list[float]:
    """open, high, low, close, volume at a time [s]."""
    i = tape.times.tolist().index(time * 10**9)
    return [tape.values[name][0, i] for name in ("open", "high", "low", "close", "volume")]


def numbers(row: tuple) -> list[float]:
    return [float(text) for text in row[1:]]


@pytest.mark.parametrize("newest_first", [False, True])
def test_repair_order_sorts(here, make, newest_first):
    rows = ROWS[::-1] if newest_first else list(ROWS)
    rows[3:9] = random.Random(1).sample(rows[3:9], 6)
    tape = made(make, plain(rows), "--repair", "order")
    assert tape.times.tolist() == TIMES
    assert [row_of(tape, row[0]) for row in ROWS] == [numbers(row) for row in ROWS]
    backward = sum(a[0] > b[0] for a, b in zip(rows, rows[1:]))
    wrong = len(rows) - 1 - backward if newest_first else backward
    assert dict(zip(*map(str.split, make.report.replace(" 00:", "T00:").split("\n")[:2])))[
        "disorder"] == str(wrong)


def test_repair_duplicates_keeps_the_first(here, make):
    again = (ROWS[4][0], *ROWS[5][1:])
    rows = [*ROWS[:5], again, ROWS[5], ROWS[5], *ROWS[6:]]
    tape = made(make, plain(rows), "--repair", "duplicates")
    assert tape.times.tolist() == TIMES
    assert row_of(tape, ROWS[4][0]) == numbers(ROWS[4])
    assert "duplicates  conflicting" in make.report.split("\n")[0]
    assert make.report.split("\n")[1].split()[-2:] == ["2", "1"]


def test_all_rows_that_differ_from_the_kept_one_are_conflicting(here, make):
    again = (ROWS[4][0], *ROWS[5][1:])
    made(make, plain([*ROWS[:5], again, again, ROWS[4], *ROWS[5:]]), "--repair", "duplicates")
    assert make.report.split("\n")[1].split()[-2:] == ["3", "2"]


def test_overlapping_files_are_duplicates_of_which_the_first_named_counts(here, make, refuse):
    Path("a.csv").write_text(plain(ROWS[:12]))
    Path("b.csv").write_text(plain([(ROWS[11][0], *ROWS[0][1:]), *ROWS[12:]]))
    assert refuse("X=a.csv", "X=b.csv").startswith(
        "b.csv:2: time 2024-01-01 00:11 again, after a.csv:13, with open = ")
    for order, first in ((("X=a.csv", "X=b.csv"), ROWS[11]), (("X=b.csv", "X=a.csv"), ROWS[0])):
        tape = make(*order, "--repair", "duplicates")
        assert tape.times.tolist() == TIMES
        assert row_of(tape, ROWS[11][0]) == numbers(first)


def test_repair_ohlc_widens_high_and_low_to_hold_open_and_close(here, make):
    broken = [(START, "10", "9", "9.5", "11", "1"), (START + 60, "10", "12", "11", "10.5", "1"),
              (START + 120, "10", "8", "12", "9", "1"),
              *((START + 60 * i, "10", "11", "9", "10", "1") for i in range(3, 7))]
    tape = made(make, plain(broken), "--repair", "ohlc")
    assert tape.values["high"].tolist() == [[11, 12, 10, *[11] * 4]]
    assert tape.values["low"].tolist() == [[9.5, 10, 9, *[9] * 4]]
    assert make.report.split("\n")[1].split()[-1] == "3"


def test_repair_prices_drops_bars_which_are_gaps_then(here, make, refuse):
    text = with_cell(6, 3, "0")
    assert len(made(make, text, "--repair", "prices", "--gaps", "skip").times) == len(ROWS) - 1
    filled = made(make, text, "--repair", "prices", "--gaps", "fill")
    assert filled.times.tolist() == TIMES
    assert row_of(filled, ROWS[6][0]) == [float(ROWS[5][4])] * 4 + [0.0]
    Path("tape.h5").unlink()
    assert "X has no trade bar at 2024-01-01 00:06" in refuse("X.csv", "--repair", "prices")
    Path("X.csv").write_text(plain([(row[0], "0", "0", "0", "0", "0") for row in ROWS]))
    assert refuse("X.csv", "--repair", "prices").startswith("X.csv: no bar of X has prices > 0")


def test_a_repair_leaves_other_faults_alone(here, refuse):
    Path("X.csv").write_text(repeated(4, ROWS[4]))
    assert "again" in refuse("X.csv", "--repair", "order,ohlc,prices")
    Path("X.csv").write_text(swapped(4, 5))
    assert "out of order" in refuse("X.csv", "--repair", "duplicates,ohlc", "--repair", "prices")
    Path("X.csv").write_text(with_cell(3, 2, "50"))
    assert "is below" in refuse("X.csv", "--repair", "duplicates,order,prices")


def test_repairs_of_clean_bars_change_nothing(here, make):
    clean = made(make, plain(ROWS))
    for gaps in ("skip", "fill"):
        tape = made(make, plain(ROWS), "--repair", "order,duplicates,prices,ohlc", "--gaps", gaps)
        np.testing.assert_array_equal(tape.times, clean.times)
        for name, values in clean.values.items():
            np.testing.assert_array_equal(tape.values[name], values)


# The command line ---------------------------------------------------------------------------------

@pytest.mark.parametrize("arguments, message", [
    (["X.csv", "--repair", "gaps"], "--repair gaps: must be among duplicates, order, ohlc,"),
    (["X.csv", "--interval", "1x"], "--interval 1x: must be a whole number and s, m, h, d or w"),
    (["X.csv", "--interval", "1h"],
     "X.csv:3: bar of X at 2024-01-01 00:01 is not on the clock of 1h"),
    (["X.csv", "--timezone", "Mars"], "--timezone Mars: must be a name such as UTC"),
    (["X.csv", "--from", "yesterday"], "--from yesterday: must be seconds"),
    (["X.csv", "--from", "2025-01-01"],
     "X: no bar in the range of --from and --to; its bars go from 2024-01-01 00:00 to "
     "2024-01-01 00:19."),
    (["X.csv", "-o", "no/tape.h5"], "no/tape.h5: no folder no. Make it"),
    (["X.csv", "-o", "X.csv"], "X.csv: is one of the inputs"),
    (["X.csv", "-o", "."], ".: is a folder"),
    (["Y=Y.csv"], "Y.csv: no such file or folder"),
    (["=X.csv"], "=X.csv: the symbol before '=' is empty"),
    (["X.csv", "--gaps", "guess"], "argument --gaps: invalid choice: 'guess'"),
    ([], "the following arguments are required: [SYMBOL=]PATH; see --help")])
def test_what_was_not_meant_is_refused(here, refuse, arguments, message):
    Path("X.csv").write_text(plain(ROWS))
    assert refuse(*arguments).startswith(message)


def test_a_tape_that_exists_is_replaced_only_when_told(here, make, refuse):
    old = made(make, plain(ROWS[:5]))
    before = Path("tape.h5").read_bytes()
    Path("X.csv").write_text(plain(ROWS))
    assert refuse("X.csv") == "tape.h5: exists. Say --fresh to replace it, or choose another name."
    assert Path("tape.h5").read_bytes() == before
    assert len(make("X.csv").times) == len(ROWS) > len(old.times)


def test_a_refused_import_leaves_the_old_tape_alone(here, make, refuse):
    made(make, plain(ROWS))
    before = Path("tape.h5").read_bytes()
    Path("X.csv").write_text(swapped(5, 6))
    refuse("X.csv", "--fresh")
    assert Path("tape.h5").read_bytes() == before
