import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from analysis.circuit import MODEL
from analysis.model_curve import impedance_of
from app.window.reading.feed import Feed
from app.window.reading.run_data import RunData
from app.window.shown.contact import contact
from app.window.shown.nyquist import nyquist
from core.records import RunState, Value


def read(store, run=1):
    data = RunData(store.run(run))
    list(data.steps())
    while not data.complete:
        list(data.steps())
    return data


def test_reading_goes_on_where_it_ended(store, live_run):
    data = read(store)
    first = data.snapshot()
    assert not any(list(data.steps()))
    assert data.snapshot().revision == first.revision
    live_run.strip(3, every=600.0)
    assert any(list(data.steps()))
    second = data.snapshot()
    assert len(second.fits) == len(first.fits) + 3
    assert second.last.id > first.last.id
    assert len(second.traces["E"]) == len(first.traces["E"]) + 18
    assert np.array_equal(second.traces["E"][: len(first.traces["E"])], first.traces["E"])
    assert first.last.id != second.last.id


def test_what_is_read_in_pieces_is_what_is_read_at_once(store, make_run):
    run = make_run()
    data = RunData(store.run(1))
    run.rest()
    list(data.steps())
    for _ in range(9):
        run.strip(11, every=400.0)
        list(data.steps())
    while not data.complete:
        list(data.steps())
    piecemeal, whole = data.snapshot(), read(store).snapshot()
    assert np.array_equal(piecemeal.fits, whole.fits, equal_nan=True)
    assert [each.id for each in piecemeal.history] == [each.id for each in whole.history]
    assert piecemeal.initial.id == whole.initial.id
    assert piecemeal.last.id == whole.last.id
    assert [step.ended for step in piecemeal.steps] == [step.ended for step in whole.steps]


def test_a_long_run_is_opened_without_reading_all_its_spectra(store, finished_run, monkeypatch):
    reader = store.run(1)
    numbers = []
    one, many = reader.spectrum, reader.spectra
    monkeypatch.setattr(reader, "spectrum", lambda number: (numbers.append(number), one(number))[1])
    monkeypatch.setattr(
        reader, "spectra", lambda after: (found := many(after), numbers.extend(each.id for each in found))[0]
    )
    data = RunData(reader)
    data.want(arcs=40)
    list(data.steps())
    while not data.complete:
        list(data.steps())
    assert len(numbers) < 50 < data.snapshot().summary.spectra
    assert data.snapshot().last.id == max(numbers)


def test_a_refit_takes_the_place_of_the_fit(store, live_run):
    data = read(store)
    before = data.snapshot()
    r_int = before.last_fit.fit.parameters["R_int"]
    better = live_run.fit(
        {"R_int": 2 * r_int.value}, 1e-7, before.last_fit.fit.mask, before.last_fit.fit.time
    )
    object.__setattr__(better, "version", 2)
    live_run.journal.fit(before.last.id, better)
    list(data.steps())
    after = data.snapshot()
    assert len(after.fits) == len(before.fits)
    assert after.column("R_int")[-1] == pytest.approx(2 * r_int.value, rel=0.02)
    assert before.column("R_int")[-1] == r_int.value
    assert after.last_fit.fit.version == 2


def test_a_refit_of_the_whole_run_appears_at_once_when_it_is_complete(store, live_run):
    data = read(store)
    before = data.snapshot()
    fits = [(each.spectrum, each.fit) for each in store.run(1).fits()]
    with store.refit(1, MODEL, {}) as refit:
        refit.add((number, replace(fit, parameters=doubled(fit))) for number, fit in fits)
        # What the run measures meanwhile has ids beyond those of the refit.
        live_run.strip(2, every=600.0)
        list(data.steps())
        assert np.array_equal(data.snapshot().column("R_int")[:-2], before.column("R_int"))
    list(data.steps())
    after = data.snapshot()
    assert after.column("R_int")[:-2] == pytest.approx(2 * before.column("R_int"))
    assert len(after.fits) == len(before.fits) + 2
    assert np.array_equal(after.fits, read(store).snapshot().fits, equal_nan=True)


def doubled(fit):
    r_int = fit.parameters["R_int"]
    return fit.parameters | {"R_int": Value(2 * r_int.value, r_int.stderr)}


def test_a_fit_of_another_circuit_is_not_drawn_as_that_of_the_standard_one(store, live_run):
    data = read(store)
    before = data.snapshot()
    for model, parameters in (
        ("R0-p(R1,CPE1)", {"R1": Value(1.0, 0.1)}),
        (f"{MODEL} {{alpha_gb=0.85}}", None),
    ):
        with store.refit(1, model, {}) as refit:
            refit.add(
                (each.spectrum, replace(each.fit, model=model, parameters=parameters or doubled(each.fit)))
                for each in store.run(1).fits(model=MODEL)
            )
    assert not any(list(data.steps()))
    for snapshot in (data.snapshot(), read(store).snapshot()):
        assert np.array_equal(snapshot.fits, before.fits, equal_nan=True)
        assert snapshot.last_fit.id == before.last_fit.id
        assert snapshot.fit_of_last.model == MODEL


def test_a_spectrum_that_is_not_fitted_yet_is_shown_without_a_line(store, live_run):
    number = live_run.spectrum("GEIS", live_run.lost, fitted=False)
    data = RunData(store.run(1))
    list(data.steps())
    assert data.snapshot().last.id == number - 1
    assert not data.complete
    list(data.steps())
    snapshot = data.snapshot()
    assert snapshot.last.id == number
    drawn = nyquist(snapshot)
    assert len(drawn.used.x) == 69
    assert len(drawn.masked.x) == len(drawn.fit.x) == 0


