"""Random settings of a complete market maker, chosen so that what they switch on happens."""

import random

SWEPT = ("gamma", "k", "A", "sigma", "phi", "maker_fee_bps", "drawdown_stop", "enter", "slippage",
         "ewma_alpha", "quantity", "hedge_ratio", "min_half_spread", "drift", "initial_price",
         "imbalance_strength", "leverage", "cooldown", "size_inventory", "target", "max_orders")


def settings(seed, steps=(20, 160)):
    """Parameters by bare name that differ from the defaults."""
    dice = random.Random(seed)
    chance = lambda p: dice.random() < p  # noqa: E731
    between = dice.uniform
    lot = dice.choice([1, 1, 2, 5, 0.01, 0.3, 25])
    price = dice.choice([20, 100, 100, 1000])
    dt = dice.choice([0.001, 0.005, 0.01])
    count = dice.randint(*steps) // 4 * 4
    s = {"initial_price": price, "T": count * dt, "dt": dt,
         "sigma": dice.choice([0.5, 2, 8]), "k": between(0.3, 3), "A": between(20, 300),
         "gamma": between(0.01, 1) / lot, "quantity": lot,
         "probability": dice.choice(["poisson", "bernoulli"]),
         "moves": dice.choice(["normal", "binomial"]),
         "capital": lot * price * between(1, 50)}
    s["name"] = dice.choice(["avellaneda_stoikov", "avellaneda_stoikov", "symmetric", "glft"])
    if s["name"] == "symmetric":
        s["half_spread"] = dice.choice(["current", "average"])
    if s["name"] == "glft":
        s["form"] = dice.choice(["exact", "asymptotic", "closed_form"])
    capped = s["name"] == "glft" or chance(0.6)
    if capped:
        s["q_max"] = lot * dice.choice([1, 2, 3, 5, 8, between(1, 6)])
    if chance(0.3):
        s["initial_inventory"] = lot * dice.choice([-3, -1, 1, 2, 7, between(-3, 3)])
    if chance(0.2):
        s["floor_quotes"] = True
    if chance(0.2) and not (s["name"] == "glft" and s["form"] != "exact"):
        s["horizon"] = between(0.1, 2) * s["T"]
    if chance(0.3):
        s["drift"] = between(-20, 20)
    market(s, dice, chance, between)
    pair_and_signals(s, dice, chance, between, count)
    shape_and_size(s, dice, chance, between, capped)
    limits_and_fees(s, dice, chance, between, count)
    return s


def market(s, dice, chance, between):
    if chance(0.5):
        s["tick"] = dice.choice([0.01, 0.05, 0.25, 0.1])
        if chance(0.7):
            s["book_spread"] = dice.choice([1, 2, 3, 1.5])
        if chance(0.4):
            s["depth"] = s["quantity"] * between(0.5, 4)
    if chance(0.3):
        s["post_only"] = True
    if s.get("book_spread") and chance(0.7):
        s["imbalance_sd"] = between(0.2, 2)
        s["imbalance_reversion"] = between(1, 100)
        s["imbalance_strength"] = dice.choice([0, between(-1, 1)])
        if chance(0.7):
            s["fair_value"] = "microprice"
            if chance(0.6):
                s["imbalance_smoothing"] = between(0.1, 0.95)
    if chance(0.4):
        s["spike_start"] = between(0, 0.7) * s["T"]
        s["spike_length"] = between(0.1, 1) * s["T"]
        s["spike_factor"] = dice.choice([0.2, 3, 6])


