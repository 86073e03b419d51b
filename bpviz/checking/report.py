"""The report on a learner's function, as text and for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from bpviz.classroom.progress_file import note_try
from bpviz.core.arguments import Array, shortened, whole_number
from bpviz.core.update.tape import Trace
from bpviz.explain.numbers import number_text

HINT_TITLES = ("Hint 1: Where to look", "Hint 2: Which formula", "Hint 3: Which mistake")
ONLY = "What to do"
SILENT, SCORE, HINTS, FULL = FEEDBACK = ("none", "score", "hints", "full")
"""How much a report tells, from the least to all."""


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
    passed : bool or None
        Whether everything that the function returned is right; None where the report does not
        tell.
    first_difference : str or None
        The first register, in the order of the update, that is wrong.
    mistakes : tuple of str
        The names, from `bpviz.mistakes`, of the mistake or the pair that explains it.
    conventions : tuple of str
        The names of the conventions that the function follows in the place of those of bpviz.
        What is right by them passes.
    summary : str
        The outcome in a sentence.
    difference : Difference or None
        A number of that register beside the right one.
    checked : tuple of str
        The registers that were returned and compared, in the order of the update.
    right : tuple of str
        Those of them that are right.
    notes : tuple of str
        What else was seen.
    hints : tuple of str
        From a nudge to the solution.
    trace : Trace or None
        The right update of the draw that is shown; `bpviz.StepPanel(report.trace)` steps
        through it.
    returned : dict
        The registers that the function returned for that draw, in the shapes of the trace.
    feedback : str
        How much is told: "none", "score", "hints" or "full".
    untouched : bool
        Whether it is the learner's turn: a `None` stands where a number belongs, and all that
        comes before it is right.
    """

    passed: bool | None
    summary: str
    first_difference: str | None = None
    mistakes: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    difference: Difference | None = None
    checked: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    trace: Trace | None = None
    returned: dict[str, Array] = field(default_factory=dict)
    feedback: str = HINTS
    untouched: bool = False

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

    def _mark(self) -> str:
        return "·" if self._outcome is None else "✓" if self._outcome else "✗"

    @property
    def _outcome(self) -> bool | None:
        """Right, wrong, or neither: nobody has failed at what nobody has tried."""
        return None if self.untouched else self.passed

    def _lines(self, levels: int) -> list[str]:
        lines = [f"{self._mark()} {self.summary}"]
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
        if self.feedback == FULL:
            return str(self)
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
        colour, fallback, word = _LOOKS[self._outcome]
        word = "Your turn" if self.untouched else word
        line = f"var(--jp-{colour}-color1, {fallback})"
        parts = [
            # JupyterLab would take the keys that open the hints for its own.
            f'<div role="region" aria-label="Check: {word}" data-lm-suppress-shortcuts="true" '
            f'style="border-left:4px solid {line};'
            "padding:.25em 0 .25em 1em;max-width:52em;line-height:1.5;"
            'color:var(--jp-content-font-color1,inherit)">',
            f"<div><b>{self._mark()} {escape(self.summary)}</b></div>",
        ]
        if self.difference is not None:
            parts.append(_difference_html(self.difference))
        if self.right and not self.passed:
            parts.append(f"<div>Right: {_codes(self.right)}</div>")
        parts += [f"<div>{escape(note)}</div>" for note in self.notes]
        titles = HINT_TITLES if len(self.hints) > 1 else (ONLY,)
        unfolded = " open" if self.feedback == FULL or titles == (ONLY,) else ""
        for title, hint in zip(titles, self.hints, strict=False):
            parts.append(
                f'<details style="margin-top:.4em"{unfolded}>'
                f'<summary style="cursor:pointer">{title}</summary>'
                f'<div style="white-space:pre-wrap;padding:.3em 0 .3em 1.2em">{escape(hint)}</div>'
                "</details>"
            )
        return "\n".join([*parts, "</div>"])


def limited(report: Report, feedback: str) -> Report:
    """Return a report with so much in it as `feedback` allows."""
    if feedback == FULL:
        return replace(report, feedback=FULL)
    if feedback == HINTS or not report.checked:
        return report  # nothing was compared: it tells why, which gives nothing away
    if feedback == SCORE:
        count, right = len(report.checked), len(report.right)
        summary = f"{right} of {count} registers {'is' if right == 1 else 'are'} right."
        if right == count and not report.passed:
            summary += " But your function changed what it was given."
        return Report(report.passed, summary, feedback=SCORE)
    summary = f"Your answer was read: {', '.join(report.checked)}. It is not marked here."
    return Report(None, summary, feedback=SILENT)


def note_report(
    kind: str, asked: str, sizes: Sequence[int], report: Report, score: tuple[int, int]
) -> None:
    """Note what a report tells of a task, with how many of how many are right."""
    note_try(
        kind,
        f"{asked} ({'-'.join(map(str, sizes))})",
        report.passed,
        *score,
        report.mistakes,
        untouched=report.untouched,
    )


_LOOKS = {
    True: ("success", "#2e7d32", "Right"),
    False: ("warn", "#b26a00", "Not yet"),
    None: ("info", "#1463a5", "Read"),
}
"""The colour in JupyterLab's theme, the one elsewhere, and the word for each outcome."""


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
