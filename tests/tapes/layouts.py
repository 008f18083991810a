"""The same bars in every layout that the importer reads, as content of files."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime, timezone

import numpy as np
import pandas as pd

from by_hand import HEADER, PRICES, Row, held, klines, plain

Content = tuple[bytes, str, list[str]]  # of a file, its name, options that reading it needs
OHLCV = "Open,High,Low,Close,Volume"


def iso(seconds: int, form: str = "%Y-%m-%d %H:%M") -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime(form)


def table(rows: Sequence[Row], form: str, header: str | None, separator: str = ",",
          more: str = "") -> str:
    """Rows with times by a form of strftime, and the same further cells in each."""
    lines = [separator.join([iso(row[0], form), *row[1:]]) + more for row in rows]
    return "\n".join([*([header] if header is not None else []), *lines]) + "\n"


def euro(rows: Sequence[Row]) -> str:
    return table(rows, "%Y-%m-%d %H:%M", OHLCV.replace(",", ";").join(["Date;", ""]),
                 ";").replace(".", ",")


def metatrader(rows: Sequence[Row]) -> str:
    names = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>"
    return table(rows, "%Y.%m.%d\t%H:%M:%S", names, "\t", "\t0\t2")


def yahoo(rows: Sequence[Row]) -> str:
    header = f"Price,{OHLCV}\nTicker,X,X,X,X,X\nDatetime,,,,,"
    return table(rows, "%Y-%m-%d %H:%M:%S+00:00", header)


def coinbase(rows: Sequence[Row]) -> str:
    return "".join(f"{t},{low},{high},{open_},{close},{volume}\n"
                   for t, open_, high, low, close, volume in rows[::-1])


def lean_minutes(rows: Sequence[Row]) -> str:
    return "".join(",".join([str(row[0] % 86400 * 1000), *row[1:]]) + "\n" for row in rows)


def numbers(rows: Sequence[Row], unit: int = 1000) -> list[list[float]]:
    return [[row[0] * unit, *map(float, row[1:])] for row in rows]


def json_arrays(rows: Sequence[Row]) -> str:
    return json.dumps(numbers(rows))


def json_objects(rows: Sequence[Row]) -> str:
    return json.dumps([dict(zip(("t", *PRICES, "volume"), row)) for row in numbers(rows)]).replace(
        '"t"', '"timestamp"')


def parquet(rows: Sequence[Row], unit: str) -> bytes:
    """unit: of its dates; numpy's s, ms, us, ns, stored as such where Parquet knows it."""
    import pyarrow
    import pyarrow.parquet

    kind = pyarrow.timestamp("ms" if unit == "s" else unit)
    moments = pyarrow.array(np.array([row[0] for row in rows], dtype="datetime64[s]").astype(
        f"datetime64[{'ms' if unit == 's' else unit}]"), type=kind)
    content = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"time": moments, **held(rows)}), content)
    return content.getvalue()


def pandas_parquet(rows: Sequence[Row], unit: str) -> bytes:
    """As pandas itself writes dates of a unit, with what it notes of it."""
    moments = pd.Series(np.array([row[0] for row in rows], dtype="datetime64[s]").astype(
        f"datetime64[{unit}]"))
    content = io.BytesIO()
    pd.DataFrame({"time": moments, **held(rows)}).to_parquet(content)
    return content.getvalue()


def zipped(text: str, member: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, text)
    return content.getvalue()


def text_of(make: Callable[[Sequence[Row]], str], name: str = "X.csv",
            options: Sequence[str] = ()) -> Callable[[Sequence[Row]], Content]:
    return lambda rows: (make(rows).encode(), name, list(options))


# rows -> Content; of rows that begin at a midnight and go on for less than a day
LAYOUTS: dict[str, Callable[[Sequence[Row]], Content]] = {
    "plain": text_of(plain),
    "klines with a header": text_of(lambda rows: f"{HEADER}\n{klines(rows)}"),
    **{f"klines in 10^{n} of a second": text_of(lambda rows, n=n: klines(rows, unit=10**n))
       for n in (0, 3, 6, 9)},
    "newest first": text_of(lambda rows: klines(rows[::-1])),
    "Kraken": text_of(lambda rows: table(rows, "%Y-%m-%d %H:%M", None, more=",7")),
    "OKX": text_of(lambda rows: plain([(row[0] * 1000, *row[1:]) for row in rows],
                                      "ts,o,h,l,c,vol")),
    "Bybit": text_of(lambda rows: plain(rows, "startTime,openPrice,highPrice,lowPrice,closePrice,"
                                              "volume")),
    "Coinbase": text_of(coinbase, options=["--columns", "time,low,high,open,close,volume"]),
    "decimal commas": text_of(euro),
    "MetaTrader": text_of(metatrader),
    "yfinance": text_of(yahoo),
    "dates": text_of(lambda rows: table(rows, "%Y-%m-%dT%H:%M:%SZ", f"Date,{OHLCV}")),
    "JSON arrays": text_of(json_arrays, "X.json"),
    "JSON objects": text_of(json_objects, "X.json"),
    "a pipe's name": text_of(plain, "X"),
    "gzip": lambda rows: (gzip.compress(plain(rows).encode(), mtime=0), "X.csv.gz", []),
    "zip": lambda rows: (zipped(plain(rows), "x.csv"), "X.zip", []),
    "Lean's minutes": lambda rows: (zipped(
        lean_minutes(rows), f"{iso(rows[0][0], '%Y%m%d')}_x_minute_trade.csv"),
        f"{iso(rows[0][0], '%Y%m%d')}_trade.zip", []),
    "Lean's hours": lambda rows: (zipped(table(rows, "%Y%m%d %H:%M", None), "x.csv"), "x.zip", []),
    **{f"Parquet in {unit}": lambda rows, unit=unit: (parquet(rows, unit), "X.parquet", [])
       for unit in ("s", "ms", "us", "ns")},
    **{f"pandas' Parquet in {unit}":
       lambda rows, unit=unit: (pandas_parquet(rows, unit), "X.parquet", [])
       for unit in ("s", "ms", "us", "ns")},
}
