"""One channel of a connected instrument: calls that are repeated when the network falters."""

import ctypes
import logging
from collections.abc import Callable, Sequence

import numpy as np

from core.errors import InstrumentError
from drivers.eclib.encode import EccTechnique
from drivers.eclib.errors import NOT_CONNECTED, TRANSIENT, failure
from drivers.eclib.families import Family
from drivers.eclib.functions import Functions
from drivers.eclib.structs import (
    ChannelInfos,
    CurrentValues,
    DataBuffer,
    DataInfos,
    DeviceInfos,
    State,
)

ATTEMPTS = 5
"""How often a call is made before a transient error is believed."""

_CONNECT_TIMEOUT = 5
_STOP_LOOKS = 200
_NOTHING = bytes(ctypes.sizeof(CurrentValues))
_REFUSALS = ("cannot load", "failed")

_log = logging.getLogger(__name__)


class Channel:
    """A channel and the connection to its instrument.

    Parameters
    ----------
    functions : Functions
    address : str
        Of the instrument: ``"192.168.0.1"`` or ``"USB0"``.
    number : int
        Of the channel, as printed on the instrument: from 1.

    Attributes
    ----------
    device : DeviceInfos
    current : CurrentValues
        As of the last call that brought them.
    infos : DataInfos
    words : ndarray of uint32, shape (1000,)
        What the last `fetch` brought.
    """

    def __init__(self, functions: Functions, address: str, number: int) -> None:
        self.functions = functions
        self.address = address
        self.number = number
        self.index = number - 1
        self.connection = -1
        self.device = DeviceInfos()
        self.current = CurrentValues()
        self.infos = DataInfos()
        self._buffer = DataBuffer()
        self.words = np.ctypeslib.as_array(self._buffer.data)
        self._get_data = functions["BL_GetData"]
        self._to_data = (
            ctypes.byref(self._buffer),
            ctypes.byref(self.infos),
            ctypes.byref(self.current),
        )

    def connect(self) -> None:
        """Connect to the instrument.

        Raises
        ------
        InstrumentError
            If it cannot be reached, or EC-Lab's own firmware is on it.
        """
        identifier = ctypes.c_int32(-1)
        code = self.functions["BL_Connect"](
            self.address.encode("ascii", errors="replace"),
            _CONNECT_TIMEOUT,
            ctypes.byref(identifier),
            ctypes.byref(self.device),
        )
        self.connection = identifier.value
        if code:
            self.disconnect()
            self.functions.check(f"connecting to {self.address!r}", code)

    def disconnect(self) -> None:
        """Give the connection back; nothing happens if there is none."""
        if self.connection >= 0:
            code = self.functions["BL_Disconnect"](self.connection)
            if code:
                _log.warning("%s", failure("disconnecting", code))
        self.connection = -1

    def plugged(self) -> bool:
        """Return whether the channel has a board."""
        return bool(self.functions["BL_IsChannelPlugged"](self.connection, self.index))

    def board_type(self) -> int:
        """Return the type of the channel's board, which is known before any firmware is loaded."""
        kind = ctypes.c_uint32()
        self.persist("asking for the board type", "BL_GetChannelBoardType", ctypes.byref(kind))
        return kind.value

    def channel_infos(self) -> tuple[int, ChannelInfos]:
        """Return the error code and what the channel says about itself.

        The code is zero or "no firmware loaded", in which case only a part is filled in. Under
        load an instrument now and then answers with nothing but zeros; then it is asked again.

        Raises
        ------
        InstrumentError
            If it fails otherwise, or goes on answering zeros.
        """
        infos = ChannelInfos()
        for _ in range(ATTEMPTS):
            code = self._try("BL_GetChannelInfos", ctypes.byref(infos))
            if code or infos.FirmwareVersion:
                return code, infos
        # Without firmware the version may be zero in truth.
        return 0, infos

    def fetch(self) -> int:
        """Take over the next rows into `infos`, `words` and `current`; return how many there are.

        Raises
        ------
        InstrumentError
            If it keeps failing, or the channel keeps answering with zeros.
        """
        for _ in range(ATTEMPTS):
            if self._get_data(self.connection, self.index, *self._to_data):
                self.persist("reading data", "BL_GetData", *self._to_data)
            current = self.current
            if self.infos.NbRows or current.State or current.TimeBase or bytes(current) != _NOTHING:
                return int(self.infos.NbRows)
        raise self.answers_zeros()

    def look(self) -> bool:
        """Read the instantaneous values into `current`, taking over no rows.

        Returns
        -------
        bool
            Whether the channel answered with anything but zeros.

        Raises
        ------
        InstrumentError
            If it keeps failing.
        """
        for _ in range(ATTEMPTS):
            self.persist("reading the current values", "BL_GetCurrentValues", ctypes.byref(self.current))
            if bytes(self.current) != _NOTHING:
                return True
        return False

    def time_base(self) -> float:
        """Return the seconds of a tick that belong to the rows just fetched.

        Raises
        ------
        InstrumentError
            If the channel does not tell.
        """
        if not self.current.TimeBase > 0 and not self.look():
            raise self.answers_zeros()
        base = float(self.current.TimeBase)
        if not base > 0:
            raise InstrumentError(
                f"Potentiostat: channel {self.number} reports a time base of {base} s.",
                "Run `bench check`, and reinstall the library if this comes back.",
            )
        return base

    def halt(self) -> None:
        """Stop the channel and look until it has stopped.

        Raises
        ------
        InstrumentError
            If it goes on running.
        """
        self.persist(f"stopping channel {self.number}", "BL_StopChannel")
        for _ in range(_STOP_LOOKS):
            self.look()
            if self.current.State == State.STOP:
                return
        raise InstrumentError(
            f"Potentiostat: channel {self.number} was told to stop but still runs at "
            f"{self.current.Ewe:.4g} V and {self.current.I:.4g} A.",
            "Disconnect the cell by hand, then switch the instrument off and on.",
        )

    def discard_rows(self) -> None:
        """Throw away rows that an earlier program left in a stopped channel."""
        thrown = 0
        for _ in range(_STOP_LOOKS):
            if not self.look() or not self.current.MemFilled:
                break
            thrown += self.fetch()
        if thrown:
            _log.warning("%d rows of an earlier program were left in channel %d", thrown, self.number)

    def load(self, family: Family, techniques: Sequence[EccTechnique]) -> None:
        """Load a list of techniques in place of the present one.

        Raises
        ------
        InstrumentError
            Quoting what the channel's firmware says about it.
        """
        self.functions.messages(self.connection, self.index)
        last = len(techniques) - 1
        for place, technique in enumerate(techniques):
            name = family.ecc(technique.stem)
            parameters = technique.as_array()
            code = self.functions["BL_LoadTechnique"](
                self.connection,
                self.index,
                name.encode("ascii"),
                parameters,
                place == 0,
                place == last,
                False,
            )
            if code:
                said = self.functions.messages(self.connection, self.index)
                self.functions.check(f"loading {name} as technique {place}", code, said)
        said = self.functions.messages(self.connection, self.index)
        if any(refusal in text.lower() for text in said for refusal in _REFUSALS):
            raise InstrumentError(
                "Potentiostat: the channel did not take the program. It says: " + "; ".join(said) + ".",
                "Run `bench check`; if this comes back, reinstall the library's package.",
            )

    def start(self) -> None:
        """Start the loaded list.

        Raises
        ------
        InstrumentError
        """
        code = self.functions["BL_StartChannel"](self.connection, self.index)
        said = self.functions.messages(self.connection, self.index) if code else ()
        self.functions.check(f"starting channel {self.number}", code, said)

    def persist(self, doing: str, name: str, *arguments: object) -> None:
        """Call a function of this channel that may be repeated, until it works.

        Raises
        ------
        InstrumentError
            After a lasting error, or when a transient one has lasted.
        """
        self.functions.check(doing, self._try(name, *arguments))

    def _try(self, name: str, *arguments: object) -> int:
        function: Callable[..., int] = self.functions[name]
        code = 0
        for attempt in range(ATTEMPTS):
            code = function(self.connection, self.index, *arguments)
            if code not in TRANSIENT:
                return code
            _log.info("%s gave %d, attempt %d of %d", name, code, attempt + 1, ATTEMPTS)
            if code == NOT_CONNECTED and attempt == ATTEMPTS - 2:
                self._reconnect()
        return code

    def _reconnect(self) -> None:
        """Connect anew after the connection was lost: programs run on in the channel meanwhile."""
        _log.warning("the connection to the potentiostat was lost; connecting anew")
        self.disconnect()
        try:
            self.connect()
        except InstrumentError as error:
            _log.warning("%s", error)

    def answers_zeros(self) -> InstrumentError:
        """Return the error of a channel that goes on answering zeros."""
        return InstrumentError(
            f"Potentiostat: channel {self.number} answered {ATTEMPTS} times with nothing but zeros.",
            "Close other programs that talk to the instrument and run `bench check`.",
        )
