"""The Sand plot of several strippings, D with its interval, and a figure for a journal."""

# %% [markdown]
# # The Sand plot, and D with its interval
#
# Electrodes stripped at several currents under otherwise the same conditions: t0^(−1/2) over i is straight,
# and D is in its slope. t0 is extrapolated to 1/R_int → 0, where no threshold decides; what a threshold
# makes of it stands beside.
#
# Set STRIPBENCH_STORE to a store of yours; without it a small one is made on the simulated bench.

# %%
from pathlib import Path

import numpy as np
import pandas as pd
from simulated_store import store_to_look_at

import storage
from analysis.sand import sand_line
from app.conclusions import conclude
from app.figures import FIGURES, save

store = storage.open(store_to_look_at())
runs = store.runs("current_density")
strippings = runs[runs["protocol"] == "GeisStripping"]
conclusions = conclude(store.store, [int(run) for run in strippings.index])
mark = "SIMULATED" if conclusions.simulated else "measured"

# %% [markdown]
# ## Depletion of every run
# The error is that of t0 alone: how much electrodes differ shows in the scatter about the line.

# %%
table = pd.DataFrame(
    {
        "run": each.run,
        "metal": each.metal,
        "i / µA/cm²": each.density * 1e2,
        "T / °C": each.temperature - 273.15,
        "t0 (threshold) / h": each.time / 3600,
        "censored": each.censored,
        "t0 (1/R → 0) / h": np.nan if each.vanishing is None else each.vanishing / 3600,
        "its error / h": np.nan if each.vanishing_error is None else each.vanishing_error / 3600,
        "C/C0 at t0": each.contact,
    }
    for each in conclusions.depletions
)
print(mark)
print(table.to_string(index=False, float_format="{:.4g}".format))

# %% [markdown]
# ## D by Sand's equation
# Always with the concentration drop that it rests on. One point gives no interval, which then reaches from
# nothing to infinity.

# %%
for each in conclusions.sand:
    line = each.by_vanishing
    if line is None:
        print(f"{each.conditions}: no line")
        continue
    print(f"{mark} {each.conditions}: D = {line.diffusion * 1e4:.3g} cm²/s, from {line.points} points")
    print(f"    95 % interval {line.low * 1e4:.3g} to {line.high * 1e4:.3g} cm²/s")
    print(f"    with {each.drop_name} = {each.drop * 1e-3:.1f} mmol/cm³ as the drop in concentration")
    if each.bias is not None:
        print(f"    by the threshold D would be {100 * each.bias:+.1f} %")
    if each.true is not None:
        print(f"    true t0 of the simulated cells give {each.true.diffusion * 1e4:.3g} cm²/s")
for each in conclusions.refused:
    print(f"not concluded: {each.what}: {each.why} {each.remedy}")

# %% [markdown]
# ## The same line by hand

# %%
first = conclusions.sand[0]
rows = [each for each in first.rows if each.vanishing is not None]
density = np.array([each.density for each in rows])
time = np.array([each.vanishing for each in rows])
error = np.array([each.vanishing_error for each in rows])
by_hand = sand_line(density, time, first.drop, error / time)
print(f"by hand, {first.metal}: D = {by_hand.diffusion * 1e4:.3g} cm²/s, "
      f"slope {by_hand.slope:.5g} s^(−1/2) m²/A, intercept {by_hand.intercept:.2g} s^(−1/2)")  # fmt: skip

# %% [markdown]
# ## The figure, as for a journal

# %%
sand = FIGURES["sand"]
missing = sand.missing(conclusions)
if missing:
    print(missing)
else:
    # A figure never overwrites another one, so an old one has to go first.
    Path("sand_plot.svg").unlink(missing_ok=True)
    save(sand.draw(conclusions, "single"), Path("sand_plot.svg"))
    print(sand.caption(conclusions))

# %%
store.close()
