"""A real JupyterLab or Notebook 7 for the browser tests: a page that drives it."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import (
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    WebSocket,
    expect,
)
from playwright.sync_api import TimeoutError as TooLateError

from tests.server import Server

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

# In milliseconds. A page answers at once; a server or a kernel on a busy machine does not.
PATIENCE = 45_000
KERNEL_PATIENCE = 90_000

MOST_SCROLLS = 9
"""So often a cell is brought back into view."""

MOST_ROUND_TRIPS = 50
"""After so many questions to the kernel and answers from it, they do not come to rest."""

THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "high contrast": "JupyterLab Dark High Contrast",
}

FrontEnd = Literal["lab", "notebook"]

Threads = Literal["a thread of its own", "one thread for all"]
THREADS: dict[Threads, str] = {
    "a thread of its own": "perCommTarget",
    "one thread for all": "disabled",
}
"""Who answers widgets in the kernel, and how JupyterLab calls that."""

RESTORED = "() => window.jupyterapp?.restored.then(() => true)"
"""Whether JupyterLab has made its page."""

THEIRS = r"\(http\S+/static/(lab|notebook)/"

# What JupyterLab itself says when a kernel goes away, perhaps before it has answered all that
# JupyterLab asks of a new kernel, or on a busy machine.
LAB_NOISE = [
    r"^warning: Plugin @jupyter\S+ .* took [\d.]+ms to activate\. " + THEIRS,
    r"^warning: Plugin \S+ .*(taking too long|took [\d.]+ms) to activate",
    r"^warning: Connection lost, reconnecting in \d+ seconds\. " + THEIRS,
    r"^error: Could not restore the debugger state: Canceled future .* " + THEIRS,
    r"^warning: Subshell identifier not available .* Canceled future .* " + THEIRS,
    r"^uncaught: Error: Canceled future for create_subshell_request message",
    # A notebook that was closed while it was about to take the focus, or to draw a widget.
    r"^error: TypeError: .*\(reading 'processLuminoMessage'\)\n",
    r"^error: TypeError: .*\(reading 'footer'\)\n\s+at \S+_ensureFocus",
    # A model that took over two seconds on a busy page, or was closed before: anywidget says so,
    # and draws it when it is ready.
    r"^uncaught: Error: \[anywidget\] Failed to initialize model\.\n.*/anywidget/static/",
    # Notebook 7 says at each start what its own menus, plugins and settings lack.
    r"^warning: .* \(http\S+/static/notebook/",
    r"^uncaught: [^\n]*\n\s+at [^\n]*http\S+/static/notebook/",
]

SESSION = "jupyterapp.shell.currentWidget.sessionContext.session"

# JupyterLab attaches cells while it is idle, one after the other (or only those near the view,
# as it is set), does not draw those that are far from the view, and scrolls by itself: when cells
# have been run, or when those above one change their heights. Its own scrolling gives up after a
# while, or when another takes its place. So a cell is scrolled to until it is attached, drawn, in
# view and at rest.
BRING_INTO_VIEW = """async ([index, patience]) => {
    const frame = () => new Promise(requestAnimationFrame);
    const notebook = jupyterapp.shell.currentWidget.content;
    const cell = notebook.widgets[index];
    const isAttached = () => cell.node.isConnected && !cell.isPlaceholder();
    const place = () => {
        const isDrawn = isAttached() && cell.node.checkVisibility({ contentVisibilityAuto: true });
        const view = notebook.node.getBoundingClientRect();
        const { top, bottom } = cell.node.getBoundingClientRect();
        return isDrawn && top < view.bottom && bottom > view.top ? top : null;
    };
    const end = performance.now() + patience;
    while (performance.now() < end) {
        const isWindowed = notebook.viewModel.windowingActive;
        if (isAttached() || isWindowed) notebook.scrollToItem(index, "start").catch(() => {});
        let before = null;
        for (let frames = 0; frames < 10; frames++) {
            await frame();
            const now = place();
            if (now !== null && now === before) return null;
            before = now;
        }
    }
    return `cell ${index} of ${notebook.widgets.length} does not come into view`;
}"""

CLOSE_ALL = """async () => {
    for (const widget of [...jupyterapp.shell.widgets("main")]) {
        if (!widget.context) continue;
        await widget.context.sessionContext.shutdown();
        widget.context.model.dirty = false;
        // What was run last may still move the focus, which a notebook that is gone cannot take.
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        widget.dispose();
    }
}"""

# What was queued for the next frame is done, that frame is painted, and transitions have ended.
PAINTED = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    // What is paused, or in a part of the page that is not drawn, has no end to wait for; nor has
    // the cursor of an editor, which blinks on.
    const ending = document.getAnimations().filter(({ effect, playState }) =>
        effect.getComputedTiming().endTime !== Infinity && playState === "running" &&
        !effect.target?.matches(".cm-cursorLayer") &&
        effect.target?.checkVisibility({ contentVisibilityAuto: true }));
    await Promise.allSettled(ending.map(({ finished }) => finished));
    await frame();
    await new Promise((resolve) => setTimeout(resolve));
}"""

