"""Running an experiment from the command line: endings, operator, kills, bad input."""

import json
import signal
import socket
import sqlite3
import sys
import threading

import pytest

from core.records import RunState
from storage import open_store

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def lines_until(process, count):
    """Read announcements from standard error until there are `count`."""
    return [json.loads(process.stderr.readline()) for _ in range(count)]


def test_a_short_stripping_is_kept_whole(stripbench, experiment, store_url):
    status, out, err = stripbench(
        "run",
        experiment(charge_limit="0.01 mAh/cm²"),
        "--store",
        store_url,
        "--json",
        "-",
        "--progress",
        "jsonl",
    )
    assert status == 0, err
    result = json.loads(out)["runs"][0]
    assert result["end_reason"] == "charge or time limit"
    assert result["t0_h"] is None
    announced = [json.loads(line) for line in err.splitlines()]
    run = open_store(store_url).run(result["run"])
    kept = run.spectra()
    assert [(each.id, each.checksum) for each in kept] == [(a["id"], a["checksum"]) for a in announced]
    assert result["spectra"] == len(kept) == len(run.fits())
    assert [step.verb for step in run.steps()] == ["run", "condition", "rest", "peis", "geis"]
    assert run.steps()[1].key == "1/GeisStripping/condition/1"
    assert run.steps()[-1].parameters["cut_off_V"] == pytest.approx(4.0)
    assert run.decisions()[-1].decision.outcome == "censored"
    assert {each.role for each in run.instruments()} == {"potentiostat", "chamber", "gauge"}
    assert len(run.readings("F")[0]) > 10
    assert len(run.readings("T")[0]) > 3
    assert run.header.cell.name == "test Li"
    assert "charge_limit" in run.header.experiment_text
    assert 'backend = "simulated"' in run.header.bench_text


def test_charge_is_integrated_from_the_measured_current(stripbench, experiment, store_url):
    status, _, err = stripbench("run", experiment(charge_limit="0.02 mAh/cm²"), "--store", store_url)
    assert status == 0, err
    run = open_store(store_url).run(1)
    _, _, charge = run.readings("Q")
    assert run.header.cell.areal_charge(charge[-1] - charge[0]) == pytest.approx(0.02, rel=0.01)


@pytest.mark.parametrize("speed", ["600", "max"])
def test_any_speed_gives_the_same_run(stripbench, experiment, tmp_path, speed):
    path, reference = experiment(charge_limit="0.004 mAh/cm²"), f"sqlite:///{tmp_path / 'r.sqlite'}"
    paced = f"sqlite:///{tmp_path / 'p.sqlite'}"
    assert stripbench("run", path, "--store", reference)[0] == 0
    assert stripbench("run", path, "--store", paced, "--speed", speed)[0] == 0
    first, second = (open_store(url).run(1).spectra() for url in (reference, paced))
    assert [each.checksum for each in first] == [each.checksum for each in second]


@posix_only
@pytest.mark.parametrize(
    ("signals", "state"),
    [
        (["SIGINT"], "stopped"),
        (["SIGINT", "SIGINT"], None),
        (["SIGTERM"], "aborted"),
        (["SIGHUP"], "aborted"),
    ],
)
def test_signals_end_a_run_in_order(command, experiment, store_url, signals, state):
    process = command("run", experiment(), "--store", store_url, "--speed", "300", "--progress", "jsonl")
    lines_until(process, 3)
    for name in signals:
        process.send_signal(getattr(signal, name))
    process.communicate(timeout=60)
    assert process.returncode == 3
    summary = open_store(store_url).runs()[0]
    assert summary.state in ((state,) if state else ("stopped", "aborted"))
    events = {each.event.kind: each.event.message for each in open_store(store_url).run(1).events()}
    assert events["current off"] == (state or summary.state)
    assert "safe" in events


