import sqlite3

import pytest

from core.errors import StoreError
from storage import open_store
from storage.encoding import ARRAYS


def alter(path, statement: str, *values) -> None:
    connection = sqlite3.connect(path)
    with connection:
        assert connection.execute(statement, values).rowcount == 1
    connection.close()


@pytest.mark.parametrize("column", ARRAYS)
def test_one_flipped_bit_is_found(journal, store, step, path, make_spectrum, column):
    good, bad = (journal.spectrum(step, make_spectrum(seed)) for seed in (0, 1))
    connection = sqlite3.connect(path)
    (data,) = connection.execute(f"SELECT {column} FROM spectrum WHERE id = ?", (bad,)).fetchone()
    connection.close()
    damaged = bytearray(data)
    damaged[17] ^= 0x20
    alter(path, f"UPDATE spectrum SET {column} = ? WHERE id = ?", bytes(damaged), bad)

    run = store.run(journal.run)
    for read in (run.spectra, lambda: run.spectrum(bad)):
        with pytest.raises(StoreError, match=rf"run {journal.run}, spectrum {bad}: .*checksum"):
            read()
    assert run.spectrum(good).id == good
    (finding,) = store.check()
    assert f"spectrum {bad}" in finding


@pytest.mark.parametrize("change", ["amplitude = 2 * amplitude", "technique = 'PEIS'", "points = points - 1"])
def test_altered_settings_are_found(journal, store, step, path, make_spectrum, change):
    number = journal.spectrum(step, make_spectrum())
    assert store.check() == []
    alter(path, f"UPDATE spectrum SET {change} WHERE id = ?", number)
    with pytest.raises(StoreError, match="checksum"):
        store.run(journal.run).spectra()


def test_torn_file_is_reported_in_words(journal, store, step, path, make_spectrum):
    for seed in range(20):
        journal.spectrum(step, make_spectrum(seed))
    store.close()
    journal.close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(StoreError, match="is damaged"):
        open_store(path).runs()


def test_writing_to_a_locked_store_fails_in_words_and_goes_on_later(
    journal, store, step, path, make_spectrum
):
    journal._durable.connection.driver_connection.execute("PRAGMA busy_timeout=10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        journal.spectrum(step, make_spectrum(1))
    other.execute("ROLLBACK")
    other.close()
    number = journal.spectrum(step, make_spectrum(2))
    assert [each.id for each in store.run(journal.run).spectra()] == [number]


def test_full_disk_is_reported_in_words_and_nothing_is_half_written(journal, store, step, make_spectrum):
    driver = journal._durable.connection.driver_connection
    (pages,) = driver.execute("PRAGMA page_count").fetchone()
    driver.execute(f"PRAGMA max_page_count={pages + 2}")
    kept = []

    def fill() -> None:
        kept.extend(journal.spectrum(step, make_spectrum(seed)) for seed in range(10))

    with pytest.raises(StoreError, match="disk is full"):
        fill()
    driver.execute(f"PRAGMA max_page_count={pages + 1000}")
    kept.append(journal.spectrum(step, make_spectrum(99)))
    assert [each.id for each in store.run(journal.run).spectra()] == kept
    assert store.check() == []


def test_unknown_step_is_refused(journal, store, make_spectrum):
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        journal.spectrum(77, make_spectrum())
    assert store.run(journal.run).spectra() == []
