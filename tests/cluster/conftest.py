"""Hosts, Slurm and sweeps for the tests in this folder; those that a machine cannot run say so."""

from __future__ import annotations

import os
import re
import resource
import time
from pathlib import Path

import pytest

import sandbox
import slurm
from program import ROOT

STUDY = """\
study: cluster
market: {dt: 0.005}
sweep:
  gamma: {log: [0.01, 1], points: 8}
  k:     [1.0, 1.5, 2.0]
  q_max: [1, 3]
paths: %d
seed: 7
"""


def pytest_collection_modifyitems(config, items):
    """Leaves the long tests out unless QUOTESWEEP_ALL is set, as `./check --all` does."""
    if "QUOTESWEEP_ALL" in os.environ:
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


class Sweep:
    """A study in a folder that looks like the top of the repository to the scripts in cluster/."""

    study = "study.yaml"
    output = "results/out.h5"
    _undisturbed: dict[str, str] = {}  # digests by study

    def __init__(self, quotesweep, folder: Path, paths: int):
        (folder / "build").mkdir(parents=True)
        (folder / "build" / "quotesweep").symlink_to(quotesweep.program.resolve())
        (folder / "cluster").symlink_to(ROOT / "cluster")
        (folder / self.study).write_text(STUDY % paths)
        self.folder = folder
        self._run = quotesweep

    def log(self, job: str = "") -> str:
        """What jobs have printed."""
        logs = sorted(path for path in self.folder.glob("*.log") if job in path.name)
        return "\n".join(f"{path.name}:\n{path.read_text()}" for path in logs)

    def status(self) -> str:
        return self._run(["status", self.folder / self.output]).stdout

    def share(self) -> float:
        """How much is done [%]."""
        found = re.search(r"^paths +([0-9.]+) %", self.status(), re.M)
        return float(found[1]) if found else 0.0

    def wait_for(self, percent: float, timeout: float = 300) -> None:
        """Until that much is done."""
        deadline = time.monotonic() + timeout
        while self.share() < percent:
            assert time.monotonic() < deadline, f"{self.status()}\n{self.log()}"
            time.sleep(0.2)

    def digest(self) -> str:
        return self._digest(self.output)

    def undisturbed_digest(self) -> str:
        """Of the same study, run at once on this machine; once for all tests."""
        study = (self.folder / self.study).read_text()
        if study not in self._undisturbed:
            self._run(["run", self.folder / self.study, "-o", self.folder / "undisturbed.h5"],
                      check=True, timeout=3600)
            self._undisturbed[study] = self._digest("undisturbed.h5")
        return self._undisturbed[study]

    def _digest(self, file: str) -> str:
        return self._run(["digest", self.folder / file], check=True).stdout.strip()


@pytest.fixture(scope="session")
def speed(quotesweep, tmp_path_factory) -> float:
    """Paths of STUDY per second of a processor, however busy the machine is."""
    folder = tmp_path_factory.mktemp("speed")
    paths = 100_000
    (folder / "study.yaml").write_text(STUDY % paths)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    quotesweep(["run", folder / "study.yaml", "-o", folder / "out.h5", "--threads", 1], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return paths / (after.ru_utime - before.ru_utime)


@pytest.fixture
def make_sweep(quotesweep, speed, tmp_path):
    """A function make_sweep(seconds) -> Sweep, which keeps one processor busy for so long."""
    return lambda seconds: Sweep(quotesweep, tmp_path / "top", round(seconds * speed))


@pytest.fixture(scope="session")
def namespaces():
    """Skips where there can be no hosts."""
    if lacks := sandbox.missing():
        pytest.skip(f"hosts in network namespaces need what is missing here: {', '.join(lacks)}")


@pytest.fixture
def hosts(namespaces):
    """A Sandbox with three hosts."""
    box = sandbox.Sandbox(sandbox.HOSTS)
    yield box
    box.close()


@pytest.fixture
def batch(hosts, tmp_path):
    """A Slurm on these hosts."""
    if lacks := slurm.missing():
        pytest.skip(f"Slurm is missing here ({', '.join(lacks)}): apt-get install slurm-wlm munge")
    folder = tmp_path / "slurm"
    folder.mkdir()
    return slurm.Slurm(hosts, sandbox.HOSTS, folder)
