"""Ranks that die or stop answering."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest
from processes import ENVIRONMENT, processes_of, ranks_of, wait_until
from sweeps import ALL, COMPLETE, INTERRUPTED, digest

ROUNDS = 20 if ALL else 1


def events(stderr):
    """What a program logged with --log-json."""
    return [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]


def begin_on_four(begin, folder, command, ranks=None):
    """Starts the short study on four ranks and waits until all have begun."""
    file = folder / "short.h5"
    running = begin([*command, "short.yaml", "-o", file, "--threads", 1, "--worker-timeout", 2,
                     "--log-json"], ranks)
    wait_until(lambda: file.exists() and len(ranks_of(file)) == 4, 30, "four ranks and a file")
    time.sleep(0.25)
    return running, file


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=lambda number: number.name)
@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_sweep_outlives_the_loss_of_a_rank(quotesweep, begin, folder, short, number, turn):
    running, file = begin_on_four(begin, folder, ["launch", "-n", 4])
    rank = 1 + turn % 3
    os.kill(ranks_of(file)[rank], number)
    stderr = running.communicate(timeout=120)[1]
    assert running.returncode == COMPLETE, stderr
    assert digest(quotesweep, file) == short.digest
    lost = [event["text"] for event in events(stderr) if event["event"] == "lost"]
    assert len(lost) == 1
    assert re.match(rf"rank {rank} is silent: its [12] tasks? ", lost[0])
    wait_until(lambda: not processes_of(file), 15, "the end of all ranks")


@pytest.mark.skipif(not ALL, reason="takes a longer sweep; QUOTESWEEP_ALL=1")
def test_a_rank_that_wakes_up_is_used_again(begin, folder, short):
    running, file = begin_on_four(begin, folder,
                                  ["launch", "-n", 4, "--set", f"paths={20 * short.paths}"])
    sleeper = ranks_of(file)[2]
    os.kill(sleeper, signal.SIGSTOP)
    lines = []
    while '"lost"' not in "".join(lines[-1:]):
        lines.append(running.stderr.readline())
    os.kill(sleeper, signal.SIGCONT)
    stderr = "".join(lines) + running.communicate(timeout=120)[1]
    assert running.returncode == COMPLETE, stderr
    assert "rank 2 is back" in [event.get("text") for event in events(stderr)]
    wait_until(lambda: not processes_of(file), 15, "the end of all ranks")


def test_without_rank_0_all_end_and_the_same_command_finishes(quotesweep, begin, folder, short):
    running, file = begin_on_four(begin, folder, ["launch", "-n", 4])
    os.kill(ranks_of(file)[0], signal.SIGKILL)
    stderr = running.communicate(timeout=60)[1]
    assert running.returncode == INTERRUPTED, stderr
    wait_until(lambda: not processes_of(file), 15, "the end of all ranks")
    assert quotesweep(["launch", "-n", 2, "short.yaml", "-o", file]).returncode == COMPLETE
    assert digest(quotesweep, file) == short.digest


@pytest.mark.parametrize("rank", [0, 3] if ALL else [0])
def test_a_plain_mpirun_dies_with_a_rank_and_the_same_command_finishes(quotesweep, begin, folder,
                                                                       short, rank):
    running, file = begin_on_four(begin, folder, ["run"], ranks=4)
    os.kill(ranks_of(file)[rank], signal.SIGKILL)
    running.communicate(timeout=60)
    assert running.returncode != COMPLETE
    wait_until(lambda: not processes_of(file), 15, "the end of all ranks")
    short.complete_points(file)
    assert quotesweep(["run", "short.yaml", "-o", file], ranks=2).returncode == COMPLETE
    assert digest(quotesweep, file) == short.digest


LAUNCHER = """\
#!{python}
import os, signal, subprocess, sys, time
other = subprocess.Popen(["sleep", sys.argv[1]])
def ask(*_):
    print("asked to end, with another process:", other.poll() is None, flush=True)
signal.signal(signal.SIGTERM, ask)
ranks = {{"OMPI_COMM_WORLD_" + name: value for name, value in
         (("RANK", "0"), ("SIZE", "1"), ("LOCAL_RANK", "0"), ("LOCAL_SIZE", "1"))}}
rank = subprocess.Popen(sys.argv[2:], env=os.environ | ranks)
time.sleep(1)
rank.kill()
while True:
    signal.pause()
"""


@pytest.mark.parametrize("other_lives", ["0", pytest.param("20", marks=pytest.mark.skipif(
    not ALL, reason="takes a minute; QUOTESWEEP_ALL=1"))])
def test_a_launcher_that_hangs_without_ranks_is_ended(quotesweep, folder, other_lives):
    """Open MPI's does, about once in 100 times that a rank dies while it starts."""
    program = folder / "mpirun"
    program.write_text(LAUNCHER.format(python=sys.executable))
    program.chmod(0o755)
    launcher = subprocess.Popen(
        [program, other_lives, quotesweep.program, "run", "short.yaml", "-o", folder / "short.h5"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT)
    out = launcher.communicate(timeout=120)[0]
    assert out == "asked to end, with another process: False\n"
    assert launcher.returncode == -signal.SIGKILL


def test_killing_any_rank_at_any_time_loses_nothing(quotesweep, begin, folder, short):
    """Kill and resume until the kills are spent and the sweep is finished; then again."""
    random_numbers = random.Random(1)
    kills = finished = 0
    file = folder / "short.h5"
    while kills < (200 if ALL else 4) or not finished:
        running = begin(["run", "short.yaml", "-o", file, "--threads", 1, "--sync-interval", 0], 4)
        time.sleep(random_numbers.uniform(0.1, 2.5))
        ranks = ranks_of(file)
        if ranks and running.poll() is None:
            try:
                os.kill(ranks[random_numbers.choice(sorted(ranks))], signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
        running.communicate(timeout=120)
        wait_until(lambda: not processes_of(file), 15, "the end of all ranks")
        if not file.exists():
            continue
        assert quotesweep(["show", file]).returncode == COMPLETE
        short.complete_points(file)
        if quotesweep(["status", file]).returncode == COMPLETE:
            assert digest(quotesweep, file) == short.digest
            file.unlink()
            finished += 1
    print(f"{kills} kills, {finished} sweeps finished")
