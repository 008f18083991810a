"""The program as its users see it: commands, exit statuses, messages and files."""

import csv
import io
import json
import re
import signal
import subprocess
import time

import pytest

from program import ROOT

STUDY = """\
study: small
market: {dt: 0.02}
sweep:
  gamma: {log: [0.01, 1], points: 5}
  q_max: [1, 3]
paths: 600
block: 64
output: small.h5
"""
POINTS, PATHS = 10, 640
COMPLETE, BAD_USAGE = 0, 2


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working directory with the study in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(STUDY)
    return tmp_path


@pytest.fixture(scope="module")
def finished(quotesweep, tmp_path_factory):
    """A finished results file."""
    path = tmp_path_factory.mktemp("finished")
    (path / "small.yaml").write_text(STUDY)
    quotesweep(["run", path / "small.yaml", "-o", path / "small.h5"], check=True, timeout=60)
    return path / "small.h5"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def messages(completed):
    """What the program itself said was wrong."""
    return [line for line in completed.stderr.splitlines() if line.startswith("quotesweep:")]


def digest(quotesweep, file):
    return quotesweep(["digest", file], check=True, timeout=20).stdout.strip()


# Results -----------------------------------------------------------------------------------------

TILES = [1, 3, 64]
CREWS = [(ranks, threads) for ranks in (1, 2, 3, 4) for threads in (1, 2, 4)]


@pytest.mark.parametrize("number, crew", enumerate(CREWS), ids=lambda value: str(value))
def test_results_do_not_depend_on_ranks_threads_or_tiles(quotesweep, finished, folder, number, crew):
    ranks, threads = crew
    quotesweep(["run", "small.yaml", "--threads", threads, "--tile-points", TILES[number % 3]],
               ranks=ranks, check=True, timeout=60)
    assert digest(quotesweep, "small.h5") == digest(quotesweep, finished)
    assert names(folder) == ["small.h5", "small.yaml"]


@pytest.mark.parametrize("setting", ["seed=2", "common_random_numbers=false", "block=32",
                                     "precision=double", "moves=binomial", "sigma=2.001"])
def test_what_decides_results_changes_the_digest(quotesweep, finished, folder, setting):
    quotesweep(["run", "small.yaml", "--set", setting], check=True, timeout=60)
    assert digest(quotesweep, "small.h5") != digest(quotesweep, finished)


def test_a_study_read_back_from_its_results_gives_the_same_results(quotesweep, finished, folder):
    h5py = pytest.importorskip("h5py")
    with h5py.File(finished, "r") as file:
        (folder / "again.yaml").write_text(file.attrs["study_yaml"])
    quotesweep(["run", "again.yaml", "-o", "again.h5"], check=True, timeout=60)
    assert digest(quotesweep, "again.h5") == digest(quotesweep, finished)


# Files -------------------------------------------------------------------------------------------

def test_a_foreign_file_is_refused_and_stays_as_it_is(quotesweep, folder):
    (folder / "small.h5").write_text("precious")
    refused = quotesweep(["run", "small.yaml"], timeout=20)
    assert refused.returncode == BAD_USAGE
    assert messages(refused) == [
        "quotesweep: small.yaml:8: output = small.h5: cannot be read as HDF5 (it is not a results file, "
        "or damaged). It was left as it is: replace it with --fresh, or choose another name with -o."]
    assert (folder / "small.h5").read_text() == "precious"
    assert names(folder) == ["small.h5", "small.yaml"]
    assert quotesweep(["run", "small.yaml", "--fresh"], timeout=60).returncode == COMPLETE
    assert len(digest(quotesweep, "small.h5")) == 64


def test_a_chosen_output_beats_the_study(quotesweep, folder):
    quotesweep(["run", "small.yaml", "-o", "other.h5"], check=True, timeout=60)
    quotesweep(["run", "small.yaml", "--set", "output=third.h5"], check=True, timeout=60)
    assert names(folder) == ["other.h5", "small.yaml", "third.h5"]


@pytest.mark.parametrize("output", [".", "missing/small.h5", "x" * 300],
                         ids=["folder", "missing folder", "long name"])
def test_an_impossible_output_is_named_and_leaves_nothing(quotesweep, folder, output):
    for ranks in (None, 2):
        refused = quotesweep(["run", "small.yaml", "-o", output], ranks=ranks, timeout=30)
        assert refused.returncode == BAD_USAGE
        assert len(messages(refused)) == 1 and output in messages(refused)[0]
        assert names(folder) == ["small.yaml"]


