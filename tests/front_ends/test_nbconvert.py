"""What nbconvert's own command makes of a notebook with panels, offline and with no Inkscape."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser

from bpviz.export.notebooks import strip_file
from tests.browser.start import REPOSITORY
from tests.front_ends.notebooks import write_notebook
from tests.front_ends.screen import Chromium, page_of
from tests.front_ends.seen import PanelSeen

SOURCES = [
    "import bpviz as bp\nbp.StepPanel(bp.presets.three_two_one())",
    "bp.TrainingPanel(bp.presets.xor())",
]
PICTURES = """JSON.stringify([...document.images].filter((one) =>
    one.complete && one.naturalWidth > 200).map((one) => one.alt))"""

# What nbconvert's pages ask of the internet.
ELSEWHERE = "net::ERR_INTERNET_DISCONNECTED"

needs_pandoc = pytest.mark.skipif(
    not shutil.which("pandoc"), reason="nbconvert's LaTeX needs pandoc"
)
needs_xelatex = pytest.mark.skipif(not shutil.which("xelatex"), reason="a PDF by TeX needs xelatex")


def words_in(pdf: Path) -> str:
    """Return all words of a PDF."""
    return " ".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


def convert(notebook: Path, kind: str, *options: str, **environment: str) -> None:
    """Call `jupyter nbconvert`."""
    command = [sys.executable, "-m", "nbconvert", "--to", kind, *options, str(notebook)]
    around = os.environ | environment
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=around)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def with_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook that nbconvert has run, with the state of its widgets."""
    path = tmp_path_factory.mktemp("lesson") / "lesson.ipynb"
    write_notebook(path, *SOURCES, words="# A lesson\n$h^2$")
    convert(path, "notebook", "--execute", "--inplace")
    assert "widgets" in json.loads(path.read_text())["metadata"]
    return path


