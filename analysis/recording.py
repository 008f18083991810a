"""Read what `quotesweep run` records of a point of a replay: a row per bar, and every trade."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

# Before pandas, because it sets up HDF5.
from results import COMPLETE, ResultsError, did_you_mean, position_of

import numpy as np
import pandas as pd
import xarray as xr

PER_SYMBOL = ("open", "close", "bid", "ask", "reservation_price", "bought", "sold", "position",
              "leverage", "realized_pnl", "fees")
MAY_BE_EMPTY = ("bid", "ask", "reservation_price")
TOTALS = ("wallet", "margin", "leverage", "drawdown", "trading")
TRADES = ("time", "symbol", "side", "price", "units", "fee", "order", "position")
TIME = "%Y-%m-%dT%H:%M:%SZ"
AGAIN = "write it again with `quotesweep run`"


@dataclass(frozen=True)
class Recording:
    """A recorded point: a row per bar, after the bar, and a row per trade.

    time: when each bar opens (UTC), ascending
    values: name of a column -> (bars,), NaN where a field is empty
    trades: columns TRADES, in the order of the file
    before: of sums and of the margin the value before the first bar
    """

    name: str
    symbols: tuple[str, ...]
    time: np.ndarray
    values: dict[str, np.ndarray]
    trades: pd.DataFrame
    before: dict[str, float]

    def __getitem__(self, column: str) -> np.ndarray:
        return self.values[column]

    def of(self, symbol: str, column: str) -> np.ndarray:
        return self.values[f"{symbol}_{column}"]

    def kept_pnl(self, symbol: str) -> np.ndarray:
        """Realised P&L less fees, so far."""
        return self.of(symbol, "realized_pnl") - self.of(symbol, "fees")

    def gained(self, column: str) -> float:
        """What a sum, or the margin, gained over all bars."""
        return float(self.values[column][-1] - self.before[column])

    def trades_of(self, symbol: str, side: str = "") -> pd.DataFrame:
        """Trades of a symbol; side: "bought", "sold" or both."""
        wanted = self.trades["symbol"] == symbol
        if side:
            wanted &= self.trades["side"] == {"bought": "buy", "sold": "sell"}[side]
        return self.trades[wanted]

    def chosen(self, symbols: list[str] | None) -> tuple[str, ...]:
        """The symbols asked for; None: all."""
        for symbol in symbols or []:
            if symbol not in self.symbols:
                raise ResultsError(f"--symbols {symbol}: unknown symbol"
                                   f"{did_you_mean(symbol, self.symbols)}; {self.name} has "
                                   f"{', '.join(self.symbols)}")
        return tuple(dict.fromkeys(symbols or self.symbols))

    def between(self, first: np.datetime64 | None, last: np.datetime64 | None) -> Recording:
        """The bars that open from one time to another; None: from the first, to the last."""
        start = 0 if first is None else int(np.searchsorted(self.time, first))
        end = len(self.time) if last is None else int(np.searchsorted(self.time, last, side="right"))
        if end - start < 2:
            raise ResultsError(f"--from and --to leave fewer than two bars; {self.name} goes from "
                               f"{time_text(self.time[0])} to {time_text(self.time[-1])}")
        kept = self.trades["time"].between(self.time[start], self.time[end - 1])
        before = {name: float(self.values[name][start - 1]) if start else value
                  for name, value in self.before.items()}
        return replace(self, time=self.time[start:end], trades=self.trades[kept], before=before,
                       values={name: value[start:end] for name, value in self.values.items()})


def time_text(time: np.datetime64) -> str:
    """"2024-01-31 00:05", without the hour at midnight."""
    return pd.Timestamp(time).strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")


def parse_time(text: str | None, option: str, end: bool = False) -> np.datetime64 | None:
    """The time of "2024-01-31" or "2024-01-31 12:30"; of a date alone the day's end if `end`."""
    if text is None:
        return None
    form = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?Z?)?"
    try:
        time = np.datetime64(text.strip().rstrip("Z").replace(" ", "T"), "ns")
    except ValueError:
        time = None
    if time is None or not re.fullmatch(form, text.strip()):
        raise ResultsError(f"{option} {text}: not a date; write it as 2024-01-31 or "
                           "'2024-01-31 12:30' (UTC)")
    alone = len(text.strip()) == 10
    return time + np.timedelta64(1, "D") - np.timedelta64(1, "ns") if end and alone else time


def trades_file(series: Path) -> Path:
    """FILE.point17.trades.csv beside FILE.point17.csv."""
    return series.with_name(f"{series.name.removesuffix('.csv')}.trades.csv")


def recorded_point(series: Path) -> tuple[Path, int] | None:
    """Of FILE.point17.csv: FILE.h5 and 17; None for another name."""
    found = re.fullmatch(r"(.+)\.point(\d+)\.csv", series.name)
    return (series.with_name(f"{found[1]}.h5"), int(found[2])) if found else None


def recorded_points(results: Path) -> list[int]:
    """Points whose series are beside a results file, ascending."""
    known = map(recorded_point, results.parent.glob("*.csv"))
    return sorted(point for file, point in filter(None, known) if file.stem == results.stem)


