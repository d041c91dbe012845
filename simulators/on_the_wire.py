"""What every simulated instrument has that answers lines of text."""

from simulators.server import Fault, LineServer


class OnTheWire:
    """A double of an instrument behind a `LineServer`; the instrument's own class makes it.

    Attributes
    ----------
    server : LineServer
    """

    server: LineServer

    @property
    def port(self) -> int:
        """TCP port on 127.0.0.1."""
        return self.server.port

    @property
    def address(self) -> str:
        """VISA resource name."""
        return f"TCPIP::127.0.0.1::{self.port}::SOCKET"

    def start(self, port: int = 0) -> None:
        """Begin to answer on TCP; see `LineServer.start`."""
        self.server.start(port)

    def start_pty(self) -> str:
        """Begin to answer on a pseudo-terminal and return its VISA resource name."""
        return f"ASRL{self.server.start_pty()}::INSTR"

    def close(self) -> None:
        """End the server."""
        self.server.close()

    def inject(self, fault: Fault) -> None:
        """Let the next reply go wrong."""
        self.server.faults.append(fault)
