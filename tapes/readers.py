"""A file as bars, its format told by its content."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path

from tapes.bars import Bars, TapeError
from tapes.lean import kind_of, read_lean
from tapes.parquet import MAGIC, read_parquet
from tapes.table import Reading, bars_of, symbol_of_name
from tapes.text import read_text


def read_bars(path: Path, content: bytes, reading: Reading) -> list[Bars]:
    """The bars of every symbol in a file: Parquet, zipped CSV, one of Lean's zips, CSV."""
    symbol = reading.symbol or symbol_of_name(path)
    if content[:4] == MAGIC:
        table = read_parquet(content, str(path), reading.timezone, symbol)
        return list(bars_of(table, path, reading))
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or path.suffix.lower() == ".zip":
        member, content = _unzipped(path, content)
        if kind_of(path, member):
            return [read_lean(content, path, member, reading)]
    elif content[:2] == b"\x1f\x8b":
        content = _gunzipped(path, content)
    table = read_text(content, str(path), reading.timezone, symbol)
    return list(bars_of(table, path, reading))


def _unzipped(path: Path, content: bytes) -> tuple[str, bytes]:
    """Name and content of the one file in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) == 1:
                return names[0], archive.read(names[0])
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as problem:
        raise TapeError(f"{path}: damaged zip ({problem}). Get it again.") from None
    raise TapeError(f"{path}: a zip of {len(names)} files (must be one CSV). Unpack it and name "
                    "the folder.")


def _gunzipped(path: Path, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as problem:
        raise TapeError(f"{path}: damaged gzip ({problem}). Get it again.") from None
