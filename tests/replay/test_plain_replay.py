"""The program against a replay in plain Python that was written from the pages alone, over random
tapes and settings: every result, every trade, every recorded bar."""

from __future__ import annotations

import csv
import json
import math
import os

import h5py
import numpy as np
import pytest
from scipy import stats

from plain_philox import philox
from plain_replay import PlainReplay
from plain_results import Intervals, interval_ends, results
from plain_tape import read_tape
from random_studies import PRICES, RandomStudy, random_study
from tape_files import bar_times
from tapes.sessions import annualization
from tapes.tape import Tape, write_tape

ALL = os.environ.get("QUOTESWEEP_ALL") == "1"
STUDIES = [*range(170 if ALL else 34), *range(1000, 1030 if ALL else 1006)]
NEAR = 1e-9  # of a number, or of the capital where a number of money may cancel

# Of a results file, what is no result of the replay itself (tests/test_warnings.py has `warnings`).
NOT_REPLAYED = {"status", "paths_done", "compute_seconds", "warnings", "point", "window"}
MONEY = ("pnl", "fees", "max_drawdown", "shortfall")


def run_program(quotesweep, folder, study: RandomStudy):
    """Runs a study and gives the results file."""
    values = {kind: np.array([bars[kind] for bars in study.symbols.values()]) for kind in PRICES}
    values["volume"] = np.ones_like(values["open"])
    times = study.seconds.astype(np.int64) * 10**9
    write_tape(folder / "tape.h5",
               Tape(list(study.symbols), times, values, float(study.bar_seconds),
                    annualization(times, study.bar_seconds * 10**9), "a test", "a test"))
    (folder / "random.yaml").write_text(json.dumps(study.document(str(folder / "tape.h5"))))
    done = quotesweep(["run", folder / "random.yaml", "-o", folder / "random.h5"])
    assert done.returncode == 0, done.stderr
    return folder / "random.h5"


def plain(folder, study: RandomStudy, point: int):
    """The same point replayed by the pages: the replay, and all results."""
    settings = [study.of(point, name) for name in study.symbols]
    ticks = {name: one["market.tick"] for name, one in zip(study.symbols, settings)}
    clock, symbols = read_tape(folder / "tape.h5", ticks, study.off_grid)
    replay = PlainReplay(symbols, settings, study.seed)
    return replay, results(replay, clock, settings[0], study.seed)


def close_to(value, expected, scale: float) -> bool:
    value, expected = (np.atleast_1d(np.asarray(one, dtype=float)) for one in (value, expected))
    return value.shape == expected.shape and np.allclose(value, expected, rtol=NEAR,
                                                         atol=NEAR * scale, equal_nan=True)


def scale_of(name: str, capital: float) -> float:
    """What a result is small against: money against the capital, ratios against 1 %."""
    return capital if name.startswith(MONEY) and "pct" not in name else 0.01


def read_results(file: h5py.File, point: int) -> dict[str, object]:
    points = file["status"].size
    names = [name for name in file if isinstance(file[name], h5py.Dataset)
             and name not in NOT_REPLAYED and "parameter" not in file[name].attrs]
    return {name: file[name][()] if name in ("window_start", "window_intervals")
            else file[name][()].reshape(points, -1)[point] for name in names}


@pytest.mark.parametrize("number", STUDIES)
def test_the_program_meets_a_plain_replay(quotesweep, tmp_path, number):
    hold_to_plain_replay(quotesweep, tmp_path, random_study(number, simple=number >= 1000))


def hold_to_plain_replay(quotesweep, tmp_path, study: RandomStudy):
    with h5py.File(run_program(quotesweep, tmp_path, study)) as file:
        found = [read_results(file, point) for point in range(len(study.points))]
    for point, values in enumerate(found):
        replay, expected = plain(tmp_path, study, point)
        assert set(values) == set(expected)  # a result without an oracle fails
        wrong = {name: (value, expected[name]) for name, value in values.items()
                 if not close_to(value, expected[name], scale_of(name, replay.capital))}
        assert not wrong, (point, study.points[point], study.settings)
        check_trades(tmp_path, study, point, replay)
        check_series(tmp_path, study, point, replay)


