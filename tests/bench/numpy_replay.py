"""A replay as one writes it with NumPy: a loop over bars, arrays over points.

The comparison of benchmark.py, and a reference that shares no code with the program: one symbol, the
symmetric strategy with one level, buys first, trade-through by one tick, orders of one bar.
"""

import numpy as np


def make_bars(count, seed=1):
    """Open, high, low and close of `count` bars of one minute on a grid of 0.01, (count,) each."""
    moves = np.random.default_rng(seed).normal(0.0, 0.00025, (count, 4))
    levels = np.cumsum(moves.ravel()).reshape(count, 4)
    first = np.concatenate([[0.0], levels[:-1, -1]])
    prices = np.round(30000.0 * np.exp(np.column_stack([first, levels])), 2)
    return prices[:, 0], prices.max(axis=1), prices.min(axis=1), prices[:, -1]


def write_tape(path, bars):
    """The bars of one symbol as a tape; see FORMAT.md."""
    import h5py
    count = len(bars[0])
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs["Conventions"] = "CF-1.8"
        file.attrs["quotesweep_tape_version"] = np.int64(1)
        file.attrs["bar_seconds"] = 60.0
        file.attrs["annualization"] = 365.0 * 1440.0
        file["time"] = np.arange(count, dtype="i8") * 60_000_000_000
        file.create_dataset("symbol", data=["X"], dtype=h5py.string_dtype())
        for name, series in zip(("open", "high", "low", "close"), bars):
            file[name] = series[None, :]
        file["volume"] = np.ones((1, count))


def replay(bars, spread, aggressivity, capital=100_000.0, maker=0.0002, taker=0.0005, tick=0.01,
           min_value=10.0, max_leverage=1.0, emergency=2.0):
    """P&L of every point, (points,). `spread` and `aggressivity` are (points,)."""
    wallet = np.full(len(spread), capital)
    position, entry = np.zeros_like(wallet), np.zeros_like(wallet)

    def trade(units, price, fee):
        """Signed units at a price, by average cost."""
        nonlocal wallet, position, entry
        closed = np.where(position * units < 0.0, np.minimum(np.abs(units), np.abs(position)), 0.0)
        gain = closed * np.sign(position) * (price - entry)
        after = position + units
        opened = np.abs(units) - closed
        share = np.divide(opened, np.abs(after), out=np.zeros_like(after), where=after != 0.0)
        entry = np.where(opened > 0.0, entry + (price - entry) * share, entry)
        wallet = wallet + gain - fee * np.abs(units) * price
        position = after

    for open_, high, low in zip(*(series[:-1] for series in bars[:3])):
        margin = wallet + position * (open_ - entry)
        value = position * open_
        leaves = (np.abs(value) >= min(emergency, max_leverage) * margin) & (value != 0.0)
        if leaves.any():
            trade(np.where(leaves, -position, 0.0), open_, taker)
            value = position * open_
        most = max_leverage * margin / open_
        size = most * aggressivity
        distance = 0.5 * (spread * open_)
        bid_ticks = np.floor((open_ - distance) / tick + 1e-6)
        ask_ticks = np.ceil((open_ + distance) / tick - 1e-6)
        bid, ask = tick * bid_ticks, tick * ask_ticks
        limit = np.maximum(max_leverage * margin, np.abs(value)) * (1.0 + 1e-9)
        buys = ((most - position > 0.0) & (size * bid >= min_value)
                & (value + size * bid <= limit) & (bid_ticks > np.rint(low / tick)))
        sells = ((most + position > 0.0) & (size * ask >= min_value)
                 & (size * ask - value <= limit) & (ask_ticks < np.rint(high / tick)))
        if buys.any():
            trade(np.where(buys, size, 0.0), bid, maker)
        if sells.any():
            trade(np.where(sells, -size, 0.0), ask, maker)
    trade(-position, bars[0][-1], taker)
    return wallet - capital
