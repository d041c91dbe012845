"""The [interlocks] table: units, bounds, and defaults that depend on how often a bench is read."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.interlocks import InterlocksFile


def table(**given):
    return InterlocksFile.model_validate(given)


def test_the_defaults_are_those_of_the_field():
    settings = table()
    assert settings.highest_cell_temperature == 353.15
    assert settings.temperature_band == 1.0
    assert settings.pressure_band == 0.1
    assert settings.idle_temperature == 298.15
    assert (settings.disk_low, settings.disk_full) == (2e9, 0.2e9)
    assert not settings.shared_chamber


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"temperature_band": "1 °C"}, "difference"),
        ({"dew_point_margin": "5 °C"}, "difference"),
        ({"temperature_margin": "60 K"}, "difference"),
        ({"highest_cell_temperature": "185 °C"}, "lithium melts"),
        ({"lowest_cell_temperature": "85 °C"}, "must be below"),
        ({"idle_temperature": "90 °C"}, "idle_temperature"),
        ({"disk_full": "3 GB"}, "disk_low"),
        ({"pressure_band": 10}, "less than 1"),
        ({"stale_force": "0 s"}, "greater than 0"),
        ({"highest_voltage": "20 V"}, "less than or equal to 12"),
        ({"highest_force": "10 kg"}, "kg"),
        ({"cell_temperature": "80 °C"}, "Extra inputs"),
    ],
)
def test_what_cannot_be_is_refused(given, words):
    with pytest.raises(ValidationError, match=words):
        table(**given)


def test_sizes_are_read_with_their_unit():
    assert table(disk_low="5 GB", disk_full="500 MB").disk_full == 5e8


def test_readings_are_stale_after_ten_of_them_but_not_before_a_minute():
    settings = table(stale_force="7 s")
    assert settings.stale_after("T", 60.0) == 600.0
    assert settings.stale_after("E", 0.25) == 60.0
    assert settings.stale_after("F", 10.0) == 7.0


def test_every_key_says_what_it_is_and_is_documented():
    documented = (Path(__file__).parents[2] / "docs" / "interlocks.md").read_text(encoding="utf-8")
    for name, field in InterlocksFile.model_fields.items():
        assert field.description, name
        assert f"`{name}`" in documented, name
