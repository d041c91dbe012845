"""Columns of tables as quantities that know their unit."""

from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from storage.headings import unit_in

if TYPE_CHECKING:
    import pandas as pd


def quantity(column: "pd.Series") -> Any:
    """Return a column as a pint Quantity, by the unit in its heading.

    Parameters
    ----------
    column : Series
        Of one of the tables, e.g. ``fits["R_int / Ω cm²"]``.

    Returns
    -------
    pint.Quantity
        An array with its unit, of pint's application registry.

    Raises
    ------
    BadInput
        If the heading names no unit, or none that pint knows.
    """
    import pint

    unit = unit_in(str(column.name))
    if not unit:
        raise BadInput(f"the column {column.name!r} names no unit;", "take one such as 'R_int / Ω cm²'.")
    try:
        # Of a unit such as F s^(α−1), pint complains with a TypeError.
        return pint.get_application_registry().Quantity(column.to_numpy(), unit)
    except (pint.PintError, TypeError) as error:
        raise BadInput(
            f"pint does not know the unit of {column.name!r}: {error};", "use the numbers."
        ) from None
