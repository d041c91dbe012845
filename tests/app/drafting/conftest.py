import pytest

from app.runner.benches import HARDWARE_BENCH

CELL = {"name": "Li 7", "anode": "Li", "electrode_diameter": "6 mm"}


@pytest.fixture
def cell():
    return dict(CELL)


@pytest.fixture
def draft(cell):
    """A stripping that nothing is wrong with; keyword arguments are its parameters."""

    def make(protocol="GeisStripping", **parameters):
        return {"protocol": protocol, "parameters": parameters, "cell": dict(cell)}

    return make


@pytest.fixture
def real_bench(tmp_path):
    path = tmp_path / "bench.toml"
    path.write_text(HARDWARE_BENCH, encoding="utf-8")
    return str(path)


@pytest.fixture
def bare_bench(tmp_path):
    """A simulated bench without chamber and gauge."""
    path = tmp_path / "bare.toml"
    path.write_text('name = "bare"\n[potentiostat]\nbackend = "simulated"\n', encoding="utf-8")
    return str(path)
