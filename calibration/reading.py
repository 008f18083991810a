"""Opens a recording, whatever its format and compression."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from calibration.aggregated import read_aggregated
from calibration.capture import read_capture
from calibration.errors import CalibrationError
from calibration.recording import Recording, shortened

BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError,
          RuntimeError, struct.error)  # what damaged or encrypted files raise


def read_recording(path: Path, symbol: str | None = None) -> Recording:
    """Trades and quotes of a raw capture or of aggregated trades; told apart by the first line."""
    if not path.exists() or path.is_dir():
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
            if symbol is not None:
                raise CalibrationError(f"--symbol {symbol}: {path} has aggregated trades, of one symbol "
                                       "that it does not name; leave it out")
            return read_aggregated(path, file)
    except BROKEN as problem:
        why = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        raise CalibrationError(f"{path}: cannot be read ({shortened(why)}); copy or record it again") from problem
    except UnicodeDecodeError as problem:
        raise CalibrationError(f"{path}: is not text; name a raw capture or aggregated trades, plain, "
                               ".gz or .zip") from problem


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The text in a file or pipe: as it is, or that of a gzip file or of a zip file with one member."""
    with path.open("rb") as source:
        file = source if source.seekable() else io.BytesIO(source.read())
        magic = file.read(2)
        file.seek(0)
        if magic == b"\x1f\x8b":
            yield io.TextIOWrapper(gzip.GzipFile(fileobj=file), encoding="utf-8")
        elif magic == b"PK":
            with zipfile.ZipFile(file) as archive, archive.open(only_member(path, archive)) as member:
                yield io.TextIOWrapper(member, encoding="utf-8")
        else:
            yield io.TextIOWrapper(file, encoding="utf-8")


def only_member(path: Path, archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise CalibrationError(f"{path}: {len(names)} files in it (must be 1); unpack it and name one")
    return names[0]
