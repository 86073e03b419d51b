"""Whatever a function does, the answer is a report in plain words."""

# Every function under check has the same four parameters, whether it uses them or not.
# ruff: noqa: ARG001, ARG002, ARG005

from __future__ import annotations

import functools
import html.parser
import signal
import sys
import threading
import time

import numpy as np
import pytest

import bpviz as bp
from bpviz.checking import calling
from bpviz.checking.checker import check
from bpviz.checking.report import Report
from tests.checking import learners, mistaken_learners


def gradients(weights, biases, x, y):
    return learners.vectorised(weights, biases, x, y)


def assert_failed(report: Report, *words: str) -> None:
    assert report.passed is False
    assert report.first_difference is None
    assert report.mistakes == ()
    text = str(report)
    assert "Traceback" not in text
    for word in words:
        assert word in text, text


# What is no function


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "This is no function, but None."),
        (5, "This is no function, but an int, 5."),
        ("backward", "This is no function, but a str, 'backward'."),
        (([1], [2]), "without parentheses behind its name"),
        (bp.presets.three_two_one().network, "This is no function, but a Network"),
    ],
    ids=str,
)
def test_what_is_no_function(given, words):
    assert_failed(check(given), words)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda: None, "Your function takes nothing; it is called with four"),
        (lambda weights, x: None, "Your function takes weights, x; it is called with four"),
        (lambda a, b, c, d, e: None, "Your function takes a, b, c, d, e; it is called with four"),
        (lambda a, b, c, *, d: None, "called with four: weights, biases, x, y."),
    ],
)
def test_a_function_with_other_parameters(function, words):
    assert_failed(check(function), words, "def backward(weights, biases, x, y):")


def test_other_things_that_can_be_called_are_welcome():
    class Model:
        def backward(self, weights, biases, x, y, scale=1.0):
            return gradients(weights, biases, x, y)

        __call__ = backward

    assert check(Model().backward).passed
    assert check(Model()).passed
    assert check(functools.partial(Model().backward, scale=2.0)).passed
    assert check(lambda *arguments: gradients(*arguments)).passed


# What raises


def stops(weights, biases, x, y):
    hidden = weights[0] @ x
    return weights[0] @ hidden  # the line that fails


def test_an_exception_is_told_with_the_learners_own_line():
    report = check(stops, convention="column")
    line = stops.__code__.co_firstlineno + 2
    assert_failed(
        report,
        f"Your function stopped in line {line} of test_report.py, return weights[0] @ hidden",
        "ValueError: matmul",
        "Print the shapes of what goes into that line.",
    )


def test_the_line_is_the_learners_and_not_that_of_a_library():
    def function(weights, biases, x, y):
        return np.linalg.inv(weights[0])

    line = function.__code__.co_firstlineno + 1
    assert_failed(check(function), f"in line {line} of test_report.py, return np.linalg.inv")

    def through_bpviz(weights, biases, x, y):
        return bp.sigmoid("no number")

    line = through_bpviz.__code__.co_firstlineno + 1
    assert_failed(check(through_bpviz), f"in line {line} of test_report.py", "TypeError")


def test_the_line_of_a_cell_is_told_without_its_file_name():
    names: dict = {}
    exec(compile("def f(w, b, x, y):\n    return 1 / 0\n", "/tmp/ipykernel_1/2.py", "exec"), names)
    assert_failed(check(names["f"]), "stopped in line 2 of the cell. ZeroDivisionError")


def test_an_endless_recursion_is_told():
    def function(weights, biases, x, y):
        return function(weights, biases, x, y)

    assert_failed(check(function), "RecursionError", "call itself without an end?")


def test_exit_does_not_end_the_program():
    assert_failed(check(lambda w, b, x, y: sys.exit()), "ended the program with exit()")


def test_an_interruption_by_the_user_goes_through():
    def function(weights, biases, x, y):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(function)


def test_an_exception_in_a_later_draw_is_told_too():
    calls = []

    def function(weights, biases, x, y):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("third time")
        return gradients(weights, biases, x, y)

    assert_failed(check(function), "RuntimeError: third time")


