"""Whatever a file looks like, equal bars give equal tapes."""

from __future__ import annotations

import gzip
import random
import sys
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from by_hand import HEADER, START, held, klines, lean_zip, plain, walk
from tapes.bars import TapeError
from tapes.columns import recognise
from tapes.table import symbol_of_name
from tapes.times import Zone, parse_times

ROWS = walk(50)


def iso(seconds: int, form: str) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime(form)


def shuffled_columns(seed: int) -> str:
    """Binance's columns in another order, by their names."""
    order = list(range(12))
    random.Random(seed).shuffle(order)
    lines = [line.split(",") for line in (HEADER + "\n" + klines(ROWS)).split()]
    return "".join(",".join(line[i] for i in order) + "\n" for line in lines)


def with_times(form: str, separator: str = ",") -> str:
    return "".join(separator.join([iso(row[0], form), *row[1:]]) + "\n" for row in ROWS)


OHLCV = "Open,High,Low,Close,Volume\n"
TEXTS = {
    "klines in ms": klines(ROWS),
    "klines in us": klines(ROWS, unit=10**6),
    "klines in ns": klines(ROWS, unit=10**9),
    "klines in s": klines(ROWS, unit=1),
    "ms, then us": klines(ROWS[:20]) + klines(ROWS[20:], unit=10**6),
    "with a header": HEADER + "\n" + klines(ROWS),
    "newest first": klines(ROWS[::-1]),
    "newest first with a header": HEADER + "\n" + klines(ROWS[::-1]),
    "six columns": plain(ROWS).split("\n", 1)[1],
    "spaces and capitals": plain(ROWS, " Timestamp , OPEN,High,low, Close ,Volume "),
    "angle brackets": plain(ROWS, "<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>"),
    "numbered": plain(ROWS, "timestamp,1. open,2. high,3. low,4. close,5. volume"),
    "quoted": "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in plain(ROWS).split()),
    "quoted, with spaces": "".join(
        ", ".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in plain(ROWS).split()),
    "other line ends": plain(ROWS).replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + plain(ROWS),
    "no line end at the end": plain(ROWS).rstrip(),
    "empty lines": plain(ROWS).replace("\n", "\n\n", 7),
    "a line before the header": "https://www.example.org/data\n" + plain(ROWS),
    "floating epochs": plain([(f"{row[0] * 1000}.0", *row[1:]) for row in ROWS]),
    "semicolons": plain(ROWS).replace(",", ";"),
    "tabs": plain(ROWS).replace(",", "\t"),
    "date and time": "Date," + OHLCV + with_times("%Y-%m-%d %H:%M:%S"),
    "ISO with T and Z": "Date," + OHLCV + with_times("%Y-%m-%dT%H:%M:%SZ"),
    "offset": "Date," + OHLCV + with_times("%Y-%m-%d %H:%M:%S+00:00"),
    "slashes": "Date," + OHLCV + with_times("%Y/%m/%d %H:%M"),
    "Lean's dates": with_times("%Y%m%d %H:%M"),
    "two columns": "Date,Time," + OHLCV + with_times("%Y-%m-%d,%H:%M"),
    "an epoch beside a date": "Date,Unix," + OHLCV + "".join(
        f"1999-01-01,{','.join(map(str, row))}\n" for row in ROWS),
    "an index without a name": "," + OHLCV + with_times("%Y-%m-%d %H:%M"),
    **{f"shuffled {seed}": shuffled_columns(seed) for seed in range(5)},
}


def check_rows(tape, rows=ROWS, symbol=0):
    np.testing.assert_array_equal(tape.times, [row[0] * 10**9 for row in rows])
    for name, values in held(rows).items():
        np.testing.assert_array_equal(tape.values[name][symbol], values)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_of_any_layout_gives_the_same_tape(here, make, text):
    Path("X.csv").write_bytes(text.encode())
    tape = make("X.csv")
    assert tape.symbols == ["X"] and tape.bar_seconds == 60.0
    check_rows(tape)


@pytest.mark.parametrize("zone, hours", [("America/New_York", -5), ("Asia/Kolkata", 5.5)])
def test_times_without_an_offset_are_in_the_given_zone(here, make, zone, hours):
    shifted = [(row[0] + int(hours * 3600), *row[1:]) for row in ROWS]
    Path("X.csv").write_text("Date," + OHLCV + "".join(
        ",".join([iso(row[0], "%Y-%m-%d %H:%M"), *row[1:]]) + "\n" for row in shifted))
    check_rows(make("X.csv", "--timezone", zone))