def find_series(results: Path, point: int | None, size: int) -> Path:
    """The series of a point beside its results file of `size` points; None: of the only one."""
    points = recorded_points(results)
    listed = ", ".join(map(str, points)) or "none"
    if point is None and len(points) > 1:
        raise ResultsError(f"{results}: several points are recorded; choose one with --point: {listed}")
    if point is None and not points:
        raise ResultsError(f"{results}: no point is recorded beside it; say `record: [0]` in the study, "
                           "and run it again")
    point = points[0] if point is None else point
    if not 0 <= point < size:
        raise ResultsError(f"--point {point}: {results.name} has points 0 to {size - 1}")
    if point not in points:
        raise ResultsError(f"--point {point}: {results.stem}.point{point}.csv is missing; recorded "
                           f"beside {results.name}: {listed}. Add {point} to `record` in the study, "
                           "and run it again")
    return results.with_name(f"{results.stem}.point{point}.csv")


def read_recording(series: Path) -> Recording:
    """The bars and trades of a point; whatever else the files may be is refused."""
    symbols = recorded_symbols(series)
    bars = read_table(series, text_columns=("time",))
    expected = [f"{symbol}_{column}" for symbol in symbols for column in PER_SYMBOL]
    trades = read_trades(trades_file(series), series, symbols)
    values = {name: bars[name].to_numpy() for name in [*expected, *TOTALS]}
    full = [name for name in values if not name.endswith(MAY_BE_EMPTY)]
    if len(bars) < 2 or not all(np.isfinite(values[name]).all() for name in full):
        raise damaged(series)
    sums = {f"{symbol}_{column}": 0.0 for symbol in symbols for column in ("realized_pnl", "fees")}
    before = sums | {"margin": float(values["margin"][0])}
    recording = Recording(series.stem, symbols, bars["time"].to_numpy(), values, trades, before)
    check_together(recording, series)
    return recording


def recorded_symbols(series: Path) -> tuple[str, ...]:
    """The symbols by the header of a file."""
    header = header_of(series)
    if header == list(TRADES):
        name = series.name.replace(".trades.csv", ".csv")
        raise ResultsError(f"{series}: holds the trades; name the series beside it, {name}")
    symbols = tuple(name.removesuffix("_reservation_price") for name in header
                    if name.endswith("_reservation_price"))
    expected = [f"{symbol}_{column}" for symbol in symbols for column in PER_SYMBOL]
    if not symbols or header != ["time", *expected, *TOTALS]:
        other = "; draw it with path.py" if header[:2] == ["step", "time"] else ""
        raise ResultsError(f"{series}: not the recorded series of a replay{other}; record a point "
                           "with `record: [0]` in a study that has a tape")
    return symbols


def header_of(path: Path) -> list[str]:
    """The names in the first line of a file."""
    try:
        with path.open("rb") as file:
            first = file.readline(100_000).decode()
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "not a text file"
        raise ResultsError(f"{path}: cannot be read ({why}); name a recorded series such as "
                           "FILE.point0.csv, or its results file") from problem
    return first.rstrip("\r\n").split(",")


def read_table(path: Path, text_columns: tuple[str, ...]) -> pd.DataFrame:
    """A file with numbers but in `text_columns`, with times as such."""
    names = header_of(path)
    kinds = {name: str if name in text_columns else float for name in names}
    with path.open("rb") as file:
        file.seek(-1, 2)
        whole = file.read() == b"\n"
    empty = {name: [""] for name in names if name not in text_columns}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # too many fields
            table = pd.read_csv(path, dtype=kinds, index_col=False, keep_default_na=False,
                                na_values=empty)
        table["time"] = pd.to_datetime(table["time"], format=TIME)
    except (ValueError, pd.errors.ParserWarning):
        raise damaged(path) from None
    if not whole or not table["time"].is_monotonic_increasing:
        raise damaged(path)
    return table


def read_trades(path: Path, series: Path, symbols: tuple[str, ...]) -> pd.DataFrame:
    """The trades that belong to a series."""
    if not path.exists():
        raise ResultsError(f"{path}: missing, but it belongs to {series.name}; write both again with "
                           "`quotesweep run`")
    if header_of(path) != list(TRADES):
        raise damaged(path)
    trades = read_table(path, text_columns=("time", "symbol", "side", "order"))
    kinds = {"symbol": symbols, "side": ("buy", "sell"), "order": ("limit", "market")}
    if not all(trades[name].isin(known).all() for name, known in kinds.items()):
        raise damaged(path)
    if not np.isfinite(trades[["price", "units", "fee", "position"]].to_numpy()).all():
        raise damaged(path)
    return trades


def check_together(recording: Recording, series: Path) -> None:
    """Refuses trades that are not those of the series."""
    for symbol in recording.symbols:
        for side in ("bought", "sold"):
            units = recording.trades_of(symbol, side)["units"].sum()
            if not np.isclose(units, recording.of(symbol, side).sum(), rtol=1e-9):
                raise ResultsError(f"{trades_file(series)}: not the trades of {series.name}: {symbol} "
                                   f"{side} differs; write both again with `quotesweep run`")


def damaged(path: Path) -> ResultsError:
    return ResultsError(f"{path}: damaged: rows are missing, cut, out of order or hold something else "
                        f"than numbers; {AGAIN}")


def belongs_to(recording: Recording, file: xr.Dataset, point: int) -> bool:
    """Whether a whole recording is that of a point of a results file, judged by trades and fees."""
    if point >= file["status"].size or not {"trades", "fees"} <= set(file.data_vars):
        return False
    cell = file[["status", "trades", "fees"]].isel(position_of(file, point))
    fees = sum(recording.of(symbol, "fees")[-1] for symbol in recording.symbols)
    return (int(cell["status"]) == COMPLETE and int(cell["trades"]) == len(recording.trades)
            and bool(np.isclose(float(cell["fees"]), fees, rtol=1e-9)))
