"""The library that any program can load, on the real clock."""

import ctypes

import pytest

import simulators.eclib
from core.errors import BadInput


def test_a_default_bench():
    lib = simulators.eclib.load()
    number, infos = ctypes.c_int32(-1), (ctypes.c_int32 * 11)()
    assert lib.BL_Connect(b"192.168.0.1", ctypes.c_uint8(5), ctypes.byref(number), infos) == 0
    results = (ctypes.c_int32 * 16)()
    assert lib.BL_LoadFirmware(number, bytes([1] + [0] * 15), results, 16, False, False, None, None) == 0
    words = (ctypes.c_float * 19)()
    assert lib.BL_GetCurrentValues(number, 0, words) == 0
    assert abs(words[3]) < 1e-3  # a symmetric lithium cell at rest
    assert words[10] == 0.0


def test_a_bench_file(tmp_path):
    path = tmp_path / "bench.toml"
    path.write_text(
        'name = "b"\n[potentiostat]\nbackend = "simulated"\nchannel = 3\n'
        "[simulation]\nseed = 4\nnoise = { impedance = 0.01 }\n",
        encoding="utf-8",
    )
    for given in (path, str(path)):
        lib = simulators.eclib.load(given)
        number, infos = ctypes.c_int32(-1), (ctypes.c_int32 * 11)()
        assert lib.BL_Connect(b"USB0", 5, ctypes.byref(number), infos) == 0
        assert lib.BL_IsChannelPlugged(number, 2) == 1
        assert lib.BL_IsChannelPlugged(number, 0) == 0


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("name = ", "not a TOML file"),
        ('name = "b"', "potentiostat: missing"),
        (
            'name = "b"\n[potentiostat]\nbackend = "simulated"\n[simulation.noise]\nfoo = 1',
            "foo: unknown key",
        ),
        ('name = "b"\n[potentiostat]\nbackend = "simulated"\n[simulation.cell]\nfoo = 1', "foo"),
    ],
)
def test_wrong_bench_files(tmp_path, text, wrong):
    path = tmp_path / "bench.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=wrong):
        simulators.eclib.load(path)


def test_a_missing_bench_file(tmp_path):
    with pytest.raises(BadInput, match=r"nothing\.toml: the bench file cannot be read"):
        simulators.eclib.load(tmp_path / "nothing.toml")
