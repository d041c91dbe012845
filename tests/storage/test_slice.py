import shutil
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cell import Cell
from core.errors import BadInput, StoreError
from core.records import Decision, Event, Reading, RunState
from storage import CampaignHeader, open_store
from storage.slice import differences, take_in, write_slice

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def write_run(header, make_spectrum, make_fit):
    """Write a run with something in every table that a run can have rows in."""

    def write(store, spectra=2, cell="Li0.9Mg0.1", campaign=None, seed=1, decides=True, end=True, refits=1):
        mine = Cell.model_validate(
            {"name": cell, "anode": "Li0.9Mg0.1", "electrode_diameter": "6 mm", "notes": "µ"}
        )
        journal = store.begin_run(replace(header, cell=mine, campaign=campaign, seed=seed))
        step = journal.begin_step("1/a/geis/1", "a", "geis", {"x": float("nan")}, 0.0)
        journal.instrument("potentiostat", "vmp300", "0047")
        request = journal.request("tighten", 1.0, ["done"], {"kind": "force"})
        journal.event(Event("request", "tighten", 1.0, "warning", {"request": request, "what": "force"}))
        journal.answer_request(request, "done", "somebody", 2.0)
        journal.event(Event("answered", "done", 2.0, "info", {"request": request, "by": "somebody"}))
        journal.event(Event("rule", "depletion armed", 2.0, "info", {"do": "arm", "after": 0}))
        fits = []
        for number in range(spectra):
            journal.readings([Reading(number + 0.5, "gauge", "F", 400.0 + number)])
            kept = journal.spectrum(step, make_spectrum(seed * 100 + number))
            journal.truth(float(number), {"R_int": 500.0}, kept)
            fits.append(journal.fit(kept, make_fit(float(number))))
        journal.event(Event("rule", "seen", 3.0, "info", {"do": "changed", "after": fits[-1] if fits else 0}))
        if decides and fits:
            journal.decision(step, Decision("depletion", "depleted", 3.0, {"a": 1}, tuple(fits[::-1]), True))
        alarm = journal.event(Event("short", "E fell", 3.5, "alarm"))
        journal.end_step(step, 4.0, "done")
        if end:
            store.tell(journal.run, "note", "hello", "somebody")
            journal.take_commands()
            journal.finish(RunState.FINISHED, "finished", 4.0)
            store.annotate(journal.run, "acknowledged", about=alarm, author="somebody")
        journal.close()
        for _ in range(refits if fits and end else 0):
            with store.refit(journal.run, "R-ZARC", {"smooth": False}) as version:
                ids = store.run(journal.run).spectrum_ids()
                version.add((number, make_fit()) for number in ids)
        return journal.run

    return write


@pytest.fixture
def another(empty_store, tmp_path):
    """Open further stores that are empty."""
    opened = []

    def make(name="other.sqlite"):
        path = tmp_path / name
        shutil.copy(empty_store, path)
        opened.append(open_store(path))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def broken_references(store):
    with sqlite3.connect(store.path) as connection:
        return connection.execute("PRAGMA foreign_key_check").fetchall()


def campaign(store, name="night"):
    log = store.begin_campaign(CampaignHeader(name, "bench", True, plan=({"path": "1"},)))
    log.finish(RunState.FINISHED, "finished")
    log.close()
    return log.campaign


def test_a_slice_is_a_store_with_the_chosen_runs_under_their_numbers(store, write_run, tmp_path):
    write_run(store)
    wanted = write_run(store, seed=2)
    path = tmp_path / "slice.sqlite"
    assert write_slice(store, [wanted], path) == []
    with open_store(path) as found:
        assert [each.run for each in found.runs()] == [wanted]
        assert differences(store, wanted, found, wanted) == []


def test_a_slice_is_one_file_that_stands_alone(store, write_run, tmp_path):
    run = write_run(store)
    folder = tmp_path / "alone"
    folder.mkdir()
    write_slice(store, [run], folder / "slice.sqlite")
    assert [each.name for each in folder.iterdir()] == ["slice.sqlite"]


def test_in_an_empty_store_the_numbers_stay(store, another, write_run, tmp_path):
    runs = [write_run(store, seed=seed) for seed in range(4)][2:]
    write_slice(store, runs, tmp_path / "slice.sqlite")
    taken = take_in(another(), tmp_path / "slice.sqlite")
    assert taken.runs == {run: run for run in runs}


def test_numbers_that_are_in_use_are_counted_on_and_references_follow(store, another, write_run, tmp_path):
    runs = [write_run(store, seed=seed, campaign=campaign(store)) for seed in range(2)]
    other = another()
    write_run(other, spectra=5, seed=9, campaign=campaign(other, "another"))
    write_slice(store, runs, tmp_path / "slice.sqlite")
    taken = take_in(other, tmp_path / "slice.sqlite")
    assert taken.runs == {1: 2, 2: 3}
    assert [differences(store, there, other, here) for there, here in taken.runs.items()] == [[], []]
    assert broken_references(other) == []
    (decided,) = other.run(2).decisions()
    assert set(decided.decision.fits) == {each.id for each in other.run(2).fits(version=1)}
    (asked,) = other.run(3).requests()
    told = {each.event.kind: each.event.data for each in other.run(3).events()}
    assert told["answered"]["request"] == asked.id
    assert told["rule"]["after"] == other.run(3).fits(version=1)[-1].id


