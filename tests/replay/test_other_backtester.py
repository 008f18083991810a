"""The same tape through backtesting.py: the same trades for a symmetric quote of one symbol.

Its documented rules ("Backtesting.Strategy.buy", "Backtesting.Backtest"): next() is called at the end of
a bar, orders made there are looked at from the next bar on; a buy with a limit fills in a bar whose low
is at or below the limit, at the limit or at the open where that is better, a sale likewise; whatever is
left at the end is closed. Ours that are these rules:

    orders: {fill: path, latency: 1, life: 1}    touched fills, at the open where the open is better
    account: maker_fee = taker_fee               it has one commission
    risk: {max_leverage: 0, ...: 0}              no leverage is checked; it has cash enough
    signal: {warm_up: 1}                         its first next() is at bar 1
    strategy tokyo, quantity in whole units      it trades whole units only

Where the two cannot be the same, and what the strategy below does about it:

- It decides at a bar's end and knows that bar, ours at its open and does not. The strategy quotes around
  the open of the bar that has ended, by the position and the orders as they were before that bar.
- It fills the orders of a bar in the order in which they were made, ours along the path of the bar.
  Fills, fees and equity are the same. What is counted trade by trade (flips, wins) is not: it matches
  first in, first out, and ours at average cost. Flips are compared along our path.
- It trades on the last bar, ours closes at its open. The strategy withdraws its orders before it.
- It cancels orders for want of cash when they fill, ours rejects them when they are sent: neither here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from program import ROOT
from tape_files import PRICES, bar_times, make_tape, recorded_trades, replayed

from tapes import importer
from tapes.tape import read_tape

backtesting = pytest.importorskip("backtesting", reason="no backtesting.py in .venv")

DATA = ROOT.parent / "shared" / "data" / "lean_coinbase_minute"
OF_A_FILL = ["bar", "side", "units", "price"]
CAPITAL, FEE, UNITS = 10_000_000.0, 0.0004, 2


@dataclass(frozen=True)
class Quote:
    """A symmetric quote: spread as a fraction of the open, orders of UNITS up to `limit` units."""

    spread: float
    limit: int


def symmetric_strategy(quote: Quote) -> type:
    """What tokyo does, as a strategy of the other program."""

    class Symmetric(backtesting.Strategy):
        held, pending = 0, {1: 0, -1: 0}  # before the bar that has ended

        def init(self) -> None:
            self.bars = len(self.data)

        def next(self) -> None:
            for order in self.orders:
                order.cancel()
            sides = self.sides()
            self.held, self.pending = self.position.size, {1: 0, -1: 0}
            if len(self.data) >= self.bars - 1:
                return
            open_ = self.data.Open[-1]
            for side in sides:
                price = open_ - side * (0.5 * (quote.spread * open_))
                (self.buy if side > 0 else self.sell)(size=UNITS, limit=price)
                self.pending[side] = UNITS

        def sides(self) -> list[int]:
            return [side for side in (1, -1)
                    if quote.limit - side * self.held - self.pending[side] > 0]

    return Symmetric


class Other:
    """What the other program makes of a tape."""

    def __init__(self, bars: pd.DataFrame, quote: Quote):
        test = backtesting.Backtest(bars, symmetric_strategy(quote), cash=CAPITAL, commission=FEE,
                                    margin=1.0, trade_on_close=False, hedging=False,
                                    finalize_trades=True)
        self.bars, self.stats = bars, test.run()
        self.trades = self.stats["_trades"]

    @property
    def equity(self) -> np.ndarray:
        """After every bar."""
        return self.stats["_equity_curve"]["Equity"].to_numpy()

    def fills(self) -> pd.DataFrame:
        """Units and price of what was traded, by bar and side; its own trades are matched pieces."""
        entries = self.trades[["EntryBar", "Size", "EntryPrice"]]
        exits = self.trades[["ExitBar", "Size", "ExitPrice"]] * [1, -1, 1]
        both = pd.DataFrame(np.concatenate([entries, exits]), columns=["bar", "units", "price"])
        both["side"], both["value"] = np.sign(both["units"]), both["units"].abs() * both["price"]
        fills = both.groupby(["bar", "side"])[["units", "value"]].sum().reset_index()
        fills["price"] = fills["value"] / fills["units"].abs()
        return fills.astype({"bar": int, "side": int})

    def flips(self) -> int:
        """Changes of a position's sign in one trade, along open, nearer extreme, other extreme."""
        held = flips = 0
        for bar, fills in self.fills().groupby("bar"):
            prices = self.bars.iloc[bar]
            buys_first = prices["Open"] - prices["Low"] <= prices["High"] - prices["Open"]
            for units in fills.sort_values("side", ascending=not buys_first)["units"]:
                flips += held * units < 0 and abs(units) > abs(held)
                held += units
        return flips


