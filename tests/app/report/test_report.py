"""A report of some runs, read back from the file."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from app.conclusions import conclude
from app.report import write_report
from app.report.document import INDEX
from app.report.numbers import plain
from app.report.write import composed
from core.errors import BadInput, StoreError, StripbenchError


@pytest.fixture(scope="module")
def html(sand_store, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    return write_report(sand_store, [1, 2, 3, 4], path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html, reading):
    return reading.Page(html)


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere(page, html):
    assert page.problems == []
    assert [each for each in page.refers if not each.startswith(("#", "data:image/"))] == []
    assert not {"script", "link", "iframe", "object"} & page.tags
    assert len(page.ids) == len(set(page.ids))
    assert {each[1:] for each in page.refers if each.startswith("#")} <= set(page.ids)
    assert "svg" in page.tags


def test_what_is_said_of_diffusion_is_what_was_concluded(page, sand_store):
    (result,) = conclude(sand_store, [1, 2, 3, 4]).sand
    (by_vanishing, by_threshold) = page.table("metal", "t_0".replace("_", ""), "slope / 10⁻⁵ s⁻½ µA⁻¹ cm²")
    assert by_vanishing["t0"] == "1/Rint → 0"
    d = next(value for name, value in by_vanishing.items() if name.startswith("D / "))
    assert d == plain(result.by_vanishing.diffusion * 1e15)
    assert by_vanishing["true D / 10⁻¹¹ cm² s⁻¹"] == plain(result.true.diffusion * 1e15)
    assert by_threshold["true D / 10⁻¹¹ cm² s⁻¹"] == plain(result.true_by_threshold.diffusion * 1e15)
    assert by_vanishing["Δc / mmol cm⁻³"] == f"{result.drop_name}: {plain(result.drop / 1e3)}"
    assert f"{d} × 10⁻¹¹ cm² s⁻¹" in page.text


def test_each_transition_time_stands_with_its_error_and_a_run_that_outlived_is_censored(page, sand_store):
    rows = {row["run"]: row for row in page.table("run", "C/C0 at t0")}
    found = {row.run: row for row in conclude(sand_store, [1, 2, 3, 4]).depletions}
    for run in (1, 2, 3):
        value, error = rows[str(run)]["t0 by threshold / h"].split(" ± ")
        assert float(value) == pytest.approx(found[run].time / 3600, rel=1e-4)
        assert float(error.removeprefix("< ")) > 0
    assert rows["4"]["t0 by threshold / h"] == f"> {plain(found[4].time / 3600)}"
    assert "10.0 kΩ cm² areal" in page.text


def test_simulated_stands_on_the_page_and_truth_is_called_truth(html, page):
    assert '<div class="mark">SIMULATED</div>' in html
    assert "<title>Fig. 5: three currents – SIMULATED</title>" in html
    assert "true t0 / h" in [heading for rows in page.tables for heading in rows[0]]


def test_printed_pages_say_simulated_in_their_margin_and_not_over_their_text(html):
    style = html.split("<style>")[1].split("</style>")[0]
    assert '@top-center { content: "SIMULATED"' in style
    assert "position: fixed" not in style


def test_a_column_of_numbers_has_the_same_digits_on_both_sides_of_a_power_of_ten():
    assert [plain(each) for each in (99.97, 100.02, 9.996, 0.9999)] == ["100", "100", "10.0", "1.00"]


def test_an_index_may_be_followed_by_nought_in_brackets_but_not_by_arguments():
    assert INDEX.sub(r"<\2>", "C_int/C_int(0), R_int; t_of(x)") == "<int>/<int>(0), <int>; t_of(x)"


def test_what_stands_for_what_nobody_told_of_a_cell_is_not_passed_off_as_told(page):
    assert (
        "does not tell is taken as usual here: a pellet of 8.3 mm, 1.3 mm thick, a foil of 100 µm"
        in page.text
    )


def test_decisions_are_counted_without_their_numbers(page):
    rows = {(row["rule"], row["outcome"]): row for row in page.table("rule", "outcome", "times")}
    assert rows["drift", "begins: …% of Rint in a sweep"]["times"] == "12"
    assert rows["depletion", "depleted"]["runs"] == "1–3"
    assert rows["depletion", "censored"]["runs"] == "4"


def test_warnings_say_who_has_seen_them_and_notes_are_words_not_markup(page):
    rows = page.table("run", "message", "acknowledged")
    assert rows[0]["acknowledged"].startswith("U. Benutzer, 20")
    assert {row["acknowledged"] for row in rows[1:]} == {"not acknowledged"}
    (note,) = page.table("run", "note", "by")
    assert note["note"] == "pressed <b>twice</b> & more"


def test_the_spectra_are_counted_by_their_verdict(page, sand_store):
    spectra = sum(sand_store.run(run).summary().spectra for run in (1, 2, 3, 4))
    assert f"{spectra} spectra were taken and {spectra} fitted; {spectra} (100.00 %) pass" in page.text


def test_the_checklist_knows_what_is_known_and_says_where_to_enter_the_rest(page):
    rows = {row["what"]: row for row in page.table("what", "known", "to be entered")}
    assert rows["Electrode area"] == {
        "what": "Electrode area", "known": "✓", "value": "0.2827 cm²", "to be entered": ""
    }  # fmt: skip
    assert rows["Pellet area"]["value"] == "0.5411 cm²"
    assert "Mark-10" in rows["Stack pressure: source and area"]["value"]
    assert "µA cm⁻² peak" in rows["AC amplitude, peak"]["value"]
    assert rows["Points per decade"]["value"] == "9.9"
    assert "areal" in rows["Threshold of depletion and its kind"]["value"]
    assert rows["Concentration drop of D"]["known"] == "✓"


def test_a_simulated_run_ends_bench_seconds_after_it_began(page, sand_store):
    for summary in sand_store.runs():
        ended = summary.started_utc + timedelta(seconds=summary.bench_time)
        assert summary.simulated
        assert summary.bench_time > 3600.0
        assert f"{ended:%Y-%m-%d %H:%M:%S}" in page.text


def test_provenance_names_software_seed_and_files_but_no_path_of_a_computer(page, html, sand_store):
    assert str(Path(sand_store.path).parent) not in html
    assert "store.sqlite" in page.text
    assert "1, sand: Fig. 5: three currents" in page.text
    row = page.table("run", "seed", "experiment")[0]
    assert row["seed"] == "7"
    assert len(row["experiment"]) == 16
    assert {row["serial number"] for row in page.table("role", "serial number")} == {"0123", "77"}


def test_every_figure_the_runs_allow_is_there_and_of_the_others_why_not(page, html, sand_store):
    from app.figures import FIGURES, possible

    chosen = possible(conclude(sand_store, [1, 2, 3, 4]))
    assert len(chosen) > 1
    assert html.count('<figure class="drawn">') == len(chosen)
    assert {row["figure"] for row in page.table("figure", "why not")} == (
        {kind.name for kind in FIGURES.values()} - {kind.name for kind in chosen}
    )


def test_what_could_not_be_concluded_is_said(store, write, tmp_path, reading):
    write(100.0, until=0.6)
    page = reading.Page(write_report(store, [1], tmp_path / "r.html").read_text(encoding="utf-8"))
    refused = conclude(store, [1]).refused
    assert refused
    said = " ".join(row["why"] for row in page.table("what", "why", "what would help"))
    assert refused[0].why.split()[0] in said
    assert "Transition time t0 of run 1" in page.text


def test_a_real_run_is_not_called_simulated_and_has_no_truth(store, write, tmp_path, reading):
    write(100.0, simulated=False)
    text = write_report(store, [1], tmp_path / "r.html").read_text(encoding="utf-8")
    assert "SIMULATED" not in text
    assert "rue t" not in reading.Page(text).text


def test_of_some_real_and_some_simulated_runs_the_mark_says_which(store, write, tmp_path):
    write(100.0, simulated=False)
    write(200.0)
    text = write_report(store, [1, 2], tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<div class="mark">SIMULATED: runs 2</div>' in text


def test_a_run_that_goes_on_is_reported_as_unfinished(store, write, tmp_path, reading):
    write(100.0, until=0.5, ended=False)
    page = reading.Page(write_report(store, [1], tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "Run 1 had not ended when this was written" in page.text
    assert page.table("run", "ended", "hours")[0]["ended"] == "unfinished: running"


def test_without_a_gauge_the_checklist_says_that_pressure_is_not_known(store, write, tmp_path, reading):
    write(100.0, gauge=False)
    page = reading.Page(write_report(store, [1], tmp_path / "r.html").read_text(encoding="utf-8"))
    rows = {row["what"]: row for row in page.table("what", "known", "to be entered")}
    assert rows["Stack pressure: source and area"]["known"] == "✗"
    assert rows["Stack pressure: source and area"]["to be entered"] == "run 1: a gauge in the bench file"


def test_the_drop_that_is_asked_for_is_the_one_that_is_named(store, write):
    write(100.0, metal="Li0.9Mg0.1")
    whole, conclusions = composed(store, [1], "c0-cmin")
    assert {result.drop_name for result in conclusions.sand} == {"c0 − c_min"}
    answers = next(section for section in whole.sections if section.title == "Answers").blocks[0].rows
    assert "c0 − c_min" in answers[0].detail


def test_a_pdf_says_the_same_and_bears_the_mark_on_every_page(sand_store, tmp_path, reading):
    data = write_report(sand_store, [1, 2, 3, 4], tmp_path / "r.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    pages, text = reading.pdf_pages(data), reading.pdf_text(data)
    assert pages > 3
    assert text.count("SIMULATED") >= pages
    assert f"1 of {pages}" in text
    (result,) = conclude(sand_store, [1, 2, 3, 4]).sand
    assert plain(result.by_vanishing.diffusion * 1e15) in text
    for word in ("µA cm⁻²", "kΩ cm²", "✓", "Reporting checklist"):
        assert word in text


def test_nothing_is_written_over_and_nothing_is_left_of_what_failed(store, write, tmp_path, monkeypatch):
    write(100.0)
    taken = tmp_path / "taken.html"
    taken.write_text("mine")
    with pytest.raises(BadInput, match="is there already"):
        write_report(store, [1], taken)
    assert taken.read_text() == "mine"

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StripbenchError, match="disk is full"):
        write_report(store, [1], tmp_path / "new.html")
    assert sorted(each.name for each in tmp_path.iterdir() if "html" in each.name) == ["taken.html"]


@pytest.mark.parametrize(
    ("runs", "name", "words"),
    [
        ([], "r.html", "no run is named"),
        ([1], "r.docx", "cannot be a .docx file"),
        ([1], "missing/r.html", "there is no folder"),
        ([2], "r.html", "is in the bin"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(store, write, tmp_path, runs, name, words):
    write(100.0)
    write(100.0)
    store.annotate(2, "binned")
    with pytest.raises(BadInput, match=words):
        write_report(store, runs, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_run_that_is_not_there_is_refused(store, write, tmp_path):
    write(100.0)
    with pytest.raises(StoreError, match="9"):
        write_report(store, [9], tmp_path / "r.html")
    assert [each.name for each in tmp_path.iterdir() if "html" in each.name] == []
