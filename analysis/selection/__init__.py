"""What can be said of the best of many backtests: deflation, cross-validation, walking forward."""
