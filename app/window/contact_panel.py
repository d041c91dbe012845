"""R_int and C_int against areal charge: how the contact goes."""

import numpy as np

from app.window import style
from app.window.curves import Contact
from app.window.format import uncertain
from app.window.plot import Panel, Plot
from app.window.qt import QtWidgets
from core.records import Floats

SMALLEST_DECADES = 1.0
"""R_int is shown over a decade at least, so that there are decades to label."""


class ContactPanel(Panel):
    """Draws what `app.window.curves.contact` returns; the two plots share their charge."""

    def __init__(self) -> None:
        self.resistance = Plot("<i>R</i><sub>int</sub> / kΩ cm²", "")
        self.capacitance = Plot("<i>C</i><sub>int</sub> / <i>C</i><sub>0</sub>", "<i>Q</i> / mAh cm⁻²", True)
        self.resistance.setLogMode(y=True)
        self.resistance.setLimits(minYRange=SMALLEST_DECADES)
        self.capacitance.setXLink(self.resistance)
        self.reference = QtWidgets.QLabel()
        self.reference.setFont(style.font(12))
        self.reference.setObjectName("grey")
        super().__init__("Contact", [(self.resistance, 5), (self.capacitance, 4)], self.reference)
        self.curves = []
        for plot, colour in ((self.resistance, style.BLUE), (self.capacitance, style.GREEN)):
            plot.for_long_traces()
            self.curves.append((plot.dots(colour, 4), plot.dots(colour, 5, hollow=True)))
        self.threshold = self.resistance.level(0, "depletion")

    def draw(self, contact: Contact) -> None:
        """Draw another moment; fits that nothing is concluded from are hollow."""
        for (solid, hollow), values in zip(self.curves, (contact.resistance, contact.relative), strict=True):
            known = np.isfinite(values) & np.isfinite(contact.charge) & (np.nan_to_num(values) > 0)
            for item, chosen in ((solid, known & ~contact.reserved), (hollow, known & contact.reserved)):
                item.setData(contact.charge[chosen], values[chosen])
        shown = contact.threshold is not None and len(contact.charge) > 0
        self.threshold.setVisible(shown)
        if contact.threshold is not None:
            self.threshold.setValue(np.log10(contact.threshold))
        for plot in (self.resistance, self.capacitance):
            plot.say("" if len(contact.charge) else "begins with the current")
        self.reference.setText(_reference(contact.charge, contact.reference))


def _reference(charge: Floats, reference: tuple[float, float] | None) -> str:
    if reference is None:
        return "no C₀: no usable PEIS before the current" if len(charge) else ""
    resistance, capacitance = reference
    return f"before the current: R₀ {uncertain(resistance)} kΩ cm²,  C₀ {uncertain(capacitance)} µF cm⁻²"
