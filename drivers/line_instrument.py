"""Instruments that answer one line of text to one line of text, through PyMeasure and PyVISA.

What goes wrong on such lines is dealt with here, once: two threads asking at the same time,
requests that stay unanswered, replies that come too late and would be taken for the answer to
the next question, peers that went away and came back.
"""

import contextlib
import threading
from typing import Any

import pyvisa
from pymeasure.adapters import Adapter, VISAAdapter
from pymeasure.instruments import Instrument

from core.errors import InstrumentError

LINK_FAILURES = (pyvisa.errors.VisaIOError, OSError)
"""What a dead or silent line raises: pyserial's and socket errors are OSErrors, VISA's are not."""

LONGEST_REPLY = 1024
"""Bytes; no reply of these instruments comes near."""

ATTEMPTS = 3
OPEN_TIMEOUT = 3000
BAUD_RATE = 115200


class LineInstrument(Instrument):
    """A text instrument: requests end with CR, replies with CR LF, Latin-1 both ways, if not told otherwise.

    Strings are encoded here and handed on as bytes, so that what is tested against
    `pymeasure.test.expected_protocol` is what goes over the wire.

    Parameters
    ----------
    adapter : str or Adapter
        A VISA resource name such as ``TCPIP::192.168.0.2::2049::SOCKET``, or an adapter of
        PyMeasure's. Only a resource name can be opened again after a failure.
    name : str
        What operators call it; used in messages.
    remedy : str
        What to check when it does not answer.
    visa_library : str
        The VISA library; empty takes NI-VISA where it is installed, else pyvisa-py (``"@py"``).
    timeout : float
        Wall seconds until a reply is given up. Short, because pyvisa-py spins on a socket whose
        peer has gone until this has passed.
    ends : tuple of str
        The terminators of requests and of replies.
    **kwargs
        Further arguments for the VISA connection.

    Raises
    ------
    InstrumentError
        If the resource cannot be opened. (A refused TCP connection only shows when it is used.)
    """

    # PyMeasure looks at every access whether the name is a dynamic property's. There are none here,
    # and one reading makes some twenty accesses.
    __getattribute__ = object.__getattribute__

    def __init__(
        self,
        adapter: str | Adapter,
        name: str,
        *,
        remedy: str = "Check that it is switched on, its cable, and the address in the bench file.",
        visa_library: str = "",
        timeout: float = 1.5,
        ends: tuple[str, str] = ("\r", "\r\n"),
        **kwargs: Any,
    ) -> None:
        self._ends = ends
        self._remedy, self._visa_library, self._timeout = remedy, visa_library, timeout
        self._options = {"asrl": {"baud_rate": BAUD_RATE}, "open_timeout": OPEN_TIMEOUT} | kwargs
        self._line = threading.RLock()
        self._connected = True
        self._serial = False
        self.address = adapter if isinstance(adapter, str) else ""
        self.name = name
        self.isShutdown = False
        super().__init__(self._open() if isinstance(adapter, str) else adapter, name, includeSCPI=False)

    @property
    def where(self) -> str:
        """Name and address, for messages."""
        return f"{self.name} at {self.address}" if self.address else self.name

    @property
    def backend(self) -> str:
        """The VISA library in use: ``"py"`` for pyvisa-py, or the path of a vendor's library."""
        manager = getattr(self.adapter, "manager", None)
        return str(manager.visalib.library_path) if manager is not None else type(self.adapter).__name__

    def write(self, command: str, **kwargs: Any) -> None:
        """Send a request; the terminator is added."""
        self.write_bytes((command + self._ends[0]).encode("latin-1"), **kwargs)

    def read(self, **kwargs: Any) -> str:
        """Return one reply without its terminator.

        Raises
        ------
        InstrumentError
            If it goes on and on: whatever talks there is not the instrument.
        """
        reply: bytes = self.read_bytes(LONGEST_REPLY, break_on_termchar=True, **kwargs)
        if len(reply) >= LONGEST_REPLY:
            self.disconnect()
            raise InstrumentError(f"The {self.where} sends {reply[:20]!r}… without end.", self._remedy)
        return reply.decode("latin-1").rstrip("\r\n")

    def ask(self, command: str, query_delay: float | None = None) -> str:
        """Send a question and return the reply; asks again, a few times, when none comes.

        Only for requests that change nothing.

        Raises
        ------
        InstrumentError
            If it cannot be reached or stays silent.
        """
        with self._line:
            failure: Exception = TimeoutError()
            for _ in range(ATTEMPTS):
                try:
                    self._reach()
                    self.write(command)
                    self.wait_for(query_delay)
                    return self.read()
                except LINK_FAILURES as error:
                    failure = error
                    self.disconnect()
            raise self._silent(command, failure)

    def tell(self, command: str, *, acknowledged: bool = True) -> str | None:
        """Send a request that changes something, once.

        Parameters
        ----------
        command : str
        acknowledged : bool
            Whether the instrument replies to it.

        Returns
        -------
        str or None
            The reply. None if there is none, or if it was lost: then nobody knows whether the
            request arrived, and the caller finds out by reading back.

        Raises
        ------
        InstrumentError
            If there is no connection to send it over.
        """
        with self._line:
            try:
                self._reach()
                self.write(command)
                return self.read() if acknowledged else None
            except LINK_FAILURES as error:
                self.disconnect()
                if isinstance(error, ConnectionRefusedError):
                    raise self._silent(command, error) from None
                return None

    def disconnect(self) -> None:
        """Give up the present connection; the next request opens another.

        A reply that comes late arrives at a connection nobody reads any more, instead of being
        taken for the answer to the next question.
        """
        with self._line:
            if self.address:
                self._connected = False
                # A line that has just failed may fail again when it is closed; it is gone anyway.
                with contextlib.suppress(*LINK_FAILURES):
                    self.adapter.close()

    def shutdown(self) -> None:
        """Close the connection. Never raises."""
        self.disconnect()
        super().shutdown()

    def _open(self) -> VISAAdapter:
        if not self.address:
            raise InstrumentError(f"{self.name} has no address.", "Give its VISA address in the bench file.")
        try:
            pyvisa.rname.ResourceName.from_string(self.address)
            adapter = VISAAdapter(
                self.address,
                visa_library=self._visa_library,
                timeout=int(1000 * self._timeout),
                read_termination=self._ends[1],
                **self._options,
            )
        except pyvisa.rname.InvalidResourceName:
            raise InstrumentError(
                f"The address of {self.name.lower()}, {self.address!r}, is no VISA address.",
                "Write it like TCPIP::192.168.0.2::2049::SOCKET or ASRL/dev/ttyUSB0::INSTR.",
            ) from None
        except Exception as error:  # noqa: BLE001 - PyVISA and its back-ends raise bare Exceptions here
            raise InstrumentError(f"{self.where} cannot be opened: {_reason(error)}.", self._remedy) from None
        interface = adapter.connection.interface_type
        self._serial = interface == pyvisa.constants.InterfaceType.asrl
        return adapter

    def _reach(self) -> None:
        """Open a connection that was given up, and empty a serial line that talked out of turn."""
        if self.isShutdown:
            raise InstrumentError(f"{self.where} has been closed.", "Connect the bench again.")
        if not self._connected:
            self.adapter = self._open()
            self._connected = True
        if self._serial:
            while self.adapter.connection.bytes_in_buffer:
                self.adapter.connection.read_bytes(self.adapter.connection.bytes_in_buffer)

    def _silent(self, command: str, failure: Exception) -> InstrumentError:
        printable = command.replace("\xb6", "¶")
        reason = _reason(failure)
        return InstrumentError(f"{self.where} does not answer {printable!r}: {reason}.", self._remedy)


def _reason(error: Exception) -> str:
    """Say in words why a line failed."""
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, pyvisa.errors.VisaIOError):
        if error.error_code == pyvisa.constants.StatusCode.error_timeout:
            return "no complete reply within the time-out"
        return str(error.abbreviation)
    return str(error).rstrip(".") or type(error).__name__
