"""Studies, their results files, and what must hold for every such file at every moment."""

import os
import resource
import subprocess

import h5py
import numpy as np

ALL = os.environ.get("QUOTESWEEP_ALL") == "1"  # every variant, not those that prove most

COMPLETE, FAILED_POINTS, BAD_USAGE, INTERRUPTED = 0, 1, 2, 3  # exit statuses
POINT_COMPLETE, POINT_FAILED = 2, 3

# Six points x three blocks: milliseconds.
TINY = """\
study: tiny
market: {dt: 0.1}
sweep:
  gamma: [0.05, 0.1, 0.5]
  q_max: [1, 3]
paths: 96
block: 32
"""

# Twenty points and as many paths as some seconds take; see paths_for.
SHORT = """\
study: short
market: {{dt: 0.005}}
sweep:
  gamma: {{log: [0.01, 1], points: 10}}
  k: [1, 1.5]
paths: {paths}
metrics: {{quantiles: never}}
"""


def paths_for(quotesweep, folder, seconds):
    """Paths with which one core needs about that long for the short study, whatever the machine."""
    tried = 240 * 1024  # about a second, beside which starting is short
    (folder / "trial.yaml").write_text(SHORT.format(paths=tried))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    quotesweep(["run", folder / "trial.yaml", "-o", folder / "trial.h5", "--threads", 1],
               check=True)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return max(tried, int(tried * seconds / spent))


def digest(quotesweep, file):
    return quotesweep(["digest", file], check=True, timeout=60).stdout.strip()


def open_file(path):
    """A results file as a reader opens it that knows of a writer."""
    return h5py.File(path, "r", locking=False)


def results_by_point(file):
    """Every result of every point, keyed by the point's values; and every point's status."""
    names = [name for name, item in file.items() if isinstance(item, h5py.Dataset)]
    axes = [name for name in names if "parameter" in file[name].attrs]
    results = [name for name in names
               if name not in axes and name not in ("point", "status", "compute_seconds")]
    status = file["status"][...]  # first: the rest of a complete point changes no more
    columns = np.stack([file[name][...].astype(float).ravel() for name in results], axis=1)
    if status.ndim == len(axes):
        values = np.stack([grid.ravel() for grid in
                           np.meshgrid(*(file[name][...] for name in axes), indexing="ij")], axis=1)
    else:
        values = np.stack([file[name][...] for name in axes], axis=1)
    keys = [tuple(map(float, row)) for row in values]
    return dict(zip(keys, columns)), dict(zip(keys, status.ravel()))


class Reference:
    """What an uninterrupted run of a study has found."""

    def __init__(self, quotesweep, path):
        self.path = path
        self.digest = digest(quotesweep, path)
        with open_file(path) as file:
            self.study = file.attrs["study_hash"]
            self.paths = int(file.attrs["paths_planned"])
            self.results, status = results_by_point(file)
        assert set(status.values()) == {POINT_COMPLETE}

    def complete_points(self, path):
        """Number of complete points of a file, which must have exactly these results."""
        with open_file(path) as file:
            results, status = results_by_point(file)
        complete = [point for point in results if status[point] == POINT_COMPLETE]
        for point in complete:
            assert results[point].tobytes() == self.results[point].tobytes(), (path, point)
        return len(complete)


def study_of(path):
    with open_file(path) as file:
        return file.attrs["study_hash"]


def make_reference(quotesweep, folder, name, study, settings=()):
    """Runs a study to its end, in its own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(study)
    sets = [word for setting in settings for word in ("--set", setting)]
    quotesweep(["run", folder / f"{name}.yaml", "-o", folder / f"{name}.h5", *sets], check=True,
               timeout=600)
    return Reference(quotesweep, folder / f"{name}.h5")


def build_library(source, target):
    """Compiles a C file to be preloaded."""
    subprocess.run(["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o",
                    str(target), str(source), "-ldl"], check=True)
    return target
