"""Files of any program become runs that everything else takes for runs."""

import json

import numpy as np
import pytest

from app.conclusion import transition
from app.export import export
from app.replay import replay
from benchmarks.made_run import MadeRun
from storage import open_store

CELL = 'name = "LLZO-09"\nanode = "Li0.9Mg0.1"\nelectrode_diameter = "6 mm"\n'
AREA = ("--electrode-area", "0.283 cm²")
LITHIUM = (*AREA, "--anode", "Li")


@pytest.fixture
def brought(cli, store_url):
    """Import files; returns exit status, the JSON and standard error."""

    def run(*arguments):
        status, out, err = cli("import", *arguments, "--store", store_url, "--json", "-")
        return status, json.loads(out[out.index("{") :]) if "{" in out else {}, err

    return run


@pytest.fixture
def store(store_url):
    with open_store(store_url, create=True) as opened:
        yield opened


def sweep(r_int=1000.0, points=43):
    frequency = np.geomspace(7e6, 1.0, points)
    s = 2j * np.pi * frequency
    bulk = 760 / (1 + s * 760 * 17e-12) + 220 / (1 + (s * 2e-6) ** 0.9)
    return frequency, bulk + r_int / (1 + (s * r_int * 3e-7) ** 0.92) + 0.3e-6 * s


@pytest.fixture
def csv(tmp_path):
    """Write spectra below each other, with R_int, a time in s and a current in A for each."""

    def write(rows, name="spectra.csv", times=True, current=True):
        headings = ["f/Hz", "Zre/Ohm", "Zim/Ohm", *(["time/s"] * times), *(["I/A"] * current)]
        lines = [",".join(headings)]
        for r_int, start, amperes in rows:
            frequency, z = sweep(r_int)
            for n in range(len(frequency)):
                values = [frequency[n], z[n].real, z[n].imag]
                values += [start + n * 0.6] * times + [amperes] * current
                lines.append(",".join(f"{value:.9g}" for value in values))
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def depleting(current=28.3e-6):
    """R_int from 1 kΩ to far above 35 kΩ, after one sweep at rest."""
    growing = [1000.0 / (1 - share) for share in (0.0, 0.5, 0.9, 0.95, 0.98, 0.985, 0.99)]
    return [(1000.0, 0.0, 0.0), *((r, 3600.0 * (n + 1), current) for n, r in enumerate(growing))]


def test_spectra_of_a_table_become_a_run_with_fits(brought, csv, store):
    status, found, _ = brought(csv([(1000.0, 0.0, 0.0), (1500.0, 60.0, 0.0)]), *LITHIUM)
    assert status == 0
    assert found["imported"][0]["runs"][0]["run"] == 1
    run = store.run(1)
    assert str(run.summary().state) == "finished"
    assert [each.fit["R_int"] for each in run.fits()] == pytest.approx([1000.0, 1500.0], rel=0.01)
    assert run.header.cell.area == pytest.approx(0.283e-4)
    assert not run.header.simulated


def test_the_spectra_are_those_of_the_file_to_the_last_digit(brought, csv, store):
    brought(csv([(1000.0, 5.0, 0.0)]), *LITHIUM)
    (kept,) = store.run(1).spectra()
    _, z = sweep(1000.0)
    assert kept.spectrum.impedance.real.tolist() == [float(f"{value:.9g}") for value in z.real]
    assert kept.spectrum.time[0] == 5.0


def test_an_imported_run_says_where_it_comes_from(brought, csv, store):
    path = csv([(1000.0, 0.0, 0.0)])
    brought(path, *LITHIUM)
    header = store.run(1).header
    assert header.parameters["files"][0]["name"] == path.name
    assert len(header.parameters["files"][0]["sha256"]) == 64
    assert path.name in header.bench


