"""The estimators against numbers from elsewhere: scipy's, a numerical maximum, arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from calibration.arrivals import Side, decay_interval, decay_sd, estimate
from calibration.fit import largest_gap
from calibration.flow import Mids, mids_of_trades, orders_of
from calibration.market import Choices, first_distances, market_of
from calibration.reading import read_recording
from calibration.recording import Prints, Quotes, Recording
from calibration.simulated import Truth
from calibration.volatility import estimate_volatility, realised, two_scales
from simulations import recorded


def side(excess: list[float], tick: float, limit: float = np.inf, starts=(0.5, 0.5),
         times=(50.0, 50.0)) -> Side:
    return Side("bid", np.array(excess, float), tick, limit, np.array(starts), np.array(times))


def test_k_of_continuous_prices_is_that_of_an_exponential_fit():
    excess = np.random.default_rng(1).exponential(0.7, 300)
    _, scale = stats.expon.fit(excess, floc=0.0)
    assert estimate(side(excess, 0.0)).k.value == pytest.approx(1.0 / scale, rel=1e-12)


def test_the_interval_of_k_of_continuous_prices_is_the_exact_one():
    low, high = decay_interval(10, 5.0, 0.0)
    for k, tail in ((low, 0.975), (high, 0.025)):  # the sum of 10 is gamma-distributed
        assert stats.gamma(10, scale=1.0 / k).cdf(5.0) == pytest.approx(1.0 - tail, abs=1e-9)


def test_with_ever_finer_ticks_the_interval_becomes_the_exact_one():
    assert decay_interval(40, 25.0, 1e-7) == pytest.approx(decay_interval(40, 25.0, 0.0), rel=1e-5)


@pytest.mark.parametrize("limit", [np.inf, 3.0])
def test_k_and_A_maximise_the_whole_likelihood_of_prices_on_a_grid(limit):
    """-ln L of a Poisson process in time with geometric marks, minimised numerically in A for the k of
    the marks; and the marks' own in k."""
    excess = np.minimum(0.5 * np.floor(np.random.default_rng(2).exponential(2.0, 200)), limit)
    starts, times = np.array([0.5, 0.75]), np.array([70.0, 30.0])
    found = estimate(side(excess, 0.5, limit, starts, times))

    def of_marks(k: float) -> float:
        stop = np.log(-np.expm1(-k * 0.5)) * np.sum(excess < limit)
        return float(k * excess.sum() - stop)

    def of_times(log_A: float) -> float:
        expected = np.exp(log_A) * np.sum(times * np.exp(-found.k.value * starts))
        return float(expected - excess.size * log_A)

    k = optimize.minimize_scalar(of_marks, bounds=(1e-3, 20.0), method="bounded",
                                 options={"xatol": 1e-10}).x
    assert found.k.value == pytest.approx(k, rel=1e-6)
    curvature = (of_marks(k * 1.001) - 2 * of_marks(k) + of_marks(k * 0.999)) / (0.001 * k) ** 2
    assert found.k_sd == pytest.approx(1.0 / np.sqrt(curvature), rel=1e-3)
    log_A = optimize.minimize_scalar(of_times, bounds=(-10.0, 10.0), method="bounded",
                                     options={"xatol": 1e-10}).x
    assert np.log(found.A.value) == pytest.approx(log_A, abs=1e-6)


def test_A_by_hand():
    """20 orders beyond 0.5 in 100 s, mean excess 2: k = 1/2, A = 0.2 exp(1/4)."""
    found = estimate(side([2.0] * 20, 0.0))
    assert found.k.value == 0.5
    assert found.A.value == pytest.approx(0.2 * np.exp(0.25))
    sd = np.sqrt(1 / 20 + (0.5 * 0.5) ** 2 / 20)  # sd of k is k / sqrt(20)
    assert found.A.high / found.A.value == pytest.approx(np.exp(1.959964 * sd), rel=1e-6)
    assert found.A.value / found.A.low == pytest.approx(np.exp(1.959964 * sd), rel=1e-6)
    assert decay_sd(20, 0.5, 0.0) == pytest.approx(0.5 / np.sqrt(20))


