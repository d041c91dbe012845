"""Drafting experiments without instruments: what forms are made from, and what is typed into them.

Nothing here connects an instrument, and nothing is written but templates. ``python -m app.drafting``
offers all of it to a process that must not import protocols and drivers, such as the window.

Everything is JSON-able. Fields are named alike everywhere: ``protocol``, ``parameters.NAME``,
``cell.name``, ``cell.counter.forming_pressure``, ``bench``, ``store``, ``name``; in a queue with the
number of the step before it, counted from 1: ``steps.2.parameters.threshold``. An empty field is none.

`catalogue()`::

    {"protocols": [{"name": "GeisStripping", "title": "GEIS stripping", "summary": TEXT, "details": TEXT,
                    "spends_electrode": BOOL, "parameters": [FIELD, …]}, …],
     "cell": [FIELD + {"required": BOOL}, …], "anodes": ["Li", …]}

    FIELD = {"name", "label", "kind": "number" | "optional number" | "numbers" | "integer" | "choice" |
             "resistance" | "text", "units": TEXT, "default": TEXT as in a file | null,
             "minimum": NUMBER | null, "maximum": NUMBER | null (both in `units`), "choices": [TEXT] | null,
             "description": TEXT, "group": "own" | e.g. "current"; of a cell "cell" | "counter" | "history"}

`check(draft)`; every key of a draft may be left out. Values are texts with a unit, as in a file, or plain
numbers, which are in the declared unit (cells: text only). What is blank or null is left out::

    draft = {"protocol": "GeisStripping", "parameters": {NAME: TEXT | NUMBER | LIST},
             "cell": {NAME: TEXT | {NAME: TEXT}}, "bench": PATH | null (the built-in simulated bench),
             "store": URL | null, "title": TEXT, "notes": TEXT}

    {"ok": BOOL, "problems": [{"field", "problem", "remedy"}, …], "warnings": [{"field", "text"}, …],
     "derived": [{"field": FIELD or "", "label", "text": "28.27 µA", "value": NUMBER | [NUMBER, …], "unit"}],
     "plan": [TEXT, …], "hours": NUMBER | null, "hours_are": "longest" | null, "spectra": INTEGER | null
     (the most there can be, those while soaking left out), "disk_bytes": NUMBER | null (at most),
     "ends_utc": ISO TEXT | null (at the latest), "bench": NAME | null, "simulated": BOOL | null (wholly),
     "real_instruments": [{"role", "model", "address"}, …], "seen": [TEXT, …] (digests of the files read),
     "toml": TEXT | null (while there are problems)}

`check_queue(queue)`; steps with equal cells are done to one kind of cell, on the electrode in use unless
`fresh`, and `count` is how many electrodes of it there are (left out: as many as are mounted; more than one
need ``{n}`` or ``{n:02d}`` in the cell's name)::

    queue = {"name", "title", "notes", "bench", "store", "steps": [{"protocol", "parameters", "cell",
             "fresh": BOOL, "count": INTEGER | null, "name": TEXT, "allow_spent": BOOL}, …]}

    as of `check` without "derived" and "plan", for the whole queue, and
    {"steps": [{"ok", "problems", "warnings", "derived", "plan", "hours", …} as of `check`, …],
     "cells": [{"kind", "anode", "names", "count"}, …],
     "mountings": [{"path", "kind", "name", "words", "again"}, …]}

`check_campaign(path, bench, store)`: as of `check_queue` for a file that no form edits; "steps" are
``{"path", "plan"}`` and "toml" is null.

`open_file(path)`::

    {"kind": "experiment", "editable": true, "path", "draft": draft}
    {"kind": "queue", "editable": true, "path", "queue": queue}
    {"kind": "campaign", "editable": false, "path", "name", "title", "notes",
     "steps": [{"path", "protocol", "cell": table, "parameters"}, …]}

`tidy_cell(table)`: a cell as a file or a store holds it (``"0.006 m"``), as a form shows it (``"6 mm"``).

`templates(folder)`: ``[{"name", "built_in": BOOL, "title", "protocol", "draft"}, …]``; a file that cannot be
read is ``{"name", "built_in": false, "problem"}``. `save_template` and `remove_template` give
``{"name", "path"}``.

The process answers lines ``{"id": ANY, "do": VERB, …}`` with ``{"id": ANY, "answer": …}`` or
``{"id": ANY, "error": {"problem", "remedy"}}``, in order. The verbs are ``catalogue``; ``check`` with
"draft"; ``check_queue`` with "queue"; ``check_campaign`` with "path", "bench", "store"; ``open`` with
"path"; ``tidy_cell`` with "cell"; ``templates`` with "folder"; ``save_template`` with "folder", "name",
"draft" and perhaps "replace"; ``remove_template`` with "folder", "name".
"""

from app.drafting.catalogue import catalogue
from app.drafting.cell_form import tidy_cell
from app.drafting.checking import check
from app.drafting.opening import open_file
from app.drafting.queueing import check_campaign, check_queue
from app.drafting.templates import remove_template, save_template, templates

__all__ = [
    "catalogue",
    "check",
    "check_campaign",
    "check_queue",
    "open_file",
    "remove_template",
    "save_template",
    "templates",
    "tidy_cell",
]
