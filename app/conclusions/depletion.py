"""Depletion of runs, and what Sand's equation makes of it: what others ask of them, in one place."""

from app.conclusions.sand_plot import Drop as Drop
from app.conclusions.sand_plot import PointD as PointD
from app.conclusions.sand_plot import SandResult as SandResult
from app.conclusions.sand_plot import sand as sand
from app.conclusions.transitions import Depletion as Depletion
from app.conclusions.transitions import depletions as depletions
