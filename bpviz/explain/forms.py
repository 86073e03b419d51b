"""Every form that an update can take: its operations under all that can be switched.

A panel without Python makes the program of any switches from this. An operation depends on a few
switches only, so that its forms are few; which switches these are is found out by trying.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

from bpviz.core.mistakes import START, Setting, mistakes
from bpviz.core.mistakes.mistake import in_place
from bpviz.core.model.architecture import Architecture
from bpviz.core.model.network import Network
from bpviz.core.operations.checked_lines import checked_lines
from bpviz.core.operations.operation import UPDATE
from bpviz.core.operations.optimizers import Optimizer
from bpviz.core.operations.quantities import QUANTITIES
from bpviz.core.update.rule import DIRTY, SIMULTANEOUS, Rule
from bpviz.explain.listing import openings
from bpviz.explain.program import Program
from bpviz.explain.registers import quantities_json

BIASES_LEFT = "biases_left"
"""Stands for `train_biases=False` among the switches, as "dirty" does for that update."""
MOST_FORMS = 96
"""Of one operation; of one that has more there are none."""

Switched = frozenset[str]


def forms_json(
    network: Network, sizes: Sequence[int], optimizers: Sequence[Optimizer]
) -> dict[str, Any]:
    """Return the forms of updates as plain data.

    Parameters
    ----------
    network : Network
        Its shape, functions and loss matter; its numbers do not.
    sizes : sequence of int
        The numbers of samples that an update may have.
    optimizers : sequence of Optimizer
        Those that can be chosen: the first, unless another one is among the switches.

    Returns
    -------
    dict
        `operations` are all of them; `sizes` has what is put together from them, for each number
        of samples. There `switches` are the names of all that can be switched. A table has the
        things that are there under those switches `by` which they differ, under their names,
        joined by blanks. `of` has a table of places in `operations` for each register; `order`,
        `registers`, `quantities` (those that not every update has) and `start` are tables of the
        update as a whole. `listing` is what its script
        is put together from.
    """
    known = tuple(mistakes.values()), *map(checked_lines, optimizers)
    shape = _Shape(network.architecture, network)
    return _forms(shape, tuple(sizes), tuple(optimizers), known)


@dataclass(frozen=True)
class _Shape:
    """Any of the networks of an architecture."""

    architecture: Architecture
    network: Network = field(compare=False)


@lru_cache(maxsize=16)
def _forms(
    shape: _Shape, sizes: tuple[int, ...], optimizers: tuple[Optimizer, ...], _known: object
) -> dict[str, Any]:
    operations = _Numbered()
    forms = [_Forms(shape.network, samples, optimizers) for samples in sizes]
    # What is alike comes together, which compresses well.
    registers = dict.fromkeys(name for each in forms for name in each.registers)
    of = {name: [each.of(name, operations) for each in forms] for name in registers}
    return {
        "sizes": [
            {**each.to_json(), "of": {name: of[name][k] for name in each.registers}}
            for k, each in enumerate(forms)
        ],
        "operations": operations.all,
    }


class _Forms:
    def __init__(self, network: Network, samples: int, optimizers: tuple[Optimizer, ...]) -> None:
        self.network, self.samples = network, samples
        self.usual, self.others = optimizers[0], {repr(one): one for one in optimizers[1:]}
        self._programs: dict[Switched, Program] = {}
        self.settings = (*self.others, DIRTY, BIASES_LEFT)
        self.bases = list(map(frozenset, self._together(self.settings)))
        self._by = self._mistakes_of_each()
        found = {name for names in self._by.values() for name in names}
        begins = {
            name
            for name, one in mistakes.items()
            if one.acts_on == START and self.program(frozenset({name})).start_json()
        }
        self.switches = (*self.settings, *(name for name in mistakes if name in found | begins))

    def _mistakes_of_each(self) -> dict[str, set[str]]:
        """Return the mistakes that can change an operation, by the register that it writes.

        A mistake looks at one operation at a time, as it is or as another mistake has left it.
        """
        found: dict[str, set[str]] = {}
        setting = Setting(self.network.architecture, self.samples)
        known = [one for one in mistakes.values() if one.acts_on == UPDATE]
        operations = {id(one): one for base in self.bases for one in self.program(base).operations}
        for operation in operations.values():
            by = found.setdefault(operation.writes, set())
            for one in known:
                [altered] = one.rewrite([operation], setting)
                if altered != operation:
                    by |= {one.name}
                    also = (other for other in known if other is not one)
                    by |= {
                        other.name
                        for other in also
                        if other.name not in by and other.rewrite([altered], setting) != [altered]
                    }
        return found

    def rule(self, switched: Switched) -> Rule:
        """Return the rule under which so much is switched."""
        return Rule(
            1.0,
            DIRTY if DIRTY in switched else SIMULTANEOUS,
            BIASES_LEFT not in switched,
            tuple(name for name in mistakes if name in switched),
            next((one for name, one in self.others.items() if name in switched), self.usual),
        )

    def program(self, switched: Switched) -> Program:
        """Return the program of an update under which so much is switched."""
        if switched not in self._programs:
            made = Program(self.network, self.rule(switched), self.samples)
            self._programs[switched] = made
        return self._programs[switched]

    @property
    def registers(self) -> tuple[str, ...]:
        """Every register that is written under some switches."""
        return tuple(self._by)

    def of(self, register: str, operations: _Numbered) -> dict[str, Any]:
        """Return the table of the operations that write a register."""
        return self._table(
            self._by[register],
            lambda program: program.operation(register),
            lambda program: operations.number(program.operation_json(register)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the forms of the update as a whole as plain data."""
        reordered = [name for name, one in mistakes.items() if one.reorders is not in_place]
        kept = [name for name, one in mistakes.items() if one.keeps_gradients]
        begins = [name for name, one in mistakes.items() if one.acts_on == START]
        given = [self.program(frozenset(some)) for some in (*self.bases, kept)]
        return {
            "samples": self.samples,
            "switches": self.switches,
            "order": self._table(reordered, lambda one: [each.writes for each in one.operations]),
            "registers": self._table(
                kept, lambda one: one.rule.carried, lambda one: one.registers_json()
            ),
            "quantities": self._table(kept, lambda one: one.rule.carried, _own_quantities),
            "start": self._table(begins, lambda one: one.start_json()),
            "listing": openings(given, self._programs.values()),
        }

    def _table(
        self,
        by_mistakes: Collection[str],
        of: Callable[[Program], object],
        written: Callable[[Program], Any] | None = None,
    ) -> dict[str, Any]:
        """Return what programs have, by the settings and the mistakes that change it."""
        by = [name for name in self.settings if self._makes_a_difference(name, of)]
        by += [name for name in self.switches if name in by_mistakes]
        tried = self._together(by)
        write = written or of
        are = {" ".join(some): write(self.program(frozenset(some))) for some in tried}
        return {"by": by, "are": are}

    def _makes_a_difference(self, setting: str, of: Callable[[Program], object]) -> bool:
        return any(
            of(self.program(base)) != of(self.program(base - {setting}))
            for base in self.bases
            if setting in base
        )

    def _together(self, names: Sequence[str]) -> list[tuple[str, ...]]:
        """Return everything that can be switched of some switches; nothing if that is too much."""
        found = [
            some
            for count in range(len(names) + 1)
            for some in combinations(names, count)
            if self._are_compatible(some)
        ]
        return found if len(found) <= MOST_FORMS else []

    def _are_compatible(self, names: Sequence[str]) -> bool:
        made = [mistakes[name] for name in names if name in mistakes]
        excluded = {other for one in made for other in one.excludes}
        return sum(name in self.others for name in names) < 2 and excluded.isdisjoint(names)


def _own_quantities(program: Program) -> dict[str, Any]:
    """Return the quantities that a program has besides the usual ones, as plain data."""
    every = quantities_json(program.layout)
    return {name: one for name, one in every.items() if name not in QUANTITIES}


class _Numbered:
    """Operations as plain data, each once."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []
        self._places: dict[str, int] = {}

    def number(self, operation: dict[str, Any] | None) -> int | None:
        """Return the place of an operation; None for none."""
        if operation is None:
            return None
        place = self._places.setdefault(repr(operation), len(self.all))
        if place == len(self.all):
            self.all.append(operation)
        return place