# What never returns


def forever(weights, biases, x, y):
    while True:
        pass


def swallows(weights, biases, x, y):
    while True:
        try:  # noqa: SIM105
            sum(range(100))
        except BaseException:
            pass


def sleeps(weights, biases, x, y):
    time.sleep(60)


@pytest.mark.parametrize("function", [forever, swallows, sleeps])
def test_a_function_that_never_returns_is_ended(function):
    began = time.monotonic()
    report = check(function, seconds=0.2)
    assert time.monotonic() - began < 50
    assert_failed(report, "did not return within 0.2 seconds", "a loop that never ends?")


def test_the_alarm_of_others_goes_on_afterwards():
    rung = []
    before_handler = signal.signal(signal.SIGALRM, lambda *_: rung.append(time.monotonic()))
    left, interval = signal.setitimer(signal.ITIMER_REAL, 0.6)
    try:
        began = time.monotonic()
        check(forever, seconds=0.2)
        assert not rung
        while not rung and time.monotonic() - began < 50:
            time.sleep(0.01)
        assert rung[0] - began >= 0.5
    finally:
        signal.signal(signal.SIGALRM, before_handler)
        signal.setitimer(signal.ITIMER_REAL, left, interval)


def in_thread(function, **options):
    reports = []
    thread = threading.Thread(target=lambda: reports.append(check(function, **options)))
    thread.start()
    thread.join(60)
    return reports[0]


def running() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "a function under check"]


def test_in_another_thread_a_function_that_never_returns_is_ended_too():
    assert_failed(in_thread(forever, seconds=0.2), "did not return within 0.2 seconds")
    deadline = time.monotonic() + 50
    while running() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running()


def test_in_another_thread_all_else_is_the_same():
    assert in_thread(gradients).passed
    assert_failed(in_thread(stops), "ValueError: matmul")
    assert in_thread(mistaken_learners.error_sign_flipped).mistakes == ("error_sign_flipped",)


def test_without_signals_a_thread_is_used(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    assert_failed(check(forever, seconds=0.2), "did not return within 0.2 seconds")
    assert calling.call(lambda: 5, (), 1.0) == 5


# What returns something else


def returning(value):
    return lambda weights, biases, x, y: value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "Your function returned None."),
        (5.0, "Your function returned 5.0."),
        ((), "Your function returned 0 values."),
        ((1, 2, 3), "Your function returned 3 values."),
        ("gW1", "Your function returned 'gW1'."),
        ({}, "Your function returned an empty dict."),
        ({"dW1": 1}, "a dict with 'dW1', which is no register of this network."),
        ({1: 1}, "a dict with 1, which is no register"),
        ({"gW3": 1}, "The registers are x, y, W1, b1, W2, b2, a1, h1, s1, e1, d1"),
        ((1, 2), "The weight gradients that your function returned are 1."),
        (([1, 2], None), "The bias gradients that your function returned are None."),
        (([1], [1, 2]), "Your function returned 1 weight gradient; the network has 2 layers."),
        (([1, 2], [1, 2, 3]), "Your function returned 3 bias gradients; the network has 2 layers."),
    ],
    ids=str,
)
def test_what_cannot_be_gradients_is_told(value, words):
    assert_failed(check(returning(value)), words)


def test_gradients_of_the_last_layer_first_are_recognised():
    def function(weights, biases, x, y):
        gW, gb = gradients(weights, biases, x, y)
        return gW[::-1], gb[::-1]

    assert_failed(
        check(function), "the gradients of the last layer first", "weight_gradients[::-1]"
    )


def test_a_generator_and_a_coroutine_are_recognised():
    def generator(weights, biases, x, y):
        yield 1

    async def coroutine(weights, biases, x, y):
        return 1

    assert_failed(check(generator), "Your function has a yield in it", "Put return in the place")
    assert_failed(check(coroutine), "Your function is an async def.")


def changed(**registers):
    """Return a right function with some registers replaced."""

    def function(weights, biases, x, y):
        return {**learners.with_names(weights, biases, x, y), **registers}

    return function


