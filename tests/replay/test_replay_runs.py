"""Replays are as reproducible as simulated paths: ranks, threads, shards, kill, resume, axes."""

from __future__ import annotations

import json
import re
import resource
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest
import xarray as xr

from replay_studies import BAD_USAGE, COMPLETE, FAILED_POINTS, INTERRUPTED, STUDY, write_tape

NAMES = ["tokyo", "stoikov", "mexico"]


@pytest.mark.parametrize("ranks, threads, tile", [
    (None, 2, 64), (None, 1, 1), (None, 2, 5), (2, 1, 4), (2, 2, 64), (4, 1, 3)])
def test_ranks_threads_and_tiles_change_no_bit(digest_of, ranks, threads, tile):
    alone = digest_of("alone.h5", "--threads", 1)
    other = digest_of("other.h5", "--threads", threads, "--tile-points", tile, ranks=ranks)
    assert other == alone


def test_a_seed_changes_standard_errors_only(digest_of):
    assert digest_of("one.h5") != digest_of("two.h5", "--set", "seed=2")
    with xr.open_dataset("one.h5") as one, xr.open_dataset("two.h5") as two:
        assert one["pnl"].identical(two["pnl"])
        assert not one["pnl_se"].equals(two["pnl_se"])


def test_random_order_within_bars_is_by_the_seed(digest_of):
    random = ["--set", "orders.first=random"]
    assert digest_of("one.h5", *random) == digest_of("again.h5", *random, ranks=2)
    digest_of("two.h5", *random, "--set", "seed=2")
    with xr.open_dataset("one.h5") as one, xr.open_dataset("two.h5") as two:
        assert not one["pnl"].equals(two["pnl"])


def results(path, names=("pnl", "pnl_se", "sharpe", "trades", "fees", "max_drawdown")):
    with xr.open_dataset(path) as file:
        found = file[list(names)].load()
    found.attrs = {}  # the study among them
    return found


def test_the_order_of_axes_and_values_changes_no_point(digest_of, folder):
    digest_of("first.h5")
    other = STUDY[:STUDY.index("sweep:")] + """\
sweep:
  aggressivity: [0.5, 0.1]
  min_spread: [0.004, 0.001, 0.002]
  strategy.name: [mexico, tokyo, stoikov]
"""
    (folder / "other.yaml").write_text(other)
    digest_of("other.h5", study="other.yaml")
    first = results("first.h5")
    places = {name: first[name].values for name in first.dims}
    xr.testing.assert_identical(first, results("other.h5").transpose(*first.dims).sel(places))


def test_a_text_axis_is_a_text_coordinate(digest_of, quotesweep):
    digest_of("out.h5")
    with xr.open_dataset("out.h5") as file:
        assert file["pnl"].dims == ("name", "min_spread", "aggressivity")
        assert file["name"].values.tolist() == NAMES
        assert file["name"].attrs["parameter"] == "strategy.name"
        pnl = file["pnl"].load()
    for name in NAMES:  # a strategy alone is what it is among others
        levels = [] if name == "stoikov" else ["--set", "strategy.levels=2"]
        text = STUDY.replace("strategy: {levels: 2}\n", "")
        text = text.replace("  strategy.name: [tokyo, stoikov, mexico]\n", "")
        with open("alone.yaml", "w") as file:
            file.write(text)
        quotesweep(["run", "alone.yaml", "-o", f"{name}.h5", "--set", f"strategy.name={name}",
                    *levels], check=True)
        with xr.open_dataset(f"{name}.h5") as file:
            assert np.array_equal(file["pnl"].values, pnl.sel(name=name).values)
            assert file["trades"].values.min() > 0


def test_flags_and_choices_of_orders_are_axes_too(quotesweep, folder):
    study = STUDY[:STUDY.index("sweep:")].replace("levels: 2", "name: mexico") + """\
sweep:
  orders.fill: [touch, path]
  adaptive_sizes: [true, false]
"""
    (folder / "flags.yaml").write_text(study)
    quotesweep(["run", "flags.yaml", "-o", "flags.h5"], check=True)
    with xr.open_dataset("flags.h5") as file:
        assert file["fill"].values.tolist() == ["touch", "path"]
        assert file["adaptive_sizes"].values.tolist() == ["true", "false"]
        assert len(np.unique(file["pnl"].values)) > 2


