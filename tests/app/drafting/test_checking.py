import json
import time

import pytest

from app.drafting import check
from core.cell import Cell
from core.records import Ended, RunState
from storage import RunHeader, open_store


def fields(found):
    return [each["field"] for each in found["problems"]]


def derived(found, field, label):
    return next(each for each in found["derived"] if (each["field"], each["label"]) == (field, label))


def test_a_stripping_is_told_in_absolute_numbers(draft):
    found = check(draft(current_density="100 µA/cm²", charge_limit="0.5 mAh/cm²"))
    assert found["ok"]
    assert derived(found, "parameters.current_density", "current")["text"] == "28.27 µA"
    area = Cell(name="a", anode="Li", electrode_diameter="6 mm").area
    assert derived(found, "cell.electrode_diameter", "electrode area")["value"] == pytest.approx(area * 1e4)
    charges = [each for each in found["derived"] if each["field"] == "parameters.charge_limit"]
    assert {each["unit"] for each in charges} == {"mAh", "C"}
    assert charges[1]["value"] == pytest.approx(charges[0]["value"] * 3.6)
    assert charges[0]["value"] == pytest.approx(0.5 * area * 1e4)
    assert derived(found, "parameters.amplitude", "alternating current")["unit"] == "µA"
    assert derived(found, "parameters.cut_off", "cut-off")["text"] == "4 V"
    assert derived(found, "parameters.sweep_time", "a sweep")["text"].startswith("27.4 s")
    assert found["hours_are"] == "longest"
    assert found["hours"] > 5.0
    assert found["spectra"] == 647
    assert "646 spectra at most" in " ".join(found["plan"])
    assert found["simulated"]
    assert found["real_instruments"] == []
    json.dumps(found, allow_nan=False)


def test_pressures_are_told_as_forces_on_the_pellet(draft):
    found = check(draft("PressureStaircase", pressures="15, 7.5 MPa"))
    assert derived(found, "parameters.pressures", "force")["value"] == pytest.approx([811.6, 405.8], abs=0.1)


def test_every_problem_is_named_at_its_field(draft):
    wrong = draft(
        current_density="100", amplitude="1000 %", curent_density="1 µA/cm²", confirmations="two"
    ) | {"cell": {"anode": "Na", "electrode_diameter": "6", "counter": {"forming_pressure": "-1 MPa"}}}
    found = check(wrong)
    assert not found["ok"]
    assert fields(found) == [
        "parameters.current_density",
        "parameters.amplitude",
        "parameters.curent_density",
        "parameters.confirmations",
        "cell.name",
        "cell.anode",
        "cell.electrode_diameter",
        "cell.counter.forming_pressure",
    ]
    assert "'-1 MPa' is refused" in found["problems"][-1]["problem"]
    assert "did you mean" in found["problems"][2]["remedy"]
    assert found["toml"] is None


def test_what_a_bench_cannot_do_is_named_at_each_field_that_asks_for_it(draft):
    found = check(
        draft(
            "CriticalCurrentDensity",
            start="300 µA/cm²",
            stop="200 µA/cm²",
            temperature="170 °C",
            f_min="10 Hz",
            f_max="5 Hz",
            pressure="900 MPa",
        )
    )
    assert set(fields(found)) == {
        "parameters.stop",
        "parameters.temperature",
        "parameters.f_max",
        "parameters.pressure",
    }
    assert found["plan"] == []


def test_what_only_the_bench_lacks_is_named_at_the_bench(draft, bare_bench):
    found = check(draft("PressureRun") | {"bench": bare_bench})
    assert fields(found) == ["bench"]
    assert "no force gauge" in found["problems"][0]["problem"]


def test_nothing_is_blamed_on_the_default_of_a_field_that_is_still_being_typed(draft):
    found = check(draft("CriticalCurrentDensity", start="3", stop="50 µA/cm²"))
    assert fields(found) == ["parameters.start"]


def test_a_bench_file_that_is_missing_does_not_hide_what_else_is_wrong(draft, tmp_path):
    found = check(draft(amplitude="x") | {"bench": str(tmp_path / "no.toml")})
    assert fields(found) == ["bench", "parameters.amplitude"]
    assert found["simulated"] is None


@pytest.mark.parametrize("empty", [{}, {"protocol": ""}, {"parameters": {}, "cell": {"name": ""}}])
def test_an_empty_form_is_told_what_it_needs(empty):
    found = check(empty)
    assert "protocol" in fields(found)
    assert "cell.name" in fields(found)


def test_blank_fields_are_left_out(draft):
    found = check(draft(charge_limit="", current_density=None) | {"title": ""})
    assert found["ok"]
    assert "charge_limit" not in found["toml"]


