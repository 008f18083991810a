"""`quotesweep schema`: editors check studies against it, so it must agree with the program."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path

import h5py
import jsonschema
import numpy as np
import pytest
import yaml

TESTS = Path(__file__).resolve().parent
SWEEPS = TESTS.parent / "sweeps"
STUDIES = sorted([*SWEEPS.rglob("*.yaml"), *TESTS.rglob("*.yaml")])


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


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: str(path.relative_to(TESTS.parent)))
def test_every_study_of_ours_is_valid(schema, path):
    assert problems(schema, yaml.safe_load(path.read_text())) == []


def test_there_are_studies():
    assert {"quickstart.yaml", "study.yaml"} <= {path.name for path in STUDIES}


def settings(schema: dict) -> dict[str, dict]:
    """What the schema says of every parameter and every other key with a value of its own."""
    keys = {}
    for name, entry in schema["properties"].items():
        if "properties" not in entry:
            keys[name] = entry
        for key, parameter in entry.get("properties", {}).items():
            keys[f"{name}.{key}"] = parameter
    for name in ("sweep", "tape", "symbols"):
        del keys[name]
    return keys


def described(quotesweep, name: str) -> dict[str, str]:
    """What `quotesweep describe` says of a parameter."""
    lines = quotesweep(["describe", name], check=True).stdout.splitlines()
    return {"meaning": lines[1].strip()} | dict(line.split(maxsplit=1) for line in lines[2:])


def test_editors_can_show_meaning_unit_and_default_of_every_key(schema, quotesweep):
    for name, key in settings(schema).items():
        text = key["description"]
        assert "; default " in text, name
        endless = "default" not in key and text.endswith("; default .inf")  # no number of JSON
        assert name == "output" or endless or not problems(key, key["default"]), name
        if "." not in name:
            continue
        said = described(quotesweep, name)
        assert text.startswith(said["meaning"]), name
        assert f"default {said['default']}" in text, name
        assert f"[{said['unit']}]" in text if "unit" in said else "[" not in text, name
        if endless:
            continue
        assert json.dumps(key["default"]).strip('"') in (said["default"], said["default"] + ".0")
        assert said.get("only", "") in text, name


def test_editors_can_complete_sections_choices_and_axes(schema, quotesweep):
    sections = schema["properties"]
    assert all(section["description"] for section in sections.values())
    assert sections["strategy"]["properties"]["name"]["enum"] == (
        described(quotesweep, "strategy.name")["values"].split(" | "))
    grid, points = sections["sweep"]["anyOf"]
    for choices in (grid["properties"], points["items"]["properties"]):
        assert "risk aversion per money" in choices["gamma"]["description"]
        assert "[1 / money]" in choices["gamma"]["description"]
        assert choices["gamma"] == choices["strategy.gamma"]


def test_defaults_of_the_schema_change_nothing(schema, quotesweep, tmp_path):
    study: dict = {"paths": 64, "block": 64}
    for name, key in settings(schema).items():
        section, dot, parameter = name.partition(".")
        if dot and "default" in key and "only with" not in key["description"]:
            study.setdefault(section, {})[parameter] = key["default"]
        elif not dot and "default" in key:
            study.setdefault(name, key["default"])
    digests = []
    for number, text in enumerate([yaml.safe_dump(study), "{paths: 64, block: 64}"]):
        (tmp_path / "s.yaml").write_text(text)
        quotesweep(["run", tmp_path / "s.yaml", "-o", tmp_path / f"{number}.h5"], check=True)
        digests.append(quotesweep(["digest", tmp_path / f"{number}.h5"], check=True).stdout)
    assert digests[0] == digests[1]


GOOD = {
    "a list of points": {"sweep": [{"gamma": 0.1, "k": 1.5}, {"gamma": 0.2, "k": 1}]},
    "an axis by its whole name": {"sweep": {"strategy.gamma": [0.1, 0.2]}},
    "a count written as a float": {"paths": 1e6},
    "no sweep": {"sweep": None},
    "a number for a name": {"study": 2008, "output": 5},
    "a truth value for a name": {"study": True},
    "a swept choice and a swept flag": {"sweep": {"moves": ["normal", "binomial"],
                                                  "floor_quotes": [True, False]}},
    "points with choices": {"sweep": [{"moves": "normal", "k": 1}, {"moves": "binomial", "k": 1}]},
    "a limit with a fraction, or none": {"risk": {"q_max": 2.5}, "sweep": {"q_max": [1.5, math.inf]}},
    "spaces and letters of any kind in names": {"study": "été 漢字", "output": "a b.h5"},
}

BAD = {
    "an unknown key": {"path": 100},
    "an unknown parameter": {"strategy": {"gama": 0.1}},
    "a negative risk aversion": {"strategy": {"gamma": -0.1}},
    "a word for a number": {"fills": {"k": "steep"}},
    "an unknown strategy": {"strategy": {"name": "clairvoyant"}},
    "a number of orders with a fraction": {"risk": {"open_orders": 1.5}},
    "an unknown swept parameter": {"sweep": {"gama": [0.1, 0.2]}},
    "an axis without a number of points": {"sweep": {"gamma": {"log": [0.01, 1]}}},
    "an axis with one end": {"sweep": {"gamma": {"linear": [0.01], "points": 3}}},
    "an empty axis": {"sweep": {"gamma": []}},
    "an axis that is a number": {"sweep": {"gamma": 0.1}},
    "a value twice on an axis": {"sweep": {"gamma": [0.1, 0.1]}},
    "a number for a swept word": {"sweep": {"moves": [1, 2]}},
    "an unknown swept word": {"sweep": {"moves": ["normal", "cauchy"]}},
    "a word for a swept flag": {"sweep": {"floor_quotes": ["yes"]}},
    "evenly spaced words": {"sweep": {"moves": {"linear": ["normal", "binomial"], "points": 2}}},
    "what shapes the file, swept": {"sweep": {"detail": ["basic", "full"]}},
    "the model, swept": {"sweep": {"model": ["brownian", "cointegrated"]}},
    "half a path": {"paths": 0.5},
    "a truth value in words": {"common_random_numbers": "sometimes"},
    "a truth value in quotes": {"common_random_numbers": "true"},
    "a number in quotes": {"market": {"sigma": "2"}},
    "a study without a name": {"study": ""},
    "a list for a name": {"study": ["a", "b"]},
    "a name of two lines": {"study": "a\nb"},
    "an output without a name": {"output": ""},
    "an output of two lines": {"output": "a\nb.h5"},
    "an empty list of points": {"sweep": []},
    "a point without parameters": {"sweep": [{"gamma": 1}, {}]},
    "a section that is a number": {"market": 5},
    "no seed": {"seed": -1},
    "too many paths": {"paths": 1e13},
    "too many values on an axis": {"sweep": {"gamma": {"linear": [1, 2], "points": 1e8}}},
    "a logarithm of nothing": {"sweep": {"sigma": {"log": [0, 1], "points": 3}}},
}


GOOD_REPLAYS = {
    "a tape by its name": {},
    "a part of a tape": {"tape": {"file": "tape.h5", "symbols": ["TWO", "ONE"],
                                  "from": "2024-01-01T01:00", "to": "2024-01-02"}},
    "settings of symbols": {"symbols": {"ONE": {"tick": 0.01, "strategy.name": "mexico"}, "TWO": {}}},
    "strategies on an axis": {"sweep": {"strategy.name": ["tokyo", "mexico"],
                                        "orders.fill": ["touch", "path"],
                                        "adaptive_sizes": [True, False]}},
    "rules of orders": {"orders": {"fill": "path", "life": 3, "latency": 1, "close_at_end": False}},
}

BAD_REPLAYS = {
    "a tape without a file": {"tape": {"symbols": ["ONE"]}},
    "a tape that is a list": {"tape": ["tape.h5"]},
    "an unknown key of the tape": {"tape": {"file": "tape.h5", "begin": "2024-01-01"}},
    "a symbol twice": {"tape": {"file": "tape.h5", "symbols": ["ONE", "ONE"]}},
    "no symbols": {"tape": {"file": "tape.h5", "symbols": []}},
    "a date in another order": {"tape": {"file": "tape.h5", "from": "01/01/2024"}},
    "an unknown parameter of a symbol": {"symbols": {"ONE": {"tik": 1}}},
    "a bad value of a symbol": {"symbols": {"ONE": {"tick": -1}}},
    "the account of a symbol": {"symbols": {"ONE": {"capital": 5}}},
    "symbols in a list": {"symbols": ["ONE"]},
    "an unknown rule of orders": {"orders": {"fill": "hope"}},
    "half an order's life": {"orders": {"life": 0.5}},
    "an unknown swept strategy": {"sweep": {"strategy.name": ["tokyo", "osaka"]}},
    "a swept model": {"sweep": {"model": ["replay"]}},
    "swept resamples": {"sweep": {"bootstrap": [10, 20]}},
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


@pytest.fixture
def replay(tmp_path, monkeypatch) -> dict:
    """A study of a tape, which lies in the working directory."""
    monkeypatch.chdir(tmp_path)
    hours = np.arange(48)
    with h5py.File("tape.h5", "w") as file:
        file.attrs.update({"quotesweep_tape_version": 1, "bar_seconds": 3600.0,
                           "annualization": 8760.0})
        file["symbol"] = np.array(["ONE", "TWO"], dtype=h5py.string_dtype())
        file["time"] = (1704067200 + 3600 * hours) * 10**9
        for name in ("open", "high", "low", "close", "volume"):
            file[name] = np.full((2, 48), 100.0)
    return {"tape": "tape.h5", "strategy": {"name": "mexico"}, "metrics": {"clock": 4}}


@pytest.mark.parametrize("case", GOOD_REPLAYS)
def test_schema_and_program_both_accept_a_replay(schema, quotesweep, replay, tmp_path, case):
    good = changed(replay, GOOD_REPLAYS[case])
    assert problems(schema, good) == []
    assert accepts(quotesweep, tmp_path, good)


@pytest.mark.parametrize("case", BAD_REPLAYS)
def test_schema_and_program_both_refuse_a_replay(schema, quotesweep, replay, tmp_path, case):
    bad = changed(replay, BAD_REPLAYS[case])
    assert problems(schema, bad) != []
    assert not accepts(quotesweep, tmp_path, bad)
