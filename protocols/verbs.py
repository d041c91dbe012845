"""The verbs that protocols are written in: resting, spectra, currents, pressure, conclusions."""

from core.requests import Answer
from protocols.currents import Currents
from protocols.pressing import press


class Verbs(Currents):
    """What a protocol can do to a cell. Mixed into `protocols.protocol.Protocol`."""

    def press(self, megapascal: float, *, tolerance: float, hold: float, timeout: float) -> Answer:
        """Bring the stack pressure to `megapascal` MPa: by the motor, or by asking for a hand on the screw.

        Parameters
        ----------
        tolerance : float
            MPa around it that will do.
        hold : float
            s for which it has to stay there.
        timeout : float
            s after which nobody is waited for any more.

        Returns
        -------
        Answer
            How it came about.
        """
        with self._verb("press", pressure_MPa=megapascal, tolerance_MPa=tolerance, hold_s=hold):
            answer = press(self.session, megapascal, tolerance=tolerance, hold=hold, timeout=timeout)
        self.rules.changed("p")
        return answer
