"""Figures drawn of small runs: what is drawn is what was concluded, in the units the axes name."""

import re
from dataclasses import replace

import numpy as np
import pytest

from app.figures import FIGURES, as_bytes, figure_named, possible

STRIPPED = ("Li 50", "Li 100", "Li 200", "alloy 50", "alloy 100", "alloy 200")
EVERY = (*STRIPPED, "cold", "pressed", "annealed", "ideal", "relaxed")

OF_LONG_RUNS = {
    "arrhenius",
    "critical-current",
    "cycling",
    "relaxation-model",
    "resistance-pressing",
    "survival",
}
"""Drawn in test_synthetic.py."""


def lines(figure, gid):
    """Return the curves of a figure that carry an id."""
    return [line for axes in figure.axes for line in axes.get_lines() if line.get_gid() == gid]


def labels(figure):
    return {(axes.get_xlabel(), axes.get_ylabel()) for axes in figure.axes}


def texts(figure):
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize("name", sorted(set(FIGURES) - OF_LONG_RUNS))
def test_every_figure_that_the_runs_allow_is_of_column_width_without_title_and_marked(concluded, name):
    conclusions = concluded(*EVERY)
    kind = FIGURES[name]
    assert kind.missing(conclusions) == ""
    figure = kind.draw(conclusions, "single")
    assert figure.get_figwidth() * 2.54 == pytest.approx(8.5)
    assert figure.get_suptitle() == ""
    assert all(axes.get_title() == "" for axes in figure.axes)
    assert "SIMULATED" in texts(figure)
    assert all(axes.get_xlabel() or axes.get_ylabel() for axes in figure.axes)
    caption = kind.caption(conclusions)
    assert caption.endswith(".")
    assert re.search(r"\brun|Fixed frame", caption)


def test_what_was_really_measured_carries_no_mark(concluded):
    conclusions = concluded("real")
    figure = FIGURES["potential"].draw(conclusions, "single")
    assert "SIMULATED" not in texts(figure)
    assert "SIMULATED" not in FIGURES["potential"].caption(conclusions)


def test_a_caption_tells_simulated_runs_from_real_ones(concluded, runs):
    caption = FIGURES["potential"].caption(concluded("real", "Li 100"))
    assert caption.endswith(f"SIMULATED: run {runs[1]['Li 100']}.")


def test_the_resistance_is_drawn_in_kilohm_square_centimetres_over_areal_charge(concluded, runs):
    conclusions = concluded(*STRIPPED)
    number = runs[1]["Li 100"]
    figure = FIGURES["resistance-current"].draw(conclusions, "double")
    assert figure.get_figwidth() * 2.54 == pytest.approx(17.5)
    assert (r"$Q$ / mAh cm$^{-2}$", r"$R_\mathrm{int}$ / kΩ cm²") in labels(figure)
    (line,) = lines(figure, f"run-{number}")
    (facts,) = [each for each in conclusions.facts if each.run == number]
    on = facts.curves.time > 0
    np.testing.assert_allclose(line.get_ydata(), facts.curves.resistance[on] * 10)
    np.testing.assert_allclose(line.get_xdata(), facts.curves.charge[on] / 3.6e4)
    # 100 µA/cm² for 9.4 h are 0.94 mAh/cm².
    assert 0.85 < line.get_xdata().max() < 0.95
    assert line.get_ydata()[0] == pytest.approx(0.27, rel=0.02)


def test_the_capacitance_is_drawn_in_microfarad_per_square_centimetre(concluded, runs):
    figure = FIGURES["contact-charge"].draw(concluded("Li 100"), "single")
    (resistance, capacitance) = lines(figure, f"run-{runs[1]['Li 100']}")
    assert figure.axes[1].get_ylabel() == r"$C_\mathrm{int}$ / µF cm$^{-2}$"
    # 5 mF/m² are 0.5 µF/cm².
    assert capacitance.get_ydata()[0] == pytest.approx(0.5, rel=0.02)
    assert resistance.get_ydata()[0] == pytest.approx(0.27, rel=0.02)


def test_the_normalised_charge_is_one_at_depletion(concluded, runs):
    conclusions = concluded("Li 100")
    figure = FIGURES["contact-normalised"].draw(conclusions, "single")
    line = lines(figure, f"run-{runs[1]['Li 100']}")[0]
    at_threshold = np.interp(1.0, line.get_xdata(), np.log(line.get_ydata()))
    assert np.exp(at_threshold) == pytest.approx(10.0, rel=0.15)