def bars_of(tape_file: Path) -> pd.DataFrame:
    tape = read_tape(tape_file)
    return pd.DataFrame({name.title(): tape.values[name][0] for name in (*PRICES, "volume")},
                        index=pd.to_datetime(tape.times))


def our_results(quotesweep, folder: Path, tape: Path, quotes: list[Quote], windows: int):
    bar = 60  # seconds
    return replayed(quotesweep, folder, {
        "tape": str(tape), "strategy": {"name": "tokyo"}, "signal": {"warm_up": 1},
        "orders": {"fill": "path", "latency": 1}, "market": {"dt": bar},
        "risk": {"max_leverage": 0, "emergency_leverage": 0, "early_stop": 0},
        "account": {"capital": CAPITAL, "maker_fee": FEE, "taker_fee_bps": 1e4 * FEE},
        "metrics": {"bootstrap": 0, "clock": bar, "windows": windows},
        "record": list(range(len(quotes))),
        "sweep": [{"min_spread": quote.spread, "q_max": quote.limit,
                   "aggressivity": UNITS / quote.limit} for quote in quotes]})


def our_fills(folder: Path, point: int, bars: pd.DataFrame) -> pd.DataFrame:
    """Units and price by bar and side, as `Other.fills` has them."""
    numbers = bar_times(bars.index.to_numpy().astype(np.int64))
    rows = []
    for trade in recorded_trades(folder, point):
        side = 1 if trade["side"] == "buy" else -1
        rows.append((numbers[trade["time"]], side, side * float(trade["units"]),
                     float(trade["price"])))
    fills = pd.DataFrame(rows, columns=["bar", "side", "units", "price"])
    return fills.sort_values(["bar", "side"]).reset_index(drop=True)


