"""The list of techniques that a client loads into a channel, one after the other."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field

from simulators.eclib.codes import Code, EclibError
from simulators.eclib.labels import HARDWARE
from simulators.eclib.program import Impedance, Steps, Technique
from simulators.eclib.structs import EccParam
from simulators.eclib.tables import MAX_TECHNIQUES, MAX_UPDATES, RANGE_AUTO, RANGE_KEEP
from simulators.eclib.techniques import build, check_amplitude, check_level, decode, find_kind


@dataclass
class Loaded:
    """A technique and the parameters it was loaded with, split as a client may ask for them."""

    technique: Technique
    parameters: ctypes.Array[EccParam]
    settings: ctypes.Array[EccParam]


@dataclass
class ProgramList:
    """The list: `complete` once its last technique was loaded."""

    techniques: list[Loaded] = field(default_factory=list)
    complete: bool = False

    def load(
        self, file: str, parameters: Sequence[EccParam], first: bool, last: bool, range_code: int
    ) -> None:
        """Check a technique and put it at the end of the list; the first one discards the list before.

        Parameters
        ----------
        file : str
            Name or path of the technique file.
        parameters : sequence of EccParam
        first, last : bool
        range_code : int
            Current range that the channel has now, for techniques that keep it.

        Raises
        ------
        EclibError
        """
        kind = find_kind(file)
        if first:
            self.techniques, self.complete = [], False
        elif not self.techniques or self.complete:
            raise EclibError(
                Code.LOADTECHNIQUEFAILED, f"{file}: cannot load without a first technique before it"
            )
        if len(self.techniques) >= MAX_TECHNIQUES:
            raise EclibError(Code.MEMFULL, f"{file}: at most {MAX_TECHNIQUES} techniques fit")
        technique = build(kind, decode(kind, parameters), len(self.techniques))
        self._check_ranges(technique, self._kept_range(range_code))
        self.techniques.append(
            Loaded(
                technique,
                _copy([each for each in parameters if each.label.decode("ascii") not in HARDWARE]),
                _copy([each for each in parameters if each.label.decode("ascii") in HARDWARE]),
            )
        )
        self.complete = last

    def _kept_range(self, range_code: int) -> int:
        for loaded in self.techniques:
            code = loaded.technique.hardware.current_range
            if code not in (RANGE_KEEP, RANGE_AUTO):
                range_code = code
        return range_code

    @staticmethod
    def _check_ranges(technique: Technique, keep: int) -> None:
        if isinstance(technique, Steps):
            for step in technique.steps:
                if not step.relative:
                    check_level(technique.kind, technique.control, step.value, technique.hardware, keep)
        elif isinstance(technique, Impedance):
            if not technique.relative:
                check_level(technique.kind, technique.control, technique.level, technique.hardware, keep)
            check_amplitude(technique, keep)

    def update(self, index: int, file: str, parameters: Sequence[EccParam], range_code: int) -> Technique:
        """Change parameters of a loaded technique and return it.

        Raises
        ------
        EclibError
            UPDATEPARAMETERS, whatever was wrong.
        """
        try:
            if not 0 <= index < len(self.techniques):
                raise EclibError(Code.UPDATEPARAMETERS, f"{file}: no technique at {index}")
            old = self.techniques[index].technique
            if find_kind(file) is not old.kind:
                raise EclibError(Code.UPDATEPARAMETERS, f"{file}: at {index} is {old.kind.stem}4.ecc")
            if len(parameters) > MAX_UPDATES:
                raise EclibError(Code.UPDATEPARAMETERS, f"{file}: more than {MAX_UPDATES} parameters")
            new = decode(old.kind, parameters)
            fixed = HARDWARE.intersection(new)
            if fixed:
                raise EclibError(
                    Code.UPDATEPARAMETERS, f"{file}: {min(fixed)} cannot change while the channel runs"
                )
            merged = {
                name: {**old.values.get(name, {}), **new.get(name, {})} for name in {**old.values, **new}
            }
            technique = build(old.kind, merged, index)
            self._check_ranges(technique, range_code)
        except EclibError as failure:
            raise EclibError(Code.UPDATEPARAMETERS, failure.message) from None
        self.techniques[index].technique = technique
        return technique


def _copy(parameters: Sequence[EccParam]) -> ctypes.Array[EccParam]:
    return (EccParam * len(parameters))(*parameters)