def test_a_spectrum_waits_one_round_for_its_fit(store, live_run):
    data = read(store)
    number = live_run.spectrum("GEIS", live_run.lost, fitted=False)
    list(data.steps())
    before = data.snapshot()
    assert before.last.id == number - 1
    assert len(nyquist(before).fit.x) > 0
    live_run.journal.fit(number, before.last_fit.fit)
    list(data.steps())
    assert data.snapshot().last.id == number
    assert data.snapshot().fit_of_last is not None
    assert data.complete


def test_a_sweep_that_was_cut_short_does_not_hide_the_last_whole_one(store, live_run):
    data = read(store)
    before = data.snapshot()
    number = live_run.spectrum("GEIS", live_run.lost, fitted=False)
    nothing = {name: Value(np.nan, np.nan) for name in before.last_fit.fit.parameters}
    flags = ("no fit", "few points")
    live_run.journal.fit(number, replace(before.last_fit.fit, parameters=nothing, flags=flags))
    list(data.steps())
    after = data.snapshot()
    assert after.last.id == before.last.id
    assert after.last_fit.id == before.last_fit.id
    assert len(after.fits) == len(before.fits) + 1
    assert contact(after).reserved.tolist() == [False] * 24 + [True]
    assert data.complete
    opened_afterwards = read(store).snapshot()
    assert opened_afterwards.last.id == before.last.id
    assert opened_afterwards.fit_of_last is not None


def test_nyquist_is_areal_and_tells_masked_points(store, live_run):
    snapshot = read(store).snapshot()
    drawn = nyquist(snapshot)
    area = snapshot.header.cell.area * 1e4
    spectrum, mask = snapshot.last.spectrum, snapshot.fit_of_last.mask
    assert drawn.used.x == pytest.approx(spectrum.impedance.real[mask] * area / 1e3)
    assert drawn.used.y == pytest.approx(-spectrum.impedance.imag[mask] * area / 1e3)
    assert len(drawn.masked.x) == np.count_nonzero(~mask) > 0
    line = impedance_of(snapshot.fit_of_last, spectrum.frequency)
    assert np.abs(line / spectrum.impedance - 1).max() < 0.02
    assert drawn.fit.x[0] == pytest.approx(line[0].real * area / 1e3)
    assert len(drawn.past) > 10
    assert drawn.past.hour[-1] == drawn.until == drawn.used.hour
    assert drawn.initial.hour < 0.5


def test_a_damaged_spectrum_is_left_out_and_named(url, store, live_run, store_path):
    with sqlite3.connect(store_path) as connection:
        connection.execute("UPDATE spectrum SET checksum = checksum + 1 WHERE id = 5")
    connection.close()
    view = Feed(url).read_all()
    assert view.trouble is None
    assert "5" in view.snapshot.faults[0]
    assert 5 not in [each.id for each in view.snapshot.history]
    assert view.snapshot.last.id == 25


def test_an_empty_store_is_no_trouble_and_its_first_run_appears(url, store, make_run):
    feed = Feed(url)
    feed.round()
    assert feed.view.snapshot is feed.view.trouble is None
    make_run().rest()
    assert feed.read_all().snapshot.summary.run == 1
    feed.close()


def test_a_missing_store_is_explained_and_found_later(url, store_path):
    from storage import open_store

    feed = Feed(url)
    feed.round()
    assert str(store_path) in feed.view.trouble.problem
    since = feed.view.trouble.since
    feed.round()
    assert feed.view.trouble.since == since
    open_store(url, create=True).close()
    feed.round()
    assert feed.view.trouble is None
    feed.close()


def test_a_newer_store_and_an_unknown_run_are_explained(url, store, live_run, store_path):
    feed = Feed(url, run=9)
    feed.round()
    assert "no run 9" in feed.view.trouble.problem
    with sqlite3.connect(store_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    feed = Feed(url)
    feed.round()
    assert "newer" in feed.view.trouble.problem


def test_a_store_that_vanishes_leaves_what_was_read(url, store, live_run, store_path):
    feed = Feed(url)
    seen = feed.read_all().snapshot
    store_path.rename(store_path.with_suffix(".away"))
    feed.round()
    assert "not there any more" in feed.view.trouble.problem
    assert feed.view.snapshot is seen
    store_path.with_suffix(".away").rename(store_path)
    feed.round()
    assert feed.view.trouble is None
    feed.close()


def test_a_defect_while_reading_is_told_and_reading_goes_on(url, store, live_run, monkeypatch):
    feed = Feed(url)
    feed.round()
    monkeypatch.setattr(RunData, "steps", lambda self: 1 / 0)
    feed.round()
    assert "ZeroDivisionError" in feed.view.trouble.problem
    monkeypatch.undo()
    feed.round()
    assert feed.view.trouble is None
    feed.close()


def test_a_newer_run_is_announced_and_shown_on_request(url, store, make_run, monkeypatch):
    monkeypatch.setattr("app.window.reading.feed.LISTING_INTERVAL", 0.0)
    first = make_run()
    first.rest()
    feed = Feed(url)
    assert feed.read_all().newer is None
    make_run()
    feed.round()
    assert feed.view.newer.run == 2
    assert feed.view.snapshot.summary.run == 1
    feed.show(2)
    feed.round()
    assert feed.view.snapshot.summary.run == 2
    assert feed.view.newer is None
    feed.close()


def test_state_is_that_of_the_store(url, store, finished_run):
    feed = Feed(url)
    snapshot = feed.read_all().snapshot
    assert snapshot.summary.state is RunState.FINISHED
    assert snapshot.current_on == finished_run.REST
    feed.close()
