"""What was found and repaired, as a short table and notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tapes.align import Aligned, Pair
from tapes.times import count_text, length_text, time_text

FINDINGS = ("disorder", "duplicates", "conflicting", "prices", "ohlc")


def table(pairs: Sequence[Pair], aligned: Aligned) -> list[str]:
    """A line per symbol and kind of bars; a column of findings only where one is not 0. Gaps are
    those inside the common time; "-" for quotes that are left out."""
    histories = [history for pair in pairs for history in pair.histories()]
    examined = {id(history) for pair in aligned.pairs for history in pair.histories()}
    shown = [name for name in FINDINGS
             if any(getattr(history.findings, name) for history in histories)]
    rows = [["symbol", "kind", "bars", "first", "last", "gaps", "missing", *shown]]
    for history in histories:
        gaps = [gap.bars for gap in aligned.gaps if gap.history is history]
        counts = [str(len(gaps)), str(sum(gaps))] if id(history) in examined else ["-", "-"]
        rows.append([history.symbol, history.kind, str(len(history.times)),
                     time_text(history.times[0]), time_text(history.times[-1]), *counts,
                     *(str(getattr(history.findings, name)) for name in shown)])
    return _justified(rows)


def _justified(rows: list[list[str]]) -> list[str]:
    """Texts on the left, numbers on the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    left = (0, 1, 3, 4)
    return ["  ".join(cell.ljust(width) if i in left else cell.rjust(width)
                      for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows]


def notes(pairs: Sequence[Pair], aligned: Aligned, gaps: str) -> list[str]:
    """What was done that the table does not say."""
    found = []
    for pair in pairs:
        for history in pair.histories():
            newest_first = history.findings.reversed
            if newest_first:
                more = f" and {len(newest_first) - 1} more" if len(newest_first) > 1 else ""
                found.append(f"{newest_first[0]}{more}: newest first, reversed")
        if pair.from_mids:
            found.append(f"{pair.symbol}: no trades; prices are the middle of bid and ask, "
                         "volume 0")
    found += aligned.notes
    if aligned.changed:
        done = ("missing bar", "filled with the last close") if gaps == "fill" else (
            "time", "dropped for all symbols")
        found.append(f"{count_text(aligned.changed, done[0])} {done[1]}")
    return found


def summary(output: Path, aligned: Aligned) -> str:
    """Where the tape is and what it holds, in one line."""
    count = len(aligned.symbols)
    quoted = ", bid and ask" if "bid_open" in aligned.values else ""
    return (f"{output}: {', '.join(aligned.symbols) if count < 6 else f'{count} symbols'}, "
            f"{len(aligned.times)} bars of {length_text(aligned.length)}{quoted}, "
            f"{time_text(aligned.times[0])} to {time_text(aligned.times[-1])} UTC")
