"""Predictions in JupyterLab: asked, hidden, answered in each way, and known to Python."""

import re

import pytest
from playwright.sync_api import Locator, expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView

NUMBERS = """
panel = bp.StepPanel(bp.presets.three_two_one(), predict=["h1[0]", "d1", "gW1[0,1]"])
panel
"""
KINDS = """
kinds = bp.StepPanel(
    bp.presets.three_two_one(),
    predict={"h1[0]": "larger", "e2": "sign", "d1[0]": "inputs", "nW1[0,0]": "larger"},
)
kinds
"""
FADING = "fading = bp.StepPanel(bp.presets.xor(), predict='fading')\nfading"

HIDDEN = ("h1[0]", "d1[0]", "d1[1]", "gW1[0,1]")


class PredictView(PanelView):
    """A panel that asks."""

    def __init__(self, output: Locator) -> None:
        super().__init__(output)
        self.form = self.root.get_by_role("form", name="Your answer")
        self.input = self.form.get_by_role("textbox")
        self.feedback = self.root.locator(".bpviz-feedback")
        self.settled = self.root.locator(".bpviz-settled")
        self.hint = self.root.locator(".bpviz-step-column")
        self.questions = self.root.get_by_role("region", name="Questions")

    def type(self, text: str) -> None:
        """Answer with a number, by keyboard from wherever the focus is."""
        self.input.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def html(self) -> str:
        """Return all that is in the page of the panel, attributes and hidden words too."""
        return str(self.root.evaluate("(node) => node.outerHTML"))

    def height(self) -> float:
        """Return how tall the panel is."""
        return float(self.root.evaluate("(node) => node.getBoundingClientRect().height"))

    def focused(self) -> str:
        """Return the class, or the type, of what has the focus."""
        return str(
            self.page.evaluate("document.activeElement.className || document.activeElement.type")
        )


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    shared_lab.resize(1700, 1300)
    shared_lab.scratch("import bpviz as bp", NUMBERS, KINDS, FADING, "")
    shared_lab.run_all()
    return shared_lab


def trace_of(example: bp.presets.Example) -> bp.Trace:
    return bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)


def texts_of(trace: bp.Trace, refs: tuple[str, ...]) -> list[str]:
    """Return numbers as they would be on the screen, without their sign."""
    return [number_text(trace[ref]).removeprefix("−") for ref in refs]


def shown(text: str, html: str) -> bool:
    """Return whether a number stands somewhere by itself."""
    return re.search(rf"(?<![\d.]){re.escape(text)}(?!\d)", html) is not None


def test_no_number_that_is_asked_for_is_anywhere_in_the_page(opened: Lab) -> None:
    view = PredictView(opened.output(1))
    texts = texts_of(trace_of(bp.presets.three_two_one()), HIDDEN)
    assert texts == ["0.5597", "0.000708", "0.002045", "7.08×10⁻⁵"]
    view.root.get_by_text("All numbers as tables").click()
    for depth, place in (("Layer", 2), ("Term", 9), ("Unit", 3)):
        view.start(depth)
        view.key("End")
        view.expect_place(place)
        expect(view.form).to_be_visible()
        assert view.look()["h1[0]"].startswith("?")
        assert [text for text in texts if shown(text, view.html())] == []
        # Nothing goes on, and it is said why.
        view.press("Forward", "Last")
        view.expect_place(place)
        expect(view.feedback).to_contain_text("Here it is your turn")
        view.press("Play")
        expect(view.button("Play")).to_be_visible()
        view.expect_place(place)
        view.slider.fill("20")
        view.expect_place(place)
    # Where the number came from is told without the number, and no gradient is given away.
    view.root.locator('.bpviz-diagram [data-ref="h1[0]"]').click()
    origin = view.root.locator(".bpviz-origin")
    expect(origin).to_contain_text("Asked for at step 3")
    view.root.locator('.bpviz-diagram [data-ref="W1[0,1]"]').click()
    view.root.get_by_role("button", name="What it is used for").click()
    expect(origin).to_contain_text("weight from input 2 to unit 1")
    assert [text for text in texts if shown(text, view.html())] == []
    view.key("Escape")
    view.press("Back")
    view.expect_place(2)
    view.root.get_by_text("All numbers as tables").click()


def test_a_number_that_is_typed_too_early_is_written_into_the_field_of_its_question(
    opened: Lab,
) -> None:
    view = PredictView(opened.output(1))
    view.start("Unit")
    view.root.focus()
    view.page.keyboard.type("1.45")  # each a key of the panel where nothing is asked for
    view.expect_place(3)
    expect(view.input).to_be_focused()
    expect(view.input).to_have_value("1.45")
    expect(view.root.locator(".bpviz-diagram")).to_be_visible()
    view.input.fill("")


