"""The settings of a training run in a panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from bpviz.core.arguments import (
    lecture_seed,
    one_of,
    positive_count,
    seed_number,
    shortened,
    true_or_false,
)
from bpviz.core.mistakes import mistakes
from bpviz.core.model.network import Network
from bpviz.core.model.starts import LECTURE, drawn_starts, with_parameters
from bpviz.core.operations.optimizers import SGD, Adam, Optimizer
from bpviz.core.update.possible import reason_against
from bpviz.core.update.rule import Rule
from bpviz.explain.forms import forms_json
from bpviz.panels.known_words import choice_words

OFFERED: tuple[Optimizer, ...] = (SGD(), SGD(0.9), SGD(0.9, nesterov=True), Adam())
"""The optimisers that a learner can choose."""


@dataclass(frozen=True)
class Settings:
    """How a run is made.

    Attributes
    ----------
    learning_rate, update, train_biases, mistakes, optimizer
        As in `Rule`.
    batch_size : int
        Samples in an update.
    shuffle : bool
        Whether each epoch takes the samples in a new order, which follows from `seed`.
    seed : int
        Where the order follows from.
    epochs : int
        How many epochs a run makes.
    """

    learning_rate: float = 0.01
    update: str = "simultaneous"
    train_biases: bool = True
    mistakes: tuple[str, ...] = ()
    batch_size: int = 1
    shuffle: bool = False
    seed: int = 0
    epochs: int = 500
    optimizer: Optimizer = SGD()  # noqa: RUF009  # it is frozen

    def __post_init__(self) -> None:
        rule = self.rule
        checked = {
            "learning_rate": rule.learning_rate,
            "train_biases": rule.train_biases,
            "mistakes": rule.mistakes,
            "batch_size": positive_count("batch_size", self.batch_size),
            "shuffle": true_or_false("shuffle", self.shuffle),
            "seed": seed_number("seed", self.seed),
            "epochs": positive_count("epochs", self.epochs),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(
        cls, rule: Rule, batch_size: int = 1, seed: int | None = None, epochs: int = 500
    ) -> Settings:
        """Return the settings of a run by a rule; a seed means that it was shuffled."""
        if not isinstance(rule, Rule):
            raise TypeError(f"rule is {shortened(rule)}; give a bpviz.Rule")
        return cls(
            rule.learning_rate,
            rule.update,
            rule.train_biases,
            rule.mistakes,
            batch_size,
            seed is not None,
            0 if seed is None else seed,
            epochs,
            rule.optimizer,
        )

    @property
    def rule(self) -> Rule:
        """The rule of the run."""
        return Rule(
            self.learning_rate, self.update, self.train_biases, self.mistakes, self.optimizer
        )

    def changed(self, **settings: Any) -> Settings:
        """Return the settings with some of them changed."""
        names = [field.name for field in fields(self)]
        for name in settings:
            if name not in names:
                raise TypeError(f"there is no setting {name!r}; there are {', '.join(names)}")
        return replace(self, **settings)

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain data, with the optimisers to choose from, in code."""
        offered = dict.fromkeys(map(repr, (*OFFERED, self.optimizer)))
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**plain, "optimizer": repr(self.optimizer), "optimizers": list(offered)}

    def chosen(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings that the browser has chosen, the optimiser as an object again."""
        if "optimizer" not in settings:
            return dict(settings)
        known = {repr(one): one for one in (*OFFERED, self.optimizer)}
        name = one_of("optimizer", settings["optimizer"], tuple(known))
        return {**settings, "optimizer": known[name]}

    def words(self, start_seed: int | None = None) -> str:
        """Return what tells this run from others, in a few words."""
        parts = [f"learning rate {self.learning_rate:g}", f"{self.update} update"]
        if self.optimizer != SGD():
            parts.append(repr(self.optimizer))
        if not self.train_biases:
            parts.append("biases not trained")
        if self.batch_size > 1:
            parts.append(f"batches of {self.batch_size}")
        if self.shuffle:
            parts.append(f"shuffled, seed {self.seed}")
        if start_seed is not None:
            parts.append(f"start of seed {seed_number('start_seed', start_seed)}")
        parts += [mistakes[name].title for name in self.mistakes]
        return ", ".join(parts)


def fresh_start(network: Network, seed: int) -> Network:
    """Return a network of the same shape with weights and biases from a normal distribution.

    They are drawn as the second lecture draws them: for each layer the biases, then the
    weights, all with mean 0 and variance 1.
    """
    (start,) = drawn_starts(network, LECTURE, 1, lecture_seed("seed", seed))
    return with_parameters(network, start)


def forms_of_run(
    network: Network, settings: Settings, samples: int, with_others: bool
) -> dict[str, Any]:
    """Return the forms of a run's updates, from which a page makes programs by other settings.

    Parameters
    ----------
    network : Network
        Its sizes and functions matter; its numbers do not.
    settings : Settings
        Of the run.
    samples : int
        All that there are.
    with_others : bool
        Whether the forms of other batches and optimisers are in it, too.
    """
    batch, present = min(settings.batch_size, samples), settings.optimizer
    batches = {1, min(2, samples), batch, samples} if with_others else {batch}
    others = [one for one in OFFERED if one != present] if with_others else []
    rests = {samples % one for one in batches} - {0}
    return forms_json(network, sorted(batches | rests), (present, *others))


def mistake_choices(network: Network, rule: Rule, samples: int) -> list[dict[str, Any]]:
    """Return the mistakes and conventions that a learner can switch on, as plain data.

    `reason` says why a mistake cannot show on this network, or is empty; `needs` is the short
    of it: what it takes.
    """
    return [
        {
            "name": mistake.name,
            **choice_words(mistake),
            "on": mistake.name in rule.mistakes,
            "reason": reason_against(mistake.name, network, rule, samples) or "",
        }
        for mistake in mistakes.values()
    ]
