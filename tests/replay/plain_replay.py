"""One point on a tape by docs/replay.md, bar by bar and order by order, in plain Python.

Written from the page alone: what the program does and this does not, one of the two has wrong."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field

from plain_philox import philox
from plain_quotes import Situation, quotes
from plain_tape import ON_TICK, Bars

WITHIN = 1e-9  # of a limit: by how much it may be missed


@dataclass(eq=False)
class Order:
    side: int  # 1 is a bid, -1 an ask
    price: float
    place: float  # the price in ticks, where there is a tick
    size: float  # units
    level: int  # from the inside out
    sent: int  # bar

    @property
    def value(self) -> float:
        return self.size * self.price


@dataclass
class Trade:
    bar: int
    symbol: int
    side: int
    price: float
    units: float
    fee: float
    kind: str  # limit or market
    position: float  # after it


@dataclass
class Totals:
    """What adds up over a replay, of one symbol."""

    realized: float = 0.0
    fees: float = 0.0
    value: float = 0.0  # traded
    trades: int = 0
    closings: int = 0
    wins: int = 0


@dataclass
class Book:
    """What the point holds of a symbol."""

    position: float = 0.0
    entry: float = 0.0
    totals: Totals = field(default_factory=Totals)
    orders: list[Order] = field(default_factory=list)

    def trade(self, quantity: float, price: float, fee_rate: float) -> tuple[float, bool]:
        """Buys, or sells where negative; gives the fee, and whether the position turned round."""
        before, after = self.position, self.position + quantity
        if abs(after) < 1e-9 * abs(quantity):
            after = 0.0
        fee = fee_rate * abs(quantity) * price
        closed = min(abs(before), abs(quantity)) if before * quantity < 0 else 0.0
        gain = closed * (price - self.entry) * math.copysign(1, before)
        turned = before * after < 0
        if turned or before == 0:
            self.entry = price
        elif before * quantity > 0:
            self.entry = (before * self.entry + quantity * price) / after
        if after == 0:
            self.entry = 0.0
        self.position = after
        sums = self.totals
        sums.realized += gain
        sums.fees += fee
        sums.value += abs(quantity) * price
        sums.trades += 1
        sums.closings += closed > 0
        sums.wins += gain > 1e-12 * closed * price
        return fee, turned

    def unrealized(self, price: float) -> float:
        return self.position * (price - self.entry)


@dataclass
class Mark:
    """The account after a bar."""

    wallet: float
    margin: float
    values: list[float]  # of each symbol, position x price
    held: list[float]  # of each symbol, position
    totals: list[Totals]  # of each symbol, so far
    pnl: list[float]  # of each symbol, after fees


COUNTS = ("orders", "orders_filled", "orders_cancelled", "rejected_value", "rejected_leverage",
          "flips", "emergency_exits")


class PlainReplay:
    """settings: of each symbol; what belongs to the account is read from the first."""

    def __init__(self, symbols: list[Bars], settings: list[dict], seed: int):
        self.symbols, self.settings, self.seed = symbols, settings, seed
        self.account = settings[0]
        self.capital = self.account["account.capital"]
        self.last = len(symbols[0].open) - 1
        self.books = [Book() for _ in symbols]
        self.counts = dict.fromkeys(COUNTS, 0)
        self.early_stop = self.liquidated = False
        self.stop_bar: int | None = None
        self.marks: list[Mark] = []
        self.trades: list[Trade] = []
        self.shown: list[list[dict]] = []  # of each bar and symbol: what the inner level wanted
        self.margin = self.capital  # at the open
        for bar in range(self.last + 1):
            self.step(bar)
        self.counts["orders_cancelled"] += sum(len(book.orders) for book in self.books)

    # The account

    def wallet(self) -> float:
        return self.capital + math.fsum(book.totals.realized - book.totals.fees
                                        for book in self.books)

    def margin_at(self, prices: list[float]) -> float:
        return self.wallet() + math.fsum(book.unrealized(price)
                                         for book, price in zip(self.books, prices))

    def fee_rate(self, symbol: int, taker: bool) -> float:
        terms = self.settings[symbol]
        if taker:
            return 1e-4 * terms["account.taker_fee_bps"]
        return terms["account.maker_fee"] + 1e-4 * terms["account.maker_fee_bps"]

    def execute(self, bar: int, symbol: int, quantity: float, price: float, kind: str):
        book = self.books[symbol]
        fee, turned = book.trade(quantity, price, self.fee_rate(symbol, kind == "market"))
        self.counts["flips"] += turned
        self.trades.append(Trade(bar, symbol, 1 if quantity > 0 else -1, price, abs(quantity), fee,
                                 kind, book.position))

    def close_position(self, bar: int, symbol: int):
        """At the open, as taker."""
        position = self.books[symbol].position
        if position != 0:
            self.execute(bar, symbol, -position, self.market_price(bar, symbol, -position),
                         "market")

    def market_price(self, bar: int, symbol: int, quantity: float) -> float:
        lost = self.settings[symbol]["risk.slippage"] * self.symbols[symbol].tick
        return self.symbols[symbol].open[bar] + math.copysign(lost, quantity)

    # A bar

    def step(self, bar: int):
        opens = [bars.open[bar] for bars in self.symbols]
        self.shown.append([{} for _ in self.symbols])
        if bar < self.account["signal.warm_up"] or self.stop_bar is not None:
            self.mark(bar, opens)
            return
        self.margin = self.margin_at(opens)
        if self.stops(bar):
            self.mark(bar, opens)
            return
        if bar == self.last:
            self.end(bar)
            self.mark(bar, opens)
            return
        self.emergency_exits(bar, opens)
        self.cancel_old(bar)
        for symbol in range(len(self.symbols)):
            self.make_room(symbol, opens)
            self.quote(bar, symbol, opens)
        for symbol in range(len(self.symbols)):
            self.fill(bar, symbol)
        self.mark(bar, [bars.close[bar] for bars in self.symbols])

    def end(self, bar: int):
        for symbol, book in enumerate(self.books):
            self.cancel(symbol, list(book.orders))
            if self.account["orders.close_at_end"]:
                self.close_position(bar, symbol)
        margin = self.margin_at([bars.open[bar] for bars in self.symbols])
        if margin <= 0:
            self.end_trading(bar, margin)

    def mark(self, bar: int, prices: list[float]):
        pnl = [book.totals.realized - book.totals.fees + book.unrealized(price)
               for book, price in zip(self.books, prices)]
        values = [book.position * price for book, price in zip(self.books, prices)]
        self.marks.append(Mark(self.wallet(), self.margin_at(prices), values,
                               [book.position for book in self.books],
                               [copy.copy(book.totals) for book in self.books], pnl))

    def stops(self, bar: int) -> bool:
        if self.margin > self.account["risk.early_stop"] * self.capital * (1 + WITHIN):
            return False
        for symbol, book in enumerate(self.books):
            self.cancel(symbol, list(book.orders))
            self.close_position(bar, symbol)
        self.end_trading(bar, self.wallet())
        return True

    def end_trading(self, bar: int, margin: float):
        self.stop_bar = bar
        self.liquidated = margin <= 0
        self.early_stop = not self.liquidated

    def emergency_exits(self, bar: int, opens: list[float]):
        limit = self.account["risk.emergency_leverage"]
        if limit == 0:
            return
        held = [abs(book.position) * price for book, price in zip(self.books, opens)]
        leverage = self.account["risk.max_leverage"]
        limit *= 1 - WITHIN
        everything = leverage > 0 and math.fsum(held) >= leverage * self.margin * (1 - WITHIN)
        for symbol, value in enumerate(held):
            if value > 0 and (everything or value >= limit * self.share()):
                self.close_position(bar, symbol)
                self.counts["emergency_exits"] += 1

    def share(self) -> float:
        return self.margin / len(self.symbols)

    def cancel(self, symbol: int, orders: list[Order]):
        for order in orders:
            self.books[symbol].orders.remove(order)
            self.counts["orders_cancelled"] += 1

    def cancel_old(self, bar: int):
        for symbol, book in enumerate(self.books):
            lasts = self.settings[symbol]["orders.life"] + self.settings[symbol]["orders.latency"]
            self.cancel(symbol, [order for order in book.orders if bar - order.sent >= lasts])

    # Room

    def sides(self, symbol: int, price: float) -> dict[int, float]:
        """What is held and rests, as money, long (1) and short (-1)."""
        book = self.books[symbol]
        return {side: side * book.position * price
                + math.fsum(order.value for order in book.orders if order.side == side)
                for side in (1, -1)}

    def heavier(self, symbol: int, price: float) -> float:
        return max(0.0, *self.sides(symbol, price).values())

    def room(self, symbol: int, opens: list[float]) -> float:
        """How heavy the heavier side of a symbol may be."""
        leverage = self.account["risk.max_leverage"]
        if leverage == 0:
            return math.inf
        others = math.fsum(self.heavier(other, price) for other, price in enumerate(opens)
                           if other != symbol)
        return min(leverage * self.share(), leverage * self.margin - others)

    def slack(self) -> float:
        """By how much the heavier side of a symbol may miss its room."""
        return WITHIN * self.account["risk.max_leverage"] * self.share()

    def make_room(self, symbol: int, opens: list[float]):
        price = opens[symbol]
        while self.heavier(symbol, price) > self.room(symbol, opens) + self.slack():
            sides = self.sides(symbol, price)
            side = 1 if sides[1] >= sides[-1] * (1 - WITHIN) else -1
            resting = [order for order in self.books[symbol].orders if order.side == side]
            if not resting:
                break
            self.cancel(symbol, [max(resting, key=lambda order: (order.sent, order.level))])

    # Quotes and the order check

    def quote(self, bar: int, symbol: int, opens: list[float]):
        book, terms, bars = self.books[symbol], self.settings[symbol], self.symbols[symbol]
        leverage, largest = self.account["risk.max_leverage"], terms["risk.q_max"]
        if leverage > 0:
            largest = min(largest, leverage * self.share() / opens[symbol])
        reservation, levels = quotes(terms, Situation(bars.open, bar, book.position, book.entry,
                                                      largest, self.share()))
        shown = self.shown[bar][symbol]
        shown["reservation_price"] = reservation
        shown["on_edge"] = abs(abs(book.position) - largest) <= WITHIN * largest
        for number, level in enumerate(levels):
            for side, price, size in ((1, level.bid, level.bid_size),
                                      (-1, level.ask, level.ask_size)):
                order = self.order(symbol, side, price, size, number, bar)
                if number == 0 and order.size > 0:
                    shown["bid" if side > 0 else "ask"] = order.price
                if self.units(symbol, side) < largest * (1 - WITHIN):
                    self.send(symbol, order, opens)

    def units(self, symbol: int, side: int) -> float:
        """Position and resting orders of a side."""
        book = self.books[symbol]
        return side * book.position + math.fsum(order.size for order in book.orders
                                                if order.side == side)

    def order(self, symbol: int, side: int, price: float, size: float, level: int,
              bar: int) -> Order:
        tick, place = self.symbols[symbol].tick, price
        open_place = self.symbols[symbol].places["open"][bar]
        if tick > 0:
            whole = math.floor if side > 0 else math.ceil
            place = whole(price / tick + side * ON_TICK)
        if self.settings[symbol]["orders.post_only"] and side * (place - open_place) >= 0:
            place = open_place - side if tick > 0 else math.nextafter(open_place, -side * math.inf)
        return Order(side, place * tick if tick > 0 else place, place,
                     self.whole_lots(symbol, size), level, bar)

    def whole_lots(self, symbol: int, size: float) -> float:
        lot = self.settings[symbol]["orders.lot"]
        return math.floor(size / lot + WITHIN) * lot if lot > 0 else size

    def send(self, symbol: int, order: Order, opens: list[float]):
        if order.size <= 0:
            return
        if self.account["orders.no_room"] == "cut":
            fits = self.fitting(symbol, order, opens)
            if order.size > fits:
                cut = self.whole_lots(symbol, fits)
                order.size = cut if cut > WITHIN * order.size else order.size
        least = self.settings[symbol]["orders.min_value"] * (1 - WITHIN)
        if order.value < least or order.price <= 0:
            self.counts["rejected_value"] += 1
        elif order.size > self.fitting(symbol, order, opens, within=WITHIN):
            self.counts["rejected_leverage"] += 1
        else:
            self.books[symbol].orders.append(order)
            self.counts["orders"] += 1

    def fitting(self, symbol: int, order: Order, opens: list[float], within: float = 0.0) -> float:
        """The largest size of such an order that fits, limits met to `within` of themselves."""
        sides = self.sides(symbol, opens[symbol])
        heavier = max(0.0, *sides.values())
        room = self.room(symbol, opens) + self.slack() * within / WITHIN
        by_units = (self.settings[symbol]["risk.q_max"] * (1 + within)
                    - self.units(symbol, order.side))
        by_value = max(room, heavier * (1 + within)) - sides[order.side]
        return max(min(by_value / order.price, by_units), 0.0)

    # Fills

    def fill(self, bar: int, symbol: int):
        terms, bars, book = self.settings[symbol], self.symbols[symbol], self.books[symbol]
        place = {kind: values[bar] for kind, values in bars.places.items()}
        rule = terms["orders.fill"]
        beyond = 1 if rule == "trade_through" and bars.tick > 0 else 0
        live = [order for order in book.orders if order.sent + terms["orders.latency"] <= bar]
        reached = {1: [order for order in live
                       if order.side > 0 and place["low"] <= order.place - beyond],
                   -1: [order for order in live
                        if order.side < 0 and place["high"] >= order.place + beyond]}
        for side, orders in reached.items():
            orders.sort(key=lambda order: (-side * order.place, order.sent, order.level))
        sides = self.first_side(bar, symbol, reached)
        if rule == "path":
            down_first = place["open"] - place["low"] <= place["high"] - place["open"]
            sides = (1, -1) if down_first else (-1, 1)
        for side in sides:
            for order in reached[side]:
                at_open = rule == "path" and side * (order.place - place["open"]) >= 0
                self.execute(bar, symbol, side * order.size,
                             bars.open[bar] if at_open else order.price,
                             "market" if at_open else "limit")
                book.orders.remove(order)
                self.counts["orders_filled"] += 1

    def first_side(self, bar: int, symbol: int, reached: dict[int, list[Order]]) -> tuple[int, int]:
        rule = self.settings[symbol]["orders.first"]
        buys, sells = (1, -1), (-1, 1)
        if rule == "worse":
            after_buys, after_sells = (self.wallet_after(symbol, reached, sides)
                                       for sides in (buys, sells))
            return sells if after_sells < after_buys - 1e-12 * abs(after_buys) else buys
        if rule == "random":
            word = philox((bar & 0xFFFFFFFF, bar >> 32, symbol, 7), self.seed)[0]
            return buys if word & 1 else sells
        return buys if rule == "buys" else sells

    def wallet_after(self, symbol: int, reached: dict[int, list[Order]], sides) -> float:
        now = self.books[symbol]
        book = Book(now.position, now.entry, copy.copy(now.totals))
        for side in sides:
            for order in reached[side]:
                book.trade(side * order.size, order.price, self.fee_rate(symbol, False))
        return self.wallet() + book.totals.realized - now.totals.realized
