"""One path, step by step (docs/market_maker.md, "Order of a step"), and what it came to."""

import math
from statistics import NormalDist

from plain import market, metrics, signals
from plain.account import Account
from plain.quotes import Strategy, shaped
from plain.settings import SAME_TIME, first_step

NO_ORDER = 1e-6  # of a quantity
NORMAL = NormalDist()


class Path:
    def __init__(self, s, seed, path):
        self.s = s
        rows = market.prices(s, seed, path)
        self.mids, self.partners, imbalances, self.bid_draws, self.ask_draws = zip(*rows)
        self.variances = signals.variances(s, self.mids)
        self.imbalances = signals.smoothed(s, imbalances)
        self.signals = [signals.NO_SIGNAL] * s.steps
        if s.pair and (s.pair_bias != 0 or s.pair_quantity > 0):
            self.signals = signals.pair(s, self.mids, self.partners)
        self.strategy = Strategy(s)
        self.account = Account(s, self.mids[0])
        self.pair_units, self.pair_hedge = 0.0, 0.0
        self.open = {1: None, -1: None}  # price of the order that is open at each side
        self.sent = self.orders = 0
        self.clamped = 0
        self.out_until = 0
        self.stops = []  # (reason, time)
        self.at_limit = self.out = 0
        self.equity = [s.capital]
        self.levels = [s.capital]  # that drawdowns look at: also those before a stop's cost
        self.holdings = []
        self.peak, self.left_at, self.tenths = s.capital, 0, 0
        self.changes = []  # of equity, before a stop's cost
        for step in range(s.steps):
            self.step(step)

    def step(self, step):
        s, account, mid = self.s, self.account, self.mids[step]
        if s.max_orders > 0 and step % max(1, round(s.order_interval / s.dt)) == 0:
            self.sent = 0
        trading = step >= self.out_until
        quotes = self.quotes(step) if trading else {1: None, -1: None}
        self.out += not trading
        self.trade_pair(step)
        fills = []
        for side, draw in ((1, self.bid_draws[step]), (-1, self.ask_draws[step])):
            self.send(side, quotes[side])
            if self.open[side] is not None and draw < self.probability(quotes[side][2]):
                fills.append((side, *quotes[side][1:]))
                self.open[side] = None
        account.fill(fills, mid)
        move = self.mids[step + 1] - mid
        account.parts["inventory"] += account.inventory * move
        if self.pair_units:
            partner_move = self.partners[step + 1] - self.partners[step]
            account.parts["pair"] += self.pair_units * (move - self.pair_hedge * partner_move)
        self.equity.append(s.capital + account.pnl())
        self.changes.append(self.equity[-1] - self.equity[-2])
        self.levels.append(self.equity[-1])
        self.peak = max(self.peak, self.equity[-1])
        reason = self.stop_reason(step + 1, trading)
        if reason:
            self.leave(step + 1, reason)
        account.steps_held += account.inventory != 0
        self.holdings.append(abs(account.inventory))

    # Quotes

    def quotes(self, step):
        """By side: None, or (price, lots, distance, shift by the pair signal)."""
        s, q, mid = self.s, self.account.inventory, self.mids[step]
        lift = self.imbalances[step] * s.half_book if s.fair_value == "microprice" else 0.0
        bid, ask, shift = shaped(
            s, mid, self.strategy.distances(step, q, self.variances[step]), lift,
            self.signals[step].value, q)
        result, limited = {}, False
        for side, distance in ((1, bid), (-1, ask)):
            lots, cut = self.size(side, step)
            limited |= cut
            alone = s.open_orders == 1 and side != (1 if q <= 0 else -1)
            price = mid - side * distance
            result[side] = None if lots is None or alone else (price, lots, distance, shift)
        self.at_limit += limited
        return result

    def size(self, side, step):
        """(lots or None, whether a limit took the quote away)."""
        s, held = self.s, side * self.account.lots
        lots, estimate = 1.0, math.sqrt(self.variances[step])
        if estimate > s.sigma:
            lots *= 1 - s.size_volatility * (1 - s.sigma / estimate)
        limit = s.limit_lots if s.in_lots else s.q_max / s.quantity
        if held > 0 and s.size_inventory > 0:
            lots *= 1 - s.size_inventory * held / limit
        room = limit - held
        if s.leverage > 0:
            most = s.leverage * self.equity[-1] / (self.mids[step] * s.quantity)
            room = min(room, most - held)
        if min(lots, room) < NO_ORDER:
            return None, room < NO_ORDER
        return min(lots, room), False

    def send(self, side, quote):
        """Keeps, replaces or cancels the order of a side."""
        s, before = self.s, self.open[side]
        if quote is None:
            self.open[side] = None
            return
        price = round(quote[0] / s.tick) if s.tick > 0 else quote[0]
        if price != before:
            if s.max_orders > 0 and self.sent >= math.ceil(s.max_orders):
                self.open[side] = None
                return
            self.sent += 1
            self.orders += 1
        self.open[side] = price

    def probability(self, distance):
        s = self.s
        arrivals = s.A * math.exp(min(-s.k * distance, 700.0)) * s.dt  # far beyond 1 either way
        if s.probability == "poisson":
            return -math.expm1(-arrivals)
        self.clamped += arrivals > 1
        return min(1.0, arrivals)

    # Trades at market

    def cost(self, units, price):
        s, n = self.s, abs(units)
        slip = max(1, n / s.depth) if s.depth > 0 else 1
        return n * (s.half_book + s.slippage * s.tick * slip + 1e-4 * s.taker_fee_bps * price)

    def at_market(self, units, price, part):
        if units:
            account = self.account
            account.parts[part] -= self.cost(units, price)
            account.trades += 1
            account.value += abs(units) * price

    def trade_pair(self, step):
        """Follows the signal at the steps at which it begins or ceases to act, or turns round."""
        signal = self.signals[step]
        side = signal.side
        before = self.signals[step - 1].side if step > 0 else 0
        if self.s.pair_quantity > 0 and side != before:
            units = side * self.s.pair_quantity if step >= self.out_until else 0.0
            self.take_pair(units, signal.hedge, self.mids[step], self.partners[step], "pair")

    def take_pair(self, units, hedge, mid, partner, part):
        """Trades both legs to what they have to be."""
        self.at_market(units - self.pair_units, mid, part)
        self.at_market(units * hedge - self.pair_units * self.pair_hedge, partner, part)
        self.pair_units, self.pair_hedge = units, hedge

    # Stops

    def stop_reason(self, end, trading):
        s, equity = self.s, self.equity[-1]
        at_risk = self.exceeds_var(end)
        if not trading:
            return None
        if s.kill_loss > 0 and s.capital - equity >= s.kill_loss * s.capital:
            return "kill"
        if s.drawdown_stop > 0 and self.peak - equity >= s.drawdown_stop * self.peak:
            return "drawdown"
        return "var" if at_risk else None

    def exceeds_var(self, end):
        """Looks at ten tenths of the window, on a grid from time 0, each begun in the market."""
        s, tenth = self.s, self.s.var_window // 10
        if s.var_limit == 0 or end % tenth != 0 or end < self.out_until:
            return False
        self.tenths += 1
        if self.tenths < 10:
            return False
        n = 10 * tenth
        changes = [self.changes[i] if i >= self.left_at else 0.0 for i in range(end - n, end)]
        mean = sum(changes) / n
        sd = math.sqrt(sum((x - mean) ** 2 for x in changes) / n)
        risk = NORMAL.inv_cdf(s.var_level) * math.sqrt(n) * sd - n * mean
        return risk > s.var_limit * self.equity[-1]

    def leave(self, end, reason):
        s, account = self.s, self.account
        mid, partner = self.mids[end], self.partners[end]
        self.stops.append((reason, end * s.dt))
        account.leave(mid, self.cost(account.inventory, mid))
        self.take_pair(0.0, 0.0, mid, partner, "liquidation")
        self.equity[-1] = s.capital + account.pnl()
        self.levels.append(self.equity[-1])
        wait = math.ceil(s.cooldown / s.dt - SAME_TIME)
        self.out_until = end + wait if wait > 0 and reason != "kill" else math.inf
        self.open = {1: None, -1: None}
        self.peak, self.left_at, self.tenths = self.equity[-1], end, 0

    def results(self):
        return metrics.of_path(self)
