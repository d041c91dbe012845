"""Nothing that was simulated is listed without saying so."""

import sqlite3

from app.window.shown.queue_running import headline
from app.window.shown.run_lines import run_lines
from storage import CampaignHeader


def test_a_simulated_run_says_so_in_the_rail_and_a_real_one_does_not(store, make_run):
    make_run(simulated=True)
    make_run(simulated=False)
    real, simulated = run_lines(store.overview())
    assert "SIMULATED" in simulated.below
    assert "SIMULATED" not in real.below


def test_a_simulated_campaign_says_so_above_its_steps(store, store_path):
    log = store.begin_campaign(
        CampaignHeader(name="night", bench="twin", simulated=True, title="", text="", bench_text="", plan=[])
    )
    assert "SIMULATED" in headline(store.campaigns()[0], 4)
    log.close()
    with sqlite3.connect(store_path) as connection:
        connection.execute("UPDATE campaign SET simulated = 0")
    assert "SIMULATED" not in headline(store.campaigns()[0], 4)
