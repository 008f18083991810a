"""Opens a recording, whatever its format and compression."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from calibration.aggregated import read_aggregated
from calibration.capture import read_capture
from calibration.errors import CalibrationError
from calibration.recording import Recording


def read_recording(path: Path, symbol: str | None = None) -> Recording:
    """Trades and quotes of a raw capture or of aggregated trades; told apart by the first line."""
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "no such file"
        raise CalibrationError(f"{path}: {what}; name a raw capture or aggregated trades")
    try:
        with opened(path) as file:
            first = file.readline()
            if not first.strip():
                raise CalibrationError(f"{path}: is empty; name a raw capture or aggregated trades")
            file.seek(0)
            if re.match(r"\s*\d+ ", first):
                return read_capture(path, file, symbol)
            return read_aggregated(path, file)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise CalibrationError(f"{path}: cannot be read ({why}); copy or record it again") from problem
    except UnicodeDecodeError as problem:
        raise CalibrationError(f"{path}: is not text; name a raw capture or aggregated trades, plain, "
                               ".gz or .zip") from problem


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The text in a file: as it is, or that of a gzip file or of a zip file with one member."""
    with path.open("rb") as file:
        magic = file.read(2)
    if magic == b"\x1f\x8b":
        with gzip.open(path, "rt", encoding="utf-8") as text:
            yield text
    elif magic == b"PK":
        with zipfile.ZipFile(path) as archive, archive.open(only_member(path, archive)) as member:
            yield io.TextIOWrapper(member, encoding="utf-8")
    else:
        with path.open(encoding="utf-8") as text:
            yield text


def only_member(path: Path, archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise CalibrationError(f"{path}: {len(names)} files in it (must be 1); unpack it and name one")
    return names[0]