def test_the_band_is_narrowest_at_the_threshold_and_as_wide_as_A_at_the_mid():
    found = estimate(side([0.1, 0.5, 1.5, 2.0, 0.7], 0.0))
    low, high = found.band(np.array([0.0, 0.5, 3.0]))
    assert (low[0], high[0]) == pytest.approx((found.A.low, found.A.high))
    assert high[1] / low[1] < min(high[0] / low[0], high[2] / low[2])


def test_the_gap_of_continuous_prices_is_that_of_scipy():
    excess = np.sort(np.random.default_rng(3).exponential(1.3, 80))
    expected = stats.kstest(excess, stats.expon(scale=excess.mean()).cdf).statistic
    assert largest_gap(excess[None, :], 0.0, np.inf)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("limit", [np.inf, 8.0])
def test_the_gap_on_a_grid_is_the_largest_over_all_its_prices(limit):
    steps = np.minimum(np.sort(stats.geom(0.25).rvs(60, random_state=4) - 1), limit)
    stop = np.sum(steps < limit) / (np.sum(steps < limit) + steps.sum())
    grid = np.arange(0, min(limit, 60))
    expected = np.abs(np.mean(steps[:, None] <= grid, axis=0) - stats.geom(stop).cdf(grid + 1)).max()
    assert largest_gap(0.5 * steps[None, :], 0.5, 0.5 * limit)[0] == pytest.approx(expected)


def test_a_recording_read_from_a_file_is_the_one_that_was_simulated(recording):
    """But for milliseconds: times and prices survive the way through a file."""
    there = market_of(read_recording(recording("capture.gz")), Choices())
    here = market_of(recorded(1, Truth(), 900.0), Choices())
    assert (there.tick, there.spread, there.threshold) == (here.tick, here.spread, here.threshold)
    for one, two in zip(there.sides, here.sides):
        assert estimate(one).A.value == pytest.approx(estimate(two).A.value, rel=0.01)
        assert estimate(one).k.value == pytest.approx(estimate(two).k.value, rel=0.01)


# sigma ---------------------------------------------------------------------------------------------

def test_sigma_by_hand():
    """Moves 1, -1, 2, 0 over 4 s each: sum of squares 6, sigma^2 = 6 / 16."""
    found = realised(np.array([10.0, 11.0, 10.0, 12.0, 12.0]), 4.0)
    assert found.value == pytest.approx(np.sqrt(6 / 16))
    assert found.low == pytest.approx(np.sqrt(6 / 4 / stats.chi2(4).ppf(0.975)))
    assert found.high == pytest.approx(np.sqrt(6 / 4 / stats.chi2(4).ppf(0.025)))


def test_two_scales_takes_off_noise_that_realised_variance_keeps():
    rng, step = np.random.default_rng(5), 0.1
    mid = np.cumsum(rng.normal(0.0, 2.0 * np.sqrt(step), 100_000))
    noisy = mid + rng.normal(0.0, 3.0, mid.size)
    assert realised(noisy, step).value > 10.0
    assert two_scales(noisy, step) == pytest.approx(2.0, rel=0.05)
    assert two_scales(mid, step) == pytest.approx(2.0, rel=0.05)


def test_two_scales_has_no_bias_in_short_samples():
    """Without the adjustment the bias is 2 %, 7 standard errors of this mean."""
    rng, paths, variances = np.random.default_rng(8), 4000, []
    for _ in range(paths):
        mid = np.cumsum(rng.normal(0.0, 2.0, 2000)) + rng.normal(0.0, 1.0, 2000)
        variances.append(two_scales(mid, 1.0) ** 2)
    assert abs(np.mean(variances) - 4.0) < 4.0 * np.std(variances, ddof=1) / np.sqrt(paths)


def test_noise_makes_sigma_depend_on_the_interval():
    rng = np.random.default_rng(6)
    mid = np.cumsum(rng.normal(0.0, 1.0, 4000)) + rng.normal(0.0, 2.0, 4000)
    mids = Mids(np.arange(4000.0), mid, np.full(4000, 0.1))
    assert estimate_volatility(mids, 0.0, 3999.0, 1.0).p_value < 1e-6
    assert estimate_volatility(mids, 0.0, 3999.0, 100.0).p_value > 0.05


