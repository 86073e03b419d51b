"""A run as a page: it is made again by the page, and by any settings as Python makes it."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import bpviz as bp
from bpviz.core.words import counted
from bpviz.explain.numbers import number_text
from tests.browser.panels import TrainingView
from tests.browser.test_walk_into_a_run import Expected, expect_all_numbers

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
    words = f"{counted(panel.history.epochs, 'epoch')} made, RMSE during the epoch {loss}"
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


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_run_with_a_smaller_last_batch_opens_at_its_end_and_goes_on(
    offline_page: Page, tmp_path: Path, shuffle: bool
) -> None:
    panel = small(batch_size=3, shuffle=shuffle, seed=7)
    view = opened(offline_page, panel, tmp_path)
    view.expect_chosen(EPOCHS, 2)
    expect_made(view, panel)
    for button in ("Previous update", "Next update", "One update", "One update"):
        view.root.get_by_role("button", name=button).click()
    view.expect_chosen(EPOCHS + 1, 2)
    if shuffle:  # the page goes on in an order of its own
        return
    panel.advance(2)
    expect_made(view, panel)
    view.open_steps()
    view.key("End")
    trace = panel.history.trace(EPOCHS, 1)
    assert view.look()["h2[0]"] == number_text(trace["h2[0]"])


def expect_to_need_python(view: TrainingView, why: str) -> None:
    """It says so before anything is pressed, and does not say that the panel goes on."""
    expect(view.root.get_by_text(why).first).to_be_visible()
    expect(view.root).not_to_contain_text(re.compile("goes on by itself|On its way"))
    expect(view.root.get_by_text("This view needs Python.")).to_have_count(2)
    for name in (re.compile("^(Run|Train .* more)$"), "One epoch", "One update"):
        expect(view.root.get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_a_run_of_more_samples_than_a_page_holds_says_that_it_needs_python(
    offline_page: Page, tmp_path: Path
) -> None:
    xor = bp.presets.xor()
    inputs, targets = (np.tile(one, (12_500, 1)) for one in (xor.inputs, xor.targets))
    history = bp.train(xor.network, inputs, targets, xor.corrected, epochs=2, batch_size=500)
    view = opened(offline_page, bp.TrainingPanel(history), tmp_path)
    expect_to_need_python(view, "Only Python can train this network")
    expect(view.root).to_contain_text("To train it, run its cell in a notebook.")
    for name in ("Reset", "New start"):
        expect(view.root.get_by_role("button", name=name)).to_be_disabled()
    for name in ("learning rate", "seed"):
        expect(view.root.get_by_role("textbox", name=name)).to_be_disabled()

    view.root.get_by_role("button", name="Settings", exact=True).click()
    settings = view.root.get_by_role("region", name="Settings", exact=True)
    expect(settings).to_contain_text("All of these need Python.")
    enabled = settings.locator("input:enabled, option:enabled:not(:checked)")
    assert enabled.count() == 0, enabled.all_inner_texts()
    view.root.get_by_role("button", name="Close settings").click()

    # What needs no run goes on.
    view.root.get_by_role("button", name="Pin", exact=True).click()
    expect(view.root.get_by_role("list", name="Curves")).to_contain_text("2 epochs")
    view.root.get_by_role("slider", name="Speed").press("ArrowLeft")
    expect(view.root.get_by_role("alert")).to_have_count(0)


def test_a_long_run_that_python_shuffled_says_that_it_needs_python_or_a_new_start(
    offline_page: Page, tmp_path: Path
) -> None:
    xor = bp.presets.xor()
    given = (xor.network, xor.inputs, xor.targets, xor.corrected)
    history = bp.train(*given, epochs=8_200, shuffle=True, seed=1)
    view = opened(offline_page, bp.TrainingPanel(history), tmp_path)
    expect_to_need_python(view, "Only Python can go on with this run: it shuffled the samples")
    view.root.get_by_role("button", name="Settings", exact=True).click()
    settings = view.root.get_by_role("region", name="Settings", exact=True)
    expect(settings).to_contain_text("What is greyed out needs Python.")
    expect(settings.get_by_role("textbox", name="epochs")).to_be_enabled()
    view.root.get_by_role("button", name="Close settings").click()

    view.press("Reset", group="Training")
    expect(view.root.get_by_text("Only Python can go on")).to_have_count(0)
    expect(view.root).to_contain_text("There is no Python behind this page")
    view.press("One epoch", group="Training")
    expect(view.root.get_by_text("1 epoch made").first).to_be_visible()


def expect_update(view: TrainingView, panel: bp.TrainingPanel, epoch: int, update: int) -> None:
    """Step through the chosen update, and compare every number with Python's."""
    view.expect_chosen(epoch, update)
    view.open_steps()
    view.start("Unit")
    view.key("End")
    expect_all_numbers(view, panel.history, panel.history.trace(epoch - 1, update - 1))
    view.close_steps()


