"""A file as bars, its format told by its content."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path

from tapes.bars import Bars, TapeError, shortened
from tapes.lean import is_dated, kind_of, read_lean
from tapes.parquet import MAGIC, read_parquet
from tapes.reading import Reading
from tapes.table import bars_of, symbol_of_name
from tapes.text import lines_of, read_text


def read_bars(path: Path, content: bytes, reading: Reading) -> list[Bars]:
    """The bars of every symbol in a file: Parquet, Lean's, CSV, JSON; these in a zip or gzip too."""
    symbol = reading.symbol or symbol_of_name(path)
    if content[:4] == MAGIC:
        return list(bars_of(read_parquet(content, str(path), reading, symbol), path, reading))
    member = ""
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or path.suffix.lower() == ".zip":
        member, content = _unzipped(path, content)
    elif content[:2] == b"\x1f\x8b":
        content = _gunzipped(path, content)
    lines = lines_of(content, str(path))
    named = reading.columns is not None and is_dated(lines)  # whose columns may be others than Lean's
    if kind_of(path, member, lines) and not named:
        return [read_lean(lines, path, member, reading)]
    return list(bars_of(read_text(lines, str(path), reading, symbol), path, reading))


def _unzipped(path: Path, content: bytes) -> tuple[str, bytes]:
    """Name and content of the one file in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) == 1:
                return names[0], archive.read(names[0])
    except Exception as problem:  # of any kind: it is the file that decides what goes wrong
        raise TapeError(f"{path}: damaged zip ({shortened(problem, 200)}). Get it again.") from None
    raise TapeError(f"{path}: a zip of {len(names)} files (must be one CSV). Unpack it and name "
                    "the folder.")


def _gunzipped(path: Path, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as problem:
        raise TapeError(f"{path}: damaged gzip ({shortened(problem, 200)}). Get it again.") from None
