"""Stops that are asked for: signals and --max-time; and what a second `run` makes of the file."""

import os
import re
import signal
import time

import pytest
from processes import processes_of, wait_until
from sweeps import ALL, BAD_USAGE, COMPLETE, INTERRUPTED, TINY, digest, make_reference

MANNERS = {"alone": (["run"], None), "mpirun": (["run"], 3), "launch": (["launch", "-n", 3], None)}
STOPS = [(manner, number) for manner in MANNERS
         for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)
         if manner == "alone" or (manner == "launch" and number == signal.SIGUSR1) or ALL]


def begin_short(begin, folder, manner, *more):
    """Starts the short study and waits until some of it is written."""
    command, ranks = MANNERS[manner]
    file = folder / "short.h5"
    running = begin([*command, "short.yaml", "-o", file, "--threads", 1, *more], ranks)
    wait_until(file.exists, 30, "a file")
    time.sleep(0.25)
    return running, file


def seconds_to_start(begin, folder, manner):
    """How long it takes until a sweep has its file: longer than a second where nobody knows the
    machine's own name."""
    command, ranks = MANNERS[manner]
    file = folder / "tiny.h5"
    before = time.monotonic()
    running = begin([*command, "tiny.yaml", "-o", file], ranks)
    wait_until(file.exists, 60, "a file")
    seconds = time.monotonic() - before
    running.communicate(timeout=60)
    return seconds


@pytest.mark.parametrize("manner, number", STOPS,
                         ids=lambda value: getattr(value, "name", value))
def test_a_signal_stops_a_sweep_which_the_same_command_finishes(quotesweep, begin, folder, short,
                                                                short_study, manner, number):
    more, reference = [], short
    if manner == "mpirun" and number != signal.SIGUSR1:  # mpirun thinks for two seconds
        more = ["--set", f"paths={8 * short.paths}"]
        reference = make_reference(quotesweep, folder / "long", "short", short_study, more[1:])
    running, file = begin_short(begin, folder, manner, *more)
    running.send_signal(number)
    stderr = running.communicate(timeout=30)[1]
    if manner != "mpirun":  # whose own exit status and way of passing signals on are not ours
        assert running.returncode == INTERRUPTED, stderr
        told = "SIGUSR1" if manner == "launch" else number.name
        assert f"stopped by {told}; the same command continues" in stderr
    wait_until(lambda: not processes_of(file), 15, "the end of all ranks")
    assert quotesweep(["status", file]).returncode == INTERRUPTED
    assert reference.complete_points(file) < 20
    resumed = quotesweep(["run", "short.yaml", "-o", file, *more])
    assert resumed.returncode == COMPLETE, resumed.stderr
    assert digest(quotesweep, file) == reference.digest


@pytest.mark.parametrize("manner", MANNERS if ALL else ["alone", "launch"])
def test_a_sweep_out_of_time_stops_and_goes_on_where_it_was(quotesweep, begin, folder, short,
                                                            short_study, manner):
    more = ["--set", f"paths={3 * short.paths}"]
    reference = make_reference(quotesweep, folder / "long", "short", short_study, more[1:])
    limit = seconds_to_start(begin, folder, manner) + 1
    running, file = begin_short(begin, folder, manner, "--max-time", f"{limit:.1f}s", *more)
    stderr = running.communicate(timeout=30)[1]
    assert running.returncode == INTERRUPTED
    assert "stopped by --max-time; the same command continues" in stderr
    wait_until(lambda: not processes_of(file), 15, "the end of all ranks")
    assert quotesweep(["status", file]).returncode == INTERRUPTED
    resumed = quotesweep(["run", "short.yaml", "-o", file, *more])
    assert re.search(r", \d+\.\d % done before", resumed.stderr)
    assert digest(quotesweep, file) == reference.digest


def test_a_stop_does_not_wait_for_a_long_task(quotesweep, begin, folder):
    file = folder / "tiny.h5"
    running = begin(["run", "tiny.yaml", "-o", file, "--set", "dt=1e-9"])
    wait_until(file.exists, 20, "a file")
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    assert running.returncode == INTERRUPTED
    assert "6 pending" in quotesweep(["show", file], check=True).stdout


@pytest.mark.parametrize("manner", ["alone", "launch"])
def test_a_second_interrupt_ends_a_sweep_at_once(quotesweep, begin, folder, manner):
    file = folder / "tiny.h5"
    running = begin([*MANNERS[manner][0], "tiny.yaml", "-o", file, "--set", "dt=1e-9"])
    wait_until(file.exists, 20, "a file")
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=2) == -signal.SIGINT
    wait_until(lambda: not processes_of(file), 15, "the end of all ranks")
    running.communicate()
    assert "6 pending" in quotesweep(["show", file], check=True).stdout


@pytest.mark.skipif(not ALL, reason="mpirun takes its time to end; QUOTESWEEP_ALL=1")
def test_a_launch_that_is_killed_takes_its_ranks_along(quotesweep, begin, folder):
    file = folder / "tiny.h5"
    running = begin(["launch", "-n", 2, "tiny.yaml", "-o", file, "--set", "dt=1e-9"])
    wait_until(file.exists, 20, "a file")
    running.send_signal(signal.SIGKILL)
    wait_until(lambda: not processes_of(file), 20, "the end of all ranks")
    running.communicate()
    assert "6 pending" in quotesweep(["show", file], check=True).stdout


