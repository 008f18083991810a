"""A writer that is killed before any one of its write calls, or in the middle of it."""

import os
import resource
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from sweeps import (ALL, COMPLETE, FAILED_POINTS, POINT_COMPLETE, POINT_FAILED, TINY,
                    digest, make_reference, open_file, results_by_point, study_of)


class Injection:
    """One way to write a file: the command, the file that it finds, and what may come of it."""

    def __init__(self, quotesweep, shim, folder, arguments, before=None, references=()):
        self.quotesweep, self.shim, self.folder = quotesweep, shim, folder
        self.arguments, self.before = arguments, before
        self.references = {reference.study: reference for reference in references}
        self.goal = references[-1]

    def command(self, file):
        return ["run", *self.arguments, "-o", file, "--sync-interval", 0, "--threads", 1]

    def preload(self, file, **variables):
        return os.environ | {"LD_PRELOAD": str(self.shim), "CRASH_FILE": str(file), **variables}

    def prepare(self, name):
        folder = self.folder / name
        folder.mkdir()
        file = folder / "out.h5"
        if self.before:
            shutil.copy(self.before, file)
        return file

    def count_calls(self):
        file = self.prepare("count")
        trace = self.folder / "trace"
        self.quotesweep(self.command(file), env=self.preload(file, CRASH_TRACE=str(trace)),
                        check=True)
        assert digest(self.quotesweep, file) == self.goal.digest
        return len(trace.read_text().splitlines())

    def kill_at(self, call, torn):
        """Kills at a call, checks what is left, and resumes. Whether it was killed."""
        file = self.prepare(f"{call}{'-torn' if torn else ''}")
        variables = {"CRASH_AT": str(call)} | ({"CRASH_TORN": "1"} if torn else {})
        killed = self.quotesweep(self.command(file), env=self.preload(file, **variables))
        assert killed.returncode in (-signal.SIGKILL, COMPLETE), killed.stderr
        acknowledged = self.check(file) if file.exists() else 0
        assert file.exists() or not self.before
        resumed = self.quotesweep(self.command(file))
        assert resumed.returncode == COMPLETE, (call, torn, resumed.stderr)
        assert digest(self.quotesweep, file) == self.goal.digest, (call, torn)
        assert sorted(path.name for path in file.parent.iterdir()) == ["out.h5"], (call, torn)
        shutil.rmtree(file.parent)
        return killed.returncode != COMPLETE, acknowledged

    def check(self, file):
        assert self.quotesweep(["show", file]).returncode == COMPLETE
        return self.references[study_of(file)].complete_points(file)

    def kill_everywhere(self, step):
        """Every call, clean and torn; or every `step`-th and the last, clean and torn in turn."""
        calls = self.count_calls()
        cases = [(call, torn) for call in range(1, calls + 1) for torn in (False, True)
                 if ALL or ((call % step == 1 or call > calls - 4)
                            and torn == (call // step % 2 == 1))]
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(lambda case: self.kill_at(*case), cases))
        spared = [call for (call, _), (killed, _) in zip(cases, outcomes) if not killed]
        print(f"{len(cases) - len(spared)} kills over {calls} calls; acknowledged points found "
              f"{sorted({acknowledged for _, acknowledged in outcomes})}")
        # How often it writes depends on the time, so that a run may end a few calls earlier.
        assert all(call > 0.75 * calls for call in spared), spared


def test_a_writer_killed_before_any_call_loses_nothing(quotesweep, crash_shim, folder, tiny):
    Injection(quotesweep, crash_shim, folder, ["tiny.yaml"], None, [tiny]).kill_everywhere(step=23)


@pytest.mark.parametrize("settings", [[], ["--set", "paths=150"]], ids=["new", "extended"])
def test_status_is_told_only_when_what_it_tells_of_is_on_the_disk(quotesweep, crash_shim, folder,
                                                                  tiny, settings):
    """What no killed process shows, but a power failure would: the order of writes and syncs."""
    file = folder / "tiny.h5"
    if settings:
        shutil.copy(tiny.path, file)
    quotesweep(["run", "tiny.yaml", "-o", file, *settings], check=True,
               env=os.environ | {"LD_PRELOAD": str(crash_shim), "CRASH_FILE": str(file),
                                 "CRASH_TRACE": "trace"})
    calls = [line.split() for line in (folder / "trace").read_text().splitlines()]
    names = [name for name, _ in calls]
    published = names.index("rename")
    assert names[published - 1] in ("fsync", "fdatasync")
    with open_file(file) as opened:
        status, points = opened["status"].id.get_offset(), opened["status"].size
    tells = [status <= int(place) < status + points for _, place in calls]
    first = tells.index(True, published)
    assert first > published + 20  # after all results
    assert names[first - 1] == names[first + 1] == "fdatasync"
    assert not any(tells[first + 1:])
    assert not any(name.startswith("pwrite") for name in names[first + 1:])


EXTENSIONS = {"more paths": ["paths=150"], "another value": ["sweep.gamma=[0.05, 0.07, 0.1, 0.5]"]}


@pytest.mark.parametrize("settings", EXTENSIONS.values(), ids=EXTENSIONS)
def test_a_writer_killed_while_it_extends_a_file_loses_nothing(quotesweep, crash_shim, folder, tiny,
                                                               settings):
    larger = make_reference(quotesweep, folder / "larger", "larger", TINY, settings)
    arguments = ["tiny.yaml"] + [word for setting in settings for word in ("--set", setting)]
    Injection(quotesweep, crash_shim, folder, arguments, tiny.path,
              [tiny, larger]).kill_everywhere(step=41)


# The last point needs some 40 MB more than the others, which a limited process does not get.
GREEDY = """\
study: greedy
market: {dt: 0.0002}
strategy: {name: glft}
sweep: {q_max: [1, 2, 300]}
paths: 32
block: 32
"""


@pytest.fixture
def failed_file(quotesweep, folder):
    """A finished file whose last point has failed for want of memory."""
    (folder / "greedy.yaml").write_text(GREEDY)
    file = folder / "greedy.h5"
    for megabytes in range(50, 200, 5):
        def limit(size=megabytes << 20):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))
        run = quotesweep(["run", "greedy.yaml", "-o", file, "--fresh", "--threads", 1,
                          "--tile-points", 1], preexec_fn=limit)
        if run.returncode == FAILED_POINTS and "2 of 3 points complete" in run.stderr:
            return file
    pytest.fail("no memory limit lets just the last point fail")


def test_a_point_out_of_memory_fails_alone_and_can_be_retried(quotesweep, folder, failed_file):
    with open_file(failed_file) as file:
        results, status = results_by_point(file)
    assert status == {(1.0,): POINT_COMPLETE, (2.0,): POINT_COMPLETE, (300.0,): POINT_FAILED}
    again = quotesweep(["run", "greedy.yaml", "-o", failed_file])
    assert again.returncode == FAILED_POINTS and "--retry-failed" in again.stderr
    assert quotesweep(["status", failed_file]).returncode == FAILED_POINTS
    retried = quotesweep(["run", "greedy.yaml", "-o", failed_file, "--retry-failed"])
    assert retried.returncode == COMPLETE, retried.stderr
    reference = make_reference(quotesweep, folder / "reference", "greedy", GREEDY)
    assert digest(quotesweep, failed_file) == reference.digest


def test_a_writer_killed_while_it_retries_loses_nothing(quotesweep, crash_shim, folder,
                                                        failed_file):
    reference = make_reference(quotesweep, folder / "reference", "greedy", GREEDY)
    Injection(quotesweep, crash_shim, folder, ["greedy.yaml", "--retry-failed"], failed_file,
              [reference]).kill_everywhere(step=23)
