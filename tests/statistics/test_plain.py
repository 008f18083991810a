"""The program held to a market maker in plain Python that was written from the pages alone.

Every study has random settings of everything that simulated paths know (plain/random_studies.py). Both
walk the same paths, from the seed on, in double precision.
"""

import json
import math
import os

import h5py
import pytest
from plain import points, random_studies
from plain.metrics import COUNTERS
from plain.path import Path
from plain.settings import SECTIONS, complete

LONG = bool(os.environ.get("QUOTESWEEP_ALL"))
STUDIES = 200 if LONG else 40
SUMMARIES = 40 if LONG else 5
WITHOUT_ORACLE = {
    "compute_seconds": "a time", "status": "tested with interrupted runs (tests/app)",
    "warnings": "tested with what is warned of (tests/test_warnings.py)"}


def study_of(changes, **keys):
    study = {section: {key: changes[key] for key in names if key in changes}
             for section, names in SECTIONS.items()}
    study["metrics"]["detail"] = "full"
    return {section: values for section, values in study.items() if values} | {
        "precision": "double"} | keys


def results_of(quotesweep, folder, changes, **keys):
    """Every result of the only point of a study."""
    file, output = folder / "study.yaml", folder / "out.h5"
    file.write_text(json.dumps(study_of(changes, **keys)))
    done = quotesweep(["run", file, "-o", output])
    assert done.returncode == 0, f"{changes}\n{done.stderr}"
    with h5py.File(output) as data:
        return {name: float(values[0]) for name, values in data.items()
                if isinstance(values, h5py.Dataset) and "definition" in values.attrs
                or name in ("paths_done", *WITHOUT_ORACLE) and values.shape == (1,)}


def plain_results(changes, seed, count):
    """What the plain program says of a point, by name of the result."""
    s = complete(changes)
    paths = [Path(s, seed, number) for number in range(count)]
    counters = {name: sum(map(of_path, paths)) for name, of_path in COUNTERS.items()}
    return points.expected(s, [path.results() for path in paths], counters)


def wrong(stored, expected):
    """Results outside of what they have to be; and those that nobody has an opinion of."""
    found = []
    for name, value in stored.items():
        if name in WITHOUT_ORACLE:
            continue
        if name not in expected:
            found.append(f"{name} has no oracle in tests/statistics/plain: give it one")
            continue
        interval = expected[name]
        if interval == points.ANY:
            continue
        if interval is None:
            good = math.isnan(value)
        else:
            good = interval[0] <= value <= interval[1]
        if not good:
            found.append(f"{name} = {value!r}, expected {interval}")
    return found


@pytest.mark.parametrize("seed", range(STUDIES))
def test_a_path_is_that_of_a_plain_program(quotesweep, tmp_path, seed):
    changes = random_studies.settings(seed)
    stored = results_of(quotesweep, tmp_path, changes, seed=seed, paths=1, block=1)
    assert not wrong(stored, plain_results(changes, seed, 1)), changes


@pytest.mark.parametrize("seed", range(1000, 1000 + SUMMARIES))
def test_results_of_a_point_are_those_of_its_paths(quotesweep, tmp_path, seed):
    count = 640 if seed % 5 == 0 else 150
    changes = random_studies.settings(seed, steps=(12, 24 if count == 640 else 50))
    stored = results_of(quotesweep, tmp_path, changes, seed=seed, paths=count, block=count // 5)
    assert not wrong(stored, plain_results(changes, seed, count)), changes


def test_every_result_has_an_oracle(quotesweep, tmp_path):
    changes = random_studies.settings(0)
    stored = results_of(quotesweep, tmp_path, changes, seed=0, paths=1, block=1)
    expected = plain_results(changes, 0, 1)
    assert stored.keys() - expected.keys() <= WITHOUT_ORACLE.keys()
    assert len(stored) > 250  # the names are really read from the file
    del expected["pnl_bias"]
    assert any("pnl_bias has no oracle" in line for line in wrong(stored, expected))
