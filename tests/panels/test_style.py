"""The conventions of a panel: what can be set from Python, and what is refused."""

from typing import Any

import pytest
import traitlets

import bpviz as bp


@pytest.fixture
def panel() -> bp.StepPanel:
    return bp.StepPanel(bp.presets.xor())


def test_starts_with_columns_four_digits_and_all_views(panel: bp.StepPanel) -> None:
    assert panel.appearance == {
        "vectors": "column",
        "symbols": "a/h",
        "digits": 4,
        "decimal": ".",
        "fractions": False,
        "skip_unchanged": False,
        "projector": False,
        "views": ["diagram", "formula", "matrices", "code"],
    }


def test_changes_what_is_given_and_keeps_the_rest(panel: bp.StepPanel) -> None:
    panel.appearance = {"vectors": "row", "decimal": ","}
    panel.appearance = {"digits": 6, "views": ["code", "diagram"]}
    assert panel.appearance["vectors"] == "row"
    assert panel.appearance["decimal"] == ","
    assert panel.appearance["digits"] == 6
    assert panel.appearance["views"] == ["diagram", "code"]


def test_tells_of_a_change_and_sends_it_whole(panel: bp.StepPanel) -> None:
    seen: list[Any] = []
    panel.observe(lambda change: seen.append(change["new"]), "appearance")
    panel.appearance = {"symbols": "z/a"}
    assert seen == [{**bp.StepPanel(bp.presets.xor()).appearance, "symbols": "z/a"}]
    assert panel.get_state("appearance") == {"appearance": seen[0]}


def test_panels_do_not_share_their_style(panel: bp.StepPanel) -> None:
    panel.appearance["views"].remove("code")
    assert "code" in bp.StepPanel(bp.presets.xor()).appearance["views"]


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ({"vector": "row"}, "appearance has no setting 'vector'; it has 'vectors', 'symbols'"),
        ({"vectors": "rows"}, "appearance's vectors is 'rows'; give 'column' or 'row'"),
        ({"digits": 9}, "appearance's digits is 9; give 2, 3, 4, 5, 6, 7 or 8"),
        ({"digits": 4.0}, "appearance's digits is 4.0; give 2, 3"),
        ({"fractions": 1}, "appearance's fractions is 1; give False or True"),
        ({"views": "code"}, "appearance's views is 'code'; give a list"),
        ({"views": ["plot"]}, "appearance's views has 'plot'; there are 'diagram', 'formula'"),
    ],
)
def test_refuses_what_it_does_not_know_and_says_what_to_give(
    panel: bp.StepPanel, style: dict[str, Any], words: str
) -> None:
    with pytest.raises(traitlets.TraitError) as caught:
        panel.appearance = style
    assert words in str(caught.value)
    assert panel.appearance["digits"] == 4
    assert panel.appearance["fractions"] is False


def test_steps_that_change_nothing_are_not_counted_where_they_are_left_out() -> None:
    panel = bp.StepPanel(bp.presets.three_two_one(), skip_unchanged=True)
    assert len(panel) == 28
    panel.go("nb1[1]")
    assert panel.cursor == 26
    panel.appearance = {"skip_unchanged": False}
    assert (panel.cursor, len(panel)) == (26, 34)
    panel.go("nb1[0]")
    assert panel.cursor == 29
    panel.appearance = {"skip_unchanged": True}
    panel.depth = "layer"
    assert (panel.cursor, len(panel)) == (17, 19)
    with pytest.raises(traitlets.TraitError, match="there are 19 steps"):
        panel.cursor = 20


def test_each_kind_of_panel_shows_the_views_that_are_named() -> None:
    step = bp.StepPanel(bp.presets.xor(), views=("formula", "diagram"))
    assert step.appearance["views"] == ["diagram", "formula"]
    training = bp.TrainingPanel(bp.presets.xor(), views=["surface", "code"])
    assert training.get_state("_shown") == {"_shown": ["surface"]}
    assert training.appearance["views"] == ["code"]
    lab = bp.BugLab(bp.presets.xor(), views=["difference"])
    assert lab.get_state("_shown") == {"_shown": ["difference"]}
    assert lab.appearance["views"] == ["diagram", "formula", "matrices", "code"]


@pytest.mark.parametrize("kind", [bp.StepPanel, bp.TrainingPanel, bp.BugLab])
@pytest.mark.parametrize(
    ("views", "words"),
    [
        ("code", "views is 'code'; give a list such as ["),
        (["graph"], "views has 'graph'; there are '"),
        ([], "views is empty; name one or more of '"),
    ],
)
def test_what_is_no_view_is_refused_by_the_name_of_the_argument(
    kind: Any, views: Any, words: str
) -> None:
    with pytest.raises((TypeError, ValueError)) as refused:
        kind(bp.presets.xor(), views=views)
    assert str(refused.value).startswith(words)
