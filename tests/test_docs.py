"""The examples of README.md and docs/*.md, run as they stand there; pages.py says how to write them.

`pytest tests/test_docs.py --update` writes what the program prints now into the pages.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from program import MPI_ENVIRONMENT, ROOT
from pages import ALL, FAILURE, PROGRESS, examples_of, fits, updated

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLE = ROOT / "tests" / "example"


def run(example, folder, environment):
    """The lines that it prints; failure of the command is one more line."""
    command = ["bash", "-c", example.command]
    if example.runner == "python":
        command = [sys.executable, "-c", example.command]
    done = subprocess.run(command, cwd=folder, env=environment, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    lines = [line.rstrip() for line in done.stdout.splitlines() if not PROGRESS.match(line)]
    explained = any(line.startswith(("quotesweep: ", "quotesweep-import: ")) for line in lines)
    if done.returncode == 0 or explained and example.runner == "bash":
        return lines
    return [*lines, f"{FAILURE}{done.returncode}]"]


def apply(lines, root, where):
    """The path of the file that a diff is for, and its text with the diff's changes made."""
    assert lines[0].startswith("--- "), f"{where}: a diff begins with '--- PATH'"
    path = root / lines[0][4:]
    text = path.read_text()
    for hunk in "\n".join(lines[1:]).split("\n@@\n"):
        hunk = hunk.split("\n")
        old = "".join(f"{line[1:]}\n" for line in hunk if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in hunk if not line.startswith("-"))
        count = text.count(old)
        assert count == 1, f"{where}: these lines are {count} times in {lines[0][4:]}, not once:\n{old}"
        text = text.replace(old, new)
    return path, text


@pytest.fixture(scope="session")
def extended_program(tmp_path_factory):
    """The program with the strategy of docs/extending.md, built from a copy of the sources."""
    if not ALL:
        return None
    root = tmp_path_factory.mktemp("extended")
    for name in ["CMakeLists.txt", "CMakePresets.json", "cmake", "src", "tests"]:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    for name in ["src", "tests"]:
        shutil.copytree(EXAMPLE / name, root / name, dirs_exist_ok=True)
    page = ROOT / "docs" / "extending.md"
    for example in examples_of(page.read_text().splitlines()):
        if example.runner == "diff":
            path, text = apply(example.shown, root, f"{page}:{example.first}")
            path.write_text(text)
    for command in [["cmake", "--preset", "release", "-D", "QUOTESWEEP_BENCHMARKS=OFF"],
                    ["cmake", "--build", "build", "--target", "quotesweep_program", "test_strategy"]]:
        subprocess.run(command, cwd=root, check=True)
    subprocess.run([next((root / "build").rglob("test_strategy"))], check=True)
    return root / "build" / "quotesweep"


def prepare(folder, program):
    """A folder like a freshly built copy of the repository, as far as examples need one."""
    shutil.copytree(ROOT / "sweeps", folder / "sweeps")
    for name in ["analysis", "calibration"]:
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "quotesweep-calibrate", folder)  # a link would lead back to the repository
    for path, target in [("build/quotesweep", program), (".venv/bin/python", sys.executable)]:
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(f'#!/bin/sh\nexec "{target}" "$@"\n')
        (folder / path).chmod(0o755)
    (folder / "results").mkdir()
    shutil.copy(ROOT / "quotesweep-import", folder)  # with the environment of this folder
    (folder / "tapes").symlink_to(ROOT / "tapes")
    return os.environ | MPI_ENVIRONMENT | {
        "PATH": f"{folder}/build:{folder}/.venv/bin:{os.environ['PATH']}",
        "HDF5_USE_FILE_LOCKING": "FALSE", "LC_ALL": "C.UTF-8"}


def check(example, page, folder, environment):
    """None, or what is wrong with it and the lines that would be right."""
    where = f"{page.relative_to(ROOT)}:{example.first}"
    if example.runner == "file":
        (folder / example.command).write_text("".join(f"{line}\n" for line in example.shown))
        return None
    if example.runner == "diff":
        apply(example.shown, ROOT, where)
        return None
    if example.runner == "same":
        printed = (ROOT / example.command).read_text().splitlines()
    else:
        printed = run(example, folder, environment)
    failed = bool(printed) and printed[-1].startswith(FAILURE)
    if not failed if example.runner == "hidden" else fits(example.shown, printed):
        return None
    difference = difflib.unified_diff(example.shown, printed, "the page", "now", lineterm="", n=1)
    return f"{where}: {example.command}\n" + "\n".join(difference), updated(example.shown, printed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_print_what_the_page_shows(page, quotesweep, tmp_path, request):
    lines = page.read_text().splitlines()
    program = quotesweep.program
    if "<!-- with the example -->" in lines and ALL:
        program = request.getfixturevalue("extended_program")
    environment = prepare(tmp_path, program)
    problems, corrections = [], []
    for example in list(examples_of(lines)):  # all first: output stands below what prints it
        if found := check(example, page, tmp_path, environment):
            problems.append(found[0])
            corrections.append((example, found[1]))
    if request.config.getoption("--update"):
        for example, correct in reversed(corrections):
            if example.runner == "hidden":
                continue
            correct = correct if example.fenced else ["", "```text", *correct, "```"]
            lines[example.first:example.first + len(example.shown)] = correct
        page.write_text("\n".join(lines) + "\n")
    else:
        assert not problems, "\n\n".join(problems) + "\n\nIf the page is what is wrong: --update"


# What else must hold of the pages -----------------------------------------------------------------

def anchor(title):
    """The name that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def prose(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "FORMAT.md"],
                         ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page.read_text())):
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{target}: no such file"
        if heading:
            titles = re.findall(r"^#+ (.*)$", prose(path.read_text()), re.MULTILINE)
            assert heading in map(anchor, titles), f"{target}: no such heading"


def test_every_parameter_is_explained(quotesweep):
    text = (ROOT / "docs" / "studies.md").read_text()
    listed = quotesweep(["describe"], check=True).stdout.splitlines()
    section = ""
    for line in listed[:-1]:
        if found := re.match(r"(\w+)$", line):
            section = found[1]
        elif found := re.match(r"  (\w+) ", line):
            assert f"| `{section}.{found[1]}` |" in text, f"{section}.{found[1]}: not in studies.md"


def test_every_result_is_defined(quotesweep, tmp_path):
    text = (ROOT / "docs" / "metrics.md").read_text()
    study = tmp_path / "small.yaml"
    study.write_text("study: small\npaths: 64\nblock: 64\nmetrics: {quantiles: always, detail: full}\n")
    quotesweep(["run", study, "-o", tmp_path / "small.h5"], check=True)
    header = quotesweep(["show", tmp_path / "small.h5", "--csv"], check=True).stdout.split("\n")[0]
    for name in header.split(","):
        base = re.sub(r"_(se|sd|skewness|kurtosis)$", "", name)
        base = re.sub(r"^.*_(q\d\d|sketch_error)$", r"X_\1", base)
        assert f"`{base}`" in text, f"{name}: not in metrics.md"