def test_a_list_of_points_has_text_along_it(quotesweep, folder):
    study = STUDY[:STUDY.index("sweep:")].replace("strategy: {levels: 2}\n", "") + """\
sweep:
  - {name: tokyo, min_spread: 0.001}
  - {name: mexico, min_spread: 0.002}
"""
    (folder / "list.yaml").write_text(study)
    quotesweep(["run", "list.yaml", "-o", "list.h5"], check=True)
    with xr.open_dataset("list.h5") as file:
        assert file["name"].dims == ("point",)
        assert file["name"].values.tolist() == ["tokyo", "mexico"]
    shown = quotesweep(["show", "list.h5"], check=True).stdout
    assert [line.split()[0] for line in shown.splitlines()
            if line.split()[:1] in (["tokyo"], ["mexico"])] == ["tokyo", "mexico"]
    csv = quotesweep(["show", "list.h5", "--csv"], check=True).stdout.splitlines()
    assert [line.split(",")[0] for line in csv] == ["name", "tokyo", "mexico"]


def test_joined_shards_are_the_whole(digest_of, quotesweep):
    whole = digest_of("whole.h5")
    for index in range(4):
        digest_of(f"{index}.h5", "--shard", f"{index}/4")
    merged = quotesweep(["merge", *(f"{index}.h5" for index in range(4)), "-o", "all.h5"])
    assert merged.returncode == COMPLETE, merged.stderr
    assert "18 of 18 points complete" in merged.stderr
    assert quotesweep(["digest", "all.h5"], check=True).stdout == whole
    again = quotesweep(["run", "study.yaml", "-o", "all.h5"])
    assert again.returncode == COMPLETE and "nothing to do" in again.stderr


def test_some_shards_leave_the_rest_to_be_run(digest_of, quotesweep):
    whole = digest_of("whole.h5")
    digest_of("1.h5", "--shard", "1/3")
    merged = quotesweep(["merge", "1.h5", "-o", "all.h5"])
    assert merged.returncode == INTERRUPTED
    assert "1 of 3 shards: 6 of 18 points complete" in merged.stderr
    status = quotesweep(["status", "all.h5"])
    assert "12 pending 6 complete" in status.stdout and "done      33.3 % of 18" in status.stdout
    assert digest_of("all.h5") == whole


@pytest.mark.parametrize("fewer", [
    "sweep.strategy.name=[tokyo, mexico]", "sweep.strategy.name=[mexico]",
    "sweep.min_spread=[0.002, 0.001]", "sweep.aggressivity=[0.5]"])
def test_an_axis_can_be_extended(digest_of, quotesweep, fewer):
    whole = digest_of("whole.h5")
    digest_of("part.h5", "--set", fewer)
    with h5py.File("part.h5") as file:
        done = file["status"].size
    extended = quotesweep(["run", "study.yaml", "-o", "part.h5", "--log-json"], check=True)
    events = [json.loads(line) for line in extended.stderr.splitlines()]
    [begin] = [event for event in events if event["event"] == "begin"]
    assert begin["done"] == pytest.approx(done / 18)  # what was there is not replayed again
    assert quotesweep(["digest", "part.h5"], check=True).stdout == whole


@pytest.fixture
def long_study(folder):
    """A study whose points take a while each."""
    write_tape("long.h5", bars=150_000)
    study = STUDY.replace("tape.h5", "long.h5").replace("clock: 5", "clock: 60")
    study = study.replace("aggressivity: [0.1, 0.5]",
                          "aggressivity: {linear: [0.1, 0.5], points: 40}")
    (folder / "long.yaml").write_text(study)
    return ["run", "long.yaml", "--threads", "1", "--tile-points", "8", "--sync-interval", "0"]


def states(path):
    with h5py.File(path, "r", locking=False) as file:
        return file["status"][...].ravel()