def test_what_a_run_is_told(command, stripbench, experiment, store_url):
    process = command("run", experiment(), "--store", store_url, "--speed", "200", "--progress", "jsonl")
    lines_until(process, 2)
    drain = threading.Thread(target=process.stderr.read, daemon=True)
    drain.start()

    def tell(*words):
        status, out, err = stripbench("tell", 1, *words, "--store", store_url)
        assert status == 0, err
        return out

    assert "kept" in tell("note", "smells", "of", "garlic")
    assert "nothing is paused" in tell("resume")
    assert "open circuit" in tell("pause")
    assert open_store(store_url).runs()[0].state is RunState.PAUSED
    assert "paused already" in tell("pause")
    assert "goes on" in tell("resume")
    assert "current off" in tell("stop")
    assert process.wait(timeout=60) == 3
    run = open_store(store_url).run(1)
    assert run.summary().state is RunState.STOPPED
    notes = [each.event.message for each in run.events() if each.event.kind == "note"]
    assert notes == ["smells of garlic"]
    assert [each.verb for each in run.commands()] == ["note", "resume", "pause", "pause", "resume", "stop"]
    assert all(each.outcome for each in run.commands())
    status, _, err = stripbench("tell", 1, "stop", "--store", store_url)
    assert status == 2
    assert "stopped" in err


def test_a_paused_run_can_be_aborted(command, stripbench, experiment, store_url):
    process = command("run", experiment(), "--store", store_url, "--speed", "200", "--progress", "jsonl")
    lines_until(process, 2)
    threading.Thread(target=process.stderr.read, daemon=True).start()
    assert stripbench("tell", 1, "pause", "--store", store_url)[0] == 0
    assert stripbench("tell", 1, "abort", "--store", store_url)[0] == 0
    assert process.wait(timeout=60) == 3
    assert open_store(store_url).runs()[0].state is RunState.ABORTED


def test_a_killed_run_loses_nothing_acknowledged(command, stripbench, experiment, store_url):
    path = experiment()
    for attempt, count in enumerate((1, 7, 40), start=1):
        process = command("run", path, "--store", store_url, "--progress", "jsonl")
        lines = lines_until(process, count)
        process.kill()
        lines += [json.loads(line) for line in process.stderr.read().splitlines() if line.endswith("}")]
        process.wait()
        kept = {each.id: each.checksum for each in open_store(store_url).run(attempt).spectra()}
        assert [line for line in lines if kept.get(line["id"]) != line["checksum"]] == []
    _, out, _ = stripbench("runs", "--json", "-", "--store", store_url)
    assert [run["state"] for run in json.loads(out)["runs"]] == ["interrupted"] * 3


def test_a_killed_demo_leaves_no_runner_behind(command, store_url):
    process = command("demo", "--store", store_url)
    while True:
        try:
            runs = open_store(store_url).runs()
        except Exception:  # noqa: BLE001 - the store may not be there yet
            runs = []
        if sum(run.spectra for run in runs) > 2:
            break
        assert process.poll() is None
    process.kill()
    process.wait()
    for _ in range(100):
        states = {run.state for run in open_store(store_url).runs()}
        if states == {RunState.INTERRUPTED}:
            break
        threading.Event().wait(0.1)
    assert states == {RunState.INTERRUPTED}


BAD = [
    ({"cut_off": "11 V"}, "cut_off"),
    ({"cut_off": "9.5 V"}, "largest voltage range"),
    ({"current_density": "100 µA"}, "current_density"),
    ({"current_density": "nan µA/cm²"}, "current_density"),
    ({"amplitude": "200 %"}, "amplitude"),
    ({"curent_density": "100 µA/cm²"}, "did you mean"),
    ({"f_min": "1 MHz", "f_max": "1 kHz"}, "f_min"),
    ({"sweep_time": "3 s"}, "sweep"),
]


