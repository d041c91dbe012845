"""Every way in which a technique can be wrong, its code, and the text in the message queue."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.eclib.codes import TEXTS


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("nonsense4.ecc", -400),
        ("geis4.exe", -400),
        ("", -400),
        ("vscan4.ecc", -400),
        ("ocv.ecc", -401),
        ("ocv5.ecc", -401),
        ("C:\\lib\\ocv4.ecc", 0),
        ("/opt/lib/OCV4.ECC", 0),
    ],
)
def test_files(client, ocv, file, code):
    assert client.load(file, ocv[1]) == code
    assert bool(client.messages()) == bool(code)


def test_all_techniques_load(client, ocv, cp, ca, cplimit, geis, peis, loop):
    calimit = "calimit4.ecc", dict(ca[1], Test1_Config=[101], Test1_Value=[1e-3], Exit_Cond=[1])
    client.program(ocv, cp, ca, cplimit, calimit, geis, peis, loop)
    assert client.messages() == []


WRONG = [
    ("cp", {"Current_Step": [1e-5]}, "unknown label 'Current_Step'"),
    ("cp", {"Step_number": 0.0}, "Step_number must be of type int"),
    ("cp", {"Duration_step": [1]}, "Duration_step must be of type single"),
    ("cp", {"vs_initial": [0]}, "vs_initial must be of type bool"),
    ("cp", {"Current_step": [1e-5] * 101}, "index must be 0..99"),
    ("cplimit", {"Current_step": [1e-5] * 21}, "index must be 0..19"),
    ("cp", {"N_Cycles": [0, 0]}, "N_Cycles[1]: index must be 0..0"),
    ("cp", {"I_Range": None}, "I_Range is missing"),
    ("cp", {"Record_every_dE": None}, "Record_every_dE is missing"),
    ("cp", {"Step_number": 1}, "Current_step[1] is missing"),
    ("cp", {"Step_number": 99}, "at most 98"),
    ("cp", {"I_Range": 12}, "not allowed"),
    ("cp", {"I_Range": 3}, "this channel has 4..10"),
    ("cp", {"I_Range": 11}, "this channel has 4..10"),
    ("cp", {"Current_step": [1.1e-4]}, "beyond the range"),
    ("cp", {"Duration_step": [-1.0]}, "Duration_step = -1"),
    ("cp", {"Duration_step": [1e9]}, "is longer than"),
    ("cp", {"Duration_step": [float("nan")]}, "Duration_step = nan"),
    ("cp", {"Current_step": [float("inf")]}, "Current_step = inf"),
    ("cp", {"Bandwidth": 10}, "Bandwidth = 10"),
    ("cp", {"Bandwidth": 0}, "Bandwidth must be"),
    ("cp", {"E_Range": 4}, "E_Range = 4"),
    ("cp", {"tb": 0.0}, "tb = 0"),
    ("cp", {"xctr": 0x10}, "reserved"),
    ("ca", {"Voltage_step": [2.6], "E_Range": 0}, "beyond the range"),
    ("ocv", {"Rest_time_T": None}, "Rest_time_T is missing"),
    ("ocv", {"Rest_time_T": -1.0}, "Rest_time_T"),
    ("cplimit", {"Test1_Config": [5 | 1 << 7]}, "bits without a meaning"),
    ("cplimit", {"Test1_Config": [1 | 2 << 2]}, "bits without a meaning"),
    ("cplimit", {"Test1_Value": None}, "Test1_Value[0] is missing"),
    ("cplimit", {"Exit_Cond": None}, "Exit_Cond[0] is missing"),
    ("cplimit", {"Exit_Cond": [3]}, "Exit_Cond = 3"),
    ("geis", {"I_Range": 12}, "not allowed"),
    ("geis", {"Amplitude_Current": 5.1e-5}, "50 %"),
    ("geis", {"Amplitude_Current": 0.0}, "more than zero"),
    ("geis", {"Initial_frequency": 8e6}, "Initial_frequency"),
    ("geis", {"Final_frequency": 0.0}, "Final_frequency"),
    ("geis", {"Frequency_number": 0}, "Frequency_number"),
    ("geis", {"Average_N_times": 0}, "Average_N_times"),
    ("geis", {"Wait_for_steady": -0.1}, "Wait_for_steady"),
    ("geis", {"Final_Current_step": 1e-5}, "must equal"),
    ("geis", {"vs_final": True}, "must equal"),
    ("geis", {"Step_number": 1}, "Step_number = 1"),
    ("geis", {"Correction": None}, "Correction is missing"),
    ("geis", {"Amplitude_Voltage": 0.01}, "unknown label"),
    ("peis", {"Amplitude_Voltage": 11.0}, "beyond"),
    ("peis", {"sweep": None}, "sweep is missing"),
]


@pytest.mark.parametrize(("name", "change", "text"), WRONG, ids=[f"{w[0]}-{w[2]}" for w in WRONG])
def test_wrong_parameters(client, request, name, change, text):
    file, table = request.getfixturevalue(name)
    table = {label: value for label, value in (table | change).items() if value is not None}
    assert client.load(file, table) == -403
    (message,) = client.messages()
    assert text in message
    assert message.startswith(file)
    assert client.start() == -6


@pytest.mark.parametrize(
    ("change", "text"),
    [({"loop_N_times": 0}, "loop_N_times"), ({"protocol_number": 1}, "does not lie before")],
)
def test_wrong_loops(client, ocv, loop, change, text):
    assert client.load(*ocv, last=False) == 0
    assert client.load(loop[0], loop[1] | change, first=False) == -403
    assert text in client.messages()[0]


def test_an_amplitude_of_half_the_range_is_allowed(client, geis):
    assert client.load(geis[0], geis[1] | {"Amplitude_Current": 5e-5}) == 0


def test_a_label_given_twice(client, ocv):
    params = client.params(ocv[1])
    params.pParams[1] = params.pParams[0]
    assert client.lib.BL_LoadTechnique(client.id, 0, b"ocv4.ecc", params, True, True, False) == -403
    assert "given twice" in client.messages()[0]


def test_order_of_first_and_last(client, ocv):
    assert client.load(*ocv, first=False) == -403
    assert client.load(*ocv, last=False) == 0
    assert client.start() == -6
    assert client.load(*ocv, first=False) == 0
    assert client.load(*ocv, first=False) == -403
    assert client.messages()[-1].endswith("without a first technique before it")
    assert client.load(*ocv) == 0
    assert client.start() == 0


def test_too_many_techniques(client, ocv):
    codes = [client.load(*ocv, first=place == 0, last=False) for place in range(21)]
    assert codes == [0] * 20 + [-405]


def test_nonsense_for_a_parameter_list(client, params_type):
    _, params = params_type
    for given_list in (params(-1, None), params(3, None)):
        assert client.lib.BL_LoadTechnique(client.id, 0, b"ocv4.ecc", given_list, True, True, False) == -4
    assert client.lib.BL_LoadTechnique(client.id, 0, None, params(0, None), True, True, False) == -400


labels = st.sampled_from(
    ["Current_step", "Duration_step", "vs_initial", "Step_number", "I_Range", "Test1_Config", "Exit_Cond"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["cp4.ecc", "cplimit4.ecc", "geis4.ecc", "ocv4.ecc"]),
    st.lists(
        st.tuples(
            labels | st.text(max_size=20).map(str),
            st.integers(-1, 4),
            st.integers(-(2**31), 2**31 - 1),
            st.integers(-2, 120),
        ),
        max_size=30,
    ),
)
def test_any_bytes_give_a_documented_code_and_a_text(client, params_type, file, given_list):
    param, params = params_type
    array = (param * len(given_list))(
        *(param(label.encode()[:63], kind, value, index) for label, kind, value, index in given_list)
    )
    code = client.lib.BL_LoadTechnique(
        client.id, 0, file.encode(), params(len(array), array), True, True, False
    )
    assert code in TEXTS
    assert code in (0, -403)
    assert bool(client.messages()) == bool(code)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=76, max_size=76 * 5))
def test_raw_bytes_for_parameters(client, params_type, raw):
    param, params = params_type
    number = len(raw) // struct.calcsize("64siii")
    array = (param * number).from_buffer_copy(raw)
    assert (
        client.lib.BL_LoadTechnique(client.id, 0, b"cp4.ecc", params(number, array), True, True, False)
        == -403
    )
