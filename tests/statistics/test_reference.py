"""Results against numbers that others computed: a paper's table and exact moments.

as2008_table.csv: tables 1 to 3 of Avellaneda and Stoikov, "High-frequency trading in a limit order
book", Quantitative Finance 8 (2008), 1,000 paths. as_exact.csv: exact moments of the same model by
backward recursion over the inventory, in double precision, made by a program of its own.
"""

import csv
import math
from pathlib import Path

import h5py
import pytest
import xarray as xr

HERE = Path(__file__).parent
PAPER_PATHS = 1000


def rows(name):
    with open(HERE / name, newline="") as file:
        return list(csv.DictReader(file))


def label(row):
    return ",".join(value for value in list(row.values())[:8])


def simulate(quotesweep, folder, settings):
    """Runs the study with these settings; returns results and moments of the only point."""
    arguments = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    output = folder / "out.h5"
    quotesweep(["run", str(HERE / "avellaneda_stoikov.yaml"), "-o", str(output), *arguments], check=True)
    with xr.open_dataset(output) as results:
        point = {name: float(results[name][0]) for name in results.data_vars}
    with h5py.File(output) as file:
        columns = list(file["state"].attrs["columns"])
        slots = [file["state/slot_0"][0], file["state/slot_1"][0]]
    newest = max(slots, key=lambda row: row[0])
    return point, dict(zip(columns, newest))


def sd_error(point, state, metric, paths):
    """Standard error of a standard deviation: sd sqrt((kurtosis - 1) / (4 n))."""
    n, m2, m4 = (state[f"{metric}.{part}"] for part in ("count", "m2", "m4"))
    kurtosis = (m4 / n) / (m2 / n) ** 2
    return point[f"{metric}_sd"] * math.sqrt((kurtosis - 1) / (4 * paths))


@pytest.mark.parametrize("row", rows("as2008_table.csv"), ids=label)
def test_the_papers_table_is_met_within_its_own_sampling_error(quotesweep, tmp_path, row):
    symmetric = row["strategy"] == "symmetric"
    settings = {"strategy.gamma": row["gamma"], "market.moves": "binomial"}
    if symmetric:
        settings |= {"strategy.name": "symmetric", "strategy.half_spread": "average"}
    point, state = simulate(quotesweep, tmp_path, settings)
    # Half of the last printed digit may be rounding.
    checks = {
        "profit_mean": (point["pnl"], point["pnl_sd"] / math.sqrt(PAPER_PATHS), 0.05),
        "profit_sd": (point["pnl_sd"], sd_error(point, state, "pnl", PAPER_PATHS), 0.05),
        "final_inventory_mean": (
            point["terminal_inventory"],
            point["terminal_inventory_sd"] / math.sqrt(PAPER_PATHS),
            0.005,
        ),
        "final_inventory_sd": (
            point["terminal_inventory_sd"],
            sd_error(point, state, "terminal_inventory", PAPER_PATHS),
            0.05,
        ),
    }
    for column, (ours, error, rounding) in checks.items():
        z = (abs(ours - float(row[column])) - rounding) / error
        assert z <= 3.2, f"{column}: paper {row[column]}, ours {ours:.4f}, z {z:.2f}"


@pytest.mark.parametrize("row", rows("as_exact.csv"), ids=label)
def test_exact_moments_are_met_within_our_sampling_error(quotesweep, tmp_path, row):
    settings = {
        "strategy.gamma": row["gamma"], "fills.k": row["k"], "fills.A": row["A"],
        "risk.q_max": row["q_max"], "market.sigma": row["sigma"], "market.T": row["T"],
        "market.dt": row["dt"], "fills.probability": row["fill"],
    }
    point, state = simulate(quotesweep, tmp_path, settings)
    paths = point["paths_done"]
    assert paths >= 200_000
    checks = {
        "pnl_mean": (point["pnl"], point["pnl_se"]),
        "pnl_sd": (point["pnl_sd"], sd_error(point, state, "pnl", paths)),
        "trades_mean": (point["trades"], point["trades_se"]),
        "terminal_inventory_sd": (
            point["terminal_inventory_sd"], sd_error(point, state, "terminal_inventory", paths)),
    }
    for column, (ours, error) in checks.items():
        z = (ours - float(row[column])) / error
        assert abs(z) <= 4.5, f"{column}: exact {row[column]}, ours {ours:.6f}, z {z:.2f}"
