"""Files as they come in, damaged in random ways, for both readers of market data."""

from __future__ import annotations

import contextlib
import gzip
import io
import random
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from by_hand import Row, plain, walk
from calibration import calibrate
from calibration.simulated import Truth, aggregated_lines, capture_lines, simulate
from layouts import LAYOUTS, lean_minutes, zipped
from tapes import importer
from tapes.tape import read_tape

ROWS = walk(40)
CELLS = ["", " ", "nan", "inf", "-inf", "-1", "0", "-0", "1e308", "1e309", "1e-320", "9" * 19, "9" * 30,
         "9" * 5000, "1_000", "٣", "²", "true", "None", "null", '"', '""', "'", "2024-02-30", "0001-01-01",
         "9999-12-31 23:59", "2024-01-01 24:00", "01/02/2024", "20240101", "1.7e9", "1704067200.5",
         "1,5", "1.5.2", "[]", "{}", "[[1]]", "\ufeff", "é", "\u2028", "#", "http", "0x10", "1e5",
         "1704067200", "1704067200000000000", "18446744073709551616", "Price", "Ticker", "Date", "-"]
NAMES = ["X.csv", "X", "X.zip", "X.json", "X.gz", "20240101_trade.zip", "20240101_quote.zip",
         "99999999_trade.zip", "X.parquet"]
IMPORTS = [[], [], [], [], ["--gaps", "skip"], ["--gaps", "fill", "--interval", "1h"], ["--jumps", "keep"],
           ["--repair", "order,duplicates,prices,ohlc", "--gaps", "fill", "--jumps", "keep"],
           ["--repair", "order,duplicates,prices,ohlc", "--gaps", "skip", "--jumps", "keep"],
           ["--timezone", "America/New_York"], ["--quotes", "require"], ["--sessions", "252"],
           ["--columns", "time,open,high,low,close,volume"], ["--lean-price-scale", "10000"],
           ["--from", "2024-01-01 00:05", "--to", "2024-01-01 00:20"],
           ["--jumps", "adjust", "0.5@2024-01-01 00:20"]]
CALIBRATIONS = [[], ["--mid", "trades"], ["--mid", "quotes"], ["--tick", "0"], ["--symbol", "TESTUSDT"],
                ["--from", "1", "--until", "20"], ["--quote-delay", "0.1"], ["--to-distance", "3"]]


# Seeds ---------------------------------------------------------------------------------------------

def quotes(rows: list[Row]) -> str:
    return "".join(f"{row[0] % 86400 * 1000},99,100,98,99.5,3,101,102,100,101.5,4\n" for row in rows)


def tapes() -> list[tuple[bytes, str]]:
    """Content and name of a file in every layout, and of others."""
    found = []
    for name, layout in LAYOUTS.items():
        with contextlib.suppress(ImportError):  # of pyarrow
            found.append(layout(ROWS)[:2])
    both = "Symbol," + plain(ROWS).replace("\n1", "\nA,1") + "".join(
        f"B,{line}\n" for line in plain(ROWS).split("\n")[1:-1])
    return [*found, (both.encode(), "X.csv"), (lean_minutes(ROWS).encode(), "20240101_trade.csv"),
            (zipped(quotes(ROWS), "20240101_x_minute_quote.csv"), "20240101_quote.zip")]


def recordings() -> list[tuple[bytes, str]]:
    quoted, prints = simulate(np.random.default_rng(1), Truth(), 40.0)
    trades = aggregated_lines(prints)
    futures = "".join(capture_lines(quoted, prints)[::3])
    other = '1700000000000000000 {"topic":"publicTrade","data":[{"T":1,"s":"X","S":"Buy","p":"1"}]}\n'
    texts = ["".join(trades), "".join(trades[1:]), "".join([trades[0], *trades[:0:-1]]), futures,
             futures.replace(', "T": ', ', "t": '), other * 50]
    return [*((text.encode(), "trades.csv") for text in texts),
            (gzip.compress(texts[0].encode(), mtime=0), "trades.gz"),
            (zipped(texts[1], "trades.csv"), "trades.zip")]


