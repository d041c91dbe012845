"""The numerical engine: what is done to many spectra at once, compiled where that is possible."""
