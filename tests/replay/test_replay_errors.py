"""Bad tapes and bad studies of them: one message with place, key, value and what to do, exit status
2, and nothing left behind.

A case is what is wrong and how the message begins; further words must be in it, too.
"""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from replay_studies import BAD_USAGE, write_tape

FIRST = "study.yaml:2: tape: tape.h5: "
AGAIN = "Make a tape with quotesweep-import."


def edit(change):
    """What a change of the open tape makes of the file."""

    def damage():
        with h5py.File("tape.h5", "r+") as file:
            change(file)

    return damage


def put(name, index, value):
    def change(file):
        file[name][index] = value

    return edit(change)


def replace(name, data):
    def change(file):
        del file[name]
        file[name] = data

    return edit(change)


def attribute(name, value):
    return edit(lambda file: file.attrs.__setitem__(name, value))


def truncate():
    with open("tape.h5", "r+b") as file:
        file.truncate(5000)


def write(content):
    def damage():
        with open("tape.h5", "wb") as file:
            file.write(content)

    return damage


def remove():
    import os
    os.remove("tape.h5")


TAPES = {
    "missing": (remove, FIRST + "there is no such file", AGAIN),
    "not HDF5": (write(b"time,open\n1,2\n"), FIRST + "cannot be read as HDF5", AGAIN),
    "empty file": (write(b""), FIRST + "cannot be read as HDF5", AGAIN),
    "truncated": (truncate, FIRST + "cannot be read as HDF5", "damaged", AGAIN),
    "newer": (attribute("quotesweep_tape_version", 2), FIRST + "has tape version 2 (this program "
              "reads up to 1); update quotesweep."),
    "no version": (edit(lambda file: file.attrs.__delitem__("quotesweep_tape_version")),
                   FIRST + "has no attribute quotesweep_tape_version: it is not a tape", AGAIN),
    "version of many numbers": (attribute("quotesweep_tape_version", np.ones(1000)),
                                FIRST + "has no attribute quotesweep_tape_version", AGAIN),
    "no bars a year": (edit(lambda file: file.attrs.__delitem__("annualization")),
                       FIRST + "has no attribute annualization: it is not a tape", AGAIN),
    "bars of no length": (attribute("bar_seconds", 0.0), FIRST + "bar_seconds = 0", "must be > 0"),
    "no closes": (edit(lambda file: file.__delitem__("close")), FIRST + "has no variable close", AGAIN),
    "NaN": (put("low", (1, 17), np.nan), FIRST + "TWO: bar 17: price nan (must be > 0)", AGAIN),
    "infinite price": (put("high", (0, 3), np.inf), FIRST + "ONE: bar 3: price inf (must be > 0)"),
    "price of nothing": (put("low", (0, 3), 0.0), FIRST + "ONE: bar 3: price 0 (must be > 0)"),
    "negative volume": (put("volume", (0, 3), -1.0), FIRST + "ONE: bar 3: volume -1 (must be >= 0)"),
    "high below close": (put("high", (1, 5), 1.0), FIRST + "TWO: bar 5: open ", "high 1, ",
                         "high and low must hold the others"),
    "low above open": (put("low", (0, 5), 1e6), FIRST + "ONE: bar 5: open ", "low 1000000, "),
    "time that goes back": (put("time", 9, 5), FIRST + "bar 9: its time is not after that of bar 8"),
    "time twice": (edit(lambda file: file["time"].__setitem__(9, file["time"][8])),
                   FIRST + "bar 9: its time is not after that of bar 8"),
    "times in a table": (replace("time", np.ones((400, 400), dtype=np.int64)),
                         FIRST + "its variable time has 2 dimensions, must have 1"),
    "prices of another length": (replace("open", np.ones((2, 399))),
                                 FIRST + "its variable open is not symbols x bars = 2 x 400"),
    "prices without symbols": (replace("open", np.ones(400)),
                               FIRST + "its variable open has 1 dimensions, must have 2"),
    "symbols that are numbers": (replace("symbol", np.ones(2)), FIRST + "its variable symbol is no text"),
    "a symbol twice": (replace("symbol", np.array(["A", "A"], dtype=h5py.string_dtype())),
                       FIRST + "has the symbol A twice"),
    "no bars": (lambda: write_empty(), FIRST + "has no bars"),
}


