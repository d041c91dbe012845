"""Taking over what a running program measures, and believing its end only when it is sure."""

import logging
from collections.abc import Sequence

from core.errors import InstrumentError
from drivers.eclib.channel import Channel
from drivers.eclib.decode import Decoder
from drivers.eclib.structs import State
from drivers.potentiostat import ChannelState, Live, Poll, Samples, SweepPoints
from drivers.techniques import Technique

_STATES = {
    int(State.STOP): ChannelState.STOPPED,
    int(State.RUN): ChannelState.RUNNING,
    int(State.PAUSE): ChannelState.PAUSED,
    int(State.SYNC): ChannelState.RUNNING,
}

_MOST_BATCHES = 64
"""Calls of one poll; what is left then comes with the next."""

_MOST_DRAINED = 5000
_UNSEEN_STOPS = 3
"""Looks that must say "stopped" when nothing was ever seen of the program."""

_STUCK_LOOKS = 20
"""Looks at a stopped channel that has memory filled but hands over nothing, before it is given up."""

_log = logging.getLogger(__name__)

Rows = Samples | SweepPoints


class Reader:
    """The rows and the state of the program in a channel.

    A single "stopped" proves nothing: the first looks after a start may still show it, and rows
    come after it. The program has ended when it was seen at work, and two looks in a row show it
    stopped, with no rows and an empty memory; or when three polls in a row show it so and nothing
    was ever seen.

    Parameters
    ----------
    channel : Channel
    decoder : Decoder
    """

    def __init__(self, channel: Channel, decoder: Decoder) -> None:
        self._channel = channel
        self._decoder = decoder
        self._rows: list[Rows] = []
        self._lost = 0
        self._option_error = 0
        self.forget()

    def forget(self) -> None:
        """Expect no rows any more, and drop those nobody asked for."""
        if self._rows:
            _log.warning("%d batches of rows of the previous program were never taken over", len(self._rows))
        self._program: tuple[Technique, ...] = ()
        self._rows = []
        self._lost = 0
        self._seen = False
        self._stops = 0
        self._stuck = 0

    def expect(self, program: Sequence[Technique]) -> None:
        """Expect the rows of a program that has just been started."""
        self._program = tuple(program)

    def poll(self) -> Poll:
        """Look once; see `Potentiostat.poll`."""
        state = self._advance() if self._program else self._idle()
        lost, self._lost = self._lost, 0
        return Poll(self._live(state), self._take(), lost)

    def drain(self) -> tuple[Rows, ...]:
        """Take over everything left in a channel that was told to stop.

        Raises
        ------
        InstrumentError
            If it goes on running, or rows go on coming.
        """
        clean = silent = 0
        for _ in range(_MOST_DRAINED if self._program else 0):
            count = self._fetch()
            current = self._channel.current
            stopped = current.State == State.STOP and not count
            clean = clean + 1 if stopped and not current.MemFilled else 0
            silent = silent + 1 if stopped and current.MemFilled else 0
            if clean == 2:
                break
            if silent == _STUCK_LOOKS:
                self._give_up()
                break
        else:
            if self._program:
                raise InstrumentError(
                    f"Potentiostat: channel {self._channel.number} goes on handing over rows after a stop.",
                    "Disconnect the cell by hand, then switch the instrument off and on.",
                )
        self._seen = True
        return self._take()

    def _advance(self) -> ChannelState:
        """Take over rows and return the state of the program.

        Usually this is one call of the library: rows that empty the memory, or no rows, need no
        second one.
        """
        clean = 0
        for _ in range(_MOST_BATCHES):
            count = self._fetch()
            current = self._channel.current
            state = self._state(current.State)
            if state is not ChannelState.STOPPED:
                self._seen, self._stops, clean = True, 0, 0
                if count and current.MemFilled:
                    continue
                return state
            if count:
                self._seen, self._stuck, clean = True, 0, 0
            elif current.MemFilled:
                return self._holding_back()
            elif not self._seen:
                self._stops += 1
                return state if self._stops >= _UNSEEN_STOPS else ChannelState.RUNNING
            else:
                clean += 1
                if clean == 2:
                    return state
        return ChannelState.RUNNING

    def _holding_back(self) -> ChannelState:
        """Return the state of a stopped channel that says it has rows but gives none."""
        self._stuck += 1
        if self._stuck < _STUCK_LOOKS:
            return ChannelState.RUNNING
        self._give_up()
        return ChannelState.STOPPED

    def _give_up(self) -> None:
        _log.warning(
            "channel %d has stopped and says that %d bytes are left, but does not hand them over",
            self._channel.number,
            self._channel.current.MemFilled,
        )

    def _idle(self) -> ChannelState:
        """Look without taking over rows: they would belong to somebody else's program."""
        if not self._channel.look():
            raise self._channel.answers_zeros()
        return self._state(self._channel.current.State)

    def _fetch(self) -> int:
        channel = self._channel
        count = channel.fetch()
        infos = channel.infos
        if infos.IRQskipped > 0:
            self._lost += infos.IRQskipped
        if count:
            rows = self._decoder.rows(infos, channel.words, channel.time_base(), self._program)
            self._rows.append(rows)
        return count

    def _take(self) -> tuple[Rows, ...]:
        if not self._rows:
            return ()
        rows = tuple(self._rows)
        self._rows = []
        return rows

    def _state(self, number: int) -> ChannelState:
        state = _STATES.get(number)
        if state is None:
            raise InstrumentError(
                f"Potentiostat: channel {self._channel.number} reports the unknown state {number}.",
                "Run `bench check`; if this comes back, reinstall the library's package.",
            )
        return state

    def _live(self, state: ChannelState) -> Live:
        current = self._channel.current
        if current.OptErr != self._option_error:
            self._option_error = current.OptErr
            _log.warning("channel %d: option error %d", self._channel.number, current.OptErr)
        overload = bool(current.Eoverflow or current.Ioverflow)
        return Live(state, current.ElapsedTime, current.Ewe, current.I, overload)
