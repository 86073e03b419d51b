"""Panels as pages: from disk, offline, within strict policies, in a sandbox, without scripts."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

import bpviz as bp
from bpviz.formula import a, h, y
from bpviz.panels.kept import SAVED
from bpviz.panels.panel import Panel
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView, TrainingView
from tests.browser.test_buglab import SIGN, LabView
from tests.browser.test_editing import changed, expect_shown
from tests.export.test_notebook_pages import exported, lesson

TITLE = "</script><!-- <b>one</b> \u202e\u2028 'two'"
CLOSED = "\u202c"
"""Ends the direction that a right-to-left override begins."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pages."""
    folder = tmp_path_factory.mktemp("pages")
    bp.export.html(bp.StepPanel(bp.presets.three_two_one(), cursor=2), folder / "step.html", TITLE)
    training, lab = bp.TrainingPanel(bp.presets.xor()), bp.BugLab(bp.presets.xor())
    step = bp.StepPanel(bp.presets.three_two_one())
    bp.export.html([training, step, lab], folder / "each.html")
    return folder


@pytest.fixture
def page(offline_page: Page) -> Page:
    return offline_page


def test_a_page_from_disk_steps_by_key_and_by_mouse(page: Page, pages: Path) -> None:
    page.goto((pages / "step.html").as_uri())
    panel = PanelView(page.locator("#panel-1"))
    panel.expect_place(2)
    assert page.title() == "</script><!-- <b>one</b> \u2028 'two'"
    expect(page.locator("h1")).to_have_text(TITLE + CLOSED)
    assert page.locator("b b, h1 b").count() == 0
    panel.key("End")
    assert panel.look()["h2[0]"] == "0.485"
    panel.press("First", "Forward")
    assert panel.look()["a1[0]"] == "0.24"


def test_a_link_opens_at_its_place_and_a_bad_one_at_that_of_the_page(
    page: Page, pages: Path
) -> None:
    address = (pages / "step.html").as_uri()
    page.goto(f"{address}#depth=term&step=12")
    PanelView(page.locator("#panel-1")).expect_place(12)
    page.goto(f"{address}#step=-1&depth=__proto__&epoch=1e9&panel=1")
    PanelView(page.locator("#panel-1")).expect_place(2)
    page.goto((pages / "each.html").as_uri() + "#panel=2&step=5")
    PanelView(page.locator("#panel-2")).expect_place(5)
    training = TrainingView(page.locator("#panel-1"))
    training.expect_chosen(500, 4)
    # The page is there, and another place of it is asked for.
    page.goto((pages / "each.html").as_uri() + "#step=12&epoch=300")
    training = TrainingView(page.locator("#panel-1"))
    training.expect_chosen(300, 1)
    training.expect_place(12)
    PanelView(page.locator("#panel-2")).expect_place(0)
    page.goto((pages / "each.html").as_uri() + "#epoch=3&update=2&step=5")
    training.expect_chosen(3, 2)
    training.expect_place(5)


WITHOUT_CLOCK_AND_CHANCE = """{
    const none = () => { throw new Error("no chance"); };
    const Before = Date;
    globalThis.Date = class extends Before {
        constructor(...given) { super(...(given.length ? given : [1])); }
        static now() { return 1; }
    };
    performance.now = () => 1;
    Math.random = () => 0.5;
    crypto.getRandomValues = none;
    crypto.randomUUID = none;
}"""
STRICT = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"


@pytest.fixture(params=["from disk", "in a sandbox, without clock and chance"])
def body(request: pytest.FixtureRequest, page: Page, pages: Path, tmp_path: Path) -> Locator:
    """A page with a panel of each kind: as it is, or shut off from all that there is around it."""
    path = pages / "each.html"
    if request.param == "from disk":
        page.goto(path.as_uri())
        return page.locator("body")
    page.add_init_script(WITHOUT_CLOCK_AND_CHANCE)
    outer = tmp_path / "outer.html"
    outer.write_text(
        '<!doctype html><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{STRICT}">'
        '<iframe sandbox="allow-scripts" width="1380" height="850" '
        f'srcdoc="{escape(path.read_text(encoding="utf-8"))}"></iframe>',
        encoding="utf-8",
    )
    page.goto(outer.as_uri())
    inner = page.frame_locator("iframe").locator("body")
    assert inner.evaluate("() => [Date.now(), Number(new Date()), Math.random()]") == [1, 1, 0.5]
    assert inner.evaluate("() => origin") == "null"
    return inner


