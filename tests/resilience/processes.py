"""Sweeps as processes: starting them, finding their ranks, and leaving none behind."""

import os
import signal
import subprocess
import time
from pathlib import Path

ENVIRONMENT = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def start(program, arguments, ranks=None, **options):
    """Starts the program, under mpirun where `ranks` are given."""
    command = [str(program), *map(str, arguments)]
    if ranks is not None:
        command = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none", *command]
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True,
               "env": ENVIRONMENT} | options
    return subprocess.Popen(command, **options)


def wait_until(condition, seconds, what):
    """Waits for a condition and returns what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


def read_process(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def processes_of(path):
    """Ids of the processes that have a path on their command line, mpirun among them."""
    return [int(entry.name) for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and any(str(path) in word
                                            for word in read_process(entry.name, "cmdline"))]


def ranks_of(path):
    """The ranks that write a results file: process ids by rank."""
    ranks = {}
    for pid in processes_of(path):
        for variable in read_process(pid, "environ"):
            if variable.startswith("OMPI_COMM_WORLD_RANK="):
                ranks[int(variable.partition("=")[2])] = pid
    return ranks


def end_all(path):
    """Ends whatever a test has left that has this path on its command line."""
    for pid in processes_of(path):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
