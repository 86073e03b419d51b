"""A panel as data: what a page or a notebook keeps of it. There is never any code in it."""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping, Sequence
from typing import Any

from ipywidgets import Widget

from bpviz.panels.bundle import Bundle, text_of

SAVED = "application/vnd.bpviz.panel+json"
"""What a notebook keeps of a panel: data, which bpviz's extension of JupyterLab draws."""

TraitValues = dict[str, Any]
"""The values of a panel's traits, by their names."""

NOT_KEPT = ("_anywidget_id", "_error", "_can_undo", "_can_redo")
"""What belongs to a running kernel."""

LIMITS = json.loads(text_of("limits.json"))
"""What a notebook keeps of a panel.

Its output has so many ``bytes`` in all, of which some are left to ``spare`` for what is done in
the panel later. Of a run that is not made again it keeps so many bytes of its updates; of larger
updates than ``bytes_of_updates`` no numbers that follow from others; so many characters beside the
pictures. A run with at most so many numbers is made again. Where a panel is too much, it is tried
without what is named in ``left_out``, one after the other.

The others bound what somebody may have forged: the ``numbers`` of an update, the ``things`` in a
list, and the terms of all formulas that a page computes, at once without a pause, and in all. Those
of a run that is made again may be 25 for each of its numbers.
"""
TOO_LARGE = {"too_large": True}
"""What it keeps of a panel that is too much even so."""

FOR_LESS_THAN = ","
"""Stands in packed text for "<", so that no page finds the end of a script in it."""


def values_of(panel: Widget) -> TraitValues:
    """Return what the front end reads of a panel: numbers, words and the program."""
    names = [
        name
        for name, trait in panel.traits(sync=True).items()
        if trait.this_class.__module__.startswith("bpviz.")
        and trait.this_class is not Bundle
        and name not in NOT_KEPT
    ]
    return dict(panel.get_state(sorted(names)))


def room_in(data: Mapping[str, Any]) -> int:
    """Return how many characters more the data of an output may have, as a notebook has them."""
    lines = {
        kind: one.splitlines(keepends=True) if isinstance(one, str) else one
        for kind, one in data.items()
    }
    return int(LIMITS["bytes"]) - len(json.dumps(lines))


def packed(content: Mapping[str, Any]) -> str:
    """Return content as text: JSON, then all its bytes, compressed; the same for the same.

    The front end's `protocol/packed.ts` reads and writes it.
    """
    return as_text(zlib.compress(b"\n".join(text_and_bytes(content)), 9))


def text_and_bytes(content: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return content as JSON, in which bytes are but counted, and all these bytes."""
    buffers: list[bytes] = []

    def apart(value: Any) -> Any:
        if isinstance(value, bytes | bytearray | memoryview):
            buffers.append(bytes(value))
            return {"bytes": len(buffers[-1])}
        if isinstance(value, Mapping):
            return {str(key): apart(one) for key, one in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [apart(one) for one in value]
        return value

    text = json.dumps(apart(content), separators=(",", ":"), allow_nan=False)
    return text.encode(), b"".join(buffers)


def as_text(content: bytes) -> str:
    """Return bytes as text that a page and JSON hold as it is: five characters for four bytes."""
    return b85encode(content).decode().replace("<", FOR_LESS_THAN)


def unpacked(text: str) -> Any:
    """Return what a packed text holds.

    Raises
    ------
    ValueError
        If it is no packed text.
    """
    try:
        content = zlib.decompress(b85decode(text.replace(FOR_LESS_THAN, "<")))
        whole, _, rest = content.partition(b"\n")
        buffers = memoryview(rest)

        def filled(value: dict[str, Any]) -> Any:
            nonlocal buffers
            length = value.get("bytes")
            if len(value) != 1 or not isinstance(length, int):
                return value
            taken, buffers = bytes(buffers[:length]), buffers[length:]
            return taken

        return json.loads(whole, object_hook=filled)
    except (ValueError, zlib.error, AttributeError, RecursionError) as error:
        raise ValueError(f"text is not a packed panel: {error}") from None
