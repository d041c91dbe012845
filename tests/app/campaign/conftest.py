import json

import pytest

from app.campaign.expand import make_campaign
from app.campaign.walk import Walk
from protocols.parameters import FloatParameter
from protocols.protocol import Protocol
from protocols.registry import PROTOCOLS


class Strip(Protocol):
    """Stands in for every stripping: only its parameters and what it does to the electrode matter."""

    spends_electrode = True
    current_density = FloatParameter("i", units="µA/cm²", default=100.0, minimum=1.0, maximum=1000.0)
    temperature = FloatParameter("T", units="degC", default=25.0, minimum=-40.0, maximum=80.0)
    cut_off = FloatParameter("Cut-off", units="V", default=4.0, minimum=0.1, maximum=10.0)
    charge_limit = FloatParameter("Q", units="mAh/cm²", default=100.0, minimum=0.01, maximum=100.0)


class Cycle(Protocol):
    """Stands in for what passes a fixed charge, which the contact is meant to outlive."""

    spends_electrode = True
    capacity = FloatParameter("Q", units="mAh/cm²", default=0.1, minimum=0.01, maximum=100.0)


class Look(Protocol):
    """Stands in for what passes no current: rests, spectra."""

    temperature = FloatParameter("T", units="degC", default=25.0, minimum=-40.0, maximum=80.0)
    duration = FloatParameter("t", units="h", default=1.0, minimum=0.1, maximum=100.0)


@pytest.fixture(autouse=True, scope="package")
def stand_ins():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PROTOCOLS, "Strip", Strip)
        patch.setitem(PROTOCOLS, "Look", Look)
        patch.setitem(PROTOCOLS, "Cycle", Cycle)
        yield


def as_toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def cell_table(name, **more):
    return {"name": name, "anode": "Li", "electrode_diameter": "6 mm", **more}


def as_text(steps, **more):
    tables = {
        "campaign": "test",
        "cells": {
            "li": cell_table("Li-{n:02d}", count=20),
            "limg": cell_table("LiMg-{n:02d}", count=20, anode="Li0.9Mg0.1"),
        },
        "steps": steps,
        **more,
    }
    return "\n".join(f"{key} = {as_toml(value)}" for key, value in tables.items())


@pytest.fixture(scope="session")
def campaign_text():
    """Write a campaign with cells ``li`` and ``limg``, twenty of each, from a list of steps."""
    return as_text


@pytest.fixture(scope="session")
def table_of_cell():
    return cell_table


@pytest.fixture(scope="session")
def plan_of():
    """Read a campaign with cells ``li`` and ``limg``, twenty of each, from a list of steps."""
    return lambda steps, **more: make_campaign(as_text(steps, **more), "c.toml")


@pytest.fixture(scope="session")
def walked():
    """Walk through a plan; return the steps. `ends` gives words by path, the rest is *finished*."""

    def walk_through(plan, ends=None, spent=None):
        walk, steps, ended = Walk(plan, spent), [], None
        while (step := walk.next(ended)) is not None:
            steps.append(step)
            assert len(steps) < 1000, "the walk does not end"
            ended = (ends or {}).get(step.path, "finished")
        return steps

    return walk_through