def test_what_is_done_with_a_run_does_what_python_does(offline_page: Page, tmp_path: Path) -> None:
    panel = small()
    view = opened(offline_page, panel, tmp_path)
    view.press("Reset", group="Training")
    panel.reset()
    expect(view.root).to_contain_text("Nothing is trained yet. Run makes 40 epochs.")
    view.press("One update", group="Training")
    panel.advance(1)
    expect(view.root).to_contain_text("1 update made, of 4 in the first epoch.")
    expect_update(view, panel, 1, 1)
    view.press("One epoch", group="Training")
    panel.advance(3)
    expect_made(view, panel)
    expect_update(view, panel, 1, 4)

    seed = view.root.get_by_role("textbox", name="seed", exact=True)
    seed.fill("-1")
    seed.press("Enter")
    alert = view.root.get_by_role("alert")
    expect(alert).to_have_text("The seed is “-1”; give a whole number, 0 or greater.")
    expect_made(view, panel)
    alert.get_by_role("button", name="Dismiss").click()
    seed.fill("3")
    view.root.get_by_role("button", name="New start").click()
    panel.new_start(3)
    expect(view.root).to_contain_text("start: seed 3")
    view.press("Run", group="Training")
    panel.advance(EPOCHS * 4)
    expect_made(view, panel)
    expect_update(view, panel, EPOCHS, 4)

    view.root.get_by_role("button", name="Pin", exact=True).click()
    panel.pin()
    curves = view.root.get_by_role("list", name="Curves")
    expect(curves).to_contain_text(f"{panel._pinned[0]['name']}, 40 epochs")
    curves.get_by_role("button", name="Remove pinned run 1").click()
    expect(curves).not_to_contain_text("40 epochs")


def test_a_learning_rate_and_a_number_of_epochs_are_set_and_a_run_is_paused(
    offline_page: Page, tmp_path: Path
) -> None:
    panel = small()
    view = opened(offline_page, panel, tmp_path)

    def set_to(name: str, value: str) -> None:
        field = view.root.get_by_role("textbox", name=name)
        field.fill(value)
        field.press("Enter")

    set_to("learning rate", "0.05")
    view.root.get_by_role("button", name="Settings", exact=True).click()
    set_to("epochs", "25")
    view.root.get_by_role("button", name="Close settings").click()
    view.press("Run", group="Training")
    panel.set(learning_rate=0.05, epochs=25)
    panel.advance(25 * 4)
    expect_made(view, panel)
    expect_update(view, panel, 25, 4)

    # So slowly that it goes on for 90 s.
    view.root.get_by_role("button", name="Settings", exact=True).click()
    set_to("epochs", "9000")
    view.root.get_by_role("slider", name="Speed").press("ArrowLeft")
    view.root.get_by_role("button", name="Close settings").click()
    view.press("Run", group="Training")
    status = view.root.locator(".bpviz-status")
    expect(status).to_contain_text(re.compile(r"^Training: \d+ epochs made"))
    view.press("Pause training", group="Training")
    expect(status).to_contain_text(re.compile(r"^\d+ epochs.* made"))
    expect(
        view.button("Train 9,000 more", "Training").or_(view.button("Run", "Training"))
    ).to_be_visible()
    made = re.match(
        r"([\d,]+) epochs(?: and \d updates?)? made, RMSE during the epoch (\S+)\.",
        status.inner_text(),
    )
    assert made
    panel.advance(9000 * 4)
    assert made[2] == number_text(panel.history.rmse[int(made[1]) - 1])


def test_every_view_has_the_numbers_of_python(offline_page: Page, tmp_path: Path) -> None:
    panel = bp.TrainingPanel(bp.presets.xor())
    expected = Expected(panel.history)
    view = opened(offline_page, panel, tmp_path)
    for part in (0.2, 0.9):
        view.click_curve(part)
        epoch, _, _ = view.chosen()
        for name in ("Predictions", "Weights", "Landscape"):
            view.open_tab(name)
            expected.check_view(view.root, epoch, name)
    expected.check_landscape(view.root.locator(".bpviz-view-landscape"))


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