@pytest.mark.parametrize("text", ["2024-11-03 01:30", "2024-03-10 02:30"])
def test_local_times_that_come_twice_or_never_are_refused(here, refuse, text):
    Path("X.csv").write_text(f"Date,{OHLCV}{text},1,1,1,1,1\n{text}-05:00,1,1,1,1,1\n")
    assert refuse("X.csv", "--timezone", "America/New_York").startswith(
        f"X.csv:2: Date = '{text}' (must be a time that exists once in America/New_York; give an")


def test_epochs_offsets_and_dates_alone_do_not_depend_on_the_zone():
    for text in ("1704067200", "1704067200000", "2024-01-01T00:00:00Z", "2024-01-01", "20240101",
                 "2024-01-01 02:00+02:00"):
        assert parse_times(pd.Series([text]), Zone("America/New_York")).tolist() == [START * 10**9], text


@pytest.mark.parametrize("day", ["1975-06-01", "2001-09-09", "2033-05-18", "2199-12-31"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_unit_of_an_epoch_follows_from_its_size(day, unit):
    ticks = str(np.datetime64(day, unit).astype(np.int64))
    assert parse_times(pd.Series([ticks]), Zone("UTC"))[0] == np.datetime64(day, "ns").astype(np.int64)


def test_numbers_are_the_doubles_that_are_nearest_to_the_text(here, make):
    draws = random.Random(3)
    rows = []
    for i in range(300):
        low, *middle, high = sorted(f"{draws.uniform(1, 9):.17g}" for _ in range(4))
        rows.append((START + i * 60, middle[0], high, low, middle[1], f"{draws.random():.17g}"))
    Path("X.csv").write_text(plain(rows))
    check_rows(make("X.csv", "--jumps", "keep"), rows)


@pytest.mark.parametrize("packed", ["X.csv.gz", "X.zip"])
def test_packed_text_is_read_as_it_is(here, make, packed):
    if packed.endswith("gz"):
        Path(packed).write_bytes(gzip.compress(klines(ROWS).encode()))
    else:
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("X-1m-2024-01-01.csv", klines(ROWS))
    check_rows(make(packed))


def frame(index: bool, times: str) -> pd.DataFrame:
    moments = pd.to_datetime([row[0] for row in ROWS], unit="s", utc=True)
    moments = {"zoned": moments.tz_convert("Asia/Tokyo"), "plain": moments.tz_localize(None),
               "ms": [row[0] * 1000 for row in ROWS]}[times]
    columns = {name.title(): values for name, values in held(ROWS).items()}
    table = pd.DataFrame(columns, index=moments)
    return table if index else table.rename_axis("Datetime").reset_index()


@pytest.mark.parametrize("times", ["zoned", "plain", "ms"])
@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("newest_first", [True, False])
def test_parquet_gives_the_same_tape(here, make, index, times, newest_first):
    pytest.importorskip("pyarrow")
    table = frame(index, times)
    (table[::-1] if newest_first else table).to_parquet("X.parquet")
    check_rows(make("X.parquet"))


def test_without_pyarrow_the_message_names_it(here, refuse, monkeypatch):
    Path("X.parquet").write_bytes(b"PAR1" + bytes(20))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "X.parquet: Parquet needs the package pyarrow" in refuse("X.parquet")


def test_damaged_parquet_is_refused(here, refuse):
    pytest.importorskip("pyarrow")
    Path("X.parquet").write_bytes(b"PAR1" + bytes(20))
    assert refuse("X.parquet").startswith("X.parquet: damaged Parquet (")
    table = frame(False, "plain").astype({"High": object})
    table.loc[7, "High"] = None
    table.to_parquet("X.parquet")
    assert refuse("X.parquet").startswith("X.parquet:8: High = ")


# Which symbol -------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, symbol", [
    ("BTCUSDT_1d.csv", "BTCUSDT"), ("data/BTCUSDT-1m-2024-01.zip", "BTCUSDT"),
    ("ETHUSD-5m-2024-01-31.csv.gz", "ETHUSD"), ("spy.parquet", "spy"), ("BRK-B_daily.csv", "BRK-B"),
    ("EURUSD.20240131.csv", "EURUSD")])
def test_the_symbol_is_the_beginning_of_a_files_name(name, symbol):
    assert symbol_of_name(name) == symbol


