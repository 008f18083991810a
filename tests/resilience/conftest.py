"""What the tests of kills, stops and full disks share."""

from pathlib import Path

import pytest
from processes import end_all, start
from sweeps import SHORT, TINY, build_library, make_reference, paths_for


@pytest.fixture(scope="session")
def short_study(quotesweep, tmp_path_factory):
    """A study that takes one core some seconds."""
    return SHORT.format(paths=paths_for(quotesweep, tmp_path_factory.mktemp("trial"), seconds=3))


@pytest.fixture
def folder(tmp_path, monkeypatch, short_study):
    """An empty working directory; nothing that runs on a file in it outlives the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TINY)
    (tmp_path / "short.yaml").write_text(short_study)
    yield tmp_path
    end_all(tmp_path)


@pytest.fixture
def begin(quotesweep):
    """Starts the program and does not wait."""
    return lambda arguments, ranks=None, **options: start(quotesweep.program, arguments, ranks,
                                                          **options)


@pytest.fixture(scope="session")
def tiny(quotesweep, tmp_path_factory):
    """An uninterrupted run of the tiny study."""
    return make_reference(quotesweep, tmp_path_factory.mktemp("tiny"), "tiny", TINY)


@pytest.fixture(scope="session")
def short(quotesweep, tmp_path_factory, short_study):
    """An uninterrupted run of the short study."""
    return make_reference(quotesweep, tmp_path_factory.mktemp("short"), "short", short_study)


@pytest.fixture(scope="session")
def crash_shim(tmp_path_factory):
    """A library that kills a writer before a chosen call; see crash_shim.c."""
    return build_library(Path(__file__).parent / "crash_shim.c",
                         tmp_path_factory.mktemp("shim") / "crash_shim.so")
