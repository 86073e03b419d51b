"""The moving picture of the README: a step forward, a step back, an edit and a run."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

import bpviz as bp
from tests.browser.jupyter import PAINTED
from tests.browser.looks.studio import SHOWN
from tests.browser.panels import PanelView, place_of

WIDTH, HEIGHT = 1000, 664
STEP, SHORT, LONG = 1000, 350, 2200
"""How long something is seen, in milliseconds."""
EPOCHS = [0, 1, 3, 6, 10, 15, 22, 30, 40, 50, 60, 70, 80, 100, 120]
"""Of the run, when it is shown."""

# Words above the panel say what happens; the panel stands on the colour of its own paper.
STAGE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        body { padding: 0 10px; background: light-dark(#ffffff, #15181d); }
        #words { margin: 10px 16px 6px; font: 600 17px system-ui, sans-serif;
            color: light-dark(#56606d, #a8b2bf); }
        .bpviz { border-color: transparent; outline: 0 !important; }`);
    document.adoptedStyleSheets.push(sheet);
    const words = Object.assign(document.createElement("p"), { id: "words" });
    document.querySelector("main").prepend(words);
}"""

Frame = tuple[Image.Image, int]


class Stage:
    """A page whose pictures, one after the other, are a film."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[Frame] = []

    def open(self, file: Path, link: str = "") -> PanelView:
        """Open a page with a panel."""
        self.page.goto(f"{file.as_uri()}#{link}")
        self.page.evaluate(STAGE)
        return PanelView(self.page.locator("#panel-1"))

    def say(self, words: str) -> None:
        """Write above the panel what happens."""
        self.page.locator("#words").evaluate("(node, words) => node.textContent = words", words)

    def take(self, milliseconds: int) -> None:
        """Let what is to be seen now be seen for a while."""
        self.page.evaluate(PAINTED)
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT}
        picture = Image.open(BytesIO(self.page.screenshot(clip=clip))).convert("RGB")
        self.frames.append((picture, milliseconds))


def film(browser: Browser, theme: str, path: Path) -> None:
    """Write the film, as an animated WebP, in the light or in the dark theme."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    stage = Stage(context.new_page())
    with TemporaryDirectory() as folder:
        steps(stage, Path(folder))
        run(stage, Path(folder))
    context.close()
    pictures, times = zip(*stage.frames, strict=True)
    few = [one.quantize(colors=64, dither=Image.Dither.NONE).convert("RGB") for one in pictures]
    few[0].save(
        path,
        "WEBP",
        save_all=True,
        append_images=few[1:],
        duration=list(times),
        loop=0,
        lossless=True,
        quality=75,
        method=4,
    )


def steps(stage: Stage, folder: Path) -> None:
    """Show an update, step by step, and a weight that is changed."""
    file = bp.export.html(bp.StepPanel(bp.presets.three_two_one()), folder / "step.html")
    panel = stage.open(file, "depth=unit&step=3")
    panel.root.wait_for()
    stage.say("A step forward")
    stage.take(STEP)
    for _ in range(7):
        panel.key("ArrowRight")
        stage.take(STEP)
    stage.say("A step back")
    for _ in range(2):
        panel.key("ArrowLeft")
        stage.take(STEP)
    panel.key("End")
    stage.say("The end of the update")
    stage.take(LONG)
    stage.say("Drag a weight: every number follows")
    number = panel.root.locator('.bpviz-diagram [data-ref="W1[0,1]"]')
    box = place_of(number)
    mouse, x, y = stage.page.mouse, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    for _ in range(8):
        x += 12
        mouse.move(x, y)
        stage.take(SHORT)
    mouse.up()
    mouse.move(0, 0)
    stage.take(LONG)


def run(stage: Stage, folder: Path) -> None:
    """Show a run while it grows, from a start from which it learns."""
    xor = bp.presets.xor()
    network = bp.Network.random([2, 2, 1], ["relu", "identity"], seed=1)
    example = bp.Example(network, xor.inputs, xor.targets, rule=bp.Rule(0.05), title=xor.title)
    panel = bp.TrainingPanel(example)
    panel.reset()
    per_epoch = panel.history.updates_per_epoch
    for before, epochs in pairwise(EPOCHS):
        file = bp.export.html(panel, folder / f"run-{before}.html")
        stage.open(file).root.wait_for()
        stage.say("A run, as it learns")
        stage.page.wait_for_function(SHOWN)
        stage.take(SHORT if before else STEP)
        panel.advance((epochs - before) * per_epoch)
    stage.frames[-1] = (stage.frames[-1][0], LONG)
