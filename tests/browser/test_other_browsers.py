"""The panels in Firefox ESR and WebKit: as pages and in JupyterLab, and alive the next day."""

import json
import os
import re
import time
from collections.abc import Iterator

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import bpviz as bp
from tests.browser.jupyter import ASK, NOTEBOOK_METADATA, THEMES
from tests.browser.other import PATIENCE, OtherPage, button_in
from tests.browser.others import EACH, KINDS
from tests.browser.test_computed import check_numbers
from tests.server import Server

NAME = "other.ipynb"
CELLS = [
    "import bpviz as bp\nstep = bp.StepPanel(bp.presets.three_two_one())\nstep",
    "run = bp.TrainingPanel(bp.presets.xor())\nrun",
]
NOISE = (
    r"^Starting (application|WebSocket)|^(warning: )?Plugin .*(took [\d.]+ms|taking too long)|"
    r"Canceled future|Connection lost, reconnecting|Failed to initialize model\."
)
"""What JupyterLab says itself, also of a kernel that goes and on a busy machine."""
NOTEBOOK = "jupyterapp.shell.currentWidget.content"
UNCOVERED = '!document.getElementById("jupyterlab-splash")'
KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session?.kernel"


def test_no_browser_is_missing_where_all_are_asked_for() -> None:
    missing = [name for name, kind in KINDS.items() if not kind.is_there]
    assert not missing or not os.environ.get("BPVIZ_EVERY_BROWSER"), f"not installed: {missing}"


class OtherLab:
    """A notebook of JupyterLab in another browser."""

    def __init__(self, page: OtherPage, server: Server) -> None:
        self.page, self.server = page, server
        self.problems: list[str] = []

    def note_problems(self) -> None:
        """Note what the page has complained of, and a next one will not know of."""
        self.problems += [one for one in self.page.problems if not re.search(NOISE, one)]

    def open(self, name: str) -> None:
        """Open a notebook in JupyterLab, and wait for its kernel."""
        self.page.open(f"{self.server.url}lab/tree/{name}?reset&token={self.server.token}")
        self.page.until("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 1")
        self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        """Wait until the notebook has a kernel that is idle."""
        self.page.until(f'{KERNEL}?.connectionStatus === "connected" && {KERNEL}.status === "idle"')

    def command(self, name: str, **arguments: str) -> None:
        """Carry out one of JupyterLab's commands."""
        self.page.evaluate(
            f"jupyterapp.commands.execute({json.dumps(name)}, {json.dumps(arguments)})"
            ".then(() => undefined)"
        )

    def use_theme(self, theme: str) -> None:
        """Switch to a theme, and wait until JupyterLab shows itself again, as `Lab` does."""
        self.page.until(UNCOVERED)
        self.command("apputils:change-theme", theme=THEMES[theme])
        self.page.until(f'document.body.dataset.jpThemeName === "{THEMES[theme]}"')
        self.page.until(UNCOVERED)

    def expect_answer(self, code: str, answer: str) -> None:
        """Wait until code prints an answer in the kernel."""
        end, said = time.monotonic() + PATIENCE, ""
        while said != answer:
            assert time.monotonic() < end, f"{code} prints {said}, not {answer}"
            said = str(self.page.evaluate(f"({ASK})({json.dumps(code)})"))

    def panel(self, cell: int) -> str:
        """Bring a cell into view; return JavaScript for the panel in it."""
        panel = f'{NOTEBOOK}.widgets[{cell}].node.querySelector(".bpviz")'
        self.page.evaluate(f'{NOTEBOOK}.scrollToItem({cell}, "start").catch(() => undefined)')
        self.page.until(f"{panel}?.checkVisibility({{ contentVisibilityAuto: true }})")
        return panel


@pytest.fixture(scope="module", params=EACH)
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OtherPage]:
    with KINDS[request.param].start(tmp_path_factory.mktemp(request.param)) as page:
        yield page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    panels = [
        bp.StepPanel(bp.presets.three_two_one()),
        bp.TrainingPanel(bp.presets.xor()),
        bp.BugLab(bp.presets.xor()),
    ]
    return bp.export.html(panels, tmp_path_factory.mktemp("pages") / "page.html").as_uri()


def text(panel: int) -> str:
    """Return JavaScript for the text of a panel."""
    return f'document.getElementById("panel-{panel}").textContent'


def button(panel: int, words: str) -> str:
    """Return JavaScript for a button of a panel."""
    return button_in(f'document.querySelector("#panel-{panel}")', words)


