"""The public surface of bpviz: every function, method and settable attribute, by name."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import bpviz as bp
from bpviz import formula
from bpviz.export import notebooks

MADE_FOR_THE_CALLER = {"History", "Stopped", "Sweep", "Trace"}
"""Their constructors are called by bpviz alone, with what is checked already."""
PROTOCOL = {"set_state"}
"""Methods that ipywidgets calls, not people."""
FOR_READERS = {
    "Activation": {"of", "derivative_of", "derivative_at", "slopes", "values"},
    "Loss": {"of", "derivative_of", "pair_with", "values"},
    "Pair": {"of"},
    "Mistake": {"rewrite"},
    "Settings": {"chosen"},
    "Carried": {"registers"},
    "Optimizer": {"lines", "noun", "registers"},
    "SGD": {"lines", "noun", "registers"},
    "Adam": {"lines", "noun", "registers"},
}
"""Methods of each class that the algorithm and its readers call, not people."""


def _is_for_others(name: str, member: str) -> bool:
    return member in PROTOCOL or member in FOR_READERS.get(name, ())


def _is_ours(value: object) -> bool:
    return (getattr(value, "__module__", None) or "").partition(".")[0] == "bpviz"


def functions() -> dict[str, Any]:
    """Return every public function, and every object that can be called, by its name."""
    found = {}
    for name in bp.__all__:
        value = getattr(bp, name)
        if isinstance(value, ModuleType):
            where = {f"{name}.{member}": getattr(value, member) for member in _public(value)}
        else:
            where = {name: value}
        found |= {name: one for name, one in where.items() if inspect.isfunction(one)}
    for module, names in ((notebooks, ("strip_widgets", "strip_file")), (formula, formula.__all__)):
        written = {name: getattr(module, name) for name in names}
        found |= {name: one for name, one in written.items() if inspect.isfunction(one)}
    return found


def _public(module: ModuleType) -> list[str]:
    """Return the names that a module lists, or else of what is written in it."""
    here = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]
    return getattr(module, "__all__", here)


def classes() -> dict[str, type]:
    """Return the public classes and, in turn, those that their attributes and methods return."""
    public = [getattr(bp, name) for name in bp.__all__]
    ahead = [one if inspect.isclass(one) else type(one) for one in public]
    ahead += [type(next(iter(bp.mistakes.values())))]
    for function in functions().values():
        ahead += _returned(function)
    found: dict[str, type] = {}
    while ahead:
        cls = ahead.pop()
        if not _is_ours(cls) or cls.__name__ in found:
            continue
        found[cls.__name__] = cls
        for name, member in vars(cls).items():
            if _is_for_others(cls.__name__, name) or name.startswith("_"):
                continue
            getter = getattr(member, "fget", None) or getattr(member, "func", None) or member
            ahead += _returned(inspect.unwrap(getattr(getter, "__func__", getter)))
    return found


def _returned(function: Any) -> Iterator[type]:
    """Yield the classes that the annotation of what a function returns speaks of."""
    annotation = str(getattr(function, "__annotations__", {}).get("return", ""))
    module = sys.modules.get(getattr(function, "__module__", ""))
    for name in re.findall(r"\w+", annotation):
        value = getattr(module, name, None)
        if inspect.isclass(value):
            yield value


def methods() -> dict[str, inspect.Signature]:
    """Return the signature of everything public that takes an argument, by its name.

    A method is `Network.predict`, a constructor `Network`, and `Panel.trace =` an attribute
    that can be set.
    """
    found = {name: inspect.signature(function) for name, function in functions().items()}
    for name, cls in classes().items():
        for member, value in _members(cls):
            if _is_for_others(name, member) or (member[0] == "_" and member not in _CALLED):
                continue
            if member in getattr(cls, "__dataclass_fields__", {}):
                continue
            if isinstance(value, property):
                if value.fset is not None:
                    found[f"{name}.{member} ="] = _of_one(member)
            elif isinstance(value, staticmethod):
                found[f"{name}.{member}"] = inspect.signature(value.__func__)
            elif isinstance(value, classmethod):
                found[f"{name}.{member}"] = _without_self(value.__func__)
            elif inspect.isfunction(value):
                found[f"{name}.{member}"] = _without_self(value)
        made_by_callers = name in bp.__all__ and name not in MADE_FOR_THE_CALLER
        if made_by_callers and not issubclass(cls, BaseException):
            found[name] = inspect.signature(cls)
        for trait, value in getattr(cls, "_traits", {}).items():
            if _is_ours(value.this_class) and not trait.startswith("_") and not value.read_only:
                found[f"{name}.{trait} ="] = _of_one(trait)
    return {name: signature for name, signature in found.items() if signature.parameters}


_CALLED = ("__call__", "__getitem__")


def _members(cls: type) -> Iterator[tuple[str, Any]]:
    """Yield the members of a class that bpviz has written, inherited ones too."""
    seen = set()
    for base in cls.__mro__:
        if _is_ours(base):
            for name, value in vars(base).items():
                if name not in seen:
                    seen.add(name)
                    yield name, value


def _without_self(function: Any) -> inspect.Signature:
    signature = inspect.signature(function)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _of_one(name: str) -> inspect.Signature:
    parameter = inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([parameter])


def arguments(signature: inspect.Signature, valid: Mapping[str, Any]) -> list[str]:
    """Return the names of the arguments; of free keywords those that a valid call has."""
    free = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
    return list(valid) if free else list(signature.parameters)
