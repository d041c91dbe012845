"""A sweep that drifted is looked at once more when the next one is there."""

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
name = "in a hurry"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
current_density = "200 µA/cm²"
rest_minimum = "1 min"
rest_maximum = "2 min"
"""


@pytest.fixture(scope="module")
def looks(tmp_path_factory):
    """First and second fits of each sweep of a fast stripping, and the true R_int."""
    with open_store(str(tmp_path_factory.mktemp("hindsight") / "store.sqlite"), create=True) as store:
        job = make_job(EXPERIMENT, "experiment", SIMULATED_BENCH, "bench")
        outcome = run_job(store, job, VirtualClock())
        assert outcome.state is RunState.FINISHED, outcome.end_reason
        run = store.run(outcome.run)
        first = {kept.spectrum: kept.fit for kept in run.fits(version=1)}
        second = {kept.spectrum: kept.fit for kept in run.fits(version=2)}
        truth = {number: run.truth_of(number)["R_int"] for number in first}
        decided = {number for decision in run.decisions() for number in decision.decision.fits}
        versions = {kept.id: kept.fit.version for version in (1, 2) for kept in run.fits(version=version)}
    return first, second, truth, {versions[number] for number in decided}


def test_sweeps_that_drift_get_a_second_version(looks):
    first, second, _, _ = looks
    drifting = [number for number, fit in first.items() if "drift" in fit.flags]
    assert len(drifting) > 20
    assert set(second) <= set(drifting)
    assert len(second) > 0.8 * len(drifting)
    assert all("interpolated" in fit.flags for fit in second.values())
    assert all(fit["T"] == first[number]["T"] for number, fit in second.items())


def test_hindsight_is_closer_to_the_truth(looks):
    first, second, truth, _ = looks
    errors = np.array(
        [
            [np.log(fits[n]["R_int"] / truth[n]) for fits in (first, second)]
            for n in second
            if first[n]["R_int"] > 0
        ]
    )
    live, hindsight = np.nanmedian(np.abs(errors), axis=0)
    assert hindsight < 0.005
    assert hindsight < 1.2 * live


def test_decisions_stand_on_first_fits(looks):
    assert looks[3] == {1}