def test_a_page_steps_by_key_and_by_mouse(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until('document.querySelectorAll(".bpviz").length === 3')
    page.click(button(1, "Forward"))
    page.until(f'{text(1)}.includes("Step 1 of 34")')
    page.press("ArrowRight", "ArrowRight")
    page.until(f'{text(1)}.includes("Step 3 of 34")')
    page.press("End")
    page.until(f'{text(1)}.includes("Step 34 of 34") && {text(1)}.includes("0.485")')


def test_each_computes_what_python_computes(page: OtherPage) -> None:
    check_numbers(page.evaluate)


def test_a_run_is_made_and_goes_on(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until(f'{text(2)}.includes("500 epochs made")')
    page.click(button(2, "One epoch"))
    page.until(f'{text(2)}.includes("501 epochs made")')


def test_no_view_is_a_pixel_too_wide(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until('document.querySelectorAll(".bpviz").length === 3')
    page.until(f'{text(2)}.includes("500 epochs made")')
    too_wide = """[...document.querySelectorAll(".bpviz *")].filter((element) =>
        ["auto", "scroll"].includes(getComputedStyle(element).overflowX) &&
        element.scrollWidth > element.clientWidth).map(({ className }) => className).join()"""
    assert page.evaluate(too_wide) == ""


def test_mistakes_are_switched(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until(f'{text(3)}.includes("10 of 23 registers differ")')
    page.click(button(3, "Switch all off"))
    page.until(f'{text(3)}.includes("No mistake is on")')
    page.until(f'{text(3)}.includes("The curves are the same")')
    assert page.problems == []


@pytest.fixture(scope="module")
def notebook(page: OtherPage, server: Server) -> Iterator[OtherLab]:
    """A notebook in the same browser, which starts slowly."""
    document = new_notebook(
        cells=[new_code_cell(cell) for cell in CELLS], metadata=NOTEBOOK_METADATA
    )
    nbformat.write(document, server.root / NAME)
    notebook = OtherLab(page, server)
    notebook.open(NAME)
    notebook.command("notebook:run-all-cells")
    notebook.wait_for_kernel()
    yield notebook
    notebook.note_problems()
    server.tidy()
    assert notebook.problems == []


def test_a_panel_steps_and_leaves_the_notebook_alone(
    notebook: OtherLab,
) -> None:
    panel = notebook.panel(0)
    notebook.page.click(button_in(panel, "Forward"))
    notebook.page.until(f'{panel}.textContent.includes("Step 1 of 34")')
    notebook.page.press("ArrowRight", "ArrowRight")
    notebook.page.until(f'{panel}.textContent.includes("Step 3 of 34")')
    notebook.page.press("d", "d", "End")
    notebook.page.until(f'{panel}.textContent.includes("Step 34 of 34")')
    assert notebook.page.evaluate(f"{NOTEBOOK}.widgets.length") == len(CELLS)


def raise_weight(notebook: OtherLab, panel: str) -> str:
    """Raise the first weight by a key; return what it is then."""
    weight = f"{panel}.querySelector('.bpviz-diagram [data-ref=\"W1[0,0]\"]')"
    notebook.page.click(weight)
    editor = f'{panel}.querySelector("[role=spinbutton]")'
    notebook.page.until(editor)
    before = float(notebook.page.evaluate(f"{editor}.ariaValueNow"))
    notebook.page.evaluate(f"{editor}.focus()")
    notebook.page.press("ArrowUp")
    raised = f"{before + 0.01:.2f}"
    notebook.page.until(f'{weight}.textContent.includes("{raised}")')
    return raised


def test_a_weight_is_changed_and_python_has_it(notebook: OtherLab) -> None:
    raised = raise_weight(notebook, notebook.panel(0))
    notebook.expect_answer("print(step.trace['W1[0,0]'].round(6))", raised)
    notebook.page.press("Escape")


def test_a_run_is_made_by_python(notebook: OtherLab) -> None:
    panel = notebook.panel(1)
    notebook.page.click(button_in(panel, "Reset"))
    notebook.page.until(f'{panel}.textContent.includes("Nothing is trained yet")')
    notebook.page.click(button_in(panel, "Run"))
    notebook.page.until(f'{panel}.textContent.includes("500 epochs made")')
    notebook.expect_answer("print(run.history.epochs)", "500")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_panel_has_the_theme_of_the_page(notebook: OtherLab, theme: str) -> None:
    panel = notebook.panel(0)
    notebook.use_theme(theme)
    paper = f"getComputedStyle({panel}).color"
    is_bright = f"Number({paper}.match(/\\d+/)[0]) > 128"
    notebook.page.until(is_bright if theme == "dark" else f"!({is_bright})")


def test_without_a_kernel_a_saved_panel_is_where_it_was_left_and_goes_on(
    notebook: OtherLab,
) -> None:
    panel = notebook.panel(0)
    notebook.page.click(button_in(panel, "First"))
    notebook.page.press("ArrowRight", "ArrowRight")
    notebook.page.until(f'{panel}.textContent.includes("Step 2 of 34")')
    # What a panel shows is noted for the file while the page is idle.
    notebook.page.evaluate("new Promise((done) => requestIdleCallback(() => done()))")
    notebook.command("docmanager:save")
    notebook.note_problems()
    notebook.server.tidy()
    notebook.open(NAME)
    panel = notebook.panel(0)
    notebook.page.until(f'{panel}.textContent.includes("Step 2 of 34")')
    notebook.page.click(button_in(panel, "Forward"))
    notebook.page.until(f'{panel}.textContent.includes("Step 3 of 34")')
    notebook.page.press("End")
    notebook.page.until(f'{panel}.textContent.includes("Step 34 of 34")')
    raise_weight(notebook, panel)
    notebook.page.press("Escape")
    panel = notebook.panel(1)
    notebook.page.click(button_in(panel, "One epoch"))
    notebook.page.until(f'{panel}.textContent.includes("501 epochs made")')
