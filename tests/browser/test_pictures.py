"""The panels look as they did: pictures of their states beside those that are kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SCREENSHOTS
from tests.browser.looks.compared import References
from tests.browser.looks.likeness import ALIKE, differences, kept
from tests.browser.looks.states import State, often, states
from tests.browser.looks.studio import Look, Studio, opened_studio

FAILURES = SCREENSHOTS / "looks"


@pytest.fixture(scope="module")
def studio(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with opened_studio(browser, tmp_path_factory.mktemp("looks")) as studio:
        yield studio


@pytest.fixture(scope="module")
def references() -> References:
    return References()


@pytest.mark.parametrize("state", often(), ids=lambda state: state.name)
def test_it_looks_as_before(studio: Studio, references: References, state: State) -> None:
    changes = references.changes(state.name, studio.look(state), FAILURES)
    assert not changes, (
        f"{state.name} looks otherwise: {'; '.join(changes)}. Its pictures are in {FAILURES}. "
        "If that is meant: make looks ARGS=--accept, and look at the page that it makes."
    )


NAMES = {state.name for state in states()}


def test_something_is_kept_of_every_state() -> None:
    folder = Path(__file__).parent / "looks/references"
    assert {path.stem for path in folder.glob("*.webp")} == NAMES


STATE = next(state for state in states() if state.name == "step-unit-backward")


@pytest.fixture(scope="module")
def before(studio: Studio) -> Look:
    return studio.look(STATE)


BAR = '[title="activation of unit 1 of layer 1"] + .bpviz-bar i'
SEEN = {
    "another colour of one bar": f"{BAR} {{ background: var(--bpviz-negative-bar); }}",
    "a bar that is gone": f"{BAR} {{ opacity: 0; }}",
    "a legend that is gone": ".bpviz-legend { opacity: 0; }",
    "a larger margin": ".bpviz-say { margin-top: 10px; }",
    "a button that lies 8 px further right": ".bpviz-main { position: relative; left: 8px; }",
    "a formula that lies 8 px lower": ".bpviz-formula { position: relative; top: 8px; }",
}


@pytest.mark.parametrize("style", SEEN.values(), ids=SEEN)
def test_a_picture_sees(studio: Studio, before: Look, style: str) -> None:
    now = studio.look(STATE, style)
    assert differences(now.picture, kept(before.picture)).sum() > ALIKE


NOISE = {
    "letters a trace fatter": ".bpviz { -webkit-text-stroke: 0.1px; }",
    "a part that lies 1 px elsewhere": ".bpviz-formula { translate: 1px 1px; }",
    "a fraction of a pixel": ".bpviz-transport, .bpviz-cover { translate: 0.4px 0.4px; }",
}


@pytest.mark.parametrize("style", NOISE.values(), ids=NOISE)
def test_a_picture_does_not_see(studio: Studio, before: Look, style: str) -> None:
    now = studio.look(STATE, style)
    assert now.picture.tobytes() != before.picture.tobytes()
    assert differences(now.picture, kept(before.picture)).sum() <= ALIKE


def test_a_change_is_told_in_words_and_shown(studio: Studio, before: Look, tmp_path: Path) -> None:
    references = References(tmp_path / "references")
    assert references.changes("one", before, tmp_path) == ["nothing is kept of one"]
    references.keep("one", before)
    references.write()
    references = References(tmp_path / "references")
    assert references.changes("one", before, tmp_path / "failures") == []
    assert not (tmp_path / "failures").exists()
    paler = ".bpviz { --bpviz-soft: #5f6a78 !important; } .bpviz-legend { opacity: 0; }"
    changes = references.changes("one", studio.look(STATE, paler), tmp_path / "failures")
    assert {"text #56606d is gone", "text #5f6a78 is new"} <= set(changes)
    assert changes[-1].startswith("it differs between x = ")
    pictures = sorted(path.name for path in (tmp_path / "failures").iterdir())
    assert pictures == ["one-differs.png", "one-kept.png", "one-now.png"]
