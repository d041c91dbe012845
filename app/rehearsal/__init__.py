"""Rehearsals: a campaign on the simulated twin of a bench, before anything real is switched on."""
