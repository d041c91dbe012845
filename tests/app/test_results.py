"""What a run came to, by the fits it was decided by and by others."""

import math

import numpy as np
import pytest

from app.results import by_fits, measured, smoothed
from core.cell import Cell
from core.records import Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from protocols.decisions import Depletion, KeptFit
from storage import RunHeader, open_store

HOUR = 3600.0
ON = 900.0
RULE = {"threshold": 1000.0, "criterion": "R_int > 1000 Ω, raw"}


def a_fit(time: float, r_int: float, smooth: float | None = None, model="R-ZARC", flags=()) -> Fit:
    found = {"R_int": Value(r_int, 1.0), "C_int": Value(1e-4 / r_int, 1e-9)}
    seen = {} if smooth is None else {"R_int": Value(smooth, 0.5), "C_int": Value(1e-4 / smooth, 1e-9)}
    mask, verdict, word = np.ones(2, dtype=bool), KramersKronig(True, 0.0), "two-sided" if seen else ""
    return Fit(model, 1, time, found, ("x",), np.eye(1), mask, "modulus", 1e-3, verdict, flags, seen, word)


@pytest.fixture
def run(tmp_path):
    """R_int grows from 500 Ω by 100 Ω a step of half an hour; decided the way a protocol decides."""
    with open_store(tmp_path / "store.sqlite", create=True) as store:
        cell = Cell(name="Li", anode="Li", electrode_diameter="6 mm")
        journal = store.begin_run(RunHeader("GeisStripping", {}, cell, "bench", simulated=True))
        step, rule, decision = journal.begin_step("1", "P", "geis", {}, 0.0), Depletion(**RULE), None
        for count in range(10):
            time = count * HOUR / 2
            columns = np.ones((6, 2))
            kept = journal.spectrum(
                step, Spectrum("GEIS", *columns[:2], columns[2] * time, *columns[2:], 1e-6)
            )
            fit = a_fit(time, 500 + 100 * count)
            number = journal.fit(kept, fit)
            journal.readings([Reading(time, "potentiostat", "Q", 1e-6 * time)])
            if time == 0:
                journal.event(Event("current on", "", ON))
            elif decision is None and (decision := rule.see(KeptFit(number, fit))):
                journal.decision(step, decision)
        journal.finish(RunState.FINISHED, "cut-off")
        journal.close()
        yield store, store.run(1)


def test_fits_made_later_change_nothing_that_was_decided(run):
    store, reader = run
    decided = measured(reader)
    assert decided.t0_h == pytest.approx((5 * HOUR / 2 - ON) / HOUR)
    for model in ("R-ZARC", "other"):
        with store.refit(1, model, {}) as refit:
            refit.add(
                (each.spectrum, a_fit(each.fit.time, 10.0, model=model)) for each in reader.fits(version=1)
            )
    assert measured(reader) == decided


def test_the_same_fits_come_to_the_same(run):
    _, reader = run
    assert by_fits(reader, reader.fits(version=1)) == measured(reader)


def test_other_fits_are_judged_by_the_run_s_own_rule(run):
    _, reader = run
    half = [
        type(each)(each.id, each.spectrum, a_fit(each.fit.time, each.fit["R_int"] - 200, each.fit["R_int"]))
        for each in reader.fits(version=1)
    ]
    later, decided = by_fits(reader, half), measured(reader)
    assert later.t0_h == pytest.approx(decided.t0_h + 1.0)
    assert later.r_int_start_ohm_cm2 == pytest.approx(decided.r_int_start_ohm_cm2 * 3 / 5)
    assert by_fits(reader, smoothed(half)) == decided


def test_fits_that_never_cross_have_no_t0(run):
    _, reader = run
    flat = [type(each)(each.id, each.spectrum, a_fit(each.fit.time, 500.0)) for each in reader.fits()]
    assert by_fits(reader, flat).t0_h is None
    none = [
        type(each)(each.id, each.spectrum, a_fit(each.fit.time, math.nan, flags=("no fit",))) for each in flat
    ]
    assert by_fits(reader, none).r_int_start_ohm_cm2 is None
