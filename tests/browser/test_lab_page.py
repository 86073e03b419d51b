"""The bug lab as a page: it computes what Python would, whatever is switched."""

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from bpviz.explain.registers import register_words
from tests.browser.test_buglab import DIRTY, HIDDEN, MASK, SIGN, UNTRAINED, LabView

TWICE = "The learning rate is applied twice"


def expect_what_python_has(view: LabView, lab: bp.BugLab) -> None:
    summary = " ".join(view.summary.inner_text().split())
    if lab.differences:
        first = register_words(lab.differences[0], lab.program.layout)
        assert f"among the {first}" in summary
        assert f"{len(lab.differences)} of 23 registers differ" in summary
    else:
        assert "registers differ" not in summary
    failed = sum(row["failed"] for row in lab._checks[lab.frame])
    expect(view.check).to_contain_text(
        f"{failed} of 9 gradients {'is' if failed == 1 else 'are'} wrong" if failed else "It passes"
    )
    rmse = lab.history.rmse
    loss = number_text(rmse[-1])
    expect(view.curves).to_contain_text(f"Epoch {len(rmse)}: RMSE during the epoch {loss} as")
    expect(view.curves).to_contain_text(
        f"{number_text(lab.right_history.rmse[len(rmse) - 1])} done"
    )
    expect(view.curves).to_contain_text(lab._stopped or "Epoch")


def test_what_is_switched_on_a_page_is_what_python_makes_of_it(
    offline_page: Page, tmp_path: Path
) -> None:
    lab = bp.BugLab(bp.presets.xor())
    lab.frame = 3
    offline_page.goto(bp.export.html(lab, tmp_path / "lab.html").as_uri())
    view = LabView(offline_page.locator("#panel-1"))
    expect(view.card).to_be_visible()
    expect_what_python_has(view, lab)
    right = lab.example.corrected
    mask, signs = ("relu_derivative_from_activation",), ("error_sign_flipped",)
    for title, rule in [
        (UNTRAINED, replace(right, update="dirty", mistakes=mask)),
        (MASK, replace(right, update="dirty")),
        (SIGN, replace(right, update="dirty", mistakes=signs)),
        (TWICE, replace(right, update="dirty", mistakes=(*signs, "learning_rate_twice"))),
        (DIRTY, replace(right, mistakes=(*signs, "learning_rate_twice"))),
        (SIGN, replace(right, mistakes=("learning_rate_twice",))),
        (HIDDEN, replace(right, mistakes=("learning_rate_twice", "hidden_derivative_missing"))),
    ]:
        view.switch(title).click()
        lab.rule = rule
        expect_what_python_has(view, lab)
    # Its steps are those of what is on.
    assert "not multiplied by the derivative" in view.step()
    view.root.get_by_role("button", name="Switch all off").click()
    lab.rule = right
    expect_what_python_has(view, lab)


def test_a_lab_that_cannot_compute_says_so_before_anything_is_pressed(
    offline_page: Page, tmp_path: Path
) -> None:
    lab = bp.BugLab(bp.presets.xor())
    lab._forms = {}
    offline_page.goto(bp.export.html(lab, tmp_path / "lab.html").as_uri())
    view = LabView(offline_page.locator("#panel-1"))
    expect(view.root).to_contain_text("Only Python can switch this")
    expect(view.switch(SIGN)).to_have_attribute("aria-disabled", "true")
    expect(view.root.get_by_role("button", name="Switch all off")).to_be_disabled()
    expect(view.summary).to_contain_text("10 of 23 registers differ")