# What widgets say to a kernel is answered by a thread of its own there (a subshell, since ipykernel
# 7), and so in no order with what cells compute. So it is noted which of these messages have no
# answer yet. Its end is told when JupyterLab has done what came before, and a panel has said what
# it says to that.
NOTE_UNANSWERED = f"""() => {{
    const session = {SESSION};
    if (window.noted === session) return;
    window.noted = session;
    const unanswered = new Set();
    window.unanswered = unanswered;
    session.anyMessage.connect((_, {{ msg: {{ header }}, direction }}) => {{
        if (direction === "send" && header.msg_type === "comm_msg") unanswered.add(header.msg_id);
    }});
    session.iopubMessage.connect((_, {{ header, parent_header, content }}) => {{
        if (header.msg_type === "status" && content.execution_state === "idle")
            unanswered.delete(parent_header.msg_id);
    }});
    session.statusChanged.connect((_, status) => {{
        if (/restarting|dead|terminating/.test(status)) unanswered.clear();
    }});
}}"""

# A kernel answers cells in order: with this answer, all to earlier ones have come.
ROUND_TRIP = f"""async () => {{
    const nothing = {{ code: "", silent: true, store_history: false }};
    const question = {SESSION}.kernel.requestExecute(nothing);
    await question.done;
    return question.msg.header.msg_id;
}}"""

ASK = f"""async (code) => {{
    let answer = "";
    const question = {SESSION}.kernel.requestExecute({{ code, store_history: false }});
    question.onIOPub = ({{ content }}) => (answer += content.text ?? content.evalue ?? "");
    await question.done;
    return answer.trim();
}}"""

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True)
class Frame:
    """One WebSocket message between the page and a kernel."""

    direction: Literal["sent", "received"]
    size: int
    text: str


