"""What a function may return, or raise, that does anything but good when it is looked at."""

# ruff: noqa: N818

from __future__ import annotations

import collections
import fractions
import itertools
import unittest.mock

import numpy as np
import torch


def hostile(*methods: str, error: type[BaseException] = RuntimeError) -> object:
    """Return an object whose methods raise."""

    def raises(*_arguments: object, **_options: object) -> None:
        raise error("hostile")

    return type("Hostile", (), dict.fromkeys(methods, raises))()


class EveryAttribute:
    def __getattr__(self, name: str) -> object:
        return EveryAttribute()


class NoAttribute:
    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)


class Liar:
    """Says of itself to be a dict."""

    __class__ = dict  # type: ignore[assignment]


class HostileText(str):
    __slots__ = ()

    def __format__(self, spec: str) -> str:
        raise RuntimeError(spec)

    def __len__(self) -> int:
        raise RuntimeError

    __eq__ = None  # type: ignore[assignment]
    __hash__ = str.__hash__


class ReprOfText:
    def __repr__(self) -> str:
        return HostileText("text")


class HostileArray(np.ndarray):
    def __array_finalize__(self, source: object) -> None:
        pass

    def __array_ufunc__(self, *_arguments: object, **_options: object) -> None:
        raise RuntimeError

    def __getitem__(self, index: object) -> None:
        raise RuntimeError

    def __repr__(self) -> str:
        raise RuntimeError


class HostileError(Exception):
    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __str__


class HostileBase(BaseException):
    pass


class HostileKeys(dict):
    def items(self) -> None:
        raise RuntimeError

    keys = values = __iter__ = __len__ = items  # type: ignore[assignment]


class HostileMeta(type):
    def __eq__(cls, other: object) -> bool:
        raise RuntimeError

    def __hash__(cls) -> int:
        raise RuntimeError

    def __instancecheck__(cls, instance: object) -> bool:
        raise RuntimeError


class OfHostileMeta(metaclass=HostileMeta):
    pass


def _itself() -> list:
    inner: list = []
    inner.append(inner)
    return inner


def _deep() -> list:
    inner: list = []
    for _ in range(10_000):
        inner = [inner]
    return inner


def _masked() -> np.ma.MaskedArray:
    return np.ma.masked_less(np.arange(6.0).reshape(2, 3), 1)


def _in_one_array(value: object) -> np.ndarray:
    array = np.empty((), dtype=object)
    array[()] = value
    return array


METHODS = (
    ("__len__", "__getitem__"),
    ("__repr__",),
    ("__array__",),
    ("__iter__",),
    ("__eq__", "__ne__"),
    ("__hash__",),
    ("__bool__",),
    ("__float__", "__int__", "__index__"),
    ("__getattr__",),
    ("__getattribute__",),
    ("__repr__", "__str__", "__len__", "__iter__", "__array__", "__eq__", "__getattr__"),
)

MAKERS = {
    **{
        f"{'+'.join(methods)} raises {error.__name__}": (
            lambda methods=methods, error=error: hostile(*methods, error=error)
        )
        for methods in METHODS
        for error in (
            (RuntimeError, HostileError, SystemExit, MemoryError, HostileBase)
            if methods in (METHODS[1], METHODS[-1])
            else (RuntimeError,)
        )
    },
    "every attribute": EveryAttribute,
    "no attribute": NoAttribute,
    "mock": unittest.mock.MagicMock,
    "liar": Liar,
    "text": lambda: HostileText("text"),
    "repr of text": ReprOfText,
    "surrogate": lambda: "\ud800",
    "array": lambda: np.zeros((2, 3)).view(HostileArray),
    "keys": lambda: HostileKeys(gW1=1),
    "meta": OfHostileMeta,
    "class of meta": lambda: OfHostileMeta,
    "itself": _itself,
    "deep": _deep,
    "masked": _masked,
    "0-d": lambda: np.array(5.0),
    "0-d object": lambda: _in_one_array({"gW1": 5}),
    "0-d of itself": lambda: _in_one_array(hostile("__repr__")),
    "structured": lambda: np.zeros(3, dtype=[("gW1", float)]),
    "huge": lambda: np.broadcast_to(0.0, (10**6, 10**6)),
    "huge number": lambda: 10**400,
    "many digits": lambda: 10**5000,
    "long range": lambda: range(10**12),
    "endless": itertools.count,
    "endless names": lambda: collections.defaultdict(list),
    "string": lambda: "gW1",
    "bytes": lambda: b"gW1",
    "set": lambda: {1, 2},
    "fractions": lambda: [fractions.Fraction(1, 3)] * 2,
    "date": lambda: np.datetime64("2020-01-01"),
    "complex": lambda: 1j,
    "function": lambda: print,
    "type": lambda: dict,
    "module": lambda: np,
    "tensor": lambda: torch.ones(2, 3, requires_grad=True),
    "0-d tensor": lambda: torch.tensor(1.0, requires_grad=True),
    "sparse tensor": lambda: torch.eye(3).to_sparse(),
    "empty": lambda: np.empty((0, 3)),
    "nan": lambda: float("nan"),
    "none": lambda: None,
    "int keys": lambda: {1: {2: 3}, 2: {1: 2}},
    "dict of itself": lambda: (d := {}).setdefault("gW1", d),
}
"""Each makes one anew."""


def errors() -> list[BaseException]:
    """Return exceptions that a function may raise."""

    class Traced(Exception):
        __traceback__ = property(lambda _self: 1 / 0)  # type: ignore[assignment]

    return [
        HostileError(),
        HostileBase("base"),
        Traced("traced"),
        SystemExit(3),
        GeneratorExit(),
        StopIteration(5),
        MemoryError(),
        RecursionError("deep"),
        ValueError("\ud800"),
        ValueError("x" * 100_000),
        ValueError(HostileText("text")),
        ExceptionGroup("several", [ValueError(1), HostileError()]),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    ]