def pair_and_signals(s, dice, chance, between, count):
    if s["name"] != "glft" and s.get("half_spread") != "average" or chance(0.3):
        if chance(0.5):
            s["volatility"] = dice.choice(["ewma", "realized"])
            if s["volatility"] == "ewma":
                s["ewma_alpha"] = between(0.02, 1)
            else:
                s["volatility_window"] = dice.randint(1, 60)
            if chance(0.5):
                s["volatility_floor"] = between(0.1, 1) * s["sigma"]
    if not chance(0.5):
        return
    sigma = s.pop("sigma")
    s.pop("moves")
    s |= {"model": "cointegrated", "partner_price": s["initial_price"] * between(0.3, 2),
          "partner_sigma": sigma * between(0.2, 2), "spread_sigma": sigma * between(0.2, 2),
          "hedge_ratio": between(-1.5, 2), "spread_reversion": dice.choice([0, between(5, 200)])}
    if chance(0.4):
        s["break_time"] = between(0.2, 0.9) * s["T"]
    if not chance(0.85):
        return
    s |= {"lookback": dice.randint(14, max(15, count // 3)), "interval": dice.randint(1, 10),
          "adf_lags": dice.randint(0, 2), "adf_pval_max": dice.choice([1, 0.5, 0.1, 0.03]),
          "enter": between(0.5, 2), "exit": between(0, 0.4), "max_bias": between(0.3, 3)}
    if chance(0.8):
        s["pair_bias"] = between(-1, 1)
    if chance(0.6) or "pair_bias" not in s:
        s["pair_quantity"] = s["quantity"] * between(0.2, 4)


def shape_and_size(s, dice, chance, between, capped):
    bps = 1e4 / s["initial_price"]
    if chance(0.3):
        s["min_half_spread"] = between(0.1, 2) * bps
    if chance(0.3):
        s["max_half_spread"] = s.get("min_half_spread", 0) + between(0.1, 2) * bps
    if chance(0.3):
        s["phi"] = between(-0.2, 0.5) / s["quantity"]
    if "volatility" in s and chance(0.4):
        s["size_volatility"] = between(0.1, 1)
        if "moves" in s:
            s["moves"] = "normal"  # of binomial ones estimates are sigma but for rounding
    if capped and chance(0.25):
        s["size_inventory"] = between(0.1, 1)
    if chance(0.2):
        s["leverage"] = between(0.2, 3) * s["quantity"] * s["initial_price"] / s["capital"]


def limits_and_fees(s, dice, chance, between, count):
    noise = 3 * s["quantity"] * (s.get("sigma") or s["spread_sigma"]) * s["dt"] ** 0.5 / s["capital"]
    stops = False
    if chance(0.3):
        s["drawdown_stop"], stops = between(0.3, 3) * noise, True
    if chance(0.2):
        s["kill_loss"], stops = between(0.5, 5) * noise, True
    if chance(0.3):
        s["var_limit"], stops = between(0.3, 3) * noise, True
        s["var_window"] = dice.randint(10, 29)
        if chance(0.6):  # a mean that counts beside the standard deviation
            sigma = s.get("sigma") or s["spread_sigma"]
            s["drift"] = dice.choice([-1, 1]) * between(0.5, 2) * sigma / s["dt"] ** 0.5
            s["initial_inventory"] = 2 * s["quantity"]
        s["var_level"] = between(0.6, 0.999)
    if ("drawdown_stop" in s or "var_limit" in s) and chance(0.7):
        s["cooldown"] = between(0.5, 20) * s["dt"]
    if s.get("tick") and (stops or "pair_quantity" in s) and chance(0.6):
        s["slippage"] = between(0, 3)
    if (stops or "pair_quantity" in s) and chance(0.5):
        s["taker_fee_bps"] = between(-1, 8)
    if chance(0.3):
        s["max_orders"] = dice.choice([1, 2, 5, 7.5])
        s["order_interval"] = s["dt"] * between(0.7, 12)
    if chance(0.2):
        s["open_orders"] = 1
    for key, width in (("maker_fee", 1e-3), ("maker_fee_bps", 10), ("fee_per_unit", 0.1)):
        if chance(0.3):
            s[key] = between(-width, width)
    if chance(0.4):
        s["clock"] = s["dt"] * dice.choice([1, 2, 4])
    if chance(0.4):
        s["target"] = between(-1, 1) * s["quantity"]
    if chance(0.3):
        s["annualization"] = between(1, 400)
