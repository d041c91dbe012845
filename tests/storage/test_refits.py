import math
import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import StoreError
from core.records import RunState, Value
from storage.refit import BATCH

ROOT = Path(__file__).parents[2]


@pytest.fixture
def spectra(journal, step, make_spectrum, make_fit):
    """Three spectra of a run that has ended, each fitted once."""
    kept = [journal.spectrum(step, make_spectrum(seed)) for seed in range(3)]
    for number in kept:
        journal.fit(number, make_fit(time=float(number)))
    journal.finish(RunState.FINISHED, "")
    return kept


def test_smoothed_parameters_are_kept_beside_the_raw_ones(journal, store, step, make_spectrum, make_fit):
    smoothed = {"R_int": Value(501.0, 0.5), "C_int": Value(math.nan, math.inf)}
    fit = replace(make_fit(), smoothed=smoothed, smoothing="causal")
    journal.fit(journal.spectrum(step, make_spectrum()), fit)
    found = store.run(journal.run).fits()[0].fit
    assert found["R_int"] == 500.0
    assert found.smoothing == "causal"
    assert found.smoothed["R_int"] == Value(501.0, 0.5)
    assert math.isnan(found.smoothed["C_int"].value)
    assert math.isinf(found.smoothed["C_int"].stderr)


def test_refit_is_the_next_version_beside_the_old_one(store, journal, spectra, make_fit):
    run = store.run(journal.run)
    before = [each.id for each in run.fits()]
    with store.refit(journal.run, "R-ZARC", {"fix": {"alpha_gb": 0.85}}) as refit:
        refit.add((number, make_fit(time=float(number), r_int=600.0)) for number in spectra)
    latest = run.fits()
    assert [(each.spectrum, each.fit.version, each.fit["R_int"]) for each in latest] == [
        (number, 2, 600.0) for number in spectra
    ]
    old = run.fits(version=1)
    assert [each.id for each in old] == before
    assert [each.fit["R_int"] for each in old] == [500.0] * 3
    assert run.refits() == [("R-ZARC", 2)]
    first, second = run.fit_versions()
    assert (first.model, first.version, first.count, first.how) == ("R-ZARC", 1, 3, None)
    assert (second.version, second.count, second.how) == (2, 3, {"fix": {"alpha_gb": 0.85}})
    assert second.made_utc >= first.made_utc
    assert second.made_utc.tzinfo is not None


def test_verdicts_are_those_of_the_latest_fit_of_each_spectrum(store, journal, spectra, make_fit):
    run, flagged = store.run(journal.run), replace(make_fit(), flags=("drift", "poor fit"), rms_residual=0.03)
    with store.refit(journal.run, "R-ZARC", {}) as refit:
        refit.add([(spectra[1], flagged)])
    latest = {each.spectrum: each.fit for each in run.fits()}
    found = run.verdicts()
    assert sorted(each.spectrum for each in found) == spectra
    assert next(each for each in found if each.spectrum == spectra[1]).flags == ("drift", "poor fit")
    for each in found:
        fit = latest[each.spectrum]
        verdict = fit.kramers_kronig
        assert (each.flags, each.rms_residual) == (fit.flags, fit.rms_residual)
        assert (each.passed, each.dropped_below, each.reason) == (
            verdict.passed,
            verdict.dropped_below,
            verdict.reason,
        )


def test_versions_count_each_model_of_each_run(store, journal, spectra, make_fit, header):
    for expected in (2, 3):
        with store.refit(journal.run, "R-ZARC", {}) as refit:
            refit.add([(spectra[0], make_fit())])
        assert refit.version == expected
    with store.refit(journal.run, "other", {}) as refit:
        refit.add([(spectra[0], make_fit(model="other"))])
    # 1 is what was fitted while the run went on, also where that was another model.
    assert refit.version == 2
    run = store.run(journal.run)
    assert [each.fit.version for each in run.fits(model="R-ZARC")] == [1, 1, 3]
    assert [each.fit.version for each in run.fits(model="other")] == [2]


def test_version_is_one_for_refits_that_are_made_at_once(store, journal, spectra, make_fit):
    with store.refit(journal.run, "R-ZARC", {}) as one, store.refit(journal.run, "R-ZARC", {}) as other:
        for number in spectra:
            one.add([(number, make_fit(r_int=1.0))])
            other.add([(number, make_fit(r_int=2.0))])
    run = store.run(journal.run)
    assert sorted((one.version, other.version)) == [2, 3]
    for refit, r_int in ((one, 1.0), (other, 2.0)):
        assert [each.fit["R_int"] for each in run.fits(version=refit.version)] == [r_int] * 3