# Orders and mids ------------------------------------------------------------------------------------

def prints(*rows: tuple[int, float, bool]) -> Prints:
    stamp, price, sells = (np.array(values) for values in zip(*rows))
    return Prints(stamp * 1000, stamp * 1e-6, price.astype(float), sells)


def test_prints_of_one_side_and_time_are_one_order_at_their_furthest_price():
    orders = orders_of(prints((1, 9.9, True), (1, 9.8, True), (1, 10.1, False), (1, 9.7, True),
                              (2, 10.1, False), (2, 10.3, False), (3, 10.2, False)))
    assert sorted(zip(orders.time * 1e6, orders.price, orders.sells)) == [
        (1, 9.7, True), (1, 10.1, False), (2, 10.3, False), (3, 10.2, False)]


def test_distances_are_from_the_mid_just_before():
    """A quote with the time of an order is already the book that it left."""
    quotes = Quotes(np.array([0.0, 1.0, 2.0]), np.array([9.9, 9.7, 9.9]), np.array([10.1, 9.9, 10.1]))
    trades = prints((500_000, 10.1, False), (1_000_000, 9.5, True), (1_500_000, 9.9, False),
                    (1_900_000, 9.2, True), (1_950_000, 10.0, False))
    recording = Recording(quotes=quotes, prints=trades, path=None, kind="", symbol="", origin=0.0,
                          clock="exchange")
    reached = market_of(recording, Choices(min_orders=1, threshold=0.1)).reached
    assert reached.distance == pytest.approx([0.1, 0.5, 0.1, 0.6, 0.2])
    assert reached.inside() == 0


def test_without_quotes_the_mid_is_between_the_last_trades_of_both_sides():
    mids = mids_of_trades(prints((1, 9.0, True), (2, 11.0, False), (2, 12.0, False), (4, 8.0, True)))
    assert mids.time == pytest.approx([2e-6, 4e-6])
    assert mids.mid == pytest.approx([10.5, 10.0])
    assert mids.spread == pytest.approx([3.0, 4.0])


def test_the_usual_spread_is_the_median_over_time():
    mids = Mids(np.array([0.0, 1.0, 2.0, 9.0]), np.zeros(4), np.array([1.0, 2.0, 3.0, 9.0]))
    assert mids.usual_spread(10.0) == 3.0


def test_the_first_distance_is_on_the_grid_and_not_before_the_threshold():
    assert first_distances(0.1, 0.15) == pytest.approx([0.2, 0.15])
    assert first_distances(0.1, 0.2) == pytest.approx([0.2, 0.25])
    assert first_distances(0.0, 0.17) == pytest.approx([0.17, 0.17])


def test_a_part_of_a_recording_has_the_rate_of_the_whole():
    whole = market_of(recorded(1, Truth(), 1200.0), Choices())
    part = market_of(recorded(1, Truth(), 1200.0), Choices(start=300.0, end=900.0))
    assert part.length() == pytest.approx(600.0)
    assert part.reached.time.min() >= 300.0 and part.reached.time.max() <= 900.0
    for one, two in zip(part.sides, whole.sides):
        assert estimate(one).A.value == pytest.approx(estimate(two).A.value, rel=0.15)


def test_buying_and_selling_are_mirror_images():
    """The same recording upside down exchanges bid and ask, to the digit."""
    recording = recorded(2, Truth(), 300.0)
    quotes, trades, top = recording.quotes, recording.prints, 100_000.0
    mirrored = Recording(recording.path, "", "", 0.0, "exchange",
                         Prints(trades.stamp, trades.time, top - trades.price, ~trades.sells),
                         Quotes(quotes.time, top - quotes.ask, top - quotes.bid))
    bid, ask = (estimate(one) for one in market_of(recording, Choices()).sides)
    other_bid, other_ask = (estimate(one) for one in market_of(mirrored, Choices()).sides)
    assert (bid.A.value, bid.k.value) == pytest.approx((other_ask.A.value, other_ask.k.value))
    assert (ask.A.value, ask.k.value) == pytest.approx((other_bid.A.value, other_bid.k.value))
