"""What is wrong with the bars of one symbol, and the repairs that were asked for.

Each check raises one TapeError at its first fault, unless the repair of that name is on. Where most rows
have a fault, it is not in them: the columns are not what they were taken for, and no repair helps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tapes.bars import PRICES, SIDES, SIZES, Bars, TapeError, price_columns
from tapes.times import count_text, newest_first, time_text

LARGEST = 1e100  # of a price or an amount, so that sums and products are numbers
REPAIRS = ("duplicates", "order", "ohlc", "prices")


@dataclass
class Findings:
    """What was found in the bars of one symbol and kind, and repaired.

    reversed: files that are newest first
    disorder, duplicates, ohlc, prices: rows; conflicting: duplicates with other values
    """

    reversed: list[str] = field(default_factory=list)
    disorder: int = 0
    duplicates: int = 0
    conflicting: int = 0
    ohlc: int = 0
    prices: int = 0


@dataclass(frozen=True)
class History:
    """All bars of one symbol and kind, times strictly increasing.

    frame: (bars,) as in Bars, and `file`, the number of the file in `files`
    layout: of the first file, as in Bars
    """

    symbol: str
    kind: str
    files: list[str]
    frame: pd.DataFrame
    findings: Findings
    layout: tuple[str, ...] = ()

    @property
    def times(self) -> np.ndarray:
        """Opening times, (bars,) int64 [ns since 1970-01-01 UTC]."""
        return self.frame["time"].to_numpy()

    def where(self, row: int) -> str:
        """File and line of a bar."""
        return f"{self.files[self.frame['file'].iat[row]]}:{self.frame['line'].iat[row]}"


def history_of(parts: Sequence[Bars], repairs: frozenset[str]) -> History:
    """One symbol's bars of one kind, checked and repaired.

    parts: one or more, with a bar at least; in the order in which they were named
    """
    findings = Findings()
    frames = [_ordered(part, repairs, findings).assign(file=i) for i, part in enumerate(parts)]
    joined = pd.concat(frames, ignore_index=True)
    if joined.reindex(columns=SIZES).isna().any(axis=None):  # not both, or not in all files
        joined = joined.drop(columns=[name for name in SIZES if name in joined])
    joined = joined.iloc[np.lexsort((joined["line"], joined["file"], joined["time"]))]
    history = History(parts[0].symbol, parts[0].kind, [part.file for part in parts],
                      joined.reset_index(drop=True), findings, parts[0].layout)
    for check in (_without_duplicates, _with_positive_prices, _with_whole_bars):
        history = check(history, repairs)
    _check_amounts(history)
    _check_sides(history)
    return history


def _ordered(part: Bars, repairs: frozenset[str], findings: Findings) -> pd.DataFrame:
    """One file's bars, oldest first. Newest first is a direction; a mixture is disorder."""
    steps = np.diff(part.frame["time"].to_numpy())
    backward, forward = steps < 0, steps > 0
    turned = newest_first(part.frame["time"].to_numpy())
    wrong = forward if turned else backward
    if turned:
        findings.reversed.append(part.file)
    if not wrong.any():
        return part.frame
    if "order" not in repairs:
        raise _disorder(part, int(np.argmax(wrong)), int(wrong.sum()), turned)
    findings.disorder += int(wrong.sum())
    return part.frame


def _disorder(part: Bars, row: int, count: int, turned: bool) -> TapeError:
    before, after = part.frame["time"].iat[row], part.frame["time"].iat[row + 1]
    direction = "newest first" if turned else "oldest first"
    return TapeError(f"{part.file}:{part.frame['line'].iat[row + 1]}: time {time_text(after)} "
                     f"follows {time_text(before)} in a file that is {direction} "
                     f"({count_text(count, 'row')} out of order). Say --repair order to sort.")


