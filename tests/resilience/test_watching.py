"""Looking at a sweep from outside: status, logs for machines, and readers beside the writer."""

import json
import os
import re
import signal
import time

import pytest
from processes import wait_until
from sweeps import ALL, COMPLETE, INTERRUPTED, POINT_COMPLETE, digest, open_file


def begin_short(begin, folder, *more):
    file = folder / "short.h5"
    running = begin(["run", "short.yaml", "-o", file, "--threads", 1, *more])
    wait_until(file.exists, 20, "a file")
    return running, file


def test_status_tells_of_a_live_a_stopped_and_a_finished_sweep(quotesweep, begin, folder, short):
    running, file = begin_short(begin, folder)
    live = quotesweep(["status", file])
    assert live.returncode == INTERRUPTED
    assert f"process {running.pid} on " in live.stdout
    assert "points    20:" in live.stdout
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    stopped = quotesweep(["status", file])
    assert stopped.returncode == INTERRUPTED
    assert "none: `quotesweep run` with the same study continues" in stopped.stdout
    assert quotesweep(["run", "short.yaml", "-o", file]).returncode == COMPLETE
    finished = quotesweep(["status", file])
    assert finished.returncode == COMPLETE
    assert "points    20: 20 complete\n" in finished.stdout
    assert "paths     100.0 % of" in finished.stdout
    assert "none: it is finished" in finished.stdout
    assert "best      sharpe " in finished.stdout


def test_what_is_written_but_not_yet_told_does_not_count_as_finished(quotesweep, crash_shim,
                                                                     folder):
    def run(**variables):
        return quotesweep(["run", "tiny.yaml", "-o", folder / "tiny.h5", "--fresh", "--threads", 1],
                          env=os.environ | {"LD_PRELOAD": str(crash_shim),
                                            "CRASH_FILE": str(folder / "tiny.h5"), **variables})

    run(CRASH_TRACE="trace")
    calls = len((folder / "trace").read_text().splitlines())
    found = 0
    for call in range(calls - 5, calls + 1):  # status is the last that is written
        run(CRASH_AT=str(call))
        with open_file("tiny.h5") as file:
            told = set(file["status"][...].ravel())
            assert (file["paths_done"][...] == 96).all()
        found += told == {0}
        finished = quotesweep(["status", "tiny.h5"]).returncode == COMPLETE
        assert finished == (told == {POINT_COMPLETE})
    assert 0 < found < 6


def test_watch_ends_with_the_sweep(quotesweep, begin, folder, short):
    running, file = begin_short(begin, folder)
    watch = begin(["status", "--watch", file], stdout=-1)
    assert running.communicate(timeout=120) and running.returncode == COMPLETE
    text = watch.communicate(timeout=20)[0]
    assert watch.returncode == COMPLETE
    assert text.count("points    20:") >= 2


def test_watch_tells_when_the_sweep_will_end(begin, folder):
    study = folder / "short.yaml"
    study.write_text(re.sub(r"paths: (\d+)", r"paths: \g<1>0", study.read_text()))
    running, file = begin_short(begin, folder)
    watch = begin(["status", "--watch", file], stdout=-1)
    assert any(line.startswith("ETA ") for line in watch.stdout)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    watch.communicate(timeout=20)
    assert watch.returncode == INTERRUPTED


@pytest.mark.parametrize("manner", [["run"], ["launch", "-n", 2]], ids=lambda manner: manner[0])
def test_a_log_for_machines_is_json_line_by_line(quotesweep, folder, short, manner):
    ran = quotesweep([*manner, "short.yaml", "-o", "short.h5", "--threads", 1, "--log-json"])
    assert ran.returncode == COMPLETE
    events = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [events[0]["event"], events[-1]["event"]] == ["begin", "end"]
    assert {event["event"] for event in events[1:-1]} <= {"progress"}
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    begin, end = events[0], events[-1]
    assert (begin["points"], begin["paths"], begin["done"]) == (20, short.paths, 0)
    assert end["outcome"] == "complete"
    assert (end["complete"], end["failed"], end["points"]) == (20, 0, 20)
    assert 0 < end["write_seconds"] < end["time"]


