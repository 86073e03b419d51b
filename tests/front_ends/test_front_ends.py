"""The same panels, used in the same way, in each front end and in both themes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import bpviz as bp
from bpviz.explain.numbers import number_text
from tests.front_ends.hosts import Hears, HoloViz, Host, Marimo, Solara, Voila, running
from tests.front_ends.screen import Chromium, Screen, page_of
from tests.front_ends.seen import PanelSeen

HOSTS: dict[str, type[Host]] = {
    "Voilà": Voila,
    "marimo": Marimo,
    "Solara": Solara,
    "Panel": HoloViz,
}
EXAMPLE = bp.presets.three_two_one()


@pytest.fixture(
    params=[(name, theme) for name in HOSTS for theme in ("light", "dark")], ids=" ".join
)
def shown(
    request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, pictures: Path
) -> Iterator[tuple[Host, Chromium, str]]:
    """A front end in one of its themes, which the operating system does not share."""
    name, theme = request.param
    other = "dark" if theme == "light" else "light"
    with running(HOSTS[name], tmp_path, theme) as host, page_of(browser, other) as screen:
        screen.answer(host.fetched)
        screen.open(host.address)
        yield host, screen, theme
        screen.picture(pictures / f"{name.lower()}-{theme}.png")
        ours = [one for one in screen.problems if not re.search("|".join(host.noise) or "^$", one)]
        assert ours == []


def test_panels_are_used(shown: tuple[Host, Chromium, str]) -> None:
    host, screen, theme = shown
    use(host, screen)
    for panel in panels_of(screen):
        bright = panel.brightness()
        assert (bright["paper"] > 0.8) is (bright["behind"] > 0.8) is (theme == "light"), bright
        assert abs(bright["paper"] - bright["ink"]) > 0.7, bright


def panels_of(screen: Screen) -> list[PanelSeen]:
    """Wait until the lesson's panels are there, and return them."""
    panels = [PanelSeen(screen, number) for number in range(3)]
    panels[-1].appear()
    return panels


def use(host: Hears, screen: Screen) -> None:
    """Use the lesson's panels, and see what is on the screen and what Python has heard."""
    step, asking, training = panels_of(screen)
    steps_by_key_and_by_mouse(step)
    edits_a_number(step, host)
    answers_a_question(asking)
    training.press("One epoch")
    training.says("501 epochs made")
    host.hears(answered=1, epochs=501)


def steps_by_key_and_by_mouse(panel: PanelSeen) -> None:
    panel.focus()
    panel.screen.press("ArrowRight", "ArrowRight")
    panel.is_at(2)
    panel.screen.press("End")
    panel.is_at(34)
    panel.shows("h2[0]", "0.485")
    panel.press("First", "Forward")
    panel.is_at(1)
    panel.shows("a1[0]", "0.24")
    panel.says("The aggregate of unit 1 of layer 1")


def edits_a_number(panel: PanelSeen, host: Hears) -> None:
    weights = EXAMPLE.network.layers[0].weights.copy()
    weights[0, 1] = 0.5
    layers = [bp.Layer(weights, activation="sigmoid"), EXAMPLE.network.layers[1]]
    rule, x, y = EXAMPLE.rule, EXAMPLE.inputs[0], EXAMPLE.targets[0]
    trace = bp.backprop(bp.Network(layers, loss=EXAMPLE.network.loss), x, y, rule)

    panel.screen.click(panel.number("W1[0,1]"))
    panel.has_focus("input")
    panel.screen.press("Control+a")
    panel.screen.type("0.5")
    panel.screen.press("Enter")
    panel.shows("a1[0]", number_text(trace["a1[0]"]))
    host.hears(weight=0.5)
    # Who closes the field goes on by keyboard where it was opened.
    panel.screen.press("Escape")
    panel.has_focus(".bpviz-scroll[data-view=diagram]")
    panel.screen.press("End")
    panel.is_at(34)
    panel.shows("h2[0]", number_text(trace["h2[0]"]))


def answers_a_question(panel: PanelSeen) -> None:
    panel.focus()
    # Nothing goes on past the question, which takes the keyboard.
    panel.screen.press("End")
    panel.is_at(3)
    panel.has_focus("form input")
    panel.screen.type("0.5597")
    panel.screen.press("Enter")
    panel.says("1 of 1 questions done")
    panel.shows("h1[0]", "0.5597")
