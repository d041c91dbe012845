import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from core.errors import StoreError
from core.records import Reading, RunState
from storage import CampaignHeader, migrate, open_store, sqlite
from storage.schema import KNOWN_VERSIONS, SCHEMA_VERSION, metadata

DATA = Path(__file__).parents[1] / "data"
STORED = sorted(DATA.glob("store-schema-*.sqlite"))

NEXT = '''"""A schema after the newest."""

import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{newest}"


def upgrade():
    op.add_column("run", sa.Column("mood", sa.Text))
    op.execute("UPDATE run SET mood = 'fair'")
    {then}
'''


FOREIGN_KEY = re.compile(
    r",?(?P<name> CONSTRAINT fk_\w+)( FOREIGN KEY\(\w+\))?(?P<target> REFERENCES \w+ \(id\))"
)
"""A foreign key that was added later stands in its column, others after all columns; SQLite takes
both for the same."""


def tables_of(path: Path) -> list[tuple[str, list[str], list[tuple]]]:
    """Return the text of everything in the schema, with foreign keys taken out and kept beside it."""
    connection = sqlite3.connect(path)
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    found = []
    for name, text in connection.execute(query).fetchall():
        flat = re.sub(r"\s+", " ", text)
        named = sorted(match["name"] + match["target"] for match in FOREIGN_KEY.finditer(flat))
        keys = sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})"))
        if name != "alembic_version":
            found.append((FOREIGN_KEY.sub("", flat), named, keys))
    connection.close()
    return found


def test_migrations_make_the_schema_of_the_code(store, path, tmp_path):
    declared = tmp_path / "declared.sqlite"
    engine = sa.create_engine(f"sqlite:///{declared}")
    metadata.create_all(engine)
    engine.dispose()
    assert tables_of(path) == tables_of(declared)


def test_versions_are_those_of_the_migrations():
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(migrate.MIGRATIONS))
    revisions = [each.revision for each in script.walk_revisions()]
    assert tuple(reversed(revisions)) == KNOWN_VERSIONS
    assert script.get_current_head() == SCHEMA_VERSION


def test_every_constraint_has_a_name():
    for table in metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


def test_every_version_has_a_stored_file():
    assert [each.stem.rpartition("-")[2] for each in STORED] == list(KNOWN_VERSIONS)


@pytest.mark.parametrize("stored", STORED, ids=lambda each: each.stem)
@pytest.mark.parametrize("create", [False, True])
def test_stored_file_opens_and_is_brought_up_to_date(stored, tmp_path, create, header):
    path = Path(shutil.copy(stored, tmp_path))
    with open_store(path, create=create) as store:
        assert store.check() == []
        (summary,) = store.runs()
        assert (summary.cell, summary.state, summary.spectra) == ("Li", RunState.FINISHED, 3)
        run = store.run(summary.run)
        assert run.header.cell.electrode_diameter == pytest.approx(6e-3)
        assert run.header.cell.history.polishing == "1200 grit"
        spectra = run.spectra()
        assert len(spectra[0].spectrum) == 35
        np.testing.assert_allclose(spectra[2].spectrum.impedance[-1], 300 + 700 / (1 + 1j / 300))
        fits = run.fits(version=1)
        assert [each.fit["R_int"] for each in fits] == [500, 600, 700]
        assert [each.spectrum for each in fits] == [each.id for each in spectra]
        # What the first schema could not keep is empty, not missing.
        version = stored.stem[-4:]
        smoothed = ["", "", ""] if version < "0002" else ["", "causal", "causal"]
        assert [each.fit.smoothing for each in fits] == smoothed
        assert [bool(each.fit.smoothed) for each in fits] == [bool(word) for word in smoothed]
        assert run.readings("E")[1].tolist() == [float(second) for second in range(90)]
        assert run.decisions()[0].decision.fits == tuple(each.id for each in fits[1:])
        assert run.events()[0].event.data == {"E": 4.0}
        assert (run.steps()[0].outcome, run.instruments()[0].serial) == ("cut-off", "0042")
        (request,) = run.requests()
        assert (request.answer, request.awaited) == ("yes", False)
        if version < "0003":
            assert (summary.campaign, summary.path, summary.ended, summary.bench_origin) == (None, "", "", 0)
            assert (request.details, request.answered, store.campaigns()) == ({}, None, [])
        else:
            assert (summary.campaign, summary.path, summary.ended) == (1, "1.strip", "cut-off")
            assert (request.details, request.answered) == ({"kind": "confirm"}, 91.75)
            assert store.campaign(1).header.plan == ({"path": "1.strip"},)
            assert store.campaign(1).summary().state == RunState.FINISHED
        said = [(each.kind, each.about, each.time, each.text) for each in run.annotations()]
        entries, kept = store.cell_entries("Li"), store.photos("Li")
        if version < "0004":
            assert (said, entries, kept, summary.binned) == ([], [], [], False)
            assert list(store.unregistered_cells()) == ["Li"]
        else:
            alarm = run.events()[1].id
            assert said[:2] == [
                ("acknowledged", alarm, None, "door was open"),
                ("note", None, 45.5, "creaked"),
            ]
            assert [each[0] for each in said[2:]] == ["binned", "restored"]
            assert [(each.remarks, each.retired) for each in entries] == [("a trial", False), ("", True)]
            assert entries[0].cell == run.header.cell
            assert entries[1].cell.notes == "scraped off"
            assert store.photo(kept[0].id)[-256:] == bytes(range(256))
            assert (kept[0].media_type, kept[0].caption) == ("image/png", "after the run")
        assert run.truth()[1]["R_int"].tolist() == [501, 601, 701]
        journal = store.begin_run(header)
        journal.readings([Reading(1.0, "gauge", "F", 1.0)])
        journal.close()
        assert len(store.runs()) == 2
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(SCHEMA_VERSION,)]
    connection.close()


