"""Decisions of a stored run derived again: none differs, and what was tampered with does."""

import json
import math
import shutil
import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.replay import differences, replay, retell
from core.cell import Cell
from core.records import Decision, Event, Fit, KramersKronig, RunState, Spectrum, Value
from protocols.decisions import (
    Depletion,
    Divergence,
    FastDrift,
    KeptFit,
    LargeResponse,
    RepeatOnKramersKronig,
    Rules,
    ShortCircuit,
    SoftShort,
    Steadiness,
    Threshold,
    Within,
)
from storage import RunHeader, StoredFit, open_store

FLAGS = ("poor fit", "no fit", "below resolution", "not identifiable")


def kinds():
    return [
        ShortCircuit(),
        SoftShort(confirmations=2),
        LargeResponse(),
        FastDrift(),
        Divergence(confirmations=2),
        Depletion(1000.0, "raw", 2),
        Threshold("R_int", 1500.0, confirmations=2),
        Within("R_int", 400.0, 600.0, confirmations=2),
        Steadiness("R_electrolyte", 0.05, 90.0),
        RepeatOnKramersKronig(1),
    ]


def a_fit(time, rng):
    """A fit of a cell in which everything happens at once."""
    r_int, share = float(rng.lognormal(6.9, 0.6)), float(rng.choice([1.0, 1.0, 1.0, 0.9, 0.3]))
    values = {
        "R_int": r_int, "R_bulk": 700 * share, "R_gb": 300 * share, "R_electrolyte": 1000 * share,
        "tau_int": 1e-4, "T": 298.15, "I": float(rng.choice([0.0, 1e-4])), "E": 0.003,
        "E_ac": float(rng.uniform(0, 0.05)), "Re_low": 1000 * share + r_int * float(rng.choice([1, 0])),
        "drift_int": float(rng.normal(0, 1e-3)), "duration": 30.0, "f_min": 1.0,
        "R_int_upper": float(rng.choice([math.nan, 3.0])),
    }  # fmt: skip
    error = {"R_int": r_int * float(rng.choice([0.01, 2.0])), "drift_int": 1e-5}
    found = {name: Value(value, error.get(name, math.nan)) for name, value in values.items()}
    verdict = KramersKronig(bool(rng.random() < 0.7), float(rng.normal()), None, "drift")
    flags = (str(rng.choice(FLAGS)),) if rng.random() < 0.25 else ()
    return Fit("m", 1, time, found, ("x",), np.eye(1), np.ones(2, bool), "modulus", 0.01, verdict, flags)


def live(recorder, keep, seed, fits=40):
    """Do to rules whatever a run may do to them, at random; returns when they are at their end."""
    rng, now = np.random.default_rng(seed), 0.0
    rules = Rules(recorder, lambda: now, lambda: keep.step)
    for rule in kinds():
        rules.arm(rule)
    for number in range(fits):
        for _ in range(30):
            now += 1.0
            current = float(rng.choice([1e-4, 1e-4, -1e-4])) if number % 7 == 0 else 1e-4
            rules.see_voltage(now, float(rng.choice([0.2, 0.2, 0.04])) if number > 9 else 0.2, current)
        fit = a_fit(now - 15.0, rng)
        rules.see(KeptFit(keep(fit), fit))
        chance = rng.random()
        if chance < 0.08:
            rules.disturbed()
        elif chance < 0.14:
            rules.changed(str(rng.choice(["T", "p"])))
        elif chance < 0.2:
            rules.override(str(rng.choice(rules.names)), "eva", "so it be")
        elif chance < 0.45:
            rule = rules.armed[int(rng.integers(len(rules.armed)))]
            rules.conclude(rule, str(rng.choice(["cut-off", "limit"])))
            rules.arm(type(rule).from_parameters(rule.parameters()))
    rules.close("cut-off")
    return rules


class Memory:
    """Keeps decisions, events and fits in lists; called with a fit it gives its id."""

    def __init__(self):
        self.decisions, self.events, self.fits, self.step = [], [], [], 1

    def decision(self, step, decision):
        self.decisions.append(decision)
        return len(self.decisions)

    def event(self, event):
        self.events.append(event)
        return len(self.events)

    def __call__(self, fit):
        self.fits.append(StoredFit(3 * len(self.fits) + 5, 1, fit))
        return self.fits[-1].id


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_whatever_happens_in_a_run_is_derived_again(seed):
    memory = Memory()
    live(memory, memory, seed)
    derived = retell(memory.events, memory.fits)
    assert differences(memory.decisions, derived) == []
    assert derived == memory.decisions


