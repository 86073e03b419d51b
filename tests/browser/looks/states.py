"""The states of which a picture is kept: each panel, phase, depth, theme and width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Literal

import numpy as np
from playwright.sync_api import Locator, expect

import bpviz as bp
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from bpviz.panels.panel import Panel
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView, TrainingView

Theme = Literal["light", "dark", "contrast", "forced"]
Action = Callable[[Locator], object]

WIDTHS = (360, 600, 1000, 1600)
EXAMPLE, XOR = bp.presets.three_two_one(), bp.presets.xor()


@dataclass(frozen=True)
class State:
    """What a panel looks like: which page, at which place, after what somebody has done.

    Attributes
    ----------
    name : str
        Of its picture.
    page : str
        One of `PAGES`.
    link : str
        The place in the panel, as in the address of a page.
    act : callable
        What somebody then does; given what the panel lies in.
    width : int
        Of the window, in CSS pixels.
    theme : str
        "light", "dark", "contrast" (more contrast is preferred) or "forced" (forced colours).
    whole_screen : bool
        Whether it has a projector's screen for itself.
    """

    name: str
    page: str
    link: str = ""
    act: Action | None = None
    width: int = 1000
    theme: Theme = "light"
    whole_screen: bool = False


def larger(panel: Panel) -> Panel:
    """Return a panel as it is on a projector."""
    panel.appearance = {"projector": True}
    return panel


def otherwise() -> bp.StepPanel:
    """Return a step panel of which all conventions are the other ones."""
    panel = bp.StepPanel(EXAMPLE, skip_unchanged=True)
    panel.appearance = {"vectors": "row", "symbols": "z/a", "decimal": ",", "fractions": True}
    return panel


def wide() -> bp.StepPanel:
    """Return a step panel of a network that is too large to be seen in full."""
    network = bp.Network.random([16, 32, 16, 4], ["relu", "relu", "identity"], seed=0)
    numbers = np.random.default_rng(0)
    return bp.StepPanel(bp.backprop(network, numbers.normal(size=16), numbers.normal(size=4)))


def softmax() -> bp.StepPanel:
    """Return a step panel of a network that tells three classes apart."""
    network = bp.Network.random([4, 4, 3], ["relu", "softmax"], loss="cross_entropy", seed=3)
    return bp.StepPanel(bp.backprop(network, [1, -1, 0.5, 0], [0, 1, 0]))


def deep() -> bp.StepPanel:
    """Return a step panel of a network with several paths from a weight to the loss."""
    network = bp.Network.random([2, 2, 2, 1], ["tanh", "tanh", "identity"], seed=0)
    return bp.StepPanel(bp.backprop(network, [1, -1], [0.5]))


def untrained() -> bp.TrainingPanel:
    """Return a training panel before its run."""
    panel = bp.TrainingPanel(XOR)
    panel.set(epochs=100)
    return panel


def diverged() -> bp.TrainingPanel:
    """Return a training panel of which the learning rate was too large."""
    panel = bp.TrainingPanel(XOR)
    panel.set(learning_rate=5.0, update="simultaneous", train_biases=True)
    panel.advance(100)
    return panel


def converged() -> bp.TrainingPanel:
    """Return a training panel of which the last changes are tiny."""
    network = bp.Network.random([2, 2, 1], ["tanh", "sigmoid"], seed=1)
    rule = bp.Rule(learning_rate=0.5)
    return bp.TrainingPanel(bp.train(network, XOR.inputs, XOR.targets, rule, epochs=6000))


def level() -> bp.TrainingPanel:
    """Return a training panel of which the curve ends just below the line to compare with."""
    return bp.TrainingPanel(bp.train(XOR.network, XOR.inputs, XOR.targets, bp.Rule(0.01), 110))


def pinned() -> bp.TrainingPanel:
    """Return a training panel with two runs."""
    panel = bp.TrainingPanel(XOR)
    panel.pin()
    panel.set(learning_rate=0.02)
    panel.advance(300 * panel.history.updates_per_epoch)
    return panel


def classes() -> bp.TrainingPanel:
    """Return a training panel of a network with four inputs and three outputs."""
    numbers = np.random.default_rng(0)
    labels = np.arange(30) % 3
    X = numbers.normal(size=(30, 4)) + labels[:, None]
    network = bp.Network.random([4, 5, 3], ["tanh", "softmax"], loss="cross_entropy", seed=1)
    rule = bp.Rule(learning_rate=0.1)
    return bp.TrainingPanel(bp.train(network, X, np.eye(3)[labels], rule, epochs=60, batch_size=10))


QUESTIONS = {"h1[0]": "larger", "e2": "sign", "d1[0]": "inputs", "nW1[0,0]": "number"}

PAGES: dict[str, Callable[[], Panel]] = {
    "step": lambda: bp.StepPanel(EXAMPLE),
    "xor": lambda: bp.StepPanel(XOR),
    "adam": lambda: bp.StepPanel(
        bp.backprop(XOR.network, [1, -1], [0], bp.Rule(optimizer=bp.Adam()))
    ),
    "softmax": softmax,
    "wide": wide,
    "deep": deep,
    "otherwise": otherwise,
    "projector": lambda: larger(bp.StepPanel(EXAMPLE)),
    "few": lambda: bp.StepPanel(EXAMPLE, views=["diagram"]),
    "asks": lambda: bp.StepPanel(EXAMPLE, predict=QUESTIONS),
    "asks-many": lambda: bp.StepPanel(EXAMPLE, predict=["h1", "h2", "loss", "d1", "d2"]),
    "fading": lambda: bp.StepPanel(XOR, predict="fading"),
    "perform": lambda: bp.StepPanel(EXAMPLE, perform=True),
    "training": lambda: bp.TrainingPanel(XOR),
    "untrained": untrained,
    "diverged": diverged,
    "converged": converged,
    "level": level,
    "pinned": pinned,
    "classes": classes,
    "training-projector": lambda: larger(bp.TrainingPanel(XOR)),
    "lab": lambda: bp.BugLab(XOR),
    "lab-right": lambda: bp.BugLab(EXAMPLE),
    "lab-projector": lambda: larger(bp.BugLab(XOR)),
}


def places(depth: str) -> dict[str, int]:
    """Return after how many steps something is to be seen of each phase, and the end."""
    trace = bp.backprop(EXAMPLE.network, EXAMPLE.inputs[0], EXAMPLE.targets[0], EXAMPLE.rule)
    phases = [step.phase for step in Program(trace.network, trace.rule).steps(depth)]
    middles = {
        phase: phases.index(phase) + (phases.count(phase) + 1) // 2
        for phase in ("forward", "loss", "backward", "update")
    }
    return {"start": 0, **middles, "end": len(phases)}


# Of each kind of panel what is seen most, in each theme and at each width.
OFTEN = (
    *("step-unit-*", "step-backward-*", "step-end-[3d]*", "step-origin", "step-editing"),
    *("step-edited", "step-settings", "error", "waiting", "wide-backward", "paths"),
    *("asks-number-[369]*", "asks-wrong", "asks-right", "projector-backward"),
    *("training-*-light", "training-1000-dark", "training-weights", "training-landscape"),
    *("training-steps", "diverged", "lab-*-light", "lab-1000-dark"),
)
"""The names of those that every run of the tests looks at."""


def often() -> list[State]:
    """Return those states that every run of the tests looks at."""
    return [one for one in states() if any(fnmatchcase(one.name, name) for name in OFTEN)]


def states() -> Iterator[State]:
    """Yield every state, those of a page one after the other."""
    yield from steps()
    yield from step_panels()
    yield from questions()
    yield from runs()
    yield from labs()


def steps() -> Iterator[State]:
    """Yield each phase at each depth; in each theme and at each width."""
    for depth in DEPTHS:
        for phase, step in places(depth).items():
            yield State(f"step-{depth}-{phase}", "step", f"depth={depth}&step={step}")
    for phase, step in places("unit").items():
        link = f"depth=unit&step={step}"
        yield State(f"step-{phase}-dark", "step", link, theme="dark")
        if phase in ("backward", "end"):
            yield State(f"step-{phase}-contrast", "step", link, theme="contrast")
            yield State(f"step-{phase}-forced", "step", link, theme="forced")
        if phase in ("start", "backward", "end"):
            for width in (360, 600, 1600):
                yield State(f"step-{phase}-{width}", "step", link, width=width)
        if phase == "backward":
            for width in (360, 600, 1600):
                yield State(f"step-{phase}-{width}-dark", "step", link, width=width, theme="dark")
            # A cell of JupyterLab beside its file browser, in a window of 600 px.
            yield State(f"step-{phase}-cell", "step", link, width=244)


def step_panels() -> Iterator[State]:
    """Yield what opens in a step panel, and other networks."""
    middle, end = (f"depth=unit&step={places('unit')[phase]}" for phase in ("backward", "end"))

    def opened(name: str, act: Action, link: str = middle) -> Iterator[State]:
        yield State(f"step-{name}", "step", link, act)
        yield State(f"step-{name}-360", "step", link, act, width=360)
        yield State(f"step-{name}-dark", "step", link, act, theme="dark")

    yield from opened("origin", lambda at: OriginView(PanelView(at)).open("d1[0]"), end)
    yield from opened("origin-change", lambda at: OriginView(PanelView(at)).open("W1[0,1]"), end)
    yield from opened("editing", lambda at: OriginView(PanelView(at)).open_field("W1[0,1]"))
    yield from opened("edited", edited)
    yield from opened("settings", lambda at: PanelView(at).root.get_by_label("Settings").click())
    yield State("step-help", "step", middle, lambda at: PanelView(at).key("?"))
    yield State("step-code", "step", middle, lambda at: PanelView(at).open_tab("Code"))
    yield State("step-matrices-360", "step", middle, tab("Matrices"), width=360)
    yield State("step-code-600", "step", middle, tab("Code"), width=600)
    yield State("step-tables", "step", middle, tables)
    yield State("step-pointed", "step", middle, pointed)
    yield State("waiting", "step", act=lambda at: at.page.evaluate(WAITING))
    yield State("error", "step", act=lambda at: at.page.evaluate(REFUSED))
    yield State("error-dark", "step", act=lambda at: at.page.evaluate(REFUSED), theme="dark")
    for width in (360, 600, 1600):
        yield State(f"step-few-{width}", "few", middle, width=width)
    for page in ("xor", "adam", "softmax", "wide", "otherwise"):
        yield State(f"{page}-backward", page, act=backward)
        yield State(f"{page}-end", page, act=last)
    for page, width in product(("softmax", "wide"), (360, 1600)):
        yield State(f"{page}-end-{width}", page, act=last, width=width)
    yield State("paths", "deep", act=paths)
    yield State("paths-360", "deep", act=paths, width=360)
    for phase in ("start", "backward", "end"):
        link = f"depth=unit&step={places('unit')[phase]}"
        yield State(f"projector-{phase}", "projector", link, width=1920, whole_screen=True)
    yield State("projector-end-dark", "projector", link, None, 1920, "dark", whole_screen=True)


def questions() -> Iterator[State]:
    """Yield what a panel asks, and what it answers."""
    yield State("asks-larger", "asks", act=last)
    yield State("asks-sign", "asks", act=right)
    yield State("asks-sign-360", "asks", act=right, width=360)
    yield State("asks-sign-dark", "asks", act=right, theme="dark")
    for width in (360, 600, 960, 1000, 1600):
        yield State(f"asks-number-{width}", "asks-many", act=last, width=width)
    yield State("asks-wrong", "asks-many", act=answer("0.24"))
    yield State("asks-wrong-360", "asks-many", act=answer("0.24"), width=360)
    yield State("asks-wrong-dark", "asks-many", act=answer("0.24"), theme="dark")
    yield State("asks-right", "asks-many", act=answer("0.5597"))
    yield State("fading", "fading")
    yield State("perform", "perform")
    yield State("perform-360", "perform", width=360)
    yield State("perform-dark", "perform", theme="dark")
    yield State("perform-number", "perform", act=performed)


def runs() -> Iterator[State]:
    """Yield runs, and all that is to be seen of them."""
    for width, theme in product(WIDTHS, ("light", "dark")):
        yield State(f"training-{width}-{theme}", "training", width=width, theme=theme)
    yield State("training-contrast", "training", theme="contrast")
    yield State("training-forced", "training", theme="forced")
    for name in ("Weights", "Landscape", "The curve as a table"):
        word = name.split()[-1].lower()
        yield State(f"training-{word}", "training", act=view(name))
        if word != "table":
            yield State(f"training-{word}-360", "training", act=view(name), width=360)
            yield State(f"training-{word}-dark", "training", act=view(name), theme="dark")
    yield State("training-earlier", "training", "epoch=100&update=2")
    yield State("training-pointed", "training", act=pointed_at_curve)
    yield State("training-settings", "training", act=settings)
    yield State("training-settings-360", "training", act=settings, width=360)
    yield State("training-steps", "training", "epoch=100&update=2&step=8")
    yield State("training-steps-360", "training", "epoch=100&update=2&step=8", width=360)
    yield State("training-steps-dark", "training", "epoch=100&update=2&step=8", theme="dark")
    for page in ("untrained", "diverged", "pinned", "classes"):
        yield State(page, page)
        yield State(f"{page}-360", page, width=360)
        yield State(f"{page}-dark", page, theme="dark")
    yield State("converged-end", "converged", act=last_step)
    yield State("level", "level")
    yield State("training-projector", "training-projector", width=1920, whole_screen=True)
    yield State(
        "training-projector-steps",
        "training-projector",
        "epoch=100&update=2&step=8",
        width=1920,
        whole_screen=True,
    )


def labs() -> Iterator[State]:
    """Yield the bug lab."""
    for width, theme in product(WIDTHS, ("light", "dark")):
        yield State(f"lab-{width}-{theme}", "lab", width=width, theme=theme)
    yield State("lab-forced", "lab", theme="forced")
    yield State("lab-registers", "lab", act=tab("Register by register"))
    yield State("lab-table", "lab", act=tab("The curves as a table"))
    yield State("lab-steps", "lab", act=into_the_steps)
    yield State("lab-right", "lab-right")
    yield State("lab-projector", "lab-projector", width=1920, whole_screen=True)


WAITING = "() => bpviz.mount(document.getElementById('panel-1'), {})"
REFUSED = """() => {
    const refuse = (name) => {
        if (name === "_frames") throw new Error("frame 3 has 41 numbers; 46 are needed");
    };
    const values = new Proxy({}, { get: (_, name) => refuse(name) });
    bpviz.mount(document.getElementById("panel-1"), values);
}"""


def last(at: Locator) -> None:
    """Go as far as it goes."""
    PanelView(at).key("End")


def backward(at: Locator) -> None:
    """Go into the backward pass."""
    PanelView(at).slider.evaluate(
        """(slider) => {
            slider.value = Math.round(0.6 * slider.max);
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )


