"""Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel random numbers: as
easy as 1, 2, 3, SC11 (2011)."""

from __future__ import annotations

MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
WEYL = 0x9E3779B9, 0xBB67AE85
WORD = 0xFFFFFFFF


def philox(counter: tuple[int, int, int, int], seed: int) -> tuple[int, int, int, int]:
    """Four words of 32 bits. The key is the seed, its low word first."""
    c0, c1, c2, c3 = counter
    k0, k1 = seed & WORD, seed >> 32
    for _ in range(10):
        first, second = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (second >> 32 ^ c1 ^ k0, second & WORD, first >> 32 ^ c3 ^ k1,
                          first & WORD)
        k0, k1 = k0 + WEYL[0] & WORD, k1 + WEYL[1] & WORD
    return c0, c1, c2, c3


def uniform(word: int) -> float:
    """A number within (0, 1)."""
    return (word + 0.5) / 2**32
