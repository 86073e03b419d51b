"""Takes a picture of every state, puts them on a page, and tells which look otherwise than before.

`make looks` does it; `make looks ARGS=--accept` takes the new looks for right.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.looks.compared import References
from tests.browser.looks.states import State, states
from tests.browser.looks.studio import Look, Studio, Vision, opened_studio
from tests.browser.start import REPOSITORY, chromium

# As the colour-blind see them: to be looked at on the page; what is kept of a state is what all
# others see. tests/draw/test_palette.py measures the colours.
COLOURFUL = ("step-unit-backward", "step-end-dark", "training-1000-light")
WITHOUT: tuple[Vision, ...] = ("deuteranopia", "protanopia", "tritanopia")

FOLDER = REPOSITORY / "build/looks"
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Every state of the panels</title>
<style>
body {{ font: 14px/1.4 system-ui, sans-serif; margin: 16px; background: #d9dce1; color: #171b21; }}
main {{ display: flex; flex-wrap: wrap; gap: 24px; align-items: flex-start; }}
figure {{ margin: 0; }}
img {{ display: block; max-width: 100%; }}
</style>
<h1>Every state of the panels</h1>
<main>
{figures}
</main>
</html>
"""


def main() -> int:
    """Return 1 if something looks otherwise than before, and that was not accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.looks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of states, such as 'step-*'")
    parser.add_argument("--accept", action="store_true", help="take the new looks for right")
    given = parser.parse_args()
    every = list(states())
    wanted = [one for one in every if _is_named(one, given.names)]
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    references = References()
    changed = 0
    for state, look in _looks(wanted):
        found = references.changes(state.name, look, FOLDER / "differences")
        changed += bool(found)
        if found and given.accept:
            references.keep(state.name, look)
        for words in found:
            print(f"{state.name}: {words}", flush=True)
    taken = sorted(FOLDER.glob("*.png"), key=lambda file: file.stat().st_mtime_ns)
    figures = _figures([file.stem for file in taken])
    (FOLDER / "index.html").write_text(PAGE.format(figures=figures), encoding="utf-8")
    print(f"{len(taken)} pictures are on the page {(FOLDER / 'index.html').as_uri()}")
    if given.accept:
        references.forget_all_but({state.name for state in every})
        references.write()
        print(f"{changed} new looks are kept")
        return 0
    if changed:
        print(
            f"{changed} look otherwise than before: see {FOLDER / 'differences'}. "
            "If that is meant: make looks ARGS=--accept"
        )
    return int(changed > 0)


def _is_named(state: State, names: list[str]) -> bool:
    return not names or any(fnmatchcase(state.name, name) for name in names)


def _looks(wanted: list[State]) -> Iterator[tuple[State, Look]]:
    with (
        TemporaryDirectory() as pages,
        chromium() as browser,
        opened_studio(browser, Path(pages)) as studio,
    ):
        for state in wanted:
            look = studio.look(state)
            look.picture.save(FOLDER / f"{state.name}.png")
            yield state, look
            if state.name in COLOURFUL:
                _take_as_the_colour_blind_see_it(state, studio)


def _take_as_the_colour_blind_see_it(state: State, studio: Studio) -> None:
    for vision in WITHOUT:
        studio.look(state, vision=vision).picture.save(FOLDER / f"{state.name}-{vision}.png")


def _figures(names: list[str]) -> str:
    return "\n".join(
        f'<figure id="{escape(one)}"><figcaption>{escape(one)}</figcaption>'
        f'<img src="{escape(one)}.png" alt="" loading="lazy"></figure>'
        for one in names
    )


if __name__ == "__main__":
    sys.exit(main())
