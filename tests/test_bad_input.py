"""Bad input: one message with place, key, value and what to do, exit status 2, nothing left behind.

A case is what is wrong and how the message begins; further words must be in it, too.
"""

from __future__ import annotations

import os

import pytest

BAD_USAGE = 2
SECONDS = 60  # more would be a hang

# Text below the line "study: bad", so that it begins on line 2.
STUDIES = {
    "unknown key": [
        ("startegy: {gamma: 1}",
         "study.yaml:2: unknown key 'startegy' in the study; did you mean 'strategy'?"),
        ("strategy:\n  gama: 1",
         "study.yaml:3: unknown key 'gama' in strategy; did you mean 'gamma'?"),
        ("gamma: 1", "study.yaml:2: unknown key 'gamma' in the study; it belongs in strategy"),
        ("risk: {insurance: 3}", "study.yaml:2: unknown key 'insurance' in risk; choose one of: q_max"),
        ("sweep:\n  gamma: {log: [1, 2], pints: 3}", "study.yaml:3: sweep.gamma.pints = 3",
         "unknown key", "{log: [a, b], points: n}"),
        ('market: {"sig\\nma": 1}', 'study.yaml:2: market = {"sig\\nma": 1} (every key must be on one'),
        ("? [a, b]\n: 3", "study.yaml:1: the study = ", "every key must be a name"),
    ],
    "key given twice": [
        ("paths: 5\npaths: 6", "study.yaml:3: paths = 6 (this key stands here twice; remove one)"),
        ("market:\n  T: 1\n  T: 1", "study.yaml:4: market.T = 1", "twice; remove one"),
        ("sweep:\n  k: [1]\n  k: [2]", "study.yaml:4: sweep.k = [2]", "twice; remove one"),
    ],
    "wrong type": [
        ("strategy:\n  gamma: steep", "study.yaml:3: strategy.gamma = steep (must be a finite number"),
        ('strategy: {gamma: "0.1"}', "study.yaml:2: strategy.gamma = 0.1", "without quotes"),
        ("strategy: {gamma: !!str 0.1}", "study.yaml:2: strategy.gamma = ", "without a tag"),
        ("strategy:\n  gamma:\n    - 1\n    - 2",
         "study.yaml:3: strategy.gamma = [1, 2] (must be a number)"),
        ("strategy: {gamma: {a: 1}}", "study.yaml:2: strategy.gamma = {a: 1} (must be a number)"),
        ("strategy: {gamma: }", "study.yaml:2: strategy.gamma = ~ (must be a number)"),
        ("strategy: {floor_quotes: 1}",
         "study.yaml:2: strategy.floor_quotes = 1 (must be true or false)"),
        ('common_random_numbers: "no"', "study.yaml:2: common_random_numbers = no", "without quotes"),
        ("market: 3", "study.yaml:2: market = 3 (must be a mapping of keys to values)"),
        ("market: [sigma]", "study.yaml:2: market = [sigma] (must be a mapping"),
        ("sweep: 3", "study.yaml:2: sweep = 3 (must be a mapping from parameters to values"),
        ("sweep: {gamma: 3}", "study.yaml:2: sweep.gamma = 3 (must be a list of values, or {linear"),
        ("sweep:\n  - 5", "study.yaml:3: sweep = 5 (must be a mapping"),
        ("sweep:\n  gamma:\n    - 1\n    - two", "study.yaml:5: sweep.gamma = two (must be a finite"),
        ("output: [a]", "study.yaml:2: output = [a] (must be a name)"),
        ('output: ""', 'study.yaml:2: output = "" (must be a name)'),
        ('output: "a\\0b"', 'study.yaml:2: output = "a\\x00b" (must be a name on one line'),
    ],
    "value out of range": [
        ("strategy:\n  gamma: -0.1", "study.yaml:3: strategy.gamma = -0.1 (must be > 0"),
        ("strategy: {gamma: 0}", "study.yaml:2: strategy.gamma = 0 (must be > 0"),
        ("market: {sigma: -1}", "study.yaml:2: market.sigma = -1 (must be from 0"),
        ("market: {sigma: 1e400}", "study.yaml:2: market.sigma = 1e400", "out of the range of numbers"),
        ("account: {maker_fee: 2}", "study.yaml:2: account.maker_fee = 2 (must be from -1 to 1)"),
        ("risk: {q_max: 0}", "study.yaml:2: risk.q_max = 0 (must be > 0, or .inf"),
        ("paths: 0", "study.yaml:2: paths = 0 (must be from 1"),
        ("seed: -1", "study.yaml:2: seed = -1 (must be from 0"),
        ("block: 2e6", "study.yaml:2: block = 2e6 (must be from 1"),
        ("strategy: {name: symetric}", "study.yaml:2: strategy.name = symetric (must be one of: ",
         "did you mean 'symmetric'?"),
        ("precision: half", "study.yaml:2: precision = half (must be auto, single or double)"),
        ("sweep:\n  gamma:\n    - 1\n    - -1", "study.yaml:5: sweep.gamma = -1 (must be > 0"),
        ("sweep: {sigma: {log: [0, 1], points: 3}}",
         "study.yaml:2: sweep.sigma = {log: [0, 1], points: 3} (both ends of 'log' must be > 0)"),
        ("sweep: {q_max: {linear: [0, 4], points: 5}}",
         "study.yaml:2: sweep.q_max.linear = 0 (must be > 0, or .inf"),
        ("strategy: {half_spread: average}", "study.yaml:2: strategy.half_spread = average",
         "applies only with strategy.name: symmetric. Remove it"),
    ],
    "empty axis": [
        ("sweep:\n  gamma: []", "study.yaml:3: sweep.gamma = [] (has no values; give at least one"),
        ("sweep: []", "study.yaml:2: sweep = [] (has no points; give at least one"),
        ("sweep:\n  - {}\n  - {gamma: 1}", "study.yaml:3: sweep = {} (names no parameters; give it"),
        ("sweep: {gamma: {log: [1, 2], points: 0}}",
         "study.yaml:2: sweep.gamma.points = 0 (must be from 1"),
        ("sweep: {gamma: {log: [1, 2]}}", "study.yaml:2: sweep.gamma = {log: [1, 2]} (needs "),
        ("sweep: {gamma: {log: [1], points: 3}}",
         "study.yaml:2: sweep.gamma.log = [1] (must be the two ends"),
        ("sweep:\n  - {gamma: 1, k: 1}\n  - {gamma: 2}", "study.yaml:4: sweep = {gamma: 2} (lacks "
         "fills.k; every point of a list must name the same parameters"),
    ],
    "duplicated axis": [
        ("sweep:\n  gamma: [1, 2, 1.0]", "study.yaml:3: sweep.gamma = [1, 2, 1.0] (1 stands there "
         "twice; remove one)"),
        ("sweep: {gamma: {linear: [1, 1], points: 2}}", "study.yaml:2: sweep.gamma = {linear: [1, 1],",
         "1 stands there twice"),
    ],
    "name swept twice": [
        ("sweep:\n  gamma: [1]\n  strategy.gamma: [2]",
         "study.yaml:4: sweep.strategy.gamma = [2] (strategy.gamma is swept twice; remove one)"),
        ("sweep:\n  - {gamma: 1, strategy.gamma: 2}",
         "study.yaml:3: sweep.strategy.gamma = 2 (every point of a list must name", "each once"),
    ],
    "unknown swept name": [
        ("sweep:\n  gama: [1]",
         "study.yaml:3: sweep: unknown parameter 'gama'; did you mean 'gamma'?"),
        ("sweep: {risk.gamma: [1]}", "study.yaml:2: sweep: unknown parameter 'risk.gamma'",
         "did you mean "),
        ("sweep: {insurance: [1]}", "study.yaml:2: sweep: unknown parameter 'insurance'; `quotesweep "
         "describe` lists them all"),
        ("sweep: {paths: [1, 2]}", "study.yaml:2: sweep: unknown parameter 'paths'"),
        ("sweep:\n  - {gama: 1}", "study.yaml:3: sweep: unknown parameter 'gama'"),
        ("sweep: {moves: [1]}", "study.yaml:2: sweep.moves = 1 (must be one of: normal, binomial)"),
        ("sweep: {detail: [basic, full]}", "study.yaml:2: sweep.detail = [basic, full] (metrics.detail "
         "is the same for all points; set it in its section)"),
    ],
    "T/dt not an integer": [
        ("market:\n  T: 1\n  dt: 0.3", "study.yaml:4: market.T = 1 and market.dt = 0.3 give T/dt = ",
         "must be an integer", "choose dt = T/n"),
        ("sweep:\n  k: [1]\n  dt: [0.1, 0.3]", "study.yaml:4: point 1 (fills.k = 1, market.dt = 0.3)",
         "choose dt = T/n"),
        ("market:\n  dt: 0.01\nsweep:\n  T: [1, 1.001]", "study.yaml:5: point 1 (market.T = 1.001)"),
        ("sweep:\n  - {dt: 0.1}\n  - {dt: 0.3}", "study.yaml:2: point 1 (market.dt = 0.3)"),
        ("metrics: {clock: 0.3}", "study.yaml:2: metrics.clock = 0.3 (must be a whole number of steps",
         "choose clock = m dt"),
    ],
    "fractional count": [
        ("paths: 1.5", "study.yaml:2: paths = 1.5 (must be a whole number)"),
        ("block: 0.5", "study.yaml:2: block = 0.5 (must be a whole number)"),
        ("seed: 1e-3", "study.yaml:2: seed = 1e-3 (must be a whole number)"),
        ("risk: {open_orders: 1.5}", "study.yaml:2: risk.open_orders = 1.5 (must be a whole number)"),
        ("sweep: {open_orders: [1, 1.5]}",
         "study.yaml:2: sweep.open_orders = 1.5 (must be a whole number)"),
        ("sweep: {open_orders: {linear: [1, 2], points: 3}}",
         "study.yaml:2: sweep.open_orders = {linear: [1, 2], "
         "points: 3} (risk.open_orders = 1.5: must be a whole number)"),
        ("sweep: {gamma: {log: [1, 2], points: 2.5}}",
         "study.yaml:2: sweep.gamma.points = 2.5 (must be a whole number)"),
    ],
    "NaN or infinity": [
        *((f"strategy:\n  gamma: {value}", f"study.yaml:3: strategy.gamma = {value} (must be ", "finite")
          for value in (".nan", ".inf", "-.inf", "nan", "inf", "-infinity")),
        *((f"paths: {value}", f"study.yaml:2: paths = {value} (must be ", "finite")
          for value in (".nan", ".inf", "inf")),
        ("sweep: {gamma: [1, .nan]}", "study.yaml:2: sweep.gamma = .nan (must be a finite number"),
        ("sweep: {gamma: {linear: [1, inf], points: 3}}",
         "study.yaml:2: sweep.gamma.linear = inf (must be finite)"),
    ],
    "too many points or paths": [
        ("sweep:\n  gamma: {linear: [1, 2], points: 1e4}\n  k: {linear: [1, 2], points: 1e4}",
         "study.yaml:4: sweep.k = {linear: [1, 2], points: 1e4} (the grid has more than 10000000 "
         "points; make it smaller)"),
        ("sweep: {gamma: {linear: [1, 2], points: 1e9}}",
         "study.yaml:2: sweep.gamma.points = 1e9 (must be from 1 to 1e+07)"),
        ("paths: 1e30", "study.yaml:2: paths = 1e30 (must be from 1 to 1e+12)"),
        ("sweep: {gamma: {linear: [1, 2], points: 2e6}}\npaths: 1e12", "study.yaml:3: paths = 1e12 (at "
         "2000000 points that makes 2e+18 paths, must be at most 1e+18; lower it)"),
        ("market:\n  dt: 1e-12", "study.yaml:3: market.T = 1 and market.dt = 1e-12",
         "from 1 to 2^31"),
    ],
    "output that cannot be written": [
        ("output: missing/bad.h5", "study.yaml:2: output = missing/bad.h5: there is no folder missing. "
         "Make it, or choose another with -o."),
        ("output: .", "study.yaml:2: output = .: is a folder (must be a file). Choose a file"),
        ("output: study.yaml/bad.h5", "study.yaml:2: output = study.yaml/bad.h5: cannot write here: ",
         "Choose another folder with -o."),
        ("output: /proc/bad.h5", "study.yaml:2: output = /proc/bad.h5: cannot write here: "),
        ("output: study.yaml", "study.yaml:2: output = study.yaml: is the study itself. Choose "),
        (f"output: {'x' * 300}", "study.yaml:2: output = xxx", "cannot write here: ", "Choose another"),
    ],
}

