"""Shards, and joining them."""

import signal
import time

import pytest
from processes import wait_until
from sweeps import ALL, BAD_USAGE, COMPLETE, INTERRUPTED, digest


def run_shards(quotesweep, count, which=None, *more):
    """Runs shards of the tiny study and gives their files."""
    files = []
    for index in which if which is not None else range(count):
        files.append(f"part-{index}-of-{count}.h5")
        quotesweep(["run", "tiny.yaml", "--shard", f"{index}/{count}", "-o", files[-1], *more],
                   check=True)
    return files


def merge(quotesweep, files, *more):
    return quotesweep(["merge", *files, "-o", "all.h5", *more])


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6] if ALL else [1, 5, 6])
def test_joined_shards_are_the_whole(quotesweep, folder, tiny, count):
    files = run_shards(quotesweep, count)
    merged = merge(quotesweep, reversed(files))
    assert merged.returncode == COMPLETE, merged.stderr
    assert "6 of 6 points complete" in merged.stderr
    assert digest(quotesweep, "all.h5") == tiny.digest
    again = quotesweep(["run", "tiny.yaml", "-o", "all.h5"])
    assert again.returncode == COMPLETE and "nothing to do" in again.stderr


def test_some_shards_leave_the_rest_to_be_run(quotesweep, folder, tiny):
    merged = merge(quotesweep, run_shards(quotesweep, 5, [3, 0]))
    assert merged.returncode == INTERRUPTED
    assert "2 of 5 shards: 3 of 6 points complete" in merged.stderr
    assert "3 pending 3 complete" in quotesweep(["status", "all.h5"]).stdout
    assert tiny.complete_points("all.h5") == 3
    assert quotesweep(["run", "tiny.yaml", "-o", "all.h5"]).returncode == COMPLETE
    assert digest(quotesweep, "all.h5") == tiny.digest


def test_shards_of_another_study_twice_or_of_another_number_are_refused(quotesweep, folder):
    first, second = run_shards(quotesweep, 2)
    [other] = run_shards(quotesweep, 3, [1])
    quotesweep(["run", "tiny.yaml", "--shard", "1/2", "-o", "seed.h5", "--set", "seed=2"],
               check=True)
    for files, why in (([first, first], "shard 0/2 is there twice"),
                       ([first, other], "is shard 1/3, but part-0-of-2.h5 is of 2 shards"),
                       ([first, "seed.h5"], "is of another study than the first file"),
                       ([first, "missing.h5"], "missing.h5: no such file"),
                       ([first, "tiny.yaml"], "tiny.yaml: cannot be read as HDF5")):
        refused = merge(quotesweep, files)
        assert refused.returncode == BAD_USAGE
        assert why in refused.stderr
        assert not (folder / "all.h5").exists()
    assert merge(quotesweep, [first, second]).returncode == COMPLETE
    assert "exists already" in merge(quotesweep, [first]).stderr
    assert merge(quotesweep, [first], "--fresh").returncode == INTERRUPTED


@pytest.mark.parametrize("shard", ["2/2", "7/8", "0/0", "-1/2", "1", "1/2/3", "a/b"])
def test_a_shard_that_cannot_be_is_refused(quotesweep, folder, shard):
    refused = quotesweep(["run", "tiny.yaml", f"--shard={shard}", "-o", "part.h5"])
    assert refused.returncode == BAD_USAGE
    assert shard in refused.stderr
    assert not (folder / "part.h5").exists()


def test_a_shard_is_not_continued_as_another_or_as_the_whole(quotesweep, folder):
    [file] = run_shards(quotesweep, 2, [0])
    for arguments in (["--shard", "1/2"], ["--shard", "0/3"], []):
        refused = quotesweep(["run", "tiny.yaml", "-o", file, *arguments])
        assert refused.returncode == BAD_USAGE
        mine = arguments[-1] if arguments else "0/1"
        assert f"{file}: is shard 0/2 of its study (this is shard {mine})" in refused.stderr


@pytest.mark.parametrize("ranks", [None, 2] if ALL else [2])
def test_killed_shards_go_on_and_join_to_the_whole(quotesweep, begin, folder, short, ranks):
    files = [folder / f"part-{index}.h5" for index in range(2)]
    for index, file in enumerate(files):
        arguments = ["run", "short.yaml", "--shard", f"{index}/2", "-o", file]
        running = begin([*arguments, "--threads", 1, "--sync-interval", 0])
        wait_until(file.exists, 20, "a file")
        time.sleep(0.3)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert quotesweep(["status", file]).returncode == INTERRUPTED
        assert quotesweep(arguments, ranks=ranks).returncode == COMPLETE
    assert merge(quotesweep, files).returncode == COMPLETE
    assert digest(quotesweep, "all.h5") == short.digest


def test_a_joined_shard_can_be_extended(quotesweep, folder, tiny):
    files = run_shards(quotesweep, 2, None, "--set", "paths=32")
    for index, file in enumerate(files):
        extended = quotesweep(["run", "tiny.yaml", "--shard", f"{index}/2", "-o", file])
        assert extended.returncode == COMPLETE, extended.stderr
        assert "extended from 3 points x 32 paths" in extended.stderr
    assert merge(quotesweep, files).returncode == COMPLETE
    assert digest(quotesweep, "all.h5") == tiny.digest