def account_that_grows() -> RandomStudy:
    """Wide bars on which a ladder earns, but for two of which it buys only, and loses: a larger part
    of a small account, then a smaller part of a large one."""
    falls = {5: 0.95, 100: 0.97}
    opens = 100.0 * np.cumprod([1.0] + [falls.get(bar, 1.0) for bar in range(119)])
    closes = opens * [falls.get(bar, 1.0) for bar in range(120)]
    highs = opens * [1.0 if bar in falls else 1.01 for bar in range(120)]
    bars = {"open": opens, "high": highs, "low": np.minimum(0.99 * opens, closes), "close": closes}
    settings = {"strategy.name": "tokyo", "risk.aggressivity": 0.9, "risk.emergency_leverage": 0.0,
                "orders.fill": "touch", "metrics.bootstrap": 12}
    points = [{"strategy.min_spread": 0.01 + 0.0001 * i} for i in range(9)]
    return RandomStudy({"AAA": bars}, 1704067200 + 3600 * np.arange(120), 3600, settings, {}, points,
                       1, "refuse")


def test_the_largest_fall_is_not_always_the_largest_part(quotesweep, tmp_path):
    study = account_that_grows()
    hold_to_plain_replay(quotesweep, tmp_path, study)
    for point in range(len(study.points)):
        replay, found = plain(tmp_path, study, point)
        margins = np.array([replay.capital] + [mark.margin for mark in replay.marks])
        peaks = np.maximum.accumulate(margins)
        worst = (peaks - margins).argmax()
        assert found["max_drawdown_pct"] > 1.5 * (1.0 - margins[worst] / peaks[worst])


def long_and_short() -> RandomStudy:
    """One symbol falls to its bid, another rises to its ask, and both stay there."""
    before, after = np.full(10, 100.0), np.full(20, 1.0)
    symbols = {}
    for name, to in (("AAA", 98.0), ("BBB", 102.0)):
        opens, closes = np.append(before, to * after), np.append(before[1:], to * np.full(21, 1.0))
        symbols[name] = {"open": opens, "close": closes, "high": np.maximum(opens, closes),
                         "low": np.minimum(opens, closes)}
    settings = {"strategy.name": "tokyo", "strategy.min_spread": 0.01, "risk.aggressivity": 1.0,
                "risk.emergency_leverage": 9.0, "orders.no_room": "cut", "metrics.bootstrap": 12}
    points = [{"account.maker_fee": fee} for fee in (0.0, 0.0001)]
    return RandomStudy(symbols, 1704067200 + 3600 * np.arange(30), 3600, settings, {}, points, 1,
                       "refuse")


def test_positions_long_and_short_add_up_to_an_exit(quotesweep, tmp_path):
    study = long_and_short()
    hold_to_plain_replay(quotesweep, tmp_path, study)
    for point in range(len(study.points)):
        assert plain(tmp_path, study, point)[1]["emergency_exits"] == 2


def test_a_price_below_half_a_tick_is_one_tick(quotesweep, tmp_path):
    opens = np.linspace(0.3, 4.2, 40)
    closes = np.append(opens[1:], opens[-1])
    bars = {"open": opens, "close": closes, "high": closes, "low": opens}
    settings = {"strategy.name": "tokyo", "market.tick": 1.0, "orders.min_value": 0.001,
                "metrics.bootstrap": 12}
    points = [{"strategy.min_spread": spread} for spread in (0.01, 0.1)]
    study = RandomStudy({"AAA": bars}, 1704067200 + 3600 * np.arange(40), 3600, settings, {},
                        points, 1, "round")
    hold_to_plain_replay(quotesweep, tmp_path, study)