def test_a_column_of_symbols_says_which_row_is_whose(here, make, refuse):
    first, second = walk(20), walk(20, seed=2)
    both = [row for rows in zip([("AAA", *row) for row in first], [("BBB", *row) for row in second])
            for row in rows]
    Path("all.csv").write_text("Symbol,time,open,high,low,close,volume\n" + "".join(
        ",".join(map(str, row)) + "\n" for row in both))
    tape = make("all.csv")
    assert tape.symbols == ["AAA", "BBB"]
    check_rows(tape, first, 0)
    check_rows(tape, second, 1)
    one = make("BBB=all.csv")
    assert one.symbols == ["BBB"]
    check_rows(one, second)
    Path("tape.h5").unlink()
    assert refuse("CCC=all.csv") == (
        "all.csv: no symbol 'CCC' (its column of symbols has AAA, BBB). Name one of these, or "
        "leave SYMBOL= out.")


def test_a_symbol_may_have_several_files_a_folder_or_a_pattern(here, make, refuse):
    Path("data").mkdir()
    Path("data/LICENSE").write_text("not data")
    for i in range(5):
        Path(f"data/X-1m-{i}.csv").write_text(klines(ROWS[10 * i:10 * (i + 1)]))
    files = sorted(map(str, Path("data").glob("*.csv")))
    for arguments in (["X=data"], ["X=data/*.csv"], [f"X={name}" for name in reversed(files)],
                      [f"X={files[0]}", "X=data/X-1m-[1-4].csv"], ["X=data", "X=data/X-1m-0.csv"]):
        check_rows(make(*arguments))
    Path("tape.h5").unlink()
    assert refuse("X=data/*.parquet") == ("data/*.parquet: no such file or folder. Name one, or a "
                                          "pattern such as 'data/*.csv'.")
    Path("none").mkdir()
    assert refuse("none").startswith("none: no file in this folder ends with .csv")


@pytest.mark.parametrize("columns, symbol, volume", [
    ("Volume BTC,Volume USDT", None, 0), ("Volume USDT,Volume BTC", None, 1),
    ("Volume BTC,Volume ETH", "ETHBTC", 1), ("Volume BTC,Volume ETH", "BTCETH", 0),
    ("Volume USD", None, 0), ("quote_volume,vol", None, 1)])
def test_the_volume_is_the_one_of_the_asset(columns, symbol, volume):
    names = ["time", "open", "high", "low", "close", *columns.split(",")]
    assert recognise(names, "f", symbol)["volume"] == 5 + volume


def test_columns_that_could_be_either_are_refused():
    names = ["time", "open", "high", "low", "close", "Volume AAA", "Volume BBB"]
    with pytest.raises(TapeError, match="which column is the volume, 'Volume AAA', 'Volume BBB'"):
        recognise(names, "f", "X")
    with pytest.raises(TapeError, match="2 columns for close: 'Close', 'CLOSE'"):
        recognise(["time", "open", "high", "low", "Close", "CLOSE", "volume"], "f")


# Lean ---------------------------------------------------------------------------------------------

TRADES = "0,100,101.5,99,101,2.5\n60000,101,102,100.5,100.5,0\n120000,100.5,100.5,100.5,100.5,1\n"
QUOTES = ("0,99,100,98,99.5,3,101,102,100,101.5,4\n"
          "60000,99.5,99.5,99.5,99.5,5,101.5,101.5,100,100,6\n"
          "120000,99,99,99,99,7,100,100,100,100,8\n")
MIDNIGHT = 1522800000  # 2018-04-04 [s]


@pytest.fixture
def lean(here):
    """A day of trades and quotes in Lean's folders."""
    folder = Path("crypto/coinbase/minute/btcusd")
    lean_zip(folder / "20180404_trade.zip", TRADES)
    lean_zip(folder / "20180404_quote.zip", QUOTES)
    return folder


def test_lean_trades_and_quotes_are_one_symbol(make, lean):
    tape = make(lean)
    assert tape.symbols == ["BTCUSD"]
    assert tape.times.tolist() == [(MIDNIGHT + i * 60) * 10**9 for i in range(3)]
    expected = {"open": [100, 101, 100.5], "high": [101.5, 102, 100.5], "low": [99, 100.5, 100.5],
                "close": [101, 100.5, 100.5], "volume": [2.5, 0, 1],
                "bid_open": [99, 99.5, 99], "bid_high": [100, 99.5, 99], "bid_low": [98, 99.5, 99],
                "bid_close": [99.5, 99.5, 99], "bid_size": [3, 5, 7],
                "ask_open": [101, 101.5, 100], "ask_high": [102, 101.5, 100],
                "ask_low": [100, 100, 100], "ask_close": [101.5, 100, 100], "ask_size": [4, 6, 8]}
    assert {name: values[0].tolist() for name, values in tape.values.items()} == expected
    assert "bid_open" not in make(lean, "--quotes", "none").values


