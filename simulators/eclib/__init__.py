"""A double of the vendor's potentiostat library, for any client that speaks to the real one."""

from simulators.eclib.faults import Faults
from simulators.eclib.library import SimulatedEClib
from simulators.eclib.load import load
from simulators.eclib.noise_model import NoiseParameters

__all__ = ["Faults", "NoiseParameters", "SimulatedEClib", "load"]
