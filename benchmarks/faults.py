"""Each instrument unplugged, frozen, lying or in alarm, in each phase of a run: what happens to the current.

Run with ``python -m benchmarks.faults [INSTRUMENT] [PHASE]``; it takes some minutes, because what does not
answer is waited for in wall time. Everything is done to a real run on a simulated bench: the drivers,
the runner and its watch are those of the lab, and only what answers them misbehaves. The current is that
of the simulated instrument, whatever it tells.
"""

import math
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.runner.benches import SIMULATED_BENCH
from app.runner.job import Job, make_job
from app.runner.outcome import Outcome
from app.runner.runner import Runner
from app.runner.station import Station
from core.clock import Clock, RealClock, VirtualClock, Worker, wall_time
from core.errors import InstrumentError
from core.records import Ended
from core.requests import Request
from drivers.potentiostat import VOLTAGE, Poll, Samples, SweepPoints
from drivers.techniques import PotentiostaticImpedance, Sweep
from protocols.acquisition import Ending
from protocols.galvanostatic import ConstantCurrent
from protocols.protocol import Protocol
from simulators.bench import SimulatedBench
from simulators.server import Fault
from storage import RunReader, open_store

PHASES = ("condition", "rest", "PEIS", "GEIS", "request")
STRIKE = 120.0
"""Bench second at which the fault begins: every phase is under way then …"""
LASTS = 900.0
"""… and goes on so many s without a fault."""
LOOK_UNTIL = 4 * 3600.0
"""Bench second until which a current that nobody takes off is watched."""
HANGS = 90.0
"""s of wall time that a call hangs at most."""
SILENCE = 0.2
"""s of wall time after which chamber and gauge are given up here, in place of the drivers' 1.5 s."""

BENCH = (
    SIMULATED_BENCH.replace('force = "10 s"', 'force = "30 s"')
    + """
[simulation.chamber]
air_lag = "60 s"
[simulation.operator]
absent = true
[interlocks]
stale_temperature = "3 min"
stale_force = "3 min"
highest_force = "10 kN"
record_open_circuit = "10 s"
idle_after = "10 min"
"""
)
REAL_TIME = (
    BENCH.replace('force = "30 s"', 'force = "1 s"').replace('idle_after = "10 min"', 'idle_after = "0 s"')
    + 'stale_voltage = "3 s"\n'
)
EXPERIMENT = """\
protocol = "GeisStripping"
[cell]
name = "fault"
anode = "Li"
electrode_diameter = "6 mm"
"""


class OnePhase(Protocol):
    """Does one thing to a cell for half an hour."""

    phase = "GEIS"

    def execute(self) -> None:
        """Do what the phase is."""
        current = self.session.cell.current(100.0)
        if self.phase == "condition":
            self.condition(70.0, dwell=60.0)
        elif self.phase == "rest":
            self.rest(LASTS)
        elif self.phase == "PEIS":
            self.peis(PotentiostaticImpedance(Sweep(1e6, 5e-3, 6, 1), 10e-3), repeat=0)
        elif self.phase == "GEIS":
            sweep = self.session.abilities.potentiostat.sweep_within(30.0, 1e6, 1.0)
            for _ in self.geis(ConstantCurrent(current, current / 10, sweep, 4.0, seconds=LASTS)):
                pass
            if self.ending is not Ending.LIMIT:
                self.ends(Ended.CUT_OFF)
        else:
            self.ask(Request("confirm", "is the cell in its place?", timeout=LASTS))


class Endless(deque[Fault]):
    """A fault that goes on."""

    def popleft(self) -> Fault:
        """Return the fault, and keep it."""
        return self[0]


class EndlessCode(list[int]):
    """An error code that goes on."""

    def pop(self, index: Any = -1) -> int:
        """Return the code, and keep it."""
        return self[0]


class Broken(Station):
    """A station whose instruments can be made to fail, by a worker that begins once they are connected."""

    saboteur: Callable[[], None] | None = None
    worker: Worker | None = None

    def open(self) -> bool:
        """Connect, and let the fault take its course."""
        fresh = super().open()
        if fresh and self.saboteur is not None:
            self.worker = self.clock.spawn("a fault", self.saboteur)
        return fresh

    @property
    def doubles(self) -> SimulatedBench:
        """What answers in place of the instruments."""
        assert self._simulated is not None
        return self._simulated

    def current_is_on(self) -> bool:
        """Whether the simulated potentiostat controls a current or a voltage."""
        if self._simulated is None:
            return False
        with self.doubles.library.still():
            return any(channel.front.mode != "open" for channel in self.doubles.library._channels())


