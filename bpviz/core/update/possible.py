"""Which mistakes can show in an update."""

from __future__ import annotations

from dataclasses import replace

from bpviz.core.arguments import positive_count, shortened
from bpviz.core.mistakes import REPORT, START, Setting, mistakes
from bpviz.core.model.network import Network
from bpviz.core.operations.operation import UPDATE
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.rule import Rule, rule_or_default
from bpviz.core.update.starting import start_operations


def reason_against(
    name: str, network: Network, rule: Rule | None = None, samples: int = 1
) -> str | None:
    """Return None, or the reason why a mistake cannot show.

    Parameters
    ----------
    name : str
        The mistake's.
    network : Network
        Its sizes and functions matter; its numbers do not.
    rule : Rule
        By default `Rule()`. Whether it has the mistake makes no difference.
    samples : int
        B, the number of samples in the update.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network is {shortened(network)}; give a bpviz.Network")
    mistake, samples = mistakes[name], positive_count("samples", samples)
    if mistake.acts_on == REPORT:
        return None
    chosen = rule_or_default(rule)
    others = tuple(other for other in chosen.mistakes if other != name)
    without = replace(chosen, mistakes=others)
    if mistake.acts_on == START:
        shows = bool(start_operations(network, replace(without, mistakes=(name,))))
    else:
        operations = list(algorithm(network, without, samples))
        setting = Setting(network.architecture, samples)
        shows = mistake.rewrite(operations, setting) != operations
    if shows and chosen.learning_rate not in mistake.unseen_at:
        return None
    sizes = "-".join(map(str, network.sizes))
    functions = ", ".join(layer.activation.name for layer in network.layers)
    count = f"{samples} sample{'s' * (samples > 1)}"
    return (
        f"“{mistake.title}” needs {mistake.needs}; this is a {sizes} network ({functions}; "
        f"{network.loss.name}), with {count} in an update, under {without}"
    )


def possible(network: Network, rule: Rule, samples: int = 1) -> tuple[str, ...]:
    """Return the names of the mistakes that can be made in an update besides those of the rule.

    Parameters
    ----------
    network : Network
        Its sizes and functions matter; its numbers do not.
    rule : Rule
        What it contradicts is left out.
    samples : int
        B, the number of samples in the update.
    """
    return tuple(
        name
        for name, mistake in mistakes.items()
        if mistake.acts_on == UPDATE
        and name not in rule.mistakes
        and not any(
            other in mistake.excludes or name in mistakes[other].excludes for other in rule.mistakes
        )
        and reason_against(name, network, rule, samples) is None
    )
