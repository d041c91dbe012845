"""Simulated truth may be compared with, and is never used."""

import math

import numpy as np
import pytest

from app.runner.job import SIMULATED_BENCH, make_job
from app.runner.runner import run_job
from core.clock import VirtualClock
from core.records import RunState
from storage import open_store

EXPERIMENT = """\
protocol = "GeisStripping"
[cell]
name = "truth apart"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
rest_minimum = "1 min"
rest_maximum = "2 min"
charge_limit = "0.03 mAh/cm²"
threshold = "0.275 kΩ cm²"
"""


def garbage(truth):
    return lambda time: {name: math.nan if name == "T" else -1e30 for name in truth(time)}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The same experiment with truth kept, not kept, and replaced by garbage."""
    found = {}
    for name, keep in (("kept", lambda t: t), ("off", lambda t: None), ("garbage", garbage)):
        store = open_store(str(tmp_path_factory.mktemp(name) / "store.sqlite"), create=True)
        job = make_job(EXPERIMENT, "experiment", SIMULATED_BENCH, "bench")
        outcome = run_job(store, job, VirtualClock(), keep_truth=keep)
        assert outcome.state is RunState.FINISHED, outcome.end_reason
        found[name] = store.run(outcome.run)
    return found


def test_truth_is_what_differs(runs):
    assert len(runs["off"].truth()[0]) == 0
    assert np.all(runs["garbage"].truth()[1]["R_int"] == -1e30)
    assert np.all(runs["kept"].truth()[1]["R_int"] > 0)


@pytest.mark.parametrize("other", ["off", "garbage"])
def test_spectra_fits_and_decisions_are_bit_identical(runs, other):
    kept, changed = runs["kept"], runs[other]
    assert [s.checksum for s in kept.spectra()] == [s.checksum for s in changed.spectra()]
    for first, second in zip(kept.fits(), changed.fits(), strict=True):
        assert first.fit.flags == second.fit.flags
        assert first.fit.covariance.tobytes() == second.fit.covariance.tobytes()
        for name, value in first.fit.parameters.items():
            twin = second.fit.parameters[name]
            assert (
                np.array([value.value, value.stderr]).tobytes()
                == np.array([twin.value, twin.stderr]).tobytes()
            )
    decisions = [[each.decision for each in run.decisions()] for run in (kept, changed)]
    assert decisions[0] == decisions[1]
    assert any(decision.outcome == "depleted" for decision in decisions[0])
