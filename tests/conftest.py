"""What Python tests share: the program under test."""

import os
import subprocess

import pytest

from program import MPI_ENVIRONMENT, PROGRAM


@pytest.fixture(scope="session")
def quotesweep():
    """A function run(arguments, ranks=None, **options) -> CompletedProcess, with text output."""
    if not PROGRAM.exists():
        pytest.exit(f"{PROGRAM} is missing; build it first (./check does)", returncode=2)

    def run(arguments, ranks=None, **options):
        command = [str(PROGRAM), *map(str, arguments)]
        if ranks is not None:
            command = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none", *command]
        options = {"capture_output": True, "text": True, "timeout": 300, "env": os.environ} | options
        options["env"] = options["env"] | MPI_ENVIRONMENT
        return subprocess.run(command, **options)

    run.program = PROGRAM
    return run


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true",
                     help="write the digests of tests/regression, or the output that the pages "
                          "of tests/test_docs.py show, instead of comparing them")
