"""Which firmware and technique files belong to which channel board."""

from dataclasses import dataclass

from core.errors import InstrumentError


@dataclass(frozen=True)
class Family:
    """The vendor's files for one type of channel board.

    Attributes
    ----------
    board_type : int
        As BL_GetChannelBoardType reports it.
    name : str
    suffix : str
        Of the technique files: ``geis4.ecc`` is GEIS for suffix ``"4"``.
    firmware : tuple of str
        Names of the firmware file, in the order they are tried: packages differ.
    fpga : str or None
    """

    board_type: int
    name: str
    suffix: str
    firmware: tuple[str, ...]
    fpga: str | None

    def ecc(self, stem: str) -> str:
        """Return the technique file of a technique."""
        return f"{stem}{self.suffix}.ecc"


FAMILIES = {
    1: Family(1, "ESSENTIAL", "", ("kernel.bin",), "Vmp_ii_0437_a6.xlx"),
    2: Family(2, "PREMIUM", "4", ("kernel4.bin",), "Vmp_iv_0395_aa.xlx"),
    3: Family(3, "DIGICORE", "5", ("kernel5.bin", "kernel.bin"), None),
}


def family_of(board_type: int, channel: int) -> Family:
    """Return the files for a channel's board.

    Parameters
    ----------
    board_type : int
    channel : int
        As printed on the instrument, for the message.

    Raises
    ------
    InstrumentError
        If the board is unknown, or one of the VMP3 family, whose data have other columns.
    """
    if board_type == 1:
        raise InstrumentError(
            f"Potentiostat: channel {channel} has a board of the VMP3 family (type 1, ESSENTIAL).",
            "This driver speaks to VMP-300 family boards; choose another channel in the bench file.",
        )
    if board_type not in FAMILIES:
        raise InstrumentError(
            f"Potentiostat: channel {channel} has a board of unknown type {board_type}.",
            "Check `channel` in the bench file, and that the library is new enough for this board.",
        )
    return FAMILIES[board_type]
