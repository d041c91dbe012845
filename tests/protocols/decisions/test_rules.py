"""The rules at work: what is kept of what they decide, and of what they are told."""

import pytest

from core.errors import BadInput
from protocols.decisions import (
    KINDS,
    Depletion,
    RepeatOnKramersKronig,
    Rules,
    ShortCircuit,
    SoftShort,
    Threshold,
)


class Notebook:
    def __init__(self):
        self.kept, self.events = [], []

    def decision(self, step, decision):
        self.kept.append((step, decision))
        return len(self.kept)

    def event(self, event):
        self.events.append(event)
        return len(self.events)

    @property
    def told(self):
        return [each.data for each in self.events]


@pytest.fixture
def notebook():
    return Notebook()


@pytest.fixture
def clock():
    return {"now": 5.0, "step": 7}


@pytest.fixture
def rules(notebook, clock):
    return Rules(notebook, lambda: clock["now"], lambda: clock["step"])


def depletion():
    return Depletion(1000.0, "raw", 1)


def test_decisions_are_kept_with_their_step_and_returned(rules, notebook, make):
    rules.arm(depletion())
    rules.arm(Threshold("R_int", 1000.0, confirmations=1))
    assert rules.see(make(1, R_int=900.0)) == []
    found = rules.see(make(2, R_int=1100.0))
    assert [each.rule for each in found] == ["depletion", "threshold"]
    assert notebook.kept == [(7, each) for each in found]


def test_what_rules_are_told_is_recorded_with_the_last_fit(rules, notebook, clock, make):
    rule = rules.arm(depletion())
    rules.see(make(3, R_int=900.0))
    clock["now"] = 6.0
    rules.disturbed()
    rules.see(make(4, R_int=1100.0))
    rules.changed("p")
    rules.conclude(rule, "limit")
    assert [(each["do"], each["after"]) for each in notebook.told] == [
        ("arm", 0), ("disturbed", 3), ("changed", 4), ("conclude", 4),
    ]  # fmt: skip
    assert {(each.kind, each.severity) for each in notebook.events} == {("rule", "info")}
    assert notebook.told[0]["parameters"] == rule.parameters()
    assert notebook.kept[0][1].parameters["disturbed"] is True


def test_a_rule_that_has_concluded_is_shown_no_more(rules, make):
    rule = rules.arm(depletion())
    (censored,) = rules.conclude(rule, "limit")
    assert (censored.outcome, censored.time) == ("censored", 5.0)
    rules.see(make(1, R_int=900.0))
    assert rules.see(make(2, R_int=1100.0)) == []
    assert rules.armed == ()
    with pytest.raises(ValueError, match="not armed"):
        rules.conclude(rule, "limit")


def test_a_rule_is_armed_once(rules):
    rule = rules.arm(depletion())
    with pytest.raises(ValueError, match="armed already"):
        rules.arm(rule)


def test_closing_concludes_with_every_rule(rules, make):
    rules.arm(depletion())
    rules.arm(SoftShort())
    rules.arm(Threshold("R_int", 1.0))
    assert [each.rule for each in rules.close("stopped")] == ["depletion", "threshold"]
    assert rules.armed == ()


def short(rules, make):
    rule = rules.arm(ShortCircuit())
    rules.see(make(1, I=0.0, E=0.0))
    return rule


def test_of_all_polls_only_those_are_recorded_that_show_something(rules, notebook, make):
    rule = short(rules, make)
    for time in range(100, 160):
        assert rules.see_voltage(float(time), 0.15, 1e-4) == []
    assert [each["do"] for each in notebook.told] == ["arm"]
    (found,) = rules.see_voltage(160.0, 0.01, 1e-4)
    assert found.rule == "short circuit"
    assert notebook.told[1]["polls"] == [[100.0, 0.15, 1e-4], [160.0, 0.01, 1e-4]]
    assert rules.of(ShortCircuit) == [rule]
    assert rule.shorted


def test_the_operator_takes_a_rule_s_power_to_act(rules, notebook, clock, make):
    rule = short(rules, make)
    assert rules.is_alarm("short circuit")
    rules.see_voltage(100.0, 0.15, 1e-4)
    clock["now"] = 104.0
    rules.override("short circuit", "eva", "the cable was loose")
    assert rules.overridden(rule)
    assert not rules.is_alarm("short circuit")
    (found,) = rules.see_voltage(105.0, 0.01, 1e-4)
    assert not found.changes_bench
    assert found.parameters["overridden"] == {"author": "eva", "words": "the cable was loose"}
    assert not rule.shorted
    said = notebook.kept[0][1]
    assert (said.outcome, said.time) == ("overridden, it only flags from now on", 104.0)
    assert said.parameters["overridden"]["author"] == "eva"


def test_an_override_holds_for_rules_of_the_name_that_are_armed_later(rules, make):
    first = rules.arm(RepeatOnKramersKronig(1))
    rules.conclude(first, "finished")
    rules.override("Kramers-Kronig", "eva", "noise")
    later, other = rules.arm(RepeatOnKramersKronig(1)), rules.arm(depletion())
    rules.see(make(1, passed=False))
    assert not later.wants_repeat
    assert not rules.overridden(other)


def test_a_decision_that_is_overridden_is_named(rules, notebook, make):
    rules.arm(Threshold("R_int", 1.0, confirmations=1))
    rules.see(make(4))
    rules.override("threshold", "eva", "")
    assert notebook.kept[-1][1].fits == (4,)


def test_what_is_not_at_work_cannot_be_overridden(rules):
    rules.arm(depletion())
    assert rules.names == ["depletion"]
    assert rules.knows("depletion")
    with pytest.raises(BadInput, match="there are: depletion"):
        rules.override("short", "eva", "")


def test_every_kind_is_known_by_its_name_and_says_which_wake_somebody():
    assert all(kind.name == name for name, kind in KINDS.items())
    assert {name for name, kind in KINDS.items() if kind.alarm} == {"short circuit", "soft short"}


def test_parameters_that_a_rule_does_not_have_are_refused():
    with pytest.raises(BadInput, match="cannot be made again"):
        Depletion.from_parameters({"limit": 3})