def rows_of(path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def check_trades(folder, study: RandomStudy, point: int, replay: PlainReplay):
    rows, names = rows_of(folder / f"random.point{point}.trades.csv"), list(study.symbols)
    bars = bar_times(study.seconds * 10**9)
    trades = sorted(replay.trades, key=lambda trade: (trade.bar, trade.symbol))
    assert len(rows) == len(trades)
    for row, trade in zip(rows, trades):
        assert (bars[row["time"]], row["symbol"], row["side"], row["order"]) == (
            trade.bar, names[trade.symbol], "buy" if trade.side > 0 else "sell", trade.kind)
        for column, scale in (("price", 0.0), ("units", trade.units), ("fee", replay.capital),
                              ("position", trade.units)):
            assert close_to(row[column], getattr(trade, column), scale), (column, row, trade)


def check_series(folder, study: RandomStudy, point: int, replay: PlainReplay):
    rows = rows_of(folder / f"random.point{point}.csv")
    assert len(rows) == len(replay.marks)
    columns = series(replay)
    assert set(rows[0]) == {"time", *columns}
    for name, (values, scale) in columns.items():
        program = np.array([float(row[name] or "nan") for row in rows])
        symbol, _, kind = name.partition("_")
        if kind in ("bid", "ask"):  # whether tokyo wants more at a full position is rounding
            edge = [of_bar[list(study.symbols).index(symbol)].get("on_edge", False)
                    for of_bar in replay.shown]
            program, values = np.where(edge, 0.0, program), np.where(edge, 0.0, values)
        assert close_to(program, values, scale), name


def series(replay: PlainReplay) -> dict[str, tuple[list[float], float]]:
    """Columns of a recorded series, and what they are small against."""
    marks, capital = replay.marks, replay.capital
    margins = np.array([mark.margin for mark in marks])
    peaks = np.maximum.accumulate(np.maximum(margins, capital))
    stopped = math.inf if replay.stop_bar is None else replay.stop_bar
    columns = {"wallet": ([mark.wallet for mark in marks], capital), "margin": (margins, capital),
               "leverage": ([ratio(sum(mark.values), mark.margin) for mark in marks], 1.0),
               "drawdown": (peaks - margins, capital),
               "trading": ([float(bar < stopped) for bar in range(len(marks))], 1.0)}
    for s, bars in enumerate(replay.symbols):
        traded = {side: [0.0] * len(marks) for side in (1, -1)}
        for trade in replay.trades:
            if trade.symbol == s:
                traded[trade.side][trade.bar] += trade.units
        most = max(1e-300, *traded[1], *traded[-1])
        shown = {name: [of_bar[s].get(name, math.nan) for of_bar in replay.shown]
                 for name in ("bid", "ask", "reservation_price")}
        own = {"open": (bars.open, 0.0), "close": (bars.close, 0.0),
               **{name: (values, 0.0) for name, values in shown.items()},
               "bought": (traded[1], most), "sold": (traded[-1], most),
               "position": ([mark.held[s] for mark in marks], most),
               "leverage": ([ratio(mark.values[s], mark.margin / len(replay.symbols))
                             for mark in marks], 1.0),
               "realized_pnl": ([mark.totals[s].realized for mark in marks], capital),
               "fees": ([mark.totals[s].fees for mark in marks], capital)}
        columns |= {f"{bars.name}_{name}": values for name, values in own.items()}
    return columns


def ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def test_philox_gives_its_published_answers():
    # Random123, kat_vectors: philox 4x32, 10 rounds.
    assert philox((0, 0, 0, 0), 0) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert philox((0xFFFFFFFF,) * 4, 2**64 - 1) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    assert philox((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), 0x299F31D0A4093822) == (
        0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)


def test_moments_of_returns_are_those_of_scipy(quotesweep, tmp_path):
    study = random_study(3)
    with h5py.File(run_program(quotesweep, tmp_path, study)) as file:
        found = read_results(file, 0)
    replay, _ = plain(tmp_path, study, 0)
    settings = study.of(0, "AAA")
    clock, _ = read_tape(tmp_path / "tape.h5", {}, study.off_grid)
    returns = Intervals(replay, interval_ends(clock, settings), settings, 1.0).returns
    assert np.ptp(returns) > 0
    assert found["return_skewness"] == pytest.approx(stats.skew(returns), rel=NEAR)
    assert found["return_kurtosis"] == pytest.approx(stats.kurtosis(returns, fisher=False),
                                                     rel=NEAR)
    low = (returns[:, None] - settings["metrics.target"]).clip(max=0.0)
    assert found["sortino"] / found["sharpe"] == pytest.approx(
        (returns.mean() - settings["metrics.target"]) / np.sqrt((low**2).mean())
        / (returns.mean() / stats.tstd(returns)), rel=NEAR)
