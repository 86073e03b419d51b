"""The lesson's panels as VS Code shows a notebook's widgets, after its rules.

VS Code cannot be had here. What it does to a widget is public, in its sources: a notebook's outputs
stand in a frame of their own, whose page has the rules for tables below and, in a layer, some for
everything; the theme is a class of the body and variables of the document; behind each widget
the Jupyter extension paints white; a key that comes up to the window goes to the editor, as a
command to its cells, and what a browser would do with some of them is left out; a link is never
followed.
anywidget's part is what its contract says: a model, and a module that is loaded from a blob.
"""

import importlib.util
import json
import shutil
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Route

from tests.front_ends.screen import PATIENCE, Chromium

HERE = Path(__file__).parent
SCRIPT = HERE / "vscode.js"
ORIGIN = "https://vscode.test"

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; img-src https: data:; font-src https:; connect-src https:"
)
"""As VS Code has it where it is switched on, with the blob that anywidget needs."""

COLOURS = {
    "vscode-light": {"editor-background": "#ffffff", "editor-foreground": "#3b3b3b"},
    "vscode-dark": {"editor-background": "#1f1f1f", "editor-foreground": "#cccccc"},
    "vscode-high-contrast": {"editor-background": "#000000", "editor-foreground": "#ffffff"},
    "vscode-high-contrast-light": {"editor-background": "#ffffff", "editor-foreground": "#292929"},
}
"""Of each kind of theme, by the name of its variable without what all begin with."""

EDITOR = """<!DOCTYPE html><html><body style="margin: 0"><iframe id="active-frame" title="outputs"
    sandbox="allow-same-origin allow-scripts allow-forms allow-downloads"
    style="width: 100%; height: 1900px; border: 0" src="outputs.html"></iframe></body></html>"""

OUTPUTS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="POLICY">
<style>@layer vscode-default {
    body { background: transparent; color: var(--vscode-editor-foreground); margin: 0;
        padding: 0 20px; font: 13px system-ui; }
    input:focus, select:focus { outline: 1px solid; outline-offset: -1px; }
    img { max-width: 100%; max-height: 100%; }
}</style>
<style>
    html { background: var(--vscode-editor-background); }
    body { padding: 0; height: 100%; width: 100%; }
    table, thead, tbody, tr, th, td { border: none !important; border-collapse: collapse; }
    table, tr, th { text-align: right; vertical-align: middle; }
    th, td { padding: 4px 8px; }
    tr:nth-child(even) { background: rgba(130, 130, 130, 0.08); }
    .output { margin-left: 44px; width: calc(100% - 60px); padding: 8px; box-sizing: border-box;
        overflow-x: auto; }
    .cell-output-ipywidget-background { background: white !important; }
</style></head>
<body role="document" style="overflow: hidden"><div id="container" style="position: absolute;
    width: 100%"></div><script>SCRIPT</script></body></html>"""


class VsCode(Chromium):
    """A page that treats widgets as VS Code does; it is asked in the frame of its outputs."""

    def __init__(self, browser: Browser, kind: str, folder: Path) -> None:
        super().__init__(browser, "light" if "dark" in kind else "dark")
        self.folder, self.kind = folder, kind
        self.panels: dict[str, Any] = {}
        self.unsent: list[dict[str, Any]] = []
        outputs = OUTPUTS.replace("POLICY", POLICY).replace("SCRIPT", SCRIPT.read_text())
        pages = {"/": EDITOR, "/outputs.html": outputs}
        for path, html in pages.items():
            self.page.route(ORIGIN + path, answer(html))
        self.page.expose_function("python", self.hear)
        self.page.goto(f"{ORIGIN}/")
        self.outputs.wait_for_load_state()
        self.wear(kind)
        self.show(lesson_in(folder))

    @property
    def outputs(self) -> Frame:
        """The frame of the notebook's outputs."""
        return self.page.frames[-1]

    def wear(self, kind: str) -> None:
        """Take a kind of theme."""
        self.outputs.evaluate("([kind, colours]) => wear(kind, colours)", [kind, COLOURS[kind]])

    def show(self, panels: list[Any]) -> None:
        """Show panels, each as an output."""
        for panel in panels:
            self.panels[panel.model_id] = panel
            panel._send = self.sender(panel.model_id)
        widgets = [*panels, *(part for one in panels for part in (one._script, one._style_sheet))]
        opened = [{"id": one.model_id, "state": plain(one.get_state())} for one in widgets]
        self.outputs.evaluate("([opened, shown]) => show(opened, shown)", [opened, [*self.panels]])

    def sender(self, panel_id: str) -> Callable[..., None]:
        """Return what takes the messages of a panel to the page."""

        def send(message: dict[str, Any], buffers: Any = None) -> None:
            if message["method"] == "custom":
                encoded = [b64encode(one).decode() for one in buffers or []]
                self.unsent.append(
                    {"id": panel_id, "content": message["content"], "buffers": encoded}
                )
            elif message["method"] == "update":
                state = self.panels[panel_id].get_state([*message["state"], *named(message)])
                self.unsent.append({"id": panel_id, "state": plain(state)})

        return send

    def hear(self, panel_id: str, said: str) -> str:
        """Take what the page says to a panel, and return what is to be said to the page."""
        message = json.loads(said)
        if "state" in message:
            self.panels[panel_id].set_state(message["state"])
        if "content" in message:
            self.panels[panel_id]._handle_custom_msg(message["content"], [])
        sent, self.unsent = self.unsent, []
        return json.dumps(sent)

    def hears(self, **wanted: float) -> None:
        """Wait until Python has heard something; it hears while the browser is spoken to."""
        end = time.monotonic() + PATIENCE
        while any(self.heard()[name] != one for name, one in wanted.items()):
            assert time.monotonic() < end, f"Python has heard {self.heard()}, not {wanted}"
            self.page.wait_for_timeout(20)

    def heard(self) -> dict[str, float]:
        """Return what Python has heard of the panels by now."""
        heard: dict[str, float] = json.loads((self.folder / "heard.json").read_text())
        return heard

    def forwarded(self) -> list[str]:
        """Return the keys that have gone to the editor."""
        keys: list[str] = self.outputs.evaluate("forwarded.splice(0)")
        return keys

    def evaluate(self, expression: str) -> Any:
        return self.outputs.evaluate(expression)

    def until(self, condition: str) -> None:
        self.outputs.wait_for_function(condition)

    def click(self, element: str) -> None:
        self.until(f"Boolean({element})")
        found = self.outputs.evaluate_handle(element).as_element()
        assert found is not None, element
        found.click()


def lesson_in(folder: Path) -> list[Any]:
    """Return the lesson's panels, which tell a file in a folder what they hear."""
    path = Path(shutil.copy(HERE / "lesson.py", folder))
    spec = importlib.util.spec_from_file_location("lesson", path)
    assert spec is not None
    assert spec.loader is not None
    lesson = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lesson)
    panels: list[Any] = lesson.panels()
    return panels


def plain(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state as JSON can hold it."""
    return {
        name: {"bytes": b64encode(value).decode()}
        if isinstance(value, bytes | bytearray | memoryview)
        else value
        for name, value in state.items()
    }


def named(message: dict[str, Any]) -> list[str]:
    """Return the traits of a message that travel as bytes beside it."""
    return [str(path[0]) for path in message.get("buffer_paths", [])]


def answer(html: str) -> Callable[[Route], None]:
    """Return what answers a request with a page."""
    return lambda route: route.fulfill(body=html, content_type="text/html")
