"""What tests of replays share: a folder with a tape and a study of it."""

from __future__ import annotations

import os

import pytest

os.environ["HDF5_USE_FILE_LOCKING"] = "FALSE"  # before any test module loads HDF5

from replay_studies import STUDY, write_tape  # noqa: E402


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a tape and a study."""
    monkeypatch.chdir(tmp_path)
    write_tape("tape.h5")
    (tmp_path / "study.yaml").write_text(STUDY)
    return tmp_path


@pytest.fixture
def digest_of(quotesweep, folder):
    """digest_of(output, *arguments, ranks=None): runs the study and gives the digest."""

    def run(output, *arguments, ranks=None, study="study.yaml"):
        quotesweep(["run", study, "-o", output, *arguments], ranks, check=True)
        return quotesweep(["digest", output], check=True).stdout

    return run
