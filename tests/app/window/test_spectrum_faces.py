import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from analysis.circuit import MODEL
from analysis.drift_correction import corrections
from analysis.drt import drt
from analysis.fitting import fit_spectrum
from analysis.kramers_kronig import kramers_kronig
from app.window.reading.faces import DISTRIBUTION, RESIDUALS, distribution_of, residuals_of
from app.window.reading.feed import Feed
from app.window.reading.run_data import RunData
from core.records import KramersKronig, Spectrum

HOUR = 3600.0
FREQUENCY = np.geomspace(7e6, 1.0, 69)


def spectrum(shift=0.0, seed=1, slope=0.0):
    """An arc of 1 kΩ; `shift` moves Re Z of the lowest decade, `slope` is ln R a second."""
    noise = 2e-3 * np.random.default_rng(seed).standard_normal((2, 69))
    time = 100.0 * seed + np.linspace(0.4, 27.0, 69)
    r = 1e3 * np.exp(slope * (time - 150))
    impedance = 280 + r / (1 + 2j * np.pi * FREQUENCY * 3e-4)
    impedance = impedance * (1 + noise[0] + 1j * noise[1]) + np.where(FREQUENCY < 8, shift, 0.0)
    still = np.zeros(69)
    return Spectrum("GEIS", FREQUENCY, impedance, time, still, still, still, still + 1e-6, 1e-6)


@pytest.mark.parametrize("shift", [0.0, 60.0, 400.0])
def test_residuals_are_those_the_stored_verdict_was_made_from(shift):
    measured = spectrum(shift)
    fit = fit_spectrum(measured)
    found = residuals_of(7, measured, fit, ())
    assert found.spectrum == 7
    assert found.reproduced
    assert found.verdict is fit.kramers_kronig
    below = fit.kramers_kronig.dropped_below
    assert np.array_equal(found.dropped, found.frequency < (0.0 if below is None else below * 0.999))
    assert found.noise == pytest.approx(2e-3, rel=0.8)
    if shift:
        assert np.any(found.dropped)


def test_a_verdict_that_was_made_from_other_numbers_is_told_apart():
    measured = spectrum()
    fit = fit_spectrum(measured)
    other = replace(fit, kramers_kronig=replace(fit.kramers_kronig, signed_mean=3.0))
    assert not residuals_of(1, measured, other, ()).reproduced


def test_a_spectrum_without_a_fit_is_tested_afresh():
    measured = spectrum(400.0)
    found = residuals_of(1, measured, None, ())
    assert not found.stored
    fresh = kramers_kronig(measured).verdict
    assert found.verdict == replace(fresh, signed_mean=pytest.approx(fresh.signed_mean))
    assert np.any(found.dropped)


def test_an_interpolated_fit_is_tested_on_what_it_was_fitted_to():
    before, this, after = (spectrum(seed=seed, slope=5e-3) for seed in (1, 2, 3))
    corrected = corrections([before, this, after])[1].spectrum
    fit = fit_spectrum(corrected)
    again = replace(fit, flags=(*fit.flags, "drift", "interpolated"))
    assert residuals_of(1, this, again, [before, after]).reproduced
    assert residuals_of(1, this, again, [before, after]).interpolated
    assert not residuals_of(1, this, again, ()).reproduced


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_a_spectrum_without_a_number_has_neither_residuals_nor_relaxation_times(bad):
    measured = replace(spectrum(), impedance=np.full(69, complex(bad, bad)))
    assert not len(residuals_of(1, measured, None, ()).frequency)
    found = distribution_of(1, measured)
    assert "usable points" in found.problem
    assert not len(found.gamma)


def test_relaxation_times_are_those_of_the_analysis():
    measured = spectrum()
    found, expected = distribution_of(3, measured), drt(measured)
    assert np.array_equal(found.gamma, expected.gamma)
    assert found.weight == expected.lambda_
    assert len(found.peaks) == len(expected.peaks)