def test_quotes_alone_give_the_middle_as_price(make, lean):
    (lean / "20180404_trade.zip").unlink()
    tape = make(f"B={lean}")
    assert "B: no trades; prices are the middle of bid and ask, volume 0" in make.report
    assert tape.values["open"].tolist() == [[100, 100.5, 99.5]]
    assert tape.values["high"].tolist() == [[101, 100.5, 99.5]]
    assert tape.values["low"].tolist() == [[99, 99.75, 99.5]]
    assert tape.values["close"].tolist() == [[100.5, 99.75, 99.5]]
    assert tape.values["volume"].tolist() == [[0, 0, 0]]
    assert tape.values["bid_open"].tolist() == [[99, 99.5, 99]]
    assert "bid_open" not in make(f"B={lean}", "--quotes", "none").values


def test_a_quote_with_one_side_is_a_gap(make, refuse, lean):
    lean_zip(lean / "20180404_quote.zip", QUOTES.replace("99.5,99.5,99.5,99.5,5", ",,,,"))
    message = refuse(lean)
    assert ("20180404_quote.zip:1: gap after this line: BTCUSD has no quote bar at 2018-04-04 "
            "00:01 (1 bar missing in 1 gap in all)") in message
    assert "or --quotes none to do without bid and ask bars" in message
    assert len(make(lean, "--gaps", "skip").times) == 2
    filled = make(lean, "--gaps", "fill").values
    assert filled["bid_low"].tolist() == [[98, 99.5, 99]]
    assert filled["ask_high"].tolist() == [[102, 101.5, 100]]
    assert filled["bid_size"].tolist() == [[3, 3, 7]]
    assert filled["open"].tolist() == [[100, 101, 100.5]]


def test_gaps_of_quotes_alone_count_once(make, refuse, lean):
    (lean / "20180404_trade.zip").unlink()
    lean_zip(lean / "20180404_quote.zip", "".join(QUOTES.splitlines(keepends=True)[::2]))
    assert "(1 bar missing in 1 gap in all)" in refuse(lean, "--interval", "1m")
    tape = make(lean, "--interval", "1m", "--gaps", "fill")
    assert "1 missing bar filled with the last close" in make.report
    assert tape.values["close"].tolist() == [[100.5, 100.5, 99.5]]
    assert tape.values["ask_open"].tolist() == [[101, 101.5, 100]]


def test_quotes_of_one_side_only_are_no_bars_at_all(refuse, lean):
    (lean / "20180404_trade.zip").unlink()
    lean_zip(lean / "20180404_quote.zip", "0,,,,,,101,102,100,101.5,4\n60000,,,,,,9,9,9,9,1\n")
    assert refuse(lean) == "BTCUSD: no bar has both bid and ask. Add files of trades."


def test_crossed_quotes_are_refused(refuse, lean):
    crossed = QUOTES.replace("120000,99,99,99,99", "120000,101,101,101,101")
    lean_zip(lean / "20180404_quote.zip", crossed)
    assert "20180404_quote.zip:3: bid_open = 101 is above ask_open = 100" in refuse(lean)


def test_days_without_quotes_leave_quotes_out(make, refuse, lean):
    lean_zip(lean / "20180405_trade.zip", TRADES)
    why = "BTCUSD has no bid and ask bars on 2018-04-05 (1 of 2 days)"
    assert "bid_open" not in make(lean, "--gaps", "skip").values
    assert f"bid and ask bars are left out: {why}" in make.report
    assert make.report.splitlines()[2].split()[-2:] == ["-", "-"]
    assert "bid_open" in make(lean, "--to", "2018-04-04").values
    Path("tape.h5").unlink()
    assert refuse(lean, "--gaps", "skip", "--quotes", "require").startswith(why)


def test_days_after_the_common_time_need_no_quotes(make, lean):
    lean_zip(lean / "20180405_trade.zip", TRADES)
    other = Path("crypto/ethusd")
    lean_zip(other / "20180404_trade.zip", TRADES)
    lean_zip(other / "20180404_quote.zip", QUOTES)
    assert make(lean, other).values["bid_open"].shape == (2, 3)


def test_the_report_tells_trades_and_quotes_apart(make, lean):
    lean_zip(lean / "20180404_quote.zip", "".join(QUOTES.splitlines(keepends=True)[::2]))
    make(lean, "--gaps", "skip")
    lines = [line.split() for line in make.report.replace("-04 ", "-04T").splitlines()[1:3]]
    assert [(line[1], line[2], line[5], line[6]) for line in lines] == [
        ("trade", "3", "0", "0"), ("quote", "2", "1", "1")]


