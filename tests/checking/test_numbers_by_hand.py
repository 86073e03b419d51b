"""A number that a learner has computed by hand."""

import pytest

import bpviz as bp

EXAMPLE = bp.presets.three_two_one()
TRACE = bp.backprop(EXAMPLE.network, EXAMPLE.inputs[0], EXAMPLE.targets[0], EXAMPLE.rule)


@pytest.mark.parametrize(
    ("ref", "mine", "words"),
    [
        ("h1[1]", None, "· Your turn: put your number for h1[1] in the place of None."),
        ("h1[1]", 0.387, "✓ Right: h1[1] is 0.387."),
        ("h1[1]", 0.388, "✓ Right: h1[1] is 0.387."),  # three digits are enough
        ("h1[1]", 0.613, "✗ Not yet: h1[1] is not 0.613; it is 1 minus the right one"),
        ("h1[1]", "0,387", "✗ Not yet: h1[1] is '0,387', not a number; write it with a point"),
        ("h1[1]", "0.387", "h1[1] is '0.387', not a number; write it without quotation marks"),
        ("h1[1]", float("nan"), "✗ Not yet: h1[1] is nan, not a number"),
        ("gW1[1,2]", 0.000409, "the size is right, the sign is not"),
        ("d1[1]", 0.00862, "it comes out if the derivative is missing in the hidden deltas"),
        ("d2[0]", -0.115, "it comes out if the derivative is missing in the output's delta"),
        ("gW2[0,0]", -0.0287, "that is d2[0] (deltas of layer 2, ∂L/∂a)."),
        ("d2[0]", 17, "compute it once more, step by step"),
        ("nW2[0,0]", 0.092, "the sign of the error is flipped, or if the gradient is added"),
    ],
)
def test_it_is_told_what_it_is(ref, mine, words):
    assert words in str(bp.check_number(TRACE, ref, mine))


def test_the_outcome_can_be_asked_for():
    assert bp.check_number(TRACE, "a1[0]", 0.24).passed
    assert bp.check_number(TRACE, "a1[0]", None).untouched
    assert bp.check_number(TRACE, "d1[1]", 0.00862).mistakes == ("hidden_derivative_missing",)


def test_one_number_is_asked_for():
    with pytest.raises(ValueError, match='ref is "d1", several numbers; give one of them'):
        bp.check_number(TRACE, "d1", 0.1)
    with pytest.raises(ValueError, match=r'ref is "W1", .* such as "W1\[0,0\]"'):
        bp.check_number(TRACE, "W1", 0.1)
    with pytest.raises(ValueError, match='ref is "x\\[0\\]", which is given, not computed'):
        bp.check_number(TRACE, "x[0]", 0.1)
    with pytest.raises(TypeError, match="trace is 5; give a Trace"):
        bp.check_number(5, "d1[0]", 0.1)


def test_as_much_is_told_as_is_wanted():
    def told(mine, feedback):
        return str(bp.check_number(TRACE, "d1[1]", mine, feedback=feedback))

    wrong, right = 0.00862, 0.002045
    assert told(wrong, "hints") == str(bp.check_number(TRACE, "d1[1]", wrong))
    assert told(wrong, "full") == (
        f"{told(wrong, 'hints')}\n  What to do: d1[1] = e1[1] · s1[1] = 0.002045"
    )
    spaced = bp.check_number(TRACE, "gW1[1, 2]", 7, feedback="full")
    assert spaced.hints == ("gW1[1, 2] = d1[1] · x[2] = −0.0004089",)
    assert told(right, "full") == told(right, "hints") == "✓ Right: d1[1] is 0.002045."
    assert (told(wrong, "score"), told(right, "score")) == (
        "✗ d1[1] is not right.",
        "✓ d1[1] is right.",
    )
    assert told(wrong, "none") == told(right, "none")
    assert told(wrong, "none") == "· Your number was read: d1[1]. It is not marked here."
    assert bp.check_number(TRACE, "d1[1]", right, feedback="none").passed is None
    assert bp.check_number(TRACE, "d1[1]", wrong, feedback="score").mistakes == ()


@pytest.mark.parametrize("feedback", ["none", "score", "hints", "full"])
def test_what_is_no_number_is_told_always(feedback):
    assert bp.check_number(TRACE, "d1[1]", None, feedback=feedback).untouched
    assert "not a number" in str(bp.check_number(TRACE, "d1[1]", "half", feedback=feedback))


def test_feedback_is_one_of_four():
    with pytest.raises(ValueError, match=r"feedback is 'much'.*none"):
        bp.check_number(TRACE, "d1[1]", 0.1, feedback="much")