def test_nothing_is_computed_until_it_is_wanted(url, store, live_run):
    feed = Feed(url)
    snapshot = feed.read_all().snapshot
    assert snapshot.residuals is snapshot.distribution is None
    feed.want(faces=frozenset({RESIDUALS}))
    feed.round()
    found = feed.view.snapshot
    assert found.residuals.spectrum == found.last.id
    assert found.distribution is None
    feed.want(faces=frozenset({DISTRIBUTION}))
    feed.round()
    found = feed.view.snapshot
    assert found.residuals is None
    assert found.distribution.spectrum == found.last.id
    feed.close()


def test_what_was_computed_is_kept_for_going_back(url, store, live_run, monkeypatch):
    made = []
    monkeypatch.setattr(
        "app.window.reading.looked_at.distribution_of",
        lambda number, measured: (made.append(number), distribution_of(number, measured))[1],
    )
    feed = Feed(url)
    feed.want(faces=frozenset({DISTRIBUTION}))
    feed.read_all()
    for hour in (1.0, 2.0, 1.0, 2.0):
        feed.select(hour * HOUR)
        feed.round()
        assert feed.view.snapshot.distribution.spectrum == feed.view.snapshot.pointed.id
    assert len(made) == 3
    feed.close()


def test_a_refit_changes_the_verdict_that_is_shown(store, live_run):
    data = RunData(store.run(1))
    data.want(frozenset({RESIDUALS}))
    list(data.steps())
    before = data.snapshot()
    verdict = KramersKronig(False, 9.0, None, "something is off")
    second = replace(before.last_fit.fit, version=2, kramers_kronig=verdict)
    live_run.journal.fit(before.last.id, second)
    list(data.steps())
    assert data.snapshot().residuals.verdict == verdict


def test_what_is_pointed_at_is_read_before_everything_else(store, live_run, monkeypatch):
    data = RunData(store.run(1))
    list(data.steps())
    data.select(2 * HOUR)
    next(data.steps())
    assert data.selected.time == 2 * HOUR
    assert abs(data.selected.stored.spectrum.mid_time - 2 * HOUR) < 600


def test_what_is_pointed_at_meanwhile_does_not_wait_for_the_round_to_end(url, store, live_run, monkeypatch):
    feed = Feed(url)
    feed.read_all()
    published = []
    publish = Feed._publish

    def note(self):
        publish(self)
        selected = self.view.snapshot.selected
        published.append(None if selected is None else selected.time)

    monkeypatch.setattr(Feed, "_publish", note)
    read = RunData._read_events

    def pointing(self):
        feed.select(3 * HOUR)
        return read(self)

    monkeypatch.setattr(RunData, "_read_events", pointing)
    feed.round()
    assert published == [3 * HOUR, 3 * HOUR]
    feed.close()


def test_a_damaged_spectrum_that_is_pointed_at_gives_way_to_its_neighbour(url, store, live_run, store_path):
    with sqlite3.connect(store_path) as connection:
        connection.execute("UPDATE spectrum SET checksum = checksum + 1 WHERE id = 5")
        (start,) = connection.execute("SELECT time FROM fit WHERE spectrum = 5").fetchone()
    connection.close()
    feed = Feed(url)
    feed.select(start)
    view = feed.read_all()
    assert view.trouble is None
    assert view.snapshot.selected.stored.id in (4, 6)
    assert any("5" in fault for fault in view.snapshot.faults)
    feed.close()


def test_a_run_that_decides_by_another_circuit_is_shown_with_its_own_fits(store, make_run):
    run = make_run()
    model = f"{MODEL} {{alpha_gb=0.85}}"
    plain = run.fit
    run.fit = lambda *what: replace(plain(*what), model=model)
    run.rest()
    run.strip(5, every=600.0)
    data = RunData(store.run(1))
    for _ in range(3):
        list(data.steps())
    snapshot = data.snapshot()
    assert len(snapshot.fits) == 6
    assert snapshot.fit_of_last.model == model
    assert len(snapshot.history) == 6


def test_the_history_carries_the_fits_of_its_spectra(store, live_run):
    data = RunData(store.run(1))
    while not (list(data.steps()), data.complete)[1]:
        pass
    for each in data.snapshot().history:
        assert np.nanmax(np.abs(each.fitted / each.impedance - 1)) < 0.05
