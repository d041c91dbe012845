import subprocess
import sys

import pytest

from app.window.qt import choose_platform, missing_library
from core.errors import StripbenchError

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of Linux")


@pytest.fixture
def without_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_a_window_without_a_display_is_refused_in_words(without_display):
    with pytest.raises(StripbenchError, match=r"no display.*--screenshot"):
        choose_platform(offscreen=False)


def test_a_picture_needs_no_display(without_display, monkeypatch):
    import os

    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    choose_platform(offscreen=True)
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_a_missing_library_names_its_packages():
    error = missing_library(OSError("libGL.so.1: cannot open shared object file"), "libgl1")
    assert "libGL.so.1" in error.problem
    assert "apt-get install libgl1" in error.remedy


def test_an_import_that_fails_is_one_message(tmp_path):
    (tmp_path / "PyQt5").mkdir()
    (tmp_path / "PyQt5" / "__init__.py").write_text("raise ImportError('libGL.so.1: cannot open')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nimport app.window.start"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "StripbenchError: the window cannot be opened" in found.stderr
    assert "libgl1" in found.stderr
