"""The campaigns of the paper, as they lie in examples/."""

from pathlib import Path

import pytest

from app.campaign.expand import read_campaign
from app.campaign.needed import needed

EXAMPLES = Path(__file__).parents[3] / "examples"
FIGURES = {
    "fig2": ["InterfaceForming", "HighResolutionPeis", "GeisStripping"],
    "fig4": ["GeisStripping", "OcvRelaxation"],
    "fig5": ["GeisStripping"],
    "fig6": ["TemperatureSeries"],
    "fig7": ["PressureRun"],
    "figS9": ["GeisStripping"],
    "figS10": ["ArrheniusPeis"],
    "figS11": ["CriticalCurrentDensity"],
    "figS12": ["PlatingStrippingCycling"],
}


def works(name):
    return [work for _, work in read_campaign(EXAMPLES / f"{name}.toml").works()]


@pytest.mark.parametrize("figure", FIGURES)
def test_each_figure_is_a_campaign_of_its_protocols(figure):
    assert list(dict.fromkeys(work.protocol for work in works(figure))) == FIGURES[figure]


def test_the_paper_is_all_figures_and_takes_an_electrode_for_every_stripping():
    plan = read_campaign(EXAMPLES / "the_paper.toml")
    assert [node.label.split(".")[1] for node in plan.nodes] == list(FIGURES)
    assert len(list(plan.works())) == sum(len(works(figure)) for figure in FIGURES)
    stripped = [work.electrode.cell.name for _, work in plan.works() if work.chosen.spends_electrode]
    assert len(set(stripped)) == len(stripped)
    for each in needed(plan).cells:
        assert len(each.names) == each.count


def test_currents_cut_offs_temperatures_and_pressures_are_those_of_the_paper():
    runs = [work.build() for work in works("fig5")]
    assert sorted((run.current_density, run.cut_off) for run in runs) == sorted(
        [(50.0, 2.0), (100.0, 4.0), (200.0, 6.0)] * 3
    )
    warm = [work.build() for work in works("fig6")]
    assert [run.temperature for run in warm] == [0.0, 25.0, 50.0] * 2
    assert warm[2].time_limit == 25.0
    assert [work.build().pressure for work in works("fig7")] == [0.0, 3.8, 7.5, 15.0] * 2
    assert {work.electrode.cell.history.annealed_for for work in works("figS9")} == {10800.0}
    annealed_at = works("figS9")[0].electrode.cell.history.annealed_at
    assert annealed_at == pytest.approx(273.15 + 170.5)


def test_badly_contacted_electrodes_are_pressed_at_forty_percent():
    nominal = {"Li": 12e6, "Li0.9Mg0.1": 20e6}
    for work in works("figS12"):
        cell = work.electrode.cell
        assert cell.history.forming_pressure == pytest.approx(0.4 * nominal[cell.anode])
