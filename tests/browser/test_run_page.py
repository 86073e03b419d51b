"""A run as a page: it is made again by the page, and by any settings as Python makes it."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from tests.browser.panels import TrainingView

EPOCHS = 40


def opened(page: Page, panel: bp.TrainingPanel, folder: Path, link: str = "") -> TrainingView:
    page.goto(bp.export.html(panel, folder / "run.html").as_uri() + link)
    view = TrainingView(page.locator("#panel-1"))
    expect(view.root).to_be_visible()
    return view


def small(**settings: object) -> bp.TrainingPanel:
    panel = bp.TrainingPanel(bp.presets.xor())
    panel.set(epochs=EPOCHS, **settings)
    panel.advance(EPOCHS * panel.history.updates_per_epoch)
    return panel


def expect_made(view: TrainingView, panel: bp.TrainingPanel) -> None:
    loss = number_text(panel.history.rmse[-1])
    words = f"{panel.history.epochs:,} epochs made, RMSE during the epoch {loss}"
    expect(view.root.get_by_text(words).first).to_be_visible()


def test_a_recorded_run_is_made_again(offline_page: Page, tmp_path: Path) -> None:
    panel = bp.TrainingPanel(bp.presets.xor())
    assert len(panel.history) == 2000
    view = opened(offline_page, panel, tmp_path, "#epoch=300&update=2&step=12")
    assert (tmp_path / "run.html").stat().st_size < 250_000
    view.expect_chosen(300, 2)
    view.expect_place(12)
    trace = panel.history.trace(299, 1)
    assert view.look()["a1[0]"] == number_text(trace["a1[0]"])
    view.close_steps()
    expect_made(view, panel)


def test_a_long_run_is_held_with_all_its_losses(offline_page: Page, tmp_path: Path) -> None:
    xor = bp.presets.xor()
    history = bp.train(xor.network, xor.inputs, xor.targets, xor.corrected, epochs=20_000)
    panel = bp.TrainingPanel(history)
    view = opened(offline_page, panel, tmp_path)
    assert (tmp_path / "run.html").stat().st_size < 250_000
    view.expect_chosen(20_000, 4)
    expect_made(view, panel)


def test_a_run_that_python_shuffled_goes_on_where_it_ended(
    offline_page: Page, tmp_path: Path
) -> None:
    panel = small(shuffle=True, seed=7)
    view = opened(offline_page, panel, tmp_path, "#epoch=9&update=3&step=1")
    trace = panel.history.trace(8, 2)
    assert view.look()["x[0]"] == number_text(trace["x[0]"])
    view.close_steps()
    expect_made(view, panel)
    view.root.get_by_role("button", name="One epoch").click()
    expect(view.root.get_by_text("41 epochs made").first).to_be_visible()


def test_other_settings_give_the_run_that_python_makes(offline_page: Page, tmp_path: Path) -> None:
    panel = small()
    view = opened(offline_page, panel, tmp_path)
    view.root.get_by_role("button", name="Settings", exact=True).click()
    settings = view.root.get_by_role("region", name="Settings", exact=True)

    def run(**changes: object) -> None:
        view.root.get_by_role("button", name="Run", exact=True).click()
        panel.set(**changes)
        panel.advance(EPOCHS * panel.history.updates_per_epoch)
        expect_made(view, panel)

    settings.get_by_role("checkbox", name=re.compile("^dirty update")).uncheck()
    settings.get_by_role("checkbox", name="train the biases").check()
    run(update="simultaneous", train_biases=True)
    settings.get_by_role("combobox", name="optimiser").select_option("Adam()")
    run(optimizer=bp.Adam())
    settings.get_by_role("combobox", name="batch size").select_option("2")
    run(batch_size=2)
    settings.get_by_text("Mistakes and conventions").click()
    settings.get_by_role("checkbox", name="The sign of the error is flipped").check()
    mistakes = (*panel.settings.mistakes, "error_sign_flipped")
    run(mistakes=mistakes)
    # What shows with batches only can be switched on now.
    name = bp.mistakes["batch_summed"].title
    expect(settings.get_by_role("checkbox", name=name)).to_be_enabled()


def test_the_landscape_is_that_of_python(offline_page: Page, tmp_path: Path) -> None:
    panel = small()
    view = opened(offline_page, panel, tmp_path)
    landscape = view.open_tab("Landscape")
    answer = panel._views.answers()["landscape"]({})
    try:
        while True:
            next(answer)
    except StopIteration as end:
        content, _ = end.value
    first, second = (round(100 * share) for share in content["shares"])
    expect(landscape).to_contain_text(f"hold {first} % and {second} % of the movement")
    low, high = (number_text(content[name], 3) for name in ("low", "high"))
    expect(landscape.get_by_role("img").first).to_have_accessible_name(
        re.compile(f"from {low} to {high}")
    )


AWAY = """(panel) => new Promise((done) => {
    panel.remove();
    document.body.classList.add("another-theme");
    // By then the panel has been told.
    setTimeout(done);
})"""
IS_COLOURED = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((number, place) => place % 4 < 3 && number > 0);
}"""


def test_a_map_that_is_drawn_while_it_is_out_of_the_page_has_its_colours(
    offline_page: Page, tmp_path: Path
) -> None:
    view = opened(offline_page, small(), tmp_path)
    canvas = view.root.locator("canvas").first
    expect(canvas).to_be_visible()
    panel = offline_page.locator("#panel-1").element_handle()
    assert panel is not None
    panel.evaluate(AWAY)
    offline_page.evaluate("(panel) => { document.querySelector('main').append(panel); }", panel)
    offline_page.wait_for_function(IS_COLOURED, arg=canvas.element_handle())