def test_a_wrong_answer_is_met_with_what_explains_it_and_then_with_hints(opened: Lab) -> None:
    view = PredictView(opened.output(1))
    view.start("Unit")
    view.key("End")
    expect(view.input).to_be_focused()
    height = view.height()
    formula = view.root.locator(".bpviz-step-card .bpviz-formula")
    assert "0.24" not in formula.inner_text()

    view.type("half")
    expect(view.feedback).to_contain_text("“half” is not a number")
    expect(view.questions).to_contain_text("Question 1 of 4 · 0 right at the first try · 0 shown")
    view.type("0.24")
    expect(view.feedback).to_contain_text("0.24 is a1,1, the aggregate of unit 1 of layer 1")
    view.type("<b>-0.56</b>")
    expect(view.feedback).to_contain_text("“<b>-0.56</b>” is not a number")
    view.type("-0.56")
    expect(view.feedback).to_contain_text("The size of -0.56 is right, but not its sign.")
    expect(view.feedback).to_contain_text("Before: 0.24")
    expect(view.hint).to_contain_text("Hint: The activation of unit 1 of layer 1")
    assert opened.violations(view.root) == []
    view.type("0.7")
    expect(view.feedback).to_contain_text("The sign is right, but it is too far from 0.")
    expect(formula).to_contain_text("0.24")
    expect(view.form.get_by_role("button", name="Show the answer")).to_have_class(
        re.compile("bpviz-main")
    )
    opened.screenshot("predict-wrong", view.root)
    assert not shown("0.5597", view.html())
    view.type("0.6")
    expect(view.feedback).to_contain_text("too coarse to tell: give three digits")
    assert view.height() == height

    view.type("0,56")
    expect(view.settled).to_have_text("✓ Right: h1,1 = 0.5597")
    expect(view.root.get_by_role("group", name="Question", exact=True)).to_be_focused()
    expect(view.feedback).to_have_css("outline-style", "solid")
    expect(view.root.locator(".bpviz-sentence")).to_contain_text("and gives 0.5597.")
    assert view.height() == height
    assert opened.violations(view.root) == []
    opened.page.keyboard.press("ArrowRight")
    view.expect_place(4)
    assert opened.answer("print(panel.progress, panel.cursor)").splitlines() == [
        "Progress(4 questions: 1 answered, 0 of them at the first try, 0 shown, 3 open)",
        "    h1[0]  number  right at try 4 (0.5597): 0.24, -0.56, 0.7, 0,56 4",
    ]


def test_a_mistake_of_the_registry_is_named_and_answers_can_be_shown(opened: Lab) -> None:
    view = PredictView(opened.output(1))
    view.key("End")
    expect(view.root.locator(".bpviz-sentence")).to_have_text(
        "What is the delta of unit 1 of layer 1?"
    )
    view.type("-0.002873")
    expect(view.feedback).to_contain_text("The derivative is missing in the hidden deltas.")
    expect(view.feedback).to_contain_text("δ = Wᵀδ ∘ f′(a) becomes δ = Wᵀδ in the hidden layers")
    view.type("0.000708")
    expect(view.feedback).to_contain_text("The sign of the error is flipped.")
    for theme in ("dark", "high contrast", "light"):
        opened.use_theme(theme)
        assert opened.violations(view.root) == []
        opened.screenshot(f"predict-mistake-{theme.replace(' ', '-')}", view.root)
    view.form.get_by_role("button", name="Show the answer").click()
    expect(view.settled).to_have_text("○ Shown: δ1,1 = −0.000708")
    view.key("End")
    view.type("0.002045")
    expect(view.settled).to_have_text("✓ Right: δ1,2 = 0.002045")
    view.key("End")
    view.form.get_by_role("button", name="Hint").click()
    expect(view.hint).to_contain_text("Hint: The gradient of the weight from input 2 to unit 1")
    view.type("-7.08e-5")
    assert view.look()["gW1[0,1]"] == "∂ −7.08×10⁻⁵"
    view.key("End")
    view.expect_place(34)
    expect(view.questions).to_contain_text("4 of 4 questions done · 2 right at the first try")
    # Back to a question that was answered, by its mark.
    view.questions.get_by_role("button", name=re.compile("^Question 2, delta of")).click()
    view.expect_place(17)
    assert (
        opened.answer("p = panel.progress\np.answered, p.right_at_first, p.revealed, p.open")
        == "(3, 2, 1, 0)"
    )
    # Python asks again.
    opened.answer("panel.reset_predictions()\npanel.cursor")
    view = PredictView(opened.output(1))
    view.expect_place(3)
    expect(view.questions).to_contain_text("Question 1 of 4 · 0 right")
    assert view.look()["d1[0]"].startswith("?")


