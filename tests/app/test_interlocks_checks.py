"""What each check says, and when: bands that flag and latch, limits that act."""

import math
from types import SimpleNamespace

import pytest

from app.runner.checks import CURRENT, FORCE, TEMPERATURE, VOLTAGE, Look, QualityBand, SafetyLimit, Soak
from app.runner.freshness import Staleness, Unchanged
from app.runner.surroundings import ChamberMessages, DiskSpace
from core.errors import InstrumentError


def see(check, now, at=None, wanted=(), **values):
    """Let a check look at readings, taken now unless said otherwise; returns what it found."""
    taken = dict.fromkeys(values, now if at is None else at)
    return list(check.look(Look(now, values, taken, dict(wanted))))


def kinds(findings):
    return [each.kind for each in findings]


@pytest.fixture
def band():
    return QualityBand(TEMPERATURE, lambda target: 1.0)


def test_a_band_counts_only_once_it_was_reached(band):
    wanted = {"T": 323.15}
    assert not see(band, 0, wanted=wanted, T=298.15)
    assert not see(band, 60, wanted=wanted, T=310.0)
    assert not see(band, 120, wanted=wanted, T=322.5)
    left = see(band, 180, wanted=wanted, T=321.0)
    assert kinds(left) == ["band left"]
    assert left[0].severity == "warning"
    assert not left[0].trips
    assert "47.85 °C for 50.00 °C" in left[0].message


def test_a_band_is_said_once_and_once_more_when_it_is_back(band):
    wanted = {"T": 300.0}
    see(band, 0, wanted=wanted, T=300.0)
    assert kinds(see(band, 60, wanted=wanted, T=301.5)) == ["band left"]
    assert not see(band, 120, wanted=wanted, T=302.0)
    assert not see(band, 180, wanted=wanted, T=300.9), "just inside is not back: noise would chatter"
    back = see(band, 360, wanted=wanted, T=300.5)
    assert kinds(back) == ["band reached again"]
    assert back[0].data["seconds"] == 300
    assert "after 5 min" in back[0].message
    assert kinds(see(band, 420, wanted=wanted, T=298.0)) == ["band left"]


def test_another_set_point_has_to_be_reached_first(band):
    see(band, 0, wanted={"T": 300.0}, T=300.0)
    assert not see(band, 60, wanted={"T": 320.0}, T=300.0)
    assert not see(band, 120, wanted={}, T=310.0)
    assert not see(band, 180, wanted={"T": 320.0}, T=310.0)


def test_a_force_band_is_a_share_of_what_is_wanted():
    band = QualityBand(FORCE, lambda target: 0.1 * target)
    assert not see(band, 0, wanted={"F": 400.0}, F=400.0)
    assert not see(band, 10, wanted={"F": 400.0}, F=361.0)
    assert kinds(see(band, 20, wanted={"F": 400.0}, F=359.0)) == ["band left"]


@pytest.mark.parametrize(
    ("quantity", "lowest", "highest", "bad"),
    [
        (TEMPERATURE, 223.15, 353.15, 353.2),
        (TEMPERATURE, 223.15, 353.15, 223.0),
        (FORCE, -20e3, 20e3, 20001.0),
        (VOLTAGE, -11.0, 11.0, -11.1),
        (CURRENT, -0.01, 0.01, 0.0101),
    ],
)
def test_a_safety_limit_acts_on_two_readings_in_a_row(quantity, lowest, highest, bad):
    limit = SafetyLimit(quantity, lowest, highest, "look at it", by_chamber=quantity is TEMPERATURE)
    symbol = quantity.symbol
    assert not see(limit, 0, **{symbol: (lowest + highest) / 2})
    assert not see(limit, 1, **{symbol: bad})
    assert not see(limit, 2, at=1, **{symbol: bad}), "the same reading again is no second one"
    acted = see(limit, 3, **{symbol: bad})
    assert kinds(acted) == ["limit"]
    assert acted[0].trips
    assert acted[0].severity == "alarm"
    assert acted[0].by_chamber == (quantity is TEMPERATURE)
    assert "look at it" in acted[0].message
    assert not see(limit, 4, **{symbol: bad}), "said once"


