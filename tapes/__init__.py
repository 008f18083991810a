"""Turns market data into a tape: one HDF5 file of bars, symbols x time, on one clock.

    importer   the command line of quotesweep-import
    sources    arguments as files; readers, text, lean, parquet: a file as bars
    columns    which column is what; times: epochs and dates as nanoseconds
    checks     what is wrong with the bars of a symbol, and repairs as told
    align      several symbols on one clock; tape: the file; report: what was found
"""
