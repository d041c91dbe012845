"""A line server for simulated instruments: text lines on 127.0.0.1, or on a pty where there are ptys.

One thread serves all clients of an instrument, so requests are answered one at a time in the
order they arrive, as a real controller does. A request ends with CR (a LF is ignored), may
arrive in pieces or several at once; a reply ends with CR LF, if nothing else is asked for. What
goes wrong on real lines can be asked for with `Fault`.
"""

import heapq
import itertools
import logging
import os
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.clock import wall_time
from core.errors import BadInput
from simulators.peer import Peer

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LONGEST_REQUEST = 4096
LONGEST_BACKLOG = 1 << 20


class Hangup(Exception):
    """Raised by an instrument to close the connection the present request came from."""


@dataclass(frozen=True)
class Fault:
    """What happens to the next reply.

    Attributes
    ----------
    kind : str
        ``"silence"``: no reply; ``"delay"``: the reply comes `seconds` later; ``"split"``: its
        second half comes `seconds` later; ``"garbage"``: `data` comes instead; ``"drop"``: the
        connection is closed without a reply.
    seconds : float
        Wall seconds.
    data : bytes
        The garbage, with its own terminator.
    """

    kind: Literal["silence", "delay", "split", "garbage", "drop"]
    seconds: float = 0.0
    data: bytes = b""