class Lab:
    """JupyterLab in one page of the browser."""

    def __init__(self, page: Page, server: Server, screenshots: Path) -> None:
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.page = page
        self.server = server
        self.screenshots = screenshots
        self.problems: list[str] = []
        """What the console and uncaught errors said that is not JupyterLab's own noise."""
        self.frames: list[Frame] = []
        """Every message to and from kernels, in order."""
        self.uses = 0
        """So many tests or modules have had the page."""
        self.is_spent = False
        """Whether no other test may have it."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._on_problem(f"uncaught: {error.stack or error}"))
        page.on("websocket", self._on_websocket)

    def open(self, notebook: str, front_end: FrontEnd = "lab") -> None:
        """Open a notebook, where JupyterLab is there already in it, and wait for its kernel."""
        if front_end == "notebook":
            self._visit(f"notebooks/{notebook}")
        else:
            self._come_to_lab()
            self.command("docmanager:open", path=notebook, factory="Notebook")
        self._wait_for_notebook()

    def open_link(self, notebook: str) -> None:
        """Go to JupyterLab by a link to a notebook, and wait for its kernel."""
        self._visit(f"lab/tree/{notebook}")
        self._wait_for_notebook()

    def reload(self) -> None:
        """Load the page again, and wait for its notebook and the kernel."""
        self.page.reload()
        self._wait_for_notebook()

    def _come_to_lab(self) -> None:
        if self._is_in_lab():
            self.close_all()
        else:
            # With a link to a notebook, JupyterLab opens it a second later than it could.
            self._visit("lab?reset")
            self.page.wait_for_function(RESTORED, polling=50)

    def _visit(self, place: str) -> None:
        token = f"{'&' if '?' in place else '?'}token={self.server.token}"
        self.page.goto(f"{self.server.url}{place}{token}", timeout=KERNEL_PATIENCE)

    def _wait_for_notebook(self) -> None:
        self.page.locator(".jp-Notebook").wait_for(timeout=KERNEL_PATIENCE)
        self.wait_for_kernel()

    def close_all(self) -> None:
        """Close all notebooks and end their kernels."""
        self.page.evaluate(CLOSE_ALL)

    def clear(self, viewport: ViewportSize) -> None:
        """Undo what tests do to the page, so that it is as good as new for the next."""
        if self._is_in_lab():
            self.close_all()
            self.use_theme("light")
            self.page.evaluate("() => jupyterapp.shell.expandLeft()")
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size(viewport)
        self.frames.clear()

    def _is_in_lab(self) -> bool:
        return self.page.url.startswith(f"{self.server.url}lab")

    def scratch(
        self, *cells: str, name: str = "scratch.ipynb", front_end: FrontEnd = "lab"
    ) -> None:
        """Write a notebook with these code cells and open it."""
        notebook = new_notebook(
            cells=[new_code_cell(cell) for cell in cells], metadata=NOTEBOOK_METADATA
        )
        nbformat.write(notebook, self.server.root / name)
        self.open(name, front_end)

    def command(self, name: str, **arguments: Any) -> None:
        """Carry out one of JupyterLab's commands and wait for its end."""
        self.page.evaluate(
            "async ([name, args]) => { await jupyterapp.commands.execute(name, args); }",
            [name, arguments],
        )

    def run_all(self) -> None:
        """Run all cells and wait until the last is done and the kernel is idle."""
        self.command("notebook:run-all-cells")
        self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        """Wait until the notebook has a kernel and that kernel is idle."""
        self.page.wait_for_function(
            """() => {
                const kernel = jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
                return kernel?.connectionStatus === "connected" && kernel.status === "idle";
            }""",
            timeout=KERNEL_PATIENCE,
        )
        self.page.evaluate(NOTE_UNANSWERED)

    def wait_for_answers(self) -> None:
        """Wait until the kernel has answered all that widgets have said to it."""
        self.page.wait_for_function("() => unanswered.size === 0", timeout=KERNEL_PATIENCE)

    def unanswered(self) -> int:
        """Return how many messages of widgets the kernel has not answered."""
        return int(self.page.evaluate("() => unanswered.size"))

    def cell(self, index: int) -> Locator:
        """Bring a cell into view, wait until it is drawn, and return it."""
        problem = self.page.evaluate(BRING_INTO_VIEW, [index, KERNEL_PATIENCE])
        assert problem is None, problem
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def output(self, index: int) -> Locator:
        """Scroll a cell into view and return its output area."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def shown(self, index: int, selector: str) -> Locator:
        """Scroll a cell into view until a part of its output is drawn there; return that part.

        JupyterLab scrolls by itself, also a while after it has run all cells.
        """
        for _ in range(MOST_SCROLLS):
            part = self.output(index).locator(selector).first
            try:
                part.wait_for(timeout=PATIENCE / MOST_SCROLLS)
                break
            except TooLateError:
                continue
        expect(part).to_be_visible()
        return part

    def answer(self, code: str) -> str:
        """Click into the notebook's last cell, run code there, and return what it shows."""
        last = self.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.length - 1")
        self.cell(last).locator(".cm-content").click()
        # A panel saves what was chosen in it when it is left.
        self.wait_for_answers()
        self.page.evaluate(
            "(code) => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel"
            ".setSource(code)",
            code,
        )
        self.command("notebook:run-cell")
        self.wait_for_kernel()
        return self.output(last).locator(".jp-OutputArea-output").all_inner_texts()[-1]

    def ask(self, code: str) -> str:
        """Return what code prints in the kernel, while the page and its focus stay as they are."""
        self.wait_for_answers()
        return str(self.page.evaluate(ASK, code))

    def errors(self) -> list[str]:
        """List the error outputs of the notebook, drawn or not, as ``Name: message``."""
        found: list[str] = self.page.evaluate(
            """() => {
                const cells = [...jupyterapp.shell.currentWidget.content.model.cells];
                const outputs = cells.flatMap((cell) => cell.toJSON().outputs ?? []);
                return outputs.filter((output) => output.output_type === "error")
                    .map((output) => `${output.ename}: ${output.evalue}`);
            }"""
        )
        return found

    def use_theme(self, theme: str) -> None:
        """Switch to the ``light``, ``dark`` or ``high contrast`` theme."""
        name = THEMES[theme]
        # JupyterLab covers itself while it loads a theme. The cover fades for a moment, and a
        # second one that comes meanwhile is removed twice, of which it complains.
        cover = self.page.locator("#jupyterlab-splash")
        cover.wait_for(state="detached")
        self.command("apputils:change-theme", theme=name)
        self.page.locator(f'body[data-jp-theme-name="{name}"]').wait_for(state="attached")
        cover.wait_for(state="detached")

    def resize(self, width: int, height: int = 900) -> None:
        """Set the size of the browser's viewport in CSS pixels."""
        self.page.set_viewport_size({"width": width, "height": height})

    def kernel_id(self) -> str:
        """Return the id of the notebook's kernel."""
        return str(self.page.evaluate(f"() => {SESSION}.kernel.id"))

    @contextmanager
    def occupied_kernel(self) -> Iterator[None]:
        """Keep the kernel busy with something else while a block lasts."""
        self.page.evaluate(
            f"""() => {{
                const code = "import time; time.sleep(600)";
                {SESSION}.kernel.requestExecute({{ code }}).done.catch(() => undefined);
            }}"""
        )
        self.page.wait_for_function(f"() => {SESSION}.kernel.status === 'busy'")
        yield
        self.page.evaluate(f"() => {SESSION}.kernel.interrupt()")
        self.wait_for_kernel()

    @contextmanager
    def answered_by(self, threads: Threads) -> Iterator[None]:
        """Run all cells so that widgets are answered by a thread of their own, or by the cells'."""
        uses = f"(given) => ({SESSION}.kernel.commsOverSubshells = given)"
        self.page.evaluate(uses, THREADS[threads])
        self.run_all()
        try:
            yield
        finally:
            self.page.evaluate(uses, "perCommTarget")
            self.run_all()

    def restart_kernel(self) -> None:
        """Restart the kernel, as the menu does once confirmed."""
        self.page.evaluate(f"() => {SESSION}.kernel.restart()")
        self.wait_for_kernel()

    def kill_kernel(self) -> None:
        """Kill the kernel's process; return when JupyterLab has said so and has a new one."""
        connection_file = f"kernel-{self.kernel_id()}.json"
        for process in psutil.Process(self.server.process.pid).children(recursive=True):
            if any(connection_file in argument for argument in process.cmdline()):
                process.send_signal(signal.SIGKILL)
        dialog = self.page.locator(".jp-Dialog", has_text="appears to have died")
        dialog.locator("button.jp-mod-accept").click(timeout=KERNEL_PATIENCE)
        self.wait_for_kernel()

    def stop_kernel(self) -> None:
        """Shut the kernel down for good."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.wait_for_function(f"() => {SESSION} === null")

    @contextmanager
    def recorded_frames(self) -> Iterator[list[Frame]]:
        """Collect the messages to and from kernels that come of what is done in a block."""
        collected: list[Frame] = []
        self.rest()
        start = len(self.frames)
        yield collected
        self.rest()
        collected += self.frames[start:]

    def painted(self) -> None:
        """Wait until the page has painted what it has to show by now."""
        self.page.evaluate(PAINTED)

    def rest(self) -> None:
        """Wait until the page is painted, and it and the kernel have nothing more to say."""
        for _ in range(MOST_ROUND_TRIPS):
            self.painted()
            self.wait_for_answers()
            start = len(self.frames)
            barrier = self.page.evaluate(ROUND_TRIP)
            self.frames[start:] = [
                frame for frame in self.frames[start:] if barrier not in frame.text
            ]
            if len(self.frames) == start:
                return
        raise AssertionError(f"the page and the kernel go on talking: {self.frames[-1].text}")

    def violations(self, part: Locator, *rules: str) -> list[str]:
        """List what axe finds wrong with a part of the page, by its rules or by those named."""
        self.painted()
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        # It would fetch every style sheet of JupyterLab anew, for rules on sounds and on turned
        # screens.
        options: dict[str, object] = {"preload": False, "resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        result = part.evaluate("(node, options) => axe.run(node, options)", options)
        return [
            f"{violation['id']}: {violation['help']}: {node['html']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    def screenshot(self, name: str, part: Locator | None = None) -> Path:
        """Save a picture of the page, or of a part of it; return its path."""
        self.painted()
        path = self.screenshots / f"{name}.png"
        (part or self.page).screenshot(path=path)
        return path

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._on_problem(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _on_problem(self, problem: str) -> None:
        if not any(re.search(noise, problem) for noise in LAB_NOISE):
            self.problems.append(problem)

    def _on_websocket(self, socket: WebSocket) -> None:
        if "/api/kernels/" not in socket.url:
            return
        socket.on("framesent", lambda data: self._on_frame("sent", data))
        socket.on("framereceived", lambda data: self._on_frame("received", data))

    def _on_frame(self, direction: Literal["sent", "received"], data: str | bytes) -> None:
        raw = data.encode() if isinstance(data, str) else data
        if b'"msg_type": "debug_' in raw or b'"msg_type":"debug_' in raw:
            return  # JupyterLab's debugger asks a new kernel about itself, now or later.
        self.frames.append(Frame(direction, len(raw), raw.decode(errors="replace")))
