"""A campaign at the command line: stopped, aborted, killed, passed over, refused, asked for."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import namedtuple

import pytest

from app.campaign.expand import make_campaign
from app.campaign.room import check_room, most_bytes
from app.campaign.walk import Refusal
from app.cli.campaign_run import verdict
from app.runner.job import read_bench
from app.runner.lanes import LaneDone, StepDone
from app.runner.outcome import Outcome
from core.errors import BadInput
from core.records import Ended, RunState
from drivers.abilities import abilities_of
from storage import open_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on a Unix terminal")

CELLS = """
campaign = "at the desk"
[cells.li]
count = 3
name = "LLZO-09-Li-{n:02d}"
anode = "Li"
electrode_diameter = "6 mm"
"""
QUICK = 'sweep_time = "10 s", f_min = "100 Hz", rest_minimum = "1 min", rest_maximum = "2 min"'
SIDE_BY_SIDE = (
    CELLS
    + f"""
[[steps]]
repeat = 3
fresh = true
cell = "li"
[[steps.steps]]
protocol = "GeisStripping"
parameters = {{ current_density = "50 µA/cm²", charge_limit = "0.5 mAh/cm²", {QUICK} }}
[[steps.steps]]
protocol = "OcvRest"
"""
)
SHORTS = (
    CELLS
    + f"""
[[steps]]
protocol = "GeisStripping"
cell = "li"
parameters = {{ current_density = "400 µA/cm²", charge_limit = "0.05 mAh/cm²", {QUICK} }}
[[steps]]
name = "again"
protocol = "GeisStripping"
cell = "li"
parameters = {{ current_density = "400 µA/cm²", charge_limit = "0.05 mAh/cm²", {QUICK} }}
"""
)
NOBODY = """
name = "nobody there"
[potentiostat]
backend = "simulated"
[simulation.operator]
absent = true
"""
TWO_CELLS = (
    CELLS
    + """
