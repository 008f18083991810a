"""quotesweep-import: market data as a tape. See --help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

try:
    import h5py  # noqa: F401  here for its message
    import pandas  # noqa: F401
except ImportError as missing:
    print(f"quotesweep-import: {missing}; ./quickstart installs it, or on Debian and Ubuntu: "
          "apt-get install python3-pandas python3-h5py", file=sys.stderr)
    sys.exit(2)

from tapes import jumps, report
from tapes.align import GAPS, QUOTES, Aligned, Pair, align, pair_of
from tapes.bars import QUOTE, TRADE, Bars, TapeError
from tapes.checks import REPAIRS, history_of
from tapes.readers import read_bars
from tapes.reading import Reading
from tapes.sessions import year_of
from tapes.sources import Source, sources_of
from tapes.tape import Tape, write_tape
from tapes.times import DAY, SECOND, Zone, check_zone, parse_length, parse_moment, time_text

EXAMPLES = """\
examples:
  quotesweep-import -o btceth.h5 BTCUSDT=data/BTCUSDT_1d.csv ETHUSDT=data/ETHUSDT_1d.csv
  quotesweep-import -o btc.h5 'BTCUSDT=data/BTCUSDT-1m-2024-*.zip' --gaps fill
  quotesweep-import -o lean.h5 crypto/coinbase/minute/btcusd --from 2018-04-04 --to 2018-04-05
  quotesweep-import -o spy.h5 spy.parquet --gaps skip --repair ohlc --timezone America/New_York
  quotesweep-import -o btc.h5 coinbase.json --columns time,low,high,open,close,volume
  quotesweep-import -o nvda.h5 nvda.csv --gaps skip --jumps adjust 1/10@2024-06-10

PATH is a file, a folder or a quoted pattern; a symbol may have several: repeat SYMBOL=. Without
SYMBOL= it is what the file's column Symbol says, or the beginning of its name. Formats are told by
content: Binance klines, Kraken's rows, CSV with columns for time, open, high, low, close and volume in
any order and direction, JSON rows, Lean's files, Parquet; CSV and JSON may be zipped.

Several symbols are put on one clock, from the latest first bar to the earliest last. What is wrong
is refused with file, line and value unless --gaps or --repair says what to do:
  --gaps skip          drops times at which any symbol is missing
  --gaps fill          repeats the last close, volume 0
  --repair order       sorts a file whose times go forth and back
  --repair duplicates  keeps the first of several bars of one time
  --repair prices      drops bars with prices of 0 or less; they are gaps then
  --repair ohlc        widens high and low to hold open and close
  --jumps keep         takes opens of 1.3 times the last close, or of 1/1.3, for moves of the market
  --jumps adjust F@D   multiplies prices before the date D by F, and divides volumes by it

