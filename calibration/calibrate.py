"""The command quotesweep-calibrate. See --help."""

from __future__ import annotations

import argparse
import io
import math
import sys
from collections.abc import Callable
from pathlib import Path

try:
    from calibration.errors import CalibrationError
    from calibration.files import check_place, write_all
    from calibration.market import Choices, market_of
    from calibration.reading import read_recording
    from calibration.report import Calibration, calibrate, report
    from calibration.study import study_text
except ImportError as missing:
    print(f"quotesweep-calibrate: {missing}; on Debian or Ubuntu: apt-get install python3-numpy "
          "python3-scipy python3-pandas python3-matplotlib, or run ./quickstart", file=sys.stderr)
    sys.exit(2)

FORMATS = ("png", "svg", "pdf")
UNDATED = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}

EXAMPLES = """\
examples:
  quotesweep-calibrate capture.gz                     print estimates, fit and warnings
  quotesweep-calibrate capture.gz --plot fit.png -o btc.yaml
                                                      draw the fit, write a study for `quotesweep run`
  quotesweep-calibrate BTCUSDT-aggTrades-2024-08-08.zip --until 3600
                                                      the first hour of a day; the mid is approximate
  quotesweep-calibrate capture.gz --from-distance 2 --to-distance 10
                                                      fit where quotes will stand

FILE is a raw websocket capture, lines "local-ns {json}" with the streams trade (or aggTrade) and
bookTicker of Binance spot or USD-M futures, plain or .gz; or Binance aggregated trades, CSV, plain,
.gz or .zip. Distances are from the mid just before an order to the furthest price that it reaches.
Estimators, sources and their coverage: docs/calibration.md.
Exit status: 0, or 2 with one line on stderr, and then nothing is written."""


class OneLineParser(argparse.ArgumentParser):
    """Usage errors like all other errors: one line."""

    def error(self, message: str) -> None:
        raise CalibrationError(f"{message}; see --help")


def number(lowest: float, strict: bool, kind: type = float) -> Callable[[str], float]:
    """Reads an option that is a finite number, >= lowest or > lowest."""
    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not (value > lowest if strict else value >= lowest) or math.isinf(value):
            what = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"'{text}' (must be {what} {'>' if strict else '>='} "
                                             f"{lowest:g})")
        return value
    return read


def command_line() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = OneLineParser(
        prog="quotesweep-calibrate", epilog=EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Estimate sigma, A and k of a market from its recorded trades and quotes, with "
                    "95 % intervals, and write a study around the estimates.")
    positive, from_zero = number(0.0, strict=True), number(0.0, strict=False)
    parser.add_argument("file", type=Path, metavar="FILE", help="trades and quotes, see below")
    add_outputs(parser)
    what = parser.add_argument_group("what counts")
    what.add_argument("--from-distance", type=positive, metavar="PRICE",
                      help="orders count that reach at least this far from the mid (default: half "
                           "the usual spread and a tick, beyond the best price)")
    what.add_argument("--to-distance", type=positive, metavar="PRICE",
                      help="orders that reach farther count as having come this far "
                           "(default: no limit)")
    what.add_argument("--from", dest="start", type=from_zero, default=0.0, metavar="SECOND",
                      help="begin here, in seconds since the recording began (default: 0)")
    what.add_argument("--until", dest="end", type=positive, default=math.inf, metavar="SECOND",
                      help="end here (default: at the end)")
    what.add_argument("--symbol", help="of a capture with several, such as BTCUSDT")
    what.add_argument("--min-orders", type=number(2, False, int), default=50, metavar="N",
                      help="fewer orders of a side than this are refused (default: 50)")
    how = parser.add_argument_group("how")
    how.add_argument("--interval", type=positive, default=5.0, metavar="SECOND",
                     help="between mids for sigma: long enough that ticks do not matter (default: 5)")
    how.add_argument("--mid", choices=["quotes", "trades"],
                     help="of the best quotes, or half way between the last prices of a sell and of a "
                          "buy order (default: quotes; trades for aggregated trades)")
    how.add_argument("--quote-delay", type=from_zero, metavar="SECOND",
                     help="spot quotes have no exchange time: the mid is the one this long before a "
                          "trade was received (default: 0.002)")
    how.add_argument("--tick", type=from_zero, metavar="PRICE",
                     help="price tick; 0 takes prices for continuous (default: found in the prices)")
    how.add_argument("--bootstrap", type=number(19, False, int), default=999, metavar="N",
                     help="samples for the p-value of the fit (default: 999)")
    how.add_argument("--seed", type=number(0, False, int), default=1, metavar="N",
                     help="of these samples (default: 1)")
    return parser


def add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, metavar="STUDY.yaml",
                        help="write a study whose grid is centred on the estimates")
    parser.add_argument("--fresh", action="store_true", help="replace STUDY.yaml if it is there")
    parser.add_argument("--plot", type=Path, metavar="PICTURE",
                        help="draw the fit and the signature plot: *.png, *.svg or *.pdf")


def choices_of(options: argparse.Namespace) -> Choices:
    delay = {} if options.quote_delay is None else {"quote_delay": options.quote_delay}
    return Choices(threshold=options.from_distance, farthest=options.to_distance,
                   start=options.start, end=options.end, tick=options.tick, mid=options.mid,
                   min_orders=options.min_orders, **delay)


def check_outputs(options: argparse.Namespace) -> None:
    """Refuses files that could not be written, before anything is computed."""
    if options.output is not None:
        check_place(options.output, "-o")
        if options.output.exists() and not options.fresh:
            raise CalibrationError(f"-o {options.output}: is there already; choose another name, or "
                                   "--fresh to replace it")
    elif options.fresh:
        raise CalibrationError("--fresh: there is no -o STUDY.yaml to replace; name it, or leave it out")
    if options.plot is not None:
        check_place(options.plot, "--plot")
        if options.plot.suffix[1:] not in FORMATS:
            raise CalibrationError(f"--plot {options.plot}: must end in .png, .svg or .pdf")


def picture_of(calibration: Calibration, kind: str) -> bytes:
    """The picture as the content of a file; equal calibrations give equal pictures."""
    import matplotlib

    from calibration.picture import draw_calibration
    content = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "quotesweep"}):
        draw_calibration(calibration).savefig(content, format=kind, dpi=100,
                                              metadata=UNDATED.get(kind))
    return content.getvalue()


def run(options: argparse.Namespace) -> None:
    """Reads, estimates, writes and prints."""
    check_outputs(options)
    market = market_of(read_recording(options.file, options.symbol), choices_of(options))
    if options.quote_delay is not None and not (market.from_quotes
                                                and market.recording.clock == "local"):
        raise CalibrationError(f"--quote-delay {options.quote_delay:g}: the mid is not of quotes without "
                               "an exchange time, and needs none; leave it out")
    calibration = calibrate(market, options.interval, options.bootstrap, options.seed)
    files = {}
    if options.plot is not None:
        files[options.plot] = picture_of(calibration, options.plot.suffix[1:])
    if options.output is not None:
        files[options.output] = study_text(calibration, options.output).encode()
    write_all(files)
    print(report(calibration))
    if files:
        print()
    for path in files:
        print(path)


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 with one line on stderr."""
    try:
        run(command_line().parse_args(arguments))
    except CalibrationError as error:
        print(f"quotesweep-calibrate: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
