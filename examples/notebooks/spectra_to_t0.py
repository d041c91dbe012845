"""From raw spectra to R_int, C_int and t0, made by hand and compared with what the run concluded."""

# %% [markdown]
# # From spectra to t0, by hand
#
# What a run concluded while it went on is made again here from its raw spectra: R_int and C_int of every
# sweep, the moment at which R_int passes the threshold, and how much contact is left by then.
#
# Set STRIPBENCH_STORE to a store of yours; without it a small one is made on the simulated bench.

# %%
import numpy as np
from matplotlib import pyplot as plt
from simulated_store import store_to_look_at

import analysis
import storage
from analysis.depletion import first_crossing

store = storage.open(store_to_look_at())
runs = store.runs("current_density", "threshold")
print(runs[["simulated", "cell", "protocol", "spectra", "current_density", "threshold"]].to_string())

# %% [markdown]
# ## One run
# Every column says its unit, and every table whether it was simulated.

# %%
stripping = runs.index[runs["protocol"] == "GeisStripping"][-1]
run = store.run(stripping)
mark = "SIMULATED " if run.simulated else ""
print(run)
spectra = run.spectra(technique="GEIS", areal=True)
print(spectra.drop(columns=["pass", "mid time / s"]).head(3).to_string())

# %% [markdown]
# ## Nyquist plots, from the first sweep under current until the interface is nearly empty

# %%
sweeps = spectra["spectrum"].unique()
figure, axes = plt.subplots(figsize=(6, 2.8), layout="constrained")
for number in sweeps[np.linspace(0, 0.92 * (len(sweeps) - 1), 5).astype(int)]:
    one = spectra[spectra["spectrum"] == number]
    hours = (one["mid time / s"].iloc[0] - run.current_on) / 3600
    axes.plot(one["Re Z / Ω cm²"], one["-Im Z / Ω cm²"], ".-", ms=3, lw=0.8, label=f"{hours:.2f} h")
axes.set(xlabel="Re Z / Ω cm²", ylabel="−Im Z / Ω cm²", aspect="equal", ylim=(0, None))
figure.legend(loc="outside right upper", title=f"{mark}run {stripping}", fontsize="small")
figure.savefig("nyquist.png", dpi=150)

# %% [markdown]
# ## Fit all sweeps anew
# No guess is needed. The records, which `run.reader` gives, are what `analysis` takes.

# %%
records = [each.spectrum for each in run.reader.spectra()]
mine = analysis.fit(records, area=run.cell.area)
hours = (mine.time - run.current_on) / 3600
R_int = mine.values["R_int"] * run.cell.area * 1e4
C_int = mine.values["C_int"] / run.cell.area * 1e2

stored = run.fits(version=1)
both = np.isfinite(R_int) & np.isin(mine.time, stored["time / s"])
ratio = R_int[both] / stored.set_index("time / s").loc[mine.time[both], "R_int / Ω cm²"].to_numpy()
low, middle, high = np.quantile(ratio, (0.025, 0.5, 0.975))
print(f"R_int of {both.sum()} sweeps, mine over that of the run: median {middle:.4f}, "
      f"95 % of them between {low:.4f} and {high:.4f}")  # fmt: skip

# %% [markdown]
# ## t0: where R_int passes the threshold
# The threshold is per area of the electrode, in Ω cm²; the run keeps the absolute one with its decision.

# %%
decision = run.decisions().query("rule == 'depletion'").iloc[-1]
threshold = decision["parameters"]["threshold_ohm"] * run.cell.area * 1e4
crossing = first_crossing(hours, R_int, threshold)
if crossing is None:
    print(f"R_int never passed {threshold:.0f} Ω cm²: t0 is longer than {hours[-1]:.2f} h")
else:
    before = C_int[hours < 0]
    contact = crossing.interpolate(C_int, logarithmic=True) / before[-1]
    kept = (decision["parameters"]["t_cross_s"] - run.current_on) / 3600
    print(f"t0 {mark}by {threshold:.0f} Ω cm²: mine {crossing.time:.4f} h, of the run {kept:.4f} h")
    print(f"C/C0 at t0: {100 * contact:.1f} %")

# %% [markdown]
# ## R_int and C_int over time

# %%
figure, (above, below) = plt.subplots(2, sharex=True, figsize=(4.5, 5), layout="constrained")
above.semilogy(hours, R_int, ".", ms=3, label="fitted here")
above.semilogy(stored["time since current on / h"], stored["R_int / Ω cm²"], lw=0.8, label="of the run")
above.axhline(threshold, color="0.5", lw=0.8)
above.set_ylabel("R_int / Ω cm²")
above.legend(title=f"{mark}run {stripping}", fontsize="small")
below.plot(hours, C_int, ".", ms=3)
below.set(xlabel="t / h", ylabel="C_int / µF cm⁻²", ylim=(0, None))
figure.savefig("r_int_c_int.png", dpi=150)

# %%
store.close()
