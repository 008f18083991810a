"""Makes cointegration.csv and mackinnon.csv, which tests/signal compares with, from statsmodels.

    pip install statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1
    python tests/signal/make_cointegration.py

The windows themselves are not stored: price_pairs.hpp makes the same from a seed, to the last bit.
"""

import csv
from pathlib import Path

import numpy as np
from statsmodels.tsa.adfvalues import mackinnonp
from statsmodels.tsa.stattools import coint

HERE = Path(__file__).parent
WINDOWS = 100


class Noise:
    """Sums of four uniform numbers about 0, from a linear congruential generator."""

    def __init__(self, seed):
        self.state = seed * 0x9E3779B97F4A7C15 % 2**64

    def __call__(self):
        total = -(2**33)
        for _ in range(4):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
            total += self.state >> 32
        return total * 2.0**-32


def window(seed, lookback, phi, slope, level, scale):
    """Prices (y, x): x a random walk from `level`, y = level + slope (x - level) + e, e = phi e + noise."""
    noise = Noise(seed)
    walk = residual = 0.0
    y, x = [], []
    for _ in range(lookback):
        walk += scale * noise()
        residual = phi * residual + scale * noise()
        x.append(level + walk)
        y.append(level + (slope * walk + residual))
    return np.array(y), np.array(x)


def windows():
    """Random walks (phi = 1) and cointegrated ones, all numbers of lags, small and large prices."""
    for i in range(WINDOWS):
        level = [0.0, 100.0, 60000.0][i % 3]
        yield {"seed": i + 1, "lookback": 20 + i * 37 % 381, "lags": i % 5, "phi": [0.3, 0.8, 0.95, 1.0][i % 4],
               "slope": [1.2, -0.7, 0.0, 3.0][i // 7 % 4], "level": level, "scale": 0.01 if level > 1000 else 1.0}


def row_of(case):
    y, x = window(**{key: value for key, value in case.items() if key != "lags"})
    # Moved to the first prices, which changes the intercept only, so that least squares loses no digits.
    moved_y, moved_x = y - y[0], x - x[0]
    design = np.column_stack([np.ones_like(x), moved_x])
    (offset, hedge_ratio), *_ = np.linalg.lstsq(design, moved_y, rcond=None)
    statistic, p_value, _ = coint(moved_y, moved_x, trend="c", maxlag=case["lags"], autolag=None)
    return case | {"hedge_ratio": float(hedge_ratio), "intercept": float(y[0] - hedge_ratio * x[0] + offset),
                   "sd": float(np.std(moved_y - offset - hedge_ratio * moved_x)),
                   "statistic": float(statistic), "p_value": float(p_value)}


def write(name, rows):
    with open(HERE / name, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def statistics():
    """From below the surface to above it, its borders and seams too."""
    borders = [-18.86, -18.83, -2.62, -1.61, 0.92, 2.74]
    return sorted({float(t) for t in np.round(np.arange(-20.0, 3.01, 0.13), 2)} | set(borders))


def main():
    write("cointegration.csv", [row_of(case) for case in windows()])
    write("mackinnon.csv", [{"variables": variables, "statistic": t,
                             "p_value": mackinnonp(t, regression="c", N=variables)}
                            for variables in (1, 2) for t in statistics()])


if __name__ == "__main__":
    main()
