"""The demo as a newcomer runs it: two anodes lose contact as in Fig. 2 of Krauskopf et al. 2019."""

import json

import pytest


@pytest.fixture(scope="module")
def demo(stripbench, tmp_path_factory):
    """One demo, with its JSON and its store."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'store.sqlite'}"
    status, out, _ = stripbench("demo", "--json", "-", "--seed", 5, "--store", url, timeout=280)
    assert status == 0
    return json.loads(out), url


@pytest.fixture(scope="module")
def runs(demo):
    return {run["cell"]: run for run in demo[0]["runs"]}


def test_both_anodes_run_to_the_cut_off(demo, runs):
    assert [run["cell"] for run in demo[0]["runs"]] == ["Li", "Li0.9Mg0.1"]
    for run in runs.values():
        assert (run["state"], run["end_reason"]) == ("finished", "cut-off")
        assert isinstance(run["run"], int)
        assert run["spectra"] > 1000


@pytest.mark.parametrize(
    ("cell", "hours", "contact"), [("Li", (8.5, 10), (0.01, 0.04)), ("Li0.9Mg0.1", (14, 16), (0.33, 0.47))]
)
def test_depletion_and_contact_are_the_papers(runs, cell, hours, contact):
    assert hours[0] < runs[cell]["t0_h"] < hours[1]
    assert contact[0] < runs[cell]["c_int_relative_at_t0"] < contact[1]
    assert runs[cell]["r_int_start_ohm_cm2"] == pytest.approx(270, abs=50)
    assert runs[cell]["charge_at_t0_mAh_cm2"] == pytest.approx(0.1 * runs[cell]["t0_h"], rel=0.01)


@pytest.mark.parametrize("cell", ["Li", "Li0.9Mg0.1"])
def test_what_was_measured_is_what_was_true(runs, cell):
    run, truth = runs[cell], runs[cell]["truth"]
    assert set(truth) == {"t0_h", "r_int_start_ohm_cm2", "c_int_relative_at_t0", "charge_at_t0_mAh_cm2"}
    assert run["t0_h"] == pytest.approx(truth["t0_h"], rel=0.01)
    assert run["r_int_start_ohm_cm2"] == pytest.approx(truth["r_int_start_ohm_cm2"], rel=0.03)
    assert run["c_int_relative_at_t0"] == pytest.approx(truth["c_int_relative_at_t0"], rel=0.1)
    assert run["charge_at_t0_mAh_cm2"] == pytest.approx(truth["charge_at_t0_mAh_cm2"], rel=0.01)


def test_the_same_seed_gives_the_same_numbers(demo, stripbench, tmp_path):
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    _, out, _ = stripbench("demo", "--json", "-", "--seed", 5, "--store", url, timeout=280)
    again = json.loads(out)
    for result in (demo[0], again):
        result.pop("wall_s")
        for run in result["runs"]:
            run.pop("run")
    assert again == demo[0]


def test_listing_and_showing(demo, stripbench):
    _, url = demo
    status, out, _ = stripbench("runs", "--json", "-", "--store", url)
    assert status == 0
    listed = json.loads(out)["runs"]
    assert [run["state"] for run in listed] == ["finished", "finished"]
    assert all(run["simulated"] for run in listed)
    assert {"run", "cell", "protocol", "state", "end_reason", "simulated", "started_utc", "spectra"} <= set(
        listed[0]
    )
    assert [(run["campaign"], run["path"]) for run in listed] == [(None, "")] * 2
    status, out, _ = stripbench("show", listed[0]["run"], "--store", url)
    assert status == 0
    assert "SIMULATED" in out
    assert "depleted" in out
    status, out, _ = stripbench("show", listed[0]["run"], "--json", "-", "--store", url)
    shown = json.loads(out)
    assert shown["decisions"][-1]["outcome"] == "depleted"
    assert len(shown["decisions"][-1]["fits"]) >= 2
