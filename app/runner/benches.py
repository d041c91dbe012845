"""Commented bench files to start from: a wholly simulated bench, and a real one."""

SIMULATED_BENCH = """\
# A bench on which every instrument is simulated, over one simulated cell.
name = "simulated bench"

[potentiostat]
backend = "simulated"
model = "vmp300"
channel = 1                   # as printed on the instrument
point_overhead = "0.25 s"     # dead time of each frequency; 0.25 s at best, 0.7 s and more is common
bandwidth = 8                 # 1 slow to 9 fast
smallest_range = "10 µA"      # current range that is never gone below

[chamber]
backend = "simulated"
model = "weiss-simserv"

[gauge]
backend = "simulated"
model = "mark10"
full_scale = "20 kN"

[cadence]                     # how often each thing is read
potentiostat = "1 s"
force = "10 s"
temperature = "60 s"
commands = "0.25 s"           # wall time

[simulation]
seed = 1
# [simulation.cell], [simulation.noise], [simulation.chamber] and [simulation.press] override any
# parameter of the simulated cell and its world, for example:
# [simulation.cell]
# pore_diffusivity = "0.5e-11 cm²/s"
"""

HARDWARE_BENCH = """\
# A real bench. Every value below is an example: check each against your instruments, then run
#   stripbench bench check THIS_FILE
name = "bench 1"

[potentiostat]
backend = "hardware"
model = "vmp300"
address = "192.168.0.10"      # or "USB0"
library = "C:/EC-Lab Development Package/lib"   # folder of the vendor's EClib64.dll
channel = 1                   # as printed on the instrument
point_overhead = "0.25 s"     # dead time of each frequency: measure it; 0.7 s and more is common
bandwidth = 8                 # 1 slow to 9 fast
smallest_range = "10 µA"      # current range that is never gone below
floating = false

[chamber]                     # leave this table out if there is no chamber
backend = "hardware"
model = "weiss-simserv"
address = "TCPIP::192.168.0.20::2049::SOCKET"

[gauge]                       # leave this table out if there is no force gauge
backend = "hardware"
model = "mark10"
address = "ASRL3::INSTR"      # COM3; /dev/ttyUSB0 is "ASRL/dev/ttyUSB0::INSTR"
full_scale = "20 kN"

[cadence]                     # how often each thing is read
potentiostat = "0.25 s"       # E is compared with the cut-off this often
force = "1 s"
temperature = "10 s"
commands = "0.25 s"

[interlocks]                  # docs/interlocks.md has all of them; these are the defaults
highest_cell_temperature = "80 °C"   # acts; lithium melts at 180.5 °C
temperature_band = "1 K"      # flags
pressure_band = 0.1           # flags, as a share
shared_chamber = false        # true: another cell is in the same chamber
# dew_point = "9 °C"          # of the air around the cell
# dryer = ["Air dryer"]       # channels of the chamber, by their names
"""