def window_moments(equity: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of the returns of the equity in windows of so many bars."""
    returns = np.diff(equity, prepend=CAPITAL) / np.concatenate([[CAPITAL], equity[:-1]])
    parts = np.split(returns, np.cumsum(count)[:-1])
    return (np.array([part.mean() for part in parts]), np.array([part.std(ddof=1) for part in parts]))


def assert_same_trades(quotesweep, folder: Path, tape: Path, quotes: list[Quote]) -> int:
    """Bar, side, units and price of every trade are the same, totals, and mean and sd of the returns in
    windows of two bars. Returns the number of trades."""
    bars = bars_of(tape)
    ours = our_results(quotesweep, folder, tape, quotes, min(len(bars) // 2, 1000))
    trades = 0
    for point, quote in enumerate(quotes):
        other, mine = Other(bars, quote), ours.isel(point=point)
        fills = other.fills()
        pd.testing.assert_frame_equal(our_fills(folder, point, bars), fills[OF_A_FILL], rtol=1e-13)
        assert mine["trades"] == len(fills)
        for name, expected in (("turnover", fills["value"].sum() / CAPITAL),
                               ("fees", FEE * fills["value"].sum()),
                               ("fees", other.stats["Commissions [$]"]),
                               ("pnl", other.stats["Equity Final [$]"] - CAPITAL)):
            assert float(mine[name]) == pytest.approx(expected, rel=1e-9), name
        assert mine["flips"] == other.flips()
        mean, sd = window_moments(other.equity, ours["window_intervals"].to_numpy())
        np.testing.assert_allclose(mine["window_return"], mean, rtol=0, atol=1e-14)
        np.testing.assert_allclose(mine["window_return_sd"], sd, rtol=0, atol=1e-13)
        assert (fills["units"].abs()[fills["bar"] < len(bars) - 1] == UNITS).all()
        trades += len(fills)
    return trades


def test_a_synthetic_tape_gives_the_same_trades(quotesweep, tmp_path):
    random = np.random.default_rng(3)
    close = 5000.0 * np.exp(np.cumsum(0.001 * random.standard_normal(1000)))
    # Opens that jump, so that orders are crossed and filled at the open.
    open_ = np.roll(close, 1) * np.exp(0.0005 * random.standard_normal(1000))
    top, bottom = np.maximum(open_, close), np.minimum(open_, close)
    tape = make_tape(tmp_path / "tape.h5", {"A": {
        "open": open_, "close": close, "high": top * np.exp(0.001 * random.random(1000)),
        "low": bottom * np.exp(-0.001 * random.random(1000))}}, seconds=60)
    quotes = [Quote(spread, limit) for spread in (0.001, 0.002, 0.004) for limit in (2, 6, 100)]
    assert assert_same_trades(quotesweep, tmp_path, tape, quotes) > 3000


needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data with real market data")


def coinbase_tape(folder: Path, capsys, *arguments: object) -> Path:
    path = folder / "coinbase.h5"
    status = importer.main(["-o", str(path), *map(str, arguments)])
    assert status == 0, capsys.readouterr().err
    return path


@needs_data
@pytest.mark.parametrize("gaps", ["fill", "skip"])
@pytest.mark.parametrize("coin", ["btcusd", "ethusd"])
def test_coinbase_minutes_give_the_same_trades(quotesweep, tmp_path, capsys, coin, gaps):
    tape = coinbase_tape(tmp_path, capsys, f"{coin.upper()}={DATA / coin}", "--from", "2018-04-04",
                         "--to", "2018-04-05", "--quotes", "none", "--gaps", gaps)
    quotes = [Quote(spread, limit) for spread in (0.0004, 0.001, 0.003) for limit in (4, 100)]
    assert assert_same_trades(quotesweep, tmp_path, tape, quotes) > 3000


@needs_data
@pytest.mark.parametrize("gaps", ["fill", "skip"])
def test_coinbase_minutes_of_three_coins_align_replay_and_sweep(quotesweep, tmp_path, capsys, gaps):
    coins = ("BTCUSD", "ETHUSD", "LTCUSD")
    tape = coinbase_tape(tmp_path, capsys, *(f"{coin}={DATA / coin.lower()}" for coin in coins),
                         "--from", "2018-04-04", "--to", "2018-04-05", "--gaps", gaps)
    results = replayed(quotesweep, tmp_path, {
        "tape": str(tape), "market": {"dt": 60}, "metrics": {"clock": 1800, "bootstrap": 50},
        "account": {"capital": 100_000, "maker_fee": 0.0002, "taker_fee_bps": 5},
        "orders": {"min_value": 10}, "signal": {"warm_up": 7}, "symbols": {
            "BTCUSD": {"tick": 0.01}, "ETHUSD": {"tick": 0.01}, "LTCUSD": {"tick": 0.01}},
        "sweep": {"strategy.name": ["tokyo", "stoikov", "mexico"],
                  "min_spread": [0.0005, 0.001, 0.002]}})
    assert (results["status"] == 2).all()
    parts = sum(results[f"pnl_{coin}"] for coin in coins)
    np.testing.assert_allclose(parts, results["pnl"], rtol=1e-9, atol=1e-7)
    assert (results["trades"] > 0).all() and (results["trades"].sel(name="tokyo") > 100).all()
    assert np.isfinite(results["sharpe"]).all() and (results["sharpe_se"] > 0.0).all()
    times = read_tape(tape).times
    assert int(results["window_intervals"].sum()) == -(-times.size // 30)