[[steps]]
repeat = 2
fresh = true
cell = "li"
[[steps.steps]]
protocol = "OcvRest"
parameters = { rest_minimum = "1 min", rest_maximum = "2 min" }
"""
)


@pytest.fixture
def campaign(tmp_path):
    """Write a campaign file."""

    def write(text):
        path = tmp_path / "campaign.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def heard(process, words):
    """Read what a process says until it has said these words."""
    said = ""
    for line in process.stderr:
        said += line
        if words in said:
            return said
    pytest.fail(f"{words!r} was never said, but {said!r}")


def under_way(store_url, count):
    """Wait until so many runs of a store have a spectrum."""
    path = store_url.removeprefix("sqlite:///")
    for _ in range(600):
        if os.path.exists(path):
            with open_store(store_url, create=True) as store:
                runs = store.runs()
            if sum(run.spectra > 0 for run in runs) >= count:
                return
        threading.Event().wait(0.1)
    pytest.fail("the campaign never got under way")


@pytest.mark.parametrize(
    ("signals", "state", "ended"),
    [((signal.SIGINT,), "stopped", "stopped"), ((signal.SIGINT, signal.SIGTERM), "aborted", "aborted")],
)
def test_steps_side_by_side_end_as_the_operator_wants(command, campaign, store_url, signals, state, ended):
    process = command(
        "run", campaign(SIDE_BY_SIDE), "--side-by-side", 2, "--speed", 400, "--store", store_url,
        start_new_session=True,
    )  # fmt: skip
    under_way(store_url, 2)
    for number in signals:
        # To the whole group, as a terminal does.
        os.killpg(process.pid, number)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 3, said
    assert f"campaign 1: {state} ({ended} by the operator in 1/round-" in out
    assert "Traceback" not in said
    with open_store(store_url) as store:
        summary = store.campaign(1).summary()
        runs = store.runs()
    assert (str(summary.state), summary.runs) == (state, 2)
    assert {str(run.state) for run in runs} <= {ended, "stopped"}
    assert ended in {run.ended for run in runs}
    assert left_of(process) == []


def said_by(*command):
    """Run a command of the system; return the words it prints."""
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False).stdout.split()


def left_of(process):
    """Return the states of the processes of its session that have not ended within a while."""
    for _ in range(100):
        states = [each for each in said_by("ps", "-o", "stat=", "-s", process.pid) if each[0] != "Z"]
        if not states:
            break
        threading.Event().wait(0.1)
    return states


def test_a_runner_process_that_dies_fails_the_campaign_in_words(command, campaign, store_url):
    process = command(
        "run", campaign(SIDE_BY_SIDE), "--side-by-side", 2, "--speed", 400, "--store", store_url
    )
    under_way(store_url, 1)
    children = said_by("pgrep", "-P", process.pid, "-f", "spawn_main")
    os.kill(int(children[0]), signal.SIGKILL)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "campaign 1: failed (a runner process of this campaign died" in out
    assert "Traceback" not in said


def test_a_spent_electrode_is_said_to_be_passed_over_and_kept(cli, campaign, store_url):
    status, out, said = cli("run", campaign(SHORTS), "--store", store_url)
    words = "2.again passed over: LLZO-09-Li-01 (WE 1 of 3 on this counter) is shorted"
    assert status == 0
    assert words in said
    assert "1 step done of 2 in the file; " + words in out
    _, out, _ = cli("campaigns", "--store", store_url, "--json", "-")
    assert words in json.loads(out)["campaigns"][0]["end_reason"]
    _, out, _ = cli("run", campaign(SHORTS), "--store", store_url, "--json", "-")
    found = json.loads(out)
    assert [each["ended"] for each in found["steps"]] == ["shorted"]
    assert [each["path"] for each in found["passed_over"]] == ["2.again"]
    assert found["state"] == "finished"


def test_a_rehearsal_says_what_would_be_passed_over(stripbench, campaign):
    status, out, said = stripbench("rehearse", campaign(SHORTS))
    assert status == 0, said
    assert "2.again would be passed over: LLZO-09-Li-01" in out


def test_what_a_step_asks_is_said_where_the_campaign_was_started(command, stripbench, tmp_path, campaign):
    bench, url = tmp_path / "bench.toml", str(tmp_path / "store.sqlite")
    bench.write_text(NOBODY, encoding="utf-8")
    process = command("run", campaign(TWO_CELLS), "--bench", bench, "--store", url, "--speed", 60)
    heard(process, "run 2 asks: mount LLZO-09-Li-02, WE 2 of 3 on this counter in place of LLZO-09-Li-01")
    status, out, _ = stripbench("tell", 2, "acknowledge", "--store", url)
    assert status == 0, out
    out, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "campaign 1: finished (2 steps done of 2 in the file)" in out


def test_after_an_abort_nothing_is_done_wherever_the_file_leads(command, campaign, store_url):
    text = TWO_CELLS.replace('"OcvRest"\n', '"OcvRest"\non = { aborted = "next", stopped = "next" }\n')
    process = command("run", campaign(text), "--speed", 1, "--store", store_url)
    heard(process, "run 1 ")
    process.send_signal(signal.SIGTERM)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 3, said
    assert "aborted by the operator in 1/round-1/1.OcvRest; 1 step done of 2 in the file" in " ".join(
        out.split()
    )


def test_a_script_is_stopped_and_aborted_as_a_campaign_is(command, tmp_path, environment):
    script, url = tmp_path / "script.py", tmp_path / "store.sqlite"
    script.write_text(
        "from app.laboratory import laboratory\n"
        "from core.cell import Cell\n"
        "from protocols import OcvRest\n"
        f"with laboratory(store={str(url)!r}, speed=1.0) as lab:\n"
        "    for _ in range(3):\n"
        '        cell = Cell(name="c", anode="Li", electrode_diameter="6 mm")\n'
        '        print("ended", lab.run(OcvRest(), cell).ended, flush=True)\n',
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    try:
        _wait_for_runs(url, 1)
        process.send_signal(signal.SIGINT)
        _wait_for_runs(url, 2)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert out.splitlines() == ["ended stopped"]
    assert process.returncode != 0
    with open_store(str(url)) as store:
        assert [run.ended for run in store.runs()] == ["stopped", "aborted"]
        assert store.campaign(1).summary().state is RunState.ABORTED


def _wait_for_runs(path, count):
    for _ in range(600):
        if path.exists():
            with open_store(str(path), create=True) as store:
                runs = store.runs()
            if len(runs) >= count and len(store_steps(path, count)) > 0:
                return
        threading.Event().wait(0.1)
    pytest.fail("the script never got under way")


def store_steps(path, run):
    with open_store(str(path)) as store:
        return store.run(run).steps()


def test_listing_of_campaigns_keeps_its_columns(cli, store_url, campaign, monkeypatch):
    from app.cli.output import out as console

    cli("run", campaign(SHORTS), "--store", store_url)
    monkeypatch.setattr(console, "width", 80)
    _, out, _ = cli("campaigns", "--store", store_url)
    heading, line = out.splitlines()
    assert line.split()[:6] == ["1", "at", "the", "desk", "finished", "SIMULATED"]
    assert heading.split() == ["no.", "name", "state", "started", "(UTC)", "runs", "end"]
    assert len(line.rstrip()) <= 80


Usage = namedtuple("Usage", "total used free")


def test_a_campaign_longer_than_the_disk_holds_is_refused_on_a_real_bench(tmp_path):
    plan = make_campaign(SIDE_BY_SIDE, "campaign.toml")
    bench = read_bench(None).file
    most, settings = most_bytes(plan, abilities_of(bench)), bench.interlocks
    # Three times 10 h of sweeps of 8.8 s; soak and rests may be nearly as long.
    assert 1.0 < most / (3 * 36000 / 8.8 * 15e3) < 2.1
    said = []
    with pytest.raises(BadInput, match=r"may take 0\.\d+ GB, but 0\.30 GB are free.*charge_limit"):
        check_room(most, 0.3e9, settings, real=True, warn=said.append)
    check_room(most, 100e9, settings, real=True, warn=said.append)
    assert said == []
    check_room(most, 0.3e9, settings, real=False, warn=said.append)
    assert "a rehearsal tells how much it really takes" in said[0]
    check_room(float("inf"), 100e9, settings, real=True, warn=said.append)
    assert "has no bound" in said[1]
    with pytest.raises(BadInput, match="make room"):
        check_room(0.0, 0.1e9, settings, real=False, warn=said.append)


def test_a_full_disk_is_found_before_the_start(cli, campaign, store_url, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(1e12, 1e12, 1e6))
    status, _, said = cli("run", campaign(SHORTS), "--store", store_url)
    assert status == 2
    assert "0.00 GB are free where the store lies" in " ".join(said.split())
    with open_store(store_url) as store:
        assert store.campaigns() == []


def step(path, ended, reason="so it was"):
    return StepDone(path, "c", "OcvRest", Outcome(1, RunState.FINISHED, reason, ended))


@pytest.mark.parametrize(
    ("parts", "state", "words"),
    [
        ([[Ended.FINISHED], [Ended.CUT_OFF]], RunState.FINISHED, "2 steps done of 4 in the file"),
        ([[Ended.STOPPED], [Ended.FINISHED]], RunState.STOPPED, "stopped by the operator in 0.0; 2 steps"),
        ([[Ended.STOPPED, Ended.FINISHED]], RunState.FINISHED, "2 steps"),
        ([[Ended.FINISHED], [Ended.ABORTED]], RunState.ABORTED, "aborted by the operator in 1.0; 2 steps"),
        ([[Ended.TIMED_OUT]], RunState.FAILED, "0.0: so it was; 1 step done"),
        ([], RunState.STOPPED, "nothing was started"),
    ],
)
def test_the_verdict_does_not_depend_on_which_part_ended_last(parts, state, words):
    done = [
        LaneDone(tuple(step(f"{lane}.{index}", ended) for index, ended in enumerate(part)))
        for lane, part in enumerate(parts)
    ]
    for order in (done, done[::-1]):
        found = verdict(order, 4)
        assert found[0] is state
        assert words in found[1]


def test_a_campaign_of_which_all_was_passed_over_did_not_succeed():
    part = LaneDone((), (Refusal("1.strip", "c", "c is shorted"),))
    assert verdict([part], 1) == (RunState.FAILED, "nothing was started; 1.strip passed over: c is shorted")
    assert verdict([LaneDone((step("1.a", Ended.FINISHED),), (), True)], 2)[0] is RunState.STOPPED