# Whole files, byte by byte.
FILES = {
    "invalid YAML": [
        (b"market: {sigma: 1", "study.yaml:1: not valid YAML: ", "Check brackets"),
        (b"study: x\na: b: c\n", "study.yaml:2: not valid YAML: ", "Check brackets, colons"),
        (b"market:\n\tsigma: 1\n", "study.yaml:2: not valid YAML: ", "spaces, no tabs"),
        (b"paths: *many\n", "study.yaml:1: not valid YAML: "),
        (b"[" * 100000, "study.yaml:1: not valid YAML: "),
    ],
    "not one study": [
        (b"paths: 5\n---\npaths: 6\n", "study.yaml:3: begins one of 2 YAML documents (must be one); "
         "remove the lines '---'"),
        (b"", "study.yaml: holds nothing (a study must be a mapping such as 'market: {sigma: 2}')"),
        (b"# nothing yet\n", "study.yaml: holds nothing"),
        (b"- 1\n- 2\n", "study.yaml:1: the study = [1, 2] (must be a mapping such as"),
        (b"just words\n", "study.yaml:1: the study = just words (must be a mapping such as"),
    ],
    "binary file": [
        (b"\x89HDF\r\n\x1a\n\0\0\0", "study.yaml:1: holds the byte 0x89, which is not text",
         "Choose another file, or save it as UTF-8"),
        (b"study: x\n\0\1\2\n", "study.yaml:2: holds the byte 0x00, which is not text"),
        ("study: café\n".encode("latin-1"), "study.yaml:1: holds the byte 0xe9, which is not text"),
        ("study: x\n".encode("utf-16"), "study.yaml:1: holds the byte 0xff, which is not text"),
    ],
}