def write_empty():
    write_tape("tape.h5")
    with h5py.File("tape.h5", "r+") as file:
        del file["time"]
        file["time"] = np.zeros(0, dtype=np.int64)
        for name in ("open", "high", "low", "close", "volume"):
            del file[name]
            file[name] = np.zeros((2, 0))


GOOD_TAPE = "tape: tape.h5\n"

# Text below the line "study: bad", so that it begins on line 2.
STUDIES = {
    "an empty name": ('tape: ""', 'study.yaml:2: tape = "" (must be a name)'),
    "a list of tapes": ("tape: [a.h5, b.h5]", "study.yaml:2: tape = [a.h5, b.h5] (must be a name)"),
    "a folder": ("tape: .", "study.yaml:2: tape: .: cannot be read as HDF5"),
    "an unknown key of the tape": ("tape: {file: tape.h5, symbol: ONE}",
                                   "study.yaml:2: tape.symbol = ONE (unknown key; a tape has: file, "),
    "no file": ("tape: {symbols: [ONE]}", "study.yaml:2: tape = {symbols: [ONE]} (needs 'file'"),
    "an unknown symbol": ("tape: {file: tape.h5, symbols: [ONE, SIX]}",
                          "study.yaml:2: tape.symbols = SIX (is not on the tape; it has: ONE, TWO)"),
    "a chosen symbol twice": ("tape: {file: tape.h5, symbols: [ONE, ONE]}",
                              "study.yaml:2: tape.symbols = ONE (stands there twice)"),
    "no symbols": ("tape: {file: tape.h5, symbols: []}",
                   "study.yaml:2: tape.symbols = [] (has no symbols; name some, or remove the key)"),
    "from after to": ("tape:\n  file: tape.h5\n  from: 2024-01-01T03:00\n  to: 2024-01-01T02:00",
                      "study.yaml:5: tape.to = 2024-01-01T02:00 (leaves fewer than two bars"),
    "from after the end": ("tape:\n  file: tape.h5\n  from: 2025-01-01",
                           "study.yaml:4: tape.from = 2025-01-01 (leaves fewer than two bars"),
    "to before the beginning": ("tape:\n  file: tape.h5\n  to: 2023-01-01",
                                "study.yaml:4: tape.to = 2023-01-01 (leaves fewer than two bars"),
    **{f"the date {date}": (f"tape: {{file: tape.h5, from: '{date}'}}",
                            f"study.yaml:2: tape.from = {date} (must be a date or time in UTC, such")
       for date in ("2024-13-01", "2024-02-30", "24-01-01", "2024-01-01T25:00", "2024-1-1",
                    "2024-01-260", "2024-01-01T00:00:00Z", "2024-01-01 00:00", "yesterday",
                    "0001-01-01", "2024-01- 1", "20240101", "2024-01-01T")},
    "a symbol that is not on the tape": (GOOD_TAPE + "symbols:\n  SIX: {tick: 1}",
                                         "study.yaml:4: symbols.SIX = {tick: 1} (is not on the tape"),
    "symbols without a tape": ("symbols: {ONE: {tick: 1}}",
                               "study.yaml:2: symbols = {ONE: {tick: 1}} (does nothing without a tape"),
    "the tape among the symbols": (GOOD_TAPE + "symbols: {ONE: {tape: tape.h5}}",
                                   "study.yaml:3: symbols: unknown parameter 'tape'"),
    "an unknown parameter of a symbol": (GOOD_TAPE + "symbols:\n  ONE:\n    tik: 1",
                                         "study.yaml:5: symbols: unknown parameter 'tik'; did you mean "
                                         "'tick'?"),
    "a bad value of a symbol": (GOOD_TAPE + "symbols: {ONE: {tick: -1}}",
                                "study.yaml:3: symbols.ONE.tick = -1 (must be from 0"),
    "a parameter twice": (GOOD_TAPE + "symbols: {ONE: {tick: 1, market.tick: 2}}",
                          "study.yaml:3: symbols.ONE.market.tick = 2 (market.tick of ONE is set twice"),
    "the account of a symbol": (GOOD_TAPE + "symbols: {ONE: {capital: 5}}",
                                "study.yaml:3: symbols.ONE.capital = 5 (account.capital is the same for "
                                "all symbols; set it in its section)"),
    "a symbol's dead parameter": (GOOD_TAPE + "symbols: {ONE: {levels: 2}}\nstrategy: {name: vanilla}",
                                  "study.yaml:3: symbols.ONE.levels = 2 (does nothing here: it applies "
                                  "only with "),
    "a symbol's parameter of paths": (GOOD_TAPE + "symbols: {ONE: {drift: 1}}",
                                      "study.yaml:3: symbols.ONE.drift = 1 (does nothing here: a replay "
                                      "does not use it. Remove it)"),
    "a symbol's swept parameter": (GOOD_TAPE + "symbols: {ONE: {tick: 1}}\nsweep: {tick: [1, 2]}",
                                   "study.yaml:3: symbols.ONE.tick = 1 (market.tick is swept for all "
                                   "symbols; remove one)"),
    "paths": (GOOD_TAPE + "paths: 100", "study.yaml:3: paths = 100 (does nothing in a replay of a tape"),
    "block": (GOOD_TAPE + "block: 100", "study.yaml:3: block = 100 (does nothing in a replay"),
    "precision": (GOOD_TAPE + "precision: double", "study.yaml:3: precision = double (does nothing"),
    "common random numbers": (GOOD_TAPE + "common_random_numbers: true",
                              "study.yaml:3: common_random_numbers = true (does nothing"),
    "a key of paths": (GOOD_TAPE + "market:\n  T: 5", "study.yaml:4: market.T = 5 (does nothing in a "
                       "replay of a tape. Remove it)"),
    "a swept key of paths": (GOOD_TAPE + "sweep:\n  k: [1]\n  drift: [1, 2]",
                             "study.yaml:5: sweep: market.drift does nothing in this replay. Remove it"),
    "a swept key of paths in a list": (GOOD_TAPE + "sweep:\n  - {drift: 1}\n  - {drift: 2}",
                                       "study.yaml:3: sweep: market.drift does nothing in this replay"),
    "swept metrics": (GOOD_TAPE + "strategy: {name: tokyo}\nsweep: {metrics.clock: [1, 2]}",
                      "study.yaml:4: sweep: metrics.clock is the same for all points of a replay"),
    "a swept bar": (GOOD_TAPE + "sweep: {dt: [1, 2]}",
                    "study.yaml:3: sweep: market.dt is the same for all points of a replay"),
    "a swept model": (GOOD_TAPE + "sweep: {model: [replay]}",
                      "study.yaml:3: sweep.model = [replay] (market.model is the same for all points"),
    "swept resamples": (GOOD_TAPE + "sweep: {bootstrap: [10, 20]}",
                        "study.yaml:3: sweep.bootstrap = [10, 20] (metrics.bootstrap is the same for"),
    "levels of stoikov": (GOOD_TAPE + "strategy: {name: stoikov, levels: 3}",
                          "study.yaml:3: strategy.levels = 3 (does nothing here: it applies only with "),
    "a word that is no strategy": (GOOD_TAPE + "sweep: {strategy.name: [tokyo, osaka]}",
                                   "study.yaml:3: sweep.strategy.name = osaka (must be one of: "),
    "a strategy twice": (GOOD_TAPE + "sweep: {strategy.name: [tokyo, mexico, tokyo]}",
                         "study.yaml:3: sweep.strategy.name = [tokyo, mexico, tokyo] (tokyo stands there "
                         "twice; remove one)"),
    "evenly spaced strategies": (GOOD_TAPE + "sweep: {strategy.name: {linear: [tokyo, mexico], "
                                 "points: 2}}", "study.yaml:3: sweep.strategy.name.linear = [tokyo, "
                                 "mexico] (is for numbers; name the choices, as [a, b])"),
    "another model": (GOOD_TAPE + "market: {model: brownian}",
                      "study.yaml:3: market.model = brownian (must be replay, or left out"),
    "a warm-up longer than the tape": (GOOD_TAPE + "signal: {warm_up: 399}\nmetrics: {clock: 4}", "study.yaml:3: "
                                       "signal.warm_up = 399 (must be less than the tape's 400 bars"),
    "a clock of half a bar": (GOOD_TAPE + "metrics: {clock: 1.5}",
                              "study.yaml:3: metrics.clock = 1.5 (must be a whole number of bars"),
    "a clock longer than the tape": (GOOD_TAPE + "metrics: {clock: 400}", "study.yaml:3: metrics.clock: "
                                     "the tape's 400 bars make 1 intervals (must be from 2 to 20000"),
    "a ladder without a tape": ("strategy: {name: tokyo}", "study.yaml:2: strategy.name = tokyo (quotes "
                                "around the open of a bar and needs a tape: add 'tape')"),
    "a ladder in a sweep without a tape": ("sweep: {strategy.name: [symmetric, mexico]}", "study.yaml:2: point "
                                           "1 (strategy.name = mexico): strategy.name = mexico (quotes"),
    "a replay without a tape": ("market: {model: replay}", "study.yaml:2: market.model = replay (needs a "
                                "tape: add the key 'tape')"),
    "orders without a tape": ("orders: {life: 2}", "study.yaml:2: orders.life = 2 (does nothing here: it "
                              "applies only with a tape. Remove it)"),
    "swept orders without a tape": ("sweep:\n  life: [1, 2]", "study.yaml:3: sweep: orders.life does "
                                    "nothing here: it applies only with a tape. Remove it"),
}

