"""What `cmake --install` puts where, and that it works there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from program import ROOT

LAUNCHERS = ["quotesweep-import", "quotesweep-calibrate"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of an installation of what was built."""
    prefix = tmp_path_factory.mktemp("prefix")
    subprocess.run(["cmake", "--install", ROOT / "build", "--prefix", prefix], check=True,
                   capture_output=True)
    return prefix


def run(program, *arguments, first_on_path):
    environment = os.environ | {"PATH": f"{first_on_path}:{os.environ['PATH']}"}
    return subprocess.run([program, *arguments], env=environment, text=True, capture_output=True)


@pytest.mark.parametrize("name", ["quotesweep", *LAUNCHERS])
def test_programs_run_where_they_were_installed(installed, name):
    done = run(installed / "bin" / name, "--help", first_on_path=Path(sys.executable).parent)
    assert done.returncode == 0, done.stderr
    assert name in done.stdout and "xamples:" in done.stdout


@pytest.mark.parametrize("name", LAUNCHERS)
def test_a_launcher_without_an_environment_says_what_to_do(installed, tmp_path, name):
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    done = run(installed / "bin" / name, "--help", first_on_path=tmp_path)
    share = installed / "share" / "quotesweep"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name}: {share}/.venv is missing ({share}/quickstart makes it)")
    assert "and python3 has no " in done.stderr


def test_the_python_side_is_installed_whole(installed):
    def names(folder):  # running the tools leaves caches
        return {path.name for path in folder.iterdir()} - {"__pycache__"}

    share = installed / "share" / "quotesweep"
    for folder in ("analysis", "calibration", "sweeps", "tapes"):
        assert names(share / folder) == names(ROOT / folder)
