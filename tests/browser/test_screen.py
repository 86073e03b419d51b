"""What of a panel is on the screen: its buttons always, and all of it on a projector's screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import bpviz as bp
from bpviz.panels.panel import Panel
from tests.browser.looks.states import larger
from tests.browser.looks.studio import FITTED, enter_full_screen
from tests.browser.panels import PanelView, TrainingView

EXAMPLE, XOR = bp.presets.three_two_one(), bp.presets.xor()
PANELS: dict[str, Callable[[], Panel]] = {
    "step": lambda: bp.StepPanel(EXAMPLE),
    "training": lambda: bp.TrainingPanel(XOR),
    "lab": lambda: bp.BugLab(XOR),
    "step-projector": lambda: larger(bp.StepPanel(EXAMPLE)),
    "xor-projector": lambda: larger(bp.StepPanel(XOR)),
    "training-projector": lambda: larger(bp.TrainingPanel(XOR)),
    "lab-projector": lambda: larger(bp.BugLab(XOR)),
}


@pytest.fixture(scope="module")
def shown(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder: Path = tmp_path_factory.mktemp("screen")
    for name, make in PANELS.items():
        bp.export.html(make(), folder / f"{name}.html")
    context = browser.new_context(base_url=f"{folder.as_uri()}/", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def opened(page: Page, name: str, width: int, height: int) -> PanelView:
    # Whole screens have no other size.
    page.evaluate("() => document.fullscreenElement && document.exitFullscreen()")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{name}.html")
    # As in the middle of a notebook.
    page.evaluate("() => { document.body.style.paddingBlock = '1200px'; }")
    return PanelView(page.locator("#panel-1"))


# So much of the panel is at the lower edge of the screen, then its middle, then as much at the
# upper edge.
PLACES = """(root) => {
    const { top, bottom } = root.getBoundingClientRect();
    return [top + scrollY - innerHeight, (top + bottom - innerHeight) / 2 + scrollY,
        bottom + scrollY].map((at, k) => at + [LEAST, 0, -LEAST][k]);
}"""


def places(panel: PanelView, least: int) -> Iterator[int]:
    """Scroll so that the panel's top, its middle or its bottom is at an edge of the screen."""
    found = panel.root.evaluate(PLACES.replace("LEAST", str(least)))
    for number, place in enumerate(found):
        panel.page.evaluate("(place) => scrollTo(0, place)", place)
        yield number


@pytest.mark.parametrize(
    ("name", "width", "height", "least"),
    # Of a run, which update it is stands above its steps.
    [("step", 1366, 768, 60), ("step", 360, 640, 130), ("training", 360, 640, 290)],
)
def test_the_buttons_of_steps_are_on_the_screen_with_any_part_of_the_panel(
    shown: Page, name: str, width: int, height: int, least: int
) -> None:
    panel = opened(shown, name, width, height)
    if name == "training":
        TrainingView(shown.locator("#panel-1")).open_steps()
    panel.root.get_by_text("All numbers as tables").click()
    expect(panel.root.get_by_role("group", name="All numbers")).to_be_visible()
    for _ in places(panel, least):
        expect(panel.button("Forward")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (360, 640)])
def test_the_buttons_of_a_run_are_on_the_screen_with_any_part_of_the_panel(
    shown: Page, width: int, height: int
) -> None:
    panel = opened(shown, "training", width, height)
    run = panel.root.get_by_role("group", name="Training", exact=True)
    for _ in places(panel, 190):
        expect(run.get_by_role("button", name="Train 500 more")).to_be_in_viewport(ratio=1)


# How large all is drawn, and how much of it lies below the screen and beside it.
SEEN = """(root) => {
    const zoom = root.currentCSSZoom;
    return [zoom, root.scrollHeight * zoom - innerHeight, root.scrollWidth * zoom - innerWidth];
}"""

# Where one part begins and another ends, from left to right.
BESIDE = """(root, [left, right]) => {
    const [a, b] = [left, right].map((part) => root.querySelector(part).getBoundingClientRect());
    return a.right < b.left && a.top < b.bottom && b.top < a.bottom;
}"""
COLUMNS = {
    "run": [".bpviz-run", ".bpviz-view-surface"],
    "lab": [".bpviz-lab-list", ".bpviz-lab-results"],
    "steps": [".bpviz-diagram", ".bpviz-step-card"],
}
CHROME = ".bpviz-chrome, .bpviz-foot, .bpviz-new-start"


@pytest.mark.parametrize("name", ["step", "xor", "training", "lab"])
def test_on_a_projector_all_is_seen_in_two_columns_as_large_as_it_can_be(
    shown: Page, name: str
) -> None:
    panel = opened(shown, f"{name}-projector", 1920, 1080)
    enter_full_screen(panel.root)

    def check(columns: str) -> None:
        panel.root.evaluate(FITTED)
        zoom, below, aside = panel.root.evaluate(SEEN)
        assert zoom >= 1.7
        assert (below <= 1, aside <= 1) == (True, True)
        assert panel.root.evaluate(BESIDE, COLUMNS[columns])
        for part in panel.root.locator(CHROME).all():
            expect(part).to_be_hidden()

    if name == "training":
        check("run")
        TrainingView(shown.locator("#panel-1")).open_steps()
    elif name == "lab":
        check("lab")
        panel.root.get_by_role("button", name="Open step").click()
    panel.start("Unit")
    check("steps")
    assert panel.misfits() == []
    check("steps")
    panel.start("Unit")
    panel.key(*["ArrowRight"] * 12)
    check("steps")


# What moves right after a key: which properties, and for how long.
MOVED = """(root) => {
    const key = { key: "ArrowRight", bubbles: true, cancelable: true };
    root.dispatchEvent(new KeyboardEvent("keydown", key));
    return new Promise((resolve) => setTimeout(resolve)).then(() =>
        root.getAnimations({ subtree: true }).map(({ effect }) => {
            const { duration, delay, endDelay, iterations } = effect.getComputedTiming();
            const given = new Set(["offset", "easing", "composite", "computedOffset"]);
            const moved = effect.getKeyframes().flatMap(Object.keys);
            return [(delay + duration + endDelay) * iterations,
                [...new Set(moved)].filter((name) => !given.has(name)).sort()];
        }));
}"""


@pytest.mark.parametrize("moves", [True, False])
def test_a_step_is_one_short_pulse_which_a_compositor_does_alone(shown: Page, moves: bool) -> None:
    shown.emulate_media(reduced_motion="no-preference" if moves else "reduce")
    panel = opened(shown, "step", 1366, 768)
    panel.root.scroll_into_view_if_needed()
    found = [one for _ in range(34) for one in panel.root.evaluate(MOVED)]
    shown.emulate_media(reduced_motion="reduce")
    if not moves:
        assert found == []
        return
    assert len(found) > 34
    assert max(length for length, _ in found) <= 250
    assert {name for _, names in found for name in names} == {"opacity", "transform"}