# On the command line.
SETTINGS = {
    "a tape": ("tape=missing.h5", "--set tape=missing.h5: tape: missing.h5: there is no such file"),
    "a date": ("tape={file: tape.h5, to: soon}", "--set tape={file: tape.h5, to: soon}: tape.to = soon "
               "(must be a date"),
    "paths": ("paths=5", "--set paths=5: paths = 5 (does nothing in a replay"),
    "a strategy that is swept": ("strategy.name=tokyo", "--set strategy.name=tokyo: strategy.name is "
                                 "swept"),
}


def check_refused(quotesweep, folder, command, beginning, *words, ranks=None, arguments=()):
    before = sorted(folder.rglob("*"))
    refused = quotesweep([command, "study.yaml", *arguments], ranks, timeout=60)
    assert refused.returncode == BAD_USAGE, refused.stderr
    lines = refused.stderr.splitlines()
    message, = (line for line in lines if line.startswith("quotesweep:"))
    assert ranks or lines == [message]  # mpirun has something to say, too
    assert message.startswith(f"quotesweep: {beginning}"), message
    assert all(word in message for word in words), message
    assert ".." not in message and sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("case", TAPES)
def test_a_bad_tape_is_told_once_and_leaves_nothing(quotesweep, folder, case):
    damage, beginning, *words = TAPES[case]
    damage()
    for command in ("run", "plan"):
        check_refused(quotesweep, folder, command, beginning, *words)


