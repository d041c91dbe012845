import math
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cell import Cell, CounterElectrode, History
from core.clock import utc_now
from core.errors import BadInput, StoreError
from core.records import Ended, RunState
from storage import open_store
from storage.photos import LARGEST

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


def make_cell(name: str = "Li-01", **given: object) -> Cell:
    return Cell.model_validate({"name": name, "anode": "Li", "electrode_diameter": "6 mm"} | given)


@pytest.fixture
def run_of(store, header):
    """Begin and end a run done to a cell."""

    def run(cell: Cell, ended: Ended | str = "") -> int:
        journal = store.begin_run(replace(header, cell=cell))
        journal.finish(RunState.FINISHED, "", 1.0, ended)
        journal.close()
        return journal.run

    return run


def test_the_latest_entry_is_valid_and_the_others_are_its_history(store):
    before = utc_now()
    first = store.register_cell(make_cell(notes="µ"), remarks=" pressed by hand ", author="kim")
    thick = make_cell(foil_thickness="200 µm")
    second = store.register_cell(thick, author="lee")
    (cell,) = store.cells()
    assert (cell.name, cell.cell, cell.remarks, cell.author) == ("Li-01", thick, "", "lee")
    assert (cell.entries, cell.photos, cell.runs, cell.last_run, cell.last_ended) == (2, 0, 0, None, "")
    assert before <= cell.made_utc <= utc_now()
    entries = store.cell_entries("Li-01")
    assert [each.id for each in entries] == [first, second]
    assert (entries[0].cell, entries[0].remarks) == (make_cell(notes="µ"), "pressed by hand")
    assert (entries[0].author, entries[0].retired) == ("kim", False)
    assert store.cell_entries("nobody's") == []


def test_retired_cells_are_listed_apart_and_come_back(store):
    store.register_cells([make_cell("b"), make_cell("a")])
    store.register_cell(make_cell("b"), retired=True)
    listed = {which: [each.name for each in store.cells(which)] for which in (False, True, None)}
    assert listed == {False: ["a"], True: ["b"], None: ["a", "b"]}
    assert store.cells(True)[0].retired
    store.register_cell(make_cell("b"))
    assert [each.name for each in store.cells()] == ["a", "b"]


def test_a_registered_cell_knows_its_runs(store, run_of):
    store.register_cells([make_cell("a"), make_cell("b")])
    run_of(make_cell("a"), Ended.CUT_OFF)
    last = run_of(make_cell("a"), Ended.DEPLETED)
    run_of(make_cell("c"), Ended.SHORTED)
    store.annotate(last, "binned")
    a, b = store.cells()
    assert (a.runs, a.last_run, a.last_ended) == (2, last, "depleted")
    assert (b.runs, b.last_run, b.last_ended) == (0, None, "")


def test_names_that_only_runs_have_come_with_the_cell_of_the_newest(store, run_of):
    assert store.unregistered_cells() == {}
    store.register_cell(make_cell("a"))
    run_of(make_cell("a"))
    run_of(make_cell("b"))
    newest = make_cell("b", electrode_diameter="5 mm")
    run_of(newest)
    assert store.unregistered_cells() == {"b": newest}
    assert store.names_taken(["a", "b", "c", "c"]) == {"a", "b"}
    assert store.names_taken([]) == set()


def test_names_of_runs_in_the_bin_are_taken(store, run_of):
    store.annotate(run_of(make_cell("a")), "binned")
    assert store.names_taken(["a"]) == {"a"}


def test_a_new_cell_has_a_name_of_its_own(store):
    store.register_cell(make_cell(), new=True)
    with pytest.raises(StoreError, match="'Li-01' is registered already"):
        store.register_cell(make_cell(), new=True)
    assert store.cells()[0].entries == 1


def test_a_new_cell_may_have_the_name_of_runs_that_were_done_to_it(store, run_of):
    run_of(make_cell())
    area = math.pi * 0.006**2 / 4
    same = make_cell(electrode_diameter=None, electrode_area=f"{area!r} m**2", notes="now registered")
    store.register_cell(same, new=True)
    assert store.unregistered_cells() == {}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"anode": "Li0.9Mg0.1"}, "anode Li instead of Li0.9Mg0.1;"),
        ({"electrode_diameter": "5 mm"}, r"an electrode of 0\.2827 cm² instead of 0\.1963 cm²;"),
        ({"pellet_diameter": "10 mm"}, r"a pellet of 0\.5411 cm² instead of 0\.7854 cm²;"),
        ({"anode": "Li0.9Mg0.1", "pellet_diameter": "10 mm"}, "anode Li .* and a pellet"),
    ],
)
def test_a_new_cell_is_not_what_runs_say_it_was_not(store, run_of, given, words):
    run_of(make_cell())
    with pytest.raises(StoreError, match=f"run 1 was done to a cell named 'Li-01' with {words}"):
        store.register_cell(make_cell(**given), new=True)
    assert store.cells(None) == []
    store.register_cell(make_cell(**given))
    assert len(store.cells()) == 1


def test_of_several_cells_all_are_registered_or_none(store):
    store.register_cell(make_cell("b"))
    with pytest.raises(StoreError, match="'b' is registered"):
        store.register_cells([make_cell("a"), make_cell("b")], new=True)
    with pytest.raises(BadInput, match="2 of the cells are named 'a'"):
        store.register_cells([make_cell("a"), make_cell("a")])
    assert [each.name for each in store.cells()] == ["b"]


