import json
from pathlib import Path

from app.runner.benches import HARDWARE_BENCH

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_file_is_told_in_absolute_numbers(cli, tmp_path, store_url):
    target = tmp_path / "c.json"
    status, out, _ = cli("check", EXAMPLES / "fig2_li.toml", "--store", store_url, "--json", target)
    assert status == 0
    assert "SIMULATED" in out
    assert "current: 28.27 µA" in out
    assert "ends at |E| = 4 V" in out
    assert json.loads(target.read_text(encoding="utf-8"))["ok"]


def test_every_problem_is_printed_and_the_status_is_2(cli, experiment, store_url):
    path = experiment(amplitude="1000 %", current_density="100", temperature="120 °C")
    status, out, err = cli("check", path, "--store", store_url)
    assert status == 2
    assert out == ""
    words = " ".join(err.split())
    for place in ("parameters.amplitude: ", "parameters.current_density: ", "parameters.temperature: "):
        assert place in words
    assert "3 problems" in words


def test_campaigns_are_checked_step_by_step(cli, store_url):
    status, out, _ = cli("check", EXAMPLES / "fig4.toml", "--store", store_url)
    assert status == 0
    assert "step 1/round-1/1.strip" in out
    assert "in all: " in out
    status, out, _ = cli("check", EXAMPLES / "figS9.toml", "--store", store_url)
    assert status == 0
    assert "LLZO-10-LiA-01" in out


def test_a_real_bench_is_named_and_nothing_is_connected(cli, experiment, store_url, tmp_path):
    bench = tmp_path / "bench.toml"
    bench.write_text(HARDWARE_BENCH, encoding="utf-8")
    status, out, _ = cli("check", experiment(), "--bench", bench, "--store", store_url)
    assert status == 0
    assert "real instruments: potentiostat 192.168.0.10" in out
    assert "SIMULATED" not in out


def test_a_missing_file_is_refused(cli, tmp_path):
    status, _, err = cli("check", tmp_path / "none.toml")
    assert status == 2
    assert "there is no file" in err
