"""What the market maker reckons from prices (docs/market_maker.md, "Signals")."""

import math
from collections import namedtuple
from statistics import NormalDist

import numpy as np

NORMAL = NormalDist()
Signal = namedtuple("Signal", "value side hedge")  # side 0 where it does not act
NO_SIGNAL = Signal(0.0, 0, 0.0)


def variances(s, mids):
    """Squared volatility that quotes use at each step."""
    model = s.sigma**2
    squares = [(after - before) ** 2 / s.dt for before, after in zip(mids, mids[1:])]
    estimates, ewma = [], model
    for step in range(s.steps):
        if s.volatility == "ewma":
            if step > 0:
                ewma = (1 - s.ewma_alpha) * ewma + s.ewma_alpha * squares[step - 1]
            estimates.append(max(ewma, s.volatility_floor**2))
        elif s.volatility == "realized":
            window = ([model] * s.volatility_window + squares[:step])[-s.volatility_window:]
            estimates.append(max(sum(window) / len(window), s.volatility_floor**2))
        else:
            estimates.append(model)
    return estimates


def smoothed(s, imbalances):
    result, smooth = [], 0.0
    for imbalance in imbalances:
        smooth = s.imbalance_smoothing * smooth + (1 - s.imbalance_smoothing) * imbalance
        result.append(smooth)
    return result


def pair(s, mids, partners):
    """The Signal of each step."""
    line, active, result = None, 0, []
    for step in range(s.steps):
        since = step - (s.lookback - 1)
        if since >= 0 and since % s.interval == 0:
            window = slice(step - s.lookback + 1, step + 1)
            line = fit(mids[window], partners[window], s.adf_lags)
        z = 0.0
        if line is not None:
            constant, hedge, deviation, p_value = line
            z = (mids[step] - constant - hedge * partners[step]) / deviation
            gate = p_value <= s.adf_pval_max
            side = (z > 0) - (z < 0)
            if active != 0 and (abs(z) < s.exit or side != active or not gate):
                active = 0
            if active == 0 and gate and abs(z) >= s.enter:
                active = side
        value = -active * min(abs(z), s.max_bias) if active else 0.0
        result.append(Signal(value, -active, line[1] if line else 0.0))
    return result


def fit(mids, partners, lags):
    """Least-squares line of mids on partners: constant, slope, sd of residuals, p-value."""
    x, y = np.array(partners), np.array(mids)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    residuals = (y - y.mean()) - slope * (x - x.mean())
    deviation = math.sqrt((residuals**2).mean())
    constant = float(y.mean() - slope * x.mean())
    return constant, float(slope), deviation, p_value(dickey_fuller(residuals, lags))


def dickey_fuller(y, lags):
    """t of rho in  dy_t = rho y_{t-1} + sum_j phi_j dy_{t-j}  (no constant)."""
    changes = np.diff(y)
    rows = range(lags, len(changes))
    x = np.array([[y[t], *(changes[t - j] for j in range(1, lags + 1))] for t in rows])
    target = changes[lags:]
    coefficients = np.linalg.lstsq(x, target, rcond=None)[0]
    errors = target - x @ coefficients
    variance = (errors @ errors) / (len(target) - lags - 1)
    return coefficients[0] / math.sqrt(variance * np.linalg.inv(x.T @ x)[0, 0])


def p_value(t):
    """MacKinnon (1994), table 3: two variables, constant in the cointegrating regression."""
    if t > 0.92:
        return 1.0
    if t < -18.86:
        return 0.0
    if t <= -2.62:
        return NORMAL.cdf(2.92 + 1.5012 * t + 0.039796 * t**2)
    return NORMAL.cdf(2.1945 + 0.64695 * t - 0.29198 * t**2 - 0.042377 * t**3)