def contents(path: Path) -> dict[str, tuple[list[str], list[tuple]]]:
    """Return the columns and rows of every table."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    found = {}
    for (name,) in names.fetchall():
        cursor = connection.execute(f'SELECT * FROM "{name}"')
        found[name] = ([column[0] for column in cursor.description], cursor.fetchall())
    connection.close()
    return found


@pytest.mark.parametrize("stored", STORED, ids=lambda each: each.stem)
def test_upgrade_keeps_every_value_of_a_stored_file(stored, tmp_path):
    path = Path(shutil.copy(stored, tmp_path))
    before = contents(path)
    open_store(path).close()
    after = contents(path)
    assert before.pop("alembic_version") != after.pop("alembic_version") or SCHEMA_VERSION in stored.stem
    for table, (columns, values) in before.items():
        assert after[table][0][: len(columns)] == columns
        assert [row[: len(columns)] for row in after[table][1]] == values


@pytest.fixture
def upgrade(tmp_path):
    def run(path: Path, then: str = "pass") -> None:
        migrations = tmp_path / "100% migrations"
        shutil.copytree(migrate.MIGRATIONS, migrations, dirs_exist_ok=True)
        text = NEXT.format(newest=SCHEMA_VERSION, then=then)
        (migrations / "versions" / "9000_next.py").write_text(text)
        engine = sqlite.writer(path, "FULL")
        try:
            migrate.upgrade(engine, path, migrations)
        finally:
            engine.dispose()

    return run


def moods(path: Path) -> list[tuple]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT mood, version_num FROM run, alembic_version").fetchall()
    finally:
        connection.close()


def test_older_store_is_upgraded_and_keeps_its_runs(store, journal, path, upgrade):
    journal.finish(RunState.FINISHED, "")
    upgrade(path)
    assert moods(path) == [("fair", "9000")]


def test_failed_upgrade_changes_nothing(store, journal, path, upgrade):
    journal.finish(RunState.FINISHED, "")
    before = tables_of(path)
    with pytest.raises(ZeroDivisionError):
        upgrade(path, then="1 / 0")
    assert tables_of(path) == before
    with open_store(path) as again:
        assert again.runs()[0].state == RunState.FINISHED


def test_store_is_not_upgraded_between_the_runs_of_a_campaign(store, path, upgrade):
    campaign = store.begin_campaign(CampaignHeader("fig4", "bench", simulated=True))
    with pytest.raises(StoreError, match="is writing campaign 1 to"):
        upgrade(path)
    campaign.finish(RunState.FINISHED, "")
    campaign.close()
    upgrade(path)


def test_store_is_not_upgraded_under_a_run(store, journal, path, upgrade):
    with pytest.raises(StoreError, match="is writing run 1 to"):
        upgrade(path)
    with pytest.raises(sqlite3.OperationalError):
        moods(path)


def test_store_is_not_upgraded_under_a_run_that_is_only_silent(store, journal, path, upgrade):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE run SET heartbeat_utc = '2020-01-01 00:00:00.000000'")
    with pytest.raises(StoreError, match="is writing run 1 to"):
        upgrade(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE run SET boot = 'another'")
    upgrade(path)