def test_a_results_file_is_no_tape(quotesweep, folder):
    quotesweep(["run", "study.yaml", "-o", "results.h5"], check=True)
    check_refused(quotesweep, folder, "run", "--set tape=results.h5: tape: results.h5: has no attribute "
                  "quotesweep_tape_version: it is not a tape", arguments=["--set", "tape=results.h5"])


@pytest.mark.parametrize("case", STUDIES)
def test_a_bad_study_of_a_tape_is_told_once_and_leaves_nothing(quotesweep, folder, case):
    text, beginning, *words = STUDIES[case]
    (folder / "study.yaml").write_text(f"study: bad\n{text}\n")
    for command in ("run", "plan"):
        check_refused(quotesweep, folder, command, beginning, *words)


@pytest.mark.parametrize("case", SETTINGS)
def test_a_bad_setting_of_a_replay_is_told_once(quotesweep, folder, case):
    setting, beginning = SETTINGS[case]
    check_refused(quotesweep, folder, "run", beginning, arguments=["--set", setting])


@pytest.mark.parametrize("case", ["NaN", "missing"])
def test_of_four_ranks_one_tells_of_a_bad_tape(quotesweep, folder, case):
    damage, beginning, *words = TAPES[case]
    damage()
    check_refused(quotesweep, folder, "run", beginning, *words, ranks=4)
