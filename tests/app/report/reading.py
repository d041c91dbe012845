"""Reads reports the way a strict reader does: HTML that must be well-formed, and the text of a PDF."""

import re
import zlib
from html.parser import HTMLParser

VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})


class Page(HTMLParser):
    """An HTML file: its text, its tables, its headings, and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.refers: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.tables: list[list[list[str]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.problems += [f"{tag} is never closed" for tag in self._open]

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        known = dict(attrs)
        self.refers += [known[name] for name in ("src", "href", "xlink:href") if known.get(name)]
        self.refers += re.findall(r"url\(([^)]+)\)", " ".join(value or "" for value in known.values()))
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"{tag} is closed within {self._open[-1:]}")
            return
        self._open.pop()

    def handle_data(self, data):
        if {"style", "script"} & set(self._open):
            return
        self.text += data
        if self._open and {"td", "th"} & set(self._open) and self.tables:
            self.tables[-1][-1][-1] += data

    def table(self, *headings: str) -> list[dict[str, str]]:
        """Return the first table that has all these headings, as rows by heading."""
        for head, *body in self.tables:
            if set(headings) <= set(head):
                return [dict(zip(head, row, strict=True)) for row in body]
        raise AssertionError(f"no table has {headings}; there are {[rows[0] for rows in self.tables]}")


def pdf_pages(data: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type /Page\b(?!s)", data))


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF of reportlab, whose letters are subsets that a table of its own explains."""
    streams = [_plain(each) for each in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)]
    objects = dict(re.findall(rb"(?m)^(\d+) 0 obj\n?(.*?)endobj", data, re.DOTALL))
    letters = {}
    for body in objects.values():
        found = re.search(rb"/ToUnicode (\d+) 0 R", body)
        name = re.search(rb"/Name /(F[\d+]+)", body)
        if found and name:
            table = _plain(re.search(rb"stream\r?\n(.*?)endstream", objects[found[1]], re.DOTALL)[1])
            pairs = re.findall(rb"(?m)^<([0-9A-F]{2})> <([0-9A-F]{4})>$", table)
            letters[name[1].decode()] = {
                int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs
            }
    return "\n".join(_shown(stream, letters) for stream in streams if b" Tf" in stream)


def _plain(stream: bytes) -> bytes:
    data = stream.strip()
    if data.endswith(b"~>"):
        import base64

        data = base64.a85decode(data, adobe=False) if data.startswith(b"<~") else base64.a85decode(data[:-2])
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


def _shown(stream: bytes, letters: dict[str, dict[int, str]]) -> str:
    said, font = [], ""
    token = re.compile(rb"/(F[\d+]+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj|T\*|ET", re.DOTALL)
    for found in token.finditer(stream):
        if found[1]:
            font = found[1].decode()
        elif found[2] is not None:
            said.append("".join(letters.get(font, {}).get(code, chr(code)) for code in _codes(found[2])))
        else:
            said.append(" ")
    return "".join(said)


def _codes(text: bytes) -> list[int]:
    plain = re.sub(
        rb"\\([0-7]{1,3}|.)",
        lambda match: bytes([int(match[1], 8)]) if match[1].isdigit() else _escape(match[1]),
        text,
        flags=re.DOTALL,
    )
    return list(plain)


def _escape(letter: bytes) -> bytes:
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(letter, letter)