def test_of_two_who_register_a_name_at_once_one_is_told(store, path):
    def register(author: str) -> str:
        with open_store(path) as mine:
            try:
                mine.register_cell(make_cell(), author=author, new=True)
            except StoreError as error:
                return error.problem
        return ""

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(register, "abcd"))
    assert told == ["", *["a cell named 'Li-01' is registered already;"] * 3]
    assert store.cells()[0].entries == 1


texts = st.text(max_size=20)
names = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text.strip() == text)
lengths = st.floats(1e-9, 1.0)
anodes = st.sampled_from(["Li", "Li0.95Mg0.05", "Li0.9Mg0.1"])


def maybe(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[float | None]:
    return st.none() | numbers


@st.composite
def any_cell(draw) -> Cell:
    positive = st.floats(1e-12, 1e12)
    counter = CounterElectrode.model_construct(
        anode=draw(anodes),
        forming_pressure=draw(positive),
        thickness=draw(lengths),
        working_electrode_number=draw(st.integers(1, 10_000)),
        interface_resistance=draw(maybe(st.just(0.0) | positive)),
    )
    history = History.model_construct(
        forming_pressure=draw(maybe(positive)),
        formed_at=draw(texts),
        annealed_for=draw(maybe(positive)),
        annealed_at=draw(maybe(positive)),
        polishing=draw(texts),
    )
    pellet, share = draw(lengths), draw(st.floats(1e-3, 1.0))
    area = math.pi * (pellet * share) ** 2 / 4
    either = {"electrode_diameter": pellet * share, "electrode_area": None}
    given = draw(st.sampled_from([either, {"electrode_diameter": None, "electrode_area": area}]))
    return Cell.model_construct(
        name=draw(names),
        anode=draw(anodes),
        pellet_diameter=pellet,
        pellet_thickness=draw(lengths),
        foil_thickness=draw(lengths),
        counter=counter,
        history=history,
        notes=draw(texts),
        **given,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cell=any_cell(), remarks=texts)
def test_any_cell_comes_back_to_the_last_bit(store, cell, remarks):
    number = store.register_cell(cell, remarks=remarks)
    entry = store.cell_entries(cell.name)[-1]
    assert (entry.id, entry.name, entry.cell, entry.remarks) == (number, cell.name, cell, remarks.strip())
    (listed,) = [each for each in store.cells() if each.name == cell.name]
    assert listed.cell == cell


def test_photos_are_kept_as_they_are(store, run_of):
    store.register_cell(make_cell("a"))
    run_of(make_cell("b"))
    large = JPEG + bytes(LARGEST - len(JPEG))
    first = store.add_photo("a", PNG, " mounted ", "kim")
    second = store.add_photo("a", large)
    store.add_photo("b", JPEG)
    mounted, other = store.photos("a")
    assert (mounted.id, mounted.name, mounted.media_type) == (first, "a", "image/png")
    assert (mounted.caption, mounted.author, mounted.size) == ("mounted", "kim", len(PNG))
    assert (other.id, other.media_type, other.size) == (second, "image/jpeg", LARGEST)
    assert store.photo(first) == PNG
    assert store.photo(second) == large
    assert store.cells()[0].photos == 2
    assert (len(store.photos("b")), store.photos("c")) == (1, [])
    assert store.check() == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "photo of 0 bytes is neither PNG nor JPEG"),
        (b"GIF89a" + bytes(50), "photo of 56 bytes is neither PNG nor JPEG"),
        (PNG + bytes(LARGEST), r"has 8\.0 MiB, more than 8 MiB; make it smaller"),
    ],
)
def test_what_is_no_photo_is_refused(store, data, words):
    store.register_cell(make_cell("a"))
    with pytest.raises(BadInput, match=words):
        store.add_photo("a", data)
    assert store.photos("a") == []


def test_photos_need_a_cell_and_a_number(store):
    with pytest.raises(StoreError, match="no cell 'a'; register it"):
        store.add_photo("a", PNG)
    with pytest.raises(StoreError, match="no photo 7"):
        store.photo(7)


@pytest.mark.parametrize(
    "change",
    ["data = x'89504e470d0a1a0aff'", "media_type = 'image/jpeg'", "checksum = checksum + 1"],
)
def test_a_damaged_photo_is_found(store, path, change):
    store.register_cell(make_cell("a"))
    good, bad = store.add_photo("a", PNG), store.add_photo("a", PNG)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(f"UPDATE cell_photo SET {change} WHERE id = ?", (bad,))
    connection.close()
    with pytest.raises(StoreError, match=f"photo {bad}: .*checksum"):
        store.photo(bad)
    assert store.photo(good) == PNG
    (finding,) = store.check()
    assert f"photo {bad}" in finding


def test_an_entry_that_this_version_cannot_read_says_which(store, path):
    store.register_cell(make_cell("a"))
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE cell_entry SET cell = replace(cell, '\"Li\"', '\"Na\"')")
    connection.close()
    with pytest.raises(StoreError, match=r"entry 1 of the registry, 'a': anode = 'Na'.*newer stripbench"):
        store.cells()
