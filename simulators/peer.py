"""One client of a simulated instrument, as its server sees it."""

import os
import selectors
import socket


class Peer:
    """One connection: a socket, or the master end of a pty given as file descriptor.

    Attributes
    ----------
    received, unsent : bytearray
        What has not been dealt with yet, in either direction.
    events : int
        What the server's selector waits for.
    """

    def __init__(self, handle: socket.socket | int) -> None:
        self.handle = handle
        self.received = bytearray()
        self.unsent = bytearray()
        self.events = selectors.EVENT_READ
        self.closed = False

    def receive(self) -> bytes:
        """Return what has arrived; nothing means that the client has closed."""
        return os.read(self.handle, 4096) if isinstance(self.handle, int) else self.handle.recv(4096)

    def send(self) -> None:
        """Send what the line takes now; the rest stays in `unsent`."""
        try:
            if isinstance(self.handle, int):
                sent = os.write(self.handle, self.unsent)
            else:
                sent = self.handle.send(self.unsent)
        except BlockingIOError:
            return
        del self.unsent[:sent]

    def close(self) -> None:
        """Close the connection."""
        self.closed = True
        if isinstance(self.handle, int):
            os.close(self.handle)
        else:
            self.handle.close()
