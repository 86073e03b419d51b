"""Nothing is cut or lies on something else, also where letters are wide: pages from disk."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from tests.browser.looks.states import states
from tests.browser.looks.studio import Studio, opened_studio

BOX = """
const boxOf = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
};
"""

# In the cards of the network: what sticks out, and what lies on its neighbour.
NUMBERS = """(root) => {
    %s
    const found = [];
    const textsIn = (card) => {
        const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
        const all = [];
        while (walker.nextNode()) all.push(walker.currentNode);
        return all.filter(({ data, parentElement }) => data.trim()
            && parentElement.checkVisibility({ visibilityProperty: true })
            && !parentElement.closest(".bpviz-hidden"));
    };
    for (const card of root.querySelectorAll(".bpviz-diagram .bpviz-card")) {
        const { left, right } = card.getBoundingClientRect();
        let before = null;
        for (const text of textsIn(card)) {
            const box = boxOf(text);
            const part = text.parentElement.closest(".bpviz-value, .bpviz-variable, .bpviz-long");
            if (box.left < left || box.right > right) found.push(`${text.data} sticks out`);
            const isBeside = before && before.part !== part && before.box.bottom > box.top + 6;
            if (isBeside && box.left < before.box.right - 1 && box.right > before.box.left)
                found.push(`${text.data} lies on ${before.text.data}`);
            before = { text, part, box };
        }
    }
    return found;
}""".replace("%s", BOX)

# Of each phase on the slider: the mark or word that is cut off at the right.
CUT = """(root) => {
    %s
    return [...root.querySelectorAll(".bpviz-band > *")].flatMap((part) => {
        const [band, box] = [part.parentElement.getBoundingClientRect(), boxOf(part)];
        return box.top < band.top + 24 && box.right > band.right ? [part.innerText] : [];
    });
}""".replace("%s", BOX)


@pytest.fixture(scope="module")
def studio(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with opened_studio(browser, tmp_path_factory.mktemp("fits")) as studio:
        yield studio


def shown(studio: Studio, name: str) -> None:
    """Bring a panel into the state of that name."""
    studio.look(next(state for state in states() if state.name == name))


ENDS = [
    "projector-end",
    "wide-end",
    "softmax-end",
    "step-end-600",
    "step-unit-end",
    "converged-end",
]


@pytest.mark.parametrize("name", ENDS)
def test_the_numbers_of_the_network_lie_in_their_cards(studio: Studio, name: str) -> None:
    shown(studio, name)
    assert studio.page.locator(".bpviz").evaluate(NUMBERS) == []


@pytest.mark.parametrize("name", ["projector-end", "step-end-360", "step-end-600", "wide-end"])
def test_a_phase_on_the_slider_has_its_whole_word_or_none(studio: Studio, name: str) -> None:
    shown(studio, name)
    assert studio.page.locator(".bpviz").evaluate(CUT) == []


@pytest.mark.parametrize("name", ["training-landscape", "training-landscape-360"])
def test_the_name_of_an_axis_of_the_landscape_keeps_away_from_its_numbers(
    studio: Studio, name: str
) -> None:
    shown(studio, name)
    view = studio.page.locator(".bpviz-view-landscape")
    for axis, start, end in [("foot", "left", "right"), ("side", "top", "bottom")]:
        boxes = view.locator(f".bpviz-map-{axis} span").evaluate_all(
            "(spans) => spans.map((span) => span.getBoundingClientRect().toJSON())"
        )
        boxes.sort(key=lambda box: box[start])
        gaps = [after[start] - box[end] for box, after in pairwise(boxes)]
        assert len(gaps) == 2
        assert min(gaps) >= 4


def test_the_way_to_the_steps_is_one_line_of_a_telephone(studio: Studio) -> None:
    shown(studio, "training-360-light")
    door = studio.page.get_by_role("button", name="Step through")
    assert door.evaluate("(button) => button.getBoundingClientRect().height") == 30


def test_in_the_smallest_cell_the_steps_are_gone_through_in_two_rows(studio: Studio) -> None:
    shown(studio, "step-backward-cell")
    bar = studio.page.locator(".bpviz-transport")
    parts = bar.locator("button, .bpviz-count, .bpviz-timeline, select").evaluate_all(
        """(parts) => parts.filter((part) => part.checkVisibility()).map((part) => {
            const { top, bottom } = part.getBoundingClientRect();
            return (top + bottom) / 2;
        })"""
    )
    assert len(parts) == 6
    assert len({round(middle / 20) for middle in parts}) == 2
    assert bar.evaluate("(bar) => bar.scrollWidth <= bar.clientWidth && bar.offsetHeight < 80")


def test_the_head_of_a_run_has_three_rows_of_a_telephone(studio: Studio) -> None:
    shown(studio, "training-360-light")
    head = studio.page.locator(".bpviz-training > .bpviz-header")
    assert head.evaluate("(head) => head.offsetHeight") < 120


def test_the_name_of_a_level_is_not_covered_by_the_number_at_the_cursor(studio: Studio) -> None:
    shown(studio, "level")
    curve = studio.page.locator(".bpviz-curve")
    overlap = curve.evaluate(
        """(curve) => {
            %s
            const name = boxOf(curve.querySelector(".bpviz-cursor-level"));
            const number = curve.querySelector(".bpviz-cursor-text").getBoundingClientRect();
            const across = Math.min(name.right, number.right) - Math.max(name.left, number.left);
            const down = Math.min(name.bottom, number.bottom) - Math.max(name.top, number.top);
            return Math.min(across, down);
        }""".replace("%s", BOX)
    )
    assert overlap < 0