Strike = Callable[[Broken, threading.Event], None]


def unplugged_potentiostat(station: Broken, over: threading.Event) -> None:
    """The network cable is pulled."""
    faults = station.doubles.library.faults
    faults.loss, faults.unreachable = 1.0, True


def busy_potentiostat(station: Broken, over: threading.Event) -> None:
    """Every call finds the library busy."""
    station.doubles.library.faults.busy = sys.maxsize


def hanging_potentiostat(station: Broken, over: threading.Event) -> None:
    """The next call of the driver does not return until `over`, with the driver's lock held."""
    potentiostat: Any = station.bench.potentiostat

    def poll() -> Poll:
        with potentiostat._lock:
            over.wait(HANGS)
            raise InstrumentError("The potentiostat's library did not return.", "Look at the instrument.")

    potentiostat.poll = poll


def lying_potentiostat(volts: float) -> Strike:
    """E reads a value of its own."""

    def strike(station: Broken, over: threading.Event) -> None:
        potentiostat: Any = station.bench.potentiostat
        real = potentiostat.poll

        def poll() -> Poll:
            found: Poll = real()
            for rows in found.rows:
                if isinstance(rows, Samples):
                    rows.voltage[:] = volts
                elif isinstance(rows, SweepPoints):
                    rows.columns[VOLTAGE] = volts
            return replace(found, live=replace(found.live, voltage=volts))

        potentiostat.poll = poll

    return strike


def alarmed_potentiostat(station: Broken, over: threading.Event) -> None:
    """Its internal bus fails whenever data are asked for."""
    station.doubles.library.faults.forced["BL_GetData"] = EndlessCode([-101])


def shorten(instrument: Any) -> None:
    """Let a driver wait for less long; a line keeps its time-out until it is opened anew."""
    instrument.wire._timeout = SILENCE
    instrument.wire.disconnect()


def unplugged_chamber(station: Broken, over: threading.Event) -> None:
    """The network cable is pulled."""
    station.doubles.chamber.close()


def silent_chamber(station: Broken, over: threading.Event) -> None:
    """It takes requests and answers none."""
    shorten(station.bench.chamber)
    station.doubles.chamber.server.faults = Endless([Fault("silence")])


def lying_chamber(celsius: str) -> Strike:
    """It always reports the same temperature."""

    def strike(station: Broken, over: threading.Event) -> None:
        server: Any = station.doubles.chamber.server
        real = server._answer
        server._answer = lambda request: f"1\xb6{celsius}" if request.startswith("11004") else real(request)

    return strike


def alarmed_chamber(station: Broken, over: threading.Event) -> None:
    """Its over-temperature protection has tripped."""
    station.doubles.chamber.raise_message(4)


def unplugged_gauge(station: Broken, over: threading.Event) -> None:
    """The cable is pulled."""
    station.doubles.gauge.close()


def silent_gauge(station: Broken, over: threading.Event) -> None:
    """It takes requests and answers none."""
    shorten(station.bench.gauge)
    station.doubles.gauge.server.faults = Endless([Fault("silence")])


def lying_gauge(reply: str) -> Strike:
    """It always shows the same."""

    def strike(station: Broken, over: threading.Event) -> None:
        server: Any = station.doubles.gauge.server
        server._answer = lambda request: reply

    return strike


@dataclass(frozen=True)
class Case:
    """A fault of one instrument; `real_time` where bench time must not wait for a call that hangs."""

    instrument: str
    fault: str
    strike: Strike
    real_time: bool = False
    phases: tuple[str, ...] = PHASES


CASES = (
    Case("potentiostat", "unplugged", unplugged_potentiostat),
    Case("potentiostat", "frozen: always busy", busy_potentiostat),
    Case("potentiostat", "frozen: call hangs", hanging_potentiostat, real_time=True, phases=("GEIS",)),
    Case("potentiostat", "lying: E stuck", lying_potentiostat(0.1)),
    Case("potentiostat", "lying: E = 50 V", lying_potentiostat(50.0)),
    Case("potentiostat", "lying: E not a number", lying_potentiostat(math.nan)),
    Case("potentiostat", "in alarm: bus error", alarmed_potentiostat),
    Case("chamber", "unplugged", unplugged_chamber),
    Case("chamber", "frozen: silent", silent_chamber),
    Case("chamber", "lying: stuck at 25 °C", lying_chamber("25")),
    Case("chamber", "lying: 120 °C", lying_chamber("120")),
    Case("chamber", "lying: 999 °C", lying_chamber("999")),
    Case("chamber", "in alarm", alarmed_chamber),
    Case("gauge", "unplugged", unplugged_gauge),
    Case("gauge", "frozen: silent", silent_gauge),
    Case("gauge", "lying: stuck at 0 N", lying_gauge("0.0 N")),
    Case("gauge", "lying: 15 kN", lying_gauge("15000.0 N")),
    Case("gauge", "in alarm: error code", lying_gauge("*22")),
)


