"""The VMP-300 family as a potentiostat of the bench."""

import logging
import math
import threading
from collections.abc import Sequence

from core.errors import InstrumentError
from core.files import PotentiostatFile
from drivers.eclib import connecting
from drivers.eclib.decode import Decoder
from drivers.eclib.encode import encode
from drivers.eclib.errors import TRANSIENT, LibraryError
from drivers.eclib.functions import Functions, VendorLibrary
from drivers.eclib.planner import Vmp300Planner
from drivers.eclib.ranges import full_scale
from drivers.eclib.reading import Reader
from drivers.eclib.structs import Ground
from drivers.instrument import Identity
from drivers.potentiostat import PlannedTechnique, Poll, Potentiostat, Samples, SweepPoints
from drivers.techniques import Loop, Sweep, Technique

_START_ATTEMPTS = 3
_OPEN_CIRCUIT_LOOKS = 200
_OPEN_CIRCUIT_CURRENT = 0.01
"""Share of the current range below which a measured current counts as none."""

_log = logging.getLogger(__name__)


class Vmp300(Potentiostat):
    """One channel of a VMP-300 family instrument, driven through the vendor's library.

    The constructor connects, checks channel and board, and loads the firmware if it is missing. It
    does not stop a program that runs in the channel: `safe` or `start` do.

    Parameters
    ----------
    library : VendorLibrary
        As `load_vendor_library` returns it, or anything that behaves like it.
    settings : PotentiostatFile

    Raises
    ------
    InstrumentError
        If the instrument cannot be used, with what to do about it.
    """

    def __init__(self, library: VendorLibrary, settings: PotentiostatFile) -> None:
        self._settings = settings
        # Safety watch and protocol may both reach for the instrument; its buffers are shared.
        self._lock = threading.RLock()
        self._ready = connecting.connect(Functions(library), settings)
        self._channel = self._ready.channel
        self._planner = Vmp300Planner(settings, self._ready.ranges)
        try:
            self._decoder = Decoder(self._channel.functions, self._ready.family.board_type)
        except InstrumentError:
            self._channel.disconnect()
            raise
        self._reader = Reader(self._channel, self._decoder)
        self._largest_range = math.nan

    def identify(self) -> Identity:
        """Return what instrument, channel and library say; see `Instrument.identify`."""
        with self._lock:
            infos = connecting.answering(self._channel)
            identity = connecting.identity(self._ready, infos)
        identity.details["data words"] = "converted in bulk" if self._decoder.in_bulk else "one by one"
        identity.details["sweep times count from"] = self._decoder.sweep_time.seen
        return identity

    def close(self) -> None:
        """Release the connection. Never raises."""
        try:
            with self._lock:
                self._channel.disconnect()
        except Exception:  # noqa: BLE001 - by contract it never raises; the log keeps the reason
            _log.exception("the potentiostat could not be disconnected")

    def plan(self, program: Sequence[Technique], e_max: float) -> tuple[PlannedTechnique, ...]:
        """Choose ranges for a program and check it; see `Planner.plan`."""
        return self._planner.plan(program, e_max)

    def sweep_within(self, seconds: float, f_max: float, f_min: float) -> Sweep:
        """Return the densest sweep that fits; see `Planner.sweep_within`."""
        return self._planner.sweep_within(seconds, f_max, f_min)

    def sweep_duration(self, sweep: Sweep) -> float:
        """Return the expected duration of a sweep in s."""
        return self._planner.sweep_duration(sweep)

    def start(self, program: Sequence[Technique], e_max: float) -> None:
        """Load a program and start it; a channel that still runs is stopped first.

        Raises
        ------
        BadInput
            If the program is beyond the instrument; nothing has been touched then.
        InstrumentError
            If the channel does not take it.
        """
        planned = self.plan(program, e_max)
        # A loop that is not repeated has no number that the firmware is documented to take.
        wanted = [each for each in planned if not _idle(each.technique)]
        with self._lock:
            self._reader.forget()
            for attempt in range(_START_ATTEMPTS):
                try:
                    self._load_and_start(wanted)
                    break
                except LibraryError as error:
                    if error.code not in TRANSIENT or attempt == _START_ATTEMPTS - 1:
                        raise
                    _log.warning("starting again: %s", error)
            self._largest_range = max(
                (each.current_range for each in wanted if not math.isnan(each.current_range)),
                default=math.nan,
            )
            self._reader.expect([each.technique for each in wanted])

    def poll(self) -> Poll:
        """Look at the channel once; see `Potentiostat.poll`."""
        with self._lock:
            return self._reader.poll()

    def stop(self) -> tuple[Samples | SweepPoints, ...]:
        """Stop the program and return the rows still in the channel; see `Potentiostat.stop`.

        Raises
        ------
        InstrumentError
            If the channel does not stop. Rows read by then come with the next `poll`.
        """
        with self._lock:
            self._channel.halt()
            return self._reader.drain()

    def safe(self) -> bool:
        """Bring the channel to open circuit whatever its state. Never raises.

        Returns
        -------
        bool
            Whether the channel reports that it has stopped and measures no current.
        """
        try:
            with self._lock:
                self._channel.halt()
                return self._at_open_circuit()
        except Exception:  # noqa: BLE001 - by contract it never raises; the log keeps the reason
            _log.exception("the potentiostat could not be brought to open circuit")
            return False

    def _load_and_start(self, wanted: Sequence[PlannedTechnique]) -> None:
        self._channel.halt()
        self._channel.discard_rows()
        if self._settings.floating:
            connecting.set_ground(self._channel, Ground.FLOATING)
        techniques = [encode(each, self._settings.bandwidth) for each in wanted]
        self._channel.load(self._ready.family, techniques)
        self._channel.start()

    def _at_open_circuit(self) -> bool:
        for _ in range(_OPEN_CIRCUIT_LOOKS):
            answered = self._channel.look()
            current = self._channel.current
            if answered and current.State == 0 and abs(current.I) <= self._no_current(current.IRange):
                return True
        _log.error("the potentiostat was stopped but measures %g A", self._channel.current.I)
        return False

    def _no_current(self, range_number: int) -> float:
        """Return the current in A below which the cell counts as being at open circuit."""
        if not math.isnan(self._largest_range):
            return _OPEN_CIRCUIT_CURRENT * self._largest_range
        scale = full_scale(range_number)
        return _OPEN_CIRCUIT_CURRENT * (self._settings.smallest_range if scale is None else scale)


def _idle(technique: Technique) -> bool:
    return isinstance(technique, Loop) and technique.repeats == 0
