"""The inputs' texts, each read by a converter, and what is wrong or doubtful in them, kept until all are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from digest import converters
from digest.config import DEFAULTS
from digest.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Value = TypeVar("_Value")
_MOST_DOUBTS = 10


class Reader:
    """The environment as inputs; `faults` end the run, `doubts` are sound inputs that probably mean something else."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[Fault] = []
        self.doubts: list[Fault] = []

    def raw(self, name: str) -> str:
        # The runner replaces spaces only, so the hyphens stay.
        return converters.visible(self.environ.get(f"INPUT_{name.upper()}", ""))

    def text(self, name: str) -> str:
        return self.raw(name).strip() or DEFAULTS[name]

    def one(self, name: str, read: Callable[[str], _Value]) -> _Value:
        """The input's value; its default's where it is wrong, so that reading goes on to the next fault."""
        text = self.text(name)
        try:
            return read(text)
        except ValueError as error:
            self.fault(name, str(error))
            return read(DEFAULTS[name])

    def each(self, name: str, read: Callable[[str], str]) -> tuple[str, ...]:
        """The values between commas and line ends, each once."""
        text = self.raw(name) if self.raw(name).strip() else DEFAULTS[name]
        values: dict[str, None] = {}
        for line, item in converters.items(text):
            try:
                values[read(item)] = None
            except ValueError as error:
                self.fault(name, str(error), line if len(converters.lines(text.strip())) > 1 else None)
        return tuple(values)

    def fault(self, name: str, message: str, line: int | None = None) -> None:
        self.faults.append(Fault(name, message, line))

    def wrong(self, name: str) -> bool:
        return any(fault.input == name for fault in self.faults)

    def doubt(self, name: str, message: str, line: int | None = None) -> None:
        self.doubts.append(Fault(name, message, line))

    def warnings(self) -> tuple[str, ...]:
        """The doubts, one text an input: GitHub shows ten of a step's warnings, and 4,096 characters of each."""
        told = []
        for name in dict.fromkeys(doubt.input for doubt in self.doubts):
            sentences = [str(doubt) for doubt in self.doubts if doubt.input == name]
            if (more := len(sentences) - _MOST_DOUBTS) > 0:
                sentences[_MOST_DOUBTS:] = [f"and {more} more such lines"]
            told.append("\n".join(sentences))
        return tuple(told)
