"""The simulation tables of a bench file: parameters that people may override."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import ValidationError

from core.cell import FileModel
from core.files import explain


class SimulationTable(FileModel):
    """Parameters of one simulated thing; every one has a default."""

    table: ClassVar[str] = "[simulation]"
    """The table of a bench file that holds them."""

    @classmethod
    def from_table(cls, table: Mapping[str, Any], source: str = "") -> Self:
        """Check a table as read from a bench file.

        Parameters
        ----------
        table : mapping
            Keys and values; quantities are written with their unit.
        source : str
            The bench file, for messages.

        Raises
        ------
        BadInput
            For an unknown key or an impossible value.
        """
        try:
            return cls.model_validate(dict(table))
        except ValidationError as error:
            raise explain(error, f"{source} {cls.table}".strip()) from None
