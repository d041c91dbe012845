"""What comes from elsewhere: run packages, other stores, and files of spectra that become runs."""

from app.taking_in.bring import Brought, bring_in, bring_in_spectra, is_package, is_store
from app.taking_in.given import Given

__all__ = ["Brought", "Given", "bring_in", "bring_in_spectra", "is_package", "is_store"]