@pytest.mark.parametrize(("parameters", "words"), BAD, ids=[str(b[0]) for b in BAD])
def test_what_cannot_be_is_refused_before_anything(cli, experiment, tmp_path, parameters, words):
    store = tmp_path / "store.sqlite"
    status, out, err = cli("run", experiment(**parameters), "--store", store)
    assert status == 2
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert not store.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("protocol = ", "not valid TOML"),
        ('protocol = "GeisStripping"', "cell: missing"),
        ('protocol = "GeisStripping"\ncell = "nowhere.toml"', "no cell file"),
        ('protocol = "Geis"\n[cell]\nname = "a"\nanode = "Li"\nelectrode_diameter = "6 mm"', "no protocol"),
        ('protocol = "GeisStripping"\n[cell]\nname = "a"\nanode = "Li"\nelectrode_diameter = "6"', "no unit"),
    ],
)
def test_a_malformed_experiment_names_what_is_wrong(cli, tmp_path, text, words):
    path = tmp_path / "e.toml"
    path.write_text(text, encoding="utf-8")
    status, _, err = cli("run", path, "--store", tmp_path / "s.sqlite")
    assert status == 2
    assert words in err
    assert not (tmp_path / "s.sqlite").exists()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[simulation.cell]\npore_difusivity = 1.0", "pore_difusivity"),
        ("[simulation.cell]\npore_diffusivity = nan", "pore_diffusivity"),
        ("[simulation.noise]\nhiss = 1.0", "hiss"),
        ('[simulation.press]\ninitial_force = "5 V"', "initial_force"),
        ("[simulation.chamber]\ncolour = 3", "colour"),
    ],
)
def test_a_bad_simulation_table_is_refused_before_anything(cli, experiment, tmp_path, table, words):
    bench, store = tmp_path / "bench.toml", tmp_path / "store.sqlite"
    bench.write_text(f'name = "b"\n[potentiostat]\nbackend = "simulated"\n{table}\n', encoding="utf-8")
    status, _, err = cli("run", experiment(), "--bench", bench, "--store", store)
    assert status == 2
    assert words in err
    assert "bench.toml" in err
    assert not store.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("polisching = 1", "cell.polisching: unknown key"),
        ('pellet_diameter = "0 mm"', "cell.pellet_diameter"),
    ],
)
def test_an_error_in_the_cell_names_its_key(cli, experiment, tmp_path, line, words):
    path = experiment()
    text = path.read_text(encoding="utf-8").replace("[parameters]", f"{line}\n[parameters]")
    path.write_text(text, encoding="utf-8")
    status, _, err = cli("run", path, "--store", tmp_path / "s.sqlite")
    assert status == 2
    assert words in err
    assert "function" not in err


def test_a_file_saved_by_an_old_editor_is_read(cli, experiment, store_url):
    path = experiment(charge_limit="0.0005 mAh/cm²")
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert cli("run", path, "--store", store_url)[0] == 0


def test_a_result_that_could_not_be_written_is_refused_before_the_run(cli, experiment, tmp_path):
    store = tmp_path / "s.sqlite"
    status, _, err = cli("run", experiment(), "--store", store, "--json", tmp_path / "no" / "where.json")
    assert status == 2
    assert "where.json" in err
    assert not store.exists()


def test_missing_files_are_named(cli, experiment, tmp_path):
    status, _, err = cli("run", tmp_path / "none.toml", "--store", tmp_path / "s.sqlite")
    assert status == 2
    assert "none.toml" in err
    status, _, err = cli("run", experiment(), "--bench", tmp_path / "b.toml")
    assert status == 2
    assert "b.toml" in err


def test_debug_shows_the_traceback(stripbench, tmp_path):
    status, _, err = stripbench("--debug", "run", tmp_path / "none.toml")
    assert status != 0
    assert "Traceback" in err


def bench_with(tmp_path, chamber_address):
    path = tmp_path / "bench.toml"
    path.write_text(
        'name = "half real"\n[potentiostat]\nbackend = "simulated"\n'
        f'[chamber]\nbackend = "hardware"\naddress = "{chamber_address}"\n',
        encoding="utf-8",
    )
    return path