@dataclass
class Found:
    """What happened after a fault; times from its beginning, nan where nothing was on or it stayed on."""

    was_on: bool = False
    bench_s: float = math.nan
    wall_s: float = math.nan
    run_s: float = math.nan
    struck: float = field(default_factory=wall_time)


def job_for(phase: str, bench: str) -> Job:
    """Return a run of one phase."""
    job = make_job(EXPERIMENT, "experiment", bench, "bench")
    protocol = OnePhase()
    protocol.phase = phase
    return replace(job, protocol=protocol)


def begins(case: Case) -> float:
    """Return the bench second at which a fault begins."""
    return 5.0 if case.real_time else STRIKE


def watch(station: Broken, case: Case, found: Found, over: threading.Event) -> None:
    """Let the fault strike, and look once a bench second whether the current is still on."""
    clock, strike_at = station.clock, begins(case)
    clock.wait_until(strike_at)
    found.was_on, found.struck = station.current_is_on(), wall_time()
    case.strike(station, over)
    while found.was_on and clock.now() < LOOK_UNTIL:
        if not station.current_is_on():
            found.bench_s, found.wall_s = clock.now() - strike_at, wall_time() - found.struck
            return
        if not clock.wait(1.0):
            return


def release(store_path: Path, over: threading.Event) -> None:
    """Let a hanging call return once the run has said that it could not confirm open circuit."""
    began, pause = wall_time(), threading.Event()
    with open_store(str(store_path)) as store:
        while wall_time() - began < HANGS and not over.is_set():
            if store.runs() and any(each.event.kind == "not safe" for each in store.run(1).events()):
                break
            pause.wait(0.5)
    over.set()


def strike(case: Case, phase: str) -> tuple[Found, Outcome, list[str]]:
    """Do one run with one fault; return what became of the current, the outcome, and what was said."""
    found, over = Found(), threading.Event()
    clock: Clock = RealClock() if case.real_time else VirtualClock()
    job = job_for(phase, REAL_TIME if case.real_time else BENCH)
    station = Broken(job.bench, clock, job.cell)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        with open_store(str(path), create=True) as store:
            runner = Runner(store, job, station)
            station.saboteur = lambda: watch(station, case, found, over)
            if case.real_time:
                threading.Thread(target=release, args=(path, over), daemon=True).start()
            outcome = runner.run()
            found.run_s = clock.now() - begins(case)
            if station.worker is not None:
                station.worker.join()
            station.close()
            said = notable(store.run(outcome.run))
    return found, outcome, said


def notable(reader: RunReader) -> list[str]:
    """Return the kinds of what was said beyond the ordinary, in order, each once."""
    loud = [each.event.kind for each in reader.events() if each.event.severity != "info"]
    return list(dict.fromkeys(loud))


def off(found: Found, ended: Ended) -> str:
    """Say how long the current stayed on."""
    if not found.was_on:
        return "no current"
    if ended is Ended.FINISHED:
        return "at the end of the phase"
    if math.isnan(found.bench_s):
        return "still on"
    words = f"{found.bench_s:.0f} s, {found.wall_s:.1f} s wall"
    return f"{words} (by the firmware)" if found.bench_s > found.run_s + 2.0 else words


def main() -> None:
    """Go through all faults and phases, and print a table."""
    only, phase_only = (*sys.argv[1:], "", "")[:2]
    print("| instrument | fault | phase | run ended | said | current off after (bench, wall) |")
    print("|---|---|---|---|---|---|", flush=True)
    for case in CASES:
        for phase in case.phases:
            if only not in ("", case.instrument) or phase_only not in ("", phase):
                continue
            found, outcome, said = strike(case, phase)
            row = (
                case.instrument,
                case.fault,
                phase,
                str(outcome.ended),
                ", ".join(said),
                off(found, outcome.ended),
            )
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
