import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.cell import Cell
from core.errors import StoreError
from core.records import Decision, Event, KramersKronig, Reading, Spectrum
from storage import RunHeader, checksum, open_store
from storage.encoding import from_json, to_json

ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True, width=64)


def same_bits(one: Spectrum, other: Spectrum) -> bool:
    names = ("frequency", "impedance", "time", "voltage", "current", "voltage_amplitude", "current_amplitude")
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in names)


@pytest.fixture(scope="module")
def writing(tmp_path_factory):
    path: Path = tmp_path_factory.mktemp("round") / "store.sqlite"
    cell = Cell(name="Li", anode="Li", electrode_diameter="6 mm")
    with open_store(path, create=True) as store:
        journal = store.begin_run(RunHeader("GeisStripping", {}, cell, "bench", simulated=False))
        yield journal, store.run(journal.run), journal.begin_step("1", "GeisStripping", "geis", {}, 0.0)
        journal.close()


@settings(max_examples=60, deadline=None)
@given(
    columns=st.integers(1, 90).flatmap(lambda n: hnp.arrays(np.float64, (8, n), elements=ANY_FLOAT)),
    amplitude=st.floats(allow_nan=False),
    pass_number=st.integers(0, 2**31 - 1),
    technique=st.sampled_from(["PEIS", "GEIS"]),
)
@example(columns=np.zeros((8, 1)), amplitude=-0.0, pass_number=0, technique="PEIS")
def test_spectrum_comes_back_bit_by_bit(writing, columns, amplitude, pass_number, technique):
    journal, run, step = writing
    impedance = np.empty(columns.shape[1], dtype=np.complex128)
    impedance.real, impedance.imag = columns[0], columns[1]
    given_one = Spectrum(technique, columns[2], impedance, *columns[3:8], amplitude, pass_number)
    found = run.spectrum(journal.spectrum(step, given_one))
    assert same_bits(found.spectrum, given_one)
    assert (found.spectrum.technique, found.spectrum.pass_number) == (technique, pass_number)
    assert found.spectrum.amplitude == amplitude
    assert (found.step, found.checksum) == (step, checksum(given_one))


def test_arrays_of_any_layout_are_kept(journal, store, step, make_spectrum):
    whole = make_spectrum(points=80)
    strided = replace(
        whole, **{name: getattr(whole, name)[::-2] for name in ("frequency", "impedance", "time")},
        **{name: getattr(whole, name)[::2].astype(">f8") for name in ("voltage", "current")},
        voltage_amplitude=whole.voltage_amplitude[:40], current_amplitude=whole.current_amplitude[40:],
    )  # fmt: skip
    found = store.run(journal.run).spectrum(journal.spectrum(step, strided)).spectrum
    np.testing.assert_array_equal(found.frequency, whole.frequency[::-2])
    np.testing.assert_array_equal(found.voltage, whole.voltage[::2])


@pytest.mark.parametrize("broken", [{"frequency": np.array([])}, {"voltage": np.zeros(3)}])
def test_spectrum_with_unequal_or_no_points_is_refused(journal, store, step, make_spectrum, broken):
    with pytest.raises(ValueError, match="one length"):
        journal.spectrum(step, replace(make_spectrum(), **broken))
    assert store.run(journal.run).spectra() == []


def test_spectra_are_read_after_the_last_one_seen(journal, store, step, make_spectrum):
    ids = [journal.spectrum(step, make_spectrum(seed)) for seed in range(5)]
    run = store.run(journal.run)
    assert [each.id for each in run.spectra()] == ids
    assert [each.spectrum.pass_number for each in run.spectra(after=ids[2])] == [3, 4]
    assert run.spectra(after=ids[-1]) == []
    with pytest.raises(StoreError, match="no spectrum 99"):
        run.spectrum(99)


def test_runs_do_not_see_each_other(journal, store, step, header, make_spectrum, make_fit):
    journal.fit(journal.spectrum(step, make_spectrum()), make_fit())
    other = store.begin_run(header)
    run = store.run(other.run)
    assert (run.spectra(), run.fits(), run.steps(), run.events()) == ([], [], [], [])
    with pytest.raises(StoreError):
        run.spectrum(1)
    other.close()


def test_header_comes_back(journal, store, header):
    found = store.run(journal.run).header
    assert found == header
    assert found.cell.area == header.cell.area
    assert found.cell.model_dump() == header.cell.model_dump()
    assert found.started_utc.tzinfo is not None
    assert {"python", "stripbench", "numpy"} <= set(found.versions)


