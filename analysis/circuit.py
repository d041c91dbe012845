"""The circuit of a solid electrolyte with one interface: its name in the records, and what is held.

Z = jωL + R_bulk/(1 + jωτ_bulk) + R_gb/(1 + (jωτ_gb)^0.9) + R_int/(1 + (jωτ_int)^α_int)
"""

MODEL = "L-RC-RQ-RQ"
"""Name of the circuit in the records: inductance, bulk, grain boundary, interface."""

ALPHA_GB = 0.9
"""CPE exponent of the grain boundary, held: it cannot be told from R_int when R_int is small."""

ALPHA_MIN, ALPHA_MAX = 0.5, 1.0
"""The CPE exponent of the interface stays between these."""
