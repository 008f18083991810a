"""The tape as a file, as FORMAT.md describes it, and the launcher at the top of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from by_hand import START, lean_zip, plain, walk
from program import ROOT
from tapes import tape as tape_module
from tapes.bars import TapeError
from tapes.tape import read_tape

NAMES = ["open", "high", "low", "close", "volume"]
SIDES = [f"{side}_{name}" for side in ("bid", "ask")
         for name in ("open", "high", "low", "close", "size")]
MIDNIGHT = 1522800000  # 2018-04-04 [s]


@pytest.fixture
def quoted(here, make) -> Path:
    """A tape with bid and ask bars of two symbols."""
    for symbol in ("btc", "eth"):
        lean_zip(Path(f"crypto/{symbol}/20180404_trade.zip"), "0,9,9,9,9,1\n60000,9,10,8,9.5,2\n")
        lean_zip(Path(f"crypto/{symbol}/20180404_quote.zip"),
                 "0,8,8,8,8,1,10,10,10,10,2\n60000,8,9,8,9,3,10,10,10,10,4\n")
    make("crypto/btc", "crypto/eth", output="quoted.h5")
    return Path("quoted.h5")


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_xarray_opens_it_with_labels_and_dates(quoted, engine):
    with xr.open_dataset(quoted, engine=engine) as file:
        assert dict(file.sizes) == {"symbol": 2, "time": 2}
        assert file["symbol"].values.tolist() == ["BTC", "ETH"]
        np.testing.assert_array_equal(file["time"], np.array(
            ["2018-04-04T00:00", "2018-04-04T00:01"], dtype="datetime64[ns]"))
        assert set(file.data_vars) == {*NAMES, *SIDES}
        assert all(file[name].dims == ("symbol", "time") for name in file.data_vars)
        assert file["close"].sel(symbol="ETH", time="2018-04-04 00:01").item() == 9.5
        assert file.attrs["Conventions"] == "CF-1.8"
        assert file.attrs["bar_seconds"] == 60.0


def test_types_and_layout_are_those_of_the_format(quoted):
    with h5py.File(quoted) as file:
        assert set(file) == {"symbol", "time", *NAMES, *SIDES}
        assert file["time"].dtype == np.dtype("<i8")
        assert file["time"][:].tolist() == [MIDNIGHT * 10**9, (MIDNIGHT + 60) * 10**9]
        assert file["time"].attrs["units"] == "nanoseconds since 1970-01-01"
        kind = h5py.check_string_dtype(file["symbol"].dtype)
        assert kind.encoding == "utf-8" and kind.length is None
        for name in (*NAMES, *SIDES):
            data = file[name]
            assert data.dtype == np.dtype("<f8") and data.shape == (2, 2)
            assert data.chunks is None and data.compression is None
            assert [dimension[0].name for dimension in data.dims] == ["/symbol", "/time"]
        for data in file.values():
            assert data.attrs["long_name"] and data.attrs["units"]
        types = {name: type(file.attrs[name]) for name in file.attrs}
        assert types == {"Conventions": str, "quotesweep_tape_version": np.int64,
                         "bar_seconds": np.float64, "annualization": np.float64, "source": str,
                         "history": str}
        assert file.attrs["quotesweep_tape_version"] == 1
        assert file.attrs["source"] == "crypto/btc\ncrypto/eth"


def test_equal_inputs_give_equal_files_to_the_byte(here, make):
    Path("X.csv").write_text(plain(walk(500)))
    Path("Y.csv").write_text(plain(walk(500, seed=2)[:-3]))
    make("X.csv", "Y.csv", "--gaps", "fill", output="a.h5")
    first = Path("a.h5").read_bytes()
    for path in map(Path, ("X.csv", "Y.csv")):
        os.utime(path, (0, 0))
    make("X.csv", "Y.csv", "--gaps", "fill", output="b.h5")
    assert Path("b.h5").read_bytes() == first
    make("X.csv", "Y.csv", "--gaps", "skip", output="b.h5")
    assert Path("b.h5").read_bytes() != first


def test_equal_tapes_are_made_by_another_process_at_another_time(here, make):
    Path("X.csv").write_text(plain(walk(50)))
    make("X.csv")
    done = subprocess.run([sys.executable, "-m", "tapes.importer", "-o", "other.h5", "X.csv"],
                          text=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert Path("other.h5").read_bytes() == Path("tape.h5").read_bytes()


def test_a_failed_write_leaves_the_old_tape_and_nothing_else(here, make, refuse, monkeypatch):
    Path("X.csv").write_text(plain(walk(50)))
    make("X.csv")
    before = Path("tape.h5").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tape_module, "_write", full)
    assert refuse("X.csv", "--fresh") == ("tape.h5: cannot be written (No space left on device). "
                                          "Choose another place with -o.")
    assert Path("tape.h5").read_bytes() == before


def test_a_reader_of_the_old_tape_goes_on_reading_it(here, make):
    Path("X.csv").write_text(plain(walk(50)))
    make("X.csv")
    before = Path("tape.h5").read_bytes()
    with Path("tape.h5").open("rb") as reader:
        Path("X.csv").write_text(plain(walk(60)))
        make("X.csv")
        assert reader.read() == before != Path("tape.h5").read_bytes()


def test_what_is_no_tape_or_a_newer_one_is_refused(here, make):
    Path("X.csv").write_text(plain(walk(50)))
    make("X.csv")
    with h5py.File("tape.h5", "a") as file:
        file.attrs["quotesweep_tape_version"] = 2
    with h5py.File("other.h5", "w") as file:
        file["x"] = 1
    for name, message in (("tape.h5", "tape version 2"), ("other.h5", "not a tape"),
                          ("X.csv", "cannot be read"), ("none.h5", "cannot be read")):
        with pytest.raises(TapeError, match=f"{name}: {message}"):
            read_tape(name)


# The launcher -------------------------------------------------------------------------------------

def launch(program: Path, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([program, *map(str, arguments)], text=True, capture_output=True)


@pytest.mark.skipif(not (ROOT / ".venv").exists(), reason=".venv is missing; ./check makes it")
def test_it_runs_from_any_folder_and_through_links(here):
    Path("X.csv").write_text(plain(walk(50)))
    Path("bin").mkdir()
    Path("bin/first").symlink_to(ROOT / "quotesweep-import")
    Path("bin/second").symlink_to("first")
    Path("tapes").mkdir()  # not mistaken for the package
    Path("tapes/__init__.py").write_text("raise SystemExit('the wrong folder')\n")
    Path("csv.py").write_text("raise SystemExit('the wrong module')\n")
    done = launch(here / "bin/second", "-o", "tape.h5", "X.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tape.h5: X, 50 bars of 1m, 2024-01-01 00:00 to 2024-01-01 00:49 UTC\n"
    assert read_tape("tape.h5").times[0] == START * 10**9
    again = launch(here / "bin/second", "-o", "tape.h5", "X.csv")
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("quotesweep-import: tape.h5: exists. Say --fresh to replace it")
    assert "examples:" in launch(here / "bin/first", "--help").stdout
