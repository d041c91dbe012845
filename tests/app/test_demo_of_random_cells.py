"""The demo with cells that nobody tuned for."""

import json

import pytest


def test_random_cells_are_measured_right(stripbench, tmp_path):
    url = f"sqlite:///{tmp_path / 'random.sqlite'}"
    status, out, _ = stripbench(
        "demo", "--random-cells", 2, "--seed", 11, "--json", "-", "--store", url, timeout=280
    )
    assert status == 0
    for run in json.loads(out)["runs"]:
        if run["truth"]["t0_h"] is not None:
            assert run["t0_h"] == pytest.approx(run["truth"]["t0_h"], rel=0.02)
