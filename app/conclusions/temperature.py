"""Activation energies: what others ask of them, in one place."""

from app.conclusions.diffusion_energy import ELECTRODES as ELECTRODES
from app.conclusions.diffusion_energy import DiffusionEnergy as DiffusionEnergy
from app.conclusions.diffusion_energy import diffusion_energies as diffusion_energies
from app.conclusions.interface_energy import BAND as BAND
from app.conclusions.interface_energy import LAG as LAG
from app.conclusions.interface_energy import THERMOMETER as THERMOMETER
from app.conclusions.interface_energy import InterfaceEnergy as InterfaceEnergy
from app.conclusions.interface_energy import interface_energies as interface_energies