def _without_duplicates(history: History, repairs: frozenset[str]) -> History:
    """One bar a time: of several that which stands first in the files."""
    repeated = history.frame.duplicated("time").to_numpy()
    if not repeated.any():
        return history
    first = np.flatnonzero(~repeated)[np.cumsum(~repeated) - 1]  # row of the bar that is kept
    values = history.frame.drop(columns=["line", "file"])
    conflicting = (values.to_numpy() != values.to_numpy()[first]).any(axis=1)
    if _most(np.unique(first[conflicting]).size, int((~repeated).sum())):
        raise _columns_wrong(history, int(np.argmax(conflicting)), conflicting,
                             "repeat the time of another with other values",
                             "the file may hold several markets, or times cut short")
    if "duplicates" not in repairs:
        row = int(np.argmax(conflicting if conflicting.any() else repeated))
        raise _duplicate(history, row, int(first[row]),
                         f"{_rows(repeated)} repeated, {int(conflicting.sum())} with other values")
    history.findings.duplicates = int(repeated.sum())
    history.findings.conflicting = int(conflicting.sum())
    return _only(history, ~repeated)


def _duplicate(history: History, row: int, first: int, counts: str) -> TapeError:
    """About one row that repeats the time of another."""
    bars = history.frame.drop(columns=["line", "file"])
    kept, again = bars.iloc[first], bars.iloc[row]
    differ = [f"{name} = {again[name]:.15g} against {kept[name]:.15g}"
              for name in bars if again[name] != kept[name]] + ["the same values"]
    return TapeError(f"{history.where(row)}: time {time_text(history.times[row])} again, after "
                     f"{history.where(first)}, with {differ[0]} ({counts}). Say --repair "
                     "duplicates to keep the first of each.")


def _with_positive_prices(history: History, repairs: frozenset[str]) -> History:
    columns = [name for prices in price_columns(history.frame) for name in prices]
    wrong = history.frame[columns].to_numpy() <= 0.0
    bad = wrong.any(axis=1)
    if not bad.any():
        return history
    if _most(int(bad.sum()), len(bad)) and not bad.all():
        raise _columns_wrong(history, int(np.argmax(bad)), bad, "have a price of 0 or less")
    if "prices" not in repairs:
        row = int(np.argmax(bad))
        name = columns[int(np.argmax(wrong[row]))]
        raise TapeError(f"{history.where(row)}: {name} = {history.frame[name].iat[row]:.15g} (must "
                        f"be > 0; {_rows(bad)} like it). Say --repair prices to drop such bars; "
                        "they are gaps then.")
    if bad.all():
        raise TapeError(f"{history.files[0]}: no bar of {history.symbol} has prices > 0. Get it "
                        "again.")
    history.findings.prices = int(bad.sum())
    return _only(history, ~bad)


def _with_whole_bars(history: History, repairs: frozenset[str]) -> History:
    """High holds all of open, low and close, and low all of open, high and close."""
    frame = history.frame
    broken = np.zeros(len(frame), dtype=bool)
    for names in price_columns(frame):
        _, high, low, _ = names
        broken |= ((frame[high] < frame[list(names)].max(axis=1))
                   | (frame[low] > frame[list(names)].min(axis=1))).to_numpy()
    if not broken.any():
        return history
    if _most(int(broken.sum()), len(broken)):
        raise _columns_wrong(history, int(np.argmax(broken)), broken,
                             "have a high below, or a low above, another price",
                             fitting=_fitting(history))
    if "ohlc" not in repairs:
        raise _broken(history, broken)
    history.findings.ohlc = int(broken.sum())
    return History(history.symbol, history.kind, history.files, _widened(frame), history.findings,
                   history.layout)


def _most(rows: int, of: int) -> bool:
    """More than half, of three at least."""
    return of >= 3 and 2 * rows > of


def _columns_wrong(history: History, row: int, wrong: np.ndarray, fault: str, guess: str = "",
                   fitting: str | None = None) -> TapeError:
    """About columns that are not what they were taken for; fitting: what --columns could say."""
    taken = ",".join(history.layout) or "open,high,low,close"
    say = (f"--columns {fitting} would fit all rows" if fitting else
           "name them in their order, as with --columns time,low,high,open,close,volume")
    guess = guess or "these are not its columns"
    return TapeError(f"{history.where(row)}: {_rows(wrong)} of {len(wrong)} {fault}: {guess}. They "
                     f"were taken for {taken}; {say}, where - is one to pass over.")