def test_a_run_that_is_there_already_is_not_taken_again(store, another, write_run, tmp_path):
    run = write_run(store)
    other = another()
    write_run(other, seed=5)
    write_slice(store, [run], tmp_path / "slice.sqlite")
    take_in(other, tmp_path / "slice.sqlite")
    again = take_in(other, tmp_path / "slice.sqlite")
    assert again.runs == {}
    assert again.already == {1: 2}
    assert len(other.runs()) == 2


def test_runs_of_one_campaign_stay_together_when_they_come_one_by_one(store, another, write_run, tmp_path):
    night = campaign(store)
    runs = [write_run(store, seed=seed, campaign=night) for seed in range(2)]
    other = another()
    for run in runs:
        write_slice(store, [run], tmp_path / f"{run}.sqlite")
        take_in(other, tmp_path / f"{run}.sqlite")
    assert [each.name for each in other.campaigns()] == ["night"]
    assert [each.run for each in other.campaign(1).runs()] == [1, 2]


def test_registered_entries_and_photos_of_a_cell_go_with_its_runs(store, another, write_run, tmp_path):
    cell = Cell.model_validate({"name": "A", "anode": "Li", "electrode_diameter": "6 mm"})
    store.register_cells([cell], remarks="first", author="somebody")
    store.register_cells([cell], remarks="second", author="somebody", new=False)
    store.add_photo("A", PNG, "front", "somebody")
    store.register_cells([cell.model_copy(update={"name": "B"})], author="somebody")
    run, other = write_run(store, cell="A"), another()
    write_slice(store, [run], tmp_path / "slice.sqlite")
    take_in(other, tmp_path / "slice.sqlite")
    assert [each.name for each in other.cells()] == ["A"]
    assert [each.remarks for each in other.cell_entries("A")] == ["first", "second"]
    assert other.photo(other.photos("A")[0].id) == store.photo(store.photos("A")[0].id)
    assert differences(store, run, other, run) == []


def test_what_the_registry_knows_otherwise_of_a_cell_stays_valid(store, another, write_run, tmp_path):
    cell = Cell.model_validate({"name": "A", "anode": "Li", "electrode_diameter": "6 mm"})
    store.register_cells([cell], remarks="theirs", author="somebody")
    run, other = write_run(store, cell="A"), another()
    other.register_cells([cell], remarks="ours", author="somebody else")
    write_slice(store, [run], tmp_path / "slice.sqlite")
    take_in(other, tmp_path / "slice.sqlite")
    assert [each.remarks for each in other.cell_entries("A")] == ["ours"]


