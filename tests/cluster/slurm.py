"""A real Slurm on the hosts of a sandbox: munge, a controller and a daemon per host."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

from sandbox import Sandbox

DAEMONS = ("munged", "slurmctld", "slurmd", "sbatch")
RUNNABLE = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "REQUEUED", "SUSPENDED"}

CONFIGURATION = """
ClusterName=sandbox
SlurmctldHost=login(10.77.0.100)
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmctldPidFile=/run/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile=/run/local/slurmd.pid
SlurmdSpoolDir=/run/local/spool
SlurmdLogFile={folder}/%n.log
SlurmdParameters=config_overrides
AuthType=auth/munge
CredType=cred/munge
# How long a requeued job waits, beside the scheduler's interval.
AuthInfo=socket=/run/munge.socket,cred_expire=5
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=pmix
SwitchType=switch/none
MailProg=/bin/true
ReturnToService=2
SlurmdTimeout=30
KillWait=10
OverTimeLimit=0
NodeName={nodes} CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


def missing() -> list[str]:
    """Slurm's programs that this machine lacks."""
    return [daemon for daemon in DAEMONS if shutil.which(daemon, path=search_path()) is None]


def search_path() -> str:
    return f"{os.environ['PATH']}:/usr/sbin"


class Slurm:
    """Runs on all `hosts` of the sandbox; state and logs are below `folder`."""

    def __init__(self, sandbox: Sandbox, hosts: list[str], folder: Path):
        self._sandbox = sandbox
        self._environment = {"SLURM_CONF": str(folder / "slurm.conf")}
        (folder / "state").mkdir()
        (folder / "slurm.conf").write_text(
            CONFIGURATION.format(folder=folder, nodes=",".join(hosts)))
        (folder / "mpi.conf").write_text("PMIxCliTmpDirBase=/run/local\n")
        (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        (folder / "munge.key").write_bytes(os.urandom(1024))
        (folder / "munge.key").chmod(0o400)
        self._daemon(["munged", "--socket=/run/munge.socket", "--pid-file=/run/munged.pid",
                      "--seed-file=/run/munged.seed", f"--key-file={folder}/munge.key",
                      f"--log-file={folder}/munged.log", "--force"])
        self._daemon(["slurmctld"])
        for host in hosts:
            self._daemon(["slurmd", "-N", host], host)
        self._wait_for_nodes(len(hosts))

    def run(self, arguments: list, check: bool = True, timeout: float = 60, cwd=None,
            environment: dict[str, str] | None = None) -> str:
        """What a command printed, run on the login host with Slurm's configuration."""
        return self._sandbox.run(arguments, cwd=cwd, check=check, timeout=timeout,
                                 environment=self._environment | (environment or {})).stdout

    def submit(self, arguments: list, **options) -> str:
        """The number of a new job."""
        return self.run(["sbatch", "--parsable", *arguments], **options).strip()

    def states(self, job: str) -> list[str]:
        """The state of a job, or of every task of an array."""
        return re.findall(r"JobState=(\S+)", self._shown(job))

    def restarts(self, job: str) -> int:
        """How often a job, or the tasks of an array, were requeued."""
        return sum(map(int, re.findall(r"Restarts=(\d+)", self._shown(job))))

    def _shown(self, job: str) -> str:
        return self.run(["scontrol", "--oneliner", "show", "job", job])

    def wait(self, job: str, timeout: float) -> list[str]:
        """The states of a job's tasks once none of them can run any more."""
        deadline = time.monotonic() + timeout
        while RUNNABLE.intersection(states := self.states(job)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"job {job} is {states} after {timeout} s\n{self._shown(job)}")
            time.sleep(0.5)
        return states

    def _daemon(self, arguments: list, host: str | None = None) -> None:
        self._sandbox.run(arguments, host,
                          environment=self._environment | {"PATH": f"/run/bin:{search_path()}"})

    def _wait_for_nodes(self, number: int) -> None:
        deadline = time.monotonic() + 30
        while self.run(["sinfo", "--noheader", "--Node", "--format=%T"]).split() != ["idle"] * number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"Slurm's nodes are not up:\n{self.run(['sinfo', '--long', '-N'])}")
            time.sleep(0.2)