def test_each_kind_of_panel_does_all_that_it_can(body: Locator) -> None:
    step = PanelView(body.locator("#panel-2"))
    step.press("Forward")
    step.expect_place(1)
    step.key("End")
    assert step.look()["h2[0]"] == "0.485"
    origin = OriginView(step)
    origin.open_field("W1[0,1]")
    origin.type("0.3")
    expect_shown(step, 0.5, changed(0, 1, 0.3))
    step.press("Undo", group="Changes")
    expect_shown(step, 0.5, changed(0, 1, 0.1))

    training = TrainingView(body.locator("#panel-1"))
    training.press("One epoch", group="Training")
    expect(training.root.get_by_text("501 epochs made").first).to_be_visible()
    training.press("Train 500 more", group="Training")
    expect(training.root.get_by_text("1,001 epochs made").first).to_be_visible()

    lab = LabView(body.locator("#panel-3"))
    expect(lab.summary).to_contain_text("10 of 23 registers differ")
    lab.switch(SIGN).click()
    expect(lab.summary).to_contain_text("16 of 23 registers differ")
    assert lab.step()
    expect_own_names(body)


def expect_own_names(body: Locator) -> None:
    """The panels of a page are not one: each has its own groups and names."""
    ids = body.evaluate("(body) => [...body.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids))


def opened_without_clock_and_chance(page: Page, panels: list[Panel], folder: Path) -> list[Locator]:
    """Return panels on a page that has their module alone, and neither clock nor chance."""
    page.add_init_script(WITHOUT_CLOCK_AND_CHANCE)
    page.goto(bp.export.html(panels, folder / "page.html").as_uri())
    assert page.evaluate("() => [Date.now(), performance.now(), Math.random()]") == [1, 1, 0.5]
    return [page.locator(f"#panel-{number + 1}") for number in range(len(panels))]


def test_a_pass_is_performed_and_a_question_answered_without_clock_and_chance(
    page: Page, tmp_path: Path
) -> None:
    example = bp.presets.three_two_one()
    panels = [
        bp.StepPanel(example, perform=True),
        bp.StepPanel(example, predict={"h1[0]": "number"}),
    ]
    performs, asks = opened_without_clock_and_chance(page, panels, tmp_path)
    performs.get_by_label("derivative of the activation function at unit 1 of layer 2").check()
    page.keyboard.press("Enter")
    performs.get_by_role("form").get_by_role("textbox").fill("0.2498")
    page.keyboard.press("Shift+Enter")
    expect(performs.locator(".bpviz-settled")).to_contain_text("0.2498")
    performs.get_by_role("button", name="Do it for me").click()
    assert PanelView(performs).look()["d2[0]"] == "−0.02873"

    step = PanelView(asks)
    step.key("End")
    asks.get_by_role("form").get_by_role("textbox").fill("0.24")
    page.keyboard.press("Enter")
    expect(asks.locator(".bpviz-feedback")).to_contain_text("Not yet")
    expect_own_names(page.locator("body"))


def test_numbers_are_changed_and_played_through_without_clock_and_chance(
    page: Page, tmp_path: Path
) -> None:
    panels = [bp.StepPanel(bp.presets.three_two_one(), cursor=34)]
    step = PanelView(opened_without_clock_and_chance(page, panels, tmp_path)[0])
    origin = OriginView(step)
    origin.drag("x[2]", 20, 20)
    expect(origin.number("x[2]")).to_have_text("−0.2−0.1")
    step.press("Undo", group="Changes")
    expect(origin.number("x[2]")).to_have_text("−0.2")
    step.key("Home")
    step.play_to(3)


def test_runs_go_on_and_mistakes_are_switched_without_clock_and_chance(
    page: Page, tmp_path: Path
) -> None:
    xor = bp.presets.xor()
    panels = [bp.TrainingPanel(xor), bp.TrainingPanel(xor), bp.BugLab(xor)]
    *runs, lab = opened_without_clock_and_chance(page, panels, tmp_path)
    for run in map(TrainingView, runs):
        run.press("One epoch", group="Training")
        expect(run.root.get_by_text("501 epochs made").first).to_be_visible()
        expect(run.root.get_by_role("region", name="Decision surface")).to_contain_text("lie on")
    expect(TrainingView(runs[0]).open_tab("Landscape")).to_contain_text("main direction")
    view = LabView(lab)
    view.switch(SIGN).click()
    expect(view.summary).to_contain_text("16 of 23 registers differ")
    expect_own_names(page.locator("body"))


REMEMBERED = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie, name,
    ...(await indexedDB.databases()).map(({ name }) => name), history.state ?? "",
].filter(Boolean)"""


def test_a_page_remembers_nothing(page: Page, pages: Path) -> None:
    page.goto((pages / "each.html").as_uri())
    step, training = PanelView(page.locator("#panel-2")), TrainingView(page.locator("#panel-1"))
    step.key("2", "ArrowRight", "ArrowRight")
    origin = OriginView(step)
    origin.open_field("W1[0,1]")
    origin.type("0.3")
    expect(origin.number("W1[0,1]")).to_have_text("0.10.3")
    training.press("One epoch", group="Training")
    expect(training.root.get_by_text("501 epochs made").first).to_be_visible()
    assert page.evaluate(REMEMBERED) == []
    page.reload()
    expect(training.root.get_by_text("500 epochs made").first).to_be_visible()
    step.expect_place(0)
    expect(origin.number("W1[0,1]")).to_have_text("0.1")
    assert page.evaluate(REMEMBERED) == []


def test_who_has_no_script_sees_the_picture_and_the_words(browser: Browser, pages: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "step.html").as_uri())
    expect(page.locator("svg")).to_be_visible()
    expect(page.locator("ol")).to_contain_text("Each unit of layer 1 multiplies its inputs")
    context.close()


HOSTILE = "</script><!--<img src=x onerror=window.forged=1>\u202e"

# Words in which a letter stands on the left of the one before it.
TURNED_ROUND = """() => {
    const range = document.createRange();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        const node = texts.currentNode;
        if (!node.parentElement.checkVisibility()) continue;
        const left = (place) => {
            range.setStart(node, place);
            range.setEnd(node, place + 1);
            return range.getBoundingClientRect().left;
        };
        for (const { 0: word, index } of node.data.matchAll(/[a-z]{3,}/gi))
            if (left(index + 1) < left(index)) found.push(word);
    }
    return found;
}"""


def hostile_panels() -> list[Panel]:
    """Return a panel of each kind in which all names and words of one's own are hostile."""
    own = bp.Activation("own", a * a, says=HOSTILE, derivative_says=HOSTILE, title=HOSTILE)
    loss = bp.Loss("own_loss", (h - y) ** 2, says=HOSTILE, title=HOSTILE)
    layers = [bp.Layer([[0.5, -0.4]], [0.1], own), bp.Layer([[0.3]], activation="identity")]
    example = bp.Example(
        bp.Network(layers, loss),
        [[1, 2], [2, 1]],
        [[1], [0]],
        rule=bp.Rule(0.01, mistakes=("own_mistake",)),
        title=HOSTILE,
    )
    training = bp.TrainingPanel(example)
    training.set(epochs=3)
    training.advance(6)
    training.pin()
    return [bp.StepPanel(example), training, bp.BugLab(example)]


