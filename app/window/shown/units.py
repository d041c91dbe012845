"""In which units things are shown: areal, as papers do, or absolute, as the instruments measured them."""

from dataclasses import dataclass

from core.cell import Cell


@dataclass(frozen=True)
class Units:
    """Areal or absolute units; factors turn SI and absolute values into what is shown.

    Parameters
    ----------
    areal : bool
        Whether values are normalised to the area of the electrode.
    """

    areal: bool = True

    def resistance(self, cell: Cell) -> float:
        """What Ω are multiplied by: kΩ cm² or kΩ."""
        return cell.areal_resistance(1.0) if self.areal else 1e-3

    def capacitance(self, cell: Cell) -> float:
        """What F are multiplied by: µF cm⁻² or µF."""
        return cell.areal_capacitance(1.0) if self.areal else 1e6

    def current(self, cell: Cell) -> float:
        """What A are multiplied by: µA cm⁻² or µA."""
        return cell.current_density(1.0) if self.areal else 1e6

    def charge(self, cell: Cell) -> float:
        """What C are multiplied by: mAh cm⁻² or mAh."""
        return cell.areal_charge(1.0) if self.areal else 1 / 3.6

    @property
    def resistance_unit(self) -> str:
        """``"kΩ cm²"`` or ``"kΩ"``."""
        return "kΩ cm²" if self.areal else "kΩ"

    @property
    def capacitance_unit(self) -> str:
        """``"µF cm⁻²"`` or ``"µF"``."""
        return "µF cm⁻²" if self.areal else "µF"

    @property
    def current_unit(self) -> str:
        """``"µA cm⁻²"`` or ``"µA"``."""
        return "µA cm⁻²" if self.areal else "µA"

    @property
    def charge_unit(self) -> str:
        """``"mAh cm⁻²"`` or ``"mAh"``."""
        return "mAh cm⁻²" if self.areal else "mAh"