def test_version_two_is_left_to_a_run_that_goes_on(store, journal, step, make_spectrum, make_fit):
    number = journal.spectrum(step, make_spectrum())
    journal.fit(number, make_fit())
    with store.refit(journal.run, "R-ZARC", {}) as refit:
        refit.add([(number, make_fit(r_int=3.0))])
    journal.fit(number, make_fit(version=2, r_int=2.0))
    assert [each.fit["R_int"] for each in store.run(journal.run).fits()] == [3.0]


def test_nothing_shows_of_a_refit_until_it_is_complete(store, journal, spectra, make_fit):
    run = store.run(journal.run)
    with store.refit(journal.run, "R-ZARC", {}) as refit:
        refit.add((number, make_fit(r_int=600.0)) for number in spectra)
        assert [each.fit["R_int"] for each in run.fits()] == [500.0] * 3
        assert run.fits(version=2) == run.refits() == []
        assert [each.version for each in run.fit_versions()] == [1]
    assert [each.fit["R_int"] for each in run.fits()] == [600.0] * 3


def test_refit_that_is_broken_off_never_shows_and_the_next_is_another_version(
    store, journal, spectra, make_fit
):
    run = store.run(journal.run)

    def until_ctrl_c():
        yield spectra[0], make_fit(r_int=600.0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.refit(journal.run, "R-ZARC", {}) as refit:
        refit.add(until_ctrl_c())
    assert [each.fit["R_int"] for each in run.fits()] == [500.0] * 3
    with store.refit(journal.run, "R-ZARC", {}) as refit:
        refit.add((number, make_fit(r_int=700.0)) for number in spectra)
    assert refit.version == 3
    assert [(each.fit.version, each.fit["R_int"]) for each in run.fits()] == [(3, 700.0)] * 3
    assert run.refits() == [("R-ZARC", 3)]


def test_what_a_refit_refuses(store, journal, spectra, make_fit, header):
    with pytest.raises(StoreError, match="no run 9"):
        store.refit(9, "R-ZARC", {})
    other = store.begin_run(header)
    with pytest.raises(StoreError, match="has no spectrum 1"), store.refit(other.run, "R-ZARC", {}) as refit:
        refit.add([(spectra[0], make_fit())])
    other.close()
    with pytest.raises(ValueError, match="'other'"), store.refit(journal.run, "R-ZARC", {}) as refit:
        refit.add([(spectra[0], make_fit(model="other"))])
    with pytest.raises(StoreError, match="UNIQUE"), store.refit(journal.run, "R-ZARC", {}) as refit:
        refit.add([(spectra[0], make_fit())] * 2)
    assert store.run(journal.run).refits() == []


KILLED = """
import os, sys
from storage import open_store

store = open_store(sys.argv[1])
run = store.run(1)
fits = {each.spectrum: each.fit for each in run.fits(version=1)}
number = int(sys.argv[2])

def until_the_kill():
    for count, pair in enumerate(fits.items()):
        if count == number:
            os._exit(9)
        yield pair

with store.refit(1, "R-ZARC", {}) as refit:
    refit.add(until_the_kill())
"""


def test_killed_refit_leaves_complete_rows_that_do_not_show(
    store, journal, step, path, make_spectrum, make_fit
):
    count = 2 * BATCH + 10
    for seed in range(count):
        journal.fit(journal.spectrum(step, make_spectrum(seed)), make_fit(time=float(seed)))
    journal.finish(RunState.FINISHED, "")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(path), str(count - 3)]
    assert subprocess.run(command, env=environment, check=False).returncode == 9
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT count(*), count(covariance) FROM fit WHERE version = 2").fetchone()
    connection.close()
    assert rows == (2 * BATCH, 2 * BATCH)
    run = store.run(journal.run)
    assert {each.fit.version for each in run.fits()} == {1}
    assert store.check() == []


def test_run_goes_on_while_an_older_one_is_refitted(store, journal, step, make_spectrum, make_fit, header):
    count = 4 * BATCH
    numbers = [journal.spectrum(step, make_spectrum(seed % 7)) for seed in range(count)]
    live = store.begin_run(header)
    live_step = live.begin_step("1", "P", "geis", {}, 0.0)
    done = threading.Event()

    def refit() -> None:
        with store.refit(journal.run, "R-ZARC", {}) as version:
            version.add((number, make_fit()) for number in numbers)
        done.set()

    thread = threading.Thread(target=refit)
    thread.start()
    kept = 0
    while not done.is_set():
        live.fit(live.spectrum(live_step, make_spectrum(kept)), make_fit())
        kept += 1
    thread.join()
    live.close()
    assert kept > 0
    assert len(store.run(live.run).fits()) == kept
    assert len(store.run(journal.run).fits()) == count
    np.testing.assert_array_equal([each.spectrum for each in store.run(journal.run).fits()], numbers)