@pytest.fixture
def own_mistake() -> Iterator[None]:
    """Have a mistake of one's own, of which all is hostile."""
    texts = dict.fromkeys(("title", "change", "notice", "source", "needs"), HOSTILE)
    alters = lambda at, _: 0.5 * at.formula if at.quantity == "gW" else None  # noqa: E731
    bp.mistakes.add(bp.Mistake("own_mistake", **texts, alters=alters))
    yield
    bp.mistakes.remove("own_mistake")


@pytest.mark.usefixtures("own_mistake")
def test_names_and_words_of_ones_own_are_text_and_end_where_they_end(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="give small letters, digits and underscores"):
        bp.Activation(HOSTILE, a * a)
    shown = HOSTILE + CLOSED
    address = bp.export.html(hostile_panels(), tmp_path / "page.html", HOSTILE).as_uri()
    page.goto(address)
    step, training, lab = (page.locator(f"#panel-{number}") for number in (1, 2, 3))
    for panel in (step, training):
        expect(panel.locator(".bpviz-title").first).to_have_text(shown)
    expect(lab.locator(".bpviz").first).to_have_attribute("aria-label", f"Bug lab: {shown}")
    view = PanelView(step)
    view.start("Unit")
    view.key("ArrowRight", "ArrowRight")
    expect(step.locator(".bpviz-sentence")).to_contain_text(shown)
    expect(training.get_by_role("list", name="Curves")).to_contain_text(f"{shown}, 3 epochs")
    training.get_by_role("button", name="Settings", exact=True).click()
    training.get_by_text("Mistakes and conventions").click()
    expect(training.get_by_role("region", name="Settings", exact=True)).to_contain_text(shown)
    expect(lab.get_by_role("region", name="What it changes")).to_contain_text(f"{shown}.")
    PanelView(lab).choose("Register by register")
    expect(page.locator("img")).to_have_count(0)
    assert page.evaluate("window.forged") is None
    assert page.evaluate(TURNED_ROUND) == []
    page.evaluate("document.body.append('\u202eturned round')")
    assert page.evaluate(TURNED_ROUND) == ["turned", "round"]

    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(address)
    expect(bare.get_by_text(f"{shown}. This page steps through it").first).to_be_visible()
    assert bare.evaluate(TURNED_ROUND) == []
    context.close()