# Arguments after `run`; the folder holds a good study, an empty folder and a pipe.
ARGUMENTS = {
    "missing file": [
        (["missing.yaml"], "missing.yaml: no such file. Check the name; relative ones start from "),
        (["missing/study.yaml"], "missing/study.yaml: no such file. Check the name"),
        ([""], ": no such file. Check the name"),
    ],
    "no file to read": [
        (["."], ".: is a folder, not a study. Name a YAML file in it"),
        (["/proc/self/mem"], "/proc/self/mem: cannot be read: ", "Check its permissions, or choose"),
        (["/dev/zero"], "/dev/zero: is larger than 100 MB, so it is not a study. Choose another"),
        (["study.yaml/x"], "study.yaml/x: no such file. Check the name"),
        (["x" * 300], "xxx", "xxx: cannot be read: ", "Check its permissions, or choose another file"),
    ],
    "setting": [
        (["study.yaml", "--set", given], f"--set {given}: {problem}") for given, problem in [
            ("paths", "must be KEY=VALUE, such as gamma=0.2"),
            ("=5", "must be KEY=VALUE, such as gamma=0.2"),
            ("gama=1", "unknown key 'gama'; did you mean 'gamma'?"),
            ("insurance=1", "unknown key 'insurance'; `quotesweep describe` lists the parameters"),
            ("risk.insurance=1", "unknown key 'insurance' in risk; choose one of: q_max"),
            ("market.sigma.x=1", "unknown key 'sigma.x' in market; did you mean 'sigma'?"),
            ("paths=", "paths = ~ (must be a number)"),
            ("paths=1.5", "paths = 1.5 (must be a whole number)"),
            ("paths=1e30", "paths = 1e30 (must be from 1 to 1e+12)"),
            ("paths=.inf", "paths = .inf (must be a finite number"),
            ("sigma=-1", "market.sigma = -1 (must be from 0"),
            ("sigma=[1, 2]", "market.sigma = [1, 2] (must be a number)"),
            ("sigma=[1, 2", "not valid YAML: "),
            ("study=a: b: c", "not valid YAML: "),
            ("dt=0.3", "market.T = 1 and market.dt = 0.3 give T/dt = "),
            ("sweep.dt=[0.1, 0.3]", "point 1 (strategy.gamma = 0.1, market.dt = 0.3)"),
            ("sweep.gamma=[]", "sweep.gamma = [] (has no values; give at least one"),
            ("sweep.gamma=[1, 1]", "sweep.gamma = [1, 1] (1 stands there twice; remove one)"),
            ("sweep.gama=[1]", "unknown parameter 'gama'; did you mean 'gamma'?"),
            ("sweep={k: [1], fills.k: [2]}", "sweep.fills.k = [2] (fills.k is swept twice; remove one)"),
            ("sweep.k={linear: [1, 2], points: 1e9}", "sweep.k.points = 1e9 (must be from 1 to 1e+07)"),
            ("output=missing/bad.h5", "output = missing/bad.h5: there is no folder missing. Make it"),
            ("output=\udcff.h5", "holds the byte 0xff, which is not text"),
        ]
    ],
    "setting of two lines": [
        (["study.yaml", "--set", "paths=\n5.5"], "--set paths= 5.5: paths = 5.5 (must be a whole number)"),
        (["study.yaml", "--set", "gam\na=1"], "--set gam a=1: unknown key 'gam a'; did you mean "),
    ],
    "setting of a swept value": [
        (["study.yaml", "--set", given], f"--set {given}: strategy.gamma is swept, so this value would "
         "not be used. Set its axis instead: --set 'sweep.gamma=[0.2]'")
        for given in ("gamma=0.2", "strategy.gamma=0.2")
    ],
    "chosen output that cannot be written": [
        (["study.yaml", "-o", "missing/bad.h5"], "-o missing/bad.h5: there is no folder missing. Make"),
        (["study.yaml", "-o", "study.yaml/bad.h5"], "-o study.yaml/bad.h5: cannot write here: ",
         "Choose another folder"),
        (["study.yaml", "-o", "/proc/bad.h5"], "-o /proc/bad.h5: cannot write here: "),
        (["study.yaml", "-o", "folder", "--fresh"], "-o folder: is a folder (must be a file). Choose "),
        (["study.yaml", "-o", "pipe", "--fresh"], "-o pipe: is a device or the like (must be a file)"),
        (["study.yaml", "-o", "study.yaml", "--fresh"], "-o study.yaml: is the study itself. Choose "),
        (["study.yaml", "-o", ""], "-o '' (must be the name of a file). Give it one."),
    ],
}

