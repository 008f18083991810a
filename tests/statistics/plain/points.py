"""Results of a point from the numbers of its paths (docs/metrics.md, "Over paths").

`expected` gives, by name of a result, what it has to be as an interval (low, high); None is NaN.
"""

import math
from statistics import NormalDist

RATIOS = ("path_sharpe", "path_sortino", "calmar")
SKETCHED = {"pnl": (1, 5, 25, 50, 75, 95, 99), "max_drawdown": (1, 5, 25, 50, 75, 95, 99)} | {
    name: (25, 50, 75) for name in RATIOS}
SHORTFALLS = {"pnl": (1, 5), "max_drawdown": (99, 95)}
FEWEST, FEWEST_OF_RATIOS, LARGEST_KURTOSIS, FEWEST_LOSING = 30, 100, 10, 100
PRECISION = 1e-9  # relative; also absolute, in the metric's unit, where results cancel
BINS = 256
Z95 = 1.96


ANY = "any"  # what only rounding decides


def near(value, scale=0.0, precision=PRECISION):
    if value is None:
        return None
    slack = precision * (max(abs(value), scale) + 1)
    return value - slack, value + slack


class Moments:
    def __init__(self, values):
        self.values, self.n = values, len(values)
        self.mean, self.unsure = math.fsum(values) / self.n if values else None, False
        if not values:
            return
        self.m2, self.m3, self.m4 = (
            math.fsum((x - self.mean) ** p for x in values) / self.n for p in (2, 3, 4))
        self.sd = math.sqrt(self.m2 * self.n / (self.n - 1)) if self.n > 1 else None
        self.varies = self.m2 > 1e-28 * (1 + self.mean**2)
        self.rounding = PRECISION * (1 + abs(self.mean))
        self.unsure = self.n > 1 and self.sd < self.rounding
        self.skewness = self.m3 / self.m2**1.5 if self.varies else None
        self.kurtosis = self.m4 / self.m2**2 if self.varies else None

    def shape(self, value):
        """An interval for skewness or kurtosis, which rounding changes by its share of the sd."""
        if self.unsure:
            return ANY
        return near(value, (value or 0) ** 2, 1e-7 + (self.rounding / self.sd if value else 0))

    def tells_error(self):
        """Whether all are alike, or there are 30 values and (kurtosis - 1) / n is at most 1/30."""
        return not self.varies or self.n >= FEWEST * max(1, self.kurtosis - 1)

    def error(self):
        if self.sd is None or not self.tells_error():
            return None
        return self.sd / math.sqrt(self.n)


def of_metric(name, values):
    defined = [x for x in values if x is not None]
    m = Moments(defined)
    if not defined:
        return dict.fromkeys((name + part for part in ("", "_sd", "_se", "_skewness", "_kurtosis")))
    result = {name: near(m.mean), f"{name}_sd": near(m.sd, abs(m.mean)),
              f"{name}_se": near(m.error(), abs(m.mean)),
              f"{name}_skewness": m.shape(m.skewness), f"{name}_kurtosis": m.shape(m.kurtosis)}
    if m.unsure:
        result |= {f"{name}_se": ANY}
        return result | {name: ANY, f"{name}_sd": ANY} if name in RATIOS else result
    if name in RATIOS and m.varies and (
            m.n < FEWEST_OF_RATIOS or m.kurtosis > LARGEST_KURTOSIS):
        result |= {name: None, f"{name}_sd": None, f"{name}_se": None}
    return result


def sharpe(s, pnl):
    m = Moments(pnl)
    if m.n < 2 or not m.varies:
        return {"sharpe": None, "sharpe_se": None}
    ratio, root = m.mean / m.sd, math.sqrt(s.annualization)
    variance = (1 - m.skewness * ratio + (m.kurtosis - 1) * ratio**2 / 4) / m.n
    error = math.sqrt(variance) * root if m.tells_error() else None
    return {"sharpe": near(ratio * root), "sharpe_se": near(error, abs(ratio * root), 1e-8)}


