"""Make the stored file of the present schema version, once, when that version is released.

Run ``python tests/data/make_store.py`` from the project's folder. It refuses to replace a file:
what an older stripbench wrote is what later ones are tested with.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.cell import Cell
from core.records import Decision, Ended, Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from storage import CampaignHeader, RunHeader, Store, open_store, rows
from storage.process import Process
from storage.schema import SCHEMA_VERSION

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
FREQUENCY = np.geomspace(7e6, 1.0, 35)


class BenchProcess(Process):
    """A process of no computer in particular, so that the file names none."""

    @classmethod
    def current(cls) -> Process:
        return Process(4711, "1", "bench", "boot")


def spectrum(number: int) -> Spectrum:
    impedance = 300 + (500 + 100 * number) / (1 + 1j * FREQUENCY / 300)
    time = 30.0 * number + np.linspace(1, 28, FREQUENCY.size)
    columns = [np.full(FREQUENCY.size, value) for value in (0.2 + 0.01 * number, 2.8e-5, 2e-3, 2.8e-6)]
    return Spectrum("GEIS", FREQUENCY, impedance, time, *columns, amplitude=2.8e-6, pass_number=number)


def fit(number: int) -> Fit:
    parameters = {"R_int": Value(500.0 + 100 * number, 1.5), "C_int": Value(1e-6, float("nan"))}
    covariance = np.array([[1e-4, 1e-6], [1e-6, 2e-4]])
    mask = FREQUENCY > 2
    verdict = KramersKronig(False, -1.25, 2.0, "drift")
    free = ("ln R_int", "ln C_int")
    middle = 30.0 * number + 14.5
    flags = ("truncated arc",)
    smoothed = {"R_int": Value(501.0 + 100 * number, 0.5)} if number else {}
    smoothing = "causal" if number else ""
    return Fit(
        *("R-ZARC", 1, middle, parameters, free, covariance, mask, "modulus", 0.003, verdict, flags),
        smoothed=smoothed,
        smoothing=smoothing,
    )


def header(campaign: int) -> RunHeader:
    given = {"name": "Li", "anode": "Li", "electrode_diameter": "6 mm", "history": {"polishing": "1200 grit"}}
    return RunHeader(
        "GeisStripping",
        {"current_density": 100.0},
        Cell.model_validate(given),
        "bench of the tests",
        simulated=True,
        cell_given=given,
        bench_text='name = "bench of the tests"\n',
        experiment_text='protocol = "GeisStripping"\n',
        seed=7,
        started_utc=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        versions={"stripbench": "0.1.0"},
        campaign=campaign,
        path="1.strip",
        bench_origin=120.0,
    )


def campaign_header() -> CampaignHeader:
    return CampaignHeader(
        "fig4",
        "bench of the tests",
        simulated=True,
        title="stripping and relaxation",
        text='title = "stripping and relaxation"\n',
        bench_text='name = "bench of the tests"\n',
        plan=[{"path": "1.strip"}],
        started_utc=datetime(2026, 11, 22, 9, 28, tzinfo=UTC),
    )


def annotate(store: Store, alarm: int) -> None:
    store.annotate(1, "acknowledged", "door was open", about=alarm, author="operator")
    store.annotate(1, "note", "creaked", time=45.5, author="operator")
    store.annotate(1, "binned", "a trial", author="operator")
    store.annotate(1, "restored", author="operator")


def register(store: Store) -> None:
    cell = header(1).cell
    store.register_cell(cell, remarks="a trial", author="operator")
    store.register_cell(cell.model_copy(update={"notes": "scraped off"}), retired=True, author="operator")
    store.add_photo(cell.name, PHOTO, "after the run", "operator")


def write(path: Path) -> None:
    rows.Process = BenchProcess
    store = open_store(path, create=True)
    campaign = store.begin_campaign(campaign_header())
    journal = store.begin_run(header(campaign.campaign))
    journal.instrument("potentiostat", "VMP-300", "0042", "11.50", {"board": "premium"})
    step = journal.begin_step("1/GeisStripping/geis/1", "GeisStripping", "geis", {"limit": 1.5}, 0.0)
    spectra, fits = [], []
    for number in range(3):
        journal.readings(Reading(30.0 * number + second, "potentiostat", "E", 0.2) for second in range(30))
        kept = journal.spectrum(step, spectrum(number))
        journal.truth(30.0 * number + 14.5, {"R_int": 501.0 + 100 * number}, kept)
        spectra.append(kept)
        fits.append(journal.fit(kept, fit(number)))
    journal.decision(step, Decision("depleted", "not yet", 90.0, {"threshold": 1e4}, tuple(fits[-2:])))
    journal.event(Event("current off", "the cut-off was reached", 91.0, "info", {"E": 4.0}))
    alarm = journal.event(Event("hot", "the chamber is at 90 °C", 91.25, "alarm"))
    request = journal.request("Is the cell still mounted?", 91.5, ("yes", "no"), {"kind": "confirm"})
    journal.answer_request(request, "yes", "operator", 91.75)
    journal.end_step(step, 92.0, "cut-off")
    journal.finish(RunState.FINISHED, "cut-off", 92.0, Ended.CUT_OFF)
    journal.close()
    campaign.finish(RunState.FINISHED, "all steps done")
    campaign.close()
    annotate(store, alarm)
    register(store)
    with store.refit(1, "R-ZARC", {"circuit": "R-ZARC", "interpolated": True}) as refit:
        refit.add((kept, replace(fit(number), smoothing="")) for number, kept in enumerate(spectra))
        # The connection that is closed last takes the log away with it, if it can write.
        store.close()


if __name__ == "__main__":
    target = Path(__file__).parent / f"store-schema-{SCHEMA_VERSION}.sqlite"
    if target.exists():
        sys.exit(f"{target} exists and is kept as it is.")
    write(target)
