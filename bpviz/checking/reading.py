"""Reading what a learner's function returned: which registers, in which shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bpviz.checking.foreign import Taken
from bpviz.core.arguments import Array
from bpviz.core.formula.expression import Ref
from bpviz.core.update.tape import Layout, Register
from bpviz.explain.formula_code import ROW
from bpviz.explain.numpy_code import is_stored_transposed


@dataclass
class Answer:
    """What a function returned for one draw.

    Attributes
    ----------
    numbers : dict
        From a register to its numbers, in the shape of the tape.
    troubles : dict
        From a register to why its numbers cannot be compared.
    stretched : dict
        Numbers of the wrong shape that NumPy would stretch to the right one.
    turned, straight : set of str
        The matrices that came transposed, and those that did not; a square one may be either,
        and a vector is neither.
    samples_last : set of str
        The registers whose samples came as columns.
    mean_loss : bool
        Whether the loss of a batch came as one number, the mean.
    """

    numbers: dict[str, Array] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    stretched: dict[str, Array] = field(default_factory=dict)
    turned: set[str] = field(default_factory=set)
    straight: set[str] = field(default_factory=set)
    samples_last: set[str] = field(default_factory=set)
    mean_loss: bool = False


def read(parts: Mapping[str, Taken], layout: Layout, convention: str, batch: bool) -> Answer:
    """Return the registers that a function returned, in the shapes of the tape.

    Parameters
    ----------
    parts : mapping
        From registers to what was returned for them.
    layout : Layout
        The shapes of the registers.
    convention : str
        "column" or "row": how the weights were given, and so how gradients are expected.
    batch : bool
        Whether several samples were given.
    """
    answer = Answer()
    for name in layout.registers:  # in one order, whatever the order of the dict
        if name in parts:
            _read_register(answer, layout.register(name), parts[name], convention, batch)
    return answer


def _read_register(
    answer: Answer, register: Register, part: Taken, convention: str, batch: bool
) -> None:
    name = register.name
    array = part.numbers
    if isinstance(array, str):
        answer.troubles[name] = array
        return
    expected = register.shape if batch and register.per_sample else register.entry_shape
    transposed = convention == ROW and is_stored_transposed(name)
    given = expected[::-1] if transposed else expected
    fitted = _fitted(answer, name, array, given, per_sample=batch and register.per_sample)
    if fitted is None and name == "loss" and array.size == 1:
        fitted = np.full(expected, array.reshape(()))
        answer.mean_loss = True
    if fitted is None:
        answer.troubles[name] = _wrong_shape(array, given, register, batch)
        answer.stretched |= _stretched(name, array, given, register, transposed)
        return
    if not np.isfinite(fitted).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(fitted))[0])
        at = str(Ref(name, place))
        what = "NaN, not a number" if np.isnan(fitted[place]) else "infinite"
        answer.troubles[name] = (
            f"{at} is {what}. A division by 0, the logarithm of 0 or an overflowing exponential "
            "may be behind it."
        )
        return
    answer.numbers[name] = (fitted.T if transposed else fitted).reshape(register.shape)


def _fitted(
    answer: Answer, name: str, array: Array, given: tuple[int, ...], per_sample: bool
) -> Array | None:
    """Return an array in the shape that was asked for, if it differs in no more than a turn."""
    matrix = len(given) == 2 and not per_sample
    if array.shape == given:
        if matrix and given[0] != given[1]:
            answer.straight.add(name)
        return array
    if len(given) == 2 and array.shape == given[::-1]:
        if matrix:
            answer.turned.add(name)
        elif per_sample:
            answer.samples_last.add(name)
        return array.T
    flat_given = sum(length > 1 for length in given) <= 1
    flat = sum(length > 1 for length in array.shape) <= 1
    return array.reshape(given) if flat and flat_given and array.size == np.prod(given) else None


def _stretched(
    name: str, array: Array, given: tuple[int, ...], register: Register, transposed: bool
) -> dict[str, Array]:
    try:
        wide = np.broadcast_to(array, given)
    except ValueError:
        return {}
    return {name: (wide.T if transposed else wide).reshape(register.shape)}


def _wrong_shape(array: Array, given: tuple[int, ...], register: Register, batch: bool) -> str:
    text = f"Its shape is {array.shape}; {given} is needed."
    if batch and not register.per_sample and array.shape[1:] == given:
        return f"{text} It seems to hold one gradient for each sample; average them over axis 0."
    if batch and register.name.startswith("gb") and array.ndim == 1:
        return f"{text} A bias gradient has one number for each unit, not for each sample."
    return text
