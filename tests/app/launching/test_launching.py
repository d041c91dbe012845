"""Launching real processes of stripbench, and looking what becomes of them."""

import os
import subprocess
import sys
from contextlib import suppress

import pytest

from app.launching import launch
from app.launching.starting import environment
from core.errors import BadInput, StoreError
from storage import open_store


def test_a_run_is_launched_and_found_by_its_process(rest, store_url, tmp_path, until, clean_up):
    launched = launch(rest, kind="experiment", store=store_url, folder=tmp_path / "started")
    clean_up(launched.process)
    assert launched.file.read_text(encoding="utf-8") == rest
    assert "OcvRest Li 7" in launched.file.name
    assert str(launched.look(store_url)) in ("starting", "run 1")
    found = until(lambda: launched.look(store_url).number)
    assert found == 1
    assert until(lambda: launched.look(store_url).exit_status is not None)
    look = launched.look(store_url)
    assert (str(look), look.exit_status) == ("run 1", 0)
    with open_store(store_url) as store:
        assert store.run(1).summary().end_reason
        assert store.run(1).header.experiment_text == rest
    assert "run 1: finished" in launched.log.read_text(encoding="utf-8")
    # Another run of the store is not taken for this one's.
    again = launch(rest, kind="experiment", store=store_url, folder=tmp_path / "started")
    clean_up(again.process)
    assert str(again.look(store_url)) in ("starting", "run 2")
    assert until(lambda: again.look(store_url).number) == 2
    assert again.file != launched.file
    until(lambda: again.look(store_url).exit_status is not None)


def test_a_campaign_is_found_by_its_process(campaign, store_url, tmp_path, until, clean_up):
    launched = launch(
        campaign, kind="campaign", store=store_url, folder=tmp_path, side_by_side=1, speed="1000000"
    )
    clean_up(launched.process)
    assert until(lambda: launched.look(store_url).number) == 1
    assert until(lambda: launched.look(store_url).exit_status is not None)
    assert str(launched.look(store_url)) == "campaign 1"


def test_what_ended_without_a_run_says_why(rest, store_url, tmp_path, until, clean_up):
    text = rest.replace("1 min", "1 kg")
    launched = launch(text, kind="experiment", store=store_url, folder=tmp_path)
    clean_up(launched.process)
    assert until(lambda: launched.look(store_url).exit_status is not None)
    look = launched.look(store_url)
    assert (str(look), look.exit_status) == ("ended without a run", 2)
    assert "rest_minimum" in " ".join(look.lines)


def test_a_file_is_started_where_it_lies(tmp_path, store_url, until, clean_up):
    (tmp_path / "cell.toml").write_text('name = "Li 7"\nanode = "Li"\nelectrode_diameter = "6 mm"\n')
    file = tmp_path / "e.toml"
    file.write_text(
        'protocol = "OcvRest"\ncell = "cell.toml"\n'
        '[parameters]\nrest_minimum = "1 min"\nrest_maximum = "1 min"\n'
    )
    launched = launch(file, kind="experiment", store=store_url, folder=tmp_path / "started")
    clean_up(launched.process)
    assert launched.file == file
    assert until(lambda: launched.look(store_url).number) == 1
    until(lambda: launched.look(store_url).exit_status is not None)


def test_real_instruments_have_to_be_confirmed(stripping, store_url, tmp_path, real_bench):
    folder = tmp_path / "started"
    with pytest.raises(BadInput, match=r"bench 1.*192\.168\.0\.10.*GeisStripping on Li 7") as refused:
        launch(stripping, kind="experiment", store=store_url, folder=folder, bench=real_bench)
    assert "confirm" in refused.value.remedy
    assert not folder.exists()
    with pytest.raises(BadInput, match="cannot be read"):
        launch(stripping, kind="experiment", store=store_url, folder=folder, bench=tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_text("name = ")
    with pytest.raises(BadInput, match="is no bench file"):
        launch(stripping, kind="experiment", store=store_url, folder=folder, bench=tmp_path / "odd.toml")


LAUNCHER = """
import sys
from contextlib import suppress
from pathlib import Path
from app.launching import launch

text = Path(sys.argv[1]).read_text(encoding="utf-8")
launched = launch(text, kind="experiment", store=sys.argv[2], folder=Path(sys.argv[3]), speed="300")
print(launched.pid, flush=True)
input()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX process groups")
def test_a_run_survives_whoever_launched_it(stripping, store_url, tmp_path, until):
    file = tmp_path / "e.toml"
    file.write_text(stripping, encoding="utf-8")
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(file), store_url, str(tmp_path / "started")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), start_new_session=True,
    )  # fmt: skip
    pid = int(launcher.stdout.readline())

    def newest():
        with suppress(StoreError), open_store(store_url) as store:  # it may be in the making
            return next(iter(store.runs()), None)

    until(newest)
    os.killpg(launcher.pid, 9)
    launcher.wait()
    launcher.stdin.close()
    launcher.stdout.close()
    seen = newest()
    assert seen.live
    until(lambda: newest().bench_time > seen.bench_time)
    with open_store(store_url) as store:
        store.tell(seen.run, "abort")
    until(lambda: not newest().live)
    assert newest().state == "aborted"
    until(lambda: not _lives(pid))


def _lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