def test_every_kind_can_be_answered_with_the_keyboard_alone(opened: Lab) -> None:
    view = PredictView(opened.output(2))
    keys = opened.page.keyboard
    view.key("End")
    view.expect_place(3)
    expect(view.form.get_by_role("radio", name="smaller")).to_be_focused()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(view.form.get_by_role("radio", name="larger")).to_be_checked()
    view.expect_place(3)
    keys.press("Enter")
    expect(view.settled).to_have_text("✓ Right: h1,1 = 0.5597, and a1,1 = 0.24")
    # Python knows as soon as it has taken what came before, though nobody has left the panel.
    opened.rest()
    assert opened.ask("print(kinds.progress.answered)") == "1"
    keys.press("End")
    keys.press("Enter")
    expect(view.feedback).to_contain_text("Choose one of the three.")
    keys.press("End")  # chooses nothing, and leaves the question where it is
    # Who was elsewhere comes back to the open question with the key that goes on.
    view.root.locator("summary").last.focus()
    keys.press("End")
    expect(view.form.get_by_role("radio", name="negative")).to_be_focused()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(view.feedback).to_contain_text("positive is what comes out with a well-known mistake")
    expect(view.feedback).to_contain_text("The sign of the error is flipped")
    expect(view.feedback.locator("math")).to_have_text(["y1−h2,1", "=0.6−0.485", "=0.115"])
    keys.press("ArrowRight")
    expect(view.form.get_by_role("radio", name="negative")).to_be_checked()
    keys.press("Enter")
    expect(view.settled).to_contain_text("✓ Right: ∂L/∂h2,1 = −0.115")

    keys.press("End")
    boxes = view.form.get_by_role("checkbox")
    expect(boxes.first).to_be_focused()
    view.expect_place(17)
    secret = view.root.locator(".bpviz-step-card")
    assert "∂L/∂h" not in secret.locator(".bpviz-sentence").inner_text()
    expect(secret.locator(".bpviz-formula")).to_have_count(0)
    assert "d1 = ?" in view.root.locator(".bpviz-script").inner_text()
    assert "e1 * s1" not in view.html()
    expect(view.root.locator(".bpviz-diagram .read")).to_have_count(0)
    assert opened.violations(view.root) == []
    opened.screenshot("predict-inputs", view.root)
    toggle(view, "error that arrives at unit 1 of layer 1")
    keys.press("Enter")
    expect(view.feedback).to_contain_text("That choice is what comes out with a well-known mistake")
    expect(view.feedback).to_contain_text("The derivative is missing in the hidden deltas")
    toggle(view, "derivative of the activation function at unit 1 of layer 1")
    keys.press("Enter")
    expect(view.settled).to_have_text("✓ Right: δ1,1 is made from these.")
    expect(view.root.locator(".bpviz-diagram .read")).not_to_have_count(0)
    keys.press("End")
    keys.press("ArrowLeft")  # from smaller round to larger
    keys.press("Enter")
    expect(view.settled).to_contain_text("= 0.5002, and W1,1,1 = 0.5")
    keys.press("End")
    view.expect_place(34)
    assert opened.answer("kinds.progress").splitlines()[0] == (
        "Progress(4 questions: 4 answered, 2 of them at the first try, 0 shown, 0 open)"
    )


def toggle(view: PredictView, name: str) -> None:
    """Go to a checkbox with Tab and press Space there."""
    box = view.form.get_by_role("checkbox", name=name, exact=True)
    view.form.get_by_role("checkbox").first.focus()
    while not box.evaluate("(node) => node === document.activeElement"):
        view.page.keyboard.press("Tab")
    view.page.keyboard.press("Space")


def test_fading_leaves_more_to_the_learner_and_a_change_asks_again(opened: Lab) -> None:
    view = PredictView(opened.output(3))
    expect(view.questions).to_contain_text("Example 1 of 12 · Watch how it is done")
    following = view.questions.get_by_role("button", name="Next example")
    expect(following).not_to_be_attached()
    view.key("End")
    view.expect_place(34)
    view.page.keyboard.press("End")
    expect(following).to_be_focused()
    view.page.keyboard.press("Enter")
    expect(view.root).to_be_focused()
    expect(view.questions).to_contain_text("Example 2 of 12 · 0 of 1 questions done")
    view.expect_place(0)
    view.key("End")
    view.expect_place(29)
    expect(view.root.get_by_role("combobox", name="Sample")).to_have_value("1")
    view.form.get_by_role("button", name="Show the answer").click()
    view.key("End")
    following.click()
    expect(view.questions).to_contain_text("Example 3 of 12 · 0 of 2 questions done")
    assert opened.answer("fading.frame, fading.progress.revealed") == "(2, 1)"
    # Other numbers are asked for anew, and the place is before them.
    view = PredictView(opened.output(3))
    view.key("End")
    expect(view.form).to_be_visible()
    place = int(view.slider.input_value())
    view.form.get_by_role("button", name="Show the answer").click()
    view.key("ArrowRight")
    edit = "dict(kind='edit', ref='x[0]', value=0.5, id=1)"
    opened.answer(f"fading._receive(fading, {edit}, [])\nfading.cursor")
    view = PredictView(opened.output(3))
    view.expect_place(place)
    expect(view.questions).to_contain_text("Question 1 of 2")


def test_questions_are_answered_without_a_kernel(opened: Lab) -> None:
    opened.kill_kernel()
    view = PredictView(opened.output(1))
    view.start("Unit")
    view.key("End")
    view.type("0.24")
    expect(view.feedback).to_contain_text("0.24 is a1,1, the aggregate of unit 1 of layer 1")
    view.type("0.56")
    expect(view.settled).to_have_text("✓ Right: h1,1 = 0.5597")
    view.key("End")
    view.expect_place(17)
    expect(view.questions).to_contain_text("Question 2 of 4 · 0 right at the first try")
