"""What the program warns of at each point of a results file: the flags of the variable `warnings`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import xarray as xr

LIQUIDATED = "liquidated"  # a warning after which ratios mean something else


@dataclass(frozen=True)
class Warned:
    """The warnings of every point.

    flags: sum of the flags that a point raises, whole numbers; 0 where it is not complete
    names: of the warnings by their flags, in the order of these
    """

    flags: xr.DataArray
    names: dict[int, str]

    def of(self, position: dict[str, int]) -> list[str]:
        """Names of what one point raises. position: place along each dimension"""
        raised = int(self.flags.isel(position))
        return [name for flag, name in self.names.items() if raised & flag]

    def counts(self) -> dict[str, int]:
        """How many points raise a warning, of those that any raises."""
        flags = self.flags.to_numpy()
        found = {name: int((flags & flag != 0).sum()) for flag, name in self.names.items()}
        return {name: count for name, count in found.items() if count}

    def liquidated(self) -> np.ndarray:
        """Where a point lost all of its margin, in the shape of `flags`."""
        flag = sum(flag for flag, name in self.names.items() if name == LIQUIDATED)
        return self.flags.to_numpy() & flag != 0


def read_warned(file: xr.Dataset, complete: xr.DataArray) -> Warned:
    """Warnings of a results file; none of one that an older version wrote."""
    if "warnings" not in file:
        return Warned(xr.zeros_like(complete, dtype=np.int64), {})
    known = re.findall(r"(\d+) (\w+)", str(file["warnings"].attrs["definition"]))
    flags = file["warnings"].where(complete).fillna(0).astype(np.int64)
    return Warned(flags, {int(flag): name for flag, name in known})