def test_one_garbled_reading_does_not_end_a_run():
    limit = SafetyLimit(FORCE, -20e3, 20e3, "look")
    for now in range(20):
        assert not see(limit, now, F=1e6 if now % 2 else 400.0)


def test_a_limit_itself_is_allowed():
    limit = SafetyLimit(TEMPERATURE, 223.15, 353.15, "look")
    assert not [found for now in range(5) for found in see(limit, now, T=353.15)]


def test_readings_that_stop_are_flagged_once_and_said_to_be_back():
    stale = Staleness(FORCE, 60.0)
    assert not see(stale, 0, wanted={}), "what was never read is not stale"
    assert not see(stale, 60, at=0, F=400.0)
    found = see(stale, 61, at=0, F=400.0)
    assert kinds(found) == ["stale"]
    assert "400 N" in found[0].message
    assert not see(stale, 3000, at=0, F=400.0)
    back = see(stale, 3600, F=400.0)
    assert kinds(back) == ["fresh again"]
    assert back[0].data["seconds"] == 3600


def test_not_knowing_is_acted_on_where_it_is_dangerous():
    stale = Staleness(
        TEMPERATURE, 60.0, danger=lambda seen: "it is hot" if seen.wanted else "", by_chamber=True
    )
    assert kinds(see(stale, 100, at=0, T=300.0)) == ["stale"]
    acted = see(stale, 110, at=0, wanted={"T": 350.0}, T=300.0)
    assert kinds(acted) == ["limit"]
    assert (acted[0].trips, acted[0].by_chamber) == (True, True)
    assert not see(stale, 120, at=0, wanted={"T": 350.0}, T=300.0)


def test_a_voltage_is_only_expected_while_a_current_flows():
    stale = Staleness(VOLTAGE, 60.0, lambda seen: seen.current_flows, lambda seen: "a current flows")
    assert not see(stale, 1000, at=0, E=0.1, I=0.0)
    assert kinds(see(stale, 1010, at=0, E=0.1, I=28e-6)) == ["stale", "limit"]
    assert not see(stale, 1020, at=0, E=0.1, I=0.0), "an end of the current is no fresh reading"


def test_a_voltage_that_never_changes_under_current_is_flagged():
    stuck = Unchanged(VOLTAGE, 300.0)
    assert not [found for now in range(0, 300, 10) for found in see(stuck, now, E=0.1, I=28e-6)]
    found = see(stuck, 300, E=0.1, I=28e-6)
    assert kinds(found) == ["stuck"]
    assert not found[0].trips
    assert not see(stuck, 310, E=0.1, I=28e-6)
    assert kinds(see(stuck, 320, E=0.100001, I=28e-6)) == ["moves again"]


def test_a_voltage_may_stand_still_at_open_circuit_or_when_nobody_reads_it():
    stuck = Unchanged(VOLTAGE, 300.0)
    assert not [found for now in range(0, 900, 10) for found in see(stuck, now, E=0.0, I=0.0)]
    stuck = Unchanged(VOLTAGE, 300.0)
    assert not [found for now in range(0, 900, 10) for found in see(stuck, now, at=0, E=0.1, I=28e-6)]


def test_a_soak_that_never_ends_is_acted_on():
    soak = Soak(1.0, 3600.0)
    wanted = {"T": 323.15}
    assert not see(soak, 0, wanted=wanted, T=298.15)
    assert not see(soak, 3600, wanted=wanted, T=310.0)
    acted = see(soak, 3601, wanted=wanted, T=310.0)
    assert kinds(acted) == ["limit"]
    assert acted[0].by_chamber
    assert "50.00 °C" in acted[0].message
    assert "36.85 °C" in acted[0].message
    assert not see(soak, 4000, wanted=wanted, T=310.0)


def test_a_soak_that_ended_is_over_and_the_next_counts_anew():
    soak = Soak(1.0, 3600.0)
    see(soak, 0, wanted={"T": 323.15}, T=298.15)
    see(soak, 1800, wanted={"T": 323.15}, T=322.9)
    assert not see(soak, 9000, wanted={"T": 323.15}, T=300.0), "leaving the band is not the soak's affair"
    assert not see(soak, 9000, wanted={"T": 273.15}, T=300.0)
    assert not see(soak, 12600, wanted={"T": 273.15}, T=280.0)
    assert see(soak, 12601, wanted={"T": 273.15}, T=280.0)


