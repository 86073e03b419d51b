"""Long work of a page in slices, between which it paints and hears."""

import re
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from tests.browser.test_run_page import expect_made, opened

# A clock that goes on by 0.1 ms whenever somebody looks, which is after each update: of slices of
# 12 and 24 ms none makes more than 240, on any machine. What is counted are the looks from timer to
# timer, which is how slices follow on one another.
COUNTING_CLOCK = """{
    let now = 0, looks = 0;
    globalThis.most = globalThis.slices = 0;
    performance.now = () => {
        globalThis.most = Math.max(most, ++looks);
        return (now += 0.1);
    };
    const before = setTimeout;
    globalThis.setTimeout = (act, ...more) => before(() => {
        if (looks >= 100) slices += 1;
        looks = 0;
        act();
    }, ...more);
}"""
MOST_LOOKS = 240 + 120 + 60
"""The end of catching up, the first slice of what follows, and what else looks at the clock."""

MOST_UPDATES = 240
"""That a slice makes."""


PAUSE = """async (panel) => {
    const pause = () =>
        [...panel.querySelectorAll("button")].find((one) => one.innerText === "Pause training");
    while (!pause()) await new Promise(requestAnimationFrame);
    pause().click();
}"""


def many_samples(count: int) -> bp.Example:
    generator = np.random.default_rng(0)
    inputs = generator.uniform(-1, 1, (count, 2))
    network = bp.Network.random([2, 4, 1], ["tanh", "identity"], seed=0)
    return bp.Example(
        network, inputs, inputs[:, :1] * inputs[:, 1:], bp.Rule(0.001), epochs=1, title="Products"
    )


def test_a_run_is_made_again_goes_on_and_has_its_landscape_in_slices(
    offline_page: Page, tmp_path: Path
) -> None:
    offline_page.add_init_script(COUNTING_CLOCK)
    xor = bp.presets.xor()
    history = bp.train(xor.network, xor.inputs, xor.targets, xor.rule, epochs=3000)
    panel = bp.TrainingPanel(history)
    view = opened(offline_page, panel, tmp_path)
    expect_made(view, panel)
    view.press("Train 3,000 more", group="Training")
    panel.advance(12_000)
    expect_made(view, panel)
    expect(view.open_tab("Landscape")).to_contain_text("% of the movement")
    assert 120 <= offline_page.evaluate("most") <= MOST_LOOKS
    # Those of the first 3,000 epochs and of 3,000 more; the landscape has its own.
    assert offline_page.evaluate("slices") >= 24_000 / MOST_UPDATES


def test_an_epoch_of_many_samples_is_made_in_slices_and_again_up_to_any_update(
    offline_page: Page, tmp_path: Path
) -> None:
    offline_page.add_init_script(COUNTING_CLOCK)
    panel = bp.TrainingPanel(many_samples(6000))
    view = opened(offline_page, panel, tmp_path)
    expect_made(view, panel)
    view.press("One epoch", group="Training")
    view.root.evaluate(PAUSE)
    expect(view.where).to_contain_text(re.compile(r"^Epoch 2 of 2, update [\d,]+ of 6,000\."))
    expect(view.where).not_to_contain_text("update 6,000 of")
    view.press("One epoch", group="Training")
    panel.advance(6000)
    expect_made(view, panel)
    before = offline_page.evaluate("slices")
    view.root.get_by_label("Update within the epoch").select_option("3000")
    expect(view.where).to_contain_text("Epoch 2 of 2, update 3,000 of")
    view.open_steps()
    view.key("End")
    trace = panel.history.trace(1, 2999)
    for ref in ("x[0]", "a1[3]", "h2[0]"):
        shown = view.root.locator(f'.bpviz-diagram [data-ref="{ref}"]')
        expect(shown).to_have_text(number_text(trace[ref]))
    assert offline_page.evaluate("slices") - before >= 20
    assert 120 <= offline_page.evaluate("most") <= MOST_LOOKS