def test_resistances_of_other_temperatures_are_brought_to_25_degrees(concluded, runs):
    conclusions = concluded("Li 100", "cold")
    figure = FIGURES["resistance-temperature"].draw(conclusions, "single")
    (cold,) = lines(figure, f"run-{runs[1]['cold']}")
    (warm,) = lines(figure, f"run-{runs[1]['Li 100']}")
    # Eq. 3 with 0.37 eV: from 0 °C to 25 °C.
    assert cold.get_ydata()[0] / warm.get_ydata()[0] == pytest.approx(0.2922, rel=0.05)
    assert "0.37 eV" in FIGURES["resistance-temperature"].caption(conclusions)


def test_the_relative_capacitance_begins_at_one(concluded, runs):
    figure = FIGURES["capacitance-pressure"].draw(concluded("Li 200", "pressed"), "single")
    for name in ("Li 200", "pressed"):
        (line,) = lines(figure, f"run-{runs[1][name]}")
        assert line.get_ydata()[0] == pytest.approx(1.0, abs=0.03)


def test_a_legend_names_each_condition_once(concluded):
    figure = FIGURES["resistance-current"].draw(concluded(*STRIPPED), "double")
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["50 µA cm⁻²", "100 µA cm⁻²", "200 µA cm⁻²"]


def test_the_sand_plot_shows_the_points_and_the_line_that_were_concluded(concluded):
    conclusions = concluded(*STRIPPED)
    figure = FIGURES["sand"].draw(conclusions, "single")
    (axes,) = figure.axes
    for result in conclusions.sand:
        (line,) = lines(figure, f"line-{result.metal}")
        density = line.get_xdata() / 100.0
        np.testing.assert_allclose(line.get_ydata(), result.by_vanishing.at(density) * 60.0)
    assert axes.get_ylabel() == r"$t_0^{-1/2}$ / h$^{-1/2}$"
    shown = axes.get_legend()
    assert [text.get_text().endswith("$c_0$") for text in shown.get_texts()] == [True, True]


def test_the_truth_of_the_simulation_is_a_dotted_line_and_shown_only_when_asked_for(concluded):
    conclusions = concluded(*STRIPPED)
    known = [replace(each, true=each.by_threshold) for each in conclusions.sand]
    conclusions = replace(conclusions, sand=known)
    plain, beside = (
        [line.get_linestyle() for line in draw(conclusions, "single").axes[0].get_lines()]
        for draw in (FIGURES["sand"].draw, FIGURES["sand"].draw_truth)
    )
    assert plain.count(":") == 0
    assert beside.count(":") == len(known)


def test_the_sand_plot_says_with_which_drop_in_concentration(concluded):
    conclusions = concluded(*STRIPPED, drop="c0-cmin")
    figure = FIGURES["sand"].draw(conclusions, "single")
    lithium, alloy = (text.get_text() for text in figure.axes[0].get_legend().get_texts())
    # There is no phase of lithium itself that would end at another concentration than zero.
    assert lithium.endswith("$c_0$")
    assert alloy.endswith(r"$c_0 - c_\mathrm{min}$")
    caption = FIGURES["sand"].caption(conclusions)
    assert "with Δc = c0," in caption
    assert "with Δc = c0 − c_min," in caption


def test_runs_of_another_temperature_or_history_are_in_no_line_of_the_sand_plot(concluded, runs):
    caption = FIGURES["sand"].caption(concluded(*STRIPPED, "cold", "annealed"))
    numbers = {int(number) for number in re.findall(r"\d+", caption.split("From runs")[1])}
    assert numbers == {runs[1][name] for name in STRIPPED}


def test_the_sand_plot_says_which_points_of_other_conditions_it_leaves_out(concluded, runs):
    said = FIGURES["sand"].caption(concluded(*STRIPPED, "cold"))
    assert f"Under other conditions, and not drawn: Li, 0 °C: run {runs[1]['cold']}." in said
    assert "not drawn" not in FIGURES["sand"].caption(concluded(*STRIPPED))


def test_two_temperatures_at_one_current_are_no_sand_plot(concluded, runs):
    missing = FIGURES["sand"].missing(concluded("Li 100", "cold"))
    assert f"Li, 25 °C: run {runs[1]['Li 100']}" in missing
    assert f"Li, 0 °C: run {runs[1]['cold']}" in missing
    assert "mixes no temperatures" in missing


def test_captions_speak_of_t0_only_where_there_is_one(concluded, runs):
    whole = concluded("Li 100")
    live = replace(whole, depletions=())
    for name in ("nyquist", "contact-normalised"):
        words = f"of run {runs[1]['Li 100']}, not depleted, to the last spectrum"
        assert words in FIGURES[name].caption(live)
        assert words not in FIGURES[name].caption(whole)


def test_spectra_are_drawn_in_areal_units_and_one_scale(concluded, runs):
    conclusions = concluded("Li 100")
    figure = FIGURES["nyquist"].draw(conclusions, "single")
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Re $Z$ / kΩ cm²", "−Im $Z$ / kΩ cm²")
    assert axes.get_aspect() == 1.0
    first = lines(figure, f"run-{runs[1]['Li 100']}")[0]
    # Bulk, grain boundaries and interface together: 0.215 + 0.06 + 0.27 kΩ cm².
    assert first.get_xdata().max() == pytest.approx(0.545, rel=0.03)


