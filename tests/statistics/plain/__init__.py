"""A market maker in plain Python, written from the pages of docs alone, path by path and step by step.

It shares no code with the program: draws, market, signals, quotes, account, metrics and summaries over
paths are what docs/model.md, market_maker.md, metrics.md and reproducibility.md say. test_plain.py
holds the program to it.
"""