@pytest.mark.parametrize(
    ("registers", "first", "words"),
    [
        ({"gW1": np.zeros((3, 3))}, "gW1", "Its shape is (3, 3); (2, 3) is needed."),
        ({"gb1": np.zeros(3)}, "gb1", "Its shape is (3,); (2,) is needed."),
        ({"h1": 5.0}, "h1", "Its shape is (); (2,) is needed."),
        ({"h2": np.zeros((1, 2))}, "h2", "Its shape is (1, 2); (1,) is needed."),
        ({"d1": [np.nan, 0.0]}, "d1", "d1[0] is NaN, not a number."),
        ({"d1": [0.0, np.inf]}, "d1", "d1[1] is infinite."),
        ({"loss": np.nan}, "loss", "loss is NaN, not a number."),
        ({"gW2": "zero"}, "gW2", "It holds no numbers, but 'zero'."),
        ({"gW2": [[1.0], [1.0, 2.0]]}, "gW2", "Its rows have different lengths."),
        ({"gW2": np.zeros((1, 2), dtype=complex)}, "gW2", "It holds complex numbers."),
        ({"gW2": print}, "gW2", "It holds no numbers, but <built-in function print>."),
    ],
    ids=str,
)
def test_wrong_shapes_and_what_is_no_number_are_told(registers, first, words):
    report = check(changed(**registers), convention="column")
    assert not report.passed
    assert report.first_difference == first
    assert words in " ".join(report.notes)
    assert report.difference is None
    assert "Traceback" not in str(report)


def test_an_untouched_none_is_no_failure_of_anybody():
    report = check(changed(d2=None), convention="column")
    assert (report.passed, report.untouched) == (False, True)
    assert report.summary == "Your turn: d2, the deltas of layer 2, ∂L/∂a, is still None."
    assert str(report).startswith("· Your turn")
    assert 'aria-label="Check: Your turn"' in report._repr_html_()
    earlier = check(changed(h1=np.zeros(2), d2=None), convention="column")
    assert (earlier.first_difference, earlier.untouched) == ("h1", False)


@pytest.mark.parametrize("name", ["x", "W1", "a1", "loss", "e2", "s2", "gb1", "uW1", "nW1", "nb2"])
def test_whatever_is_still_none_is_asked_for(name):
    report = check(changed(**{name: None}), convention="column", rule=bp.Rule(learning_rate=0.5))
    assert report.untouched
    assert report.summary.startswith(f"Your turn: {name}, ")
    assert report.hint(1).startswith("Put what you compute in the place of None. ")


def test_no_hint_has_an_open_place_in_its_words():
    report = check(changed(loss=0.0), convention="column")
    assert report.hint(2).endswith(" the squared distance between output and target.")


def test_gradients_of_each_sample_are_told_to_be_averaged():
    def function(weights, biases, X, Y):
        return {"gW1": np.zeros((len(X), 2, 3))}

    report = check(function, batch=True)
    assert "one gradient for each sample; average them over axis 0" in report.notes[0]


def test_a_register_that_comes_only_sometimes_is_a_difference():
    calls = []

    def function(weights, biases, x, y):
        registers = learners.with_names(weights, biases, x, y)
        calls.append(1)
        return registers if len(calls) % 2 else {"gW1": registers["gW1"]}

    report = check(function)
    assert not report.passed
    assert report.first_difference == "x"


def test_an_array_of_arrays_is_taken_for_a_list():
    def function(weights, biases, x, y):
        gW, gb = gradients(weights, biases, x, y)
        both = np.empty(2, dtype=object), np.empty(2, dtype=object)
        both[0][:], both[1][:] = gW, gb
        return both

    assert check(function).passed


