"""What holds for every campaign that can be written."""

from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.campaign.checks import MOST_STEPS
from app.campaign.expand import make_campaign
from app.campaign.lanes import lanes
from app.campaign.needed import needed
from app.campaign.walk import Walk
from core.errors import BadInput
from core.records import Ended

NAMES = ("a", "b", "c", "d")
WORDS = [*map(str, Ended), "default"]
FEW = settings(max_examples=100, deadline=None)


@st.composite
def branching(draw, names):
    on = draw(
        st.dictionaries(
            st.sampled_from(WORDS),
            st.sampled_from(["next", "end", "leave", "stop", "repeat", *names]),
            max_size=3,
        )
    )
    return {"on": on, "at_most": draw(st.integers(2, 3))} if on else {}


@st.composite
def lists(draw, depth=2):
    steps = []
    names = NAMES[: draw(st.integers(1, 4))]
    for name in names:
        entry = {"name": name, "cell": draw(st.sampled_from(["li", "limg"]))} | draw(branching(names))
        if depth and draw(st.integers(0, 3)) == 0:
            entry |= {"steps": draw(lists(depth=depth - 1)), "fresh": draw(st.booleans())}
            loop = draw(st.sampled_from(["none", "repeat", "for_each"]))
            if loop == "repeat":
                entry["repeat"] = draw(st.integers(1, 3))
            if loop == "for_each":
                entry["for_each"] = {"temperature": ["0 °C", "50 °C"]}
                entry["order"] = draw(st.sampled_from(["as written", "random"]))
        else:
            entry["protocol"] = draw(st.sampled_from(["Look", "Strip"]))
            entry["allow_spent"] = entry["protocol"] == "Strip" and draw(st.integers(0, 3)) > 0
            entry["fresh"] = draw(st.integers(0, 3)) == 0
        steps.append(entry)
    return steps


def without_idle_at_most(steps):
    """Take at_most away where nothing leads back, which is refused."""
    names = [each["name"] for each in steps]
    for at, each in enumerate(steps):
        back = {"repeat", *names[: at + 1]} & set(each.get("on", {}).values())
        if not back:
            each.pop("at_most", None)
        without_idle_at_most(each.get("steps", []))
    return steps


def valid(campaign_text, steps):
    try:
        return make_campaign(campaign_text(without_idle_at_most(steps)), "any.toml")
    except BadInput:
        assume(False)


def walk(plan, words):
    walking, paths, ended = Walk(plan), [], None
    drawn = iter(words)
    while (step := walking.next(ended)) is not None:
        paths.append((step.path, step.cell.name, step.fresh))
        assert len(paths) <= MOST_STEPS
        ended = next(drawn, Ended.NOT_REACHED)
    return paths


@FEW
@given(steps=lists(), words=st.lists(st.sampled_from(Ended), max_size=60))
def test_every_walk_ends_is_repeatable_and_never_has_a_path_twice(campaign_text, steps, words):
    plan = valid(campaign_text, steps)
    paths = walk(plan, words)
    assert paths == walk(valid(campaign_text, steps), words)
    assert len({path for path, _, _ in paths}) == len(paths)
    firsts = [name for _, name, fresh in paths if fresh]
    assert sorted(firsts) == sorted({name for _, name, _ in paths})


@FEW
@given(steps=lists())
def test_lanes_hold_every_step_once_and_share_no_cell(campaign_text, steps):
    plan = valid(campaign_text, steps)
    parts = lanes(plan)
    held = [path for part in parts for path, _ in part.works()]
    order = [path for path, _ in plan.works()]
    assert sorted(held) == sorted(order)
    for part in parts:
        assert [path for path, _ in part.works()] == sorted((p for p, _ in part.works()), key=order.index)
    cells = [{work.electrode.cell.name for _, work in part.works()} for part in parts]
    assert sum(map(len, cells)) == len(set().union(*cells))
    # as everything goes well, the lanes together do what the whole does
    assert sorted(path for part in parts for path, _, _ in walk(part, [Ended.FINISHED] * 99)) == sorted(
        path for path, _, _ in walk(plan, [Ended.FINISHED] * 99)
    )
    listed = needed(plan)
    assert {name for each in listed.cells for name in each.names} == set().union(*cells)


@FEW
@given(
    currents=st.integers(1, 5),
    temperatures=st.integers(1, 4),
    replicates=st.integers(1, 4),
    seed=st.integers(0, 99),
    random=st.booleans(),
)
def test_a_for_each_has_every_combination_once_in_every_replicate(
    campaign_text, currents, temperatures, replicates, seed, random
):
    loops = {
        "current_density": [f"{n + 1} µA/cm²" for n in range(currents)],
        "temperature": [f"{n} °C" for n in range(temperatures)],
    }
    block = {
        "for_each": loops,
        "replicates": replicates,
        "order": "random" if random else "as written",
        "steps": [{"protocol": "Strip", "cell": "li", "allow_spent": True}],
    }
    works = [work for _, work in make_campaign(campaign_text([block], seed=seed), "any.toml").works()]
    again = [work for _, work in make_campaign(campaign_text([block], seed=seed), "any.toml").works()]
    assert works == again
    assert len(works) == currents * temperatures * replicates
    combinations = [(c, t) for c in loops["current_density"] for t in loops["temperature"]]
    for replicate in range(1, replicates + 1):
        done = [
            (work.values["current_density"], work.values["temperature"])
            for work in works
            if work.values["replicate"] == replicate
        ]
        assert sorted(done) == sorted(combinations)
        assert random or done == combinations


@FEW
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=4))
def test_whatever_stands_for_a_value_is_taken_or_refused(campaign_text, value):
    if value is None:
        value = {}
    for key in ("cell", "parameters", "on", "repeat", "for_each", "fresh", "override", "name", "include"):
        steps = [{"protocol": "Look", "cell": "li", key: value}]
        with suppress(BadInput):
            make_campaign(campaign_text(steps), "any.toml")


@pytest.mark.parametrize("text", ["", "steps = 3", "campaign = 'x'\nsteps = [3]", "\x00", "cells = 1"])
def test_texts_that_are_no_campaign_are_refused(text):
    with pytest.raises(BadInput, match=r"any\.toml"):
        make_campaign(text, "any.toml")
