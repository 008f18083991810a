"""A machine inside this one, with several hosts: processes, mounts, names and networks of its own.

Everything lives in namespaces below one process, which dies with the test: nothing stays behind.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

TOOLS = ("unshare", "nsenter", "setpriv", "mount", "ip")
PROCESSES = Path("/proc")
HOSTS = ["host1", "host2", "host3"]

# The first process of its namespace has to reap what the others leave behind, as this one does.
INIT = ["bash", "-c", "sleep infinity & echo up; wait"]

# A host is a process with a network, a name and mounts of its own; /run/local is its alone, the rest
# of the file system is shared. `ssh` enters a host, which is all that mpirun wants of it.
SETUP = r"""
ip link set lo up
mount -t tmpfs -o mode=755 none /run
mkdir /run/hosts /run/netns /run/local /run/bin
cat > /run/bin/on-host << 'END'
#!/bin/bash
host=$1
shift
exec nsenter --target=1 --mount nsenter --target="$(cat "/run/hosts/$host")" \
  --mount --uts --net "$@"
END
cat > /run/bin/ssh << 'END'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
host=$1
shift
exec on-host "$host" bash -c "$*"
END
chmod +x /run/bin/*
ip link add switch type bridge
ip address add 10.77.0.100/24 dev switch
ip link set switch up
printf '%s\n' '127.0.0.1 localhost' '10.77.0.100 login' > /run/names
mount --bind /run/names /etc/hosts
number=0
for host in "$@"; do
  number=$((number + 1))
  echo "10.77.0.$number $host" >> /run/names
  ip netns add "$host"
  ip link add "to-$host" type veth peer name eth0 netns "$host"
  ip link set "to-$host" master switch up
  ip -n "$host" address add "10.77.0.$number/24" dev eth0
  ip -n "$host" link set eth0 up
  ip -n "$host" link set lo up
  ip netns exec "$host" unshare --mount --uts bash -euc '
    hostname "$0"
    mount -t tmpfs none /run/local
    echo $$ > "/run/hosts/$0"
    exec sleep infinity > /dev/null 2>&1' "$host" &
done
for host in "$@"; do
  until [ -s "/run/hosts/$host" ]; do kill -0 %% && sleep 0.01; done
done
"""


def missing() -> list[str]:
    """What this machine lacks for a sandbox."""
    lacks = [tool for tool in TOOLS if shutil.which(tool) is None]
    if os.geteuid() != 0:
        lacks.append("root")
    if lacks:
        return lacks
    try:
        Sandbox(["host1"]).close()
    except (OSError, RuntimeError, IndexError) as error:
        return [f"namespaces: {error}"]
    return []


class Sandbox:
    """Has the given hosts, and a host `login` where commands run by default."""

    def __init__(self, hosts: list[str]):
        self._unshare = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--uts", "--ipc", "--net",
             "--pid", "--fork", "--kill-child", "--mount-proc", *INIT],
            stdout=subprocess.PIPE, text=True)
        try:
            self._unshare.stdout.readline()
            self._init = first_child(self._unshare.pid)
            self.run(["hostname", "login"])
            self.run(["bash", "-euc", SETUP, "setup", *hosts])
        except BaseException:
            self.close()
            raise

    def command(self, arguments: list, host: str | None = None, cwd: Path | None = None,
                environment: dict[str, str] | None = None) -> list[str]:
        """What to call from outside to have `arguments` run on a host."""
        variables = {"PATH": f"/run/bin:{os.environ['PATH']}"} | (environment or {})
        return ["nsenter", f"--target={self._init}",
                "--mount", "--uts", "--ipc", "--net", "--pid",
                *(["/run/bin/on-host", host] if host else []),
                "env", f"--chdir={cwd or os.getcwd()}",
                *(f"{name}={value}" for name, value in variables.items()),
                *map(str, arguments)]

    def start(self, arguments: list, host: str | None = None, cwd: Path | None = None,
              environment: dict[str, str] | None = None, **options) -> subprocess.Popen:
        """A command on a host that goes on while the test does."""
        return subprocess.Popen(self.command(arguments, host, cwd, environment), **options)

    def run(self, arguments: list, host: str | None = None, cwd: Path | None = None,
            environment: dict[str, str] | None = None, check: bool = True, timeout: float = 60):
        """CompletedProcess of a command on a host; RuntimeError when it fails, unless not `check`."""
        done = subprocess.run(self.command(arguments, host, cwd, environment), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        if check and done.returncode != 0:
            raise RuntimeError(f"{arguments} on {host or 'login'} ended with {done.returncode}:\n"
                               f"{done.stdout}")
        return done

    def cut(self, host: str) -> None:
        """Pulls the host's network cable."""
        self.run(["ip", "link", "set", f"to-{host}", "down"])

    def mend(self, host: str) -> None:
        self.run(["ip", "link", "set", f"to-{host}", "up"])

    def processes(self) -> dict[int, dict[str, str]]:
        """The environment of every process in here, by its number outside."""
        mine = read_link(PROCESSES / f"{self._init}/ns/pid")
        numbers = [int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdigit()]
        return {pid: environment_of(pid) for pid in numbers
                if read_link(PROCESSES / f"{pid}/ns/pid") == mine}

    def halt(self, host: str) -> None:
        """Kills everything that runs on a host, and the host with it."""
        name = self.run(["readlink", "/proc/self/ns/uts"], host).stdout.strip()
        for pid in self.processes():
            if read_link(PROCESSES / f"{pid}/ns/uts") == name:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def kill_rank(self, rank: int) -> None:
        """SIGKILL for one rank of whatever MPI program runs here."""
        ranks = [pid for pid, environment in self.processes().items()
                 if environment.get("PMIX_RANK") == str(rank)]
        os.kill(max(ranks), signal.SIGKILL)

    def close(self) -> None:
        self._unshare.kill()
        self._unshare.wait()
        self._unshare.stdout.close()


def read_link(path: Path) -> str:
    """What a link points to; empty where its process has ended."""
    try:
        return os.readlink(path)
    except OSError:
        return ""


def environment_of(pid: int) -> dict[str, str]:
    """Empty where the process has ended."""
    try:
        text = (PROCESSES / f"{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return {}
    return dict(pair.split("=", 1) for pair in text.split("\0") if "=" in pair)


def first_child(pid: int) -> int:
    return int((PROCESSES / f"{pid}/task/{pid}/children").read_text().split()[0])
