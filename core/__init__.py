"""The nouns that every room shares: cells, spectra, readings, fits, units and the clock.

This package does no input or output and imports nothing else of stripbench.
"""