def test_an_ideal_contact_is_dotted(concluded, runs):
    figure = FIGURES["potential"].draw(concluded("Li 100", "ideal"), "single")
    (line,) = lines(figure, f"run-{runs[1]['ideal']}")
    assert line.get_linestyle() == ":"


def test_an_annealed_electrode_stands_beside_one_that_was_not(concluded, runs):
    figure = FIGURES["annealed"].draw(concluded("Li 100", "annealed"), "single")
    assert lines(figure, f"run-{runs[1]['annealed']}")
    assert lines(figure, f"run-{runs[1]['Li 100']}")


def test_the_potential_at_rest_is_in_millivolt(concluded, runs):
    figure = FIGURES["relaxation-potential"].draw(concluded("relaxed"), "single")
    (line,) = lines(figure, f"run-{runs[1]['relaxed']}")
    assert figure.axes[0].get_ylabel() == "$E$ / mV"
    assert line.get_ydata()[0] == pytest.approx(20.0)


def test_profiles_begin_at_the_concentration_of_the_alloy_and_end_at_its_limit(concluded):
    figure = FIGURES["profiles"].draw(concluded("alloy 100"), "double")
    for axes in figure.axes:
        first, last = axes.get_lines()[0], axes.get_lines()[5]
        np.testing.assert_allclose(first.get_ydata(), 69.6, rtol=1e-3)
        assert last.get_ydata()[-1] == pytest.approx(24.0, rel=2e-3)


def test_the_map_of_utilisation_repeats_the_papers_numbers(concluded):
    caption = FIGURES["profiles"].caption(concluded("alloy 100"))
    assert "61.4 % of all lithium, 93.7 %" in caption
    assert "27.1 % of all lithium, 41.3 %" in caption
    assert caption.endswith("Asked for with SIMULATED runs; nothing of them is in it.")
    figure = FIGURES["utilisation"].draw(concluded("alloy 100"), "single")
    mesh = figure.axes[0].collections[0].get_array()
    assert 0 <= mesh.min() < 1
    assert 99 < mesh.max() <= 100


def test_the_figures_of_the_paper_are_found_by_their_numbers():
    assert figure_named("fig5c").name == "sand"
    assert figure_named("Fig2e").name == "bode-phase"
    assert figure_named("resistance_current").name == "resistance-current"


def test_all_figures_of_the_paper_that_are_ours_are_there():
    numbers = {alias for kind in FIGURES.values() for alias in kind.aliases}
    paper = "2a 2b 2d 2e 4a 4b 4c 5a 5b 5c 6a 6b 6c 7a 7b 7c 9 10"
    supporting = "S3 S4 S7 S9 S10 S11 S12"
    assert numbers == {f"fig{number}" for number in f"{paper} {supporting}".split(" ")}


def test_what_can_be_drawn_is_told_from_what_cannot(concluded):
    names = {kind.name for kind in possible(concluded("Li 100"))}
    assert {"potential", "nyquist", "contact-charge"} <= names
    assert not {"resistance-temperature", "cycling", "profiles", "relaxation-potential"} & names


def test_a_figure_in_svg_has_its_words_as_text_and_is_the_same_each_time(concluded):
    kind = FIGURES["potential"]
    first, second = (as_bytes(kind.draw(concluded("Li 100"), "single"), "svg") for _ in range(2))
    assert first == second
    text = first.decode()
    assert "SIMULATED</text>" in text
    assert "<dc:date>" not in text


def test_a_pdf_is_the_same_each_time(concluded):
    first, second = (
        as_bytes(FIGURES["potential"].draw(concluded("Li 100"), "single"), "pdf") for _ in range(2)
    )
    assert first == second


def test_drawing_leaves_the_settings_of_others_alone(concluded):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    as_bytes(FIGURES["potential"].draw(concluded("Li 100"), "single"), "svg")
    assert dict(mpl.rcParams) == before


def test_without_a_stripping_nyquist_shows_the_spectra_there_are(concluded, runs):
    conclusions = concluded("relaxed")
    kind, number = FIGURES["nyquist"], runs[1]["relaxed"]
    assert kind.missing(conclusions) == ""
    assert "during stripping" not in kind.caption(conclusions)
    shown = lines(kind.draw(conclusions, "single"), f"run-{number}")
    (facts,) = conclusions.facts
    first = facts.reader.spectra(limit=1)[0].spectrum
    assert shown[0].get_xdata().max() == pytest.approx(first.impedance.real.max() * facts.cell.area * 10.0)
