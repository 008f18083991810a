"""Writes what was asked for, or nothing."""

from __future__ import annotations

import os
from pathlib import Path

from calibration.errors import CalibrationError


def check_place(path: Path, option: str) -> None:
    """Refuses a place that cannot be written, before anything is computed."""
    folder = path.parent
    if not folder.is_dir():
        raise CalibrationError(f"{option} {path}: no folder {folder}; make it first")
    if path.is_dir():
        raise CalibrationError(f"{option} {path}: is a folder; name a file")
    if not os.access(folder, os.W_OK):
        raise CalibrationError(f"{option} {path}: {folder} cannot be written to; choose another place")


def write_all(files: dict[Path, bytes]) -> None:
    """All files, each complete or not there: under other names first, then renamed."""
    drafts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    try:
        for path, content in files.items():
            drafts[path].write_bytes(content)
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as problem:
        raise CalibrationError(f"{path}: cannot be written ({problem.strerror}); choose another "
                               "place") from problem
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
