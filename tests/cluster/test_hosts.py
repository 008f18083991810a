"""cluster/hosts.sh on three hosts of their own network, of which some are lost on the way."""

import subprocess
import time

import pytest

from sandbox import HOSTS

COMPLETE, INTERRUPTED = 0, 3
FINISHED = 600  # [s], however busy the machine is
SOON = 60  # [s], in which a sweep that cannot finish ends


class Run:
    """cluster/hosts.sh on some hosts, called from the first."""

    def __init__(self, sandbox, sweep, hosts, *options):
        self._log = (sweep.folder / "run.log").open("a")
        self._process = sandbox.start(
            ["cluster/hosts.sh", sweep.study, sweep.output, *options], hosts[0], sweep.folder,
            {"HOSTS": " ".join(hosts), "RANKS_PER_HOST": "1"},
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)

    def wait(self, timeout):
        status = self._process.wait(timeout)
        self._log.close()
        return status


def ranks(sandbox):
    return [pid for pid, environment in sandbox.processes().items() if "PMIX_RANK" in environment]


def wait_for_no_ranks(sandbox):
    deadline = time.monotonic() + SOON
    while left := ranks(sandbox):
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.5)


def test_a_sweep_finishes_without_a_rank_that_was_killed_on_another_host(hosts, make_sweep):
    sweep = make_sweep(seconds=9)
    run = Run(hosts, sweep, HOSTS, "--worker-timeout", "3")
    sweep.wait_for(percent=10)
    hosts.kill_rank(2)
    assert run.wait(FINISHED) == COMPLETE, sweep.log()
    wait_for_no_ranks(hosts)
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_sweep_finishes_without_a_host_whose_link_was_cut(hosts, make_sweep):
    sweep = make_sweep(seconds=60)
    run = Run(hosts, sweep, HOSTS)
    sweep.wait_for(percent=10)
    hosts.cut("host3")
    assert run.wait(FINISHED) == COMPLETE, sweep.log()
    wait_for_no_ranks(hosts)
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_sweep_finishes_when_a_link_was_cut_for_a_while(hosts, make_sweep):
    sweep = make_sweep(seconds=120)
    run = Run(hosts, sweep, HOSTS)
    sweep.wait_for(percent=10)
    hosts.cut("host2")
    time.sleep(20)
    hosts.mend("host2")
    assert run.wait(FINISHED) == COMPLETE, sweep.log()
    wait_for_no_ranks(hosts)
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_coordinator_that_is_cut_off_finishes_alone(hosts, make_sweep):
    sweep = make_sweep(seconds=60)
    run = Run(hosts, sweep, HOSTS)
    sweep.wait_for(percent=10)
    hosts.cut("host1")
    assert run.wait(FINISHED) == COMPLETE, sweep.log()
    wait_for_no_ranks(hosts)
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_sweep_whose_coordinator_was_killed_ends_soon_and_resumes_elsewhere(hosts, make_sweep):
    sweep = make_sweep(seconds=60)
    run = Run(hosts, sweep, HOSTS)
    sweep.wait_for(percent=10)
    hosts.kill_rank(0)
    assert run.wait(SOON) == INTERRUPTED, sweep.log()
    wait_for_no_ranks(hosts)
    assert sweep.share() >= 10
    assert Run(hosts, sweep, HOSTS[1:]).wait(FINISHED) == COMPLETE, sweep.log()
    assert "done before" in sweep.log()
    assert sweep.digest() == sweep.undisturbed_digest()


@pytest.mark.long
def test_a_sweep_whose_first_host_is_gone_resumes_elsewhere(hosts, make_sweep):
    sweep = make_sweep(seconds=60)
    gone = Run(hosts, sweep, HOSTS)
    sweep.wait_for(percent=10)
    hosts.cut("host1")
    hosts.halt("host1")
    assert gone.wait(SOON) != COMPLETE, sweep.log()
    wait_for_no_ranks(hosts)
    assert Run(hosts, sweep, HOSTS[1:]).wait(FINISHED) == COMPLETE, sweep.log()
    assert sweep.digest() == sweep.undisturbed_digest()
