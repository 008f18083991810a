"""All ranks have to read the same tape."""

import os
import subprocess

from program import MPI_ENVIRONMENT, PROGRAM
from replay_studies import COMPLETE, INTERRUPTED, STUDY, write_tape


def run_apart(first, second):
    """One rank in each folder, under one mpirun."""
    def rank(folder):
        return ["-n", "1", "--wdir", str(folder), str(PROGRAM), "run", "study.yaml"]

    command = ["mpirun", "--oversubscribe", "--bind-to", "none", *rank(first), ":", *rank(second)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60,
                          env=os.environ | MPI_ENVIRONMENT)


def test_a_rank_that_finds_another_tape_does_not_take_part(tmp_path, quotesweep):
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
        (folder / "study.yaml").write_text(STUDY)
    write_tape(folders[0] / "tape.h5")
    write_tape(folders[1] / "tape.h5", seed=2)
    ran = run_apart(*folders)
    assert ran.returncode == INTERRUPTED
    assert "rank 1: tape.h5 is not the tape that rank 0 reads; give all hosts" in ran.stderr
    write_tape(folders[1] / "tape.h5")
    assert run_apart(*folders).returncode == COMPLETE
    alone = quotesweep(["run", "study.yaml", "-o", "alone.h5"], cwd=folders[0], check=True)
    digests = {quotesweep(["digest", folders[0] / name], check=True).stdout
               for name in ("small.h5", "alone.h5")}
    assert alone.returncode == COMPLETE and len(digests) == 1