def test_a_run_keeps_others_away_and_leaves_a_readable_file_when_killed(quotesweep, folder):
    long_run = ["run", "small.yaml", "--set", "paths=1e9", "--threads", "1"]
    first = subprocess.Popen([quotesweep.program, *long_run], stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 20
        while not (folder / "small.h5").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        second = quotesweep(["run", "small.yaml", "--fresh"], timeout=20)
        assert second.returncode == BAD_USAGE
        assert len(messages(second)) == 1
        assert f"small.h5: another writer holds this file: process {first.pid} on " in second.stderr
        assert f"{POINTS} pending" in quotesweep(["show", "small.h5"], check=True, timeout=20).stdout
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate(timeout=20)
    shown = quotesweep(["show", "small.h5"], check=True, timeout=20).stdout
    assert f"{POINTS} points" in shown
    assert quotesweep(["run", "small.yaml", "--fresh"], timeout=60).returncode == COMPLETE
    assert names(folder) == ["small.h5", "small.yaml"]


# Wrong studies and wrong usage -------------------------------------------------------------------

WRONG = {
    "strategy: {gama: 1}": "bad.yaml:1: unknown key 'gama' in strategy; did you mean 'gamma'?",
    "market: {dt: 0.3}": "bad.yaml:1: market.T = 1 and market.dt = 0.3",
    "a: b: c": "bad.yaml:1: not valid YAML",
}


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("ranks", [None, 4])
def test_a_wrong_study_is_told_once_and_leaves_nothing(quotesweep, folder, text, ranks):
    (folder / "bad.yaml").write_text(text)
    refused = quotesweep(["run", "bad.yaml"], ranks=ranks, timeout=30)
    assert refused.returncode == BAD_USAGE
    assert len(messages(refused)) == 1 and WRONG[text] in messages(refused)[0]
    assert ranks or refused.stdout == ""  # mpirun has something to say, too
    assert names(folder) == ["bad.yaml", "small.yaml"]


@pytest.mark.parametrize("arguments", [
    [], ["bogus"], ["run"], ["run", "missing.yaml"], ["run", "."], ["run", "small.yaml", "--bogus"],
    ["run", "small.yaml", "--threads", "0"], ["run", "small.yaml", "--set", "gamma=1"],
    ["run", "small.yaml", "--set"], ["plan", "missing.yaml"], ["show", "missing.h5"],
    ["show", "small.yaml"], ["digest", "small.yaml"], ["digest"], ["describe", "gama"],
    ["show", "small.h5", "--rows", "-1"],
], ids=" ".join)
def test_wrong_usage_ends_with_status_two_and_a_message(quotesweep, folder, arguments):
    refused = quotesweep(arguments, timeout=20)
    assert refused.returncode == BAD_USAGE
    assert refused.stdout == ""
    assert refused.stderr.strip() != ""
    assert names(folder) == ["small.yaml"]


# What commands print -----------------------------------------------------------------------------

def test_run_says_what_it_does_beside_stdout(quotesweep, folder):
    done = quotesweep(["run", "small.yaml", "--threads", 1], check=True, timeout=60)
    assert done.stdout == ""
    assert f"small: {POINTS} points x {PATHS} paths, 1 rank x 1 thread -> small.h5" in done.stderr
    assert f"{POINTS} of {POINTS} points complete" in done.stderr


def test_plan_tells_the_size_and_runs_nothing(quotesweep, folder):
    text = quotesweep(["plan", "small.yaml"], check=True, timeout=20).stdout
    assert re.search(r"^points +10$", text, re.M)
    assert re.search(r"^paths +640 per point \(600 rounded up to whole blocks of 64\)$", text, re.M)
    assert re.search(r"^steps +50 per path, 3\.2e\+05 point-path-steps", text, re.M)
    assert "strategy.gamma" in text and "5 values, 0.01 to 1" in text
    assert re.search(r"^file +small\.h5", text, re.M)
    assert names(folder) == ["small.yaml"]


@pytest.mark.parametrize("settings", [
    [], ["metrics.quantiles=never"], ["sweep.gamma={log: [0.01, 1], points: 90}"],
    ["sweep=[{gamma: 0.1, k: 1.5}, {gamma: 0.2, k: 1}]"],
], ids=["quickstart", "without quantiles", "more points", "a list"])
def test_plan_tells_the_size_of_the_file(quotesweep, folder, settings):
    sets = [word for setting in [*settings, "paths=1", "block=1", "dt=0.5"]
            for word in ("--set", setting)]
    study = [ROOT / "sweeps" / "quickstart.yaml", *sets]
    plan = quotesweep(["plan", *study], check=True, timeout=60).stdout
    number, unit = re.search(r"^file .*, ([\d.]+) (kB|MB)$", plan, re.M).groups()
    quotesweep(["run", *study, "-o", "real.h5"], check=True, timeout=60)
    told = float(number) * {"kB": 1e3, "MB": 1e6}[unit]
    assert told == pytest.approx((folder / "real.h5").stat().st_size, rel=0.03)


def read_csv(quotesweep, file):
    text = quotesweep(["show", file, "--csv"], check=True, timeout=20).stdout
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_every_point_and_every_result(quotesweep, finished):
    h5py = pytest.importorskip("h5py")
    rows = read_csv(quotesweep, finished)
    assert len(rows) == POINTS
    assert {row["status"] for row in rows} == {"complete"}
    assert [(float(row["gamma"]), float(row["q_max"])) for row in rows[:3]] == [
        (0.01, 1), (0.01, 3), (0.0316227766017, 1)]
    with h5py.File(finished, "r") as file:
        for name in ("pnl", "sharpe_se", "trades", "paths_done"):
            assert [float(row[name]) for row in rows] == file[name][:].ravel().tolist()


@pytest.mark.parametrize("metric, best_first", [("sharpe", True), ("max_drawdown", False)])
def test_show_sorts_by_a_metric_best_first(quotesweep, finished, metric, best_first):
    values = sorted((float(row[metric]) for row in read_csv(quotesweep, finished)), reverse=best_first)
    text = quotesweep(["show", finished, "--best", metric, "--rows", 4], check=True, timeout=20).stdout
    lines = [line for line in text.splitlines() if line.endswith("complete")]
    assert len(lines) == 4
    for line, value in zip(lines, values):
        assert f"{value:.6g} +-" in line
    assert "6 more rows" in text


def test_show_names_a_metric_that_is_not_there(quotesweep, finished):
    refused = quotesweep(["show", finished, "--best", "sharp"], timeout=20)
    assert refused.returncode == BAD_USAGE
    assert "'sharp'" in messages(refused)[0]


def test_describe_and_schema_tell_the_same_parameters(quotesweep):
    listed = quotesweep(["describe"], check=True, timeout=20).stdout
    schema = json.loads(quotesweep(["schema"], check=True, timeout=20).stdout)
    assert schema["additionalProperties"] is False
    sections = {name: section["properties"] for name, section in schema["properties"].items()
                if "properties" in section}
    assert {"market", "fills", "strategy", "risk", "account", "metrics"} <= sections.keys()
    for section, keys in sections.items():
        assert schema["properties"][section]["additionalProperties"] is False
        assert re.search(rf"^{section}$", listed, re.M)
        for key in keys:
            assert re.search(rf"^  {key} ", listed, re.M)
            one = quotesweep(["describe", f"{section}.{key}"], check=True, timeout=20).stdout
            assert one.startswith(f"{section}.{key}\n") and "default" in one
    grid = schema["properties"]["sweep"]["anyOf"][0]["properties"]
    assert "gamma" in grid and "strategy.gamma" in grid and "probability" in grid and "detail" not in grid


def test_describe_explains_one_parameter(quotesweep):
    text = quotesweep(["describe", "gamma"], check=True, timeout=20).stdout
    for part in ("strategy.gamma", "risk aversion", "1 / money", "> 0", "default  0.1"):
        assert part in text


def test_version_and_help(quotesweep):
    assert re.match(r"quotesweep \d+\.\d+\.\d+ \(\S+\)\n$",
                    quotesweep(["--version"], check=True, timeout=20).stdout)
    text = quotesweep(["--help"], check=True, timeout=20).stdout
    for part in ("run", "plan", "show", "digest", "describe", "schema", "Exit status", "mpirun"):
        assert part in text
    assert "--fresh" in quotesweep(["run", "--help"], check=True, timeout=20).stdout
