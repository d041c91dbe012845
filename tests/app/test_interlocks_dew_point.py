"""Below the dew point: said once, dried, and closed until the cell itself is warm."""

import pytest

from app.runner.checks import Look
from app.runner.dew_point import CellTemperature, DewPoint
from core.errors import InstrumentError
from core.interlocks import InterlocksFile

DEW = 282.15


class SwitchedChamber:
    def __init__(self, **on):
        self.on, self.calls = dict(on), []

    def switched(self, name):
        return self.on.get(name, False)

    def switch(self, name, on):
        if name == "broken":
            raise InstrumentError("The chamber has no such channel.", "Look at its panel.")
        self.calls.append((name, on))
        self.on[name] = on


def settings(**more):
    return InterlocksFile.model_validate(
        {"dew_point": "9 °C", "dryer": ["Air dryer"], "cell_lag": "0 s"} | more
    )


def see(check, now, air, wanted=None, **values):
    readings = {"T": air} | values
    look = Look(now, readings, dict.fromkeys(readings, now), {} if wanted is None else {"T": wanted})
    return list(check.look(look))


def kinds(findings):
    return [each.kind for each in findings]


@pytest.fixture
def chamber():
    return SwitchedChamber()


def test_cooling_below_warns_once_and_dries_before_the_air_is_there(chamber):
    check = DewPoint(settings(), chamber, 60.0)
    assert not see(check, 0, 298.15, wanted=298.15)
    found = see(check, 60, 298.15, wanted=273.15)
    assert kinds(found) == ["dew point", "dryer"]
    assert found[0].severity == "warning"
    assert chamber.calls == [("Air dryer", True)]
    assert not check.do_not_open
    assert not see(check, 120, 295.0, wanted=273.15)
    assert chamber.calls == [("Air dryer", True)]


def test_it_may_not_be_opened_until_the_cell_is_five_kelvin_above(chamber):
    check = DewPoint(settings(), chamber, 60.0)
    see(check, 0, 298.15, wanted=273.15)
    assert kinds(see(check, 60, 280.0, wanted=273.15)) == ["do not open"]
    assert check.do_not_open
    assert not see(check, 120, 273.15, wanted=273.15)
    assert not see(check, 180, DEW + 4.9, wanted=298.15)
    assert check.do_not_open
    freed = see(check, 240, DEW + 5.0, wanted=298.15)
    assert kinds(freed) == ["may be opened", "dryer"]
    assert not check.do_not_open
    assert chamber.calls == [("Air dryer", True), ("Air dryer", False)]
    assert kinds(see(check, 300, 280.0, wanted=273.15))[0] == "dew point", "the next time is another one"


def test_the_air_alone_does_not_set_it_free(chamber):
    check = DewPoint(settings(cell_lag="1500 s"), chamber, 60.0)
    see(check, 0, 273.15, wanted=273.15)
    assert check.do_not_open
    see(check, 60, 298.15, wanted=298.15)
    see(check, 120, 298.15, wanted=298.15)
    assert check.do_not_open, "the cell in its press lags behind the air"
    for now in range(180, 3600, 60):
        see(check, now, 298.15, wanted=298.15)
    assert not check.do_not_open


def test_cooling_that_was_called_off_switches_the_dryer_off_again(chamber):
    check = DewPoint(settings(), chamber, 60.0)
    see(check, 0, 298.15, wanted=273.15)
    assert kinds(see(check, 60, 298.0, wanted=298.15)) == ["dryer"]
    assert chamber.calls == [("Air dryer", True), ("Air dryer", False)]


def test_a_dryer_that_was_on_already_is_left_on():
    chamber = SwitchedChamber(**{"Air dryer": True})
    check = DewPoint(settings(), chamber, 60.0)
    see(check, 0, 273.15, wanted=273.15)
    see(check, 60, 298.15, wanted=298.15)
    assert chamber.calls == []


def test_a_dryer_that_does_not_switch_is_an_alarm_and_the_others_are_switched(chamber):
    check = DewPoint(settings(dryer=["broken", "Compressed air"]), chamber, 60.0)
    found = see(check, 0, 298.15, wanted=273.15)
    assert [each.severity for each in found] == ["warning", "alarm", "info"]
    assert "no such channel" in found[1].message
    assert chamber.calls == [("Compressed air", True)]


def test_without_a_dryer_the_operator_is_told(chamber):
    check = DewPoint(settings(dryer=[]), chamber, 60.0)
    assert "by hand" in see(check, 0, 298.15, wanted=273.15)[1].message


def test_a_sensor_goes_before_the_configured_value_while_it_is_fresh(chamber):
    check = DewPoint(settings(dew_point_reading="T_dew"), chamber, 60.0)
    assert not see(check, 0, 280.0, wanted=280.0, T_dew=270.0)
    readings = {"T": 280.0, "T_dew": 270.0}
    found = list(check.look(Look(100.0, readings, {"T": 100.0, "T_dew": 0.0}, {"T": 280.0})))
    assert kinds(found)[0] == "dew point"
    assert found[0].data["dew_point"] == DEW


def test_a_sensor_alone_is_believed_for_as_long_as_nothing_better_is_known(chamber):
    alone = InterlocksFile.model_validate({"dew_point_reading": "T_dew", "cell_lag": "0 s"})
    check = DewPoint(alone, chamber, 60.0)
    assert not see(check, 0, 270.0, wanted=270.0), "no dew point is known yet"
    found = list(check.look(Look(999.0, {"T": 270.0, "T_dew": 280.0}, {"T": 999.0, "T_dew": 0.0})))
    assert kinds(found)[0] == "dew point"


def test_the_cell_follows_the_air_with_its_lag():
    cell = CellTemperature(1500.0)
    assert cell.see(0.0, 273.15) == 273.15
    for now in range(10, 1501, 10):
        kelvin = cell.see(now, 298.15)
    assert kelvin == pytest.approx(298.15 - 25.0 / 2.718281828, abs=1e-6)
