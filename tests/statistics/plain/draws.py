"""Random draws of a path: Philox4x32-10 and its transforms, as docs/reproducibility.md has them."""

from statistics import NormalDist

NORMAL = NormalDist()  # inv_cdf is PPND16 of algorithm AS 241
WORD = 2**32


def philox(counter, key):
    x, k = list(counter), [key % WORD, key >> 32]
    for _ in range(10):
        p, q = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [q >> 32 ^ x[1] ^ k[0], q % WORD, p >> 32 ^ x[3] ^ k[1], p % WORD]
        k = [(k[0] + 0x9E3779B9) % WORD, (k[1] + 0xBB67AE85) % WORD]
    return x


def uniform(word):
    return ((word >> 1) + 0.5) / 2**31


def normal(word):
    beyond = -NORMAL.inv_cdf((word % 2**31 + 0.5) / WORD)
    return -beyond if word >> 31 else beyond


def binomial(word):
    return -1.0 if word >> 31 else 1.0


def of_step(s, seed, path, step):
    """(move, V of the bid, V of the ask, partner's move, imbalance's move)."""
    counter = (path % WORD, path >> 32, step)
    quotes, others = philox((*counter, 0), seed), philox((*counter, 1), seed)
    move = normal(quotes[0]) if s.moves == "normal" else binomial(quotes[0])
    return move, uniform(quotes[1]), uniform(quotes[2]), normal(others[0]), normal(others[1])