def test_a_chamber_that_was_never_read_ends_a_soak_too():
    soak = Soak(1.0, 3600.0)
    see(soak, 0, wanted={"T": 323.15})
    assert "was never read" in see(soak, 3601, wanted={"T": 323.15})[0].message


class TalkingChamber:
    def __init__(self):
        self.alarms, self.warnings, self.running, self.error, self.asked = (), (), True, None, 0

    def read(self):
        self.asked += 1
        if self.error is not None:
            raise self.error
        return SimpleNamespace(alarms=self.alarms, warnings=self.warnings, running=self.running)


def test_an_alarm_of_the_chamber_acts_and_a_warning_flags():
    chamber = TalkingChamber()
    check = ChamberMessages(chamber, 60.0)
    assert not see(check, 0)
    chamber.warnings = ("Door open",)
    found = see(check, 60)
    assert [(each.kind, each.severity, each.trips) for each in found] == [("chamber", "warning", False)]
    assert "Door open" in found[0].message
    chamber.alarms = ("Over-temperature protection",)
    acted = see(check, 120)
    assert [(each.kind, each.trips, each.by_chamber) for each in acted] == [("limit", True, True)]
    assert not see(check, 180), "said once"
    chamber.alarms = chamber.warnings = ()
    gone = see(check, 240)
    assert {each.data["message"] for each in gone} == {"Door open", "Over-temperature protection"}
    assert not any(each.trips for each in gone)


def test_messages_are_asked_for_at_their_own_pace():
    chamber = TalkingChamber()
    check = ChamberMessages(chamber, 60.0)
    for now in range(0, 600, 10):
        see(check, now)
    assert chamber.asked == 10


def test_a_chamber_that_does_not_answer_is_left_to_its_reader():
    chamber = TalkingChamber()
    check = ChamberMessages(chamber, 60.0)
    chamber.error = InstrumentError("The chamber is gone.", "Find it.")
    assert not see(check, 0)
    chamber.error = None
    assert not see(check, 60)


def test_a_chamber_that_stands_although_a_temperature_is_wanted_is_flagged():
    chamber = TalkingChamber()
    check = ChamberMessages(chamber, 60.0)
    wanted = {"T": 300.0}
    chamber.running = False
    assert not see(check, 0), "nobody wants it to run"
    assert not see(check, 60, wanted=wanted), "it may just be starting"
    found = see(check, 120, wanted=wanted)
    assert "does not run" in found[0].message
    assert not found[0].trips
    assert not see(check, 180, wanted=wanted)
    chamber.running = True
    assert "runs again" in see(check, 240, wanted=wanted)[0].message


def test_a_disk_that_fills_up_is_flagged_then_acted_on(monkeypatch):
    wall = [0.0]
    monkeypatch.setattr("app.runner.surroundings.wall_time", lambda: wall[0])
    free = [50e9]
    check = DiskSpace(lambda: free[0], 2e9, 0.2e9)

    def later(bytes_free):
        free[0], wall[0] = bytes_free, wall[0] + 10.0
        return see(check, 0)

    assert not later(50e9)
    low = later(1.5e9)
    assert (kinds(low), low[0].trips) == (["disk"], False)
    assert "1.50 GB" in low[0].message
    assert not later(1.0e9)
    full = later(0.1e9)
    assert (kinds(full), full[0].trips, full[0].by_chamber) == (["limit"], True, False)
    assert not later(0.05e9)
    assert "room again" in later(5e9)[0].message


def test_the_disk_is_not_asked_at_every_look(monkeypatch):
    monkeypatch.setattr("app.runner.surroundings.wall_time", lambda: 5.0)
    asked = []
    check = DiskSpace(lambda: asked.append(1) or 50e9, 2e9, 0.2e9)
    for now in range(100):
        see(check, now)
    assert len(asked) == 1


def test_the_open_circuit_is_told_from_a_current():
    assert not Look(0, {}, {}).current_flows
    assert not Look(0, {"I": 0.0}, {"I": 0}).current_flows
    assert Look(0, {"I": -1e-9}, {"I": 0}).current_flows
    assert Look(0, {"T": math.pi}, {"T": -3.0}).age("T") == 3.0
