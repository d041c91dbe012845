"""Force gauges that speak the Mark-10 GCL2 dialect, as a `ForceGauge`."""

from contextlib import suppress
from typing import Any

from pymeasure.adapters import Adapter

from core.errors import InstrumentError
from core.files import GaugeFile
from drivers.force_gauge import ForceGauge, ForceReading, ForceStream
from drivers.gcl2 import Mark10, is_streaming, parse_reading
from drivers.instrument import Identity

SAME_SHARE = 1e-3
"""Share of full scale within which two readings count as the same."""
TARES = 2
"""Taring again does no harm, and the first request may have gone into a dead line."""


class Mark10Gauge(ForceGauge):
    """A force gauge with the Mark-10 GCL2 dialect.

    Parameters
    ----------
    settings : GaugeFile
        Its `address` is a VISA resource name; `full_scale` decides on overload.
    adapter : Adapter, optional
        A PyMeasure adapter to use instead of the address.
    **options
        `visa_library` and `timeout`; see `LineInstrument`.

    Raises
    ------
    InstrumentError
        If it cannot be reached, or does not answer like such a gauge.
    """

    def __init__(self, settings: GaugeFile, adapter: Adapter | None = None, **options: Any) -> None:
        self._full_scale, self._uncertainty = settings.full_scale, settings.uncertainty
        self._stream: ForceStream | None = None
        self.wire = Mark10(adapter or settings.address, **options)
        try:
            self._settings = self._quiet_settings()
            self.read()
        except InstrumentError:
            self.close()
            raise

    @property
    def full_scale(self) -> float:
        """Nominal load in N."""
        return self._full_scale

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty of a reading in N."""
        return self._uncertainty

    def identify(self) -> Identity:
        """Return firmware and settings; the dialect tells neither model nor serial number."""
        details = {
            "protocol": "Mark-10 GCL2",
            "address": self.wire.address,
            "visa": self.wire.backend,
            "settings": ";".join(self._settings),
            "full scale": f"{self._full_scale:g} N",
        }
        return Identity("gauge", "Mark-10 GCL2 force gauge", firmware=self._settings[0], details=details)

    def read(self) -> ForceReading:
        """Take one reading of the live force, whatever the display shows."""
        if self._stream is not None and self._stream.running:
            return self._stream.latest()
        self._require_silence()
        return self._ask("?C")

    def stream(self, interval: float = 0.1) -> ForceStream:
        """Let the gauge stream; see `ForceGauge.stream`."""
        if not interval > 0:
            raise InstrumentError(
                f"{self.wire.where} cannot stream every {interval} s.", "Give an interval above 0."
            )
        self._require_silence()
        # What is streamed is what the display shows, so it has to show the live force.
        self._obey("CUR")
        self._stream = ForceStream(
            lambda: self.wire.stream_every(interval), self._streamed, self._end_of_stream
        )
        return self._stream

    def zero(self) -> None:
        """Tare, and verify that the present load reads zero.

        Raises
        ------
        InstrumentError
            If it does not; a moving load cannot be tared.
        """
        self._require_silence()
        for _ in range(TARES):
            self._obey("Z")
            left = self.read()
            if abs(left.force) <= self._tolerance(left):
                return
        raise InstrumentError(
            f"{self.wire.where} was tared but still shows {left.text!r}.",
            "Wait until the load is steady and tare again.",
        )

    def peak(self) -> ForceReading:
        """Return the largest compression since the peak was cleared."""
        self._require_silence()
        return self._ask("?PC")

    def clear_peak(self) -> None:
        """Forget the peaks, and verify that the gauge obeyed."""
        self._require_silence()
        self._obey("CLR")
        peak, present = self.peak(), self.read()
        if peak.force > max(present.force, 0.0) + self._tolerance(present):
            raise InstrumentError(
                f"{self.wire.where} was told to forget its peak but shows {peak.text!r}.",
                "Clear the peak at its keys.",
            )

    def close(self) -> None:
        """End a stream and release the connection. Never raises."""
        if self._stream is not None:
            with suppress(InstrumentError):
                self._stream.close()
        self.wire.shutdown()

    def _streamed(self) -> ForceReading | None:
        line = self.wire.streamed()
        return None if line is None else parse_reading(line, self._full_scale, self.wire.where)

    def _end_of_stream(self) -> None:
        self._stream = None
        self.wire.silence()

    def _require_silence(self) -> None:
        if self._stream is None:
            return
        if self._stream.running:
            raise InstrumentError(f"{self.wire.where} is streaming.", "End its stream first.")
        self._stream.close()

    def _tolerance(self, reading: ForceReading) -> float:
        """Return the difference in N that noise and the display's last digit explain."""
        return max(SAME_SHARE * self._full_scale, 2.0 * reading.resolution)

    def _ask(self, question: str) -> ForceReading:
        try:
            return parse_reading(self.wire.ask(question), self._full_scale, self.wire.where)
        except InstrumentError:
            # What came may have been the answer to something else; a new connection is in step.
            self.wire.disconnect()
            raise

    def _obey(self, command: str) -> None:
        """Send a command that is obeyed in silence; the caller verifies it by reading."""
        self.wire.tell(command, acknowledged=False)

    def _quiet_settings(self) -> list[str]:
        settings = self.wire.settings
        if is_streaming(settings):
            settings = self.wire.silence()
        if len(settings) < 2:
            raise InstrumentError(
                f"{self.wire.where} answered {settings[0][:80]!r} to LIST, which is not how a Mark-10 "
                "gauge lists its settings.",
                "Check the address and that the gauge speaks the GCL2 dialect.",
            )
        return settings