def stopped_midway(program, arguments, output, number):
    """Starts a sweep and ends it when some points are complete, but not all."""
    running = subprocess.Popen([str(program), *arguments, "-o", output],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if (states(output) == 2).sum() > 3:
                break
        except OSError:
            pass  # it is not there yet
        time.sleep(0.01)
    running.send_signal(number)
    running.communicate(timeout=60)
    done = int((states(output) == 2).sum())
    assert 3 < done < 360, "the study is too short for this machine"
    return done


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill", "term"])
def test_a_sweep_that_was_ended_goes_on_to_the_same_bits(quotesweep, long_study, digest_of, number):
    whole = digest_of("whole.h5", study="long.yaml", ranks=2)
    done = stopped_midway(quotesweep.program, long_study, "out.h5", number)
    assert quotesweep(["status", "out.h5"]).returncode == INTERRUPTED
    resumed = quotesweep([*long_study, "-o", "out.h5", "--log-json"], check=True)
    begin = json.loads(resumed.stderr.splitlines()[0])
    assert begin["event"] == "begin" and begin["done"] >= done / 360
    assert quotesweep(["digest", "out.h5"], check=True).stdout == whole


def other_tape():
    """Moves one close of the tape, within its bar."""
    with h5py.File("tape.h5", "r+") as file:
        file["close"][1, 100] = 0.5 * (file["high"][1, 100] + file["low"][1, 100])


def test_a_tape_that_has_changed_is_refused(quotesweep, digest_of):
    digest_of("part.h5", "--set", "sweep.aggressivity=[0.1]")
    digest_of("whole.h5")
    digest_of("0.h5", "--shard", "0/2")
    other_tape()
    for output, more in (("part.h5", []), ("whole.h5", []), ("0.h5", ["--shard", "0/2"])):
        refused = quotesweep(["run", "study.yaml", "-o", output, *more])
        assert refused.returncode == BAD_USAGE
        assert refused.stderr.startswith(f"quotesweep: -o {output}: was made from a tape of other ")
        assert "content" in refused.stderr and "--fresh" in refused.stderr
    refused = quotesweep(["merge", "0.h5", "-o", "all.h5"])
    assert refused.returncode == BAD_USAGE and "a tape of other content" in refused.stderr
    digest_of("part.h5", "--fresh")


def test_other_symbols_or_dates_are_another_study(quotesweep, digest_of):
    digest_of("whole.h5")
    for tape in ("{file: tape.h5, symbols: [TWO, ONE]}", "{file: tape.h5, from: 2024-01-01T01:00}",
                 "{file: tape.h5, to: 2024-01-01T05:00:00}"):
        refused = quotesweep(["run", "study.yaml", "-o", "whole.h5", "--set", f"tape={tape}"])
        assert refused.returncode == BAD_USAGE and "tape of other content" in refused.stderr


def test_a_copy_of_the_tape_under_another_name_is_the_same_study(quotesweep, digest_of, folder):
    digest_of("out.h5")
    (folder / "copy.h5").write_bytes((folder / "tape.h5").read_bytes())
    again = quotesweep(["run", "study.yaml", "-o", "out.h5", "--set", "tape=copy.h5"])
    assert again.returncode == COMPLETE and "nothing to do" in again.stderr


def test_from_and_to_cut_the_tape(digest_of):
    digest_of("cut.h5", "--set",
              "tape={file: tape.h5, from: 2024-01-01T01:00, to: 2024-01-01T03:00:00}")
    with h5py.File("tape.h5") as tape, h5py.File("hours.h5", "w") as hours:
        hours.attrs.update(tape.attrs)
        hours["symbol"] = tape["symbol"][...]
        hours["time"] = tape["time"][60:180]
        for name in ("open", "high", "low", "close", "volume"):
            hours[name] = tape[name][:, 60:180]
    digest_of("alone.h5", "--set", "tape=hours.h5")
    xr.testing.assert_identical(results("cut.h5"), results("alone.h5"))


def test_symbols_are_replayed_in_the_order_that_is_asked_for(digest_of):
    digest_of("one.h5", "--set", "tape={file: tape.h5, symbols: [TWO]}", "--set", "symbols={}",
              "--set", "tick=0.001")
    digest_of("two.h5", "--set", "tape={file: tape.h5, symbols: [TWO]}", "--set",
              "symbols={TWO: {tick: 0.001}}", "--set", "tick=0.5")
    xr.testing.assert_identical(results("one.h5"), results("two.h5"))


def test_points_out_of_memory_fail_and_can_be_retried(quotesweep, folder):
    write_tape("tape.h5", bars=20_000)
    sets = ["--set", "metrics.clock=1", "--set", "bootstrap=2", "--set", "sweep.min_spread=[0.01]"]
    arguments = ["run", "study.yaml", "--threads", 1, "--tile-points", 1, *sets]
    quotesweep([*arguments, "-o", "whole.h5"], check=True)
    too_little, enough = 50 << 20, 2 << 30  # [bytes]
    while enough - too_little > 1 << 18:
        size = (too_little + enough) // 2
        tried = quotesweep([*arguments, "-o", "out.h5", "--fresh"], preexec_fn=lambda:
                           resource.setrlimit(resource.RLIMIT_AS, (size, size)))
        if tried.returncode == FAILED_POINTS:
            break
        too_little, enough = (too_little, size) if tried.returncode == COMPLETE else (size, enough)
    else:
        pytest.fail("no memory limit lets points fail")
    again = quotesweep([*arguments, "-o", "out.h5"])
    assert again.returncode == FAILED_POINTS and "--retry-failed" in again.stderr
    retried = quotesweep([*arguments, "-o", "out.h5", "--retry-failed"])
    assert retried.returncode == COMPLETE, retried.stderr
    digests = [quotesweep(["digest", file], check=True).stdout for file in ("whole.h5", "out.h5")]
    assert digests[0] == digests[1]


def test_what_is_said_of_a_replay_is_said_in_bars(quotesweep, folder):
    run = quotesweep(["run", "study.yaml", "-o", "out.h5", "--threads", 1], check=True)
    assert "small: 18 points x 800 bars, 1 rank x 1 thread -> out.h5" in run.stderr
    assert " M point-bars/s): out.h5" in run.stderr
    assert "path" not in run.stderr and "step" not in run.stderr
    logged = quotesweep(["run", "study.yaml", "-o", "json.h5", "--log-json"], check=True).stderr
    begin = json.loads(logged.splitlines()[0])
    assert begin["bars"] == 800 and begin["unit"] == "point-bars" and "paths" not in begin
    status = quotesweep(["status", "out.h5"], check=True).stdout
    assert "path" not in status and "done      100.0 % of 18" in status
    assert any(f"name = {name} " in status for name in NAMES)


def test_plan_tells_tape_strategies_and_cost(quotesweep, folder):
    plan = quotesweep(["plan", "study.yaml", "--threads", 1], check=True).stdout
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in plan.splitlines()}
    assert lines["points"] == "18"
    assert lines["strategy.name"] == "3 values, tokyo, stoikov, mexico"
    assert lines["strategy.min_spread"] == "3 values, 0.001 to 0.004"
    assert lines["tape"] == "tape.h5: 2024-01-01 00:00 to 2024-01-01 06:39, 400 bars of 1m"
    assert lines["symbols"] == "2: ONE, TWO"
    assert lines["strategies"] == "tokyo, stoikov, mexico"
    assert lines["bars"] == "800 per point, 1.44e+04 point-bars in all"
    assert "M bars/s each" in lines["time"]
    assert lines["file"].startswith("small.h5, ")
    assert "path" not in plan
    assert not (folder / "small.h5").exists()


