"""Somebody at the bench: comes when asked, looks at the gauge, turns the screw, mounts cells."""

import math
import threading

import pytest

from core.cell import Cell
from core.clock import VirtualClock
from core.errors import BadInput
from core.requests import Request
from simulators.operator import OperatorParameters, VirtualOperator
from simulators.press import PressParameters, SimulatedPress

CELL = Cell.model_validate({"name": "next", "anode": "Li", "electrode_diameter": "6 mm"})
TRUE = PressParameters(gauge_zero="0 N", gauge_noise="0 N")


def force(target, tolerance=10.0):
    return Request("force", f"set {target} N", target=target, tolerance=tolerance)


class Stage:
    """A press, an operator, and a step that waits while the force is followed every second."""

    def __init__(self, parameters, press=TRUE, seed=1):
        self.clock = VirtualClock()
        self.press = SimulatedPress(press, seed)
        self.mounted, self.answers, self.course = [], [], []
        self.operator = VirtualOperator(
            self.clock,
            self.press,
            lambda time: self.press.force(time) + self.press.zero_error(time),
            lambda cell: self.mounted.append((self.clock.now(), cell)),
            OperatorParameters.from_table(parameters),
            seed,
        )

    def ask(self, request, seconds):
        """Ask, follow the force for some time, and say that the request is over."""
        self.operator.asked(request, lambda word: self.answers.append((self.clock.now(), word)))
        until = self.clock.now() + seconds
        while self.clock.now() < until:
            self.clock.wait(1.0)
            self.course.append((self.clock.now(), self.press.force(self.clock.now())))
        self.operator.over()

    @property
    def forces(self):
        return [force for _, force in self.course]


@pytest.fixture
def stage():
    made = []

    def build(press=TRUE, seed=1, **parameters):
        stage = Stage(parameters, press, seed)
        context = stage.clock.worker("protocol")
        context.__enter__()
        made.append((stage, context))
        return stage

    yield build
    for stage, context in made:
        stage.operator.close()
        context.__exit__(None, None, None)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("virtual operator")]


def test_the_screw_is_turned_after_a_while_and_the_force_is_kept(stage):
    bench = stage()
    bench.ask(force(405.8), 1800.0)
    first = bench.press.turns()[1]
    assert 20.0 <= first <= 60.0
    reached = [time for time, value in bench.course if abs(value - 405.8) <= 10.0]
    assert reached[0] - first > 12.0, "a person needs more than a moment for ten steps of the screw"
    late = [value for time, value in bench.course if time > reached[0] + 60.0]
    assert all(abs(value - 405.8) <= 10.0 for value in late)
    gaps = [b - a for a, b in zip(bench.press.turns()[1:], bench.press.turns()[2:], strict=False)]
    assert min(gaps) >= 3.0


def test_a_force_that_relaxes_is_set_again_until_the_request_is_over(stage):
    bench = stage(press=TRUE.model_copy(update={"relaxation": 0.05}))
    bench.ask(force(800.0), 4 * 3600.0)
    assert all(abs(value - 800.0) <= 10.0 for value in bench.forces[300:])
    turns = len(bench.press.turns())
    bench.clock.wait(36000.0)
    assert len(bench.press.turns()) == turns
    assert bench.press.force(bench.clock.now()) < 785.0


@pytest.mark.parametrize(("begin", "target"), [("0 N", 811.0), ("1200 N", 405.8)])
def test_the_force_is_missed_by_the_overshoot_and_then_corrected(stage, begin, target):
    press = TRUE.model_copy(update={"initial_force": PressParameters(initial_force=begin).initial_force})
    farthest = {}
    for share in (0.0, 0.03, 0.1):
        bench = stage(press=press, overshoot=share)
        bench.ask(force(target), 600.0)
        farthest[share] = (max if begin == "0 N" else min)(bench.forces)
        assert bench.forces[-1] == pytest.approx(target, abs=5.0)
    sign = 1.0 if begin == "0 N" else -1.0
    for share, value in farthest.items():
        assert value == pytest.approx(target * (1.0 + sign * share), abs=5.0)


def test_a_release_opens_the_screw(stage):
    bench = stage(press=TRUE.model_copy(update={"initial_force": 811.0}))
    bench.ask(force(0.0), 200.0)
    assert bench.press.travel(bench.clock.now()) == 0.0
    assert bench.forces[-1] == 0.0
    assert bench.forces[0] > 0.0


