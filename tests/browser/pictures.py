"""Takes the pictures of the README, in a real JupyterLab, and its film: `make pictures`."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Locator

from tests.browser.film import film
from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, TrainingView
from tests.browser.start import REPOSITORY, chromium, jupyterlab

FOLDER = REPOSITORY / "docs/images"
CELLS = [
    "import bpviz as bp\nbp.StepPanel(bp.presets.three_two_one())",
    "bp.TrainingPanel(bp.presets.xor())",
]


def main() -> None:
    """Write a picture of each panel, and the film, in the light and in the dark theme."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as home, jupyterlab(Path(home)) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1600, "height": 2400}, device_scale_factor=1.5)
        lab = Lab(page, server, FOLDER)
        lab.scratch(*CELLS)
        lab.command("application:toggle-left-area")
        lab.run_all()
        step, training = PanelView(lab.output(0)), TrainingView(lab.output(1))
        step.start("Unit")
        step.key(*["ArrowRight"] * 17)
        training.click_curve(0.3)
        for theme in ("light", "dark"):
            lab.use_theme(theme)
            page.mouse.move(2, 2)
            lab.painted()
            for name, panel in (("step", step), ("training", training)):
                _save(panel.root, FOLDER / f"{name}-{theme}.png")
            film(browser, theme, FOLDER / f"film-{theme}.webp")


def _save(part: Locator, path: Path) -> None:
    """Save a small picture of a part of the page."""
    picture = Image.open(BytesIO(part.screenshot())).convert("RGB")
    picture.quantize(colors=128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
