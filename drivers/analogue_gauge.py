"""A load cell whose amplifier gives a voltage: force by a straight line through two points."""

from core.errors import BadInput, InstrumentError
from core.files import GaugeFile
from drivers.force_gauge import ForceGauge, ForceReading
from drivers.instrument import Identity
from drivers.voltage_input import VoltageInput

SAME_SHARE = 1e-3
"""Share of full scale within which two readings count as the same."""


class AnalogueGauge(ForceGauge):
    """A gauge behind a voltmeter.

    Tare and peak are kept here, since a voltage knows neither: the peak is the largest of the
    readings that were taken, so what happens between two readings is not in it.

    Parameters
    ----------
    settings : GaugeFile
        With its `calibration`.
    source : VoltageInput
        What measures the voltage.

    Raises
    ------
    BadInput
        If there is no calibration, or its points do not make a line.
    """

    def __init__(self, settings: GaugeFile, source: VoltageInput) -> None:
        self._settings, self._source = settings, source
        self._slope, self._intercept = line_through(settings)
        self._tare = 0.0
        self._peak: ForceReading | None = None

    @property
    def full_scale(self) -> float:
        """Nominal load in N."""
        return self._settings.full_scale

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty of a reading in N."""
        return self._settings.uncertainty

    def identify(self) -> Identity:
        """Ask the voltmeter what it is; see `Instrument.identify`."""
        details = {
            "protocol": "analogue voltage",
            "address": self._settings.address,
            "calibration": f"F = {self._slope:.7g} N/V · U {self._intercept:+.7g} N",
            "full scale": f"{self.full_scale:g} N",
        }
        return Identity("gauge", f"load cell on {self._source.describe()}", details=details)

    def read(self) -> ForceReading:
        """Measure the voltage and turn it into a force.

        Raises
        ------
        InstrumentError
            If the voltmeter gives no voltage.
        """
        volts = self._source.read()
        untared = self._intercept + self._slope * volts.voltage
        reading = ForceReading(
            untared - self._tare,
            abs(self._slope) * volts.resolution,
            f"{volts.text} V",
            # The cell bears the load, whatever was tared away.
            abs(untared) >= self.full_scale,
        )
        if self._peak is None or reading.force > self._peak.force:
            self._peak = reading
        return reading

    def zero(self) -> None:
        """Tare: the present load reads zero from now on.

        Raises
        ------
        InstrumentError
            If the next reading is not zero; a moving load cannot be tared.
        """
        self._tare += self.read().force
        left = self.read()
        if abs(left.force) > max(SAME_SHARE * self.full_scale, 2.0 * left.resolution):
            raise InstrumentError(
                f"The gauge was tared but still shows {left.force:g} N ({left.text}).",
                "Wait until the load is steady and tare again.",
            )
        self.clear_peak()

    def peak(self) -> ForceReading:
        """Return the largest reading since the peak was cleared, this moment's included."""
        present = self.read()
        return present if self._peak is None else self._peak

    def clear_peak(self) -> None:
        """Forget the peak."""
        self._peak = None

    def close(self) -> None:
        """Release the voltmeter. Never raises."""
        self._source.close()


def line_through(settings: GaugeFile) -> tuple[float, float]:
    """Return slope in N/V and intercept in N of the line through the two calibration points.

    Raises
    ------
    BadInput
        If there are none, or both have the same voltage or the same force.
    """
    example = '[{ voltage = "0 V", force = "0 N" }, { voltage = "10 V", force = "20 kN" }]'
    if settings.calibration is None:
        raise BadInput("gauge.calibration is missing;", f"an analogue gauge needs it, e.g. {example}.")
    first, second = settings.calibration
    if first.voltage == second.voltage or first.force == second.force:
        raise BadInput(
            f"gauge.calibration has two points at {first.voltage:g} V and {second.voltage:g} V with "
            f"{first.force:g} N and {second.force:g} N, which make no line;",
            f"give two different ones, e.g. {example}.",
        )
    slope = (second.force - first.force) / (second.voltage - first.voltage)
    return slope, first.force - slope * first.voltage
