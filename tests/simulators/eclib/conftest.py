"""A raw ctypes client, a cell of known resistance and capacitance, and a clock moved by hand."""

import bisect
import ctypes
import struct
from dataclasses import dataclass, field

import numpy as np
import pytest

from core.clock import Clock
from simulators.eclib import Faults, NoiseParameters, SimulatedEClib

PEAK, DC = 2e-6, 20e-6


class CurrentValues(ctypes.Structure):
    _pack_ = 4
    _fields_ = [
        ("State", ctypes.c_int32),
        ("MemFilled", ctypes.c_int32),
        ("TimeBase", ctypes.c_float),
        ("Ewe", ctypes.c_float),
        ("EweRangeMin", ctypes.c_float),
        ("EweRangeMax", ctypes.c_float),
        ("Ece", ctypes.c_float),
        ("EceRangeMin", ctypes.c_float),
        ("EceRangeMax", ctypes.c_float),
        ("Eoverflow", ctypes.c_int32),
        ("I", ctypes.c_float),
        ("IRange", ctypes.c_int32),
        ("Ioverflow", ctypes.c_int32),
        ("ElapsedTime", ctypes.c_float),
        ("Freq", ctypes.c_float),
        ("Rcomp", ctypes.c_float),
        ("Saturation", ctypes.c_int32),
        ("OptErr", ctypes.c_int32),
        ("OptPos", ctypes.c_int32),
    ]


class Param(ctypes.Structure):
    _pack_ = 4
    _fields_ = [
        ("ParamStr", ctypes.c_char * 64),
        ("ParamType", ctypes.c_int32),
        ("ParamVal", ctypes.c_int32),
        ("ParamIndex", ctypes.c_int32),
    ]


class Params(ctypes.Structure):
    _pack_ = 4
    _fields_ = [("len", ctypes.c_int32), ("pParams", ctypes.POINTER(Param))]


class RcCell:
    """R ∥ C for the sine, R and a ramp with the charge for the direct current; remembers its inputs."""

    def __init__(self, resistance=1000.0, capacitance=1e-6, ramp=0.0):
        self.resistance, self.capacitance, self.ramp = resistance, capacitance, ramp
        self.inputs = [(0.0, "open", 0.0, 0.0)]
        self.touched = []

    def _input(self, time, mode, value):
        assert time >= self.inputs[-1][0], "an input comes before an earlier one"
        self.inputs.append((time, mode, value, self._charge(time)))

    def set_current(self, time, current):
        self._input(time, "current", current)

    def set_voltage(self, time, voltage):
        self._input(time, "voltage", voltage)

    def open_circuit(self, time):
        self._input(time, "open", 0.0)

    def touch(self, time):
        self.touched.append(time)

    def _at(self, time):
        return self.inputs[bisect.bisect_right([each[0] for each in self.inputs], time) - 1]

    def _charge(self, time):
        since, mode, value, charge = self._at(time)
        return charge + value * (time - since) if mode == "current" else charge

    def voltage(self, time):
        _, mode, value, _ = self._at(time)
        if mode == "voltage":
            return value
        return self.ramp * self._charge(time) + (self.resistance * value if mode == "current" else 0.0)

    def current(self, time):
        _, mode, value, charge = self._at(time)
        if mode == "voltage":
            return (value - self.ramp * charge) / self.resistance
        return value

    def measure(self, time):
        return self.voltage(time), self.current(time)

    def impedance(self, frequency, time):
        return self.resistance / (1 + 2j * np.pi * frequency * self.resistance * self.capacitance)

    def scan(self, frequency, time):
        measured = np.array([self.measure(each) for each in time])
        return self.impedance(frequency, time), measured[:, 0], measured[:, 1]


class HandClock(Clock):
    simulated = True
    time = 0.0

    def now(self):
        return self.time

    def wait_until(self, due):
        raise AssertionError("the simulated library must not wait")


@dataclass
class Data:
    """What one read brought."""

    code: int
    infos: bytes
    words: np.ndarray
    values: CurrentValues

    def _info(self, place):
        return struct.unpack_from("<i", self.infos, 4 * place)[0]

    @property
    def skipped(self):
        return self._info(0)

    @property
    def rows(self):
        return self._info(1)

    @property
    def columns(self):
        return self._info(2)

    @property
    def key(self):
        """Technique index, technique ID, process, loop."""
        return tuple(self._info(place) for place in (3, 4, 5, 6))

    @property
    def start(self):
        return struct.unpack_from("<d", self.infos, 28)[0]

    @property
    def raw(self):
        return self.words[: self.rows * self.columns].reshape(self.rows, self.columns)

    @property
    def table(self):
        return self.raw.view(np.float32)

    @property
    def time(self):
        """Seconds since the channel's start of scalar rows."""
        ticks = self.raw[:, 0].astype(np.uint64) * 2**32 + self.raw[:, 1]
        return self.start + self.values.TimeBase * ticks


