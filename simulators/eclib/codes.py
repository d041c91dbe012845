"""Error codes of the simulated library, their texts, and the exception that carries one."""

from enum import IntEnum


class Code(IntEnum):
    """Return codes, as documented for the vendor's library; 0 is success."""

    NOERROR = 0
    NOTCONNECTED = -1
    CONNECTIONINPROGRESS = -2
    CHANNELNOTPLUGGED = -3
    INVALIDPARAMETERS = -4
    FILENOTEXISTS = -5
    FUNCTIONFAILED = -6
    NOCHANNELSELECTED = -7
    INVALIDCONF = -8
    ECLAB_LOADED = -9
    LIBNOTCORRECTLYLOADED = -10
    USBLIBRARYERROR = -11
    FUNCTIONINPROGRESS = -12
    CHANNEL_RUNNING = -13
    DEVICE_NOTALLOWED = -14
    UPDATEPARAMETERS = -15
    VMEERROR = -101
    TOOMANYDATA = -102
    RESPNOTPOSSIBLE = -103
    RESPERROR = -104
    MSGSIZEERROR = -105
    COMMFAILED = -200
    CONNECTIONFAILED = -201
    WAITINGACK = -202
    INVALIDIPADDRESS = -203
    ALLOCMEMFAILED = -204
    LOADFIRMWAREFAILED = -205
    INCOMPATIBLESERVER = -206
    MAXCONNREACHED = -207
    FIRMFILENOTEXISTS = -300
    FIRMFILEACCESSFAILED = -301
    FIRMINVALIDFILE = -302
    FIRMLOADINGFAILED = -303
    XILFILENOTEXISTS = -304
    XILFILEACCESSFAILED = -305
    XILINVALIDFILE = -306
    XILLOADINGFAILED = -307
    FIRMWARENOTLOADED = -308
    FIRMWAREINCOMPATIBLE = -309
    ECCFILENOTEXISTS = -400
    INCOMPATIBLEECC = -401
    ECCFILECORRUPTED = -402
    LOADTECHNIQUEFAILED = -403
    DATACORRUPTED = -404
    MEMFULL = -405


TEXTS: dict[int, str] = {
    Code.NOERROR: "no error",
    Code.NOTCONNECTED: "no instrument connected",
    Code.CONNECTIONINPROGRESS: "connection in progress",
    Code.CHANNELNOTPLUGGED: "selected channel unplugged",
    Code.INVALIDPARAMETERS: "invalid function parameters",
    Code.FILENOTEXISTS: "selected file does not exist",
    Code.FUNCTIONFAILED: "function failed",
    Code.NOCHANNELSELECTED: "no channel selected",
    Code.INVALIDCONF: "invalid instrument configuration",
    Code.ECLAB_LOADED: "EC-Lab firmware loaded on the instrument",
    Code.LIBNOTCORRECTLYLOADED: "library not correctly loaded",
    Code.USBLIBRARYERROR: "USB library not correctly loaded",
    Code.FUNCTIONINPROGRESS: "function of the library already in progress",
    Code.CHANNEL_RUNNING: "selected channel already in use",
    Code.DEVICE_NOTALLOWED: "device not allowed",
    Code.UPDATEPARAMETERS: "invalid update of parameters",
    Code.VMEERROR: "internal instrument communication failed",
    Code.TOOMANYDATA: "too many data to transfer from the instrument",
    Code.RESPNOTPOSSIBLE: "channel unplugged or firmware not loaded",
    Code.RESPERROR: "instrument response error",
    Code.MSGSIZEERROR: "invalid message size",
    Code.COMMFAILED: "communication with the instrument failed",
    Code.CONNECTIONFAILED: "cannot establish connection with the instrument",
    Code.WAITINGACK: "waiting for the instrument response",
    Code.INVALIDIPADDRESS: "invalid IP address",
    Code.ALLOCMEMFAILED: "cannot allocate memory in the instrument",
    Code.LOADFIRMWAREFAILED: "cannot load firmware into the selected channels",
    Code.INCOMPATIBLESERVER: "communication firmware not compatible with the library",
    Code.MAXCONNREACHED: "maximum number of connections reached",
    Code.FIRMFILENOTEXISTS: "cannot find kernel firmware file",
    Code.FIRMFILEACCESSFAILED: "cannot read kernel firmware file",
    Code.FIRMINVALIDFILE: "invalid kernel firmware file",
    Code.FIRMLOADINGFAILED: "cannot load kernel firmware into the selected channel",
    Code.XILFILENOTEXISTS: "cannot find FPGA firmware file",
    Code.XILFILEACCESSFAILED: "cannot read FPGA firmware file",
    Code.XILINVALIDFILE: "invalid FPGA firmware file",
    Code.XILLOADINGFAILED: "cannot load FPGA firmware into the selected channel",
    Code.FIRMWARENOTLOADED: "no firmware loaded on the selected channel",
    Code.FIRMWAREINCOMPATIBLE: "loaded firmware not compatible with the library",
    Code.ECCFILENOTEXISTS: "cannot find the selected ECC file",
    Code.INCOMPATIBLEECC: "ECC file not compatible with the channel firmware",
    Code.ECCFILECORRUPTED: "ECC file corrupted",
    Code.LOADTECHNIQUEFAILED: "cannot load the ECC file",
    Code.DATACORRUPTED: "data returned by the instrument are corrupted",
    Code.MEMFULL: "cannot load techniques: full memory",
}


class EclibError(Exception):
    """An export that ends with an error code.

    Parameters
    ----------
    code : Code
    message : str, optional
        What was wrong; goes to the channel's message queue where there is a channel.
    """

    def __init__(self, code: Code, message: str = "") -> None:
        super().__init__(message or TEXTS[code])
        self.code = code
        self.message = message
