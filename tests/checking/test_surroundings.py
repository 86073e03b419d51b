"""What a function prints is shown once, and what it changes around it is put back."""

# Every function under check has the same four parameters, whether it uses them or not.
# ruff: noqa: ARG001, ARG005, T201

from __future__ import annotations

import random
import sys
import threading
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot as plt

from bpviz.checking.checker import check
from tests.checking import learners


def saying(say, gradients=learners.vectorised):
    calls = []

    def function(weights, biases, x, y):
        calls.append(1)
        say(len(calls), x)
        return gradients(weights, biases, x, y)

    return function


def test_what_a_right_function_prints_is_shown_once(capsys):
    assert check(saying(lambda call, x: print("x is", x))).passed
    assert capsys.readouterr().out == "x is [ 0.5  0.1 -0.2]\n"


def test_both_streams_are_shown_in_order(capsys):
    def say(call, x):
        print("one")
        print("two", file=sys.stderr)
        sys.stdout.write("three\n")

    check(saying(say))
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("one\nthree\n", "two\n")


def test_the_prints_shown_are_those_of_the_draw_that_the_report_tells_of(capsys):
    def late(weights, biases, x, y):
        gW, gb = learners.vectorised(weights, biases, x, y)
        return (gW, gb) if x[0] == 0.5 else ([2 * g for g in gW], gb)

    report = check(saying(lambda call, x: print(*x), late))
    assert "in draw 2 of 6" in report.difference.where
    printed = capsys.readouterr().out.split()
    assert report.trace["x[0]"] == float(printed[0])
    assert len(printed) == 3


def test_the_prints_before_an_exception_are_those_of_its_call(capsys):
    def say(call, x):
        print("call", call)
        if call == 3:
            raise RuntimeError("third time")

    assert "third time" in check(saying(say)).summary
    assert capsys.readouterr().out == "call 3\n"


def test_an_endless_print_is_cut(capsys):
    def function(weights, biases, x, y):
        while True:
            print("again")

    check(function, seconds=0.2)
    shown = capsys.readouterr().out
    assert len(shown) < 21_000
    assert shown.endswith("(the rest of what your function printed is left out)\n")


def test_what_another_thread_prints_meanwhile_is_not_kept_back(capsys):
    go, gone = threading.Event(), threading.Event()

    def other():
        go.wait(10)
        print("from another thread")
        gone.set()

    thread = threading.Thread(target=other)
    thread.start()

    def say(call, x):
        go.set()
        gone.wait(10)

    check(saying(say))
    thread.join()
    assert capsys.readouterr().out == "from another thread\n"


def test_in_another_thread_prints_are_shown_once_too(capsys):
    function = saying(lambda call, x: print("hello"))
    thread = threading.Thread(target=lambda: check(function))
    thread.start()
    thread.join()
    assert capsys.readouterr().out == "hello\n"


def test_what_is_displayed_is_displayed_once():
    from IPython.display import display

    shell = InteractiveShell.instance()
    published = []
    shell.display_pub.publish = lambda data, *_args, **_options: published.append(data)
    try:
        check(saying(lambda call, x: display({"x": 1})))
    finally:
        InteractiveShell.clear_instance()
    assert published == [{"text/plain": "{'x': 1}"}]


def surroundings():
    return {
        "errors": np.geterr(),
        "call": np.geterrcall(),
        "print": np.get_printoptions(),
        "random": random.getstate(),
        "numpy random": str(np.random.get_state()),
        "filters": list(warnings.filters),
        "streams": (sys.stdout, sys.stderr),
        "settings": dict(mpl.rcParams),
        "figures": plt.get_fignums(),
    }


def change_everything(call, x):
    np.seterr(all="raise")
    np.seterrcall(lambda *_: None)
    np.set_printoptions(precision=1, threshold=1, suppress=True)
    np.random.seed(5)
    random.seed(5)
    warnings.simplefilter("ignore")
    warnings.filterwarnings("error", message="x")
    mpl.rcParams["lines.linewidth"] = 17
    plt.style.use("dark_background")
    plt.figure()
    plt.plot([1, 2])
    sys.stdout = None


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("threaded", [False, True])
def test_nothing_that_a_function_changes_around_it_leaks(fails, threaded):
    figure = plt.figure()
    plt.figure()
    plt.figure(figure.number)

    def say(call, x):
        change_everything(call, x)
        if fails:
            raise RuntimeError

    before = surroundings()
    reports = []
    thread = threading.Thread(target=lambda: reports.append(check(saying(say))))
    if threaded:
        thread.start()
        thread.join()
    else:
        thread.run()
    after = surroundings()
    assert reports[0].passed is not fails
    assert {name for name in before if before[name] != after[name]} == set()
    assert plt.gcf() is figure
    plt.close("all")


def test_what_one_call_sets_does_not_reach_the_next():
    """With all errors raised, an underflow in the second call would end it."""

    def say(call, x):
        assert np.geterr()["under"] == "ignore"
        np.seterr(all="raise")

    assert check(saying(say)).passed
