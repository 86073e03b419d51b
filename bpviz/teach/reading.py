"""Reading what a learner's function returned: which registers, in which shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpviz.core.checks import Array, shortened
from bpviz.core.tape import Layout, Register
from bpviz.explain.numpy_code import ROW, STORED_TRANSPOSED
from bpviz.teach.calling import Failure

WANTED = (
    "Return two lists, return weight_gradients, bias_gradients, with an array for each layer, or "
    'a dict of registers by name, such as {"d1": …, "gW1": …}.'
)


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
        The matrices that came transposed, and those that did not; a square one may be either.
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


def read(returned: Any, layout: Layout, convention: str, batch: bool) -> Answer | Failure:
    """Return the registers that a function returned, or why there are none.

    Parameters
    ----------
    returned : object
        Two lists of gradients, or a dict of registers.
    layout : Layout
        The shapes of the registers.
    convention : str
        "column" or "row": how the weights were given, and so how gradients are expected.
    batch : bool
        Whether several samples were given.
    """
    named = _by_name(returned, layout)
    if isinstance(named, Failure):
        return named
    answer = Answer()
    for name in layout.registers:  # in one order, whatever the order of the dict
        if name in named:
            _read_register(answer, layout.register(name), named[name], convention, batch)
    return answer


def _by_name(returned: Any, layout: Layout) -> dict[str, Any] | Failure:
    if returned is None:
        return Failure("Your function returned None.", f"Does it end with a return? {WANTED}")
    if isinstance(returned, Mapping):
        return _from_dict(returned, layout)
    if isinstance(returned, (tuple, list)) and len(returned) == 2:
        return _from_lists(returned[0], returned[1], layout)
    if isinstance(returned, (tuple, list)):
        return Failure(f"Your function returned {_count(len(returned), 'value')}.", WANTED)
    return Failure(f"Your function returned {shortened(returned)}.", WANTED)


def _from_dict(returned: Mapping[Any, Any], layout: Layout) -> dict[str, Any] | Failure:
    known = [name for name in layout.registers if name[0] != "p"]
    unknown = [key for key in returned if key not in known]
    if unknown:
        return Failure(
            f"Your function returned a dict with {', '.join(map(shortened, unknown))}, which is no "
            "register of this network.",
            f"The registers are {', '.join(known)}.",
        )
    if not returned:
        return Failure("Your function returned an empty dict.", WANTED)
    return {str(name): value for name, value in returned.items()}


def _from_lists(weights: Any, biases: Any, layout: Layout) -> dict[str, Any] | Failure:
    named: dict[str, Any] = {}
    for what, letter, values in (("weight", "W", weights), ("bias", "b", biases)):
        if values is None or not isinstance(values, (list, tuple, np.ndarray)):
            return Failure(
                f"The {what} gradients that your function returned are {shortened(values)}.", WANTED
            )
        if len(values) != layout.layers or (isinstance(values, np.ndarray) and values.ndim == 0):
            return Failure(
                f"Your function returned {_count(len(values), f'{what} gradient')}; the network "
                f"has {_count(layout.layers, 'layer')}.",
                f"Return a list of {_count(layout.layers, 'array')}, one for each layer, the first "
                "hidden layer first.",
            )
        for number, value in enumerate(values, start=1):
            named[f"g{letter}{number}"] = value
    if _last_layer_first(named, layout):
        return Failure(
            "Your function returned the gradients of the last layer first.",
            "The backward pass finds them in that order; turn the lists around before the return, "
            "weight_gradients[::-1].",
        )
    return named


def _last_layer_first(named: Mapping[str, Any], layout: Layout) -> bool:
    """Return whether the shapes fit the layers in reverse order, and not in their own."""

    def fit(order: range) -> bool:
        pairs = zip(range(1, layout.layers + 1), order, strict=True)
        return all(
            np.shape(_as_array(named[f"g{letter}{place}"]))
            == layout.register(f"g{letter}{number}").shape
            for place, number in pairs
            for letter in "Wb"
        )

    return fit(range(layout.layers, 0, -1)) and not fit(range(1, layout.layers + 1))


def _as_array(value: Any) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except (ValueError, TypeError):  # rows of different lengths, or an object of its own mind
        return np.empty(0)


def _read_register(
    answer: Answer, register: Register, value: Any, convention: str, batch: bool
) -> None:
    name = register.name
    array = _numbers(value)
    if isinstance(array, str):
        answer.troubles[name] = array
        return
    expected = register.shape if batch and register.per_sample else register.entry_shape
    transposed = convention == ROW and name.rstrip("0123456789") in STORED_TRANSPOSED
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
        at = f"{name}[{','.join(map(str, place))}]" if place else name
        what = "NaN, not a number" if np.isnan(fitted[place]) else "infinite"
        answer.troubles[name] = (
            f"{at} is {what}. A division by 0, the logarithm of 0 or an overflowing exponential "
            "may be behind it."
        )
        return
    answer.numbers[name] = (fitted.T if transposed else fitted).reshape(register.shape)


def _numbers(value: Any) -> Array | str:
    """Return a value as an array of its own, or why it is none."""
    if value is None:
        return "It is None."
    try:
        array = np.asarray(value)
    except ValueError:
        return "Its rows have different lengths."
    except Exception as error:  # a foreign array type may refuse in its own way
        return f"It is no array of numbers ({type(error).__name__})."
    if array.dtype.kind in "biuf":
        return np.array(array, dtype=np.float64)
    if array.dtype.kind == "c":
        return "It holds complex numbers."
    return f"It holds no numbers, but {shortened(value)}."


def _fitted(
    answer: Answer, name: str, array: Array, given: tuple[int, ...], per_sample: bool
) -> Array | None:
    """Return an array in the shape that was asked for, if it differs in no more than a turn."""
    matrix = len(given) == 2 and not per_sample and min(given) > 1  # a vector is not turned
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


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
