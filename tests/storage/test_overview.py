import sqlite3
from dataclasses import replace

import pytest
from sqlalchemy import event

from core.cell import Cell
from core.records import RunState
from storage import CampaignHeader, schema
from storage.listing import _query


def test_overview_says_what_runs_are_searched_by(store, journal, header, step, make_spectrum):
    journal.spectrum(step, make_spectrum())
    campaign = store.begin_campaign(CampaignHeader("fig4", "bench", simulated=True, title="relaxation"))
    given = {"name": "b", "anode": "Li", "electrode_area": "0.2 cm²", "pellet_diameter": "10 mm"}
    cell = Cell.model_validate(given)
    parameters = {"threshold": 2.5}
    store.begin_run(replace(header, cell=cell, parameters=parameters, campaign=campaign.campaign)).close()
    first, second = store.overview()
    assert first.summary == store.run(journal.run).summary()
    assert first.summary.spectra == 1
    assert (first.anode, first.title) == ("Li0.9Mg0.1", "")
    assert (first.electrode_area, first.pellet_area) == (header.cell.area, header.cell.pellet_area)
    assert first.parameters == header.parameters
    assert (second.summary.campaign, second.title, second.anode) == (1, "relaxation", "Li")
    assert (second.electrode_area, second.parameters) == (pytest.approx(0.2e-4), parameters)
    assert second.pellet_area == cell.pellet_area
    campaign.close()


def test_overview_leaves_out_the_bin_unless_asked_for(store, journal, header):
    journal.finish(RunState.FINISHED, "")
    store.annotate(journal.run, "binned")
    store.begin_run(header).close()
    shown = {which: [each.summary.run for each in store.overview(which)] for which in (False, True, None)}
    assert shown == {False: [2], True: [1], None: [1, 2]}


def test_spectra_are_counted_without_looking_at_them(store, path):
    text = str(_query(schema.run.c.cell).compile(compile_kwargs={"literal_binds": True}))
    connection = sqlite3.connect(path)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}")]
    connection.close()
    assert any("spectrum USING COVERING INDEX ix_spectrum_run_id" in line for line in plan)
    assert any("annotation USING INDEX ix_annotation_run_id" in line for line in plan)


def test_an_overview_is_one_query(store, header, journal):
    asked = []
    event.listen(store._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for _ in range(3):
        store.begin_run(header).close()
    assert len(store.overview()) == 4
    assert len(asked) == 1
