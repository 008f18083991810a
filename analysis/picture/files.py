"""Pictures as files."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from results import ResultsError

FORMATS = ["png", "svg", "pdf"]
UNDATED = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}


def save(figure: Figure, path: Path) -> Path:
    """Writes a picture in the format of its name, equal pictures as equal files."""
    try:
        with matplotlib.rc_context({"svg.hashsalt": "quotesweep"}):
            figure.savefig(path, dpi=160, metadata=UNDATED.get(path.suffix[1:]))
    except OSError as problem:
        raise ResultsError(f"{path}: cannot be written ({problem.strerror}); choose another "
                           "place with -o PREFIX") from problem
    return path
