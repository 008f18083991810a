"""What a path holds, has paid and has earned (docs/metrics.md, "Of a complete market maker")."""

from plain.settings import whole_lots

PARTS = ("spread", "fees", "bias", "pair", "liquidation", "inventory")
SAME_PRICE = 16 * 2.0**-52  # of two prices, within which a gain is only rounding


class Account:
    """Inventory, parts of the P&L, average entry price and round trips."""

    def __init__(self, s, mid):
        self.s, self.inventory = s, float(s.initial_inventory)
        start = whole_lots(s.initial_inventory, s.quantity)
        self.lots = s.initial_inventory / s.quantity if start is None else start
        self.parts = dict.fromkeys(PARTS, 0.0)
        self.units = self.value = 0.0  # traded
        self.trades = 0
        self.entry = mid  # average price of the inventory
        self.realized = 0.0
        self.closings = self.won_closings = 0  # fills against the inventory, those with a gain
        self.trip_gain = 0.0  # of the open round trip, after fees
        self.trips = []  # gains of round trips
        self.steps_held = 0

    def fill(self, fills, mid):
        """All fills of a step, as (side, lots, distance, shift by the pair signal)."""
        s, fees = self.s, 0.0
        for side, lots, distance, shift in fills:
            size = lots * s.quantity
            price = mid - side * distance
            fees += size * (s.fee * price + s.fee_per_unit)
            self.parts["spread"] += size * (distance + side * shift)
            self.parts["bias"] -= size * side * shift
            self.value += size * price
            self.units += size
            self.trades += 1
        self.parts["fees"] -= fees
        self.book({side: (lots, mid - side * distance) for side, lots, distance, _ in fills}, fees)

    def book(self, fills, fees):
        """What is bought and sold in one step is a round trip; the rest meets the inventory."""
        if not fills:
            return
        (bought, bid), (sold, ask) = fills.get(1, (0.0, 0.0)), fills.get(-1, (0.0, 0.0))
        both, net = min(bought, sold), bought - sold
        if both and net:
            fees /= 2
        if both:
            gain = both * self.s.quantity * (ask - bid)
            self.realized += gain
            self.trips.append(gain - fees)
            self.closings += 1
            self.won_closings += gain > 0
        if net:
            self.meet(net, bid if net > 0 else ask, fees)

    def meet(self, change, price, fees):
        """Adds lots to those that are held, or takes them away."""
        before, size = self.lots, abs(change)
        self.lots += change
        self.inventory = self.lots * self.s.quantity
        self.trip_gain -= fees
        if before * change >= 0:
            held = abs(before)
            self.entry = (held * self.entry + size * price) / (held + size)
            return
        closed = min(size, abs(before)) * self.s.quantity
        gain = closed * (price - self.entry) * (1 if before > 0 else -1)
        rounding = SAME_PRICE * closed * (abs(price) + abs(self.entry))
        self.closings += 1
        self.won_closings += gain > rounding
        self.realized += gain
        self.trip_gain += gain
        if self.lots * before <= 0:  # the fill that ends a round trip pays its fees for it
            self.trips.append(self.trip_gain if abs(self.trip_gain) > rounding else 0.0)
            self.trip_gain, self.entry = 0.0, price

    def leave(self, mid, cost):
        """A stop sells the inventory at the mid and pays a cost."""
        if not self.inventory:
            return
        gain = self.inventory * (mid - self.entry)
        self.realized += gain
        self.value += abs(self.inventory) * mid
        self.trades += 1
        self.parts["liquidation"] -= cost
        self.trips.append(self.trip_gain + gain - cost)
        self.trip_gain, self.entry = 0.0, mid
        self.lots, self.inventory = 0, 0.0

    def pnl(self):
        return sum(self.parts.values())
