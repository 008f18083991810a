"""Estimates sigma, A and k of a market from its recorded trades and quotes. See calibrate.py."""