def test_with_current_and_threshold_depletion_is_decided_and_can_be_replayed(brought, csv, store):
    asked = ("--strip", "100 µA/cm²", "--threshold", "10 kΩ cm²", "--temperature", "25 °C")
    status, found, err = brought(csv(depleting()), *LITHIUM, *asked)
    assert status == 0, err
    run = store.run(1)
    known = transition(run)
    assert known.depleted
    # R_int passes 35.3 kΩ between the sweeps that begin three and four hours after the current.
    assert 3.0 < known.seconds / 3600 < 4.1
    assert found["imported"][0]["runs"][0]["t0_h"] == pytest.approx(known.seconds / 3600)
    assert run.summary().ended == "depleted"
    compared = replay(run)
    assert compared.derived == compared.stored > 0
    assert compared.differences == ()


def test_the_charge_is_counted_from_the_current_of_the_file(brought, csv, store):
    brought(csv(depleting()), *LITHIUM, "--strip", "100 µA/cm²")
    _, time, charge = store.run(1).readings("Q")
    assert charge[-1] == pytest.approx(28.3e-6 * (time[-1] - 3600.0), rel=1e-6)


def test_a_run_that_never_depletes_is_censored(brought, csv, store):
    rows = [(1000.0 + n, 600.0 * n, 28.3e-6) for n in range(4)]
    brought(csv(rows), *LITHIUM, "--strip", "100 µA/cm²", "--threshold", "10 kΩ cm²")
    assert not transition(store.run(1)).depleted


def test_an_absolute_threshold_is_not_taken_for_an_areal_one(brought, csv, store):
    brought(csv(depleting()), *LITHIUM, "--strip", "100 µA/cm²", "--threshold", "5 kΩ")
    (decided,) = store.run(1).decisions()
    assert decided.decision.parameters["threshold_ohm"] == pytest.approx(5000.0)
    assert "5 kΩ, raw" in decided.decision.parameters["criterion"]


def test_a_current_that_contradicts_the_file_is_refused_with_both(brought, csv, store):
    status, found, err = brought(csv(depleting(5e-6)), *LITHIUM, "--strip", "100 µA/cm²")
    assert status == 2
    assert "100 µA/cm²" in err
    assert "5 µA" in err
    assert store.runs() == []
    assert found["refused"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "area of the electrode is missing"),
        (AREA, "working electrode is made of is missing"),
        ((*AREA, "--anode", "Na"), "Na"),
        (("--electrode-area", "0 cm²", "--anode", "Li"), "not above zero"),
        (("--electrode-area", "0.283", "--anode", "Li"), "has no unit"),
        (("--electrode-area", "3 cm²", "--anode", "Li"), "larger than the pellet"),
        (("--cell", "nowhere.toml"), "nowhere.toml"),
        ((*LITHIUM, "--threshold", "10 kΩ cm²"), "under which current"),
        ((*LITHIUM, "--strip", "100 µA/cm²", "--threshold", "10 h"), "no resistance"),
        ((*LITHIUM, "--interval", "30 s"), "--interval is refused"),
    ],
)
def test_what_is_missing_or_wrong_is_said_with_the_remedy(brought, csv, store, options, words):
    status, _, err = brought(csv([(1000.0, 0.0, 0.0)]), *options)
    assert status == 2
    assert words in err
    assert store.runs() == []


def test_a_cell_file_gives_the_cell_and_contradicts_no_option(brought, csv, store, tmp_path):
    cell = tmp_path / "cell.toml"
    cell.write_text(CELL, encoding="utf-8")
    status, _, err = brought(csv([(1000.0, 0.0, 0.0)]), "--cell", cell, "--anode", "Li")
    assert status == 2
    assert "Li0.9Mg0.1" in err
    status, _, _ = brought(csv([(1000.0, 0.0, 0.0)]), "--cell", cell)
    assert status == 0
    assert store.run(1).header.cell.name == "LLZO-09"


def test_the_same_file_is_recognised_by_what_is_in_it(brought, csv, store, tmp_path):
    first = csv([(1000.0, 0.0, 0.0)])
    brought(first, *LITHIUM)
    again = first.rename(tmp_path / "renamed.csv")
    status, _, err = brought(again, *LITHIUM)
    assert status == 2
    assert "already, as run 1" in err
    store.annotate(1, "binned")
    assert brought(again, *LITHIUM)[0] == 0


