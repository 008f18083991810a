"""Real market data beside the repository, against readings of the files by hand."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from by_hand import lean_rows
from program import ROOT

DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data with real market data")

LEAN = DATA / "lean_coinbase_minute"
COINS = ("btcusd", "ethusd", "ltcusd")
DAYS = {"20180404": 1522800000, "20180405": 1522886400}  # those that all three have, both kinds [s]
TRADE = ("open", "high", "low", "close", "volume")
QUOTE = tuple(f"{side}_{name}" for side in ("bid", "ask")
              for name in ("open", "high", "low", "close", "size"))
FROM_TO = ("--from", "2018-04-04", "--to", "2018-04-05")


# Binance days -------------------------------------------------------------------------------------

def test_newest_first_days_of_two_symbols_are_turned_and_aligned(here, make):
    files = {name: DATA / "timcaron_daily" / f"{name}_1d.csv" for name in ("BTCUSDT", "ETHUSDT")}
    tape = make(*files.values())
    assert tape.symbols == list(files)
    assert tape.values["open"][0, 0] == 4261.48
    assert (tape.bar_seconds, tape.annualization) == (86400.0, 365.0)
    for i, (symbol, path) in enumerate(files.items()):
        rows = list(csv.DictReader(path.read_text().splitlines()))[::-1]
        assert len(rows) == 2800
        assert tape.times.tolist() == [int(row["Unix"]) * 10**6 for row in rows]
        for name in ("open", "high", "low", "close"):
            assert tape.values[name][i].tolist() == [float(row[name.title()]) for row in rows]
        volumes = [float(row[f"Volume {symbol[:3]}"]) for row in rows]
        assert tape.values["volume"][i].tolist() == volumes
    assert make.report.count("newest first, reversed") == 2


# Coinbase minutes ---------------------------------------------------------------------------------

@lru_cache(maxsize=None)
def bars(coin: str, kind: str) -> dict[int, list[float]]:
    """Opening time [s] -> fields, of the common days."""
    return {midnight + ms // 1000: [float(text) for text in fields]
            for day, midnight in DAYS.items()
            for ms, fields in lean_rows(LEAN / coin / f"{day}_{kind}.zip").items()}


def folders() -> list[str]:
    return [f"{coin.upper()}={LEAN / coin}" for coin in COINS]


def common_end(kinds: tuple[str, ...]) -> int:
    return min(max(bars(coin, kind)) for coin in COINS for kind in kinds)


def test_skip_keeps_the_minutes_that_all_have(here, make):
    tape = make(*folders(), *FROM_TO, "--gaps", "skip")
    both = [bars(coin, kind) for coin in COINS for kind in ("trade", "quote")]
    common = sorted(set.intersection(*(set(rows) for rows in both)))
    assert tape.times.tolist() == [time * 10**9 for time in common]
    assert 1000 < len(common) < 2879
    for i, coin in enumerate(COINS):
        for kind, names in (("trade", TRADE), ("quote", QUOTE)):
            rows = bars(coin, kind)
            for j, name in enumerate(names):
                assert tape.values[name][i].tolist() == [rows[time][j] for time in common]
    days = (common[-1] - common[0] + 60) / 86400
    assert tape.annualization == pytest.approx(365 * len(common) / days, rel=1e-14)


def test_fill_has_every_minute_and_repeats_the_last_close(here, make):
    tape = make(*folders(), *FROM_TO, "--gaps", "fill", "--quotes", "none")
    begin, end = 1522800000, common_end(("trade",))
    assert tape.times.tolist() == [time * 10**9 for time in range(begin, end + 60, 60)]
    assert tape.annualization == 365 * 1440
    for i, coin in enumerate(COINS):
        rows, last, expected = bars(coin, "trade"), None, []
        for time in range(begin, end + 60, 60):
            expected.append(rows.get(time) or [last] * 4 + [0.0])
            last = expected[-1][3]
        held = np.array([tape.values[name][i] for name in TRADE]).T
        assert held.tolist() == expected
    assert "bid_open" not in tape.values


def test_fill_with_quotes_repeats_those_too(here, make):
    tape = make(*folders(), *FROM_TO, "--gaps", "fill", "--quotes", "require")
    times = (tape.times // 10**9).tolist()
    assert times == list(range(1522800000, common_end(("trade", "quote")) + 60, 60))
    for i, coin in enumerate(COINS):
        rows, last = dict(bars(coin, "quote")), None
        for j, time in enumerate(times):
            if time not in rows:
                bid, bid_size, ask, ask_size = last[3], last[4], last[8], last[9]
                rows[time] = [bid] * 4 + [bid_size] + [ask] * 4 + [ask_size]
            assert [tape.values[name][i, j] for name in QUOTE] == rows[time]
            last = rows[time]
    assert (tape.values["bid_high"] <= tape.values["ask_high"]).all()


@pytest.mark.parametrize("quotes", ["none", "auto"])
def test_error_names_the_first_gap(here, refuse, quotes):
    kinds = ("trade",) if quotes == "none" else ("trade", "quote")
    begin, end = 1522800000, common_end(kinds)
    missing = [(time, coin, kind) for coin in COINS for kind in kinds
               for time in range(begin, end + 60, 60) if time not in bars(coin, kind)]
    first, coin, kind = min(missing, key=lambda gap: gap[0])
    minute = (first - begin) // 60
    line = sum(time < first for time in bars(coin, kind))
    message = refuse(*folders(), *FROM_TO, "--quotes", quotes)
    assert message.startswith(
        f"{LEAN / coin}/20180404_{kind}.zip:{line}: gap after this line: {coin.upper()} has no "
        f"{kind} bar at 2018-04-04 {minute // 60:02d}:{minute % 60:02d}")
    assert f"({len(missing)} bars missing in " in message


def test_all_days_of_all_coins_meet_only_where_all_trade(here, make):
    """Without a range the clock goes from the first common bar to the last over whole days."""
    tape = make(*folders(), "--gaps", "skip")
    days = np.unique(tape.times // (86400 * 10**9)) * 86400
    assert days.tolist() == list(DAYS.values())


def test_a_day_without_quotes_leaves_quotes_out(here, make):
    days = ("--from", "2018-04-04", "--to", "2018-04-06")
    tape = make(f"B={LEAN / 'btcusd'}", *days, "--gaps", "fill")
    assert "bid_open" not in tape.values and len(tape.times) == 3 * 1440
    assert "left out: B has no bid and ask bars on 2018-04-06 (1 of 3 days)" in make.report


def test_quotes_alone_give_their_middle(here, make):
    path = LEAN / "btcusd" / "20171217_quote.zip"
    tape = make(path, "--gaps", "skip")
    rows = lean_rows(path)
    assert tape.symbols == ["BTCUSD"] and len(tape.times) == len(rows)
    for j, name in enumerate(("open", "high", "low", "close")):
        expected = [(float(fields[j]) + float(fields[j + 5])) / 2 for fields in rows.values()]
        assert tape.values[name][0].tolist() == expected
    assert not tape.values["volume"].any()
