"""Which column of a table is what, by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tapes.bars import PRICES, QUOTE_PRICES, SIZES, TapeError, shortened
from tapes.reading import Reading

# Names of an opening time, the most exact first: a table may have several.
TIMES = ("open_time", "opentime", "start_time", "unix", "unix_timestamp", "timestamp", "ts",
         "datetime", "date_time", "time", "date", "day", "")
NAMES = {
    "open": ("open", "o", "open_price", "opening_price"),
    "high": ("high", "h", "high_price", "max"),
    "low": ("low", "l", "low_price", "min"),
    "close": ("close", "c", "close_price", "closing_price", "last", "close_last"),
    "volume": ("volume", "vol", "v", "base_volume", "volume_base", "volumefrom", "real_volume"),
    "tick_volume": ("tick_volume", "tickvol", "tick_vol"),
    "symbol": ("symbol", "ticker", "pair", "instrument"),
    **{name: (name,) for name in (*QUOTE_PRICES, *SIZES)},
}
MONEY = ("usd", "usdt", "usdc", "busd", "tusd", "fdusd", "dai", "eur", "gbp", "jpy", "krw", "try",
         "quote")
KLINES = ("open_time", *PRICES, "volume", "close_time", "quote_volume", "count", "taker_buy_volume",
          "taker_buy_quote_volume", "ignore")
PLAIN = ("time", *PRICES, "volume")
KRAKEN = (*PLAIN, "trades")
WIDTHS = {len(names): names for names in (PLAIN, KRAKEN, KLINES)}  # of rows without a header
UNUSED = "-"


def plain_name(name: object) -> str:
    """"Volume BTC", "<OPEN>", "1. open" and "openPrice" as volume_btc, open, open, open_price."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name)).lower()
    name = re.sub(r"[^a-z0-9]+", "_", name).strip("_")
    return re.sub(r"^\d+_", "", name)


def recognise(names: Sequence[object], file: str, symbol: str | None = None) -> dict[str, int]:
    """Position of each field that is there: `time`, prices, `volume`, `symbol`, bid and ask bars;
    and `clock` where a column of times of day belongs to one of dates.

    symbol: helps to tell "Volume ETH" from "Volume BTC" (of ETHBTC the first)
    Raises TapeError where a field is missing or has several columns.
    """
    plain = [plain_name(name) for name in names]
    found = {field: _position(field, known, plain, names, file) for field, known in NAMES.items()}
    if found["volume"] is None and found["tick_volume"] is None:
        found["volume"] = _volume_in_a_currency(plain, names, file, symbol)
    times = [name for name in TIMES if name in plain]
    found["time"] = plain.index(times[0]) if times else None
    if "date" in times and times[0] == "time":
        found["time"], found["clock"] = plain.index("date"), plain.index("time")
    fields = {field: position for field, position in found.items() if position is not None}
    _check_complete(fields, names, file)
    return fields


def layout_of(fields: dict[str, int], width: int) -> tuple[str, ...]:
    """The names that --columns would give, "-" for a column that is not used."""
    names = {position: field for field, position in fields.items()}
    return tuple(names.get(i, UNUSED) for i in range(width))


def named_columns(names: Sequence[object], file: str, reading: Reading) -> Sequence[object]:
    """Those of --columns where it is given, else `names`, which the file has."""
    if reading.columns is None:
        return names
    if len(reading.columns) != len(names):
        raise TapeError(f"{file}: {len(names)} columns, and --columns names {len(reading.columns)} "
                        f"(must be as many; {UNUSED} is one to pass over).")
    reading.applied.add("--columns")
    return [f"{UNUSED}{i}" if name == UNUSED else name for i, name in enumerate(reading.columns, 1)]


def _position(field: str, known: Sequence[str], plain: list[str], names: Sequence[object],
              file: str) -> int | None:
    for name in known:
        if plain.count(name) > 1:
            columns = shortened(", ".join(f"'{names[i]}'" for i, other in enumerate(plain)
                                          if other == name), 300)
            raise TapeError(f"{file}: {plain.count(name)} columns for {field}: {columns}. "
                            "Rename or remove all but one.")
        if name in plain:
            return plain.index(name)
    return None


def _volume_in_a_currency(plain: list[str], names: Sequence[object], file: str,
                          symbol: str | None) -> int | None:
    """Of "Volume BTC" and "Volume USDT" the first, whatever their order."""
    found = {name[7:]: i for i, name in enumerate(plain) if re.fullmatch(r"volume_[a-z0-9]+", name)}
    candidates = (list(found), [name for name in found if name not in MONEY],
                  [name for name in found if plain_name(symbol or "").startswith(name)])
    for left in candidates:
        if len(left) == 1:
            return found[left[0]]
    if found:
        columns = shortened(", ".join(f"'{names[i]}'" for i in found.values()), 300)
        raise TapeError(f"{file}: which column is the volume, {columns}? Rename it to 'Volume'.")
    return None


def _check_complete(fields: dict[str, int], names: Sequence[object], file: str) -> None:
    quoted = any(name in fields for name in QUOTE_PRICES)
    traded = any(name in fields for name in PRICES) or not quoted
    needed = ("time", *((*PRICES, "volume") if traded else ()), *(QUOTE_PRICES if quoted else ()))
    missing = [name for name in needed if name not in fields
               and not (name == "volume" and "tick_volume" in fields)]
    if not missing:
        return
    there = shortened(", ".join(str(name) for name in names), 300)
    raise TapeError(f"{file}: no column for {', '.join(missing)}; columns are {there}. "
                    "Rename columns, or name them in their order with --columns, or add what is "
                    "missing.")
