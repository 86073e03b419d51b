"""What browsers compute of updates is what Python computes.

Each engine has an `exp`, a `log` and a `tanh` of its own, whose last digits may differ; Node has
those of Chromium, so that tests in Node say nothing of the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Page

import bpviz as bp
from tests.core.mistaken import X, Y, classifier, coupled, deep
from tests.explain.front_end import built
from tests.explain.test_evaluated_in_the_browser import OPTIMIZERS, check, check_run, evaluating

AGGREGATES = [0.0, 1e-3, 0.3, -0.9, 2.0, -5.0, 15.0, -36.0, 800.0, -800.0]
"""From where functions are nearly straight to where `exp` overflows."""
KINDS = [
    *[(name, "squared_error") for name in ("sigmoid", "tanh", "softmax", "softplus", "silu")],
    *[("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")],
]
RULE = bp.Rule(0.1)


def check_numbers(evaluate: Callable[[str], Any]) -> None:
    """Compare every number of updates of many kinds, in a page that evaluates JavaScript."""
    script = built("computed.ts", "--format=iife", "--global-name=updates", "--minify")

    def ask(update: Any) -> str:
        answer = f"updates.computed({json.dumps(update)})"
        return str(evaluate(f"(() => {{ {script} return {answer}; }})()"))

    compute = evaluating(ask)
    for activation, loss in KINDS:
        layer = bp.Layer([[aggregate] for aggregate in AGGREGATES], activation=activation)
        check(compute, bp.Network([layer], loss), [1.0], np.eye(len(AGGREGATES))[4], RULE)
    for network in (deep(), classifier(), coupled()):
        check(compute, network, X, Y / Y.sum(axis=1, keepdims=True), RULE)
    for optimizer in OPTIMIZERS:
        check_run(compute, bp.Rule(0.1, optimizer=optimizer))


def test_chromium_computes_what_python_computes(offline_page: Page) -> None:
    check_numbers(offline_page.evaluate)
