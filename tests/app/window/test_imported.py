"""A run that was imported, in the real window."""

import numpy as np
import pytest

from app.taking_in import bring_in_spectra
from app.taking_in.given import given
from app.window.qt import QtWidgets


@pytest.fixture
def imported(store, tmp_path):
    frequency = np.geomspace(7e6, 1.0, 43)
    s = 2j * np.pi * frequency
    lines = ["f/Hz,Zre/Ohm,Zim/Ohm,time/s,I/A"]
    for number, r_int in enumerate((1000.0, 2000.0, 20e3, 50e3, 60e3, 70e3)):
        z = 760 / (1 + s * 760 * 17e-12) + 220 / (1 + (s * 2e-6) ** 0.9) + 0.3e-6 * s
        z += r_int / (1 + (s * r_int * 3e-7) ** 0.92)
        lines += [
            f"{f:.9g},{point.real:.9g},{point.imag:.9g},{600 * number + n:.9g},{28.3e-6:.9g}"
            for n, (f, point) in enumerate(zip(frequency, z, strict=True))
        ]
    path = tmp_path / "series.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = given(anode="Li", area="0.283 cm²", strip="100 µA/cm²", threshold="10 kΩ cm²")
    bring_in_spectra(store, [path], said, lambda *_: None)


def test_an_imported_run_is_listed_like_any_other(qtbot, open_window, url, imported):
    window = open_window(url, page="runs")
    lines = window.front.table.runs
    qtbot.waitUntil(lambda: [each.row.run for each in lines.lines if each.row] == [1], timeout=60_000)


def test_an_imported_run_is_looked_at_like_any_other(qtbot, open_window, url, imported):
    window = open_window(url, run=1)

    def words():
        return " ".join(each.text() for each in window.findChildren(QtWidgets.QLabel))

    qtbot.waitUntil(lambda: "series" in words(), timeout=60_000)
    assert "SIMULATED" not in words()


def test_the_window_reads_its_fits_and_its_depletion(imported, look):
    found = look()
    assert found.summary.ended == "depleted"
    assert len(found.fits) == 6
    assert found.current_on == 0.0
