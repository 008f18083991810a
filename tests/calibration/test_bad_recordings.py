"""What cannot be calibrated to is refused with one line that says where, what and what to do."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

QUOTE = ('{"e":"bookTicker","u":1,"s":"TEST","b":"99.90","a":"100.10","T":%d}')
TRADE = '{"e":"trade","s":"TEST","p":"%s","q":"1","m":%s,"T":%d}'
ROW = "7,100.5,1,7,7,%s,%s"
START = 1_700_000_000  # [s] of the first line
MS = 1000 * START


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def capture(path: Path, *messages: str) -> Path:
    path.write_text("".join(f"{START + i}000000000 {message}\n" for i, message in enumerate(messages, 1)))
    return path


def market(sells: int = 60, buys: int = 60, quotes: int = 200) -> list[str]:
    """Messages, one a second, of orders that reach 1 and 2 from the mid in turn."""
    messages = [QUOTE % (MS + i * 1000) for i in range(1, quotes + 1)]
    for i in range(sells):
        messages.append(TRADE % (f"{99.0 - i % 2:.2f}", "true", MS + (i + 2) * 1000 + 500))
    for i in range(buys):
        messages.append(TRADE % (f"{101.0 + i % 2:.2f}", "false", MS + (i + 2) * 1000 + 600))
    return messages


def test_the_recording_that_others_here_damage_is_accepted(here, printed):
    moved = [QUOTE.replace("99.90", "99.80") % (MS + 500_000), QUOTE.replace("99.90", "99.70") % (MS + 600_000)]
    assert "fit of the bid side" in printed(capture(here / "good", *market(), *moved))


@pytest.mark.parametrize(("messages", "wrong"), [
    ([], "is empty; name"),
    (market(sells=0), "no sell orders, which would hit the bid side; name a longer recording"),
    (market(buys=0), "no buy orders, which would hit the ask side; name a longer recording"),
    (market(sells=20), "20 of 20 sell orders reached 0.2 or more on the bid side (must be >= 50); "
                       "lower --from-distance, or name a longer recording"),
    (market(quotes=0), "no quotes in raw capture; record the stream SYMBOL@bookTicker, too, or choose "
                       "--mid trades"),
    (market(0, 0), "no trades in messages of Binance; record the stream SYMBOL@trade or SYMBOL@aggTrade"),
    (market(), "the mid never moves"),
    ([*market(), '{"e":"trade"'], "321: '1700000321000000000 {\"e\":\"trade\"' cannot be read (not JSON); a "
                                  "line is 'LOCAL-NANOSECONDS {JSON}': remove it"),
    ([*market(), "7"], "321: '1700000321000000000 7' cannot be read (not a message {...})"),
    ([*market(), TRADE % ("-1", "true", 9)], "cannot be read (price -1 (must be > 0))"),
    ([*market(), TRADE % ("abc", "true", 9)], "could not convert string to float: 'abc'"),
    ([*market(), TRADE % ("nan", "true", 9)], "price nan (must be > 0)"),
    ([*market(), TRADE % ("1", '"yes"', 9)], "m = yes (must be true or false)"),
    ([*market(), QUOTE.replace("%d", '"soon"')], "invalid literal for int() with base 10: 'soon'"),
    ([*market(), '{"e":"trade","s":"TEST","p":[],"m":true,"T":9}'], "cannot be read (float() argument"),
    ([*market(), '{"e":"trade","s":"TEST","p":"1","m":true,"T":1e999}'],
     "cannot be read (cannot convert float infinity"),
    ([*market(), "[" * 100_000], "cannot be read (maximum recursion depth"),
    ([*market(), '{"e":"trade","s":"TEST","p":"1"}'], "cannot be read (no 'm')"),
    ([*market(), QUOTE.replace("99.90", "100.10") % 9], "bid 100.1 is not below ask 100.1"),
    ([*market(), TRADE.replace("TEST", "OTHER") % ("1", "true", 9)],
     "several symbols: OTHER, TEST; choose one with --symbol"),
])
def test_a_bad_capture_is_refused(here, refused, messages, wrong):
    said = refused(capture(here / "bad.txt", *messages), "-o", "s.yaml", "--plot", "s.png")
    assert said.startswith((f"{here}/bad.txt:", "the mid never")) and wrong in said
    assert [path.name for path in here.iterdir()] == ["bad.txt"]


def test_all_orders_at_one_distance_tell_no_k(here, refused):
    messages = [line.replace("98.00", "99.00").replace("102.00", "101.00") for line in market()]
    said = refused(capture(here / "same.txt", *messages), "--from-distance", 1)
    assert "all 60 sell orders reached the same 1 on the bid side, so k cannot be told" in said


@pytest.mark.parametrize(("rows", "wrong"), [
    ([], "trades.csv: is empty; name"),
    (["agg_trade_id,price,quantity,first,last,time,is_buyer_maker"], "trades.csv: no trades; name"),
    (["time,open,high,low"], "trades.csv:1: 'time,open,high,low' is neither a header nor a row"),
    (["{}"], "trades.csv:1: '{}' is neither a header nor a row"),
    ([ROW % (MS, "true"), "1,2,3"], "trades.csv:2: column 6 (time) = '' (must be seconds, ms, us or ns"),
    ([ROW % (1000, "true"), ROW % (1000, "true,True,9,9")], "Expected 7 fields in line 2, saw 10"),
    ([ROW % (1000, "true"), ROW % (1000, "maybe")],
     "trades.csv:2: column 7 (buyer is maker) = 'maybe' (must be true or false)"),
    (["id,price,quantity,first,last,time,maker", ROW % (1, "true"), ROW.replace("100.5", "x") % (2, 1)],
     "trades.csv:3: column 2 (price) = 'x' (must be a number > 0); columns must be aggregate id"),
    ([ROW % (1000, "true"), "", ROW % (1000, "true")], "trades.csv:2: column 2 (price) = ''"),
    ([ROW % (1000 + i, "true") for i in range(9)], "the price never changes"),
    ([ROW.replace("100", f"{100 + i}") % (1000 + i, "true") for i in range(9)],
     "no trades of one side, so no mid between those of both"),
])
def test_bad_aggregated_trades_are_refused(here, refused, rows, wrong):
    (here / "trades.csv").write_text("".join(f"{row}\n" for row in rows))
    assert wrong in refused("trades.csv", "-o", "s.yaml")
    assert [path.name for path in here.iterdir()] == ["trades.csv"]


def test_files_that_cannot_be_opened_are_refused(here, refused):
    assert refused("nowhere.gz") == ("nowhere.gz: no such file; name a raw capture or aggregated "
                                     "trades")
    assert refused(here) == f"{here}: is a folder; name a raw capture or aggregated trades"
    (here / "cut.gz").write_bytes(gzip.compress(b"1 {}\n" * 100_000)[:100])
    assert refused("cut.gz").startswith("cut.gz: cannot be read (Compressed file ended before")
    (here / "bytes.csv").write_bytes(b"\xff\xfe\x00\x01")
    assert "bytes.csv: is not text; name" in refused("bytes.csv")
    (here / "broken.zip").write_bytes(b"PK\x03\x04broken")
    assert "broken.zip: cannot be read (File is not a zip file)" in refused("broken.zip")
    with zipfile.ZipFile(here / "two.zip", "w") as archive:
        archive.writestr("a.csv", "1")
        archive.writestr("b.csv", "1")
    assert refused("two.zip") == "two.zip: 2 files in it (must be 1); unpack it and name one"


@pytest.mark.parametrize(("options", "wrong"), [
    (["--from-distance", "0.01"], "--from-distance 0.01 (must be >= 0.05, half the usual spread"),
    (["--from-distance", "-1"], "argument --from-distance: '-1' (must be a number > 0); see --help"),
    (["--from-distance", "1000"], "0 of 1774 sell orders reached 1000 or more"),
    (["--to-distance", "0.3"], "--to-distance 0.3 (must be >= 0.35, two ticks beyond --from-distance)"),
    (["--interval", "100"], "--interval 100: 8 intervals in 900 s (must be >= 20); choose at most 45"),
    (["--interval", "0"], "argument --interval: '0' (must be a number > 0)"),
    (["--tick", "0.3"], "is not a multiple of it; leave --tick out"),
    (["--from", "1e6"], "nothing is left of"),
    (["--until", "nan"], "argument --until: 'nan' (must be a number > 0)"),
    (["--min-orders", "1.5"], "argument --min-orders: '1.5' (must be a whole number >= 2)"),
    (["--symbol", "BTC"], "no trades of BTC in messages of Binance; record"),
    (["--plot", "fit.jpg"], "--plot fit.jpg: must end in .png, .svg or .pdf"),
    (["--plot", "no/fit.png"], "--plot no/fit.png: no folder no; make it first"),
    (["-o", "no/study.yaml"], "-o no/study.yaml: no folder no; make it first"),
    (["-o", "."], "-o .: is a folder; name a file"),
    (["--form", "x"], "unrecognized arguments: --form x; see --help"),
])
def test_bad_options_are_refused(here, refused, recording, options, wrong):
    said = refused(recording("capture.gz"), *options)
    assert wrong in said
    assert list(here.iterdir()) == []


def test_a_study_that_is_there_is_kept_unless_asked(here, refused, printed, recording):
    (here / "study.yaml").write_text("mine\n")
    said = refused(recording("capture.gz"), "-o", "study.yaml", "--plot", "fit.png")
    assert said == ("-o study.yaml: is there already; choose another name, or --fresh to replace it")
    assert (here / "study.yaml").read_text() == "mine\n" and not (here / "fit.png").exists()
    printed(recording("capture.gz"), "-o", "study.yaml", "--fresh")
    assert 'study: "study"\n' in (here / "study.yaml").read_text()


def test_when_one_file_cannot_be_written_none_is(here, refused, recording, monkeypatch):
    real, calls = Path.write_bytes, []

    def full(path: Path, content: bytes) -> int:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    said = refused(recording("capture.gz"), "-o", "s.yaml", "--plot", "fit.png")
    assert said == "s.yaml: cannot be written (No space left on device); choose another place"
    assert list(here.iterdir()) == []
