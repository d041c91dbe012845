import time

import pytest

from app.drafting import check, check_queue
from app.runner.benches import HARDWARE_BENCH

CELL = {"name": "Li 7", "anode": "Li", "electrode_diameter": "6 mm"}
REST = {"protocol": "OcvRest", "parameters": {"rest_minimum": "1 min", "rest_maximum": "2 min"}, "cell": CELL}


@pytest.fixture
def store_url(tmp_path):
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def rest():
    """The file of a short rest."""
    return check(REST)["toml"]


@pytest.fixture
def stripping():
    """The file of a stripping that takes a while."""
    draft = {"protocol": "GeisStripping", "cell": CELL, "parameters": {"rest_minimum": "1 min"}}
    return check(draft)["toml"]


@pytest.fixture
def campaign():
    """The file of a campaign of two rests."""
    return check_queue({"name": "night", "steps": [REST, REST]})["toml"]


@pytest.fixture
def real_bench(tmp_path):
    path = tmp_path / "bench.toml"
    path.write_text(HARDWARE_BENCH, encoding="utf-8")
    return path


@pytest.fixture
def until():
    """Wait until something is so; return it."""

    def wait(what, seconds=90.0):
        end = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.1)
        return found

    return wait


@pytest.fixture
def clean_up():
    """End whatever a test has started."""
    processes = []
    yield processes.append
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
