"""Which column of a table is what, by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tapes.bars import PRICES, QUOTE_PRICES, SIZES, TapeError

# Names of an opening time, the most exact first: a table may have several.
TIMES = ("open_time", "opentime", "unix", "unix_timestamp", "timestamp", "datetime", "date_time",
         "time", "date", "day", "")
NAMES = {
    "open": ("open", "o", "open_price", "opening_price"),
    "high": ("high", "h", "high_price", "max"),
    "low": ("low", "l", "low_price", "min"),
    "close": ("close", "c", "close_price", "closing_price", "last", "close_last"),
    "volume": ("volume", "vol", "v", "base_volume", "volume_base", "volumefrom"),
    "symbol": ("symbol", "ticker", "pair", "instrument"),
    **{name: (name,) for name in (*QUOTE_PRICES, *SIZES)},
}
MONEY = ("usd", "usdt", "usdc", "busd", "tusd", "fdusd", "dai", "eur", "gbp", "jpy", "krw", "try",
         "quote")
KLINES = ("open_time", *PRICES, "volume", "close_time", "quote_volume", "count", "taker_buy_volume",
          "taker_buy_quote_volume", "ignore")
PLAIN = ("time", *PRICES, "volume")


def plain_name(name: object) -> str:
    """"Volume BTC", "<OPEN>" and "1. open" as volume_btc, open and open."""
    name = re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_")
    return re.sub(r"^\d+_", "", name)


def recognise(names: Sequence[object], file: str, symbol: str | None = None) -> dict[str, int]:
    """Position of each field that is there: `time`, prices, `volume`, `symbol`, bid and ask bars;
    and `clock` where a column of times of day belongs to one of dates.

    symbol: helps to tell "Volume ETH" from "Volume BTC" (of ETHBTC the first)
    Raises TapeError where a field is missing or has several columns.
    """
    plain = [plain_name(name) for name in names]
    found = {field: _position(field, known, plain, names, file) for field, known in NAMES.items()}
    if found["volume"] is None:
        found["volume"] = _volume_in_a_currency(plain, names, file, symbol)
    times = [name for name in TIMES if name in plain]
    found["time"] = plain.index(times[0]) if times else None
    if "date" in times and times[0] == "time":
        found["time"], found["clock"] = plain.index("date"), plain.index("time")
    fields = {field: position for field, position in found.items() if position is not None}
    _check_complete(fields, names, file)
    return fields


def _position(field: str, known: Sequence[str], plain: list[str], names: Sequence[object],
              file: str) -> int | None:
    for name in known:
        if plain.count(name) > 1:
            columns = ", ".join(f"'{names[i]}'" for i, other in enumerate(plain) if other == name)
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
        columns = ", ".join(f"'{names[i]}'" for i in found.values())
        raise TapeError(f"{file}: which column is the volume, {columns}? Rename it to 'Volume'.")
    return None


def _check_complete(fields: dict[str, int], names: Sequence[object], file: str) -> None:
    quoted = any(name in fields for name in QUOTE_PRICES)
    traded = any(name in fields for name in PRICES) or not quoted
    needed = ("time", *((*PRICES, "volume") if traded else ()), *(QUOTE_PRICES if quoted else ()))
    missing = [name for name in needed if name not in fields]
    if not missing:
        return
    there = ", ".join(str(name) for name in names)
    raise TapeError(f"{file}: no column for {', '.join(missing)}; columns are {there}. "
                    "Rename columns, or add what is missing.")