@dataclass
class Client:
    """Speaks to the library as any ctypes program would."""

    lib: object
    clock: HandClock
    cell: object
    faults: Faults
    id: int = -1
    kept: list = field(default_factory=list)

    def connect(self, address=b"192.168.0.10"):
        number, infos = ctypes.c_int32(-7), (ctypes.c_int32 * 11)()
        code = self.lib.BL_Connect(address, 5, ctypes.byref(number), infos)
        if number.value >= 0:
            self.id = number.value
        return code, list(infos)

    def firmware(self, slots=(0,), force=False, kernel=None, fpga=None):
        flags, results = bytes(slot in slots for slot in range(16)), (ctypes.c_int32 * 16)()
        code = self.lib.BL_LoadFirmware(self.id, flags, results, 16, False, force, kernel, fpga)
        return code, list(results)

    def params(self, table):
        made = []
        for label, given in table.items():
            for index, value in enumerate(given if isinstance(given, list) else [given]):
                if isinstance(value, bool):
                    kind, bits = 1, int(value)
                elif isinstance(value, float):
                    kind, bits = 2, struct.unpack("<i", struct.pack("<f", value))[0]
                else:
                    kind, bits = 0, value
                made.append(Param(label.encode(), kind, bits, index))
        array = (Param * len(made))(*made)
        self.kept.append(array)
        return Params(len(made), array)

    def load(self, file, table, first=True, last=True, channel=0):
        return self.lib.BL_LoadTechnique(
            self.id, channel, file.encode(), self.params(table), first, last, False
        )

    def program(self, *techniques, channel=0):
        for place, (file, table) in enumerate(techniques):
            code = self.load(file, table, place == 0, place == len(techniques) - 1, channel)
            assert code == 0, self.messages()

    def start(self, channel=0):
        return self.lib.BL_StartChannel(self.id, channel)

    def stop(self, channel=0):
        return self.lib.BL_StopChannel(self.id, channel)

    def update(self, index, file, table):
        return self.lib.BL_UpdateParameters(self.id, 0, index, self.params(table), file.encode())

    def messages(self, channel=0):
        texts = []
        while True:
            text, size = ctypes.create_string_buffer(256), ctypes.c_uint32(256)
            assert self.lib.BL_GetMessage(self.id, channel, text, ctypes.byref(size)) == 0
            if size.value == 0:
                return texts
            assert len(text.value) == size.value
            texts.append(text.value.decode())

    def look(self, channel=0):
        values = CurrentValues()
        assert self.lib.BL_GetCurrentValues(self.id, channel, ctypes.byref(values)) == 0
        return values

    def read(self, channel=0):
        words = np.full(1001, 0xDEADBEEF, np.uint32)
        infos, values = ctypes.create_string_buffer(b"\xaa" * 48, 48), CurrentValues()
        code = self.lib.BL_GetData(
            self.id, channel, ctypes.c_void_p(words.ctypes.data), infos, ctypes.byref(values)
        )
        assert words[1000] == 0xDEADBEEF, "more than 1000 words were written"
        assert infos.raw[40:] == b"\xaa" * 8, "more than 40 bytes of data infos were written"
        return Data(code, infos.raw[:40], words[:1000], values)

    def drain(self, channel=0):
        found = []
        while (data := self.read(channel)).rows:
            assert data.code == 0
            found.append(data)
        return found

    def run(self, until, every):
        """Poll until a time and return all that came."""
        found = []
        while self.clock.time < until:
            self.clock.time = min(until, self.clock.time + every)
            found += self.drain()
        return found


@pytest.fixture
def make_client():
    def make(cell=None, noise=None, ready=True, clock=None, **options):
        clock = clock or HandClock()
        cell = cell or RcCell()
        options.setdefault("faults", Faults())
        lib = SimulatedEClib(cell, clock, noise=noise or NoiseParameters.off(), **options)
        client = Client(lib, clock, cell, options["faults"])
        if ready:
            assert client.connect()[0] == 0
            assert client.firmware() == (0, [0] * 16)
        return client

    return make


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def rc_cell():
    return RcCell


@pytest.fixture
def hand_clock():
    return HandClock


@pytest.fixture
def params_type():
    return Param, Params


@pytest.fixture
def ocv():
    return "ocv4.ecc", {"Rest_time_T": 10.0, "Record_every_dE": 0.0, "Record_every_dT": 1.0}


@pytest.fixture
def cp():
    return "cp4.ecc", {
        "Current_step": [DC],
        "vs_initial": [False],
        "Duration_step": [10.0],
        "Step_number": 0,
        "Record_every_dT": 1.0,
        "Record_every_dE": 0.0,
        "N_Cycles": 0,
        "I_Range": 6,
    }


@pytest.fixture
def ca(cp):
    table = dict(cp[1], Voltage_step=[0.1], Record_every_dI=0.0)
    for label in ("Current_step", "Record_every_dE", "I_Range"):
        del table[label]
    return "ca4.ecc", table


@pytest.fixture
def cplimit(cp):
    return "cplimit4.ecc", dict(
        cp[1],
        Test1_Config=[5],
        Test1_Value=[2.0],
        Test2_Config=[1],
        Test2_Value=[-2.0],
        Exit_Cond=[2],
    )


@pytest.fixture
def geis():
    return "geis4.ecc", {
        "vs_initial": False,
        "vs_final": False,
        "Initial_Current_step": DC,
        "Final_Current_step": DC,
        "Duration_step": 0.0,
        "Step_number": 0,
        "Record_every_dT": 0.5,
        "Record_every_dE": 0.0,
        "Final_frequency": 1.0,
        "Initial_frequency": 1e5,
        "sweep": False,
        "Amplitude_Current": PEAK,
        "Frequency_number": 6,
        "Average_N_times": 2,
        "Correction": False,
        "Wait_for_steady": 0.5,
        "I_Range": 6,
        "E_Range": 2,
        "Bandwidth": 8,
    }


@pytest.fixture
def peis():
    return "peis4.ecc", {
        "vs_initial": True,
        "Initial_Voltage_step": 0.0,
        "Duration_step": 1.0,
        "Record_every_dT": 0.5,
        "Record_every_dI": 0.0,
        "Final_frequency": 1.0,
        "Initial_frequency": 1e5,
        "sweep": False,
        "Amplitude_Voltage": 0.01,
        "Frequency_number": 6,
        "Average_N_times": 2,
        "Correction": True,
        "Wait_for_steady": 0.5,
        "I_Range": 6,
    }


@pytest.fixture
def loop():
    return "loop4.ecc", {"loop_N_times": -1, "protocol_number": 0}
