"""Every study in a folder here has a known digest, on every machine, compiler and instruction set.

A change of digest is a change of results. `pytest tests/regression --update` accepts it; commit the
new file alone and say in its message what changed and why.
"""

from pathlib import Path

import pytest

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/study.yaml"))


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_results_are_the_ones_on_record(quotesweep, tmp_path, request, case, precision):
    output = tmp_path / "out.h5"
    quotesweep(["run", case / "study.yaml", "-o", output, "--set", f"precision={precision}"], check=True)
    digest = quotesweep(["digest", output], check=True).stdout
    golden = case / f"digest_{precision}"
    if request.config.getoption("--update"):
        golden.write_text(digest)
    assert digest == golden.read_text()