def test_what_is_damaged_is_copied_as_it_is_and_said(store, another, write_run, tmp_path):
    run = write_run(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE spectrum SET z_re = zeroblob(320) WHERE id = 1")
    said = write_slice(store, [run], tmp_path / "slice.sqlite")
    assert len(said) == 1
    assert "run 1, spectrum 1" in said[0]
    other = another()
    assert take_in(other, tmp_path / "slice.sqlite").damaged == tuple(said)
    assert differences(store, run, other, run) == []
    with pytest.raises(StoreError, match="checksum"):
        other.run(run).spectrum(1)


def test_a_run_that_goes_on_is_refused_and_nothing_is_left(store, write_run, tmp_path):
    run = write_run(store, end=False)
    with pytest.raises(BadInput, match=r"run 1 of .* goes on"):
        write_slice(store, [run], tmp_path / "slice.sqlite")
    assert not (tmp_path / "slice.sqlite").exists()


def test_a_run_whose_process_is_only_silent_goes_on_too(store, write_run, tmp_path):
    run = write_run(store, end=False)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE run SET heartbeat_utc = '2020-01-01 00:00:00.000000'")
    assert not store.run(run).summary().live
    with pytest.raises(BadInput, match=r"run 1 of .* goes on"):
        write_slice(store, [run], tmp_path / "slice.sqlite")


def test_a_slice_of_no_run_is_refused(store, tmp_path):
    with pytest.raises(BadInput, match="no run was chosen"):
        write_slice(store, [], tmp_path / "slice.sqlite")
    assert not (tmp_path / "slice.sqlite").exists()


def test_progress_counts_rows_to_their_end(store, write_run, tmp_path):
    told = []
    write_slice(store, [write_run(store)], tmp_path / "slice.sqlite", lambda *said: told.append(said[1:]))
    done = [each for each, _ in told]
    assert done == sorted(done)
    assert told[-1][0] == told[-1][1] > 10


def test_a_store_with_a_run_that_goes_on_is_not_taken_in(store, another, write_run):
    write_run(store, end=False)
    with pytest.raises(BadInput, match="run 1 goes on"):
        take_in(another(), store.path)


def test_a_slice_is_never_written_over_a_file(store, write_run, tmp_path):
    run, path = write_run(store), tmp_path / "slice.sqlite"
    path.write_text("mine")
    with pytest.raises(BadInput, match="is there already"):
        write_slice(store, [run], path)
    assert path.read_text() == "mine"


def test_a_slice_that_breaks_off_leaves_no_file(store, write_run, tmp_path):
    run = write_run(store)

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_slice(store, [run], tmp_path / "slice.sqlite", interrupt)
    assert not list(tmp_path.glob("slice*"))


def test_taking_in_that_breaks_off_leaves_the_store_as_it_was(store, another, write_run, tmp_path):
    runs = [write_run(store, seed=seed) for seed in range(2)]
    write_slice(store, runs, tmp_path / "slice.sqlite")
    with sqlite3.connect(tmp_path / "slice.sqlite") as connection:
        # An annotation is the last thing to be copied; this one refers to nothing.
        connection.execute("UPDATE annotation SET about = 999 WHERE run = 2")
    other = another()
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        take_in(other, tmp_path / "slice.sqlite")
    assert other.runs(None) == []
    assert other.campaigns() == []


def test_a_slice_of_a_newer_stripbench_is_refused(store, another, write_run, tmp_path):
    path = tmp_path / "slice.sqlite"
    write_slice(store, [write_run(store)], path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer stripbench: schema 9999"):
        take_in(another(), path)


@pytest.mark.parametrize("version", ["0001", "0002", "0003"])
def test_an_older_store_is_taken_in_and_left_as_it_is(another, tmp_path, version):
    old = Path(__file__).parents[1] / "data" / f"store-schema-{version}.sqlite"
    path = tmp_path / "old.sqlite"
    shutil.copy(old, path)
    before = path.read_bytes()
    other = another()
    taken = take_in(other, path)
    assert taken.runs
    assert path.read_bytes() == before
    assert [each.run for each in other.runs(None)] == sorted(taken.runs.values())


@pytest.mark.parametrize("content", [b"", b"no store at all", b"SQLite format 3\x00" + bytes(200)])
def test_what_is_no_store_is_refused(another, tmp_path, content):
    path = tmp_path / "odd.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"odd\.sqlite"):
        take_in(another(), path)


def test_each_column_that_differs_is_named(store, another, write_run, tmp_path):
    run = write_run(store)
    write_slice(store, [run], tmp_path / "slice.sqlite")
    other = another()
    take_in(other, tmp_path / "slice.sqlite")
    with sqlite3.connect(other.path) as connection:
        connection.execute("UPDATE fit SET weights = 'unit' WHERE id = 2")
        connection.execute("DELETE FROM truth WHERE id = 1")
    assert differences(store, run, other, run) == ["fit 2: weights differs", "truth: 2 and 1 rows"]


PLANS = st.lists(
    st.fixed_dictionaries(
        {
            "spectra": st.integers(0, 3),
            "cell": st.sampled_from(["A", "B"]),
            "night": st.sampled_from([None, "one", "two"]),
            "decides": st.booleans(),
            "refits": st.integers(0, 2),
        }
    ),
    min_size=1,
    max_size=3,
)


@given(mine=PLANS, theirs=PLANS, chosen=st.sets(st.integers(0, 2), min_size=1))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_runs_come_whole_into_any_store(empty_store, write_run, mine, theirs, chosen):
    with tempfile.TemporaryDirectory() as folder:
        stores = []
        for name, plans in (("a", mine), ("b", theirs)):
            path = Path(folder) / f"{name}.sqlite"
            shutil.copy(empty_store, path)
            stores.append(open_store(path))
            nights: dict[str, int] = {}
            for number, plan in enumerate(plans):
                night = plan["night"]
                if night and night not in nights:
                    nights[night] = campaign(stores[-1], night)
                rest = {key: value for key, value in plan.items() if key != "night"}
                write_run(stores[-1], campaign=nights.get(night), seed=number + 7 * len(stores), **rest)
        one, other = stores
        before = len(other.runs(None))
        runs = sorted(number + 1 for number in chosen if number < len(mine)) or [1]
        write_slice(one, runs, Path(folder) / "slice.sqlite")
        taken = take_in(other, Path(folder) / "slice.sqlite")
        assert sorted(taken.runs) == runs
        # Numbers that come after all that are in use stay; others are counted on.
        counted_on = list(range(before + 1, before + 1 + len(runs)))
        assert [taken.runs[run] for run in runs] == (runs if runs[0] > before else counted_on)
        assert {run: differences(one, run, other, taken.runs[run]) for run in runs} == {
            run: [] for run in runs
        }
        assert broken_references(other) == []
        assert take_in(other, Path(folder) / "slice.sqlite").already == taken.runs
        for each in stores:
            each.close()
