"""The conventions of a panel: what can be set from Python, and what is refused."""

from typing import Any

import pytest
import traitlets

import bpviz as bp


@pytest.fixture
def panel() -> bp.StepPanel:
    return bp.StepPanel(bp.presets.xor())


def test_starts_with_columns_four_digits_and_all_views(panel: bp.StepPanel) -> None:
    assert panel.style == {
        "vectors": "column",
        "symbols": "a/h",
        "digits": 4,
        "decimal": ".",
        "fractions": False,
        "projector": False,
        "views": ["diagram", "formula", "matrices", "code"],
    }


def test_changes_what_is_given_and_keeps_the_rest(panel: bp.StepPanel) -> None:
    panel.style = {"vectors": "row", "decimal": ","}
    panel.style = {"digits": 6, "views": ["code", "diagram"]}
    assert panel.style["vectors"] == "row"
    assert panel.style["decimal"] == ","
    assert panel.style["digits"] == 6
    assert panel.style["views"] == ["diagram", "code"]


def test_tells_of_a_change_and_sends_it_whole(panel: bp.StepPanel) -> None:
    seen: list[Any] = []
    panel.observe(lambda change: seen.append(change["new"]), "style")
    panel.style = {"symbols": "z/a"}
    assert seen == [{**bp.StepPanel(bp.presets.xor()).style, "symbols": "z/a"}]
    assert panel.get_state("style") == {"style": seen[0]}


def test_panels_do_not_share_their_style(panel: bp.StepPanel) -> None:
    panel.style["views"].remove("code")
    assert "code" in bp.StepPanel(bp.presets.xor()).style["views"]


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ({"vector": "row"}, "style has no setting 'vector'; it has 'vectors', 'symbols'"),
        ({"vectors": "rows"}, "style's vectors is 'rows'; give 'column' or 'row'"),
        ({"digits": 9}, "style's digits is 9; give 2, 3, 4, 5, 6, 7 or 8"),
        ({"digits": 4.0}, "style's digits is 4.0; give 2, 3"),
        ({"fractions": 1}, "style's fractions is 1; give False or True"),
        ({"views": "code"}, "style's views is 'code'; give a list"),
        ({"views": ["plot"]}, "style's views has 'plot'; there are 'diagram', 'formula'"),
    ],
)
def test_refuses_what_it_does_not_know_and_says_what_to_give(
    panel: bp.StepPanel, style: dict[str, Any], words: str
) -> None:
    with pytest.raises(traitlets.TraitError) as caught:
        panel.style = style
    assert words in str(caught.value)
    assert panel.style["digits"] == 4
    assert panel.style["fractions"] is False
