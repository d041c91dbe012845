"""Writing what was drafted as the TOML files that a lab would write."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import BadInput

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def document(tables: Mapping[str, Any]) -> str:
    """Return tables as a TOML file: plain values first, then tables, then lists of tables.

    Raises
    ------
    BadInput
        If a text in them cannot be kept in a file.
    """
    text = "\n".join(_body(tables, "")).strip() + "\n"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        odd = error.object[error.start : error.end]
        raise BadInput(f"{odd!r} cannot be kept in a file;", "leave that character out.") from None
    return text


def _body(tables: Mapping[str, Any], path: str) -> Iterator[str]:
    later = []
    for name, value in tables.items():
        if isinstance(value, Mapping) or _is_list_of_tables(value):
            later.append((name, value))
        else:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in later:
        here = f"{path}.{_key(name)}" if path else _key(name)
        for table in [value] if isinstance(value, Mapping) else value:
            yield ""
            yield f"[{here}]" if isinstance(value, Mapping) else f"[[{here}]]"
            yield from _body(table, here)


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return f'"{"".join(map(_character, value))}"'
    raise BadInput(f"{value!r} cannot be written into a file;", "write a text or a number.")


def _character(each: str) -> str:
    if each in _ESCAPES:
        return _ESCAPES[each]
    return f"\\u{ord(each):04x}" if ord(each) < 0x20 or ord(each) == 0x7F else each