def tab(name: str) -> Action:
    """Return what opens a view among several."""
    return lambda at: PanelView(at).open_tab(name)


def view(name: str) -> Action:
    """Return what opens a view of a run."""

    def act(at: Locator) -> None:
        TrainingView(at).open_tab(name)
        expect(at.get_by_text("On its way.")).to_have_count(0)

    return act


def settings(at: Locator) -> None:
    at.get_by_role("button", name="Settings", exact=True).click()


def edited(at: Locator) -> None:
    """Change a weight."""
    origin = OriginView(PanelView(at))
    origin.open_field("W1[0,1]")
    origin.type("0.75")
    at.page.keyboard.press("Escape")
    at.page.keyboard.press("Escape")
    # What lay under the field is pointed at now, or a moment later.
    at.page.mouse.move(0, 0)


def tables(at: Locator) -> None:
    at.get_by_text("All numbers as tables").click()


def pointed(at: Locator) -> None:
    at.locator('.bpviz-diagram [data-ref="h1[0]"]').hover()


def paths(at: Locator) -> None:
    """Open the paths of a weight to the loss."""
    panel = PanelView(at)
    panel.key("End")
    panel.key("ArrowLeft")
    OriginView(panel).open("W1[0,1]")
    expect(at.locator(".bpviz-path")).to_have_count(2)


