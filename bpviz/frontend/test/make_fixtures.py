"""Write the programs, frames and step lists that the front end's tests compare with.

Run it after a change of `bpviz.explain`: `python bpviz/frontend/test/make_fixtures.py`.
`tests/test_fixtures.py` fails until then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import bpviz as bp
from bpviz.core.gradient_check import GradientCheck
from bpviz.core.operations.optimizers import OptimizerLine, Parameter
from bpviz.core.operations.quantities import RATE
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace
from bpviz.explain.listing import listing_json, script
from bpviz.explain.numbers import number_text, told_apart
from bpviz.explain.numpy_code import CONVENTIONS
from bpviz.explain.other_rules import names_of, variants_json
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from bpviz.explain.wrong_answers import WrongAnswers
from bpviz.formula import a, h, maximum, minimum, tanh, y
from bpviz.panels.known_words import known_words

FOLDER = Path(__file__).parent / "fixtures"
KNOWN = FOLDER.parents[1] / "extension" / "mistakes.json"
EPOCHS = 40
NUMBERS: tuple[float, ...] = (
    *(0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1 / 3, -0.15135720829769789, 4.983683526, -2.5e12),
    # Ties, which float64 holds exactly, and their neighbours.
    *(0.15625, -0.15625, 0.15624999999999997, 0.15625000000000003, 0.5, 1.5, 2.5, -2.5, 3.5),
    *(0.125, 0.375, 1.0625, 10.3125, 1234.5, 1235.5, 12345.5, 2.0**-12, 3 * 2.0**-14, 1.00005),
    # What a power of ten stands before or behind.
    *(1e-4, 9.9999e-5, 9.99995e-5, 9.999e-5, 1e-5, 99999.5, 999999.0, 999999.4, 999999.5, 1e6),
    *(9995.0, 9999.5, 99950.0, 999500.0, 1234567.0, 1e15, 1e21, 1e22, 123456.7, 12345.0),
    # The ends of float64: subnormal, smallest normal, largest.
    *(5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e308),
    *(float("inf"), float("-inf"), float("nan")),
)
DIGITS = (1, 2, 3, 4, 6, 7, 9, 17)
PAIRS = (
    *((0.1, 0.1), (0.1, 0.09993), (0.1, 0.10004), (-0.6, -0.60051), (0.5, -0.25), (1.0, 0.0)),
    *((0.1, 0.1 + 1e-12), (1.0, 1.0 + 2.0**-52), (1e-7, 1.00001e-7), (9e-5, 1.1e-4)),
    *((12345.0, 12346.0), (12345.25, 12345.5), (1e6, 1e6 + 1), (999999.0, 1e6), (0.0, 5e-324)),
    *((0.15625, 0.15626), (float("inf"), 1.0), (float("nan"), float("nan")), (-1 / 3, 1 / 3)),
    *((0.0238595, 0.1238595), (-1.87485094, -0.93742547), (0.07418, 0.107418), (3.0, 1.23456)),
)
COUNTS = (0, 1, 12, 999, 1000, 1001, 12345, 406764, 1234567, 10**12, -12345)


@dataclass(frozen=True)
class Case:
    """A network with a rule and a few updates."""

    title: str
    network: bp.Network
    rule: Rule
    inputs: np.ndarray
    targets: np.ndarray
    batch: bool = False


@dataclass(frozen=True, repr=False)
class Damped(bp.Optimizer):
    """An optimiser that no part of bpviz knows: gradients, smoothed."""

    @property
    def carries(self) -> Mapping[str, str]:
        """Return what goes from update to update."""
        return {"q": "smoothed gradient"}

    def lines(self, parameter: Parameter) -> Iterator[OptimizerLine]:
        """Yield the smoothed gradient, and the change."""
        smoothed, change = parameter.after("q"), parameter.made("u")
        mean = (parameter.before("q") + parameter.gradient) / 2.0
        yield OptimizerLine(smoothed, mean, "the mean of old and new")
        yield OptimizerLine(change, RATE * smoothed, "learning rate times smoothed gradient")


def cases() -> dict[str, Case]:
    """Return the cases by the names of their files."""
    lecture, xor = bp.presets.three_two_one(), bp.presets.xor()
    softmax = bp.Network.random(
        [4, 4, 3], activations=["tanh", "softmax"], loss="cross_entropy", seed=2
    )
    coupled = bp.Network.random([2, 3, 2], activations=["softmax", "sigmoid"], seed=3)
    deep = bp.Network.random([16, 32, 16, 4], activations=["relu", "tanh", "identity"], seed=4)
    gelu = bp.Activation("gelu", 0.5 * a * (1 + tanh(0.7978845608 * (a + 0.044715 * a**3))))
    functions = bp.Network.random(
        [2, 2, 2, 2, 2, 2], ["leaky_relu", "softplus", "silu", gelu, "sigmoid"], 6, "huber"
    )
    relu6 = bp.Activation("relu6", minimum(6, maximum(0, a)))
    shares = bp.Activation("shares", bp.softmax.formula, bp.softmax.derivative_formula)
    absolute = bp.Loss("absolute", maximum(h - y, y - h), title="absolute error")
    kinked = bp.Network(
        [
            bp.Layer([[3.0], [0.5]], [0.0, 1.0], relu6),
            bp.Layer([[0.25, -0.5], [-0.125, 0.25]], [0.5, 0.0], shares),
            bp.Layer([[1.0, -2.0]], [0.5], "identity"),
        ],
        absolute,
    )
    logistic = bp.Network.random([2, 2, 2], ["tanh", "sigmoid"], 7, "binary_cross_entropy")
    random = np.random.default_rng(5)
    return {
        "three_two_one": Case(
            lecture.title, lecture.network, lecture.rule, lecture.inputs, lecture.targets
        ),
        "xor": Case(xor.title, xor.network, xor.rule, xor.inputs, xor.targets),
        "xor_corrected": Case(xor.title, xor.network, xor.corrected, xor.inputs, xor.targets),
        "softmax": Case(
            "4-4-3 softmax network", softmax, Rule(0.1), random.normal(size=(2, 4)), np.eye(3)[:2]
        ),
        "one_layer": Case(
            "2-3 softmax network",
            bp.Network.random([2, 3], ["softmax"], 8, "cross_entropy"),
            Rule(0.1),
            np.array([[0.8, 0.2]]),
            np.eye(3)[1:2],
        ),
        "coupled": Case(
            "2-3-2 network with softmax inside",
            coupled,
            Rule(0.1, update="dirty"),
            random.normal(size=(1, 2)),
            random.normal(size=(1, 2)),
        ),
        "kinked": Case(
            "1-2-2-1 network at kinks of functions and a loss of one's own",
            kinked,
            Rule(0.1),
            np.array([[2.0], [1.0]]),
            np.array([[1.0], kinked.predict([1.0])]),
        ),
        "batch": Case(
            "2-2-1 network, all samples at once",
            xor.network,
            xor.corrected,
            xor.inputs,
            xor.targets,
            batch=True,
        ),
        "wide": Case(
            "16-32-16-4 network",
            deep,
            Rule(0.05),
            random.normal(size=(1, 16)),
            random.normal(size=(1, 4)),
        ),
        "functions": Case(
            "2-2-2-2-2-2 network with many functions",
            functions,
            Rule(0.1),
            random.normal(size=(1, 2)),
            2 * random.normal(size=(1, 2)),
        ),
        "logistic": Case(
            "2-2-2 network with binary cross-entropy",
            logistic,
            Rule(0.1),
            random.normal(size=(1, 2)),
            np.array([[1.0, 0.0]]),
        ),
        "damped": Case(
            "2-1 network with an optimiser of one's own",
            bp.Network.random([2, 1], ["tanh"], 8),
            Rule(0.1, optimizer=Damped()),
            random.normal(size=(1, 2)),
            random.normal(size=(1, 1)),
        ),
    }


def frames_of(case: Case) -> list[Trace]:
    """Return one trace for each sample, or one of the whole batch."""
    if case.batch:
        return [bp.backprop(case.network, case.inputs, case.targets, case.rule)]
    return [
        bp.backprop(case.network, x, y, case.rule)
        for x, y in zip(case.inputs, case.targets, strict=True)
    ]


def fixture(name: str, case: Case) -> dict[str, object]:
    """Return a case as the panels get it, with the steps that Python makes of it."""
    samples = len(case.inputs) if case.batch else 1
    program = Program(case.network, case.rule, samples)
    traces = frames_of(case)
    data: dict[str, object] = {
        "program": {"title": case.title, **program.to_json(), "listing": listing_json(program)},
        "frames": [trace.row.tolist() for trace in traces],
        "names": [
            f"sample {n + 1}: x = {_vector(x)}, y = {_vector(y)}"
            for n, (x, y) in enumerate(zip(case.inputs, case.targets, strict=True))
        ],
    }
    if name != "wide":
        data["checks"] = [
            [row.ref, row.analytic, row.numerical, row.note]
            for row in GradientCheck(traces[0]).rows
        ]
        data["scripts"] = {vectors: script(traces[0], vectors) for vectors in CONVENTIONS}
        data["steps"] = {
            depth: [
                {
                    "writes": step.writes,
                    "reads": step.reads,
                    "words": step.words(None if case.batch else traces[0]),
                    "code": step.code,
                }
                for step in program.steps(depth)
            ]
            for depth in DEPTHS
        }
    data["counts"] = {depth: len(program.steps(depth)) for depth in DEPTHS}
    return data


def _vector(numbers: np.ndarray) -> str:
    texts = [f"{number:.4g}".replace("-", "−") for number in numbers]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def run() -> dict[str, object]:
    """Return a short run of XOR: all its frames and its losses."""
    example = bp.presets.xor()
    history = bp.train(
        example.network, example.inputs, example.targets, example.rule, epochs=EPOCHS
    )
    updates = len(example.inputs)
    return {
        "frames": [
            history.trace(epoch, update).row.tolist()
            for epoch in range(EPOCHS)
            for update in range(updates)
        ],
        "losses": list(history.rmse),
        "updates_per_epoch": updates,
    }


def predictions() -> dict[str, object]:
    """Return the questions of a panel of each way to ask, on the first lecture and on XOR."""
    predict = {"h1[0]": "number", "e2": "sign", "d1[0]": "inputs", "d1[1]": "number"}
    return {
        "mixed": bp.StepPanel(bp.presets.three_two_one(), predict=predict)._questions,
        "each": bp.StepPanel(bp.presets.xor(), predict=["h1[1]", "d1"])._questions,
        "fading": bp.StepPanel(bp.presets.xor(), predict="fading")._questions,
        "whole": bp.StepPanel(bp.presets.three_two_one(), perform=True)._questions,
        "dirty": bp.StepPanel(bp.presets.xor(), perform=True, score="end")._questions,
    }


def wrong_answers() -> dict[str, object]:
    """Return what other rules compute otherwise, and the wrong numbers that come of it.

    They are those of the first entry of each register, for each frame of a case.
    """
    found = {}
    for name in ("three_two_one", "xor", "softmax", "coupled", "batch", "logistic"):
        case = cases()[name]
        traces = frames_of(case)
        program = Program(case.network, case.rule, traces[0].layout.samples)
        written = {operation.writes for operation in program.operations}
        variants = variants_json(program, written)
        sent = names_of(variants)
        refs = [_first_entry(program, operation.writes) for operation in program.operations]
        found[name] = {
            "variants": variants,
            "wrong": [
                {
                    ref: [
                        [one.value, list(one.mistakes), one.slip]
                        for one in WrongAnswers(trace).of(ref)
                        if one.is_among(sent)
                    ]
                    for ref in refs
                }
                for trace in traces
            ],
        }
    return found


def _first_entry(program: Program, register: str) -> str:
    axes = len(program.layout.register(register).entry_shape)
    return f"{register}[{','.join('0' * axes)}]" if axes else register


def numbers() -> dict[str, object]:
    """Return numbers as text: the value, the digits, and what Python writes.

    JSON knows no NaN and no infinity, so values are text, too.
    """
    return {
        "numbers": [
            [repr(value), digits, number_text(value, digits)]
            for value in NUMBERS
            for digits in DIGITS
        ],
        "pairs": [
            [repr(old), repr(new), digits, list(told_apart(old, new, digits))]
            for old, new in PAIRS
            for digits in (2, 4, 7)
        ],
        "counts": [[count, f"{count:,}".replace("-", "−")] for count in COUNTS],
    }


def fixtures() -> dict[str, object]:
    """Return the data of every file, by the file's name."""
    files: dict[str, object] = {
        "numbers.json": numbers(),
        "predictions.json": predictions(),
        "run.json": run(),
        "wrong_answers.json": wrong_answers(),
    }
    for name, case in cases().items():
        files[f"{name}.json"] = fixture(name, case)
    return files


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    words = json.dumps(known_words(), ensure_ascii=False, indent=2)
    KNOWN.write_text(words + "\n", encoding="utf-8")
    for name, data in fixtures().items():
        text = json.dumps(data, ensure_ascii=False)
        (FOLDER / name).write_text(text + "\n", encoding="utf-8")
