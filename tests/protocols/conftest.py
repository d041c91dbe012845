from types import SimpleNamespace

import numpy as np
import pytest

from core.cell import Cell
from core.clock import VirtualClock
from core.errors import InstrumentError
from core.files import BenchFile
from drivers.abilities import abilities_of
from drivers.bench import Bench
from drivers.potentiostat import ChannelState, Live, Poll, Potentiostat, Samples
from protocols.control import Control
from protocols.desk import Desk
from protocols.session import Session


class ScriptedPotentiostat(Potentiostat):
    """Gives one row a second of a current that flows, with E after a script; faults on request."""

    def __init__(self, clock, voltage=lambda t: 0.1, current=1e-3, ends=float("inf")):
        self.clock, self.voltage, self.current, self.ends = clock, voltage, current, ends
        self.running, self.begun, self.given, self.calls = False, 0.0, 0.0, []
        self.faults = {}

    def _fail(self, call):
        self.calls.append(call)
        if call in self.faults:
            raise self.faults[call]

    def start(self, program, e_max):
        self._fail("start")
        self.running, self.begun, self.given = True, self.clock.now(), 0.0

    def _rows(self):
        until = min(self.clock.now() - self.begun, self.ends)
        time = np.arange(self.given + 1.0, until + 0.5)
        if not len(time):
            return ()
        self.given = float(time[-1])
        voltage = np.array([self.voltage(t) for t in time])
        return (Samples(0, 0, time, voltage, np.full(len(time), self.current)),)

    def poll(self):
        self._fail("poll")
        rows = self._rows()
        time = self.clock.now() - self.begun
        if time >= self.ends:
            self.running = False
        state = ChannelState.RUNNING if self.running else ChannelState.STOPPED
        return Poll(Live(state, time, self.voltage(self.given), self.current), rows)

    def stop(self):
        self._fail("stop")
        self.running = False
        return self._rows()

    def safe(self):
        self.running = False
        return True

    def plan(self, program, e_max): ...
    def sweep_within(self, seconds, f_max, f_min): ...
    def sweep_duration(self, sweep): ...
    def identify(self): ...
    def close(self): ...


class Notebook:
    """A recorder that keeps everything in lists."""

    def __init__(self):
        self.events, self.read, self.steps, self.asked = [], [], [], []

    def event(self, event):
        self.events.append(event)
        return len(self.events)

    def readings(self, readings):
        self.read.extend(readings)

    def begin_step(self, key, protocol, verb, parameters, time):
        self.steps.append([verb, None])
        return len(self.steps)

    def request(self, request, time):
        self.asked.append([request, None])
        return len(self.asked)

    def answer_request(self, number, answer, author):
        self.asked[number - 1][1] = answer

    def spectrum(self, step, spectrum):
        return len(self.events)

    def fit(self, spectrum, fit):
        return len(self.events)

    def decision(self, step, decision):
        return len(self.events)

    def end_step(self, step, time, outcome):
        self.steps[step - 1][1] = outcome


@pytest.fixture
def rig():
    """A session over a scripted potentiostat, in a registered worker."""
    clock = VirtualClock()
    potentiostat = ScriptedPotentiostat(clock)
    notebook, control, states = Notebook(), Control(), []
    file = BenchFile.model_validate({"name": "b", "potentiostat": {"backend": "simulated"}})
    session = Session(
        clock=clock,
        bench=Bench("b", potentiostat),
        file=file,
        cell=Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"}),
        recorder=notebook,
        control=control,
        fitter=None,
        set_state=states.append,
        abilities=abilities_of(file),
        desk=Desk(notebook),
    )
    with clock.worker("test"):
        yield SimpleNamespace(
            clock=clock, potentiostat=potentiostat, notebook=notebook, control=control, session=session,
            states=states, broken=InstrumentError("the potentiostat does not answer;", "look at it."),
        )  # fmt: skip