def test_in_these_runs_every_rule_decides_something():
    found = set()
    for seed in range(5):
        memory = Memory()
        rules = live(memory, memory, seed)
        found |= {each.rule for each in memory.decisions}
        named = set(rules.names)
    assert found == named
    assert {"E", "Re Z", "R_int"} == {
        each.parameters["by"]
        for seed in range(40)
        for each in decided(seed)
        if each.rule == "short circuit" and "by" in each.parameters
    }


def decided(seed):
    memory = Memory()
    live(memory, memory, seed, fits=20)
    return memory.decisions


class Keep:
    """Keeps a fit in the journal, with a spectrum for it; gives the fit's id."""

    def __init__(self, journal, step):
        self.journal, self.step = journal, step

    def __call__(self, fit):
        columns = np.ones((6, 2))
        spectrum = Spectrum("GEIS", *columns[:2], columns[2] * fit.time, *columns[2:5], columns[5], 1e-6)
        return self.journal.fit(self.journal.spectrum(self.step, spectrum), fit)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path, request):
    if "run" in request.fixturenames:
        shutil.copy(request.getfixturevalue("a_run"), path)
    with open_store(path, create=True) as store:
        yield store


def begin(store):
    cell = Cell(name="Li", anode="Li", electrode_diameter="6 mm")
    journal = store.begin_run(RunHeader("GeisStripping", {}, cell, "bench", simulated=True))
    return journal, Keep(journal, journal.begin_step("1", "P", "geis", {}, 0.0))


@pytest.fixture(scope="session")
def a_run(tmp_path_factory):
    """The file of a store with a run in which everything happened."""
    path = tmp_path_factory.mktemp("replay") / "store.sqlite"
    with open_store(path, create=True) as store:
        journal, keep = begin(store)
        live(journal, keep, seed=1)
        journal.finish(RunState.FINISHED, "cut-off")
        journal.close()
    return path


@pytest.fixture
def run(store):
    return store.run(1)


def test_a_stored_run_is_derived_again_to_the_last_decision(run):
    found = replay(run)
    assert found.stored == found.derived == len(run.decisions()) > 30
    assert found.differences == ()
    assert found.notes == ()


def test_refits_change_nothing_of_it(store, run):
    rng = np.random.default_rng(9)
    for model in ("m", "other"):
        with store.refit(1, model, {}) as refit:
            refit.add(
                (each.spectrum, replace(a_fit(each.fit.time, rng), model=model))
                for each in run.fits(version=1)
            )
    assert replay(run).differences == ()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("update decision set outcome = 'fine' where id = 9", {"outcome"}),
        ("update decision set time = time + 1e-6 where id = 9", {"time"}),
        ("update decision set rule = 'other' where id = 9", {"rule"}),
        ("update decision set changes_bench = not changes_bench where id = 9", {"changes_bench"}),
        ("delete from decision_fit where decision = 9", {"fits"}),
        ("delete from decision_fit where decision = 9; delete from decision where id = 9", {"only derived"}),
        ("insert into decision select 10000, run, step, rule, outcome, time, parameters, changes_bench from"
         " decision where id = 9", {"only stored"}),
        ("update decision set parameters = json_set(parameters, '$.more', 1) where id = 9",
         {"parameters.more"}),
    ],
)  # fmt: skip
def test_what_was_tampered_with_differs(run, path, change, what):
    with sqlite3.connect(path) as connection:
        connection.executescript(change)
    connection.close()
    assert {each.what for each in replay(run).differences} == what


def test_a_fit_that_was_changed_shows_in_what_follows_from_it(run, path):
    crossed = next(
        each.decision for each in run.decisions() if each.decision.rule == "depletion" and each.decision.fits
    )
    with sqlite3.connect(path) as connection:
        where = f"where id = {crossed.fits[-1]}"
        connection.execute(
            f"update fit set parameters = json_set(parameters, '$.R_int', json('[20.0, 0.1]')) {where}"
        )
    connection.close()
    assert any("depletion" in (each.stored or each.derived).rule for each in replay(run).differences)


