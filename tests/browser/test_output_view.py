"""A panel in a view of its output beside the notebook, as JupyterLab makes one."""

from playwright.sync_api import expect

from tests.browser.jupyter import Lab
from tests.browser.panels import place_of


def test_a_new_view_of_an_output_is_scrolled_and_has_its_buttons_in_sight(lab: Lab) -> None:
    lab.resize(1366, 768)
    lab.scratch("import bpviz as bp\nbp.StepPanel(bp.presets.three_two_one())")
    lab.run_all()
    lab.shown(0, ".bpviz-sentence").click(button="right")
    lab.page.get_by_role("menuitem", name="Create New View for Cell Output").click()
    view = lab.page.locator(".jp-LinkedOutputView")
    forward = view.get_by_role("button", name="Forward", exact=True)
    forward.wait_for()
    place, button = place_of(view), place_of(forward)
    assert button["y"] + button["height"] <= place["y"] + place["height"]
    lab.page.mouse.move(place["x"] + 200, place["y"] + 100)
    lab.page.mouse.wheel(0, 2000)
    expect(view.get_by_text("All numbers as tables")).to_be_in_viewport(ratio=1)
