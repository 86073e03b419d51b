"""What is kept of every state, and whether a panel still looks like it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.browser.looks.likeness import ALIKE, SMALLER, differences, kept, marked
from tests.browser.looks.studio import Look, Styles

REFERENCES = Path(__file__).with_name("references")


class References:
    """The looks that are kept."""

    def __init__(self, folder: Path = REFERENCES) -> None:
        self._folder = folder
        self._file = folder / "styles.json"
        self._styles: dict[str, Styles] = {}
        if self._file.exists():
            self._styles = json.loads(self._file.read_text(encoding="utf-8"))

    def changes(self, name: str, look: Look, failures: Path) -> list[str]:
        """Say in words in what a panel looks otherwise than what is kept of it.

        Parameters
        ----------
        name : str
            Of the state.
        look : Look
            What it looks like now.
        failures : Path
            A folder. It gets three pictures if they differ: the new one, what is kept, and the
            new one with the differences in red.
        """
        if name not in self._styles:
            return [f"nothing is kept of {name}"]
        reference = Image.open(self._picture(name))
        where = differences(look.picture, reference)
        found = list(_changed_styles(self._styles[name], look.styles))
        if where.sum() > ALIKE:
            rows, columns = where.any(axis=1).nonzero()[0], where.any(axis=0).nonzero()[0]
            x, y = SMALLER * columns[[0, -1]], SMALLER * rows[[0, -1]]
            found.append(f"it differs between x = {x[0]} and {x[1]} px, y = {y[0]} and {y[1]} px")
        if found:
            failures.mkdir(parents=True, exist_ok=True)
            look.picture.save(failures / f"{name}-now.png")
            whole = (SMALLER * reference.width, SMALLER * reference.height)
            reference.resize(whole).save(failures / f"{name}-kept.png")
            marked(where, look.picture).save(failures / f"{name}-differs.png")
        return found

    def keep(self, name: str, look: Look) -> None:
        """Take what a panel looks like now for what it is to look like."""
        self._folder.mkdir(parents=True, exist_ok=True)
        kept(look.picture).save(self._picture(name), "WEBP", lossless=True, quality=75, method=6)
        self._styles[name] = look.styles

    def forget_all_but(self, names: set[str]) -> None:
        """Let go of what is kept of states that are no more."""
        for name in self._styles.keys() - names:
            del self._styles[name]
            self._picture(name).unlink()

    def write(self) -> None:
        """Write down the styles: a line for each state."""
        lines = [
            f"{json.dumps(name)}: {json.dumps(styles, separators=(',', ':'))}"
            for name, styles in sorted(self._styles.items())
        ]
        self._file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")

    def _picture(self, name: str) -> Path:
        return self._folder / f"{name}.webp"


def _changed_styles(before: Styles, now: Styles) -> Iterator[str]:
    for kind in now:
        were, are = (set(styles[kind].split(" · ")) for styles in (before, now))
        yield from (f"{kind} {value} is gone" for value in sorted(were - are))
        yield from (f"{kind} {value} is new" for value in sorted(are - were))