# What changes its arguments


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda w, b, x, y: w[0].__isub__(1), "weights[0]"),
        (lambda w, b, x, y: b[1].__iadd__(1), "biases[1]"),
        (lambda w, b, x, y: x.__imul__(2), "x"),
        (lambda w, b, x, y: y.fill(0), "y"),
        (lambda w, b, x, y: w.reverse(), "weights[0]"),
        (lambda w, b, x, y: w.pop(), "weights"),
    ],
)
def test_a_function_that_changes_its_arguments_does_not_pass(change, words):
    def function(weights, biases, x, y):
        result = gradients(weights, biases, x, y)
        change(weights, biases, x, y)
        return result

    report = check(function)
    assert not report.passed
    assert report.first_difference is None
    assert report.summary == (
        f"The numbers are right, but your function changed what it was given: {words}."
    )
    assert "W = W - change" in report.hint(1)


def test_the_dirty_update_in_place_is_named_and_its_change_told():
    def function(weights, biases, x, y):
        h1, h2 = learners.lecture_forward(weights, biases, x)
        d2 = (h2 - y) * h2 * (1 - h2)
        gW2 = np.outer(d2, h1)
        weights[1] -= 0.5 * gW2
        d1 = weights[1].T @ d2 * h1 * (1 - h1)
        return [np.outer(d1, x), gW2], [d1, d2]

    report = check(function)
    assert report.mistakes == ("updated_weights_used",)
    assert report.notes == ("Your function changed what it was given: weights[1].",)


def test_the_caller_and_the_next_draw_are_safe_from_changes():
    network = bp.presets.three_two_one().network
    before = network.layers[0].weights.copy()
    check(changed(), network)

    def function(weights, biases, x, y):
        weights[0][:] = 0
        return gradients(weights, biases, x, y)

    check(function, network)
    assert np.array_equal(network.layers[0].weights, before)


# What the report looks like


PASSED = """\
✓ Right: gW2, gb2, gW1 and gb1 agree on 6 draws of the 3-2-1 network."""

FAILED = """\
✗ Not yet: the first to differ is gW2, the gradients of the weights of layer 2.
  gW2[0,0]:  yours 0.0160809,  right −0.0160809
  in draw 1 of 6, x = (0.5, 0.1, −0.2), y = (0.6)
  Hint 1: What leads to gW2 and was not returned is a1, h1, a2, h2, e2, s2 and d2. Return a dict \
with more of them, such as {"d2": …, "gW2": …}, to see which is the first to differ. Each of your \
numbers is −1 times the right one.
  More: .hint(2) and .hint(3) of this report; print(…) shows all."""

HINTS = """\
  Hint 2: e2 = h2 − y
        The derivative of the loss with respect to each output: output minus target.
  Hint 3: The sign of the error is flipped (error_sign_flipped): ∂L/∂h = h − y becomes y − h, \
and the weights still change by minus the gradient.
        How to notice it: The loss grows from the first update on."""


def test_the_report_in_a_terminal():
    assert repr(check(gradients)) == PASSED
    report = check(mistaken_learners.error_sign_flipped)
    assert repr(report) == FAILED
    assert HINTS in str(report)


def test_the_report_is_the_same_every_time():
    for function in (gradients, mistaken_learners.error_sign_flipped, stops):
        one, two = check(function), check(function)
        assert repr(one) == repr(two)
        assert str(one) == str(two)
        assert one._repr_html_() == two._repr_html_()


def test_the_levels_of_hints():
    report = check(mistaken_learners.error_sign_flipped)
    assert [report.hint(level) for level in (1, 2, 3)] == list(report.hints)
    assert report.hint() == report.hint(1)
    with pytest.raises(ValueError, match="level is 4; give 1 to 3"):
        report.hint(4)
    with pytest.raises(ValueError, match="this report has no hints"):
        check(gradients).hint(1)


