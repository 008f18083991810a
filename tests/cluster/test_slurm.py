"""The batch scripts of cluster/ under a real Slurm."""

import re

import pytest

LIMIT = 60  # [s], the shortest that Slurm knows
SHORT = ["--time=1", "--signal=B:USR1@10"]


def submit(batch, sweep, *options, script="slurm.sh"):
    return batch.submit([*options, f"cluster/{script}", sweep.study, sweep.output], cwd=sweep.folder)


def test_a_job_whose_time_is_nearly_up_requeues_itself_and_finishes(batch, make_sweep):
    sweep = make_sweep(seconds=9)
    job = submit(batch, sweep, "--nodes=2", "--ntasks-per-node=1")
    sweep.wait_for(percent=10)
    batch.run(["scancel", "--batch", "--signal=USR1", job])
    assert batch.wait(job, timeout=300) == ["COMPLETED"], sweep.log()
    assert batch.restarts(job) == 1, sweep.log()
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_sweep_three_times_longer_than_its_time_limit_finishes_through_requeues(batch, make_sweep):
    sweep = make_sweep(seconds=3.3 * LIMIT)
    job = submit(batch, sweep, *SHORT, "--ntasks-per-node=1")
    assert batch.wait(job, timeout=3000) == ["COMPLETED"], sweep.log()
    assert batch.restarts(job) >= 3, sweep.log()
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_ranks_started_by_srun_requeue_and_finish_too(batch, make_sweep):
    sweep = make_sweep(seconds=LIMIT)
    job = submit(batch, sweep, *SHORT, "--nodes=2", "--ntasks-per-node=1", script="slurm_srun.sh")
    assert batch.wait(job, timeout=1500) == ["COMPLETED"], sweep.log()
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_four_shards_in_an_array_that_requeue_give_the_same_results_when_merged(batch, make_sweep):
    sweep = make_sweep(seconds=4 * LIMIT)
    said = batch.run(["cluster/slurm_array.sh", sweep.study, sweep.output], cwd=sweep.folder,
                     environment={"SBATCH_TIMELIMIT": "1", "SBATCH_SIGNAL": "B:USR1@10"})
    array, merge = re.findall(r"job (\d+)", said)
    assert batch.wait(merge, timeout=3000) == ["COMPLETED"], sweep.log()
    assert batch.wait(array, timeout=1) == ["COMPLETED"] * 4, sweep.log()
    assert batch.restarts(array) >= 1, sweep.log()
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_cancelled_job_stays_so_and_goes_on_when_it_is_submitted_again(batch, make_sweep):
    sweep = make_sweep(seconds=30)
    job = submit(batch, sweep, "--nodes=2", "--ntasks-per-node=1")
    sweep.wait_for(percent=10)
    batch.run(["scancel", job])
    assert batch.wait(job, timeout=60) == ["CANCELLED"], sweep.log()
    done = sweep.share()
    assert 10 <= done < 100
    again = submit(batch, sweep)
    assert batch.wait(again, timeout=600) == ["COMPLETED"], sweep.log()
    assert "done before" in sweep.log(again)
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_job_whose_rank_dies_under_srun_goes_on_from_the_queue(batch, hosts, make_sweep):
    sweep = make_sweep(seconds=30)
    job = submit(batch, sweep, "--nodes=2", "--ntasks-per-node=1", script="slurm_srun.sh")
    sweep.wait_for(percent=10)
    hosts.kill_rank(1)
    assert batch.wait(job, timeout=600) == ["COMPLETED"], sweep.log()
    assert batch.restarts(job) == 1, sweep.log()
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_job_that_only_makes_its_file_is_requeued_once_and_no_further(batch, make_sweep):
    sweep = make_sweep(seconds=30)
    job = batch.submit(["cluster/slurm.sh", sweep.study, sweep.output, "--max-time", "0.001s"],
                       cwd=sweep.folder)
    assert batch.wait(job, timeout=120) == ["FAILED"], sweep.log()
    assert batch.restarts(job) == 1, sweep.log()
    assert "got no further" in sweep.log()
