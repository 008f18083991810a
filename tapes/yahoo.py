"""The header of three lines that yfinance writes: names of columns, tickers, the name of the dates."""

from __future__ import annotations

from collections.abc import Sequence

from tapes.bars import TapeError, shortened

LINES = 3


def is_yahoo(rows: Sequence[Sequence[str]]) -> bool:
    """rows: cells of the first lines of a file"""
    return (len(rows) >= LINES and [row[:1] for row in rows[:2]] == [["Price"], ["Ticker"]]
            and rows[2][:1] in (["Date"], ["Datetime"]) and not any(rows[2][1:]))


def header_of(rows: Sequence[Sequence[str]], file: str) -> tuple[list[str], str]:
    """Names of the columns, and the ticker."""
    tickers = list(dict.fromkeys(rows[1][1:]))
    if len(tickers) != 1:
        raise TapeError(f"{file}:2: {len(tickers)} tickers side by side, "
                        f"{shortened(', '.join(tickers), 100)} "
                        "(must be one). Write a file for each.")
    return [rows[2][0], *rows[0][1:]], tickers[0]