# Damage --------------------------------------------------------------------------------------------

def bytes_changed(draws: random.Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(draws.choice([1, 1, 2, 5, 30])):
        i = draws.randrange(len(damaged) + 1)
        what = draws.randrange(3)
        if what == 0 or not damaged:
            damaged.insert(i, draws.choice(b'\0\n\r",.;:-_#09e {}[]\t\xff\x80') if draws.random() < 0.7
                           else draws.randrange(256))
        elif what == 1:
            damaged[i % len(damaged)] = draws.choice(b'\0\n\r",.;:-_#09e {}[]\t\xff')
        else:
            del damaged[i % len(damaged)]
    return bytes(damaged)


def cut(draws: random.Random, content: bytes) -> bytes:
    begin = draws.randrange(len(content) + 1) if draws.random() < 0.3 else 0
    return content[begin:draws.randrange(begin, len(content) + 1)]


def of_text(change: Callable[[random.Random, list[str]], list[str]]) -> Callable:
    """A change of lines; what is no text is changed in its bytes."""
    def changed(draws: random.Random, content: bytes) -> bytes:
        try:
            lines = content.decode().split("\n")
        except UnicodeDecodeError:
            return bytes_changed(draws, content)
        return "\n".join(change(draws, lines)).encode("utf-8", "surrogatepass")
    return changed


def separator_of(lines: list[str]) -> str:
    return max(",;\t", key=lines[0].count)


def cells_changed(draws: random.Random, lines: list[str]) -> list[str]:
    separator = separator_of(lines)
    for _ in range(draws.choice([1, 1, 3])):
        i = draws.randrange(len(lines))
        cells = lines[i].split(separator)
        cells[draws.randrange(len(cells))] = draws.choice(CELLS)
        lines[i] = separator.join(cells)
    return lines


def digits_changed(draws: random.Random, lines: list[str]) -> list[str]:
    i = draws.randrange(len(lines))
    places = [j for j, letter in enumerate(lines[i]) if letter.isdigit()]
    if places:
        j = draws.choice(places)
        lines[i] = lines[i][:j] + draws.choice(["", "0", "9", "99", "e9", ".", "-"]) + lines[i][j + 1:]
    return lines


def lines_changed(draws: random.Random, lines: list[str]) -> list[str]:
    i, j = draws.randrange(len(lines)), draws.randrange(len(lines))
    what = draws.randrange(6)
    if what == 0:
        lines[i], lines[j] = lines[j], lines[i]
    elif what == 1:
        lines.insert(i, lines[j])
    elif what == 2:
        del lines[i]
    elif what == 3:
        lines = lines[:1] + lines[:0:-1]
    elif what == 4:
        draws.shuffle(lines)
    else:
        lines.insert(i, draws.choice(["", "#", "a,b", "x" * 300, '"', "7 {}", "7 []", '{"a":[',
                                      "http://", "1,2,3,4,5,6", "\t\t", ";;;;;"]))
    return lines


def columns_changed(draws: random.Random, lines: list[str]) -> list[str]:
    separator = separator_of(lines)
    rows = [line.split(separator) for line in lines]
    i, j = draws.randrange(len(rows[0])), draws.randrange(len(rows[0]))
    what, cell = draws.randrange(4), draws.choice(CELLS)
    for number, row in enumerate(rows):
        if len(row) <= max(i, j):
            continue
        if what == 0:
            row[i], row[j] = row[j], row[i]
        elif what == 1:
            del row[i]
        elif what == 2:
            row.insert(i, row[j])
        elif number > 0 or draws.random() < 0.1:
            row[i] = cell
    return [separator.join(row) for row in rows]


def encoded(draws: random.Random, content: bytes) -> bytes:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return bytes_changed(draws, content)
    what = draws.randrange(6)
    if what < 3:
        return text.encode(["utf-16", "utf-8-sig", "utf-32"][what])
    if what == 3:
        return text.replace("\n", draws.choice(["\r\n", "\r", "\n\n", "\0\n"])).encode()
    if what == 4:
        return text.replace("o", "ö", 3).encode("latin-1", "replace")
    return text.replace(",", draws.choice([";", "\t", "|", ", ", '","']), 10**9).encode()


def repacked(draws: random.Random, content: bytes) -> bytes:
    what = draws.randrange(5)
    if what == 0:
        return gzip.compress(content, mtime=0)
    if what == 1:
        return gzip.compress(content, mtime=0)[:draws.randrange(1, 200)]
    if what == 2 and content[:2] == b"PK":
        with contextlib.suppress(Exception), zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = archive.namelist()[0]
            return zipped(damage(draws, archive.read(name)).decode("latin-1"), name)
    return b"[" * draws.choice([5, 5000]) + content if what == 3 else content + content


CHANGES = [bytes_changed, cut, encoded, repacked,
           *map(of_text, (cells_changed, cells_changed, digits_changed, digits_changed, lines_changed,
                          columns_changed))]


def damage(draws: random.Random, content: bytes) -> bytes:
    for _ in range(draws.choice([1, 1, 1, 2, 3])):
        content = draws.choice(CHANGES)(draws, content)
    return content


# Trials --------------------------------------------------------------------------------------------

def run(main: Callable[[list[str]], int], arguments: list[str]) -> tuple[int, str, str]:
    """Status, output and errors of a command; a warning of a library counts as an exception."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        status = main(arguments)
    return status, out.getvalue(), err.getvalue()


def one_line(name: str, status: int, out: str, err: str) -> None:
    assert status == 2 and out == "", (status, out, err)
    assert err.startswith(f"{name}: ") and err.endswith("\n"), err
    line = err[:-1]
    assert line.isprintable() and 20 < len(line) < 1500, err


def import_trial(number: int, seeds: list[tuple[bytes, str]], folder: Path) -> bool:
    """One damaged file through the importer, in a folder; whether it gave a tape, a right one."""
    draws = random.Random(number)
    content, name = draws.choice(seeds)
    file = folder / (name if draws.random() < 0.8 else draws.choice(NAMES))
    file.write_bytes(damage(draws, content))
    tape = folder / "tape.h5"
    tape.unlink(missing_ok=True)
    status, out, err = run(importer.main, [f"X={file}", "-o", str(tape), *draws.choice(IMPORTS)])
    file.unlink()
    if status == 2:
        one_line("quotesweep-import", status, out, err)
        assert not tape.exists()
        return False
    assert status == 0 and out.count("\n") == 1
    made = read_tape(tape)
    open_, high, low, close = (made.values[key] for key in ("open", "high", "low", "close"))
    assert all(np.isfinite(values).all() for values in made.values.values())
    assert (np.diff(made.times) > 0).all() and 0.0 < made.annualization < np.inf
    assert (low > 0.0).all() and (low <= np.minimum(open_, close)).all()
    assert (high >= np.maximum(open_, close)).all() and (made.values["volume"] >= 0.0).all()
    return True


def calibrate_trial(number: int, seeds: list[tuple[bytes, str]], folder: Path) -> bool:
    """One damaged file through the calibration; whether it gave estimates."""
    draws = random.Random(number)
    content, name = draws.choice(seeds)
    file = folder / name
    file.write_bytes(damage(draws, content))
    status, out, err = run(calibrate.main, [str(file), "--min-orders", "5", "--interval", "1",
                                            "--bootstrap", "19", *draws.choice(CALIBRATIONS)])
    file.unlink()
    if status == 2:
        one_line("quotesweep-calibrate", status, out, err)
        return False
    assert (status, err) == (0, "") and "parameter  side" in out
    return True
