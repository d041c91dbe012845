"""Stripping, resting, and stripping again, on the simulated bench."""

import pytest

from app.replay import replay
from core.records import Ended

QUICK = {
    "rest_minimum": "1 min",
    "rest_maximum": "1 min",
    "rest_between": "0.5 h",
    "spectrum_every": "10 min",
}


def test_what_a_rest_gives_back_is_compared_with_what_was_there(bench):
    run = bench(thin=4).do("StripRestStrip", charge_each="0.2 mAh/cm²", **QUICK)
    assert run.outcome.ended is Ended.FINISHED
    found = run.results["recovery"]
    fits = [stored.fit for stored in run.reader.fits(version=1)]
    assert found["before_ohm"] == fits[0]["R_int"]
    assert 0 < found["contact_after_stripping"] < 0.95
    assert found["recovery_ratio"] == pytest.approx(found["contact_after_stripping"], abs=0.05)
    second = run.results["second stripping"]
    assert second["first_ohm"] == found["stripped_ohm"]
    assert second["second_ohm"] > second["first_ohm"]
    assert [each.verb for each in run.reader.steps()].count("geis") == 2
    _, _, charge = run.reader.readings("Q")
    assert run.reader.header.cell.areal_charge(charge[-1]) == pytest.approx(0.4, rel=0.02)
    assert run.decided("short circuit") == []
    assert run.duration <= run.longest
    assert not replay(run.reader).differences


def test_an_electrode_that_is_spent_in_the_first_part_is_left_alone(bench):
    run = bench(thin=4).do("StripRestStrip", charge_each="0.2 mAh/cm²", cut_off="0.06 V", **QUICK)
    assert run.outcome.ended is Ended.CUT_OFF
    assert len(run.of("current on")) == 1
    assert "recovery" not in run.results
