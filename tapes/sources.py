"""The arguments [SYMBOL=]PATH as files."""

from __future__ import annotations

import glob
import os.path
import re
from dataclasses import dataclass
from pathlib import Path

from tapes.bars import TapeError

SUFFIXES = (".csv", ".txt", ".json", ".zip", ".gz", ".parquet", ".pq")


@dataclass(frozen=True)
class Source:
    """A file to read, and the symbol that was given for it, if any."""

    path: Path
    symbol: str | None


def sources_of(arguments: list[str]) -> list[Source]:
    """Every file that the arguments name, each once, in their order; those of a folder and of a
    pattern by name."""
    found: dict[tuple[Path, str | None], Source] = {}
    for argument in arguments:
        symbol, path = _parted(argument)
        for file in _files(path):
            found.setdefault((file.resolve(), symbol), Source(file, symbol))
    return list(found.values())


def _parted(argument: str) -> tuple[str | None, str]:
    found = re.fullmatch(r"([A-Za-z0-9][\w.:/-]*)=(.+)", argument)
    if os.path.exists(argument) or not found:
        if argument.startswith("="):
            raise TapeError(f"{argument}: the symbol before '=' is empty. Write SYMBOL=PATH.")
        return None, argument
    return found[1], found[2]


def _files(path: str) -> list[Path]:
    if os.path.isdir(path):
        files = sorted(file for file in Path(path).iterdir() if file.suffix.lower() in SUFFIXES)
        if not files:
            raise TapeError(f"{path}: no file in this folder ends with {', '.join(SUFFIXES)}. "
                            "Name the files.")
        return files
    if os.path.exists(path):  # also a pipe
        return [Path(path)]
    matches = [match for match in sorted(glob.glob(path)) if os.path.exists(match)]
    if not matches:
        raise TapeError(f"{path}: no such file or folder. Name one, or a pattern such as "
                        "'data/*.csv'.")
    return [file for match in matches for file in _files(match)]