GOOD_STUDY = b"sweep: {gamma: [0.1, 0.2]}\npaths: 64\nblock: 64\n"


def cases():
    """Of every kind (content of study.yaml, arguments, beginning of the message, further words)."""
    for kind, all_of_kind in STUDIES.items():
        yield kind, [(f"study: bad\n{text}\n".encode(), ["study.yaml"], *words)
                     for text, *words in all_of_kind]
    for kind, all_of_kind in FILES.items():
        yield kind, [(content, ["study.yaml"], *words) for content, *words in all_of_kind]
    for kind, all_of_kind in ARGUMENTS.items():
        yield kind, [(GOOD_STUDY, arguments, *words) for arguments, *words in all_of_kind]


ALL = [pytest.param(case, id=f"{kind} {number}")
       for kind, all_of_kind in cases() for number, case in enumerate(all_of_kind)]
ONE_OF_EACH = [pytest.param(all_of_kind[0], id=kind) for kind, all_of_kind in cases()]
OF_THE_STUDY = [one for one in ONE_OF_EACH if "written" not in one.id]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def check_refused(quotesweep, folder, command, case, ranks=None):
    content, arguments, beginning, *words = case
    (folder / "study.yaml").write_bytes(content)
    before = sorted(folder.rglob("*"))
    refused = quotesweep([command, *arguments], ranks, timeout=SECONDS, errors="surrogateescape")
    assert refused.returncode == BAD_USAGE
    lines = refused.stderr.splitlines()
    message, = (line for line in lines if line.startswith("quotesweep:"))
    assert ranks or lines == [message]  # mpirun has something to say, too
    assert ranks or refused.stdout == ""
    assert message.startswith(f"quotesweep: {beginning}")
    assert all(word in message for word in words), message
    assert sorted(folder.rglob("*")) == before
    assert (folder / "study.yaml").read_bytes() == content


