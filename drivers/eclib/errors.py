"""Every error code of the library: its name, what it means, and what to do about it."""

from core.errors import InstrumentError

NOT_CONNECTED = -1
EC_LAB_LOADED = -9
BUSY = -12
COMMUNICATION_FAILED = -200
FIRMWARE_FILE_MISSING = -300
FIRMWARE_NOT_LOADED = -308

TRANSIENT = frozenset({NOT_CONNECTED, BUSY, COMMUNICATION_FAILED})
"""Codes that a busy network gives now and then; the call is worth repeating."""

_PACKAGE = (
    "Install one complete EC-Lab Development Package and give its folder as `library` in the bench file."
)
_NETWORK = "Check that the instrument is on, its cable, and `address` in the bench file."
_RESTART = "Switch the instrument off and on and run `bench check`; if it comes back, note this code."
_EC_LAB = (
    "Finish what runs there and close EC-Lab, switch the instrument off and on so that it forgets "
    "EC-Lab's firmware, then run `bench check`. EC-Lab and this program cannot share the instrument."
)
_RELOAD = "Run `bench check`: it loads the firmware. If the instrument was switched off, the run is over."
_OURS = "This is a fault of the program, not of the cell: keep the log and report it."

CODES: dict[int, tuple[str, str, str]] = {
    -1: ("GEN_NOTCONNECTED", "the instrument is not connected", _NETWORK),
    -2: ("GEN_CONNECTIONINPROGRESS", "a connection is already being made", "Wait a moment and try again."),
    -3: ("GEN_CHANNELNOTPLUGGED", "no board in this channel", "Check `channel` in the bench file."),
    -4: ("GEN_INVALIDPARAMETERS", "the library refused the arguments of the call", _OURS),
    -5: ("GEN_FILENOTEXISTS", "a file of the package is missing", _PACKAGE),
    -6: ("GEN_FUNCTIONFAILED", "the library could not do it", _RESTART),
    -7: ("GEN_NOCHANNELSELECTED", "no channel was selected", _OURS),
    -8: ("GEN_INVALIDCONF", "the instrument's configuration is not valid", _RESTART),
    -9: ("GEN_ECLAB_LOADED", "EC-Lab has the instrument: its own firmware is loaded", _EC_LAB),
    -10: ("GEN_LIBNOTCORRECTLYLOADED", "the library was not loaded completely", _PACKAGE),
    -11: ("GEN_USBLIBRARYERROR", "the USB library failed", "Use Ethernet, or reinstall the USB driver."),
    -12: ("GEN_FUNCTIONINPROGRESS", "the library is busy", "Close other programs using the instrument."),
    -13: ("GEN_CHANNEL_RUNNING", "the channel is running", "Stop what runs on this channel first."),
    -14: ("GEN_DEVICE_NOTALLOWED", "this instrument cannot do it", "Check the model in the bench file."),
    -15: ("GEN_UPDATEPARAMETERS", "the running technique refused new parameters", _OURS),
    -101: ("INSTR_VMEERROR", "the instrument's internal bus failed", _RESTART),
    -102: ("INSTR_TOOMANYDATA", "the instrument has more data than it can send", "Record less often."),
    -103: ("INSTR_RESPNOTPOSSIBLE", "the instrument cannot answer", _RESTART),
    -104: ("INSTR_RESPERROR", "the instrument's answer was damaged", _NETWORK),
    -105: ("INSTR_MSGSIZEERROR", "the instrument's answer has a wrong length", _NETWORK),
    -200: ("COMM_COMMFAILED", "communication with the instrument failed", _NETWORK),
    -201: ("COMM_CONNECTIONFAILED", "the instrument did not answer", _NETWORK),
    -202: ("COMM_WAITINGACK", "the instrument did not acknowledge", _NETWORK),
    -203: ("COMM_INVALIDIPADDRESS", "this is no address", 'Write it like "192.168.0.1" or "USB0".'),
    -204: ("COMM_ALLOCMEMFAILED", "the instrument ran out of memory", _RESTART),
    -205: ("COMM_LOADFIRMWAREFAILED", "the firmware could not be sent", _RESTART),
    -206: ("COMM_INCOMPATIBLESERVER", "the instrument's server does not fit the library", _PACKAGE),
    -207: ("COMM_MAXCONNREACHED", "too many computers are connected", "Close the other programs."),
    -300: ("FIRM_FIRMFILENOTEXISTS", "the firmware file is missing", _PACKAGE),
    -301: ("FIRM_FIRMFILEACCESSFAILED", "the firmware file cannot be read", _PACKAGE),
    -302: ("FIRM_FIRMINVALIDFILE", "the firmware file is not valid", _PACKAGE),
    -303: ("FIRM_FIRMLOADINGFAILED", "loading the firmware failed", _RESTART),
    -304: ("FIRM_XILFILENOTEXISTS", "the FPGA file is missing", _PACKAGE),
    -305: ("FIRM_XILFILEACCESSFAILED", "the FPGA file cannot be read", _PACKAGE),
    -306: ("FIRM_XILINVALIDFILE", "the FPGA file is not valid", _PACKAGE),
    -307: ("FIRM_XILLOADINGFAILED", "loading the FPGA file failed", _RESTART),
    -308: ("FIRM_FIRMWARENOTLOADED", "the channel has no firmware, or lost it", _RELOAD),
    -309: ("FIRM_FIRMWAREINCOMPATIBLE", "the channel's firmware does not fit this library", _PACKAGE),
    -400: ("TECH_ECCFILENOTEXISTS", "the technique's .ecc file is missing", _PACKAGE),
    -401: ("TECH_INCOMPATIBLEECC", "the technique's .ecc file does not fit this channel", _PACKAGE),
    -402: ("TECH_ECCFILECORRUPTED", "the technique's .ecc file is damaged", _PACKAGE),
    -403: ("TECH_LOADTECHNIQUEFAILED", "the channel refused the technique", "Read the channel's messages."),
    -404: ("TECH_DATACORRUPTED", "the channel's data are damaged", _RESTART),
    -405: ("TECH_MEMFULL", "the channel's memory is full", "Ask for fewer techniques at once."),
}
"""Name, meaning and remedy of every documented code."""


def describe(code: int) -> str:
    """Return code, name and meaning as one phrase, for any code."""
    name, meaning, _ = CODES.get(code, ("UNDOCUMENTED", "a code that the vendor does not document", ""))
    return f"{meaning} ({name}, code {code})"


class LibraryError(InstrumentError):
    """A call that the library refused.

    Attributes
    ----------
    code : int
        As the library returned it.
    """

    def __init__(self, problem: str, remedy: str, code: int) -> None:
        super().__init__(problem, remedy)
        self.code = code


def failure(doing: str, code: int, library_text: str = "", messages: tuple[str, ...] = ()) -> LibraryError:
    """Return the error of a call that the library refused.

    Parameters
    ----------
    doing : str
        What was attempted, beginning with a verb in -ing: ``"connecting to 192.168.0.1"``.
    code : int
        As returned by the library.
    library_text : str
        What the library itself says about the code.
    messages : tuple of str
        What the channel's firmware said meanwhile.
    """
    problem = f"Potentiostat: {doing} failed: {describe(code)}."
    if library_text:
        problem += f' The library says: "{library_text}".'
    if messages:
        problem += " The channel says: " + "; ".join(f'"{text}"' for text in messages) + "."
    remedy = CODES[code][2] if code in CODES else _RESTART
    return LibraryError(problem, remedy, code)
