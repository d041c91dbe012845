"""Numbers that both Kramers–Kronig kernels go by, so that they give the same answers.

A kernel is a function ``band_block(frequency, impedance, count, per_decade, figures, residual)`` that
tests N spectra of up to n points and writes what it finds into its last two arguments:

frequency : ndarray, shape (1, n) or (N, n)
    Hz, descending; one row may serve all.
impedance : ndarray of complex, shape (N, n)
    Ω, not zero.
count : ndarray of int, shape (N,)
    How many points of each row are valid, the first ones.
per_decade : float
    Relaxation times a decade.
figures : ndarray, shape (N, FIGURES)
    Written: the columns named below; nan where the spectrum cannot be judged.
residual : ndarray of complex, shape (N, n) or (0, n)
    Written unless it has no rows: (Z − fit)/|Z| of the complex fit, nan beyond `count`.
"""

NOISE, SIGNED_MEAN, SCATTER, SCATTER_SIGMA, AICC = range(5)
FIGURES = 5
"""Columns: the noise relative to |Z| in the whole band; the signed mean in sigma; the scatter of the
lowest decade over the noise, and how improbable that is, as a normal deviate; and Akaike's corrected
criterion of the complex fit."""

FEWEST_POINTS = 12
NARROWEST = 1.2
"""Decades; in a narrower band the lowest decade is all there is."""

MOST_ELEMENTS = 0.9
"""Coefficients a point at most."""

SPARSEST = 1.9
"""Elements a decade at least; with fewer, a single relaxation is no longer described."""

OPEN_END = 0.1
"""A spectrum whose lowest frequencies have |Im Z| above this share of |Z| has not ended there."""

RIDGE = 1e-12
"""Added to normal equations of unit diagonal: far below any noise."""

OUTLIER = 5.0
"""A single point further off than this, in units of the noise, does not vote."""

BESIDE = 0.6
"""Unless a neighbour is off by this share of it in the same direction: that is a finding."""

OUTLIER_SHARE, OUTLIERS_ALWAYS = 0.05, 1
"""Outliers at most: this share of the points and so many more; otherwise none is called one."""

PASSES = 3
"""Rounds of looking for outliers."""

SMALLEST_NOISE = 1e-3
"""No bench measures impedance better than this; it keeps noise-free data from being judged too finely."""

ELEMENT_ERROR = 4e-4
"""What single relaxations three a decade leave of a smooth spectrum in the mean, relative to |Z|."""

MEDIAN_TO_SIGMA = 1 / 0.6744897501960817
"""Standard deviation of a normal distribution over the median of its absolute values."""

MEDIAN_EFFICIENCY = 0.37
"""Degrees of freedom that a median keeps of those it is made from."""

DIFFERENCE_EFFICIENCY = 0.6
"""The same for squares of successive differences, which overlap."""

WINDOW = 7
"""Neighbouring differences that the noise around a point is estimated from."""

LOCAL_NOISE = 1.5
"""A point has a noise of its own if that differs by more than this factor from the whole band's."""

LOWEST_DECADE = 10.01
"""Points below this times the lowest frequency make the lowest decade."""
