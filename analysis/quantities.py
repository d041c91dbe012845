"""The numbers a fit of a standard circuit is read for, by name."""

INTERFACE_QUANTITIES = ("R_int", "tau_int", "alpha_int", "Q_int", "C_int", "C_int_brug")
"""Not known where the interface cannot be told from nothing. C_int is τ/R, which is (R^(1−α) Q)^(1/α)
(Hsu and Mansfeld 2001); C_int_brug is Q^(1/α) (1/R_e + 1/R)^((α−1)/α) with R_e = R_bulk + R_gb
(Brug et al. 1984)."""