@pytest.fixture(scope="module")
def without_state(with_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same notebook as it is committed."""
    path = Path(shutil.copy(with_state, tmp_path_factory.mktemp("stripped")))
    assert strip_file(path)
    return path


@pytest.fixture(scope="module")
def as_saved(with_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same notebook as JupyterLab saves it: with views, and nothing that they are views of."""
    path = Path(shutil.copy(with_state, tmp_path_factory.mktemp("saved")))
    notebook = json.loads(path.read_text())
    del notebook["metadata"]["widgets"]
    path.write_text(json.dumps(notebook))
    return path


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder in which Playwright finds the Chromium of this machine as if it had brought it."""
    folder = str(tmp_path_factory.mktemp("browsers"))
    code = "from playwright.sync_api import sync_playwright as p; p().start().chromium.launch()"
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PLAYWRIGHT_BROWSERS_PATH": folder},
    ).stderr
    [place] = re.findall(r"Executable doesn't exist at (\S+)", said)
    found = subprocess.run(
        [REPOSITORY / "scripts/chromium"], capture_output=True, text=True, check=True
    ).stdout.strip()
    Path(place).parent.mkdir(parents=True)
    Path(place).symlink_to(found)
    return folder


def expect_two_alive(screen: Chromium, page: Path) -> None:
    """Open a page without a network; step in its first panel and train in its second."""
    screen.page.context.set_offline(True)
    screen.open(page.as_uri())
    step, training = PanelSeen(screen, 0), PanelSeen(screen, 1)
    training.appear()
    step.focus()
    screen.press("End")
    step.shows("h2[0]", "0.485")
    training.press("One epoch")
    training.says("501 epochs made")


@pytest.mark.parametrize("kind", ["with_state", "without_state"])
def test_to_bpviz_is_a_page_of_living_panels(
    kind: str, browser: Browser, request: pytest.FixtureRequest, pictures: Path
) -> None:
    notebook = request.getfixturevalue(kind)
    convert(notebook, "bpviz")
    page = notebook.with_suffix(".html")
    assert page.stat().st_size < 250_000
    with page_of(browser, "light") as screen:
        expect_two_alive(screen, page)
        screen.picture(pictures / f"nbconvert-{kind}.png")
        assert screen.problems == []
        # As a browser prints it.
        printed = pypdf.PdfReader(io.BytesIO(screen.page.pdf()))
        assert "A lesson" in "".join(sheet.extract_text() for sheet in printed.pages)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Let nbconvert find its settings as bpviz's wheel installs them."""
    folder = tmp_path_factory.mktemp("settings")
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    brought = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    for source, place in brought.items():
        if place.startswith("etc/jupyter/"):
            shutil.copy(REPOSITORY / source, folder / Path(place).name)
    return {"JUPYTER_CONFIG_PATH": str(folder)}


@pytest.mark.parametrize("form", ["with_state", "without_state", "as_saved"])
def test_nbconverts_own_page_has_living_panels(
    form: str,
    browser: Browser,
    request: pytest.FixtureRequest,
    installed: dict[str, str],
    pictures: Path,
) -> None:
    notebook = request.getfixturevalue(form)
    convert(notebook, "html", **installed)
    assert notebook.with_suffix(".html").stat().st_size < 600_000
    with page_of(browser, "light") as screen:
        expect_two_alive(screen, notebook.with_suffix(".html"))
        screen.picture(pictures / f"nbconvert-html-{form}.png")
        assert [problem for problem in screen.problems if ELSEWHERE not in problem] == []


def test_nbconverts_own_slides_have_living_panels(
    with_state: Path, browser: Browser, installed: dict[str, str]
) -> None:
    convert(with_state, "slides", **installed)
    with page_of(browser, "light") as screen:
        screen.page.context.set_offline(True)
        screen.open(with_state.with_name("lesson.slides.html").as_uri())
        step = PanelSeen(screen, 0)
        step.appear()
        step.focus()
        screen.press("End")
        step.shows("h2[0]", "0.485")


def test_other_settings_of_nbconvert_stay(
    without_state: Path, installed: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "jupyter_nbconvert_config.json").write_text(
        json.dumps(
            {"Exporter": {"preprocessors": ["nbconvert.preprocessors.ClearOutputPreprocessor"]}}
        )
    )
    convert(without_state, "html", **installed, JUPYTER_CONFIG_DIR=str(tmp_path))
    text = without_state.with_suffix(".html").read_text()
    assert "StepPanel(3-2-1" not in text
    convert(without_state, "html", **installed)
    assert without_state.with_suffix(".html").read_text().count('id="bpviz-page"') == 1


def test_an_option_leaves_the_living_panels_out(
    without_state: Path, installed: dict[str, str]
) -> None:
    convert(without_state, "html", "--HTMLExporter.preprocessors=[]", **installed)
    assert "bpviz-page" not in without_state.with_suffix(".html").read_text()


def test_other_widgets_keep_their_state(tmp_path: Path, installed: dict[str, str]) -> None:
    notebook = tmp_path / "lesson.ipynb"
    write_notebook(notebook, SOURCES[0], "import ipywidgets\nipywidgets.IntSlider()")
    convert(notebook, "html", "--execute", **installed)
    text = notebook.with_suffix(".html").read_text()
    assert text.count('<script type="application/vnd.jupyter.widget-view+json">') == 1
    assert "IntSliderModel" in text
    assert "StepPanelModel" not in text
    assert text.count('id="bpviz-page"') == 1


@pytest.mark.parametrize("form", ["without_state", "as_saved"])
@pytest.mark.parametrize(
    ("kind", "name"), [("html", "lesson.html"), ("slides", "lesson.slides.html")]
)
def test_nbconverts_own_pages_show_pictures_of_panels_where_bpviz_is_not_installed(
    kind: str, name: str, form: str, browser: Browser, request: pytest.FixtureRequest
) -> None:
    notebook = request.getfixturevalue(form)
    convert(notebook, kind, JUPYTER_NO_CONFIG="1")
    with page_of(browser, "light") as screen:
        screen.page.context.set_offline(True)
        screen.open(notebook.with_name(name).as_uri())
        seen = json.loads(screen.evaluate(PICTURES))
    assert [words.partition("(")[0] for words in seen] == ["StepPanel", "TrainingPanel"]


@pytest.mark.parametrize("form", ["with_state", "without_state", "as_saved"])
def test_nbconverts_own_pdf_by_a_browser_shows_pictures_of_panels(
    form: str, browsers: str, request: pytest.FixtureRequest, installed: dict[str, str]
) -> None:
    notebook = request.getfixturevalue(form)
    options = ["--disable-chromium-sandbox"]
    convert(notebook, "webpdf", *options, PLAYWRIGHT_BROWSERS_PATH=browsers, **installed)
    words = words_in(notebook.with_suffix(".pdf"))
    assert "A lesson" in words
    assert "3-2-1 sigmoid network" in words
    assert "2-2-1 network on XOR" in words


@needs_pandoc
def test_nbconverts_own_latex_has_a_png_of_each_panel_of_a_stripped_notebook(
    without_state: Path,
) -> None:
    convert(without_state, "latex")
    text = without_state.with_suffix(".tex").read_text()
    assert text.count(".png}") == text.count("\\adjustimage") == len(SOURCES)


@needs_pandoc
def test_nbconverts_own_latex_has_the_words_of_panels_before_they_have_a_png(
    as_saved: Path,
) -> None:
    convert(as_saved, "latex")
    assert "StepPanel(3-2-1 sigmoid network" in as_saved.with_suffix(".tex").read_text()


@needs_xelatex
def test_nbconverts_own_pdf_has_a_png_of_each_panel(without_state: Path) -> None:
    convert(without_state, "pdf")
    pages = pypdf.PdfReader(without_state.with_suffix(".pdf")).pages
    images = [image.image for page in pages for image in page.images]
    assert [image.size[0] > 500 for image in images if image] == [True] * len(SOURCES)


def test_markdown_shows_pictures_of_panels(without_state: Path) -> None:
    convert(without_state, "markdown")
    text = without_state.with_suffix(".md").read_text()
    assert text.count('<img alt="StepPanel(') == 1
    assert text.count('src="data:image/svg+xml,') == 2


@needs_pandoc
@pytest.mark.parametrize("kind", ["with_state", "without_state"])
def test_to_bpviz_latex_has_a_picture_of_each_panel(
    kind: str, request: pytest.FixtureRequest
) -> None:
    notebook = request.getfixturevalue(kind)
    convert(notebook, "bpviz_latex")
    assert notebook.with_suffix(".tex").read_text().count("\\adjustimage") == len(SOURCES)
    assert len(list(notebook.with_name("lesson_files").glob("*.pdf"))) == len(SOURCES)


@needs_xelatex
def test_to_bpviz_pdf_has_the_pictures_in_it(without_state: Path) -> None:
    convert(without_state, "bpviz_pdf")
    words = words_in(without_state.with_suffix(".pdf"))
    assert "A lesson" in words
    assert "3-2-1 sigmoid network" in words
    assert "2-2-1 network on XOR" in words
