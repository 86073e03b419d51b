"""The lesson's panels by the rules of VS Code's notebooks, in each kind of theme."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.front_ends.test_front_ends import panels_of, use
from tests.front_ends.vscode import COLOURS, VsCode


@pytest.fixture(params=COLOURS)
def vscode(
    request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, pictures: Path
) -> Iterator[VsCode]:
    """The panels in one kind of theme, which the operating system does not share."""
    screen = VsCode(browser, request.param, tmp_path)
    yield screen
    screen.picture(pictures / f"{screen.kind}.png")
    screen.page.close()
    assert screen.problems == []


def test_panels_are_used_and_keep_their_keys_from_the_editor(vscode: VsCode) -> None:
    use(vscode, vscode)
    assert vscode.forwarded() == []
    looks_as_its_theme(vscode)
    if vscode.kind == "vscode-light":
        vscode.wear("vscode-dark")
        vscode.kind = "vscode-dark"
        looks_as_its_theme(vscode)


def test_the_editor_gets_its_own_keys_and_escape_leads_back_to_it(vscode: VsCode) -> None:
    step, *_ = panels_of(vscode)
    step.focus()
    vscode.press("F1", "Control+s", "ArrowRight")
    step.is_at(1)
    assert vscode.forwarded() == ["F1", "s"]
    step.press("Forward")
    vscode.press("Escape")
    step.has_focus("[role=region]")
    assert vscode.forwarded() == []
    vscode.press("Escape")
    assert vscode.forwarded() == ["Escape"]


def looks_as_its_theme(screen: VsCode) -> None:
    """Wait until the panels are light or dark as the editor is, and so is what is behind them."""
    for panel in panels_of(screen):
        bright = panel.brightness()
        is_light = "light" in screen.kind
        assert (bright["paper"] > 0.8) is (bright["behind"] > 0.8) is is_light, bright
        assert abs(bright["paper"] - bright["ink"]) > 0.7, bright