def test_a_log_tells_what_was_done_before(quotesweep, begin, folder, short):
    running, file = begin_short(begin, folder, "--log-json")
    time.sleep(0.5)
    running.send_signal(signal.SIGUSR1)
    stopped = [json.loads(line) for line in running.communicate(timeout=20)[1].splitlines()]
    assert stopped[-1]["outcome"] == "interrupted"
    assert "SIGUSR1" in stopped[-1]["text"]
    resumed = quotesweep(["run", "short.yaml", "-o", file, "--log-json"])
    events = [json.loads(line) for line in resumed.stderr.splitlines()]
    assert 0 < events[0]["done"] < 1
    done = [event["done"] for event in events if event["event"] in ("begin", "progress")]
    assert done == sorted(done)


@pytest.mark.skipif(not ALL, reason="takes a minute; QUOTESWEEP_ALL=1")
def test_writing_takes_less_than_a_hundredth_of_a_minute_long_sweep(quotesweep, folder):
    """The time inside write, flush and fsync, by the run's own log."""
    ran = quotesweep(["run", "short.yaml", "-o", "short.h5", "--log-json", "--max-time", "60s",
                      "--set", "paths=1e9", "--set", "metrics.quantiles=always"])
    assert ran.returncode == INTERRUPTED
    end = json.loads(ran.stderr.splitlines()[-1])
    print(f"{end['write_seconds']:.3f} s of {end['time']:.1f} s")
    assert end["write_seconds"] < 0.01 * end["time"]


def test_readers_never_fail_and_never_see_half_a_point(quotesweep, begin, folder, short,
                                                       monkeypatch):
    xarray = pytest.importorskip("xarray")
    monkeypatch.setenv("HDF5_USE_FILE_LOCKING", "FALSE")
    running, file = begin_short(begin, folder, "--sync-interval", 0, "--tile-points", 1)
    looks = partly = 0
    while looks < (500 if ALL else 30):
        if running.poll() is not None:
            assert digest(quotesweep, file) == short.digest
            file.unlink()
            running.communicate()
            running, file = begin_short(begin, folder, "--sync-interval", 0, "--tile-points", 1)
        with xarray.open_dataset(file, engine=["h5netcdf", "netcdf4"][looks % 2]) as results:
            complete = int((results.status == POINT_COMPLETE).sum())
        partly += 0 < complete < 20
        assert short.complete_points(file) >= complete
        if looks % 20 == 0:
            assert quotesweep(["status", file]).returncode in (COMPLETE, INTERRUPTED)
        looks += 1
    running.kill()
    running.communicate()
    print(f"{looks} looks, {partly} at a file with some points complete")
    assert partly > 0


@pytest.mark.skipif(not ALL, reason="takes minutes and 1.2 GB; QUOTESWEEP_ALL=1")
def test_a_finished_file_of_a_million_points_is_soon_answered(quotesweep, folder):
    gammas = "{linear: [0.01, 1], points: 1000}"
    arguments = ["run", "tiny.yaml", "-o", "million.h5", "--set", f"sweep.gamma={gammas}",
                 "--set", "sweep.q_max=" + str(list(range(1, 1001))), "--set", "paths=1",
                 "--set", "block=1", "--set", "dt=1"]
    first = quotesweep(arguments, timeout=1800)
    assert first.returncode == COMPLETE, first.stderr
    start = time.monotonic()
    again = quotesweep(arguments)
    seconds = time.monotonic() - start
    print(f"{seconds:.2f} s for {(folder / 'million.h5').stat().st_size / 1e9:.2f} GB")
    (folder / "million.h5").unlink()
    assert again.returncode == COMPLETE and "nothing to do" in again.stderr
    assert seconds < 10
