"""What is started on real instruments is what was looked at, not what lies there by now."""

import pytest

from app.drafting import check, check_campaign
from app.launching import launch
from app.launching.real import digest
from app.window.shown.form_fields import Catalogue
from app.window.shown.form_summary import summary
from core.errors import BadInput


def test_a_bench_file_that_changed_after_the_tick_is_refused(stripping, store_url, tmp_path, real_bench):
    draft = {"protocol": "GeisStripping", "bench": str(real_bench)}
    seen = summary(check(draft), Catalogue(), "").seen
    assert seen == (digest(real_bench.read_text(encoding="utf-8")),)
    real_bench.write_text(real_bench.read_text(encoding="utf-8").replace("192.168.0.10", "192.168.0.11"))
    folder = tmp_path / "started"
    with pytest.raises(BadInput, match="changed since it was looked at"):
        launch(
            stripping,
            kind="experiment",
            store=store_url,
            folder=folder,
            bench=real_bench,
            confirmed=True,
            seen=seen,
        )
    assert not folder.exists()


def test_a_simulated_bench_that_was_made_real_is_refused_without_a_tick(stripping, store_url, tmp_path):
    bench = tmp_path / "bench.toml"
    bench.write_text('name = "twin"\n')
    assert check({"bench": str(bench)})["simulated"] is not False
    bench.write_text(
        'name = "twin"\n[potentiostat]\nbackend = "hardware"\nmodel = "vmp300"\naddress = "1.1.1.1"\n'
    )
    with pytest.raises(BadInput, match="has real instruments"):
        launch(stripping, kind="experiment", store=store_url, folder=tmp_path, bench=bench)


def test_a_campaign_file_that_changed_after_the_tick_is_refused(campaign, store_url, tmp_path, real_bench):
    file = tmp_path / "night.toml"
    file.write_text(campaign, encoding="utf-8")
    seen = check_campaign(file, str(real_bench))["seen"]
    assert digest(campaign) in seen
    file.write_text(campaign.replace("2 min", "3 min"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"night\.toml.*changed since it was looked at"):
        launch(
            file,
            kind="campaign",
            store=store_url,
            folder=tmp_path / "started",
            bench=real_bench,
            confirmed=True,
            seen=seen,
        )
