"""A complete market maker is as reproducible as bare quotes: ranks, threads, shards, kill, resume."""

import time
from pathlib import Path

import pytest
from processes import wait_until
from sweeps import COMPLETE, INTERRUPTED, digest, open_file

STUDY = Path(__file__).parents[1] / "regression" / "complete_market_maker" / "study.yaml"
SIZE = ["--set", "paths=60000", "--set", "block=2000"]


@pytest.fixture(scope="module")
def expected(quotesweep, tmp_path_factory):
    """The digest of one uninterrupted run."""
    file = tmp_path_factory.mktemp("complete") / "whole.h5"
    quotesweep(["run", STUDY, "-o", file, *SIZE], check=True)
    with open_file(file) as results:
        assert abs(results["pnl_pair"][...]).max() > 0 and results["stops"][...].max() > 0
    return digest(quotesweep, file)


@pytest.mark.parametrize("ranks, threads", [(None, 1), (3, 2)])
def test_ranks_and_threads_change_no_bit(quotesweep, folder, expected, ranks, threads):
    quotesweep(["run", STUDY, "-o", "out.h5", "--threads", threads, "--tile-points", 3, *SIZE],
               ranks, check=True)
    assert digest(quotesweep, "out.h5") == expected


def test_a_killed_sweep_goes_on_to_the_same_bits(quotesweep, begin, folder, expected):
    file = folder / "out.h5"
    running = begin(["run", STUDY, "-o", file, "--threads", 1, "--sync-interval", 0.05, *SIZE])
    wait_until(file.exists, 20, "a file")
    time.sleep(0.3)
    running.kill()
    running.communicate()
    assert quotesweep(["status", file]).returncode == INTERRUPTED
    resumed = quotesweep(["run", STUDY, "-o", file, *SIZE])
    assert resumed.returncode == COMPLETE, resumed.stderr
    assert digest(quotesweep, file) == expected


def test_shards_join_to_the_same_bits(quotesweep, folder, expected):
    for shard in range(2):
        quotesweep(["run", STUDY, "-o", f"{shard}.h5", "--shard", f"{shard}/2", *SIZE], check=True)
    quotesweep(["merge", "-o", "out.h5", "0.h5", "1.h5"], check=True)
    assert digest(quotesweep, "out.h5") == expected