def test_fit_comes_back(journal, store, step, make_spectrum, make_fit):
    spectrum, fit = journal.spectrum(step, make_spectrum()), make_fit(time=12.5)
    number = journal.fit(spectrum, fit)
    (found,) = store.run(journal.run).fits()
    assert (found.id, found.spectrum) == (number, spectrum)
    assert found.fit.covariance.tobytes() == fit.covariance.tobytes()
    assert found.fit.covariance.shape == (2, 2)
    np.testing.assert_array_equal(found.fit.mask, fit.mask)
    assert found.fit.mask.dtype == np.bool_
    assert found.fit.kramers_kronig == fit.kramers_kronig
    assert (found.fit["R_int"], found.fit.parameters["R_int"].stderr) == (500.0, 1.5)
    assert math.isnan(found.fit.parameters["C_int"].stderr)
    same = ("model", "version", "time", "free", "weights", "rms_residual", "flags")
    assert all(getattr(found.fit, name) == getattr(fit, name) for name in same)


def test_fit_that_knows_little_comes_back(journal, store, step, make_spectrum, make_fit):
    verdict = KramersKronig(True, math.nan)
    fit = replace(
        make_fit(),
        rms_residual=math.nan,
        kramers_kronig=verdict,
        free=(),
        covariance=np.empty((0, 0)),
        flags=(),
    )
    journal.fit(journal.spectrum(step, make_spectrum()), fit)
    found = store.run(journal.run).fits()[0].fit
    assert math.isnan(found.rms_residual)
    assert math.isnan(found.kramers_kronig.signed_mean)
    assert found.kramers_kronig.dropped_below is None
    assert found.covariance.shape == (0, 0)


def test_latest_version_of_a_fit_is_read_unless_another_is_asked_for(
    journal, store, step, make_spectrum, make_fit
):
    first, second = (journal.spectrum(step, make_spectrum(seed)) for seed in (0, 1))
    journal.fit(first, make_fit(r_int=1.0))
    journal.fit(second, make_fit(r_int=2.0))
    journal.fit(first, make_fit(r_int=3.0, version=2))
    journal.fit(first, make_fit(r_int=4.0, model="other"))
    run = store.run(journal.run)
    assert [each.fit["R_int"] for each in run.fits()] == [2.0, 3.0, 4.0]
    assert [each.fit["R_int"] for each in run.fits(model="R-ZARC")] == [2.0, 3.0]
    assert [each.fit["R_int"] for each in run.fits(model="R-ZARC", version=1)] == [1.0, 2.0]
    assert [each.fit["R_int"] for each in run.fits(after=run.fits()[0].id)] == [3.0, 4.0]


def test_a_fit_is_never_replaced(journal, store, step, make_spectrum, make_fit):
    spectrum = journal.spectrum(step, make_spectrum())
    journal.fit(spectrum, make_fit(r_int=1.0))
    with pytest.raises(StoreError, match="version 1"):
        journal.fit(spectrum, make_fit(r_int=2.0))
    with pytest.raises(StoreError, match="spectrum 99"):
        journal.fit(99, make_fit())
    assert [each.fit["R_int"] for each in store.run(journal.run).fits()] == [1.0]


def test_readings_come_back_in_order_and_piecemeal(journal, store):
    values = [math.nan, math.inf, -0.0, 1e-300]
    journal.readings(Reading(float(i), "potentiostat", "E", value) for i, value in enumerate(values))
    journal.readings([Reading(9.0, "gauge", "F", 5.0)])
    run = store.run(journal.run)
    journal.flush()
    ids, time, value = run.readings("E")
    np.testing.assert_array_equal(time, [0, 1, 2, 3])
    assert value.tobytes() == np.array(values).tobytes()
    journal.readings([Reading(10.0, "potentiostat", "E", 2.0), Reading(10.0, "chamber", "E", 7.0)])
    journal.flush()
    _, time, value = run.readings("E", after_id=int(ids[-1]), instrument="potentiostat")
    assert (list(time), list(value)) == ([10.0], [2.0])
    assert [len(each) for each in run.readings("T")] == [0, 0, 0]
    assert run.quantities() == [("chamber", "E"), ("gauge", "F"), ("potentiostat", "E")]


def test_readings_are_written_with_the_next_fit_or_heartbeat(journal, store, step, make_spectrum, make_fit):
    run = store.run(journal.run)
    journal.readings([Reading(1.0, "gauge", "F", 5.0)])
    journal.fit(journal.spectrum(step, make_spectrum()), make_fit())
    assert list(run.readings("F")[1]) == [1.0]
    journal.readings([Reading(2.0, "gauge", "F", 5.0)])
    journal.beat(2.0)
    assert list(run.readings("F")[1]) == [1.0, 2.0]
    journal.readings([Reading(3.0, "gauge", "F", 5.0)])
    journal.close()
    assert list(run.readings("F")[1]) == [1.0, 2.0, 3.0]


def test_readings_are_not_lost_with_a_fit_that_is_refused(journal, store, make_fit):
    journal.readings([Reading(1.0, "gauge", "F", 5.0)])
    with pytest.raises(StoreError):
        journal.fit(99, make_fit())
    journal.flush()
    assert list(store.run(journal.run).readings("F")[2]) == [5.0]