def test_the_display_is_all_that_is_seen(stage):
    bench = stage(press=PressParameters(gauge_zero="50 N", gauge_noise="0 N"), seed=3)
    zero = bench.press.zero_error(0.0)
    assert abs(zero) > 10.0
    bench.ask(force(405.8, 2.0), 600.0)
    assert bench.forces[-1] + zero == pytest.approx(405.8, abs=4.0)
    bench.ask(force(abs(zero) * 0.5), 600.0)
    assert bench.forces[-1] >= 0.0


def test_the_wrong_way_first(stage):
    press = TRUE.model_copy(update={"initial_force": 200.0})
    right, wrong = stage(press=press), stage(press=press, wrong_way=1.0)
    for bench in (right, wrong):
        bench.ask(force(405.8), 300.0)
        assert bench.forces[-1] == pytest.approx(405.8, abs=5.0)
    assert min(right.forces) > 195.0
    assert min(wrong.forces) == pytest.approx(160.0, abs=5.0)
    opened = stage(wrong_way=1.0)
    opened.ask(force(405.8), 300.0)
    assert opened.forces[-1] == pytest.approx(405.8, abs=5.0), "an open screw cannot be opened further"


def test_cells_are_mounted_and_things_confirmed(stage):
    bench = stage()
    bench.ask(Request("mount", "mount WE 2 of 6", cell=CELL), 100.0)
    assert [cell for _, cell in bench.mounted] == [CELL]
    assert [word for _, word in bench.answers] == ["acknowledge"]
    assert 20.0 <= bench.mounted[0][0] == bench.answers[0][0] <= 60.0
    bench.ask(Request("confirm", "is the dryer on?"), 100.0)
    assert len(bench.mounted) == 1
    assert [word for _, word in bench.answers] == ["acknowledge"] * 2
    assert bench.answers[1][0] - 100.0 != bench.answers[0][0], "the delay differs from request to request"


def test_nobody_comes(stage):
    for bench in (stage(absent=True), stage(leaves_after=0)):
        bench.ask(force(405.8), 3600.0)
        bench.ask(Request("confirm", "?"), 3600.0)
        assert (bench.forces, bench.answers) == ([0.0] * 7200, [])
    bench = stage(leaves_after=1)
    for expected in (1, 1):
        bench.ask(Request("confirm", "?"), 100.0)
        assert len(bench.answers) == expected


def test_who_is_sent_away_does_nothing_more(stage):
    bench = stage()
    bench.ask(force(811.0), 10.0)
    bench.clock.wait(1000.0)
    assert bench.press.turns() == (0.0,)
    bench = stage()
    bench.ask(force(811.0), bench_first_turn(stage) + 4.5)
    turns = bench.press.turns()
    bench.clock.wait(1000.0)
    assert bench.press.turns() == turns
    assert 1 < len(turns) < 4
    bench.ask(force(811.0), 300.0)
    assert bench.forces[-1] == pytest.approx(811.0, abs=5.0), "a later request finds somebody again"


def bench_first_turn(stage):
    probe = stage()
    probe.ask(force(811.0), 100.0)
    return probe.press.turns()[1]


def test_the_same_seed_does_the_same(stage):
    courses = []
    for seed in (5, 5, 6):
        bench = stage(seed=seed, press=PressParameters(), wrong_way=0.5)
        bench.ask(force(649.0), 300.0)
        bench.ask(force(405.8), 300.0)
        courses.append((bench.press.turns(), bench.forces))
    assert courses[0] == courses[1]
    assert courses[0] != courses[2]


def test_a_display_that_does_not_follow_is_not_tightened_against(stage):
    bench = stage()
    bench.operator._read = lambda time: min(bench.press.force(time), 300.0)
    bench.ask(force(811.0), 3600.0)
    assert bench.forces[-1] < 500.0


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"dely": 3}, ("dely", "unknown key")),
        ({"overshoot": -0.1}, ("overshoot", "-0.1")),
        ({"wrong_way": math.nan}, ("wrong_way",)),
        ({"shortest_delay": "90 s"}, ("shortest_delay", "longest_delay")),
        ({"pause": "0 s"}, ("pause",)),
        ({"leaves_after": -1}, ("leaves_after",)),
    ],
)
def test_parameters_are_checked(table, words):
    with pytest.raises(BadInput) as refused:
        OperatorParameters.from_table(table, "bench.toml")
    for word in ("bench.toml [simulation.operator]", *words):
        assert word in str(refused.value)