FORGED = (
    "# A lesson\n<script>document.title = 'forged'</script>"
    "<img src='x:' onerror=\"document.title = 'forged'\">"
    "<script type='text/plain' id='bpviz-page'>forged</script>"
)


def test_a_notebook_as_a_page_has_living_panels_and_runs_nothing_else(
    offline: BrowserContext, tmp_path: Path
) -> None:
    panels = [bp.StepPanel(bp.presets.three_two_one()), bp.TrainingPanel(bp.presets.xor())]
    exported(lesson(*panels, text="# A lesson"), tmp_path)
    page = offline.new_page()
    page.goto((tmp_path / "lesson.html").as_uri())
    step = PanelView(page.locator("#panel-1"))
    step.key("End")
    assert step.look()["h2[0]"] == "0.485"
    training = TrainingView(page.locator("#panel-2"))
    expect(training.root.get_by_role("button", name="One epoch")).to_be_visible()
    # The page's own data comes after all that a notebook brings.
    exported(lesson(*panels, text=FORGED), tmp_path)
    page.goto((tmp_path / "lesson.html").as_uri())
    expect(page.locator("#panel-1")).to_be_attached()
    assert page.title().startswith("A lesson")
    page.close()


def test_questions_are_asked_beside_a_run(page: Page, tmp_path: Path) -> None:
    asks = bp.StepPanel(bp.presets.three_two_one(), predict={"h1[0]": "number"})
    path = tmp_path / "both.html"
    page.goto(bp.export.html([asks, bp.TrainingPanel(bp.presets.xor())], path).as_uri())
    step = PanelView(page.locator("#panel-1"))
    step.key("End")
    step.root.get_by_role("form").get_by_role("textbox").fill("0.24")
    page.keyboard.press("Enter")
    feedback = step.root.locator(".bpviz-feedback")
    expect(feedback).to_contain_text("Not yet")
    training = TrainingView(page.locator("#panel-2"))
    training.open_steps()
    expect(training.root.get_by_role("form")).to_have_count(0)


OLDER = Path(__file__).with_name("older") / "0.1.0.json"
"""Panels as a notebook of that version has kept them."""
OLDER_PAGE = OLDER.with_suffix(".html")
"""The step panel of the first lecture as the first `bp.export.html` has written it."""


def test_what_an_older_version_has_kept_is_alive(page: Page, tmp_path: Path) -> None:
    kept = json.loads(OLDER.read_text(encoding="utf-8"))
    exported(lesson(*({SAVED: {"packed": text}} for text in kept.values())), tmp_path)
    page.goto((tmp_path / "lesson.html").as_uri())
    step = PanelView(page.locator("#panel-1"))
    # Its program came without the quantities' letters and words.
    expect(step.root.locator(".bpviz-legend")).to_contain_text("aggregate")
    step.expect_place(3)
    step.key("ArrowRight")
    step.expect_place(4)
    training = TrainingView(page.locator("#panel-2"))
    training.root.get_by_role("button", name="One epoch").click()
    expect(training.root.get_by_text("11 epochs made").first).to_be_visible()
    lab = page.locator("#panel-3")
    expect(lab).to_contain_text("10 of 23 registers differ")
    # It has kept no formulas of other switches, and says so before one is pressed.
    expect(lab).to_contain_text("Only Python can switch this")


def test_a_page_that_an_older_version_has_written_steps(page: Page) -> None:
    page.goto(OLDER_PAGE.as_uri())
    step = PanelView(page.locator("#panel-1"))
    step.expect_place(0)
    step.key("ArrowRight", "ArrowRight")
    step.expect_place(2)
    step.key("End")
    step.expect_place(34)
    assert step.look()["h2[0]"] == "0.485"
