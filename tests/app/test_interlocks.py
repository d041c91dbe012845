"""The watch of a run: what it looks at, how it ends a run, and what it does when nobody lets go."""

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.runner.benches import SIMULATED_BENCH
from app.runner.interlocks import Interlocks, watch_every
from core.clock import VirtualClock
from core.errors import InstrumentError, StoreError
from drivers.bench import parse_bench_file
from protocols.control import Control, Interlocked
from protocols.session import Latest


class Potentiostat:
    def __init__(self, result=True):
        self.result, self.called = result, threading.Event()

    def safe(self):
        self.called.set()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


class Notes:
    def __init__(self):
        self.events, self.error, self.told = [], None, threading.Condition()

    def event(self, event):
        with self.told:
            self.events.append(event)
            self.told.notify_all()
        if self.error:
            raise self.error

    def kinds(self):
        return [each.kind for each in self.events]

    def wait_for(self, kind):
        with self.told:
            assert self.told.wait_for(lambda: kind in self.kinds(), 10)


class Chamber:
    def __init__(self):
        self.state = SimpleNamespace(alarms=(), warnings=(), running=True)

    def read(self):
        return self.state


@pytest.fixture
def rig():
    """A watch over stand-ins; `see` gives it readings of this instant and lets it look."""

    def build(bench=SIMULATED_BENCH, folder=None, reaction=30.0, safe=True):
        clock = VirtualClock()
        session = SimpleNamespace(
            clock=clock,
            file=parse_bench_file(bench, "bench"),
            bench=SimpleNamespace(
                potentiostat=Potentiostat(safe), chamber=Chamber(), gauge=SimpleNamespace(full_scale=20e3)
            ),
            latest=Latest(),
            wanted={},
            control=Control(),
        )
        notes = Notes()
        watch = Interlocks(session, notes, folder, reaction)

        def see(times=1, **readings):
            for _ in range(times):
                clock.wait(10.0)
                session.latest.see(clock.now(), **readings)
                watch.look()

        return SimpleNamespace(
            clock=clock, session=session, notes=notes, watch=watch, see=see,
            potentiostat=session.bench.potentiostat, chamber=session.bench.chamber,
        )  # fmt: skip

    return build


@pytest.mark.parametrize(
    ("reading", "words", "chamber"),
    [
        ({"T": 353.3}, "above the limit of 80.00 °C", True),
        ({"T": 220.0}, "below the limit of -50.00 °C", True),
        ({"F": 20.1e3}, "above the limit of 2e+04 N", False),
        ({"E": -11.5}, "below the limit of -11 V", False),
        ({"I": 0.02}, "above the limit of 1e+04 µA", False),
    ],
)
def test_every_limit_ends_the_run_with_its_reason(rig, reading, words, chamber):
    rig = rig()
    with rig.clock.worker("test"):
        rig.see(3, **reading)
    assert words in rig.watch.reason
    assert rig.watch.chamber_guilty == chamber
    with pytest.raises(Interlocked, match="limit"):
        rig.session.control.take()
    assert rig.notes.kinds() == ["limit"]
    assert rig.notes.events[0].severity == "alarm"
    rig.watch.answered()


def test_limits_of_the_bench_file_count(rig):
    limits = 'highest_cell_temperature = "55 °C"\nhighest_force = "900 N"\nhighest_current = "1 mA"'
    for reading in ({"T": 329.0}, {"F": 901.0}, {"I": 1.1e-3}):
        each = rig(f"{SIMULATED_BENCH}\n[interlocks]\n{limits}")
        with each.clock.worker("test"):
            each.see(2, **reading)
        assert each.watch.reason
        each.watch.answered()


def test_leaving_the_band_never_ends_or_pauses_a_run(rig):
    rig = rig()
    rig.session.wanted.update(T=298.15, F=400.0)
    with rig.clock.worker("test"):
        rig.see(2, T=298.15, F=400.0)
        rig.see(20, T=310.0, F=100.0)
        rig.see(2, T=298.15, F=400.0)
    assert rig.notes.kinds() == ["band left", "band left", "band reached again", "band reached again"]
    assert {each.severity for each in rig.notes.events} == {"warning"}
    assert rig.session.control.take() is None


def test_no_force_is_wanted_of_a_cell_without_a_fixture(rig):
    rig = rig()
    rig.session.wanted.update(F=0.0)
    with rig.clock.worker("test"):
        rig.see(3, F=0.0)
        rig.see(3, F=9.0)
    assert rig.notes.kinds() == []


def test_what_is_no_number_is_no_reading(rig):
    rig = rig()
    with rig.clock.worker("test"):
        rig.see(2, E=0.1, I=28e-6)
        rig.see(5, E=float("nan"), I=28e-6)
        assert not rig.watch.reason
        rig.see(2, E=float("nan"), I=28e-6)
    assert rig.notes.kinds() == ["stale", "limit"]
    assert "a current flows" in rig.watch.reason
    rig.watch.answered()


def test_a_cool_chamber_that_is_no_longer_read_is_flagged_and_a_hot_one_acted_on(rig):
    first, second = rig(), rig()
    first.session.wanted.update(T=298.15)
    second.session.wanted.update(T=343.15)
    for each in (first, second):
        with each.clock.worker("test"):
            each.see(1, T=298.15)
            each.session.latest.pop("T")
            each.see(70)
    assert first.notes.kinds() == ["stale"]
    assert second.notes.kinds() == ["stale", "limit"]
    assert second.watch.chamber_guilty
    second.watch.answered()


