"""Contact and stack pressure: what others ask of them, in one place."""

from app.conclusions.pressing import ALLOY as ALLOY
from app.conclusions.pressing import CriticalPressure as CriticalPressure
from app.conclusions.pressing import RofP as RofP
from app.conclusions.pressing import critical_pressures as critical_pressures
from app.conclusions.pressing import resistance_of_pressure as resistance_of_pressure
from app.conclusions.starts import StartRow as StartRow
from app.conclusions.starts import starts as starts
from app.conclusions.under_pressure import PressureRow as PressureRow
from app.conclusions.under_pressure import pressures as pressures