class Page(html.parser.HTMLParser):
    """Checks that tags are closed, and collects them with the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, _attrs: list) -> None:
        self.open.append(tag)
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_in_a_notebook_opens_its_hints_one_by_one():
    report = check(mistaken_learners.error_sign_flipped)
    page = Page(report._repr_html_())
    assert page.tags.count("details") == page.tags.count("summary") == 3
    for part in (report.summary, "−0.0160809", *report.hints):
        assert part in page.text
    assert "var(--jp-" in report._repr_html_()
    assert " id=" not in report._repr_html_()
    assert Page(check(gradients)._repr_html_()).tags.count("details") == 0


def test_what_a_learner_writes_is_text_and_never_markup():
    def function(weights, biases, x, y):
        raise ValueError("<img src=x onerror=alert(1)>")

    for report in (check(function), check(returning({"<script>": 1})), check("<script>")):
        page = Page(report._repr_html_())
        assert not {"img", "script"} & set(page.tags)
        assert "<" in page.text


def test_the_right_update_can_be_stepped_through():
    report = check(mistaken_learners.error_sign_flipped)
    assert bp.StepPanel(report.trace).trace["gW2[0,0]"] == pytest.approx(-0.0160809, abs=1e-7)


# What the caller of check does wrong is an error


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"network": [3, 2, 1]}, TypeError, r"network is \[3, 2, 1\]; give a bpviz.Network, or"),
        ({"batch": 5}, TypeError, "batch is 5; give True or False"),
        ({"convention": "math"}, ValueError, "convention is 'math'; choose one of 'column', 'row'"),
        ({"rule": 0.5}, TypeError, "rule is 0.5; give a bpviz.Rule"),
        (
            {"rule": bp.Rule(mistakes=("batch_summed",))},
            ValueError,
            "rule has the mistakes batch_summed; what a function is compared with must be right",
        ),
        ({"seconds": 0}, ValueError, "seconds is 0; give a number above 0"),
        ({"seconds": "5"}, ValueError, "seconds is '5'; give a number above 0"),
    ],
    ids=str,
)
def test_errors_in_the_other_arguments(options, error, message):
    with pytest.raises(error, match=message):
        check(gradients, **options)


# How much it tells


def test_a_score_counts_the_right_registers_and_gives_nothing_else_away() -> None:
    def wrong(weights, biases, x, y):
        gw, gb = gradients(weights, biases, x, y)
        return [gw[0], 2 * gw[1]], gb

    report = check(wrong, feedback="score")
    assert report.passed is False
    assert str(report) == "✗ 3 of 4 registers are right."
    assert (report.right, report.hints, report.mistakes, report.trace) == ((), (), (), None)
    assert "gW2" not in report._repr_html_()
    assert str(check(gradients, feedback="score")) == "✓ 4 of 4 registers are right."


def test_in_an_exam_it_does_not_even_tell_whether_the_answer_is_right() -> None:
    def wrong(weights, biases, x, y):
        gw, gb = gradients(weights, biases, x, y)
        return [2 * w for w in gw], gb

    told = [check(function, feedback="none") for function in (gradients, wrong)]
    assert [report.passed for report in told] == [None, None]
    assert str(told[0]) == str(told[1])
    assert told[0]._repr_html_() == told[1]._repr_html_()
    assert str(told[0]) == "· Your answer was read: gW2, gb2, gW1, gb1. It is not marked here."


@pytest.mark.parametrize("feedback", ["none", "score", "hints", "full"])
def test_a_function_that_cannot_be_called_is_told_so_always(feedback: str) -> None:
    def broken(weights, biases, x, y):
        return weights[7]

    assert_failed(check(broken, feedback=feedback), "IndexError")


def test_numbers_that_are_right_do_not_pass_where_the_weights_were_changed() -> None:
    def careless(weights, biases, x, y):
        answer = gradients(weights, biases, x, y)
        weights[0] -= 1
        return answer

    report = check(careless, feedback="score")
    assert report.passed is False
    assert "4 of 4 registers are right. But your function changed" in str(report)


def test_all_hints_are_open_at_once_if_that_is_wanted() -> None:
    def wrong(weights, biases, x, y):
        gw, gb = gradients(weights, biases, x, y)
        return [2 * w for w in gw], gb

    report = check(wrong, feedback="full")
    assert repr(report) == str(report)
    assert all(f"Hint {level}" in repr(report) for level in (1, 2, 3))
    assert report._repr_html_().count("<details") == report._repr_html_().count(" open>") == 3


def test_feedback_is_one_of_four() -> None:
    with pytest.raises(ValueError, match=r"feedback is 'much'.*none"):
        check(gradients, feedback="much")
