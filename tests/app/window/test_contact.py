from dataclasses import replace

import numpy as np
import pytest

from app.window.reading.run_data import RunData
from app.window.shown.contact import NORMAL_95, contact, position_of
from app.window.shown.units import Units
from core.records import Value


def read(store, run=1):
    data = RunData(store.run(run))
    for _ in range(20):
        list(data.steps())
        if data.complete:
            break
    return data.snapshot()


def test_contact_is_areal_against_the_charge_since_the_current_was_switched_on(store, live_run):
    snapshot = read(store)
    drawn = contact(snapshot)
    lost = (snapshot.column("time")[1:] + 13.5 - live_run.REST) / live_run.life
    assert drawn.resistance.value == pytest.approx(0.270 / (1 - lost), rel=0.02)
    assert drawn.capacitance.value == pytest.approx(0.9 * (1 - lost), rel=0.02)
    hours = (snapshot.column("time")[1:] - live_run.REST) / 3600
    assert drawn.x == pytest.approx(0.1 * hours, abs=5e-3)
    assert drawn.threshold == pytest.approx(10.0)
    assert drawn.reference == "R₀ 0.269 kΩ cm²,  C₀ 0.900 µF cm⁻²"
    assert (drawn.label, drawn.why_empty) == ("<i>Q</i> / mAh cm⁻²", "")
    assert not drawn.reserved.any()


def test_contact_relative_to_the_start_has_no_unit(store, live_run):
    snapshot = read(store)
    drawn, plain = contact(snapshot, relative=True), contact(snapshot)
    start = snapshot.column("R_int")[0] * snapshot.header.cell.areal_resistance(1.0)
    assert drawn.resistance.value == pytest.approx(plain.resistance.value / start)
    assert drawn.threshold == pytest.approx(plain.threshold / start)
    assert drawn.resistance.heading == "R_int / R_0"


def test_contact_in_absolute_units_is_divided_by_the_area(store, live_run):
    snapshot = read(store)
    drawn, areal = contact(snapshot, Units(areal=False)), contact(snapshot)
    area = snapshot.header.cell.area * 1e4
    assert drawn.resistance.value == pytest.approx(areal.resistance.value / area)
    assert drawn.x == pytest.approx(areal.x * area)
    assert drawn.resistance.heading == "R_int / kΩ"


def test_the_band_holds_95_percent_and_is_missing_where_no_error_is_known(store, make_run):
    run = make_run()
    run.rest()
    run.strip(10, every=600.0)
    last = read(store).last_fit.fit
    number = run.spectrum("GEIS", run.lost, fitted=False)
    unknown = last.parameters | {"R_int": Value(last.parameters["R_int"].value, np.nan)}
    run.journal.fit(number, replace(last, parameters=unknown))
    course = contact(read(store)).resistance
    assert (course.high - course.low)[:10] == pytest.approx(2 * NORMAL_95 * 4e-3 * course.value[:10])
    assert np.isnan(course.low[10])
    assert np.isfinite(course.value[10])


def test_smoothed_values_are_there_where_a_fit_has_them(store, make_run):
    run = make_run()
    run.rest()
    run.strip(3, every=600.0)
    last = read(store).last_fit.fit
    number = run.spectrum("GEIS", run.lost, fitted=False)
    run.journal.fit(number, replace(last, smoothed={"R_int": Value(1e3, 1.0)}))
    snapshot = read(store)
    smooth = contact(snapshot).resistance.smooth
    assert smooth[-1] == pytest.approx(snapshot.header.cell.areal_resistance(1e3))
    assert np.isnan(smooth[:-1]).all()


def test_before_the_current_there_is_only_time_to_draw_against(store, make_run):
    make_run().rest()
    snapshot = read(store)
    drawn = contact(snapshot)
    assert len(drawn.x) == 0
    assert "begins with the current" in drawn.why_empty
    against_time = contact(snapshot, against_time=True)
    assert against_time.x == pytest.approx(snapshot.column("time") / 3600)
    assert against_time.why_empty == ""


def test_a_run_that_ended_without_a_current_is_shown_against_time(store, make_run):
    run = make_run()
    run.rest()
    run.end()
    drawn = contact(read(store))
    assert drawn.heading == "t / h"
    assert len(drawn.x) == 1


def test_without_a_reference_relative_values_say_why_there_are_none(store, make_run):
    run = make_run()
    run.time = run.REST
    run.strip(5, every=600.0)
    snapshot = read(store)
    assert "no usable PEIS" in contact(snapshot, relative=True).why_empty
    assert contact(snapshot).why_empty == ""


def test_a_projected_depletion_has_a_band_and_is_brought_into_view_when_near(store, make_run):
    run = make_run()
    run.rest()
    run.strip(24, every=600.0)
    early = contact(read(store))
    assert early.depletion[1] <= early.depletion[0] <= early.depletion[2]
    assert early.reach is None
    run.strip(48, every=600.0)
    late = contact(read(store))
    truth = 1.5 * (1 - 0.27 / 10)
    assert late.depletion[0] == pytest.approx(truth, rel=0.05)
    assert late.reach == late.depletion[0]
    in_time = contact(read(store), against_time=True)
    assert in_time.depletion[0] == pytest.approx(0.5 + 10 * truth, rel=0.05)


def test_a_depletion_that_was_decided_stands_where_it_was_crossed(store, finished_run):
    drawn = contact(read(store), against_time=True)
    crossing = 0.5 + 15 * (1 - 0.27 / 10)
    assert drawn.depletion == pytest.approx((crossing,) * 3)


def test_a_normalised_threshold_is_drawn_where_it_is_met(store, make_run):
    run = make_run(criterion="normalised to 25 °C", temperature=60.0, activation_energy=0.37)
    run.rest()
    assert contact(read(store)).threshold < 3.0


def test_a_time_has_its_place_on_the_axis_of_charge(store, live_run):
    snapshot = read(store)
    drawn = contact(snapshot)
    for row in (0, 7, 23):
        assert position_of(snapshot, drawn.time[row], Units(), False) == pytest.approx(drawn.x[row])
    assert position_of(snapshot, 7200.0, Units(), True) == 2.0
    assert np.isnan(position_of(snapshot, 60.0, Units(), False))
