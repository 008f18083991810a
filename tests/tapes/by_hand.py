"""Made-up market data as text, and readings of it without the importer's own code."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

START = 1704067200  # 2024-01-01 00:00 UTC, a Monday [s]
HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume," \
         "taker_buy_quote_volume,ignore"
PRICES = ("open", "high", "low", "close")

Row = tuple[int, str, str, str, str, str]  # opening [s], open, high, low, close, volume


def walk(bars: int, seed: int = 1, step: int = 60, start: int = START) -> list[Row]:
    """Bars of a random walk, as the texts that files have. step: between bars [s]"""
    draws, rows, price = random.Random(seed), [], 100.0
    for i in range(bars):
        close = round(price + draws.uniform(-0.5, 0.5), 2)
        high = max(price, close) + draws.uniform(0, 0.2)
        low = min(price, close) - draws.uniform(0, 0.2)
        rows.append((start + i * step, f"{price:.2f}", f"{high + 0.01:.2f}", f"{low - 0.01:.2f}",
                     f"{close:.2f}", f"{draws.uniform(0, 10):.8f}"))
        price = close
    return rows


def klines(rows: Sequence[Row], unit: int = 10**3, step: int = 60) -> str:
    """Binance's twelve columns without a header. unit: ticks in a second."""
    return "".join(f"{t * unit},{o},{h},{l},{c},{v},{(t + step) * unit - 1},1.5,7,0.5,0.75,0\n"
                   for t, o, h, l, c, v in rows)


def plain(rows: Sequence[Row], names: str = "time,open,high,low,close,volume") -> str:
    """Six columns with a header, times in seconds."""
    return names + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


def held(rows: Sequence[Row]) -> dict[str, list[float]]:
    """What a tape of these rows holds of its symbol."""
    names = (*PRICES, "volume")
    return {name: [float(row[i + 1]) for row in rows] for i, name in enumerate(names)}


def lean_zip(path: Path, text: str, member: str | None = None) -> Path:
    """One of Lean's zips with a day's rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    day, kind = path.stem.split("_")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member or f"{day}_{path.parent.name}_minute_{kind}.csv", text)
    return path


def lean_rows(path: Path) -> dict[int, list[str]]:
    """ms since midnight -> the other fields of one of Lean's zips."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    return {int(fields[0]): fields[1:] for fields in (line.split(",") for line in text.split())}
