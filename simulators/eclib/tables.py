"""Numbers of the simulated VMP-300: techniques, columns, ranges, files and limits.

This is the instrument's side of the tables. A driver has its own; neither may be made from the other.
"""

import math
from dataclasses import dataclass

DEVICE_VMP300 = 12
BOARD_PREMIUM = 2
FLOAT_IEEE = 1
SLOTS = 16
FIRMWARE_NONE, FIRMWARE_ECLAB, FIRMWARE_KERNEL = 0, 1, 5
FIRMWARE_VERSION = 540
FPGA_VERSION = 0xAA1F
LIBRARY_VERSION = "6.08"

STATE_STOP, STATE_RUN = 0, 1

KERNEL_FILES = {"kernel.bin": 1, "kernel4.bin": 2, "kernel5.bin": 3}
"""Firmware files that exist, and the board type each is for."""
FPGA_FILES = {"vmp_ii_0437_a6.xlx": 1, "vmp_iv_0395_aa.xlx": 2}

RANGE_KEEP, RANGE_BOOSTER, RANGE_AUTO = -1, 11, 12
SMALLEST_RANGE, LARGEST_RANGE = 4, 10
"""Codes of the ranges that this channel has: 1 µA to 1 A."""
LARGEST_BANDWIDTH = 9
VOLTAGE_RANGES = {0: 2.5, 1: 5.0, 2: 10.0, 3: 10.0}
"""Full scale in V of each E_Range code; 3 is automatic."""
HIGHEST_FREQUENCY = 7e6
LOWEST_FREQUENCY = 1e-5

MAX_CONNECTIONS = 8
MAX_TECHNIQUES = 20
MAX_UPDATES = 10
MEMORY_BYTES = 4 << 20

EXTRA_COLUMNS = (0x01, 0x02, 0x04, 0x20, 0x40, 0x80)
"""Bits of `xctr` that add a column, in the order of the columns: Ece, IN1, IN2, control, Q, IRange."""
EXTRA_BITS = 0xEF


_CURRENT_RANGES = tuple(10.0 ** (code - 10) for code in range(LARGEST_RANGE + 1))


def current_range(code: int) -> float:
    """Return the full scale in A of a current range code from 0 (100 pA) to 10 (1 A)."""
    return _CURRENT_RANGES[code]


def smallest_range(current: float) -> int:
    """Return the code of the smallest range of this channel that holds `current` A."""
    if not current > 0.0:
        return SMALLEST_RANGE
    code = math.ceil(math.log10(current) + 10.0 - 1e-9)
    return min(max(code, SMALLEST_RANGE), LARGEST_RANGE)


@dataclass(frozen=True)
class TechniqueKind:
    """A technique file: its identity, default time base in s and columns of process 0 and 1."""

    stem: str
    identity: int
    timebase: float
    columns: tuple[int, ...]


KINDS: dict[str, TechniqueKind] = {
    kind.stem: kind
    for kind in (
        TechniqueKind("ocv", 100, 20e-6, (3,)),
        TechniqueKind("ca", 101, 21e-6, (5,)),
        TechniqueKind("cp", 102, 21e-6, (5,)),
        TechniqueKind("calimit", 157, 34e-6, (5,)),
        TechniqueKind("cplimit", 155, 34e-6, (5,)),
        TechniqueKind("peis", 104, 24e-6, (4, 14)),
        TechniqueKind("geis", 107, 24e-6, (4, 14)),
        TechniqueKind("loop", 150, 20e-6, ()),
    )
}

OTHER_STEMS = frozenset(
    ("cv", "seisp", "seisg", "vscan", "iscan", "vscanlimit", "iscanlimit", "ti", "to", "tos")
) | {"mp", "pzir", "gzir", "ircmp", "biovscan", "load", "pow"}
"""Technique files that a package has, but that this channel does not simulate."""