def test_readings_do_not_wait_longer_than_a_second(journal, store, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("storage.pending.wall_time", lambda: now[0])
    run = store.run(journal.run)
    journal.readings([Reading(1.0, "gauge", "F", 5.0)])
    assert len(run.readings("F")[0]) == 0
    now[0] += 1.5
    journal.readings([Reading(2.0, "gauge", "F", 5.0)])
    assert len(run.readings("F")[0]) == 2


def test_steps_decisions_and_events_come_back(journal, store, make_spectrum, make_fit):
    run = store.run(journal.run)
    before = Event("connected", "all three", 0.0)
    journal.event(before)
    step = journal.begin_step("a/P/geis/1", "P", "geis", {"limit": math.inf}, 1.0)
    assert (run.steps()[0].ended, run.steps()[0].outcome) == (None, None)
    fits = [journal.fit(journal.spectrum(step, make_spectrum(i)), make_fit()) for i in range(3)]
    because = (fits[2], fits[0])
    parameters = {"R": np.float64(1.5), "n": np.int64(3), "sigma": math.nan, "list": np.arange(2)}
    decision = Decision("depleted", "first crossing", 2.0, parameters, because, changes_bench=True)
    first = journal.decision(step, decision)
    journal.decision(step, Decision("soft short", "no", 3.0))
    inside = Event("current off", "cut-off", 3.5, "alarm", {"E": 4.0})
    number = journal.event(inside)
    journal.end_step(step, 4.0, "cut-off")
    journal.event(Event("later", "", 5.0))

    (found,) = run.steps()
    assert (found.id, found.key, found.protocol, found.verb) == (step, "a/P/geis/1", "P", "geis")
    assert (found.parameters, found.started, found.ended, found.outcome) == (
        {"limit": math.inf},
        1.0,
        4.0,
        "cut-off",
    )
    one, other = run.decisions()
    assert (one.id, one.step, one.decision.fits, one.decision.changes_bench) == (first, step, because, True)
    assert math.isnan(one.decision.parameters.pop("sigma"))
    assert one.decision.parameters == {"R": 1.5, "n": 3, "list": [0, 1]}
    assert [each.decision.rule for each in run.decisions(after=first)] == ["soft short"]
    assert other.decision == Decision("soft short", "no", 3.0)
    assert [each.step for each in run.events()] == [None, step, None]
    assert [each.event for each in run.events()][:2] == [before, inside]
    assert [each.event.kind for each in run.events(after=number)] == ["later"]


def test_a_step_has_one_key(journal, step):
    with pytest.raises(StoreError, match="1/GeisStripping/geis/1"):
        journal.begin_step("1/GeisStripping/geis/1", "GeisStripping", "geis", {}, 5.0)


def test_instruments_and_their_health_come_back(journal, store):
    run = store.run(journal.run)
    journal.instrument("potentiostat", "VMP-300", "0042", "11.50", {"board": "premium"})
    journal.instrument("gauge", "M7-20")
    journal.instrument_health("gauge", "lost", "does not answer")
    potentiostat, gauge = run.instruments()
    assert (potentiostat.serial, potentiostat.details, potentiostat.health) == (
        "0042",
        {"board": "premium"},
        "ok",
    )
    assert (gauge.health, gauge.message) == ("lost", "does not answer")
    journal.instrument("gauge", "M7-20", "7")
    assert [(each.role, each.serial, each.health) for each in run.instruments()][1] == ("gauge", "7", "ok")


def test_truth_comes_back(journal, store, step, make_spectrum):
    run = store.run(journal.run)
    assert [len(each) for each in run.truth()] == [0, 0]
    spectrum = journal.spectrum(step, make_spectrum())
    journal.truth(1.0, {"R_int": 5.0})
    journal.truth(2.0, {"R_int": math.inf, "t0": 3.0}, spectrum)
    journal.flush()
    time, values = run.truth()
    np.testing.assert_array_equal(time, [1, 2])
    np.testing.assert_array_equal(values["R_int"], [5, math.inf])
    np.testing.assert_array_equal(values["t0"], [math.nan, 3])
    assert run.truth_of(spectrum) == {"R_int": math.inf, "t0": 3.0}
    assert run.truth_of(spectrum + 1) == {}


def test_requests_come_back(journal, store, step):
    request = journal.request("Mounted?", 3.0, ("yes", "no"))
    run = store.run(journal.run)
    (found,) = run.requests()
    assert (found.step, found.question, found.options, found.answer) == (
        step,
        "Mounted?",
        ("yes", "no"),
        None,
    )
    journal.answer_request(request, "yes", "operator")
    (found,) = run.requests()
    assert (found.answer, found.author) == ("yes", "operator")
    assert found.answered_utc >= found.asked_utc


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_FLOAT | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_json_keeps_every_number(value):
    text = to_json(value)
    json.loads(text, parse_constant=pytest.fail)
    assert repr(from_json(text)) == repr(value)