def right(at: Locator) -> None:
    """Answer the first question, whether h is larger than a, and go on."""
    PanelView(at).key("End")
    at.get_by_role("form").get_by_role("radio").first.check()
    at.page.keyboard.press("Enter")
    PanelView(at).key("End")


def answer(number: str) -> Action:
    """Return what answers the first question with a number."""

    def act(at: Locator) -> None:
        PanelView(at).key("End")
        at.get_by_role("form").get_by_role("textbox").fill(number)
        at.page.keyboard.press("Enter")
        expect(at.locator(".bpviz-feedback, .bpviz-settled").first).not_to_be_empty()

    return act


def performed(at: Locator) -> None:
    """Choose the number that comes first, and compute it wrongly."""
    form = at.get_by_role("form")
    form.get_by_label("derivative of the activation function at unit 1 of layer 2").check()
    at.page.keyboard.press("Enter")
    form.get_by_role("textbox").fill("0.485")
    at.page.keyboard.press("Enter")
    expect(at.locator(".bpviz-feedback")).to_contain_text("0.485 is")


def pointed_at_curve(at: Locator) -> None:
    at.page.mouse.move(*TrainingView(at).place_on_curve(0.3))


def last_step(at: Locator) -> None:
    panel = TrainingView(at)
    panel.open_steps()
    panel.key("End")


def into_the_steps(at: Locator) -> None:
    at.get_by_role("button", name="Open step").click()