def another_value(parameter):
    """As YAML, a value that is not the default."""
    default = parameter["default"]
    if "enum" in parameter:
        return parameter["enum"][-1]
    if isinstance(default, bool):
        return str(not default).lower()
    return f"{default + 1 if default + 1 <= parameter['maximum'] else default / 2:g}"


def test_every_parameter_of_a_replay_is_read(quotesweep, folder):
    schema = json.loads(quotesweep(["schema"], check=True).stdout)
    (folder / "plain.yaml").write_text("tape: tape.h5\nmetrics: {clock: 4}\n")
    read = 0
    for section, entry in schema["properties"].items():
        for key, parameter in entry.get("properties", {}).items():
            if "only with a tape" not in parameter["description"]:
                continue
            name, value = f"{section}.{key}", another_value(parameter)
            strategy = re.search(r"strategy\.name: (\w+)", parameter["description"])
            quotesweep(["run", "plain.yaml", "-o", "out.h5", "--fresh", "--set", f"{name}={value}",
                        "--set", f"strategy.name={strategy[1] if strategy else 'tokyo'}"], check=True)
            with h5py.File("out.h5") as file:
                assert f"\n{name} = {value}\n" in file.attrs["study_resolved"]
            read += 1
    assert read > 25


@pytest.mark.parametrize("command", ["trace", "simulate", "verify"])
def test_commands_for_paths_say_that_there_are_none(quotesweep, folder, command):
    refused = quotesweep([command, "study.yaml"])
    assert refused.returncode == BAD_USAGE and refused.stdout == ""
    [line] = refused.stderr.splitlines()
    assert line.startswith("quotesweep: study.yaml: replays a tape")
    assert "`quotesweep run`" in line


def test_the_tape_is_not_overwritten_by_the_results(quotesweep, folder):
    before = (folder / "tape.h5").read_bytes()
    for more in ([], ["--fresh"]):
        refused = quotesweep(["run", "study.yaml", "-o", "tape.h5", *more])
        assert refused.returncode == BAD_USAGE
        assert "-o tape.h5: is the tape itself" in refused.stderr
    assert (folder / "tape.h5").read_bytes() == before
