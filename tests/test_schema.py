"""`quotesweep schema`: editors check studies against it, so it must agree with the program."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

SWEEPS = Path(__file__).resolve().parent.parent / "sweeps"
STUDIES = sorted(SWEEPS.rglob("*.yaml"))


@pytest.fixture(scope="module")
def schema(quotesweep) -> dict:
    return json.loads(quotesweep(["schema"], check=True).stdout)


@pytest.fixture
def study() -> dict:
    return yaml.safe_load((SWEEPS / "quickstart.yaml").read_text())


def problems(schema: dict, study: dict) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(study)]


def test_the_schema_is_itself_valid(schema):
    jsonschema.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.name)
def test_every_study_of_ours_is_valid(schema, path):
    assert problems(schema, yaml.safe_load(path.read_text())) == []


def test_there_are_studies():
    assert STUDIES


GOOD = {
    "a list of points": {"sweep": [{"gamma": 0.1, "k": 1.5}, {"gamma": 0.2, "k": 1}]},
    "an axis by its whole name": {"sweep": {"strategy.gamma": [0.1, 0.2]}},
    "a count written as a float": {"paths": 1e6},
    "no sweep": {"sweep": None},
}

BAD = {
    "an unknown key": {"path": 100},
    "an unknown parameter": {"strategy": {"gama": 0.1}},
    "a negative risk aversion": {"strategy": {"gamma": -0.1}},
    "a word for a number": {"fills": {"k": "steep"}},
    "an unknown strategy": {"strategy": {"name": "clairvoyant"}},
    "an inventory limit with a fraction": {"risk": {"q_max": 2.5}},
    "an unknown swept parameter": {"sweep": {"gama": [0.1, 0.2]}},
    "an axis without a number of points": {"sweep": {"gamma": {"log": [0.01, 1]}}},
    "an axis with one end": {"sweep": {"gamma": {"linear": [0.01], "points": 3}}},
    "an empty axis": {"sweep": {"gamma": []}},
    "an axis that is a number": {"sweep": {"gamma": 0.1}},
    "a value twice on an axis": {"sweep": {"gamma": [0.1, 0.1]}},
    "a swept word": {"sweep": {"moves": [1, 2]}},
    "half a path": {"paths": 0.5},
    "a truth value in words": {"common_random_numbers": "sometimes"},
}


def changed(study: dict, change: dict) -> dict:
    """The study with top-level keys replaced, or removed where None."""
    result = copy.deepcopy(study)
    result.update(change)
    return {key: value for key, value in result.items() if value is not None}


def accepts(quotesweep, folder: Path, study: dict) -> bool:
    """Whether the program itself takes the study."""
    path = folder / "study.yaml"
    path.write_text(yaml.safe_dump(study, sort_keys=False))
    done = quotesweep(["plan", path])
    assert done.returncode in (0, 2), done.stderr
    return done.returncode == 0


@pytest.mark.parametrize("case", GOOD)
def test_schema_and_program_both_accept(schema, quotesweep, study, tmp_path, case):
    good = changed(study, GOOD[case])
    assert problems(schema, good) == []
    assert accepts(quotesweep, tmp_path, good)


@pytest.mark.parametrize("case", BAD)
def test_schema_and_program_both_refuse(schema, quotesweep, study, tmp_path, case):
    bad = changed(study, BAD[case])
    assert problems(schema, bad) != []
    assert not accepts(quotesweep, tmp_path, bad)
