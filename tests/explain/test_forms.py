"""The programs that a page makes of forms are those that Python makes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import bpviz as bp
from bpviz.explain.forms import forms_json
from bpviz.explain.listing import listing_json
from bpviz.explain.program import Program, mistake_words
from tests.core.mistaken import classifier, compatible, coupled, deep, of_ones_own
from tests.explain.front_end import answering

OPTIMIZERS = (bp.SGD(), bp.Adam())
NETWORKS = {
    "deep": deep(),
    "classifier": classifier(),
    "coupled": coupled(),
    "xor": bp.presets.xor().network,
    "one unit": bp.Network([bp.Layer([[0.3, 0.4]], [0.1], "tanh")]),
}

Make = Callable[[dict[str, Any]], list[dict[str, Any] | None]]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    with answering("programs.ts", tmp_path_factory.mktemp("programs")) as ask:
        yield lambda request: json.loads(ask(request))


def plain(program: Program) -> dict[str, Any]:
    made = {**program.to_json(), "listing": listing_json(program)}
    return json.loads(json.dumps(made))


def under(network: bp.Network, rules: list[bp.Rule], samples: int) -> dict[str, Any]:
    """Return a request for the programs under some rules."""
    return {
        "forms": forms_json(network, sorted({1, samples}), OPTIMIZERS),
        "like": plain(Program(network)),
        "known": [{"name": name, **mistake_words(name)} for name in bp.mistakes],
        "samples": samples,
        "wanted": [
            {
                "update": rule.update,
                "train_biases": rule.train_biases,
                "mistakes": rule.mistakes,
                "optimizer": repr(rule.optimizer),
            }
            for rule in rules
        ],
    }


def any_rules(count: int, seed: int) -> list[bp.Rule]:
    drawn = random.Random(seed)
    rules = [bp.Rule(0.5, mistakes=(name,)) for name in drawn.sample(list(bp.mistakes), 12)]
    while len(rules) < count:
        names = tuple(drawn.sample(list(bp.mistakes), drawn.randint(0, 5)))
        if compatible(names):
            update, biases = drawn.choice(["simultaneous", "dirty"]), drawn.random() < 0.7
            rules.append(bp.Rule(0.5, update, biases, names, drawn.choice(OPTIMIZERS)))
    return rules


@pytest.mark.parametrize(
    ("name", "samples"),
    [("deep", 1), ("deep", 2), ("classifier", 2), ("coupled", 1), ("xor", 1), ("one unit", 3)],
)
def test_a_page_makes_the_program_of_any_switches(make: Make, name: str, samples: int) -> None:
    network, rules = NETWORKS[name], any_rules(40, len(name) + samples)
    for rule, program in zip(rules, make(under(network, rules, samples)), strict=True):
        assert program == plain(Program(network, rule, samples)), rule


def test_what_nobody_knows_the_forms_of_is_not_made(make: Make) -> None:
    request = under(NETWORKS["xor"], [bp.Rule()], 1)
    assert make({**request, "samples": 7}) == [None]
    assert make({**request, "wanted": [{**request["wanted"][0], "optimizer": "SGD()"}]}) != [None]


def test_a_mistake_from_outside_has_forms_like_any_other(make: Make) -> None:
    def alters(operation, _):
        return 0.5 * operation.formula if operation.quantity == "gW" else None

    with of_ones_own("gradient_halved", alters) as halved:
        network = NETWORKS["xor"]
        rules = [bp.Rule(mistakes=names) for names in (
            (halved,), (halved, "gradients_accumulated"),
        )]  # fmt: skip
        made = make(under(network, rules, 1))
        assert made == [plain(Program(network, rule)) for rule in rules]