def sortino(s, pnl):
    every = round(s.clock / s.dt) if s.clock > 0 else 1
    target = s.target * (s.steps // every)
    squares = [min(x - target, 0) ** 2 for x in pnl]
    m, d, n = Moments(pnl), Moments(squares), len(pnl)
    losing = sum(x < target for x in pnl)
    result = {"losing_paths": near(losing), "sortino": None, "sortino_se": None}
    if losing < FEWEST_LOSING or not m.tells_error():
        return result
    excess, root = m.mean - target, math.sqrt(s.annualization)
    result["sortino"] = near(excess / math.sqrt(d.mean) * root)
    covariance = math.fsum((x - m.mean) * (y - d.mean) for x, y in zip(pnl, squares)) / (n - 1)
    variance = (m.sd**2 / d.mean - excess * covariance / d.mean**2
                + excess**2 * d.sd**2 / (4 * d.mean**3)) / n
    return result | {"sortino_se": near(math.sqrt(variance) * root, abs(excess), 1e-8)}


# Quantiles and shortfalls, known to a bin width

def scaled(x):
    """Where ratios are sketched: linear within each octave of 1 + |x|."""
    mantissa, exponent = math.frexp(1 + abs(x))
    return math.copysign(exponent - 1 + (2 * mantissa - 1), x)


def unscaled(y):
    exponent = math.floor(abs(y))
    return math.copysign((1 + abs(y) - exponent) * 2.0**exponent - 1, y)


def bin_width(values):
    """The smallest power of two with which all values are in 256 neighbouring bins."""
    width = 2.0**-60
    spread = max(values) - min(values)
    while BINS * width < spread:
        width *= 2
    width = max(width, 2.0 ** (math.ceil(math.log2(max(map(abs, values)) + 1e-300)) - 50))
    while math.floor(max(values) / width) - math.floor(min(values) / width) >= BINS:
        width *= 2
    return width


def order_statistic(values, p):
    """The values next to the quantile from below and above."""
    n = len(values)
    at = p * n
    low = min(max(math.floor(at - 1e-9) - 1, 0), n - 1)
    high = min(max(math.ceil(at + 1e-9), 0), n - 1)
    return values[low], values[high]


def quantiles(name, values):
    """Everything that the sketch of a metric gives."""
    ratio = name in RATIOS
    defined = sorted(x for x in values if x is not None)
    percents, result = SKETCHED[name], {}
    if not defined:
        names = [f"{name}_q{p:02}" for p in percents]
        return dict.fromkeys([*names, *(f"{q}_se" for q in names), f"{name}_sketch_error"])
    inside = sorted(map(scaled, defined)) if ratio else defined
    width, n = bin_width(inside), len(defined)
    back = unscaled if ratio else float

    def between(p):
        low, high = order_statistic(inside, p)
        return back(low - width), back(high + width)

    for percent in percents:
        p, q = percent / 100, f"{name}_q{percent:02}"
        low, high = between(p)
        result[q] = near(low)[0], near(high)[1]
        expected = n * min(p, 1 - p)
        result[f"{q}_se"] = None
        if expected >= FEWEST:
            around = Z95 * math.sqrt(p * (1 - p) / n)
            below, above = between(p - around), between(p + around)
            student = math.sqrt(expected / (expected - 2)) / (2 * Z95)
            slack = PRECISION * (1 + abs(above[1]) + abs(below[0]))
            result[f"{q}_se"] = (max(above[0] - below[1], 0) * student - slack,
                                 (above[1] - below[0]) * student + slack)
    if not ratio:
        result[f"{name}_sketch_error"] = near(width, precision=1e-15)
    else:
        largest = max(abs(back(inside[0])), abs(back(inside[-1]))) + 1
        result[f"{name}_sketch_error"] = 0.0, 4 * width * largest + PRECISION * largest
    for percent in SHORTFALLS.get(name, ()):
        result |= shortfall(f"{name}_es{percent:02}", defined, percent, width)
    return result


def shortfall(name, values, percent, width):
    """Mean and error of the worst p of sorted values; the last of them may count in part."""
    p = percent / 100
    tail, n = min(p, 1 - p), len(values)
    worst = values if percent < 50 else values[::-1]
    weights = [min(1.0, max(0.0, tail * n - i)) for i in range(n)]
    mean = math.fsum(w * x for w, x in zip(weights, worst)) / (tail * n)
    low, high = near(mean)
    result = {name: (low - width, high + width), f"{name}_se": None}
    expected = n * tail
    if expected >= FEWEST:
        edge = worst[math.ceil(expected) - 1]
        variance = math.fsum(w * (x - mean) ** 2 for w, x in zip(weights, worst)) / expected
        student = math.sqrt(expected / (expected - 2)) / math.sqrt(expected)
        error = math.sqrt(variance + (1 - tail) * (edge - mean) ** 2) * student
        gap = abs(worst[min(math.ceil(expected), n - 1)] - edge)
        slack = 3 * (width + gap) * student
        result[f"{name}_se"] = error - slack, error + slack
    return result


def expected(s, paths, counters):
    """All results of a point by name, from the metrics of its paths and sums of counters."""
    columns = {name: [path[name] for path in paths] for name in paths[0]}
    result = {name: near(value) for name, value in counters.items()}
    for name, values in columns.items():
        result |= of_metric(name, values)
        result[f"{name}_undefined"] = near(sum(x is None for x in values))
        if name in SKETCHED:
            result |= quantiles(name, values)
    result["paths_done"] = near(len(paths))
    return result | sharpe(s, columns["pnl"]) | sortino(s, columns["pnl"])
