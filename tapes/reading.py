"""How files are to be read, and what reading them found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tapes.times import Zone


@dataclass(frozen=True)
class Reading:
    """How files are to be read.

    zone: of dates without an offset
    symbol: the SYMBOL of SYMBOL=PATH; None: from the file
    columns: names of the columns in their order, "-" for one to pass over; None: from the file
    lean_price_scale: what the prices of Lean's files are divided by; None: told by the folders
    applied: options that mattered to a file so far; notes: what the user should know
    """

    zone: Zone = field(default_factory=Zone)
    symbol: str | None = None
    columns: Sequence[str] | None = None
    lean_price_scale: int | None = None
    applied: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
