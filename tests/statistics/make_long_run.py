"""Makes long_run.csv: runs long_run.yaml (minutes) and keeps what the tests of coverage need.

    python tests/statistics/make_long_run.py build/quotesweep
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import xarray as xr

HERE = Path(__file__).parent
COLUMNS = ["gamma", "sigma", "A", "q_max", "paths_done", "pnl", "pnl_se", "max_drawdown", "max_drawdown_se",
           "sharpe", "sharpe_se", "sortino", "sortino_se"]


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "long_run.h5"
        subprocess.run([program, "run", HERE / "long_run.yaml", "-o", output], check=True)
        with xr.open_dataset(output) as results:
            table = zip(*(results[name].values.tolist() for name in COLUMNS))
            with open(HERE / "long_run.csv", "w", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(COLUMNS)
                writer.writerows(table)


if __name__ == "__main__":
    main(sys.argv[1])
