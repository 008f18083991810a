"""Measures the speed claims of the README: whole programs in turn, medians and ranges.

    .venv/bin/python tests/bench/benchmark.py            about two minutes
    .venv/bin/python tests/bench/benchmark.py --rounds 9

1. quotesweep and a textbook scalar program (textbook.cpp), one core, one after the other.
2. Two ranks on two cores against two independent copies that run at the same time.
3. A complete market maker (complete.yaml, everything switched on) and the same sweep bare, one core.
4. A replay of 10^6 bars of one symbol, one core: a point alone, 1,000 points, and the same with NumPy
   (numpy_replay.py, fewer bars), whose P&L is compared.
5. What starting and finishing a sweep cost: a study with next to no work, under mpirun.
"""

import argparse
import csv
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy_replay

HERE = Path(__file__).resolve().parent
ENVIRONMENT = os.environ | {
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
RATE = re.compile(r"([\d.]+) M (?:point-path-steps|point-bars)/s")


def summary(values, unit=""):
    ordered = sorted(values)
    return f"{statistics.median(ordered):8.3g}{unit}  ({ordered[0]:.3g} to {ordered[-1]:.3g})"


def rate_of(process):
    """Millions of point-path-steps per second that a program reported of itself."""
    out, err = process.communicate()
    if process.returncode != 0:
        sys.exit(f"a benchmarked program failed:\n{out}{err}")
    return float(RATE.search(out + err).group(1))


def start(command):
    return subprocess.Popen([str(c) for c in command], env=ENVIRONMENT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Programs:
    def __init__(self, build, folder):
        self.quotesweep, self.textbook = build / "quotesweep", build / "tests/bench/bench_textbook"
        self.folder = folder

    def sweep(self, name, *settings):
        """A run of the benchmark study with one thread."""
        return [self.quotesweep, "run", HERE / "benchmark.yaml", "--fresh", "--threads", "1",
                "-o", self.folder / f"{name}.h5", *(a for s in settings for a in ("--set", s))]

    def complete(self, *settings):
        """A run of the study in which everything is switched on."""
        return [self.quotesweep, "run", HERE / "complete.yaml", "--fresh", "--threads", "1",
                "-o", self.folder / "complete.h5", *(a for s in settings for a in ("--set", s))]

    def ranks(self, count, *settings):
        return ["mpirun", "-n", count, "--oversubscribe", "--bind-to", "none",
                *self.sweep("ranks", *settings)]


def against_textbook(programs, rounds, probability):
    ours, theirs = [], []
    setting = f"fills.probability={probability}"
    for _ in range(rounds):
        theirs.append(rate_of(start(["taskset", "-c", "0", programs.textbook, 1000, probability])))
        ours.append(rate_of(start(["taskset", "-c", "0", *programs.sweep("one", setting)])))
    print(f"{probability}: million point-path-steps per second on one core")
    print(f"  textbook scalar C++   {summary(theirs)}")
    print(f"  quotesweep            {summary(ours)}")
    print(f"  ratio                 {summary([o / t for o, t in zip(ours, theirs)])}")


def two_ranks(programs, rounds):
    ratios = []
    for _ in range(rounds):
        copies = [start(["taskset", "-c", core, *programs.sweep(f"copy{core}")]) for core in (0, 1)]
        together = sum(rate_of(copy) for copy in copies)
        ratios.append(rate_of(start(programs.ranks(2, "paths=400000"))) / together)
    print(f"two ranks on two cores / two independent copies\n  ratio                 {summary(ratios)}")


def complete_market_maker(programs, rounds):
    bare, detailed, complete = [], [], []
    for _ in range(rounds):
        core = ["taskset", "-c", "0"]
        bare.append(rate_of(start([*core, *programs.sweep("bare", "paths=50000")])))
        detailed.append(rate_of(start([*core, *programs.sweep(
            "detailed", "paths=50000", "metrics.detail=full")])))
        complete.append(rate_of(start([*core, *programs.complete()])))
    print("a complete market maker: million point-path-steps per second on one core")
    print(f"  bare quotes           {summary(bare)}")
    print(f"  with all details      {summary(detailed)}")
    print(f"  everything on         {summary(complete)}")


REPLAY = """\
study: replay
tape: {tape}
market: {{tick: 0.01}}
strategy: {{name: tokyo}}
orders: {{min_value: 10}}
account: {{capital: 100000, maker_fee_bps: 2, taker_fee_bps: 5}}
risk: {{early_stop: 0}}
sweep:
  min_spread: {{log: [0.0005, 0.01], points: {spreads}}}
  aggressivity: {{linear: [0.02, 0.5], points: {sizes}}}
output: {folder}/{name}.h5
"""


class Replays:
    """Replays of a made-up tape, long enough to be timed; NumPy has a shorter one."""

    def __init__(self, programs, bars=1_000_000, numpy_bars=5_000):
        self.programs, self.bars = programs, numpy_replay.make_bars(bars)
        self.short = tuple(series[:numpy_bars] for series in self.bars)
        for name, series in (("long", self.bars), ("short", self.short)):
            numpy_replay.write_tape(programs.folder / f"{name}.h5", series)

    def command(self, name, tape, spreads, sizes):
        study = self.programs.folder / f"{name}.yaml"
        study.write_text(REPLAY.format(tape=self.programs.folder / f"{tape}.h5", spreads=spreads,
                                       sizes=sizes, folder=self.programs.folder, name=name))
        return ["taskset", "-c", "0", self.programs.quotesweep, "run", study, "--fresh",
                "--threads", "1"]

    def show(self, name):
        shown = subprocess.run([self.programs.quotesweep, "show", "--csv",
                                self.programs.folder / f"{name}.h5"], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
        return list(csv.DictReader(shown.splitlines()))

    def numpy_rate(self):
        """Millions of point-bars per second of the loop, whose P&L must be ours."""
        rate_of(start(self.command("check", "short", 40, 25)))
        rows = self.show("check")
        spread, size = (np.array([float(row[name]) for row in rows])
                        for name in ("min_spread", "aggressivity"))
        begin = time.perf_counter()
        found = numpy_replay.replay(self.short, spread, size)
        seconds = time.perf_counter() - begin
        ours = np.array([float(row["pnl"]) for row in rows])
        if not np.allclose(found, ours, rtol=1e-9, atol=1e-6):
            sys.exit(f"P&L of NumPy and quotesweep differ by up to {np.abs(found - ours).max():g}")
        return len(rows) * len(self.short[0]) / seconds / 1e6


def replays(programs, rounds):
    tapes = Replays(programs)
    one, many, numpy = [], [], []
    for _ in range(rounds):
        one.append(rate_of(start(tapes.command("one", "long", 1, 1))))
        many.append(rate_of(start(tapes.command("many", "long", 40, 25))))
        numpy.append(tapes.numpy_rate())
    print("a replay of 10^6 bars: million point-bars per second on one core")
    print(f"  one point             {summary(one)}")
    print(f"  1,000 points          {summary(many)}")
    print(f"  NumPy, 1,000 points   {summary(numpy)}")
    print(f"  ratio                 {summary([m / n for m, n in zip(many, numpy)])}")


def starting_and_finishing(programs, rounds):
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        rate_of(start(programs.ranks(2, "paths=1", "block=1", "sweep={gamma: [0.1]}")))
        seconds.append(time.perf_counter() - begin)
    print(f"starting and finishing a sweep, mpirun -n 2\n  wall time             {summary(seconds, ' s')}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--build", type=Path, default=HERE.parents[1] / "build")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(options.build, Path(folder))
        for probability in ("bernoulli", "poisson"):
            against_textbook(programs, options.rounds, probability)
        if (os.cpu_count() or 1) > 1:
            two_ranks(programs, options.rounds)
        complete_market_maker(programs, options.rounds)
        replays(programs, options.rounds)
        starting_and_finishing(programs, options.rounds)


if __name__ == "__main__":
    main()
