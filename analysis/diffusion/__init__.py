"""Diffusion in a lithium-magnesium foil: series, finite volumes, utilisation and relaxation."""
