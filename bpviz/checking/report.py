"""The report on a learner's function, as text and for a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

from bpviz.core.arguments import Array, shortened, whole_number
from bpviz.core.update.tape import Trace
from bpviz.explain.numbers import number_text

HINT_TITLES = ("Hint 1: Where to look", "Hint 2: Which formula", "Hint 3: Which mistake")
ONLY = "What to do"


@dataclass(frozen=True)
class Difference:
    """A number of a learner beside the right one.

    Attributes
    ----------
    ref : str
        Which number: `gW1[0,1]`; the register alone where there is no number to show.
    yours, right : str
        The two as text.
    where : str
        The draw and its sample, in words.
    """

    ref: str
    yours: str
    right: str
    where: str


@dataclass(frozen=True, repr=False, eq=False)
class Report:
    """What `check` found out about a function.

    Attributes
    ----------
    passed : bool
        Whether everything that the function returned is right.
    first_difference : str or None
        The first register, in the order of the update, that is wrong.
    mistakes : tuple of str
        The names, from `bpviz.mistakes`, of the mistake or the pair that explains it.
    summary : str
        The outcome in a sentence.
    difference : Difference or None
        A number of that register beside the right one.
    right : tuple of str
        The registers that were returned and are right.
    notes : tuple of str
        What else was seen.
    hints : tuple of str
        From a nudge to the solution.
    trace : Trace or None
        The right update of the draw that is shown; `bpviz.StepPanel(report.trace)` steps
        through it.
    returned : dict
        The registers that the function returned for that draw, in the shapes of the trace.
    """

    passed: bool
    summary: str
    first_difference: str | None = None
    mistakes: tuple[str, ...] = ()
    difference: Difference | None = None
    right: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    trace: Trace | None = None
    returned: dict[str, Array] = field(default_factory=dict)

    def hint(self, level: int = 1) -> str:
        """Return a hint: 1 where to look, 2 which formula, 3 which mistake it is.

        Raises
        ------
        TypeError, ValueError
            If there is no such hint.
        """
        level = whole_number("level", level)
        if level not in range(1, len(self.hints) + 1):
            known = f"give 1 to {len(self.hints)}" if self.hints else "this report has no hints"
            raise ValueError(f"level is {shortened(level)}; {known}")
        return self.hints[level - 1]

    def _lines(self, levels: int) -> list[str]:
        mark = "✓" if self.passed else "✗"
        lines = [f"{mark} {self.summary}"]
        if self.difference is not None:
            d = self.difference
            lines += [f"  {d.ref}:  yours {d.yours},  right {d.right}", f"  {d.where}"]
        if self.right and not self.passed:
            lines.append(f"  Right: {', '.join(self.right)}")
        lines += [f"  {note}" for note in self.notes]
        for level, hint in enumerate(self.hints[:levels], start=1):
            first, *rest = hint.split("\n")
            title = ONLY if len(self.hints) == 1 else f"Hint {level}"
            lines.append(f"  {title}: {first}")
            lines += [f"    {line}" for line in rest]
        return lines

    def __repr__(self) -> str:
        """Return the outcome with the first hint."""
        lines = self._lines(levels=1)
        if len(self.hints) > 1:
            lines.append("  More: .hint(2) and .hint(3) of this report; print(…) shows all.")
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the outcome with all hints."""
        return "\n".join(self._lines(levels=len(self.hints)))

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show the outcome in IPython."""
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        """Show the outcome in a notebook, with hints to open one by one."""
        colour, word = ("success", "Right") if self.passed else ("warn", "Not yet")
        line = f"var(--jp-{colour}-color1, {'#2e7d32' if self.passed else '#b26a00'})"
        parts = [
            # JupyterLab would take the keys that open the hints for its own.
            f'<div role="region" aria-label="Check: {word}" data-lm-suppress-shortcuts="true" '
            f'style="border-left:4px solid {line};'
            "padding:.25em 0 .25em 1em;max-width:52em;line-height:1.5;"
            'color:var(--jp-content-font-color1,inherit)">',
            f"<div><b>{'✓' if self.passed else '✗'} {escape(self.summary)}</b></div>",
        ]
        if self.difference is not None:
            parts.append(_difference_html(self.difference))
        if self.right and not self.passed:
            parts.append(f"<div>Right: {_codes(self.right)}</div>")
        parts += [f"<div>{escape(note)}</div>" for note in self.notes]
        titles = HINT_TITLES if len(self.hints) > 1 else (ONLY,)
        for title, hint in zip(titles, self.hints, strict=False):
            parts.append(
                '<details style="margin-top:.4em">'
                f'<summary style="cursor:pointer">{title}</summary>'
                f'<div style="white-space:pre-wrap;padding:.3em 0 .3em 1.2em">{escape(hint)}</div>'
                "</details>"
            )
        return "\n".join([*parts, "</div>"])


def number(value: float) -> str:
    """Return a number with six significant digits, so that a small difference is seen."""
    return number_text(value, 6)


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"<code>{escape(name)}</code>" for name in names)


def _difference_html(difference: Difference) -> str:
    cell = 'style="text-align:right;padding:.15em .8em;font-variant-numeric:tabular-nums"'
    head = "".join(
        f'<th scope="col" {cell}>{escape(text)}</th>' for text in ("number", "yours", "right")
    )
    numbers = "".join(
        f"<td {cell}>{escape(text)}</td>" for text in (difference.yours, difference.right)
    )
    return (
        f'<table style="margin:.4em 0;border-collapse:collapse;font-size:inherit"><tr>{head}</tr>'
        f'<tr><th scope="row" {cell}><code>{escape(difference.ref)}</code></th>{numbers}</tr>'
        f"</table><div>{escape(difference.where)}</div>"
    )
