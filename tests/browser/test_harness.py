"""The harness itself, shown on widgets that are not ours.

If it missed a message, a complaint or a violation, the tests built on it would show nothing.
"""

import re

from playwright.sync_api import expect

from tests.browser.jupyter import Lab

SLIDER = """
import ipywidgets

slider = ipywidgets.IntSlider(value=3, description="depth")
slider
"""

COMPLAINER = """
import anywidget


class Complainer(anywidget.AnyWidget):
    _esm = '''
    export default {
        render({ el }) {
            console.error("out of tune");
            setTimeout(() => { throw new Error("broken string"); });
            el.textContent = "complained";
        },
    };
    '''


Complainer()
"""


def test_counts_messages_and_outlives_the_kernel(lab: Lab) -> None:
    lab.scratch(SLIDER, "1 / 0")
    lab.run_all()
    assert lab.errors() == ["ZeroDivisionError: division by zero"]
    slider = lab.output(0).get_by_role("slider")
    with lab.recorded_frames() as idle:
        lab.painted()
    assert idle == []

    slider.focus()
    with lab.recorded_frames() as moved:
        lab.page.keyboard.press("ArrowRight")
    assert [frame.direction for frame in moved].count("sent") == 1
    assert '"value": 4' in "".join(frame.text for frame in moved if frame.direction == "received")

    first = lab.kernel_id()
    lab.kill_kernel()
    lab.restart_kernel()
    assert lab.kernel_id() == first
    lab.stop_kernel()
    expect(slider).to_be_visible()


# JupyterLab is hardly ever idle, and its own scrolling takes the place of the first one asked for.
BUSY = """() => {
    window.requestIdleCallback = (callback) =>
        setTimeout(() => callback({ didTimeout: false, timeRemaining: () => 2 }), 100);
}"""
SCROLLS_BY_ITSELF = """() => {
    const notebook = jupyterapp.shell.currentWidget.content;
    const scroll = notebook.scrollToItem;
    notebook.scrollToItem = function (...given) {
        notebook.scrollToItem = scroll;
        const asked = scroll.apply(this, given);
        scroll.call(this, 0, "start").catch(() => {});
        return asked;
    };
}"""
IN_VIEW = """(cell) => {
    const view = jupyterapp.shell.currentWidget.content.node.getBoundingClientRect();
    const { top } = cell.getBoundingClientRect();
    return cell.checkVisibility({ contentVisibilityAuto: true }) && view.top <= top
        && top < view.bottom;
}"""


def test_brings_a_cell_into_view_when_jupyterlab_is_busy_and_scrolls_by_itself(lab: Lab) -> None:
    lab.is_spent = True
    lab.page.add_init_script(f"({BUSY})()")
    lab.page.goto("about:blank")
    lab.scratch(*[f"print('{number} ' * 400)" for number in range(24)])
    lab.page.evaluate(SCROLLS_BY_ITSELF)
    assert lab.cell(23).evaluate(IN_VIEW)
    lab.run_all()
    lab.page.evaluate(SCROLLS_BY_ITSELF)
    assert lab.cell(2).evaluate(IN_VIEW)
    expect(lab.output(12)).to_contain_text("12 12")


def test_hears_complaints_and_finds_violations(lab: Lab) -> None:
    lab.scratch(COMPLAINER, SLIDER)
    lab.run_all()
    expect(lab.output(0)).to_contain_text("complained")
    lab.painted()
    said, thrown = lab.problems
    assert said.startswith("error: out of tune (blob:")
    assert thrown.startswith("uncaught: Error: broken string")
    lab.problems.clear()

    [nameless] = lab.violations(lab.output(1), "aria-input-field-name")
    assert 'role="slider"' in nameless


def test_switches_theme_and_size(lab: Lab) -> None:
    lab.scratch("")
    body = lab.page.locator("body")
    expect(body).to_have_attribute("data-jp-theme-name", "JupyterLab Light")
    lab.use_theme("high contrast")
    lab.resize(600)
    assert lab.page.evaluate("() => innerWidth") == 600
    lab.use_theme("dark")
    expect(body).to_have_attribute("data-jp-theme-light", "false")


def test_opens_a_notebook_in_notebook_7(lab: Lab) -> None:
    lab.scratch("6 * 7", "1 / 0", front_end="notebook")
    expect(lab.page).to_have_url(re.compile(r"/notebooks/scratch\.ipynb"))
    lab.run_all()
    expect(lab.output(0)).to_contain_text("42")
    assert lab.errors() == ["ZeroDivisionError: division by zero"]
    lab.use_theme("dark")
    assert lab.answer("7 * 7") == "49"