def test_a_file_that_cannot_be_read_does_not_keep_the_others_out(brought, csv, store, tmp_path):
    (tmp_path / "odd.csv").write_text("hello\n")
    good = csv([(1000.0, 0.0, 0.0)])
    status, found, err = brought(tmp_path / "odd.csv", tmp_path / "none.csv", good, *LITHIUM)
    assert status == 2
    assert "odd.csv" in err
    assert "none.csv" in err
    assert len(found["imported"]) == len(store.runs()) == 1
    assert len(found["refused"]) == 2


def test_files_without_times_stand_as_far_apart_as_is_said(brought, csv, store):
    rows = [(1000.0 + n, 0.0, 0.0) for n in range(3)]
    _, found, _ = brought(csv(rows, "one.csv", times=False), *LITHIUM, "--interval", "5 min")
    assert [each.fit.time for each in store.run(1).fits()] == [0.0, 300.0, 600.0]
    _, found, _ = brought(csv(rows[:2], "two.csv", times=False), *LITHIUM)
    assert "give --interval" in found["imported"][0]["notes"][-1]


def test_a_current_that_nobody_asked_about_is_pointed_out(brought, csv, store):
    _, found, _ = brought(csv(depleting()), *LITHIUM)
    assert "without --strip" in found["imported"][0]["notes"][-1]
    assert store.run(1).decisions() == []


def test_what_stripbench_exported_comes_back_with_its_mark_cell_and_time(brought, store, tmp_path):
    made = MadeRun(store, every=600.0, life=4 * 600.0)
    for _ in range(5):
        made.sweep()
    made.end()
    folder = export(store, [1], tmp_path / "out", "mpt")
    files = sorted(folder.rglob("*.mpt"))
    status, _, err = brought(*files, "--together")
    assert status == 0, err
    first, second = store.run(1), store.run(2)
    assert second.header.simulated
    assert second.header.cell.name == first.header.cell.name
    assert second.header.cell.area == pytest.approx(first.header.cell.area, rel=1e-5)
    assert abs((second.header.started_utc - first.header.started_utc).total_seconds()) < 1
    one, other = first.spectra(), second.spectra()
    assert len(one) == len(other)
    assert all(
        np.array_equal(a.spectrum.impedance, b.spectrum.impedance) for a, b in zip(one, other, strict=True)
    )


def test_a_tidy_table_of_stripbench_comes_back_with_voltage_and_current(brought, store, tmp_path):
    made = MadeRun(store, every=600.0, life=4 * 600.0)
    made.sweep()
    made.end()
    (table,) = export(store, [1], tmp_path / "out", "csv").rglob("spectra.csv")
    status, _, err = brought(table, *LITHIUM)
    assert status == 0, err
    back = store.run(2).spectra()
    assert store.run(2).header.simulated
    assert all(np.all(np.isfinite(each.spectrum.voltage)) for each in back)
    assert all(np.all(np.isfinite(each.spectrum.current)) for each in back)


def test_an_area_that_contradicts_the_file_is_refused_with_both(brought, store, tmp_path):
    made = MadeRun(store)
    made.sweep()
    made.end()
    files = sorted(export(store, [1], tmp_path / "out", "mpt").rglob("*.mpt"))
    status, _, err = brought(files[0], "--electrode-area", "0.5 cm²")
    assert status == 2
    assert "0.5 cm²" in err
    assert "0.2827 cm²" in err


def test_an_imported_run_can_be_fitted_anew(brought, csv, cli, store, store_url):
    brought(csv([(1000.0, 0.0, 0.0), (1500.0, 60.0, 0.0)]), *LITHIUM)
    status, _, err = cli("refit", "1", "--store", store_url)
    assert status == 0, err
    assert max(each.fit.version for each in store.run(1).fits()) == 2