def test_numbers_may_differ_in_the_last_bit_and_nothing_else_may():
    one = Decision("r", "o", 100.0, {"x": 1.0, "y": [math.nan, {"z": True}]}, (1, 2))
    same = Decision("r", "o", 100.0 * (1 + 1e-14), {"x": 1.0 + 1e-15, "y": (math.nan, {"z": True})}, (1, 2))
    assert differences([one], [same]) == []
    other = Decision("r", "o", 100.0, {"x": 1.0 + 1e-11, "y": [math.nan, {"z": 1}]}, (1, 2))
    assert [each.what for each in differences([one], [other])] == ["parameters.x", "parameters.y"]


def test_a_run_that_died_while_it_decided_lacks_a_decision_and_no_more(run, path):
    last = run.decisions()[-1].id
    with sqlite3.connect(path) as connection:
        connection.executescript(
            f"delete from decision_fit where decision = {last}; delete from decision where id = {last};"
            "update run set state = 'running', pid = 999999, boot = 'another'"
        )
    connection.close()
    found = replay(run)
    assert found.differences == ()
    assert "not stored yet" in found.notes[0]


def old(store, *, ending="cut-off", confirmations=3):
    """A run made before rules were recorded: R_int grows by 100 Ω a spectrum."""
    journal, keep = begin(store)
    rng, rule = np.random.default_rng(2), Depletion(1000.0, "raw", confirmations)
    for count in range(8):
        fit = a_fit(100.0 * count, rng)
        fit.parameters["R_int"] = Value(450.0 + 100 * count, 1.0)
        object.__setattr__(fit, "flags", ())
        number = keep(fit)
        if count == 0:
            journal.event(Event("current on", "", 50.0))
        elif (decision := rule.see(KeptFit(number, fit))) is not None:
            journal.decision(keep.step, decision)
    decision = rule.reached_cut_off(800.0) if ending == "cut-off" else None
    for each in (decision, rule.end(801.0)):
        if each is not None:
            journal.decision(keep.step, each)
    journal.decision(keep.step, Decision("soft short", "fell", 400.0))
    journal.finish(RunState.FINISHED, ending)
    journal.close()
    return store.run(journal.run)


@pytest.mark.parametrize(("ending", "confirmations"), [("cut-off", 2), ("cut-off", 3), ("limit", 4)])
def test_of_an_old_run_depletion_is_derived_again(store, ending, confirmations):
    found = replay(old(store, ending=ending, confirmations=confirmations))
    assert found.differences == ()
    assert (found.stored, found.derived) == (2, 1)
    assert "before rules were recorded" in found.notes[0]
    assert "soft short" in found.notes[1]


def test_an_old_run_that_was_changed_differs(store, path):
    reader = old(store)
    with sqlite3.connect(path) as connection:
        connection.execute("update decision set parameters = json_set(parameters, '$.t_cross_s', 1.0)")
    connection.close()
    assert {each.what for each in replay(reader).differences} == {"parameters.t_cross_s"}


def test_a_run_that_decided_nothing_has_nothing_to_differ(store):
    journal, _ = begin(store)
    journal.finish(RunState.FINISHED, "limit")
    journal.close()
    assert replay(store.run(1)).differences == ()


def test_the_command_says_that_nothing_differs(run, path, cli):
    code, said, _ = cli("replay", 1, "--store", f"sqlite:///{path}")
    assert code == 0
    assert "0 differences" in said
    assert "SIMULATED" in said


def test_the_command_ends_with_1_where_something_differs(run, path, cli):
    with sqlite3.connect(path) as connection:
        connection.execute("update decision set outcome = 'fine' where id = 9")
    connection.close()
    code, said, _ = cli("replay", 1, "--store", f"sqlite:///{path}", "--json", "-")
    assert code == 1
    entry = json.loads(said)["runs"][0]
    assert [each["what"] for each in entry["differences"]] == ["outcome"]
    assert entry["differences"][0]["stored"]["outcome"] == "fine"
    code, said, _ = cli("replay", 1, "--store", f"sqlite:///{path}")
    assert "outcome differs, stored and derived: fine and" in said


def test_the_command_wants_runs_that_exist(run, path, cli):
    code, _, said = cli("replay", "--store", f"sqlite:///{path}")
    assert code == 2
    assert "name runs" in said
    assert cli("replay", 7, "--store", f"sqlite:///{path}")[0] == 2


def test_a_rule_of_another_version_is_named(run, path, cli):
    with sqlite3.connect(path) as connection:
        connection.execute("update event set data = replace(data, '\"depletion\"', '\"evaporation\"')")
    connection.close()
    code, _, said = cli("replay", 1, "--store", f"sqlite:///{path}")
    assert code == 2
    assert "no rule 'evaporation'" in said