# A second run ------------------------------------------------------------------------------------

@pytest.fixture
def file(quotesweep, folder):
    """A finished file of the tiny study."""
    quotesweep(["run", "tiny.yaml", "-o", "tiny.h5"], check=True)
    return folder / "tiny.h5"


def run(quotesweep, *settings, study="tiny.yaml"):
    sets = [word for setting in settings for word in ("--set", setting)]
    return quotesweep(["run", study, "-o", "tiny.h5", *sets])


@pytest.mark.parametrize("ranks", [None, 2])
def test_a_finished_file_is_left_as_it_is(quotesweep, folder, file, ranks):
    before = file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino
    again = quotesweep(["run", "tiny.yaml", "-o", "tiny.h5"], ranks=ranks)
    assert again.returncode == COMPLETE
    assert "tiny.h5: is finished; nothing to do" in again.stderr
    assert (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino) == before


@pytest.mark.parametrize("settings, differing", [
    (["sigma=3", "seed=2"], ["market.sigma = 2 there, 3 here", "seed = 1 there, 2 here"]),
    (["paths=32"], ["paths = 96 there, 32 here"]),
    (["block=48"], ["block = 32 there, 48 here"]),
    (["sweep.gamma=[0.05, 0.1]"],
     ["sweep.strategy.gamma = [0.05, 0.1, 0.5] there, [0.05, 0.1] here"]),
    (["sweep.gamma=[0.05, 0.1, 0.5, 0.6]", "A=100"], ["fills.A = 140 there, 100 here"]),
], ids=str)
def test_another_study_is_refused_with_what_differs(quotesweep, folder, file, settings, differing):
    before = file.read_bytes()
    refused = run(quotesweep, *settings)
    assert refused.returncode == BAD_USAGE
    assert "tiny.h5: holds a different study:" in refused.stderr
    for text in differing:
        assert text in refused.stderr
    assert file.read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["short.yaml", "tiny.h5", "tiny.yaml"]


@pytest.mark.parametrize("settings", [
    ["paths=200"], ["sweep.gamma=[0.05, 0.1, 0.5, 2]"],
    ["sweep.gamma=[0.01, 0.05, 0.07, 0.1, 0.5]"], ["sweep.q_max=[3, 2, 1]", "paths=128"],
], ids=str)
@pytest.mark.parametrize("ranks", [None, 2] if ALL else [2])
def test_a_larger_study_extends_the_file(quotesweep, folder, file, settings, ranks):
    larger = make_reference(quotesweep, folder / "larger", "larger", TINY, settings)
    sets = [word for setting in settings for word in ("--set", setting)]
    extended = quotesweep(["run", "tiny.yaml", "-o", "tiny.h5", *sets], ranks=ranks)
    assert extended.returncode == COMPLETE, extended.stderr
    assert "tiny.h5: extended from 6 points x 96 paths" in extended.stderr
    assert float(re.search(r"([\d.]+) % done before", extended.stderr)[1]) > 20
    assert digest(quotesweep, file) == larger.digest


def test_a_list_of_points_can_be_extended_anywhere(quotesweep, folder):
    def study(*gammas):
        return ("study: list\nmarket: {dt: 0.1}\npaths: 96\nblock: 32\nsweep:\n"
                + "".join(f"  - {{gamma: {gamma}, k: 1.5}}\n" for gamma in gammas))
    (folder / "list.yaml").write_text(study(0.1, 0.2))
    assert run(quotesweep, study="list.yaml").returncode == COMPLETE
    (folder / "list.yaml").write_text(study(0.3, 0.2, 0.15, 0.1))
    larger = make_reference(quotesweep, folder / "larger", "list", study(0.3, 0.2, 0.15, 0.1))
    assert run(quotesweep, study="list.yaml").returncode == COMPLETE
    assert digest(quotesweep, "tiny.h5") == larger.digest


def test_an_interrupted_file_can_be_extended(quotesweep, begin, folder, short, short_study):
    running, file = begin_short(begin, folder, "alone")
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    more = [f"paths={short.paths + 10240}"]
    extended = quotesweep(["run", "short.yaml", "-o", file, "--set", *more])
    assert extended.returncode == COMPLETE, extended.stderr
    larger = make_reference(quotesweep, folder / "larger", "short", short_study, more)
    assert digest(quotesweep, file) == larger.digest


def test_a_second_writer_is_told_who_the_first_is(quotesweep, begin, folder, short):
    running, file = begin_short(begin, folder, "alone")
    for more in ([], ["--fresh"], ["--set", "paths=1e8"]):
        refused = quotesweep(["run", "short.yaml", "-o", file, *more])
        assert refused.returncode == BAD_USAGE
        assert (f"another writer holds this file: process {running.pid} on {os.uname().nodename}"
                in refused.stderr)
    assert running.communicate(timeout=120) and running.returncode == COMPLETE
    assert digest(quotesweep, file) == short.digest