def test_an_alarm_of_the_chamber_ends_the_run(rig):
    rig = rig()
    with rig.clock.worker("test"):
        rig.see(1, T=298.15)
        rig.chamber.state.alarms = ("Over-temperature protection",)
        rig.see(7, T=298.15)
    assert "Over-temperature protection" in rig.watch.reason
    assert rig.watch.chamber_guilty
    rig.watch.answered()


def test_a_full_disk_ends_the_run(rig, monkeypatch):
    monkeypatch.setattr("app.runner.interlocks.shutil.disk_usage", lambda place: SimpleNamespace(free=1e8))
    rig = rig(folder=Path("/anywhere"))
    with rig.clock.worker("test"):
        rig.see(1)
    assert "0.10 GB free" in rig.watch.reason
    assert not rig.watch.chamber_guilty
    rig.watch.answered()


def test_only_the_first_reason_counts_and_a_guilty_chamber_stays_guilty(rig):
    rig = rig()
    with rig.clock.worker("test"):
        rig.see(2, F=30e3)
        rig.see(2, T=360.0)
    assert rig.session.control.tripped.startswith("force")
    assert rig.watch.chamber_guilty
    assert len(rig.notes.events) == 2
    rig.watch.answered()


@pytest.mark.parametrize("error", [StoreError("the share is gone;", "mount it."), OSError("no")])
def test_a_store_that_takes_nothing_does_not_hinder_the_watch(rig, error):
    rig = rig()
    rig.notes.error = error
    with rig.clock.worker("test"):
        rig.see(2, T=360.0)
    assert rig.watch.reason
    rig.watch.answered()


def test_a_check_that_is_broken_is_said_once_and_the_others_go_on(rig):
    rig = rig()
    rig.chamber.read = lambda: 1 / 0
    with rig.clock.worker("test"):
        rig.see(30, T=298.15)
        assert rig.notes.kinds() == ["interlock"]
        assert "ChamberMessages" in rig.notes.events[0].message
        rig.see(2, F=30e3)
    assert rig.watch.reason.startswith("force")
    rig.watch.answered()


def test_a_driver_that_fails_is_no_broken_check(rig):
    def gone():
        raise InstrumentError("The chamber is gone.", "Find it.")

    rig = rig()
    rig.chamber.read = gone
    with rig.clock.worker("test"):
        rig.see(10, T=298.15)
    assert rig.notes.kinds() == []


@pytest.mark.parametrize(("safe", "last"), [(True, "safe"), (False, "not safe"), (OSError("x"), "not safe")])
def test_a_protocol_that_does_not_let_go_is_passed_by(rig, safe, last):
    rig = rig(reaction=0.05, safe=safe)
    with rig.clock.worker("test"):
        rig.see(2, T=360.0)
        rig.notes.wait_for(last)
    assert rig.potentiostat.called.is_set()
    assert rig.notes.kinds() == ["limit", "taken over", last]
    assert rig.notes.events[-1].severity == "alarm"


def test_a_protocol_that_lets_go_is_left_alone(rig):
    rig = rig(reaction=0.1)
    with rig.clock.worker("test"):
        rig.see(2, T=360.0)
        rig.watch.answered()
        assert not rig.potentiostat.called.wait(0.5)
    assert rig.notes.kinds() == ["limit"]


def test_it_watches_from_a_worker_of_its_own_and_stops_when_told(rig):
    rig = rig()
    with rig.clock.worker("test"):
        worker = rig.watch.start(rig.clock)
        assert worker.name == "watch"
        rig.session.latest.see(0.0, T=360.0)
        rig.clock.wait(15.0)
        assert not rig.watch.reason
        rig.session.latest.see(15.0, T=360.0)
        rig.clock.wait(10.0)
        assert rig.watch.reason
        rig.watch.answered()
        rig.session.latest.see(25.0, F=30e3)
        rig.clock.wait(100.0)
        rig.clock.stop_worker(worker)
        worker.join()
    assert rig.notes.kinds() == ["limit"], "once the protocol has let go there is nothing to watch"


def test_a_chamber_that_must_stay_closed_is_said_at_the_end(rig):
    rig = rig(SIMULATED_BENCH + '\n[interlocks]\ndew_point = "9 °C"')
    assert not rig.watch.do_not_open
    with rig.clock.worker("test"):
        worker = rig.watch.start(rig.clock)
        rig.session.latest.see(0.0, T=273.15)
        rig.clock.wait(15.0)
        assert rig.watch.do_not_open
        rig.clock.stop_worker(worker)
        worker.join()
    assert rig.notes.kinds() == ["dew point", "dryer", "do not open", "do not open"]
    assert "the run is over" in rig.notes.events[-1].message


def test_a_dew_point_is_only_watched_where_it_is_known(rig):
    rig = rig()
    with rig.clock.worker("test"):
        rig.see(3, T=253.15)
    assert rig.notes.kinds() == []


def test_a_real_bench_is_looked_at_every_second_and_a_simulated_one_no_more_than_it_is_read():
    simulated = parse_bench_file(SIMULATED_BENCH, "bench")
    assert watch_every(simulated) == 10.0
    slow = SIMULATED_BENCH.replace('force = "10 s"', 'force = "120 s"').replace("60 s", "300 s")
    assert watch_every(parse_bench_file(slow, "bench")) == 120.0
    real = SIMULATED_BENCH.replace('backend = "simulated"\nmodel = "weiss', (
        'backend = "hardware"\naddress = "TCPIP::h::2049::SOCKET"\nmodel = "weiss'
    ))  # fmt: skip
    assert watch_every(parse_bench_file(real, "bench")) == 1.0
