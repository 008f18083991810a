"""Simulated recordings, without the way through a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calibration.recording import Recording
from calibration.simulated import Truth, simulate


def recorded(seed: int, truth: Truth, seconds: float) -> Recording:
    quotes, prints = simulate(np.random.default_rng(seed), truth, seconds)
    return Recording(Path("simulated"), "raw capture", "TEST", 0.0, "exchange", prints, quotes)
