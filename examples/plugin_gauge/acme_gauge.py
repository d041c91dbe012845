"""A force gauge that answers ``F?`` with newtons, e.g. ``line 7: 812.4``, and obeys ``ZERO``."""

from core.errors import InstrumentError
from core.files import GaugeFile
from drivers.force_gauge import ForceGauge, ForceReading
from drivers.instrument import Identity
from drivers.line_instrument import LineInstrument


class AcmeGauge(ForceGauge):
    """Made from the [gauge] table; `options = { line = 7 }` chooses one of its inputs."""

    full_scale = uncertainty = highest = 0.0

    def __init__(self, table: GaugeFile) -> None:
        self.table, self.wire = table, LineInstrument(table.address, "The ACME gauge")
        self.full_scale, self.uncertainty = table.full_scale, table.uncertainty

    def identify(self) -> Identity:
        return Identity("gauge", self.wire.ask("ID?"))

    def read(self) -> ForceReading:
        line, _, number = self.wire.ask("F?").partition(": ")
        if line != f"line {self.table.options.get('line', 1)}":
            raise InstrumentError(f"The ACME gauge answered for {line!r}.", "Check options.line.")
        self.highest = max(self.highest, force := float(number))
        return ForceReading(force, 0.1, f"{number} N", abs(force) >= self.full_scale)

    def zero(self) -> None:
        self.wire.tell("ZERO", acknowledged=False)

    def peak(self) -> ForceReading:
        return ForceReading(self.highest, 0.1, "largest reading")

    def clear_peak(self) -> None:
        self.highest = 0.0

    def close(self) -> None:
        self.wire.shutdown()
