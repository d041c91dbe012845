"""The diffusion model of a Li–Mg anode: profiles, utilisation, and a fit to what was measured."""

# %% [markdown]
# # The diffusion model of a Li–Mg anode
#
# Magnesium stays where it is while lithium is stripped, and lithium has to diffuse to the interface. In the
# *fixed* frame (the paper's) the foil keeps its size; in the *conserving* frame it becomes thinner as lithium
# leaves, and no magnesium is lost.
#
# Set STRIPBENCH_STORE to a store of yours; without it a small one is made on the simulated bench.

# %%
import numpy as np
from matplotlib import pyplot as plt
from simulated_store import store_to_look_at

import storage
from analysis.diffusion.depleting import deplete
from analysis.diffusion.material import alloy, diffusivity_at
from analysis.diffusion.series import concentration_profile, depletion_time
from analysis.diffusion.utilisation import utilisation
from app.conclusions import conclude

ANODE, THICKNESS = "Li0.9Mg0.1", 100e-6
fixed, conserving = alloy(ANODE), alloy(ANODE, frame="conserving")
print(f"{ANODE}: c0 = {fixed.start * 1e-3:.1f} mmol/cm³, c_min = {fixed.least * 1e-3:.1f} mmol/cm³, "
      f"D = {fixed.diffusivity * 1e4:.1e} cm²/s at 25 °C")  # fmt: skip

# %% [markdown]
# ## Concentration profiles until depletion
# The series in the fixed frame; finite volumes in the conserving one, at its own depletion. The
# interface is on the right.

# %%
density = 1.0  # A/m², which is 100 µA/cm²
t0 = float(depletion_time(density, THICKNESS, fixed.diffusivity, fixed.drop))
position = np.linspace(0, THICKNESS, 200)
profiles = concentration_profile(
    position, t0 * np.array([0.1, 0.25, 0.5, 1.0]), fixed.start, density, THICKNESS, fixed.diffusivity
)
stripped = deplete(conserving, THICKNESS, np.array([density]))

figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3.2), layout="constrained")
for share, profile in zip(("10", "25", "50", "100"), profiles, strict=True):
    left.plot(position * 1e6, profile * 1e-3, label=f"{share} % of {t0 / 3600:.1f} h")
left.axhline(fixed.least * 1e-3, color="0.5", lw=0.8)
left.set(xlabel="ξ / µm", ylabel="c(Li) / mmol cm⁻³", title="fixed frame")
left.legend(fontsize="small")
right.plot(stripped.mesh.centre[0] / THICKNESS, conserving.share(stripped.content[0]) * 100)
right.set(
    xlabel="share of the magnesium from the far side",
    ylabel="x(Mg) / %",
    title=f"conserving frame, {stripped.time[0] / 3600:.1f} h",
)
figure.savefig("profiles.png", dpi=150)
print(f"depleted after {t0 / 3600:.2f} h (fixed) or {stripped.time[0] / 3600:.2f} h (conserving), same D")

# %% [markdown]
# ## How much of a foil can be used
# Of all lithium in it, and of what the β phase can give. 25 µm and 100 µm foils, 100 µA/cm².

# %%
for celsius in (25, 80):
    diffusivity = diffusivity_at(celsius + 273.15)
    for thickness in (25e-6, 100e-6):
        used = utilisation(fixed, thickness, density, diffusivity)
        print(f"{celsius} °C, {thickness * 1e6:.0f} µm: {100 * used.total:.0f} % of all lithium, "
              f"{100 * used.beta:.0f} % of the β phase, {used.time / 3600:.1f} h")  # fmt: skip

# %% [markdown]
# ## A map over current and temperature

# %%
currents = np.geomspace(0.1, 10, 50)
kelvins = np.linspace(273.15, 373.15, 50)
diffusivities = np.array([diffusivity_at(each) for each in kelvins])
used = utilisation(fixed, THICKNESS, currents[None, :], diffusivities[:, None])
figure, axes = plt.subplots(figsize=(4.5, 3.5), layout="constrained")
drawn = axes.contourf(currents * 1e2, kelvins - 273.15, 100 * used.beta, levels=np.linspace(0, 100, 11))
axes.set(xscale="log", xlabel="i / µA cm⁻²", ylabel="T / °C")
figure.colorbar(drawn, label="share of the β phase used / %")
figure.savefig("utilisation.png", dpi=150)

# %% [markdown]
# ## The model held against a stripping and the relaxation after it
# D from t0 and OCV(t) together, in both frames, with constant D and with one that depends on composition.
# The data prefer the model of the lowest AICc.

# %%
with storage.open(store_to_look_at()) as store:
    runs = store.runs()
    alloys = runs[runs["anode"] == ANODE]
    mark = "SIMULATED" if alloys["simulated"].any() else "measured"
    chosen = alloys[alloys["protocol"].isin(["GeisStripping", "OcvRelaxation"])].index
    conclusions = conclude(store.store, [int(run) for run in chosen])

for each in conclusions.alloy_models:
    print(f"{mark} runs {each.runs}, {each.frame} frame, {each.law} D:")
    found, error = each.diffusivity * 1e4, each.diffusivity_error * 1e4
    print(f"    D = ({found:.2e} ± {error:.0e}) cm²/s with {each.drop_name}")
    print(f"    t0 {each.predicted_time / 3600:.2f} h, measured {each.measured_time / 3600:.2f} h; "
          f"OCV within {each.rms * 1e3:.2g} mV; AICc {each.information:.1f}"
          f"{', preferred' if each.preferred else ''}")  # fmt: skip
for each in conclusions.refused:
    print(f"not concluded: {each.what}: {each.why} {each.remedy}")

# %%
if conclusions.alloy_models:
    figure, axes = plt.subplots(figsize=(4.5, 3.5), layout="constrained")
    first = conclusions.alloy_models[0]
    axes.semilogx(first.relaxation / 3600, first.measured_ocv * 1e3, "k.", ms=3, label=mark)
    for each in conclusions.alloy_models:
        if each.runs == first.runs:
            name = f"{each.frame}, {each.law} D"
            axes.semilogx(each.relaxation / 3600, each.predicted_ocv * 1e3, label=name)
    axes.set(xlabel="t without current / h", ylabel="E / mV")
    axes.legend(fontsize="small")
    figure.savefig("relaxation.png", dpi=150)
