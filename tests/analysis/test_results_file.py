"""A results file as anyone's script sees it: through xarray alone."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

ENGINES = ["h5netcdf", "netcdf4"]
METRICS = ["pnl", "max_drawdown", "max_drawdown_pct", "turnover", "trades", "path_sharpe",
           "path_sortino", "mean_abs_inventory", "terminal_inventory", "sharpe", "sortino"]
BETTER = {
    "pnl": "higher", "path_sharpe": "higher", "path_sortino": "higher", "sharpe": "higher",
    "sortino": "higher", "max_drawdown": "lower", "max_drawdown_pct": "lower",
    "mean_abs_inventory": "lower",
}  # the others have no good end


@pytest.mark.parametrize("engine", ENGINES)
def test_a_grid_has_one_labelled_dimension_per_swept_parameter_in_the_studys_order(results, engine):
    with xr.open_dataset(results("four"), engine=engine) as file:
        assert file["sharpe"].dims == ("k", "gamma", "A", "q_max")
        assert file["sharpe"].shape == (2, 5, 2, 3)
        np.testing.assert_array_equal(file["k"], [1.0, 2.0])
        np.testing.assert_array_equal(file["q_max"], [3, 5, 10])
        np.testing.assert_allclose(file["gamma"], np.logspace(-2, 0, 5), rtol=1e-11)
        assert file["gamma"].attrs["parameter"] == "strategy.gamma"
        assert file["gamma"].attrs["units"] == "1 / money"


@pytest.mark.parametrize("engine", ENGINES)
def test_coordinates_and_results_have_the_types_of_what_they_hold(results, engine):
    with xr.open_dataset(results("four"), engine=engine) as file:
        assert file["q_max"].dtype == np.float64
        assert file["gamma"].dtype == np.float64
        assert file["paths_done"].dtype == np.int64
        assert file["clamped_fills"].dtype == np.int64
        assert all(file[name].dtype == np.float64 for name in METRICS)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_swept_parameter_of_one_value_stays_a_dimension(results, engine):
    with xr.open_dataset(results("single"), engine=engine) as file:
        assert dict(file["pnl"].sizes) == {"T": 1, "gamma": 3, "k": 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_metric_has_a_standard_error_units_and_a_definition(results, engine):
    with xr.open_dataset(results("plane"), engine=engine) as file:
        for metric in METRICS:
            assert file[metric].attrs.get("better") == BETTER.get(metric)
            for name in (metric, f"{metric}_se"):
                assert file[name].dims == ("q_max", "gamma")
                assert file[name].attrs["units"]
                assert len(file[name].attrs["definition"]) > 8


@pytest.mark.parametrize("engine", ENGINES)
def test_status_is_a_cf_flag_variable_that_says_complete(results, engine):
    with xr.open_dataset(results("plane"), engine=engine) as file:
        status = file["status"]
        assert status.dtype == np.int8
        assert np.array(status.attrs["flag_values"]).dtype == np.int8
        meanings = dict(zip(status.attrs["flag_values"], status.attrs["flag_meanings"].split()))
        assert meanings == {0: "pending", 1: "partial", 2: "complete", 3: "failed",
                            4: "precision_not_met"}
        assert (status == 2).all()
        assert (file["paths_done"] == 512).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_list_of_points_has_its_parameters_as_coordinates_along_point(results, engine):
    with xr.open_dataset(results("list"), engine=engine) as file:
        assert file["pnl"].dims == ("point",)
        assert set(file.coords) == {"point", "gamma", "k", "q_max"}
        np.testing.assert_array_equal(file["point"], [0, 1, 2])
        np.testing.assert_array_equal(file["gamma"], [0.1, 0.1, 0.4])
        np.testing.assert_array_equal(file["q_max"], [3, 5, 10])
        assert file["q_max"].dtype == np.float64
        assert file["pnl"].where(file["q_max"] == 5, drop=True).size == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_study_without_a_sweep_is_one_point(results, engine):
    with xr.open_dataset(results("none"), engine=engine) as file:
        assert dict(file.sizes) == {"point": 1}
        assert np.isfinite(file["pnl"]).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_global_attributes_say_where_the_file_is_from(results, engine):
    with xr.open_dataset(results("plane"), engine=engine) as file:
        assert file.attrs["program"] == "quotesweep"
        assert file.attrs["Conventions"].startswith("CF-")
        assert int(file.attrs["format_version"]) >= 1
        assert "q_max: [3, 5]" in file.attrs["study_yaml"]
        assert len(file.attrs["study_hash"]) >= 16
        assert {"title", "seed", "git_commit", "program_version"} <= set(file.attrs)


def table(quotesweep, file: Path) -> list[dict[str, str]]:
    """Rows of `quotesweep show --csv`."""
    text = quotesweep(["show", file, "--csv"], check=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cell_selected_by_label_holds_what_the_program_shows(quotesweep, results, engine):
    rows = table(quotesweep, results("four"))
    assert len(rows) == 2 * 5 * 2 * 3
    with xr.open_dataset(results("four"), engine=engine) as file:
        file.load()
        for row in rows:
            label = {name: float(row[name]) for name in ("k", "gamma", "A", "q_max")}
            cell = file.sel(label)
            for name in (name for metric in METRICS for name in (metric, f"{metric}_se")):
                np.testing.assert_equal(float(cell[name]), float(row[name]))


def test_a_selection_along_one_parameter_holds_the_rows_with_its_value(quotesweep, results):
    rows = [row for row in table(quotesweep, results("cube")) if float(row["gamma"]) == 0.2]
    with xr.open_dataset(results("cube"), engine="h5netcdf") as file:
        np.testing.assert_array_equal(file.sel(gamma=0.2)["pnl"].to_numpy().ravel(),
                                      [float(row["pnl"]) for row in rows])