def test_a_chamber_that_refuses_the_connection_fails_the_run(stripbench, experiment, tmp_path, store_url):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    bench = bench_with(tmp_path, f"TCPIP::127.0.0.1::{port}::SOCKET")
    status, _, err = stripbench("run", experiment(), "--bench", bench, "--store", store_url)
    assert status == 4
    assert "chamber" in err
    assert "Traceback" not in err
    summary = open_store(store_url).runs()[0]
    assert summary.state is RunState.FAILED
    assert "chamber" in summary.end_reason
    _, listing, _ = stripbench("runs", "--store", store_url)
    assert len(listing.splitlines()) == 2
    assert max(map(len, listing.splitlines())) <= 80


def test_a_chamber_that_answers_garbage_fails_the_run(stripbench, experiment, tmp_path, store_url):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def garble():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    while peer.recv(100):
                        peer.sendall(b"\xff\xfe???\r\n")

        threading.Thread(target=garble, daemon=True).start()
        bench = bench_with(tmp_path, f"TCPIP::127.0.0.1::{server.getsockname()[1]}::SOCKET")
        status, _, err = stripbench("run", experiment(), "--bench", bench, "--store", store_url)
    assert status == 4
    assert "chamber" in err
    assert "Traceback" not in err


def test_a_newer_store_is_left_alone(cli, experiment, tmp_path):
    store = tmp_path / "newer.sqlite"
    open_store(str(store), create=True).close()
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for arguments in (["runs"], ["run", experiment()], ["tell", 1, "stop"]):
        status, _, err = cli(*arguments, "--store", store)
        assert status == 2
        assert "newer" in err


def test_real_instruments_run_at_real_pace_only(cli, experiment, tmp_path):
    bench = bench_with(tmp_path, "TCPIP::127.0.0.1::1::SOCKET")
    status, _, err = cli("run", experiment(), "--bench", bench, "--speed", "60")
    assert status == 2
    assert "real instruments" in err


def test_bench_new_and_check(cli, tmp_path):
    bench = tmp_path / "bench.toml"
    assert cli("bench", "new", "--simulated", bench)[0] == 0
    status, _, err = cli("bench", "new", bench)
    assert status == 2
    assert "exists already" in err
    status, out, err = cli("bench", "check", bench)
    assert status == 0, err
    assert out.count(": ok") == 3
    assert out.count("SIMULATED") >= 3
    hardware = tmp_path / "hardware.toml"
    assert cli("bench", "new", hardware)[0] == 0
    text = hardware.read_text(encoding="utf-8").replace("192.168.0.20::2049", "127.0.0.1::1")
    hardware.write_text(text, encoding="utf-8")
    status, out, _ = cli("bench", "check", hardware)
    assert status == 4
    assert out.count("NOT OK") == 3


@posix_only
def test_simulate_serves_any_client(command, stripbench, tmp_path):
    bench = tmp_path / "bench.toml"
    stripbench("bench", "new", "--simulated", bench)
    process = command("simulate", bench)
    servers = dict(process.stdout.readline().split() for _ in range(2))
    replies = {}
    for name, request in (("chamber", b"11004\xb61\xb61\r"), ("gauge", b"?\r\n")):
        host, port = servers[name].split(":")
        with socket.create_connection((host, int(port)), timeout=5) as client:
            client.sendall(request)
            replies[name] = client.recv(100)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert replies["chamber"].startswith(b"1\xb6")
    assert replies["gauge"].endswith(b" N\r\n")


def test_the_command_line_never_imports_qt(stripbench, experiment, store_url, tmp_path):
    for package in ("PyQt5", "pyqtgraph", "qtpy"):
        (tmp_path / "traps" / package).mkdir(parents=True)
        (tmp_path / "traps" / package / "__init__.py").write_text("raise SystemExit('Qt was imported')\n")
    trap = {"PYTHONPATH": f"{tmp_path / 'traps'}:{sys.path[0]}"} if sys.platform != "win32" else {}
    path = experiment(charge_limit="0.001 mAh/cm²")
    status, _, err = stripbench("run", path, "--store", store_url, extra=trap, cwd=str(tmp_path.parent))
    assert status == 0, err
    status, _, _ = stripbench("runs", "--store", store_url, extra=trap)
    assert status == 0
