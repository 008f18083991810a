"""A market maker in plain Python, written from the formulas alone; the draws are given.

Avellaneda and Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8
(2008): reservation price (3.10), spread (3.12), arrivals (2.11).
"""

import math


def quote_distances(settings, time_left, inventory):
    """Bid and ask distance from the mid, before the inventory limit."""
    gamma, k, sigma = settings["gamma"], settings["k"], settings["sigma"]
    risk = gamma * sigma**2 * time_left
    half_spread = risk / 2 + math.log(1 + gamma / k) / gamma
    skew = 0 if settings["name"] == "symmetric" else inventory * risk
    bid, ask = half_spread + skew, half_spread - skew
    return (max(bid, 0), max(ask, 0)) if settings["floor_quotes"] else (bid, ask)


def fill_probability(settings, distance):
    arrivals = settings["A"] * math.exp(-settings["k"] * distance) * settings["dt"]
    return 1 - math.exp(-arrivals) if settings["probability"] == "poisson" else min(1, arrivals)


def walk(settings, draws):
    """The steps of one path, from (bid draw, ask draw, move) of each step."""
    s = settings
    mid, inventory = s["initial_price"], s["initial_inventory"]
    cash, peak = -inventory * mid, s["capital"]
    steps = []
    for i, (bid_draw, ask_draw, move) in enumerate(draws):
        bid_distance, ask_distance = quote_distances(s, s["T"] - i * s["dt"], inventory)
        bid = mid - bid_distance if inventory < s["q_max"] else None
        ask = mid + ask_distance if inventory > -s["q_max"] else None
        bought = bid is not None and bid_draw < fill_probability(s, bid_distance)
        sold = ask is not None and ask_draw < fill_probability(s, ask_distance)
        for filled, price, sign in ((bought, bid, 1), (sold, ask, -1)):
            if filled:
                inventory += sign
                cash -= sign * price + s["maker_fee"] * price + s["fee_per_unit"]
        next_mid = mid + s["sigma"] * math.sqrt(s["dt"]) * move
        equity = s["capital"] + cash + inventory * next_mid
        peak = max(peak, equity)
        steps.append({
            "step": i, "time": i * s["dt"], "mid": mid, "bid": bid, "ask": ask,
            "bought": bought, "sold": sold, "next_mid": next_mid, "inventory": inventory,
            "cash": cash, "equity": equity, "drawdown": peak - equity,
        })
        mid = next_mid
    return steps
