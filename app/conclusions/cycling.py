"""Critical current density, cycling and the lives of cells: what others ask of them, in one place."""

from app.conclusions.half_cycles import MILLIAMPERE_HOUR_CM2 as MILLIAMPERE_HOUR_CM2
from app.conclusions.half_cycles import CriticalCurrent as CriticalCurrent
from app.conclusions.half_cycles import Cycling as Cycling
from app.conclusions.half_cycles import critical_currents as critical_currents
from app.conclusions.half_cycles import cyclings as cyclings
from app.conclusions.life import Life as Life
from app.conclusions.life import lives as lives
