"""The library's surface: what ctypes would give for the real one, and bytes that really cross."""

import ctypes
import struct

import pytest

EXPORTS = [
    "BL_GetLibVersion",
    "BL_GetVolumeSerialNumber",
    "BL_GetErrorMsg",
    "BL_Connect",
    "BL_Disconnect",
    "BL_TestConnection",
    "BL_TestCommSpeed",
    "BL_LoadFirmware",
    "BL_IsChannelPlugged",
    "BL_GetChannelsPlugged",
    "BL_GetChannelInfos",
    "BL_GetChannelBoardType",
    "BL_GetChannelFloatFormat",
    "BL_GetMessage",
    "BL_GetHardConf",
    "BL_SetHardConf",
    "BL_GetOptErr",
    "BL_LoadTechnique",
    "BL_DefineBoolParameter",
    "BL_DefineSglParameter",
    "BL_DefineIntParameter",
    "BL_UpdateParameters",
    "BL_GetTechniqueInfos",
    "BL_StartChannel",
    "BL_StartChannels",
    "BL_StopChannel",
    "BL_StopChannels",
    "BL_GetCurrentValues",
    "BL_GetData",
    "BL_ConvertNumericIntoSingle",
    "BL_ConvertChannelNumericIntoSingle",
    "BL_ConvertTimeChannelNumericIntoSeconds",
    "BL_ConvertTimeChannelNumericIntoTimebases",
    "BL_SetExperimentInfos",
    "BL_GetExperimentInfos",
]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_a_bare_pointer(client, name):
    pointer = getattr(client.lib, name)
    assert pointer.__name__ == name
    assert pointer.restype is ctypes.c_int
    assert pointer.argtypes is None
    assert isinstance(pointer, ctypes._CFuncPtr)
    assert ctypes.cast(pointer, ctypes.c_void_p).value


def test_attributes_are_cached_and_items_fresh(client):
    lib = client.lib
    assert lib.BL_Connect is lib.BL_Connect
    fresh = lib["BL_Connect"]
    assert fresh is not lib["BL_Connect"]
    lib.BL_Connect.argtypes = [ctypes.c_char_p]
    assert fresh.argtypes is None
    assert lib["BL_Connect"].argtypes is None


def test_an_unknown_export_is_an_attribute_error(client):
    with pytest.raises(AttributeError, match="BL_Nonsense"):
        client.lib.BL_Nonsense  # noqa: B018
    with pytest.raises(AttributeError):
        client.lib["clock"]
    assert not hasattr(client.lib, "BL_Connec")


def test_a_pointer_outlives_the_library(make_client):
    pointer = make_client().lib["BL_GetVolumeSerialNumber"]
    pointer.restype = ctypes.c_uint32
    assert pointer() > 0


def test_declared_types_work_as_well_as_none(client, params_type):
    _, params = params_type
    load = client.lib["BL_LoadTechnique"]
    load.argtypes = [
        ctypes.c_int32,
        ctypes.c_uint8,
        ctypes.c_char_p,
        params,
        ctypes.c_bool,
        ctypes.c_bool,
        ctypes.c_bool,
    ]
    table = client.params({"Rest_time_T": 1.0, "Record_every_dE": 0.0, "Record_every_dT": 1.0})
    assert ctypes.sizeof(params) == 12
    assert load(client.id, 0, b"C:\\EC-Lab\\lib\\OCV4.ecc", table, True, True, False) == 0


def test_texts_and_sizes(client):
    text, size = ctypes.create_string_buffer(64), ctypes.c_uint32(64)
    assert client.lib.BL_GetLibVersion(text, ctypes.byref(size)) == 0
    assert (text.value, size.value) == (b"6.08", 4)
    size.value = 8
    assert client.lib.BL_GetErrorMsg(-203, text, ctypes.byref(size)) == 0
    assert (text.value, size.value) == (b"invalid", 7)
    assert client.lib.BL_GetErrorMsg(-203, None, ctypes.byref(size)) == -4