def _fitting(history: History) -> str | None:
    """The layout in which the highest and the lowest price of a bar are its high and its low, in all
    rows; open and close stay in their order. None where there is none."""
    names = [name for name in history.layout if name in PRICES]
    if "open" not in history.frame or len(names) != len(PRICES):
        return None
    prices = history.frame[names]
    highest, lowest = (prices.eq(edge, axis=0).all() for edge in
                       (prices.max(axis=1), prices.min(axis=1)))
    high, low = (next((name for name in names if edge[name]), None) for edge in (highest, lowest))
    if high is None or low is None or high == low:
        return None
    others = [name for name in names if name not in (high, low)]
    found = {high: "high", low: "low", others[0]: "open", others[1]: "close"}
    return ",".join(found.get(name, name) for name in history.layout)


def _broken(history: History, broken: np.ndarray) -> TapeError:
    """About the first pair of prices of the first broken bar that contradict each other."""
    row = int(np.argmax(broken))
    bar = history.frame.iloc[row]
    pairs = [pair for opened, high, low, closed in price_columns(history.frame)
             for pair in ((opened, high, "high"), (closed, high, "high"), (low, high, "high"),
                          (low, opened, "low"), (low, closed, "low"))]
    below, above, wrong = next(pair for pair in pairs if bar[pair[0]] > bar[pair[1]])
    outer, other, side = (above, below, "below") if wrong == "high" else (below, above, "above")
    return TapeError(f"{history.where(row)}: {outer} = {bar[outer]:.15g} is {side} {other} = "
                     f"{bar[other]:.15g} ({_rows(broken)} like it). Say --repair ohlc to widen "
                     "high and low.")


def _widened(frame: pd.DataFrame) -> pd.DataFrame:
    wide = frame.copy()
    for opened, high, low, closed in price_columns(frame):
        wide[high] = frame[[opened, high, closed]].max(axis=1)
        wide[low] = frame[[opened, low, closed]].min(axis=1)
    return wide


def _check_amounts(history: History) -> None:
    for name in history.frame.columns.difference(["time", "line", "file"]):
        if (history.frame[name] > LARGEST).any():
            row = int(np.argmax(history.frame[name] > LARGEST))
            raise TapeError(f"{history.where(row)}: {name} = {history.frame[name].iat[row]:.15g} "
                            f"(must be <= {LARGEST:g}). Correct or remove the line.")
    for name in ("volume", *SIZES):
        if name in history.frame and (history.frame[name] < 0.0).any():
            row = int(np.argmax(history.frame[name] < 0.0))
            raise TapeError(f"{history.where(row)}: {name} = {history.frame[name].iat[row]:.15g} "
                            "(must be >= 0). Correct or remove the line.")


def _check_sides(history: History) -> None:
    """A bid is never above the ask of the same moment, nor a highest bid above the highest ask."""
    if "bid_open" not in history.frame:
        return
    for price in ("open", "high", "low", "close"):
        bid, ask = (history.frame[f"{side}_{price}"].to_numpy() for side in SIDES)
        if (bid > ask).any():
            row = int(np.argmax(bid > ask))
            raise TapeError(f"{history.where(row)}: bid_{price} = {bid[row]:.15g} is above "
                            f"ask_{price} = {ask[row]:.15g}. Correct or remove the line, or say "
                            "--quotes none.")


def _only(history: History, keep: np.ndarray) -> History:
    return History(history.symbol, history.kind, history.files,
                   history.frame[keep].reset_index(drop=True), history.findings, history.layout)


def _rows(marked: np.ndarray) -> str:
    """How many rows are marked, as text."""
    return count_text(int(marked.sum()), "row")
