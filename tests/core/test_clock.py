import math
import threading

import pytest

from core.clock import RealClock, VirtualClock


def trace_of(clock, plan):
    """Run workers that note when they were woken; `plan` maps names to waits."""
    woken = []

    def activity(name, waits):
        for seconds in waits:
            clock.wait(seconds)
            woken.append((round(clock.now(), 6), name))

    with clock.worker("main"):
        workers = [clock.spawn(n, lambda n=n, w=w: activity(n, w)) for n, w in plan.items()]
        clock.wait(1000.0)
    for worker in workers:
        worker.join()
    return woken


def test_virtual_clock_wakes_the_earliest_due_then_by_name():
    plan = {"b": [1.0, 1.0, 1.0], "a": [1.0, 2.0], "c": [0.5, 0.5]}
    expected = [(0.5, "c"), (1.0, "a"), (1.0, "b"), (1.0, "c"), (2.0, "b"), (3.0, "a"), (3.0, "b")]
    for _ in range(5):
        assert trace_of(VirtualClock(), plan) == expected


def test_virtual_clock_stands_still_while_a_worker_works():
    clock = VirtualClock()
    release, seen = threading.Event(), []

    def busy():
        release.wait(5)
        seen.append(clock.now())

    with clock.worker("main"):
        worker = clock.spawn("busy", busy)
        releaser = threading.Timer(0.1, release.set)
        releaser.start()
        clock.wait(3600.0)
    worker.join()
    assert seen == [0.0]
    assert clock.now() == 3600.0


def test_a_stopped_worker_is_released_at_once():
    clock = VirtualClock()
    result = []
    with clock.worker("main"):
        worker = clock.spawn("idle", lambda: result.append(clock.wait(1e9)))
        clock.wait(1.0)
        clock.stop_worker(worker)
        worker.join()
        clock.wait(1.0)
    assert result == [False]
    assert clock.now() == 2.0


@pytest.mark.parametrize("clock", [VirtualClock(), RealClock()])
def test_only_registered_workers_may_wait(clock):
    with pytest.raises(RuntimeError, match="registered"):
        clock.wait(0.0)


def test_a_name_is_registered_once():
    clock = VirtualClock()
    with clock.worker("a"), pytest.raises(RuntimeError, match="already"):
        clock._enter(clock._current(), -1)


def test_speed_paces_bench_time_against_the_wall():
    clock, wall = VirtualClock(speed=100.0), RealClock()
    with clock.worker("main"):
        clock.wait(20.0)
    assert clock.now() == 20.0
    assert wall.now() >= 0.19


def test_waiting_for_a_person_runs_at_wall_pace():
    clock, wall = VirtualClock(), RealClock()
    with clock.worker("main"):
        with clock.at_real_pace():
            clock.wait(0.2)
        clock.wait(1e6)
    assert wall.now() >= 0.19


def test_a_worker_that_joins_during_a_paced_wait_is_served_in_time():
    clock = VirtualClock(speed=10.0)
    seen = []
    with clock.worker("main"):
        late = threading.Timer(
            0.05, lambda: clock.spawn("late", lambda: (clock.wait(0.5), seen.append(clock.now())))
        )
        late.start()
        clock.wait(5.0)
    late.join()
    assert len(seen) == 1
    assert seen[0] < 5.0


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
def test_impossible_speeds_are_refused(speed):
    with pytest.raises(ValueError, match="speed"):
        VirtualClock(speed)


def test_real_clock_waits_and_stops():
    clock = RealClock()
    with clock.worker("main") as worker:
        assert clock.wait(0.05)
        assert clock.now() >= 0.05
        clock.stop_worker(worker)
        assert not clock.wait(100.0)