def test_parameters_are_defined_as_bytes(client, params_type):
    param = params_type[0]()
    assert client.lib.BL_DefineSglParameter(b"Rest_time_T", ctypes.c_float(1.5), 3, ctypes.byref(param)) == 0
    assert (param.ParamStr, param.ParamType, param.ParamIndex) == (b"Rest_time_T", 2, 3)
    assert struct.pack("<i", param.ParamVal) == struct.pack("<f", 1.5)
    assert client.lib.BL_DefineIntParameter(b"I_Range", -1, 0, ctypes.byref(param)) == 0
    assert (param.ParamType, param.ParamVal) == (0, -1)
    assert client.lib.BL_DefineBoolParameter(b"sweep", True, 0, ctypes.byref(param)) == 0
    assert (param.ParamType, param.ParamVal) == (1, 1)
    assert client.lib.BL_DefineIntParameter(b"x" * 64, 1, 0, ctypes.byref(param)) == -4


def test_words_are_converted(client):
    single, double = ctypes.c_float(), ctypes.c_double()
    word = struct.unpack("<I", struct.pack("<f", -2.75))[0]
    assert client.lib.BL_ConvertChannelNumericIntoSingle(word, ctypes.byref(single), 2) == 0
    assert single.value == -2.75
    assert client.lib.BL_ConvertNumericIntoSingle(word, ctypes.byref(single)) == 0
    assert client.lib.BL_ConvertChannelNumericIntoSingle(word, ctypes.byref(single), 77) == -4
    ticks = (ctypes.c_uint32 * 2)(1, 2)
    convert = client.lib.BL_ConvertTimeChannelNumericIntoSeconds
    assert convert(ticks, ctypes.byref(double), ctypes.c_float(0.5), 2) == 0
    assert double.value == 0.5 * (2**32 + 2)
    assert client.lib.BL_ConvertTimeChannelNumericIntoTimebases(ticks, ctypes.byref(double), 2) == 0
    assert double.value == 2**32 + 2


def test_no_exception_escapes(make_client, rc_cell, cp, caplog, capfd):
    class Broken(rc_cell):
        def voltage(self, time):
            raise ZeroDivisionError("the cell fell out")

    client = make_client(cell=Broken())
    client.program(cp)
    assert client.start() == -6
    assert "the cell fell out" in caplog.text
    assert capfd.readouterr().err == ""


def test_null_buffers_are_refused(client):
    assert client.lib.BL_GetData(client.id, 0, None, None, None) == -4
    assert client.lib.BL_GetCurrentValues(client.id, 0, None) == -4
    assert client.lib.BL_LoadFirmware(client.id, None, None, 16, False, False, None, None) == -4
    assert client.lib.BL_Connect(b"192.168.0.1", 5, None, None) == -4


def test_notes_of_a_channel_are_kept(client):
    class Infos(ctypes.Structure):
        _pack_ = 4
        _fields_ = [("numbers", ctypes.c_int32 * 4), ("filename", ctypes.c_char * 256)]

    given, back = Infos((1, 2, 3, 4), b"cell 7"), Infos()
    assert client.lib.BL_SetExperimentInfos(client.id, 0, given) == 0
    assert client.lib.BL_GetExperimentInfos(client.id, 0, ctypes.byref(back)) == 0
    assert bytes(back) == bytes(given)


def test_what_was_loaded_can_be_read_back(client, geis, params_type):
    class Infos(ctypes.Structure):
        _pack_ = 4
        _fields_ = [
            ("numbers", ctypes.c_int32 * 4),
            ("params", ctypes.POINTER(params_type[0])),
            ("settings", ctypes.POINTER(params_type[0])),
        ]

    client.program(geis)
    infos = Infos()
    assert client.lib.BL_GetTechniqueInfos(client.id, 0, 0, ctypes.byref(infos)) == 0
    assert list(infos.numbers) == [107, 0, len(geis[1]) - 3, 3]
    assert infos.params[0].ParamStr == b"vs_initial"
    assert infos.settings[0].ParamStr == b"I_Range"
    assert client.lib.BL_GetTechniqueInfos(client.id, 0, 1, ctypes.byref(infos)) == -4
