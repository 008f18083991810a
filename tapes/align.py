"""Several symbols on one clock: its length of a bar, gaps, fills, bid and ask bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tapes.bars import PRICES, QUOTE, QUOTE_PRICES, SIZES, TapeError
from tapes.checks import History
from tapes.times import DAY, count_text, length_text, time_text

GAPS = ("error", "skip", "fill")
QUOTES = ("auto", "require", "none")
LONG = 1_000_000  # bars of a tape that must not be fillings for more than 99 %


@dataclass(frozen=True)
class Pair:
    """What one symbol has: bars of trades, and of quotes if any. Without trades they are the middle
    of bid and ask."""

    symbol: str
    trades: History
    quotes: History | None
    from_mids: bool = False

    def histories(self) -> list[History]:
        """Those that must have a bar at every time of the tape; of the middle of bid and ask, which
        has the times of the quotes, one suffices."""
        one = self.quotes is None or self.from_mids
        return [self.trades] if one else [self.trades, self.quotes]


@dataclass(frozen=True)
class Gap:
    """Bars that are missing one after the other.

    begin: time of the first that is missing [ns]; bars: how many
    row: of the bar before, -1 if none
    """

    history: History
    begin: int
    bars: int
    row: int


@dataclass(frozen=True)
class Aligned:
    """What a tape holds.

    pairs: what went into it, without quotes that are left out
    times: (time,) int64, strictly increasing [ns since 1970-01-01 UTC]
    values: name -> (symbol, time) float64
    length: of a bar [ns]; gaps: inside the clock, of all symbols
    changed: bars filled or times dropped
    """

    symbols: list[str]
    pairs: list[Pair]
    times: np.ndarray
    values: dict[str, np.ndarray]
    length: int
    gaps: list[Gap]
    changed: int
    notes: list[str] = field(default_factory=list)


def pair_of(symbol: str, trades: History | None, quotes: History | None, mode: str) -> Pair:
    """mode: one of QUOTES; with "none" quotes are used only where there are no trades."""
    if trades is None:
        return Pair(symbol, _mids(quotes), None if mode == "none" else quotes, from_mids=True)
    return Pair(symbol, trades, None if mode == "none" else quotes)


def _mids(quotes: History) -> History:
    """Bars of (bid + ask) / 2, volume 0."""
    frame = quotes.frame[["time", "line", "file"]].copy()
    for price in PRICES:
        frame[price] = (quotes.frame[f"bid_{price}"] + quotes.frame[f"ask_{price}"]) / 2.0
    frame["volume"] = 0.0
    return History(quotes.symbol, quotes.kind, quotes.files, frame, quotes.findings)


def align(pairs: Sequence[Pair], length: int | None, gaps: str, quotes: str) -> Aligned:
    """The symbols on one clock, from the latest first bar to the earliest last bar.

    length: of a bar [ns]; None: the most frequent step of each symbol, which must agree
    gaps, quotes: one of GAPS, of QUOTES
    Raises TapeError for bars off the clock, for gaps with "error", for quotes that are missing with
    "require", and where nothing is left.
    """
    check_months(pairs)
    length = length or common_length(pairs)
    check_phase(pairs, length)
    pairs, notes = with_common_quotes(pairs, quotes)
    histories = [history for pair in pairs for history in pair.histories()]
    begin, end = common_window(histories)
    found = [gap for history in histories for gap in gaps_of(history, begin, end, length)]
    if found and gaps == "error":
        raise _gap_error(found)
    if gaps == "fill":
        check_fill(found, (end - begin) // length + 1)
    times = _clock(histories, begin, end, length, gaps if found else "fill")
    values = _values(pairs, times)
    changed = (sum(gap.bars for gap in found) if gaps == "fill"
               else (end - begin) // length + 1 - len(times))
    symbols = [pair.symbol for pair in pairs]
    return Aligned(symbols, pairs, times, values, length, found, changed, notes)


def common_length(pairs: Sequence[Pair]) -> int:
    """The most frequent step between bars [ns], of equals the shortest; must be that of all."""
    lengths = {}
    for pair in pairs:
        steps, counts = np.unique(np.diff(pair.trades.times), return_counts=True)
        if steps.size == 0:
            raise TapeError(f"{pair.trades.where(0)}: the only bar of {pair.symbol}, so its length "
                            "is unknown. Say --interval 1m, 1h, 1d or what it is.")
        lengths[pair.symbol] = int(steps[np.argmax(counts)])
    (first, length), *others = lengths.items()
    for symbol, other in others:
        if other != length:
            raise TapeError(f"{first} has bars of {length_text(length)} and {symbol} of "
                            f"{length_text(other)} (must be equal). Import them into two tapes.")
    return length


def check_months(pairs: Sequence[Pair]) -> None:
    """Raises TapeError for bars of months, which have no length in common: a clock has equal steps."""
    for pair in pairs:
        times = pair.trades.times
        months = times.astype("datetime64[ns]").astype("datetime64[M]")
        into = times - months.astype("datetime64[ns]").astype(np.int64)
        if times.size > 2 and np.unique(into).size == 1 and (np.diff(times) > 27 * DAY).all():
            raise TapeError(f"{pair.trades.where(1)}: bars of {pair.symbol} are months, of 28 to 31 "
                            "days (a tape has bars of one length). Get days or weeks.")


def check_phase(pairs: Sequence[Pair], length: int) -> None:
    """All bars begin at whole multiples of the length from each other."""
    histories = [history for pair in pairs for history in pair.histories()]
    phases, counts = np.unique(np.concatenate([history.times % length for history in histories]),
                               return_counts=True)
    phase = int(phases[np.argmax(counts)])
    for history in histories:
        off = history.times % length != phase
        if off.any():
            row = int(np.argmax(off))
            raise TapeError(f"{history.where(row)}: bar of {history.symbol} at "
                            f"{time_text(history.times[row])} is not on the clock of "
                            f"{length_text(length)} that most bars keep ({int(off.sum())} of its "
                            f"{len(off)} bars are not). Remove it, or say --interval.")


def with_common_quotes(pairs: Sequence[Pair], mode: str) -> tuple[list[Pair], list[str]]:
    """The pairs with quotes where every symbol has some on every day on which the tape has its
    bars, else all without, and a note that says why."""
    if mode == "none" or all(pair.quotes is None for pair in pairs) and mode == "auto":
        return list(pairs), []
    begin, end = common_window([pair.trades for pair in pairs])
    for pair in pairs:
        times = pair.trades.times
        days = np.unique(times[(times >= begin) & (times <= end)] // DAY)
        have = np.array([]) if pair.quotes is None else np.unique(pair.quotes.times // DAY)
        missing = np.setdiff1d(days, have)
        if missing.size == 0:
            continue
        why = (f"{pair.symbol} has no bid and ask bars on {time_text(missing[0] * DAY)[:10]}"
               f" ({missing.size} of {days.size} days)")
        if mode == "require":
            raise TapeError(f"{why}. Add them, leave such days out with --from and --to, or leave "
                            "--quotes require out.")
        return [Pair(p.symbol, p.trades, None, p.from_mids) for p in pairs], [
            f"bid and ask bars are left out: {why}"]
    return list(pairs), []


def common_window(histories: Sequence[History]) -> tuple[int, int]:
    """The latest first time and the earliest last time [ns]."""
    latest = max(histories, key=lambda history: history.times[0])
    earliest = min(histories, key=lambda history: history.times[-1])
    if latest.times[0] > earliest.times[-1]:
        raise TapeError(f"no common time: {earliest.symbol} ends {time_text(earliest.times[-1])}, "
                        f"{latest.symbol} begins {time_text(latest.times[0])}. Add files, or "
                        "import them into two tapes.")
    return int(latest.times[0]), int(earliest.times[-1])


def gaps_of(history: History, begin: int, end: int, length: int) -> list[Gap]:
    """The gaps of one history from begin to end, both included."""
    times = history.times
    first = int(np.searchsorted(times, begin))
    inside = times[first:np.searchsorted(times, end, side="right")]
    edges = np.concatenate([[begin - length], inside, [end + length]])
    steps = np.diff(edges) // length
    return [Gap(history, int(edges[i]) + length, int(steps[i]) - 1, first + int(i) - 1)
            for i in np.flatnonzero(steps > 1)]


def check_fill(gaps: list[Gap], bars: int) -> None:
    """Raises TapeError where next to nothing of a long tape is data: a time is wrong then."""
    if bars > LONG and sum(gap.bars for gap in gaps) > 0.99 * bars:
        gap = max(gaps, key=lambda gap: gap.bars)
        raise TapeError(f"{gap.history.where(max(gap.row, 0))}: {count_text(gap.bars, 'bar')} of "
                        f"{gap.history.symbol} missing after this line, of a tape of {bars}: a time is "
                        "wrong, or --interval. Correct it, or cut with --from and --to.")


def _gap_error(gaps: list[Gap]) -> TapeError:
    """About the gap that comes first in time."""
    gap = min(gaps, key=lambda gap: gap.begin)
    side = "after" if gap.row >= 0 else "before"
    more = f" and the next {gap.bars - 1}" if gap.bars > 1 else ""
    missing = count_text(sum(other.bars for other in gaps), "bar")
    return TapeError(f"{gap.history.where(max(gap.row, 0))}: gap {side} this line: "
                     f"{gap.history.symbol} has no {gap.history.kind} bar at {time_text(gap.begin)}"
                     f"{more} ({missing} missing in {count_text(len(gaps), 'gap')} in all). Say "
                     "--gaps skip to drop such times for all symbols, as where a market closes, "
                     f"or --gaps fill to repeat the last close{_without_quotes(gap)}.")


def _without_quotes(gap: Gap) -> str:
    quoted = gap.history.kind == QUOTE
    return ", or --quotes none to do without bid and ask bars" if quoted else ""


def _clock(histories: Sequence[History], begin: int, end: int, length: int,
           gaps: str) -> np.ndarray:
    """With "fill" every multiple of the length, with "skip" the times at which all have a bar."""
    if gaps == "fill":
        return np.arange(begin, end + length, length, dtype=np.int64)
    times = histories[0].times[(histories[0].times >= begin) & (histories[0].times <= end)]
    for history in histories[1:]:
        times = times[np.isin(times, history.times, assume_unique=True)]
    if times.size == 0:
        raise TapeError(f"no time from {time_text(begin)} to {time_text(end)} at which all symbols "
                        "have a bar. Say --gaps fill, or import them into two tapes.")
    return times


def _values(pairs: Sequence[Pair], times: np.ndarray) -> dict[str, np.ndarray]:
    """name -> (symbol, time)."""
    rows: dict[str, list[np.ndarray]] = {}
    for pair in pairs:
        values = _filled(pair.trades.frame, times, [PRICES], ["volume"])
        if pair.quotes is not None:
            values |= _filled(pair.quotes.frame, times, [QUOTE_PRICES[:4], QUOTE_PRICES[4:]], [])
            values |= _last(pair.quotes.frame, times, SIZES)
        for name, row in values.items():
            rows.setdefault(name, []).append(row)
    return {name: np.array(row) for name, row in rows.items() if len(row) == len(pairs)}


def _filled(frame: pd.DataFrame, times: np.ndarray, prices: Sequence[Sequence[str]],
            flows: Sequence[str]) -> dict[str, np.ndarray]:
    """Columns at every time. Where there is no bar, open, high, low and close are the last close
    and flows are 0. Requires a bar at or before the first time."""
    rows = np.searchsorted(frame["time"].to_numpy(), times, side="right") - 1
    there = frame["time"].to_numpy()[rows] == times
    values = {}
    for names in prices:
        close = frame[names[-1]].to_numpy()[rows]
        values |= {name: np.where(there, frame[name].to_numpy()[rows], close) for name in names}
    return values | {name: np.where(there, frame[name].to_numpy()[rows], 0.0) for name in flows}


def _last(frame: pd.DataFrame, times: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Columns at every time, those of the last bar where there is none."""
    rows = np.searchsorted(frame["time"].to_numpy(), times, side="right") - 1
    return {name: frame[name].to_numpy()[rows] for name in names if name in frame}
