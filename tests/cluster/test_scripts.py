"""The scripts of cluster/ where they can be tried without a batch system."""

import os
import shutil
import subprocess

import pytest

from program import ROOT

# As qsub would: the job starts in the home folder, and learns where it was submitted.
QSUB = """\
#!/bin/bash
# qsub -v NAME=VALUE,... SCRIPT
echo "$@" >> qsub.log
IFS=, read -ra settings <<< "$2"
cd / && exec env PBS_O_WORKDIR="$OLDPWD" "${settings[@]}" "$OLDPWD/$3"
"""


@pytest.fixture
def pbs(tmp_path):
    """The environment of a PBS job with two ranks, whose `qsub` runs a job at once."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "qsub").write_text(QSUB)
    (tmp_path / "bin" / "qsub").chmod(0o755)
    (tmp_path / "nodes").write_text("localhost\n" * 2)
    return os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
                         "PBS_NODEFILE": str(tmp_path / "nodes")}


def qsub(sweep, environment, max_time):
    settings = f"study={sweep.study},output={sweep.output},max_time={max_time}"
    return subprocess.run(["qsub", "-v", settings, "cluster/pbs.sh"], cwd=sweep.folder, text=True,
                          env=environment, capture_output=True, timeout=600)


def submissions(sweep):
    return len((sweep.folder / "qsub.log").read_text().splitlines())


def test_a_pbs_job_submits_itself_again_until_the_sweep_is_finished(pbs, make_sweep):
    sweep = make_sweep(seconds=6)
    done = qsub(sweep, pbs, "2s")
    assert done.returncode == 0, done
    assert submissions(sweep) > 1
    assert sweep.digest() == sweep.undisturbed_digest()


def test_a_pbs_job_that_only_makes_its_file_is_submitted_once_more_and_no_further(pbs, make_sweep):
    sweep = make_sweep(seconds=8)
    done = qsub(sweep, pbs, "0.001s")
    assert done.returncode == 3, done
    assert submissions(sweep) == 2


def test_the_scripts_are_clean_for_shellcheck():
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is missing: apt-get install shellcheck")
    scripts = sorted((ROOT / "cluster").glob("*.sh"))
    done = subprocess.run(["shellcheck", "-x", *scripts], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
