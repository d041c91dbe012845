"""Ranges, limits and sweeps, settled before anything is loaded."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from drivers.eclib.planning import Capability, galvanostatic_range, plan
from drivers.eclib.ranges import CURRENT_RANGES, current_ranges
from drivers.eclib.sweeps import points_of, sweep_duration, sweep_within
from drivers.techniques import (
    ConstantCurrent,
    ConstantVoltage,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    OpenCircuit,
    PotentiostaticImpedance,
    Sweep,
)

SWEEP = Sweep(7e6, 1.0, 69)
RANGES = current_ranges(1e-6)
BENCH = Capability(RANGES, 0.25)


def geis(current=28.3e-6, amplitude=2.83e-6, sweep=SWEEP, hold=0.0):
    return GalvanostaticImpedance(sweep, amplitude, current, hold)


# --- current ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "peak", "expected"),
    [
        (28.3e-6, 2.83e-6, 1e-4),
        (-28.3e-6, 2.83e-6, 1e-4),
        (95e-6, 9.5e-6, 1e-3),  # DC + peak is beyond 100 µA
        (1e-6, 6e-6, 1e-4),  # the peak is more than half of 10 µA
        (0.0, 0.0, 1e-6),  # never below the smallest range
        (1e-4, 0.0, 1e-4),
    ],
)
def test_current_range(current, peak, expected):
    assert galvanostatic_range(current, peak, RANGES) == expected


@given(current=st.floats(-1.0, 1.0), peak=st.floats(0.0, 0.5))
def test_current_range_is_the_smallest_that_holds_the_signal(current, peak):
    try:
        scale = galvanostatic_range(current, peak, RANGES)
    except BadInput:
        assert abs(current) + peak > 1.0
        return
    assert abs(current) + peak <= scale
    assert peak <= scale / 2
    smaller = [each for each in RANGES if each < scale]
    assert all(abs(current) + peak > each or peak > each / 2 for each in smaller)


def test_channel_limits_narrow_the_ranges():
    assert current_ranges(1e-6) == (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    assert current_ranges(3e-9, lowest=4, highest=9) == (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
    assert current_ranges(1e-12, lowest=0, highest=11)[0] == 1e-10
    assert current_ranges(1e-12) == tuple(CURRENT_RANGES)
    assert list(CURRENT_RANGES) == sorted(CURRENT_RANGES)


def test_an_amplitude_beyond_half_the_largest_range_is_refused():
    with pytest.raises(BadInput, match=r"600 mA peak \(424.3 mA rms, 1.2 A peak-to-peak\) is more than half"):
        plan([geis(0.0, 0.6)], 1.0, BENCH)


def test_a_current_beyond_the_largest_range_is_refused():
    with pytest.raises(BadInput, match=r"current of 1.2 A is beyond the largest current range, 1 A"):
        plan([ConstantCurrent(1.2, 1.0)], 1.0, BENCH)
    with pytest.raises(BadInput, match="expected current of 2 A"):
        plan([PotentiostaticImpedance(SWEEP, 0.01, current_limit=2.0)], 1.0, BENCH)


def test_linked_techniques_share_one_range_so_that_the_current_is_not_interrupted():
    slice_ = LimitedConstantCurrent(95e-6, 0.5, 2.1, -2.1)
    limited, sweep, loop = plan([slice_, geis(95e-6, 9.5e-6), Loop(0, 3)], 2.0, BENCH)
    assert limited.current_range == sweep.current_range == 1e-3
    assert limited.voltage_range == sweep.voltage_range == 2.5
    assert math.isnan(loop.current_range)
    assert loop.duration == 0


def test_potentiostatic_range_follows_the_expected_current():
    (planned,) = plan([PotentiostaticImpedance(SWEEP, 0.01, current_limit=3e-4)], 1.0, BENCH)
    assert planned.current_range == 1e-3


# --- voltage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cutoff", "expected"), [(2.0, 2.5), (2.3, 5.0), (4.0, 5.0), (4.6, 10.0), (6.0, 10.0), (9.0, 10.0)]
)
def test_voltage_range_contains_cutoff_and_response(cutoff, expected):
    (planned,) = plan([geis()], cutoff, BENCH)
    assert planned.voltage_range == expected


@given(cutoff=st.floats(0.01, 12.0), share=st.floats(0.001, 0.5))
def test_voltage_range_is_the_smallest_that_holds_the_signal(cutoff, share):
    try:
        (planned,) = plan([geis(1e-5, share * 1e-5)], cutoff, BENCH)
    except BadInput:
        assert cutoff * (1 + share) > 10.0 * (1 - 1e-9)
        return
    assert cutoff * (1 + share) <= planned.voltage_range * (1 + 1e-9)
    smaller = {2.5: 0.0, 5.0: 2.5, 10.0: 5.0}[planned.voltage_range]
    assert cutoff * (1 + share) > smaller * (1 - 1e-9)


@pytest.mark.parametrize("cutoff", [9.5, 12.0])
def test_a_cutoff_beyond_the_instrument_is_refused_with_what_would_do(cutoff):
    with pytest.raises(BadInput, match=f"cut-off of {cutoff:g} V and the AC response.*at most 9.09"):
        plan([geis(1e-5, 1e-6)], cutoff, BENCH)


def test_the_limits_of_the_slice_count_too():
    (planned,) = plan([LimitedConstantCurrent(1e-5, 0.5, 2.6, -2.0)], 2.0, BENCH)
    assert planned.voltage_range == 5.0
    (planned,) = plan([LimitedConstantCurrent(1e-5, 0.5, 2.0, -5.5)], 2.0, BENCH)
    assert planned.voltage_range == 10.0


def test_constant_voltage_takes_its_own_current_range_and_the_voltage_range_of_its_level():
    held, driven = plan(
        [ConstantVoltage(-3.0, 60.0, current_limit=2e-3), ConstantCurrent(2e-5, 10.0)], 1.0, BENCH
    )
    assert (held.current_range, driven.current_range) == (1e-2, 1e-4)
    assert held.voltage_range == driven.voltage_range == 5.0
    assert held.duration == 60.0


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("technique", "words"),
    [
        (geis(sweep=Sweep(8e6, 1.0, 10)), "8e.06 Hz is beyond"),
        (geis(sweep=Sweep(1e6, 1e-6, 10)), "1e-06 Hz is beyond"),
        (geis(sweep=Sweep(1.0, 10.0, 10)), "above the highest"),
        (geis(sweep=Sweep(1e6, math.nan, 10)), "nan Hz is beyond"),
        (geis(sweep=Sweep(1e6, 1.0, 0)), "0 points"),
        (geis(sweep=Sweep(1e6, 1.0, 5, averages=0)), "0 averages"),
        (geis(sweep=Sweep(1e6, 1.0, 5, wait=-1)), "-1 periods is negative"),
        (geis(amplitude=0.0), "amplitude of 0 A is not positive"),
        (geis(amplitude=math.nan), "amplitude of nan A is not finite"),
        (geis(current=math.inf), "current of inf A is not finite"),
        (geis(hold=-1.0), "hold before the sweep of -1 s is negative"),
        (geis(hold=1e6), "cannot hold for 1e.06 s"),
        (PotentiostaticImpedance(SWEEP, -0.01), "amplitude of -0.01 V is not positive"),
        (PotentiostaticImpedance(SWEEP, 0.01, current_limit=0.0), "current limit of 0 A is not positive"),
        (OpenCircuit(0.0), "duration of the rest of 0 s is not positive"),
        (OpenCircuit(43_000.0), "counts to 42950 s"),
        (OpenCircuit(10.0, 0.0), "Recording every 0 s"),
        (ConstantCurrent(1e-5, math.nan), "not finite"),
        (LimitedConstantCurrent(1e-5, 1.0, 1.0, 1.0), "not below the upper"),
        (LimitedConstantCurrent(1e-5, 1.0, math.nan, -1.0), "upper voltage limit of nan V"),
        (ConstantVoltage(math.nan, 1.0), "voltage of nan V is not finite"),
        (ConstantVoltage(0.1, 0.0), "duration of the constant voltage of 0 s is not positive"),
        (ConstantVoltage(0.1, 5e6), "counts to 4464619 s"),
        (ConstantVoltage(0.1, 1.0, 0.0), "Recording every 0 s"),
        (ConstantVoltage(0.1, 1.0, current_limit=0.0), "current limit of 0 A is not positive"),
        (ConstantVoltage(0.1, 1.0, current_limit=2.0), "beyond the largest range, 1 A"),
        (ConstantVoltage(11.0, 1.0), "beyond the largest voltage range"),
        (Loop(0, 3), "loops to technique 0"),
        (Loop(-1, 3), "loops to technique -1"),
    ],
)
def test_what_the_instrument_cannot_do_is_refused_with_value_and_remedy(technique, words):
    with pytest.raises(BadInput, match=words) as caught:
        plan([technique], 1.0, BENCH)
    assert caught.value.remedy


@pytest.mark.parametrize("repeats", [-1, 2**31])
def test_an_endless_loop_is_refused(repeats):
    with pytest.raises(BadInput, match="cannot be repeated"):
        plan([geis(), Loop(0, repeats)], 1.0, BENCH)


def test_an_idle_loop_in_the_middle_and_an_empty_program_are_refused():
    with pytest.raises(BadInput, match="loop without repeats"):
        plan([geis(), Loop(0, 0), geis()], 1.0, BENCH)
    with pytest.raises(BadInput, match="empty"):
        plan([], 1.0, BENCH)


@pytest.mark.parametrize("e_max", [0.0, -1.0, math.nan, math.inf])
def test_a_cutoff_that_is_none_is_refused(e_max):
    with pytest.raises(BadInput, match="cut-off"):
        plan([geis()], e_max, BENCH)


# --- sweeps -------------------------------------------------------------------------------------


def test_the_default_sweep_has_69_points_and_takes_about_27_seconds():
    sweep = sweep_within(30.0, 7e6, 1.0, 0.25)
    assert (sweep.points, sweep.averages) == (69, 2)
    assert sweep_duration(sweep, 0.25) == pytest.approx(27.4, abs=0.3)


def test_a_slow_instrument_gets_five_points_a_decade():
    sweep = sweep_within(30.0, 7e6, 1.0, 0.7)
    assert sweep.points == points_of(5, 7e6, 1.0) == 35
    assert sweep_duration(sweep, 0.7) <= 30.0


def test_duration_is_the_sum_over_the_points():
    assert sweep_duration(Sweep(100.0, 1.0, 3, averages=3, wait=0.5), 0.1) == pytest.approx(3.5 * 1.11 + 0.3)


def test_a_planned_sweep_includes_its_hold():
    (planned,) = plan([geis(hold=2.0)], 1.0, BENCH)
    assert planned.duration == pytest.approx(2.0 + sweep_duration(SWEEP, 0.25))


@given(
    seconds=st.floats(1.0, 500.0),
    f_max=st.floats(1e2, 7e6),
    f_min=st.floats(1e-2, 50.0),
    overhead=st.floats(0.01, 2.0),
)
def test_the_densest_sweep_that_fits_is_chosen(seconds, f_max, f_min, overhead):
    try:
        sweep = sweep_within(seconds, f_max, f_min, overhead)
    except BadInput:
        least = Sweep(f_max, f_min, points_of(5, f_max, f_min), 1)
        assert sweep_duration(least, overhead) > seconds
        return
    assert sweep_duration(sweep, overhead) <= seconds
    if sweep.averages == 1 or sweep.points < points_of(10, f_max, f_min):
        best = Sweep(f_max, f_min, points_of(10, f_max, f_min), 2)
        assert sweep_duration(best, overhead) > seconds


def test_no_time_for_any_sweep_is_refused():
    with pytest.raises(BadInput, match=r"does not fit in 5 s.*point_overhead"):
        sweep_within(5.0, 7e6, 1.0, 0.7)