An option about how to read files that matters to none of them is refused."""


class OneLineParser(argparse.ArgumentParser):
    """Usage errors like all other errors: one line."""

    def error(self, message: str) -> None:
        raise TapeError(f"{message}; see --help")


def command_line() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = OneLineParser(
        prog="quotesweep-import", epilog=EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Turn market data into a tape: one HDF5 file of bars that quotesweep replays.")
    parser.add_argument("inputs", nargs="+", metavar="[SYMBOL=]PATH", help="see below")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="TAPE.h5")
    parser.add_argument("--fresh", action="store_true", help="replace an output that exists")
    parser.add_argument("--gaps", choices=GAPS, default="error", help="default: error")
    parser.add_argument("--repair", action="append", default=[], metavar="FAULT,...",
                        help=f"any of {', '.join(REPAIRS)}")
    parser.add_argument("--quotes", choices=QUOTES, default="auto",
                        help="bid and ask bars: where all symbols have them (auto), always, never")
    parser.add_argument("--from", dest="first", metavar="DATE",
                        help="leave out bars that open earlier")
    parser.add_argument("--to", dest="last", metavar="DATE",
                        help="leave out bars that open later; a date alone is that whole day")
    parser.add_argument("--interval", metavar="1m", help="length of a bar (default: the most "
                        "frequent step)")
    parser.add_argument("--jumps", action="append", default=[],
                        metavar="keep|adjust [SYMBOL:]FACTOR@DATE", help="default: refuse them")
    parser.add_argument("--columns", metavar="NAME,...",
                        help="what the columns are, in their order, instead of the header or of none; "
                        "- is one to pass over")
    parser.add_argument("--sessions", type=int, metavar="DAYS",
                        help="days of trading in a year, 252 of stocks, 365 of what never closes "
                        "(default: told by the clock)")
    parser.add_argument("--timezone", metavar="ZONE",
                        help="of times without an offset, such as America/New_York (default: UTC)")
    parser.add_argument("--lean-price-scale", type=int, choices=(1, 10000),
                        help="prices of Lean's files are in 1/10000 dollars, or not (default: told by "
                        "the folder equity, option or crypto)")
    return parser


def repairs_of(options: argparse.Namespace) -> frozenset[str]:
    """The repairs that were asked for; unknown ones are refused."""
    names = [name.strip() for text in options.repair for name in text.split(",")]
    for name in names:
        if name not in REPAIRS:
            raise TapeError(f"--repair {name}: must be among {', '.join(REPAIRS)}.")
    return frozenset(names)


def columns_of(options: argparse.Namespace) -> list[str] | None:
    """What --columns names."""
    if options.columns is None:
        return None
    return [name.strip() for name in options.columns.split(",")]


def whole_options(arguments: list[str]) -> list[str]:
    """`--jumps adjust FACTOR@DATE` as an option with one value."""
    words = list(arguments)
    for i in range(len(words) - 2, 0, -1):
        if words[i - 1:i + 1] == ["--jumps", "adjust"]:
            words[i:i + 2] = [" ".join(words[i:i + 2])]
    return words


def check_applied(options: argparse.Namespace, zone: Zone, applied: set[str]) -> None:
    """Refuses options about reading that made no difference: something else was meant."""
    if options.timezone is not None and not zone.met:
        raise TapeError(f"--timezone {options.timezone}: every time has its offset, or is an epoch or "
                        "a date alone, and needs none. Leave it out.")
    if options.lean_price_scale is not None and "--lean-price-scale" not in applied:
        raise TapeError(f"--lean-price-scale {options.lean_price_scale}: none of the files is Lean's. "
                        "Leave it out.")
    if options.columns is not None and "--columns" not in applied:
        raise TapeError(f"--columns {options.columns}: no file has columns to name. Leave it out.")


def check_output(output: Path, fresh: bool, sources: list[Source]) -> None:
    """Before anything is read."""
    if not output.parent.is_dir():
        raise TapeError(f"{output}: no folder {output.parent}. Make it, or choose another place "
                        "with -o.")
    if output.is_dir():
        raise TapeError(f"{output}: is a folder. Name a file with -o.")
    if any(source.path.resolve() == output.resolve() for source in sources):
        raise TapeError(f"{output}: is one of the inputs. Choose another name with -o.")
    if output.exists() and not fresh:
        raise TapeError(f"{output}: exists. Say --fresh to replace it, or choose another name.")


def read_all(sources: list[Source], reading: Reading) -> Iterator[Bars]:
    """The bars of all files; on a terminal it is told how far reading is."""
    for number, source in enumerate(sources, 1):
        if sys.stderr.isatty():
            print(f"\rreading file {number} of {len(sources)}", end="", file=sys.stderr, flush=True)
        try:
            content = source.path.read_bytes()
        except OSError as problem:
            raise TapeError(f"{source.path}: cannot be read ({problem.strerror}).") from None
        yield from read_bars(source.path, content, replace(reading, symbol=source.symbol))
    if sys.stderr.isatty():
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr)


def in_range(parts: list[Bars], options: argparse.Namespace, zone: Zone) -> list[Bars]:
    """The parts of the bars from --from to --to, without those that are empty then."""
    first, last = -2**63, 2**63 - 1
    if options.first:
        first, _ = parse_moment(options.first, zone, "--from")
    if options.last:
        last, whole_day = parse_moment(options.last, zone, "--to")
        last += DAY - 1 if whole_day else 0
    cut = [replace(part, frame=part.frame[part.frame["time"].between(first, last)]
                   .reset_index(drop=True)) for part in parts]
    for symbol in {part.symbol: None for part in parts}:
        if all(part.frame.empty for part in cut if part.symbol == symbol):
            times = [part.frame["time"] for part in parts
                     if part.symbol == symbol and not part.frame.empty]
            if not times:
                raise TapeError(f"{symbol}: no bar has both bid and ask. Add files of trades.")
            raise TapeError(f"{symbol}: no bar in the range of --from and --to; its bars go from "
                            f"{time_text(min(map(min, times)))} to "
                            f"{time_text(max(map(max, times)))}.")
    return [part for part in cut if not part.frame.empty]


def pairs_of(parts: list[Bars], options: argparse.Namespace,
             by: list[jumps.Adjustment]) -> list[Pair]:
    """Every symbol's trades and quotes, checked, repaired and adjusted, in the order of the command."""
    repairs, pairs = repairs_of(options), []
    for symbol in {part.symbol: None for part in parts}:
        kinds = {kind: [part for part in parts if (part.symbol, part.kind) == (symbol, kind)]
                 for kind in (TRADE, QUOTE)}
        if options.quotes == "none" and kinds[TRADE]:
            kinds[QUOTE] = []
        trades, quotes = (history_of(kinds[kind], repairs) if kinds[kind] else None
                          for kind in (TRADE, QUOTE))
        pairs.append(pair_of(symbol, trades, quotes, options.quotes))
    jumps.check_adjustments([pair.trades for pair in pairs], by)
    return [replace(pair, trades=jumps.adjusted(pair.trades, by),
                    quotes=pair.quotes and jumps.adjusted(pair.quotes, by)) for pair in pairs]