def test_both_electrode_areas_are_refused_at_the_diameter(draft):
    asked = draft()
    asked["cell"]["electrode_area"] = "0.3 cm²"
    assert fields(check(asked)) == ["cell.electrode_diameter"]


def test_an_amplitude_that_answers_too_much_at_the_beginning_is_warned_of(draft):
    found = check(draft(amplitude="100 %"))
    assert found["ok"]
    assert [each["field"] for each in found["warnings"]] == ["parameters.amplitude"]


def test_warnings_of_a_plan_are_warnings(draft):
    words = [each["text"] for each in check(draft("CriticalCurrentDensity"))["warnings"]]
    assert any("working electrode should have been formed at 400 MPa" in each for each in words)


def test_what_has_no_bound_is_null(draft):
    assert check(draft("InterfaceForming"))["spectra"] is None


def test_real_instruments_are_named(draft, real_bench):
    found = check(draft() | {"bench": real_bench})
    assert found["simulated"] is False
    assert {"role": "potentiostat", "model": "vmp300", "address": "192.168.0.10"} in found["real_instruments"]


@pytest.fixture
def used(tmp_path, cell):
    """A store in which the electrode was stripped to the cut-off by run 1."""
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with open_store(url, create=True) as store:
        journal = store.begin_run(RunHeader("GeisStripping", {}, Cell.model_validate(cell), "b", True))
        journal.finish(RunState.FINISHED, "cut-off", 10.0, Ended.CUT_OFF)
        journal.close()
    return url


def test_a_spent_electrode_is_warned_of_with_its_run(draft, used, real_bench):
    found = check(draft() | {"store": used, "bench": real_bench})
    (warning,) = found["warnings"]
    assert warning["field"] == "cell.name"
    assert "run 1 on it ended 'cut-off'" in warning["text"]
    assert "it is refused" in warning["text"]
    (warning,) = check(draft() | {"store": used})["warnings"]
    assert "begins with a new one" in warning["text"]


def test_a_name_that_another_cell_has_is_warned_of(draft, used):
    asked = draft("OcvRest") | {"store": used}
    asked["cell"] |= {"electrode_diameter": "5 mm", "anode": "Li0.9Mg0.1"}
    words = " ".join(each["text"] for each in check(asked)["warnings"])
    assert "run 1 was on Li 7 with an electrode area of 0.2827 cm², anode Li" in words


def test_the_registry_is_asked_too(draft, tmp_path, cell):
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with open_store(url, create=True) as store:
        other = Cell.model_validate(cell | {"pellet_diameter": "10 mm"})
        store.register_cell(other, retired=True)
    words = " ".join(each["text"] for each in check(draft() | {"store": url})["warnings"])
    assert "registered as retired" in words
    assert "a pellet area of 0.7854 cm²" in words


def test_a_store_that_is_none_is_a_warning_and_is_left_alone(draft, tmp_path):
    odd = tmp_path / "odd.sqlite"
    odd.write_text("not a store at all, but text that is long enough to be read as a header of one")
    found = check(draft() | {"store": f"sqlite:///{odd}"})
    assert found["ok"]
    assert [each["field"] for each in found["warnings"]] == ["store"]
    assert check(draft() | {"store": f"sqlite:///{tmp_path / 'none.sqlite'}"})["warnings"] == []
    assert not (tmp_path / "none.sqlite").exists()


def test_a_thousand_cycles_are_checked_as_one_is(draft):
    check(draft())
    for asked in (draft(), draft("PlatingStrippingCycling", cycles=1000), draft("CriticalCurrentDensity")):
        began = time.perf_counter()
        assert check(asked)["ok"]
        print(f"{asked['protocol']}: {(time.perf_counter() - began) * 1e3:.1f} ms")
    spectra = check(draft("PlatingStrippingCycling", cycles=1000))["spectra"]
    assert spectra == 1 + 100 * (check(draft("PlatingStrippingCycling", cycles=10))["spectra"] - 1)


def test_a_sweep_that_is_less_dense_than_usual_is_warned_of(draft, caplog):
    found = check(draft(sweep_time="20 s"))
    assert found["ok"]
    (warning,) = found["warnings"]
    assert warning["field"] == "parameters.sweep_time"
    assert "7 points a decade" in warning["text"]
    assert caplog.records == []


def test_equal_frequencies_are_refused_where_a_current_is_planned(draft):
    found = check(draft("CriticalCurrentDensity", f_max="1 Hz"))
    assert fields(found) == ["parameters.f_min"]
