"""What tests of the importer share: a folder to work in, and quotesweep-import itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ["HDF5_USE_FILE_LOCKING"] = "FALSE"  # before any test module loads HDF5

from tapes import importer  # noqa: E402
from tapes.tape import Tape, read_tape  # noqa: E402


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def make(here, capsys):
    """make(*arguments) -> Tape: quotesweep-import, which must succeed.

    make.report and make.summary are what it printed on standard error and output.
    """

    def run(*arguments: object, output: str = "tape.h5") -> Tape:
        status = importer.main(["-o", output, "--fresh", *map(str, arguments)])
        printed = capsys.readouterr()
        assert status == 0, printed.err
        assert printed.out.count("\n") == 1 and printed.out.startswith(f"{output}: ")
        run.report, run.summary = printed.err, printed.out
        return read_tape(output)

    return run


@pytest.fixture
def refuse(here, capsys):
    """refuse(*arguments) -> str: quotesweep-import must refuse with one line and leave no file."""

    def run(*arguments: object) -> str:
        before = sorted(here.rglob("*"))
        status = importer.main(["-o", "tape.h5", *map(str, arguments)])
        printed = capsys.readouterr()
        assert status == 2 and printed.out == ""
        assert printed.err.count("\n") == 1 and printed.err.startswith("quotesweep-import: ")
        assert sorted(here.rglob("*")) == before
        return printed.err[len("quotesweep-import: "):].rstrip()

    return run
