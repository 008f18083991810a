"""Several symbols on one clock: windows, gaps, the length of a bar, bars a year."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from by_hand import START, plain, walk
from tapes.sessions import annualization

MINUTE, DAY = 60 * 10**9, 86400 * 10**9


def write(name: str, rows: list) -> list:
    Path(f"{name}.csv").write_text(plain(rows))
    return rows


def thinned(rows: list, seed: int, share: float = 0.8) -> list:
    """The rows but for some; the first and the last stay."""
    draws = random.Random(seed)
    return [row for i, row in enumerate(rows) if i in (0, len(rows) - 1) or draws.random() < share]


def test_the_tape_goes_from_the_latest_first_bar_to_the_earliest_last(here, make):
    first = write("A", walk(50))
    second = write("B", walk(50, seed=2, start=START + 600))
    tape = make("A.csv", "B.csv")
    assert tape.symbols == ["A", "B"]
    assert tape.times.tolist() == [row[0] * 10**9 for row in first[10:]]
    assert tape.values["close"].tolist() == [[float(row[4]) for row in first[10:]],
                                             [float(row[4]) for row in second[:40]]]
    assert "2024-01-01 00:10 to 2024-01-01 00:49 UTC" in make.summary
    assert make("B.csv", "A.csv").symbols == ["B", "A"]


def test_skip_keeps_exactly_the_times_that_all_symbols_have(here, make):
    rows = {name: write(name, thinned(walk(200, seed), seed)) for seed, name in enumerate("ABC")}
    tape = make("A.csv", "B.csv", "C.csv", "--gaps", "skip")
    common = set.intersection(*({row[0] for row in symbol} for symbol in rows.values()))
    assert tape.times.tolist() == [time * 10**9 for time in sorted(common)]
    for i, symbol in enumerate(rows.values()):
        kept = [row for row in symbol if row[0] in common]
        assert tape.values["volume"][i].tolist() == [float(row[5]) for row in kept]
    assert f"{200 - len(common)} times dropped for all symbols" in make.report


def test_fill_repeats_the_last_close_with_volume_0_on_the_regular_clock(here, make):
    rows = {name: write(name, thinned(walk(200, seed), seed)) for seed, name in enumerate("ABC")}
    tape = make("A.csv", "B.csv", "C.csv", "--gaps", "fill")
    assert tape.times.tolist() == [(START + 60 * i) * 10**9 for i in range(200)]
    for i, symbol in enumerate(rows.values()):
        known, last = {row[0]: [float(text) for text in row[1:]] for row in symbol}, None
        for j in range(200):
            expected = known.get(START + 60 * j) or [last] * 4 + [0.0]
            assert [tape.values[name][i, j] for name in ("open", "high", "low", "close", "volume")
                    ] == expected
            last = expected[3]
    missing = sum(200 - len(symbol) for symbol in rows.values())
    assert f"{missing} missing bars filled with the last close" in make.report


def test_a_symbol_that_began_earlier_is_filled_from_before_the_first_time(here, make):
    first = walk(20)
    write("A", first[:4] + first[6:])
    write("B", walk(20, seed=2)[5:])
    tape = make("A.csv", "B.csv", "--gaps", "fill")
    assert tape.times[0] == (START + 300) * 10**9
    assert [tape.values[name][0, 0] for name in ("open", "high", "low", "close", "volume")
            ] == [float(first[3][4])] * 4 + [0.0]


def test_a_time_that_is_far_off_is_not_filled_up_to(here, refuse):
    rows = walk(20)
    write("A", [(0, *rows[0][1:]), *rows])
    assert refuse("A.csv", "--gaps", "fill").startswith(
        "A.csv:2: 28401119 bars of A missing after this line, of a tape of 28401140: a time is wrong")


def test_a_gap_at_the_end_of_the_common_time_is_one(here, refuse, make):
    rows = walk(20)
    write("A", rows[:9] + rows[12:])
    write("B", walk(10, seed=2))
    assert refuse("A.csv", "B.csv").startswith(
        "A.csv:10: gap after this line: A has no trade bar at 2024-01-01 00:09 (1 bar missing")
    assert len(make("A.csv", "B.csv", "--gaps", "fill").times) == 10
    assert len(make("A.csv", "B.csv", "--gaps", "skip").times) == 9


def test_error_names_the_gap_that_comes_first_in_time(here, refuse):
    rows = walk(30)
    write("A", rows[:20] + rows[22:])
    write("B", rows[:12] + rows[13:])
    assert refuse("A.csv", "B.csv").startswith(
        "B.csv:13: gap after this line: B has no trade bar at 2024-01-01 00:12 "
        "(3 bars missing in 2 gaps")


def test_the_report_counts_gaps_and_missing_bars_of_each_symbol(here, make):
    rows = walk(30)
    write("A", rows[:20] + rows[22:])
    write("B", rows[:5] + rows[6:12] + rows[15:])
    make("A.csv", "B.csv", "--gaps", "skip")
    lines = [line.split() for line in make.report.replace("-01 ", "-01T").splitlines()[:3]]
    assert [dict(zip(lines[0], line))["gaps"] for line in lines[1:]] == ["1", "2"]
    assert [dict(zip(lines[0], line))["missing"] for line in lines[1:]] == ["2", "4"]
    assert [dict(zip(lines[0], line))["bars"] for line in lines[1:]] == ["28", "26"]


def test_symbols_without_a_common_time_are_refused(here, refuse):
    write("A", walk(10))
    write("B", walk(10, start=START + 86400))
    assert refuse("A.csv", "B.csv").startswith(
        "no common time: A ends 2024-01-01 00:09, B begins 2024-01-02 00:00.")


def test_symbols_that_never_have_a_bar_together_are_refused(here, refuse):
    rows = walk(20)
    write("A", rows[:1] + rows[3:18:3] + rows[18:19])
    write("B", rows[1:18:3] + rows[17:18])
    message = refuse("A.csv", "B.csv", "--interval", "1m", "--gaps", "skip")
    assert message.startswith("no time from 2024-01-01 00:01 to") and "--gaps fill" in message


def test_bars_of_other_lengths_or_phases_are_refused(here, refuse):
    write("A", walk(10))
    write("B", walk(10, step=300))
    assert refuse("A.csv", "B.csv").startswith("A has bars of 1m and B of 5m (must be equal)")
    write("B", walk(9, start=START + 30))
    for order in (("A.csv", "B.csv"), ("B.csv", "A.csv")):
        assert refuse(*order).startswith(
            "B.csv:2: bar of B at 2024-01-01 00:00:30 is not on the clock of 1m that most bars "
            "keep (9 of its 9")


@pytest.mark.parametrize("step, seconds", [(1, 1.0), (60, 60.0), (3600, 3600.0), (86400, 86400.0)])
def test_the_length_of_a_bar_is_the_most_frequent_step(here, make, step, seconds):
    write("A", thinned(walk(300, step=step), 1))
    assert make("A.csv", "--gaps", "skip").bar_seconds == seconds


def test_interval_says_the_length_where_the_bars_do_not(here, make):
    write("A", walk(1))
    assert make("A.csv", "--interval", "1h").bar_seconds == 3600.0
    write("A", walk(10, step=120))
    assert len(make("A.csv", "--interval", "1m", "--gaps", "fill").times) == 19


def test_from_and_to_cut_before_anything_is_checked(here, make):
    rows = walk(3000)
    rows[10] = (rows[10][0], "0", *rows[10][2:])
    write("A", rows[:100] + rows[150:])
    tape = make("A.csv", "--from", "2024-01-01 12:00", "--to", "2024-01-02")
    assert tape.times[0] == (START + 12 * 3600) * 10**9
    assert tape.times[-1] == (START + 2 * 86400 - 60) * 10**9
    assert make("A.csv", "--from", "2024-01-02", "--to", "2024-01-02 00:05").times.size == 6


# Bars a year --------------------------------------------------------------------------------------

def days(count: int, weekends: bool, first: int = 0) -> np.ndarray:
    """Midnights from 2024-01-01, a Monday, or `first` days later [ns]."""
    kept = [day for day in range(first, first + count) if weekends or day % 7 < 5]
    return np.array([START * 10**9 + day * DAY for day in kept])


def within(midnights: np.ndarray, minutes: range) -> np.ndarray:
    return (midnights[:, None] + np.array(minutes) * MINUTE).ravel()


@pytest.mark.parametrize("times, length, expected", [
    (days(30, True), DAY, 365.0),
    (days(28, False), DAY, 252.0),
    (days(5, False), DAY, 365.0),  # Monday to Friday says nothing about weekends
    (days(6, False, first=2), DAY, 252.0),  # Wednesday to Monday does
    (days(1, True), DAY, 365.0),
    (within(days(30, True), range(1440)), MINUTE, 365.0 * 1440),
    (within(days(28, False), range(870, 1260)), MINUTE, 252.0 * 390),
    (within(days(10, True), range(0, 1440, 2)), 2 * MINUTE, 365.0 * 720),
])
def test_bars_a_year_follow_from_the_clock(times, length, expected):
    assert annualization(times, length) == pytest.approx(expected, rel=1e-14)


def test_one_day_of_the_weekend_is_trading_on_weekends():
    week = days(28, True)
    for left_out in (5, 6):
        kept = week[np.arange(28) % 7 != left_out]
        span = (kept[-1] - kept[0]) / DAY + 1
        assert annualization(kept, DAY) == pytest.approx(365.0 * 24 / span, rel=1e-14)


def test_bars_a_year_count_what_is_there():
    times = within(days(10, True), range(1440))
    assert annualization(times[::2], MINUTE) == pytest.approx(365.0 * 720, rel=1e-3)
    stocks = days(28, False)
    assert annualization(np.delete(stocks, 7), DAY) == 252.0  # a holiday is no day of trading
