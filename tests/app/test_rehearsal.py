import json
import math

import pytest

from app.campaign.expand import make_campaign
from app.rehearsal.rehearse import rehearse
from app.rehearsal.twin import twin
from core.errors import BadInput
from core.records import Ended
from drivers.bench import parse_bench_file
from storage import open_store

CAMPAIGN = """
campaign = "rehearsed"
[cells.li]
count = 2
name = "LLZO-09-Li-{n:02d}"
anode = "Li"
electrode_diameter = "6 mm"
[cells.limg]
name = "LLZO-10-LiMg-{n:02d}"
anode = "Li0.9Mg0.1"
electrode_diameter = "6 mm"
[[steps]]
for_each.cell = ["li", "limg"]
[[steps.steps]]
name = "strip"
protocol = "GeisStripping"
parameters = { current_density = "200 µA/cm²", charge_limit = "0.1 mAh/cm²", rest_minimum = "2 min" }
[[steps]]
name = "squeeze"
protocol = "PressureRun"
cell = "li"
fresh = true
parameters = { pressure = "7.5 MPa", time_limit = "0.2 h", rest_minimum = "2 min", rest_maximum = "5 min" }
"""

REAL = """
name = "bench 1"
[potentiostat]
backend = "hardware"
address = "192.168.0.10"
library = "C:/nowhere"
channel = 3
point_overhead = "0.3 s"
[chamber]
backend = "hardware"
address = "TCPIP::192.168.0.20::2049::SOCKET"
[gauge]
backend = "hardware"
address = "ASRL3::INSTR"
full_scale = "2 kN"
[interlocks]
highest_cell_temperature = "60 °C"
"""


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory):
    """A campaign rehearsed on the twin of a real bench, and the store that it leaves."""
    store = tmp_path_factory.mktemp("rehearsal") / "kept.sqlite"
    plan = make_campaign(CAMPAIGN, "campaign.toml")
    found = rehearse(plan, parse_bench_file(REAL, "bench.toml"), REAL, side_by_side=2, keep=store)
    return found, store


def test_steps_come_in_the_order_of_the_file_with_their_times(rehearsed):
    found, _ = rehearsed
    assert [step.path for step in found.steps] == ["1/round-1/1.strip", "1/round-2/1.strip", "2.squeeze"]
    assert [step.ended for step in found.steps] == [Ended.LIMIT] * 3
    # 0.1 mAh/cm² at 200 µA/cm² are half an hour, besides the rests.
    assert 0.5 < found.steps[0].hours < 1.2
    # Where the clock ends a step there is no band.
    assert found.band_h == (pytest.approx(found.hours), pytest.approx(found.hours))


def test_spectra_are_counted_as_the_real_run_would_take_them(rehearsed):
    found, store = rehearsed
    with open_store(str(store)) as kept:
        geis = [s for s in kept.run(found.steps[0].run).spectra() if s.spectrum.technique == "GEIS"]
    seconds_a_sweep = 33.0  # 92 points at 0.3 s and the periods of 5 to 10 a decade
    assert found.steps[0].spectra == pytest.approx(1800 / seconds_a_sweep, rel=0.35)
    assert len(geis) < 0.2 * found.steps[0].spectra
    assert found.disk_bytes == pytest.approx(found.spectra * found.bytes_a_spectrum)


def test_it_says_what_the_operator_will_be_asked_and_when(rehearsed):
    found, _ = rehearsed
    asked = [request for step in found.steps for request in step.asked]
    assert [request.question.split(",")[0].split(" until")[0] for request in asked] == [
        "mount LLZO-09-Li-01",
        "mount LLZO-10-LiMg-01",
        "mount LLZO-09-Li-02",
        "tighten",
    ]
    assert asked[1].after_h == pytest.approx(found.steps[0].hours)
    assert "405.8" in asked[-1].question
    assert asked[-1].after_h > asked[-2].after_h


def test_it_says_what_it_means_in_absolute_numbers_and_what_was_decided(rehearsed):
    found, _ = rehearsed
    lines = " ".join(found.steps[-1].lines)
    for words in ("56.55 µA", "405.8 N ± 2 N", "6 V"):
        assert words in lines
    assert any("depletion: censored" in decision for decision in found.steps[0].decisions)
    assert len(found.assumptions) == 2


def test_the_twin_is_like_the_bench_and_reaches_nothing_real():
    bench = parse_bench_file(REAL, "bench.toml")
    stand_in = twin(bench, quick=True)
    assert stand_in.wholly_simulated
    assert {stand_in.potentiostat.address, stand_in.chamber.address, stand_in.gauge.address} == {""}
    assert stand_in.potentiostat.channel == 3
    assert stand_in.potentiostat.point_overhead == pytest.approx(0.3)
    assert stand_in.gauge.full_scale == pytest.approx(2000.0)
    assert stand_in.interlocks == bench.interlocks


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ('pressure = "400 MPa"', r"21642\.\d N, more than the 2000 N"),
        ('pressure = "7.5 MPa", temperature = "70 °C"', r"70 °C is beyond the cell's limits"),
        ('pressure = "7.5 MPa", cut_off = "9.95 V"', "V"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_simulated(tmp_path, parameters, words):
    text = CAMPAIGN.replace('pressure = "7.5 MPa"', parameters)
    with pytest.raises(BadInput, match=rf"campaign.toml: steps.2 \(2.squeeze\).*{words}"):
        rehearse(
            make_campaign(text, "campaign.toml"),
            parse_bench_file(REAL, "bench.toml"),
            REAL,
            keep=tmp_path / "no.sqlite",
        )
    assert not (tmp_path / "no.sqlite").exists()


def test_a_rehearsal_leaves_nothing_behind(stripbench, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    file = tmp_path / "one.toml"
    file.write_text(
        CAMPAIGN.split("[[steps]]\nname")[0].replace('["li", "limg"]', '["li"]'), encoding="utf-8"
    )
    status, out, err = stripbench("rehearse", file, "--json", "-")
    assert status == 0, err
    found = json.loads(out)
    assert found["simulated"] is True
    assert found["steps"][0]["ended"] == "limit"
    assert math.isfinite(found["wall_s"])
    assert [path.name for path in tmp_path.iterdir()] == ["one.toml"]


def test_a_bad_campaign_is_one_message(stripbench, tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(CAMPAIGN.replace("GeisStripping", "GeisStriping"), encoding="utf-8")
    status, _, err = stripbench("rehearse", file)
    assert status == 2
    assert 'did you mean "GeisStripping"' in err
