"""Numbers that both engines descend with, so that they give the same answers."""

HUBER = 2.5
"""Residuals beyond this many standard deviations count linearly instead of quadratically."""

LONGEST_STEP = 1.5
"""Largest change of a parameter (a logarithm, mostly) in one step."""

TOLERANCE = 1e-8
"""A step that promises less than this in half χ² is the last one."""

MOST_STEPS = 60
"""Evaluations of the circuit at most."""

STIFFEST, GENTLEST = 1e10, 1e-9
"""Marquardt's damping stays between these."""

SMALLEST_VARIANCE = 1e-16
"""Of residuals in units of the assumed noise; data without any noise have this."""

SMALLEST_INFORMATION = 1e-10
"""Added to what is known of every parameter of a run: one nothing is known of stays determinate."""
