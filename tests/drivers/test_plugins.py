"""Third parties' drivers, found by entry points that the tests lay on the path themselves."""

import importlib
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import BadInput, InstrumentError
from drivers.bench import Doubles, connect_chamber, connect_gauge, parse_bench_file, planner_for

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin_gauge"

BENCH = """
name = "plugged"
[potentiostat]
backend = "simulated"
[gauge]
backend = "hardware"
model = "{model}"
address = "{address}"
full_scale = "1 kN"
options = {{ line = {line} }}
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Pretend that a package with these entry points is installed."""

    def install(points, *folders):
        info = tmp_path / "third_party-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.0\n")
        lines = "".join(f"{name} = {value}\n" for name, value in points.items())
        (info / "entry_points.txt").write_text(f"[stripbench.drivers]\n{lines}")
        for folder in (tmp_path, *folders):
            monkeypatch.syspath_prepend(str(folder))
        importlib.invalidate_caches()

    before = set(sys.modules)
    yield install
    for name in set(sys.modules) - before:
        if name in ("acme_gauge", "other"):
            del sys.modules[name]


@pytest.fixture
def acme():
    """A gauge of ACME's on a socket; yields its address."""

    def serve():
        try:
            peer, _ = listener.accept()
        except OSError:
            return  # nobody came
        answers = {b"ID?": b"ACME 9000", b"F?": b"line 7: 812.4"}
        tared = b"line 7: 0.1"
        with peer, peer.makefile("rb") as lines:
            request = b""
            while byte := lines.read(1):
                request += byte
                if byte == b"\r":
                    if request == b"ZERO\r":
                        answers[b"F?"] = tared
                    else:
                        peer.sendall(answers[request.strip()] + b"\r\n")
                    request = b""

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"TCPIP::127.0.0.1::{listener.getsockname()[1]}::SOCKET"
        with suppress(OSError):  # wakes accept() where the platform allows it
            listener.shutdown(socket.SHUT_RDWR)


def test_the_example_reads_a_force_on_a_bench(installed, acme):
    # What its pyproject.toml says is what is installed here.
    assert '"gauge:acme" = "acme_gauge:AcmeGauge"' in (EXAMPLE / "pyproject.toml").read_text()
    installed({"gauge:acme": "acme_gauge:AcmeGauge"}, EXAMPLE)
    file = parse_bench_file(BENCH.format(model="acme", address=acme, line=7), "bench.toml")
    gauge = connect_gauge(file, Doubles())
    assert gauge.identify().model == "ACME 9000"
    assert gauge.read().force == 812.4
    assert (gauge.full_scale, gauge.uncertainty) == (1000.0, 1.0)
    gauge.zero()
    assert gauge.read().force == 0.1
    assert gauge.peak().force == 812.4
    gauge.close()


def test_the_example_is_as_short_as_is_claimed():
    assert len((EXAMPLE / "acme_gauge.py").read_text().splitlines()) <= 40


def test_options_reach_the_driver(installed, acme):
    installed({"gauge:acme": "acme_gauge:AcmeGauge"}, EXAMPLE)
    gauge = connect_gauge(parse_bench_file(BENCH.format(model="acme", address=acme, line=3), "b"), Doubles())
    with pytest.raises(InstrumentError, match="line 7"):
        gauge.read()
    gauge.close()


def test_an_unknown_model_is_refused_with_those_that_are_known(installed):
    text = BENCH.format(model="acme", address="x", line=1)
    with pytest.raises(BadInput, match=r"bench\.toml: gauge\.model = 'acme' is not known") as caught:
        parse_bench_file(text, "bench.toml")
    assert '"mark10", "analogue", "manual"' in caught.value.remedy
    installed({"gauge:other": "other:Gauge", "chamber:acme": "other:Chamber"})
    with pytest.raises(BadInput) as caught:
        parse_bench_file(text, "bench.toml")
    assert '"manual", "other"' in caught.value.remedy


def test_options_of_our_own_drivers_are_refused():
    with pytest.raises(BadInput, match=r"gauge\.options"):
        parse_bench_file(BENCH.format(model="mark10", address="x", line=1), "bench.toml")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import nothing_like_this", r"cannot be loaded: ModuleNotFoundError"),
        ("Gauge = lambda table: 7", r"made a int, which is no ForceGauge"),
        ("def Gauge(table): raise KeyError('port')", r"gauge:other failed: KeyError: 'port'"),
    ],
)
def test_a_driver_that_is_none_is_said_to_be(installed, tmp_path, code, words):
    (tmp_path / "other.py").write_text(code)
    installed({"gauge:other": "other:Gauge"})
    file = parse_bench_file(BENCH.format(model="other", address="x", line=1), "bench.toml")
    with pytest.raises(InstrumentError, match=words) as caught:
        connect_gauge(file, Doubles())
    assert caught.value.remedy


def test_a_potentiostat_of_a_third_party_has_to_bring_its_planner(installed, tmp_path):
    (tmp_path / "other.py").write_text(
        "class With:\n"
        "    planner = staticmethod(lambda table: ('planner', table.address))\n"
        "class Without: pass\n"
    )
    installed({"potentiostat:with": "other:With", "potentiostat:without": "other:Without"})

    def file(model):
        return parse_bench_file(
            f'name = "b"\n[potentiostat]\nbackend = "simulated"\nmodel = "{model}"\naddress = "A"\n', "b"
        )

    assert planner_for(file("with")) == ("planner", "A")
    with pytest.raises(BadInput, match="no `planner`"):
        planner_for(file("without"))


def test_a_chamber_may_be_a_third_partys_too(installed, tmp_path):
    (tmp_path / "other.py").write_text(
        "from drivers.climate_chamber import ClimateChamber\n"
        "class Chamber(ClimateChamber):\n"
        "    def __init__(self, table): self.table = table\n"
        "Chamber.__abstractmethods__ = frozenset()\n"
    )
    installed({"chamber:other": "other:Chamber"})
    text = (
        'name = "b"\n[potentiostat]\nbackend = "simulated"\n[chamber]\nbackend = "hardware"\nmodel = "other"'
    )
    chamber = connect_chamber(parse_bench_file(text, "b"), Doubles())
    assert chamber.table.model == "other"
    with pytest.raises(InstrumentError, match=r"Chamber.*has no programs"):
        chamber.start_program(1)
    with pytest.raises(InstrumentError, match="has no gradients"):
        chamber.set_gradients(1.0, 1.0)