@pytest.mark.parametrize("case", ALL)
def test_bad_input_is_told_once_and_leaves_nothing(quotesweep, folder, case):
    check_refused(quotesweep, folder, "run", case)


@pytest.mark.parametrize("case", OF_THE_STUDY)
def test_plan_refuses_it_as_run_does(quotesweep, folder, case):
    check_refused(quotesweep, folder, "plan", case)


@pytest.mark.parametrize("case", ONE_OF_EACH)
def test_of_four_ranks_one_tells_and_none_hangs(quotesweep, folder, case):
    check_refused(quotesweep, folder, "run", case, ranks=4)


@pytest.mark.parametrize("option, value", [("--threads", "0"), ("--shard", "4/4")])
def test_of_four_ranks_one_tells_what_is_wrong_with_the_command_line(
    quotesweep, folder, option, value
):
    refused = quotesweep(["run", "study.yaml", option, value], 4, timeout=SECONDS)
    assert refused.returncode == BAD_USAGE
    assert sum(line.startswith(option) for line in refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("output", ["missing/bad.h5", "/proc/bad.h5"])
def test_launch_tells_once_that_the_output_cannot_be_written(quotesweep, folder, output):
    (folder / "study.yaml").write_bytes(GOOD_STUDY)
    refused = quotesweep(["launch", "-n", 2, "study.yaml", "-o", output], timeout=SECONDS)
    assert refused.returncode == BAD_USAGE
    message, = (line for line in refused.stderr.splitlines() if line.startswith("quotesweep:"))
    assert message.startswith(f"quotesweep: -o {output}: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write and read anywhere")
def test_permissions_are_told(quotesweep, folder):
    (folder / "folder").chmod(0o500)
    case = (GOOD_STUDY, ["study.yaml", "-o", "folder/bad.h5"],
            "-o folder/bad.h5: cannot write here: Permission denied. Choose another folder")
    check_refused(quotesweep, folder, "run", case)
    (folder / "secret.yaml").touch(0o000)
    case = (GOOD_STUDY, ["secret.yaml"], "secret.yaml: cannot be read: Permission denied. Check its")
    check_refused(quotesweep, folder, "run", case)


def test_the_good_study_is_good(quotesweep, folder):
    (folder / "study.yaml").write_bytes(GOOD_STUDY)
    assert quotesweep(["run", "study.yaml"], timeout=SECONDS).returncode == 0