def test_quotes_of_one_symbol_only_are_left_out(make, refuse, lean):
    Path("X.csv").write_text(plain(walk(3, start=MIDNIGHT)))
    tape = make(lean, "X.csv")
    assert tape.symbols == ["BTCUSD", "X"] and "bid_open" not in tape.values
    assert "left out: X has no bid and ask bars on 2018-04-04 (1 of 1 days)" in make.report
    Path("tape.h5").unlink()
    assert "X has no bid and ask bars" in refuse(lean, "X.csv", "--quotes", "require")


def test_prices_of_equities_are_in_tenthousandths_and_those_of_crypto_are_not(here, make, refuse):
    scaled = ("34200000,1483300,1484500,1483200,1484000,500\n"
              "34260000,1484000,1484000,1483900,1483900,20\n")
    for folder, scale in (("equity/usa/minute/spy", 10000), ("crypto/coinbase/minute/spy", 1)):
        lean_zip(Path(folder) / "20180404_trade.zip", scaled)
        tape = make(folder, *(["--timezone", "UTC"] if scale > 1 else []))
        assert tape.values["open"].tolist() == [[1483300 / scale, 1484000 / scale]]
        assert tape.values["volume"].tolist() == [[500, 20]]
    lean_zip(Path("somewhere/20180404_trade.zip"), scaled)
    Path("tape.h5").unlink()
    assert "prices such as 1483300 may be in 1/10000 dollars" in refuse("somewhere")
    for scale in (1, 10000):
        tape = make("somewhere", "--lean-price-scale", scale)
        assert tape.values["low"].tolist() == [[1483200 / scale, 1483900 / scale]]


def test_a_day_of_lean_begins_at_midnight_of_the_given_zone(make, lean):
    winter = lean_zip(Path("equity/spy/20180104_trade.zip"), TRADES)
    for path, hours in ((lean / "20180404_trade.zip", 4), (winter, 5)):
        tape = make(path, "--timezone", "America/New_York")
        day = datetime.strptime(path.name[:8], "%Y%m%d").replace(tzinfo=timezone.utc)
        assert tape.times[0] == (day.timestamp() + hours * 3600) * 10**9


@pytest.mark.parametrize("rows, message", [
    ("0,1,1,1,1\n", ":1: 5 columns (must be 6: time, open, high, low, close, volume)"),
    (TRADES + "86400000,1,1,1,1,1\n",
     ":4: time = '86400000' (must be milliseconds since midnight)"),
    (TRADES.replace("60000,101", "60000,x"), ":2: open = 'x' (must be a finite number)"),
    (TRADES.replace("60000,101", "60000,"), ":2: open = '' (must be a finite number)"),
    ("\n", ": empty (must have rows of bars)")])
def test_damaged_lean_rows_are_refused(here, refuse, rows, message):
    path = lean_zip(Path("crypto/x/20180404_trade.zip"), rows)
    assert refuse(path).startswith(f"{path}{message}")


def test_bid_and_ask_may_be_columns_of_a_table(here, make):
    rows = walk(10)
    sides = ",".join(f"{side}_{price}" for side in ("bid", "ask") for price in
                     ("open", "high", "low", "close"))
    Path("X.csv").write_text(f"time,open,high,low,close,volume,{sides}\n" + "".join(
        ",".join(map(str, row)) + ",1,3,1,2,2,4,1.5,3\n" for row in rows))
    tape = make("X.csv")
    check_rows(tape, rows)
    assert tape.values["bid_close"].tolist() == [[2.0] * 10]
    assert tape.values["ask_low"].tolist() == [[1.5] * 10]
    assert "bid_size" not in tape.values


def test_sizes_are_left_out_unless_all_files_have_both(here, make):
    sides = "bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close"
    for name, sizes, rows in (("a", ",bid_size,ask_size", walk(4)),
                              ("b", ",ask_size", walk(4, start=START + 240))):
        Path(f"{name}.csv").write_text(f"time,{sides}{sizes}\n" + "".join(
            f"{row[0]},2,3,1,2,3,4,1.5,3{',7' * sizes.count('size')}\n" for row in rows))
    both = make("X=a.csv").values
    assert both["bid_size"].tolist() == both["ask_size"].tolist() == [[7.0] * 4]
    for files in (["X=b.csv"], ["X=a.csv", "X=b.csv"]):
        assert not {"bid_size", "ask_size"} & set(make(*files).values)
