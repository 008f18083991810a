"""What Python tests share: the program under test."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("QUOTESWEEP", ROOT / "build" / "quotesweep"))
MPI_ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


@pytest.fixture(scope="session")
def quotesweep():
    """A function run(arguments, ranks=None, **options) -> CompletedProcess, with text output."""
    if not PROGRAM.exists():
        pytest.exit(f"{PROGRAM} is missing; build it first (./check does)", returncode=2)

    def run(arguments, ranks=None, **options):
        command = [str(PROGRAM), *map(str, arguments)]
        if ranks is not None:
            command = ["mpirun", "-n", str(ranks), "--oversubscribe", "--bind-to", "none", *command]
        options = {"capture_output": True, "text": True, "timeout": 300} | options
        return subprocess.run(command, env=os.environ | MPI_ENVIRONMENT, **options)

    run.program = PROGRAM
    return run


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true",
                     help="write the digests of tests/regression instead of comparing them")
