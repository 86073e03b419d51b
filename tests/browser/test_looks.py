"""How panels look in detail, on plain pages: JupyterLab changes nothing about it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import bpviz as bp
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView, place_of

EXAMPLE = bp.presets.three_two_one()

Opens = Callable[[str], Page]


@pytest.fixture(scope="module")
def shown(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opens]:
    """Open one of a few pages, each of which the tests share."""
    folder = tmp_path_factory.mktemp("looks")
    bp.export.html(bp.StepPanel(EXAMPLE), folder / "step.html")
    bp.export.html(bp.StepPanel(bp.presets.xor()), folder / "xor.html")
    few = ["surface", "weights", "diagram"]
    bp.export.html(bp.TrainingPanel(bp.presets.xor(), views=few), folder / "run.html")
    bp.export.html(bp.BugLab(bp.presets.xor(), views=["difference"]), folder / "lab.html")
    bp.export.html(bp.TrainingPanel(bp.presets.xor()), folder / "whole-run.html")
    bp.export.html(bp.BugLab(bp.presets.three_two_one()), folder / "whole-lab.html")
    deep = bp.Network.random([2, 2, 2, 1], activations=["tanh", "tanh", "identity"], seed=0)
    bp.export.html(bp.StepPanel((deep, [[1, -1]], [[0.5]])), folder / "deep.html")
    context = browser.new_context(viewport={"width": 1000, "height": 768})
    pages: dict[str, Page] = {}

    def open_page(name: str) -> Page:
        if name not in pages:
            pages[name] = context.new_page()
            pages[name].goto((folder / f"{name}.html").as_uri())
        pages[name].set_viewport_size({"width": 1000, "height": 768})
        return pages[name]

    yield open_page
    context.close()


def test_a_number_that_is_chosen_before_it_is_computed_has_a_place(shown: Opens) -> None:
    panel = PanelView(shown("step").locator("#panel-1"))
    panel.start("Unit")
    panel.key("End")
    delta = panel.root.locator('.bpviz-diagram [data-ref="d1[0]"]')
    delta.click()
    panel.key("Home")
    panel.page.mouse.move(2, 2)
    box = place_of(delta)
    assert (box["width"], box["height"]) == (46, 14)
    panel.key("Escape")


@pytest.mark.parametrize("width", [904, 936, 1000])
def test_all_that_is_said_before_the_first_step_is_in_sight(shown: Opens, width: int) -> None:
    page = shown("xor")
    page.set_viewport_size({"width": width, "height": 768})
    panel = PanelView(page.locator("#panel-1"))
    panel.start("Unit")
    mistake = panel.root.locator(".bpviz-start .bpviz-mistake").last
    cut = "(node) => node.closest('.bpviz-reserved').getBoundingClientRect().bottom"
    box = place_of(mistake)
    assert box["y"] + box["height"] <= mistake.evaluate(cut)


@pytest.mark.parametrize("width", [610, 1000])
def test_an_edited_weight_and_its_old_value_leave_the_card_free(shown: Opens, width: int) -> None:
    page = shown("xor")
    page.set_viewport_size({"width": width, "height": 768})
    origin = OriginView(PanelView(page.locator("#panel-1")))
    card = place_of(page.locator(".bpviz-diagram .bpviz-unit").first)
    for ref, old, new in [("W1[0,0]", "0.979", "0.9887"), ("W1[1,1]", "−0.977", "−0.9887")]:
        origin.open_field(ref)
        origin.type(new)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        label = page.locator(f'.bpviz-label [data-ref="{ref}"]')
        expect(label).to_have_text(f"{old}{new}")
        box = place_of(label)
        assert box["x"] + box["width"] <= card["x"]
    page.get_by_role("button", name="Reset").click()


OVER_CARDS = """(diagram) => {
    const boxOf = (node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect();
    };
    const cards = [...diagram.querySelectorAll(".bpviz-unit")]
        .map((card) => card.getBoundingClientRect());
    return [...diagram.querySelectorAll(".bpviz-label .bpviz-value")]
        .filter((value) => !value.querySelector(".bpviz-unknown"))
        .filter((value) => {
            const a = boxOf(value);
            return cards.some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
                && a.top < b.bottom && b.top < a.bottom);
        })
        .map((value) => value.textContent);
}"""


@pytest.mark.parametrize("width", [390, 600])
def test_the_gradients_of_weights_leave_the_cards_free(shown: Opens, width: int) -> None:
    page = shown("step")
    page.set_viewport_size({"width": width, "height": 768})
    panel = PanelView(page.locator("#panel-1"))
    panel.start("Layer")
    diagram = panel.root.locator(".bpviz-diagram")
    seen = set()
    for _ in range(23):
        panel.key("ArrowRight")
        assert diagram.evaluate(OVER_CARDS) == []
        seen.add(diagram.locator(".bpviz-label").first.inner_text())
    assert len(seen) == 4  # nothing yet, the gradient, the change and the new weight


@pytest.mark.parametrize("view", ["diagram", "formula", "matrices"])
def test_a_number_is_changed_beside_it_and_beside_what_is_computed(shown: Opens, view: str) -> None:
    panel = PanelView(shown("step").locator("#panel-1"))
    panel.start("Unit")
    panel.key("ArrowRight")
    seen = panel.root.locator(f'[data-view={view}] [data-ref="W1[0,2]"]:not(.bpviz-ahead *)')
    seen.first.click()
    field = panel.root.get_by_role("region", name="Change a number")
    covers = """(field) => {
        const a = field.getBoundingClientRect();
        const panel = field.closest(".bpviz");
        const rest = ".bpviz-body, .bpviz-transport";
        return [...panel.querySelectorAll(rest)].some((node) => {
            const b = node.getBoundingClientRect();
            return a.top < b.bottom - 1 && b.top < a.bottom - 1;
        });
    }"""
    assert not field.evaluate(covers)
    expect(panel.root.get_by_role("spinbutton")).to_be_focused()
    panel.page.keyboard.press("ArrowUp")
    expect(panel.root.locator('.bpviz-label [data-ref="W1[0,2]"] s')).to_have_text("0.1")
    panel.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    panel.key("Control+z")
    expect(panel.root.locator(".bpviz-was")).to_have_count(0)


SMALL = """(nodes) => nodes.map((node) => node.getBoundingClientRect())
    .filter((box) => Math.min(box.width, box.height) < 23.9)"""

TARGETS = """(root) => [...root.querySelectorAll(".bpviz-diagram .bpviz-value")]
    .filter((node) => /^([Wb]\\d+|[xy])\\[/.test(node.dataset.ref))
    .map((node) => getComputedStyle(node, "::before"))
    .map((style) => [parseFloat(style.width), parseFloat(style.height)])"""


def test_what_can_be_changed_has_room_for_a_finger(shown: Opens) -> None:
    panel = PanelView(shown("step").locator("#panel-1"))
    found = panel.root.evaluate(TARGETS)
    assert len(found) == 15
    assert [size for size in found if min(size) < 24] == []


def test_paths_light_up_on_the_network_one_at_a_time_when_pointed_at(shown: Opens) -> None:
    page = shown("deep")
    panel = PanelView(page.locator("#panel-1"))
    panel.key("End")
    panel.key("ArrowLeft")
    OriginView(panel).open("W1[0,1]")
    lit = panel.root.locator(".bpviz-edge.bpviz-on-path")
    expect(lit).to_have_count(1 + 2 + 2)
    paths = panel.root.locator(".bpviz-path")
    expect(paths).to_have_count(2)
    paths.first.hover()
    expect(lit).to_have_count(3)
    paths.last.locator("[data-ref]").first.focus()
    expect(lit).to_have_count(3)
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(lit).to_have_count(0)


def test_a_run_and_the_bug_lab_show_the_views_that_are_named(shown: Opens) -> None:
    run = shown("run").locator("#panel-1")
    expect(run.get_by_role("region", name="Decision surface")).to_be_visible()
    expect(run.get_by_role("region", name="Weights")).to_be_visible()
    expect(run.get_by_role("slider", name="Epoch on the curve")).to_have_count(0)
    expect(run.get_by_role("group", name="View", exact=True).get_by_role("radio")).to_have_count(1)
    run.get_by_role("button", name="Step through").click()
    expect(run.locator(".bpviz-diagram")).to_be_visible()
    expect(run.locator(".bpviz-sentence").first).to_be_visible()
    expect(run.locator("[data-view=formula], [data-view=matrices]")).to_have_count(0)
    lab = shown("lab").locator("#panel-1")
    expect(lab.locator(".bpviz-first-wrong")).to_be_visible()
    expect(lab.get_by_role("group", name="View", exact=True)).to_have_count(0)
    expect(lab.locator(".bpviz-check-result")).to_have_count(0)
    cells = lab.locator(".bpviz-strip label")
    expect(cells).to_have_count(23)
    assert cells.evaluate_all(SMALL) == []


def test_a_symbol_says_what_it_is_and_a_step_what_it_gave(shown: Opens) -> None:
    panel = PanelView(shown("step").locator("#panel-1"))
    panel.start("Layer")
    panel.key("ArrowRight")
    said = panel.root.locator(".bpviz-say [aria-live]").last
    expect(said).to_have_text("The results are 0.24 and −0.46.")
    panel.formula.locator("[data-ref]").last.hover()
    view = panel.root.locator("[data-view=formula]")
    expect(view).to_have_attribute("title", re.compile("of unit"))
    legend = panel.root.get_by_role("list", name="Symbols")
    expect(legend).to_contain_text("aggregate")
    expect(legend).not_to_contain_text("activation")


RESET = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`ol, ul { list-style: none; margin: 0; padding: 0; }
        select, input { appearance: none; }
        summary { display: block; list-style: none; }
        summary::-webkit-details-marker { display: none; }`);
    document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
}"""


def test_numbers_and_arrows_stand_where_a_page_takes_them_away(shown: Opens) -> None:
    page = shown("step")
    page.evaluate(RESET)
    panel = PanelView(page.locator("#panel-1"))
    panel.start("Unit")
    parts = panel.root.locator(".bpviz-start ol")
    expect(parts).to_have_css("list-style-type", "decimal")
    expect(parts).to_have_css("padding-left", "22px")
    expect(panel.root.get_by_label("Speed")).to_have_css("appearance", "auto")
    folded = panel.root.locator("summary", has_text="All numbers as tables")
    expect(folded).to_have_css("display", "list-item")
    expect(folded).to_have_css("list-style-type", "disclosure-closed")
    folded.click()
    expect(folded).to_have_css("list-style-type", "disclosure-open")
    folded.click()
    page = shown("lab")
    page.evaluate(RESET)
    switches = page.locator("#panel-1").get_by_role("checkbox")
    expect(switches.first).to_have_css("appearance", "auto")


@pytest.mark.parametrize("name", ["xor", "run", "lab"])
@pytest.mark.parametrize("width", [360, 420, 500, 600])
def test_in_a_narrow_place_no_button_stands_alone_on_a_line(
    shown: Opens, name: str, width: int
) -> None:
    page = shown(name)
    page.reload()
    page.set_viewport_size({"width": width, "height": 768})
    root = page.locator("#panel-1")
    title = place_of(root.get_by_role("heading").first)
    for help_or_settings in root.locator(".bpviz-header > button").all():
        box = place_of(help_or_settings)
        assert box["y"] < title["y"] + title["height"] < box["y"] + box["height"]
    if name == "run" and width >= 500:
        run, reset = (
            root.locator(".bpviz-run-row > .bpviz-main"),
            root.get_by_role("button", name="Reset"),
        )
        assert place_of(run)["y"] == place_of(reset)["y"]


def test_a_learning_rate_that_is_infinite_is_refused_in_place(shown: Opens) -> None:
    page = shown("run")
    page.reload()
    rate = page.get_by_role("textbox", name="learning rate")
    for infinite in ("1e400", "Infinity"):
        rate.fill(infinite)
        rate.press("Enter")
        expect(page.get_by_text("give a number, 0 or greater; it stays 0.01")).to_be_visible()
    rate.press("Escape")
    expect(rate).to_have_value("0.01")


def test_what_is_read_off_the_curves_stays_within_the_plot(shown: Opens) -> None:
    page = shown("whole-run")
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("button", name="One epoch").click()
    plot = page.locator(".bpviz-over").first
    box = place_of(plot)
    readout = page.locator(".bpviz-cursor-readout")
    for share in (0.1, 0.45, 0.55, 0.9):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 40)
        expect(readout).to_contain_text(re.compile(r"^epoch \d+: 0\.\d+ this run0\.\d+ "))
        place = place_of(readout)
        assert box["x"] <= place["x"]
        assert place["x"] + place["width"] <= box["x"] + box["width"]
    page.mouse.move(2, 2)


def test_the_first_mistake_that_is_on_is_in_sight_when_a_lab_opens(shown: Opens) -> None:
    page = shown("whole-lab")
    seen = page.locator(".bpviz-scrolled-list")
    first = seen.locator("label", has=page.locator("input:checked")).first
    outer, inner = place_of(seen), place_of(first)
    assert outer["y"] <= inner["y"] <= outer["y"] + outer["height"] - inner["height"]


def test_a_new_bias_is_shown_where_it_has_the_place_of_the_old_one_alone(shown: Opens) -> None:
    page = shown("step")
    page.set_viewport_size({"width": 600, "height": 768})
    panel = PanelView(page.locator("#panel-1"))
    panel.start("Layer")
    bias = panel.root.locator('.bpviz-diagram [data-ref$="b1[0]"]')
    expect(bias).to_have_attribute("data-ref", "b1[0]")
    panel.key("End")
    expect(bias).to_have_attribute("data-ref", "nb1[0]")
