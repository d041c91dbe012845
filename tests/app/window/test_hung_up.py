"""A window whose terminal is closed ends as if somebody had closed it, and takes nothing with it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_and_the_run_stays_as_it_was(tmp_path, url, store, live_run, number):
    own = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    own |= {f"XDG_{name}_HOME": str(tmp_path) for name in ("STATE", "DATA", "CONFIG")}
    ready = tmp_path / "ready"
    code = (
        "from pathlib import Path\n"
        "from app.window.start import watch_run\n"
        "from app.window.window import Window\n"
        "start = Window.start\n"
        f"Window.start = lambda self: (start(self), Path({str(ready)!r}).touch())\n"
        f"raise SystemExit(watch_run({url!r}, None, None))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ | own)
    try:
        while not ready.exists():
            assert process.poll() is None
        process.send_signal(number)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert store.run(1).summary().live
    assert store.run(1).commands() == []
