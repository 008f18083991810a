"""Which part of the program may include which, as src/CMakeLists.txt enforces when it links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

DIRECT = {
    "base": set(),
    "tape": {"base"},
    "market": {"base"},
    "strategy": {"market"},
    "risk": {"market"},
    "signal": {"market"},
    "metrics": {"market"},
    "sim": {"strategy", "risk", "metrics", "signal"},
    "replay": {"sim", "tape"},
    "sweep": {"base"},
    "experiment": {"sim", "replay", "sweep"},
    "schedule": {"sweep"},
    "store": {"sweep", "tape"},
    "config": {"experiment", "store"},
    "app": {"config", "schedule", "store"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)
LIBRARIES = {"mpi.h": "schedule", "hdf5": "store", "yaml-cpp/": "config"}


def below(module: str) -> set[str]:
    """Everything that `module` may include: itself, what it depends on, and what those do."""
    return {module}.union(*(below(other) for other in DIRECT[module]))


def includes(source: Path) -> Iterator[tuple[Path, str]]:
    """(file, included path) of every include in every source file below `source`."""
    for path in sorted(source.rglob("*")):
        if path.suffix in (".hpp", ".cpp", ".h", ".in"):
            for included in INCLUDE.findall(path.read_text()):
                yield path, included


def trespasses(source: Path) -> list[str]:
    """Includes that cross a border, as "file includes file"."""
    found = []
    for path, included in includes(source):
        module, target = path.relative_to(source).parts[0], included.split("/")[0]
        wrong_layer = target in DIRECT and target not in below(module)
        wrong_library = any(included.startswith(name) and module != owner
                            for name, owner in LIBRARIES.items())
        if wrong_layer or wrong_library:
            found.append(f"{path.relative_to(source)} includes {included}")
    return found


def test_every_module_includes_only_what_it_may():
    assert trespasses(ROOT / "src") == []


def test_every_module_is_in_the_table():
    modules = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    assert modules == set(DIRECT)


def test_the_table_is_the_one_that_the_build_enforces():
    text = (ROOT / "src" / "CMakeLists.txt").read_text()
    built = {}
    for name, body in re.findall(r"quotesweep_module\((\w+)\s(.*?)\)", text, re.S):
        built[name] = set(re.findall(r"qs:(\w+)", body))
    assert built == DIRECT


def test_the_sources_include_one_another_at_all():
    assert len([path for path, included in includes(ROOT / "src") if "/" in included]) > 50


@pytest.mark.parametrize("module,line", [
    ("market", '#include "strategy/strategy.hpp"'),
    ("sweep", '#include "market/account.hpp"'),
    ("store", "#include <mpi.h>"),
    ("app", "#  include <hdf5.h>"),
    ("sim", "#include <yaml-cpp/yaml.h>"),
])
def test_a_trespass_is_found(tmp_path, module, line):
    (tmp_path / module).mkdir()
    (tmp_path / module / "bad.hpp").write_text(f"#pragma once\n{line}\n")
    assert len(trespasses(tmp_path)) == 1