def jumps_in(pairs: list[Pair], keep: bool) -> list[str]:
    """Notes about the jumps that are kept; without `keep` there must be none but after pauses."""
    found = [jump for pair in pairs for jump in jumps.jumps_of(pair.trades)]
    asked = [jump for jump in found if jump.pause() <= jumps.PAUSE]
    if asked and not keep:
        raise jumps.jump_error(asked)
    return [jump.note() for jump in found]


def unused(pairs: list[Pair], aligned: Aligned, options: argparse.Namespace,
           jumped: list[str]) -> list[str]:
    """Notes about answers to questions that the data did not ask."""
    histories = [history for pair in pairs for history in pair.histories()]
    fault_of = {"order": "disorder"}
    idle = [f"--repair {name}: nothing to repair" for name in sorted(repairs_of(options))
            if not any(getattr(history.findings, fault_of.get(name, name)) for history in histories)]
    if options.gaps != "error" and not aligned.gaps:
        idle.append(f"--gaps {options.gaps}: no gaps")
    if jumps.KEEP in options.jumps and not jumped:
        idle.append("--jumps keep: no jumps")
    return idle


def tape_of(aligned: Aligned, options: argparse.Namespace) -> Tape:
    """What is written."""
    settings = [("--gaps", options.gaps), ("--repair", ",".join(sorted(repairs_of(options)))),
                *(("--jumps", jump) for jump in options.jumps),
                ("--quotes", options.quotes), ("--from", options.first), ("--to", options.last),
                ("--interval", options.interval), ("--columns", options.columns),
                ("--sessions", options.sessions), ("--timezone", options.timezone or "UTC"),
                ("--lean-price-scale", options.lean_price_scale)]
    words = [f"{name} {value}" for name, value in settings if value]
    year = year_of(aligned.times, aligned.length, options.sessions)
    if not year.whole and options.sessions is None:
        aligned.notes.append(
            f"{year.bars:.10g} bars a year, of {year.days} days of trading: no weekend to tell by. Say "
            "--sessions if they are others")
    return Tape(aligned.symbols, aligned.times, aligned.values, aligned.length / SECOND, year.bars,
                "\n".join(options.inputs),
                " ".join(["quotesweep-import", *options.inputs, *words]))


def run(options: argparse.Namespace) -> None:
    """Reads, checks, aligns, writes; reports on stderr, and in one line on stdout."""
    repairs_of(options)
    zone = Zone(options.timezone)
    check_zone(zone)
    if options.sessions is not None and not 1 <= options.sessions <= 366:
        raise TapeError(f"--sessions {options.sessions}: must be from 1 to 366.")
    length = parse_length(options.interval) if options.interval else None
    keep, by = jumps.told(options.jumps, zone)
    sources = sources_of(options.inputs)
    check_output(options.output, options.fresh, sources)
    reading = Reading(zone, None, columns_of(options), options.lean_price_scale)
    parts = in_range(list(read_all(sources, reading)), options, zone)
    check_applied(options, zone, reading.applied)
    pairs = pairs_of(parts, options, by)
    jumped = jumps_in(pairs, keep)
    aligned = align(pairs, length, options.gaps, options.quotes)
    write_tape(options.output, tape_of(aligned, options))
    told = [*reading.notes, *(one.note() for one in by), *jumped]
    for line in [*report.table(pairs, aligned), *report.notes(pairs, aligned, options.gaps), *told,
                 *unused(pairs, aligned, options, jumped)]:
        print(line, file=sys.stderr)
    print(report.summary(options.output, aligned))


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, 2 with one line on stderr, or 3 where it was interrupted."""
    try:
        run(command_line().parse_args(whole_options(
            sys.argv[1:] if arguments is None else arguments)))
    except TapeError as error:
        clear = "\r" + " " * 40 + "\r" if sys.stderr.isatty() else ""
        line = "".join(letter if letter.isprintable() else "?" for letter in str(error))
        print(f"{clear}quotesweep-import: {line}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nquotesweep-import: interrupted; nothing is written", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