class LineServer:
    """Answers lines of text from any number of clients.

    Parameters
    ----------
    name : str
        Name of the server's thread, for logs.
    answer : callable
        Takes a request and returns the reply, both without terminators, or None for no reply.
    max_clients : int
        Further connections are closed at once.
    request_end, reply_end : bytes
        Terminators; CR and LF that are no terminator of a request are ignored in it.
    """

    def __init__(
        self,
        name: str,
        answer: Callable[[str], str | None],
        max_clients: int = 5,
        request_end: bytes = b"\r",
        reply_end: bytes = b"\r\n",
    ) -> None:
        self._request_end, self._reply_end = request_end, reply_end
        self.faults: deque[Fault] = deque()
        self._name, self._answer, self._max_clients = name, answer, max_clients
        self._selector = selectors.DefaultSelector()
        self._peers: list[Peer] = []
        self._due: list[tuple[float, int, Peer, bytes]] = []
        self._numbers = itertools.count()
        self._stream: tuple[float, Callable[[], str]] | None = None
        self._stream_due = 0.0
        self._listener: socket.socket | None = None
        self._slave: int | None = None
        self._wake: tuple[socket.socket, socket.socket] | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    @property
    def port(self) -> int:
        """The TCP port that is listened on."""
        if self._listener is None:
            raise RuntimeError(f"{self._name} has not been started")
        return int(self._listener.getsockname()[1])

    def start(self, port: int = 0) -> None:
        """Listen on a TCP port of the loopback interface; 0 takes any free one.

        Raises
        ------
        BadInput
            If the port cannot be had.
        """
        try:
            self._listener = socket.create_server((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            raise BadInput(
                f"The simulated {self._name} cannot listen on {LOOPBACK} port {port}: {error}.",
                "Choose another port, or 0 for any free one.",
            ) from None
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._launch()

    def start_pty(self) -> str:
        """Serve a pseudo-terminal instead of a TCP port.

        Returns
        -------
        str
            The device that a client opens, e.g. ``/dev/pts/3``.

        Raises
        ------
        BadInput
            On a platform without pseudo-terminals.
        """
        try:
            import pty
            import tty
        except ImportError:
            raise BadInput(
                "This platform has no pseudo-terminals.", f"Reach the simulated {self._name} over TCP."
            ) from None
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._slave = slave  # kept open, or the master reports a hang-up whenever no client is there
        self._admit(Peer(master))
        self._launch()
        return os.ttyname(slave)

    def stream(self, period: float, line: Callable[[], str]) -> None:
        """Send `line()` to every client each `period` wall seconds; 0 stops."""
        self._stream = (period, line) if period > 0 else None
        self._stream_due = wall_time() + period

    def close(self) -> None:
        """Close all connections and end the thread. May be called twice."""
        self._closing = True
        if self._thread is not None and self._wake is not None:
            self._wake[1].send(b"x")
            self._thread.join()
            self._thread = None
            for end in self._wake:  # not by the thread, which may end before it is woken
                end.close()
        self._selector.close()

    def _launch(self) -> None:
        self._wake = socket.socketpair()
        self._selector.register(self._wake[0], selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name=f"simulated {self._name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._closing:
                for key, events in self._selector.select(self._patience()):
                    if isinstance(key.data, Peer):
                        self._attend(key.data, events)
                    elif key.fileobj is self._listener:
                        self._accept()
                self._send_due()
        finally:
            self._release()

    def _release(self) -> None:
        for peer in list(self._peers):
            self._drop(peer)
        if self._listener is not None:
            self._listener.close()
        if self._slave is not None:
            os.close(self._slave)

    def _patience(self) -> float | None:
        """Return the wall seconds until something must be sent unasked, or None."""
        times = [self._due[0][0]] if self._due else []
        if self._stream is not None:
            times.append(self._stream_due)
        return max(0.0, min(times) - wall_time()) if times else None

    def _accept(self) -> None:
        assert self._listener is not None
        try:
            connection, _ = self._listener.accept()
        except OSError as error:  # the client has gone already
            log.debug("%s: connection lost before it was accepted: %s", self._name, error)
            return
        if len(self._peers) >= self._max_clients:
            connection.close()
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._admit(Peer(connection))

    def _admit(self, peer: Peer) -> None:
        self._peers.append(peer)
        self._selector.register(peer.handle, selectors.EVENT_READ, peer)

    def _drop(self, peer: Peer) -> None:
        if not peer.closed:
            self._peers.remove(peer)
            self._selector.unregister(peer.handle)
            peer.close()

    def _attend(self, peer: Peer, events: int) -> None:
        try:
            if events & selectors.EVENT_WRITE:
                self._send(peer, b"")
            if events & selectors.EVENT_READ and not peer.closed:
                self._receive(peer)
        except OSError as error:
            log.debug("%s: client lost: %s", self._name, error)
            self._drop(peer)

    def _receive(self, peer: Peer) -> None:
        data = peer.receive()
        peer.received += data
        if not data or len(peer.received) > LONGEST_REQUEST:
            self._drop(peer)
            return
        *requests, rest = bytes(peer.received).split(self._request_end)
        peer.received[:] = rest
        for request in requests:
            if not peer.closed:
                self._serve(peer, request.translate(None, b"\r\n").decode("latin-1"))

    def _serve(self, peer: Peer, request: str) -> None:
        try:
            reply = self._answer(request)
        except Hangup:
            self._drop(peer)
            return
        except Exception:
            log.exception("%s failed on %r", self._name, request)
            self._drop(peer)
            return
        if reply is not None:
            self._reply(peer, reply.encode("latin-1") + self._reply_end)

    def _reply(self, peer: Peer, data: bytes) -> None:
        if not self.faults:
            self._send(peer, data)
            return
        fault = self.faults.popleft()
        if fault.kind == "delay":
            self._send_later(fault.seconds, peer, data)
        elif fault.kind == "split":
            half = len(data) // 2
            self._send(peer, data[:half])
            self._send_later(fault.seconds, peer, data[half:])
        elif fault.kind == "garbage":
            self._send(peer, fault.data)
        elif fault.kind == "drop":
            self._drop(peer)

    def _send(self, peer: Peer, data: bytes) -> None:
        peer.unsent += data
        peer.send()
        if len(peer.unsent) > LONGEST_BACKLOG:  # a client that never reads
            self._drop(peer)
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.unsent else 0)
        if events != peer.events:
            peer.events = events
            self._selector.modify(peer.handle, events, peer)

    def _send_later(self, seconds: float, peer: Peer, data: bytes) -> None:
        heapq.heappush(self._due, (wall_time() + seconds, next(self._numbers), peer, data))

    def _send_due(self) -> None:
        while self._due and self._due[0][0] <= wall_time():
            _, _, peer, data = heapq.heappop(self._due)
            self._try_send(peer, data)
        if self._stream is not None and self._stream_due <= wall_time():
            period, line = self._stream
            self._stream_due += period
            for peer in list(self._peers):
                self._try_send(peer, line().encode("latin-1") + self._reply_end)

    def _try_send(self, peer: Peer, data: bytes) -> None:
        try:
            if not peer.closed:
                self._send(peer, data)
        except OSError as error:
            log.debug("%s: client lost: %s", self._name, error)
            self._drop(peer)
