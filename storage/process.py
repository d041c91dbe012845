"""Which process writes a run, and whether it still lives."""

import ctypes
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Process:
    """A process, described well enough not to be mistaken for a later one with its number.

    Attributes
    ----------
    pid : int
    started : str
        When it was started, in the operating system's own count; empty where that is not to be had.
    hostname : str
    boot : str
        Which boot of the computer it belongs to; empty where that is not to be had.
    """

    pid: int
    started: str
    hostname: str
    boot: str

    @classmethod
    def current(cls) -> "Process":
        """Describe the calling process."""
        pid = os.getpid()
        return cls(pid, _started(pid) or "", platform.node(), _boot())

    def is_gone(self) -> bool:
        """Whether the process is known to have ended.

        A process of another computer is never known to have ended; its heartbeat has to tell.
        """
        if self.hostname != platform.node():
            return False
        if self.boot != _boot():
            return True
        started = _started(self.pid)
        return started is None or (bool(self.started) and started != self.started)

    def is_there(self) -> bool:
        """Whether the process is known to live: it is one of this computer, and has not ended."""
        return self.hostname == platform.node() and not self.is_gone()


def _boot() -> str:
    return _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else ""


def _started(pid: int) -> str | None:
    """Return when a process was started, ``""`` if that is unknown, None if there is no such process."""
    if sys.platform == "win32":
        return _started_windows(pid)
    if Path("/proc/self/stat").exists():
        return _started_proc(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return ""
    return ""


def _started_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field is the command in brackets and may itself hold spaces and brackets.
    state, *fields = stat.rpartition(")")[2].split()
    # A zombie has ended and only waits for its parent to notice.
    return None if state in "ZX" else fields[18]


def _started_windows(pid: int) -> str | None:
    if sys.platform != "win32":
        return ""
    query_limited_information, still_active = 0x1000, 259
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(query_limited_information, False, pid))
    if not handle:
        access_denied = 5
        return "" if ctypes.get_last_error() == access_denied else None
    try:
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        created, exited, system, user = (ctypes.c_uint64() for _ in range(4))
        times = (ctypes.byref(each) for each in (created, exited, system, user))
        kernel.GetProcessTimes(handle, *times)
        return str(created.value) if code.value == still_active else None
    finally:
        kernel.CloseHandle(handle)
