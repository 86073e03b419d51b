"""Question banks made from the mistakes: for a learning platform, and on paper."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpviz.core.arguments import (
    file_path,
    one_of,
    positive_count,
    refuse_missing_folder,
    seed_number,
    shortened,
    true_or_false,
)
from bpviz.core.files import whole_file
from bpviz.core.model.losses import Loss
from bpviz.core.update.rule import Rule
from bpviz.core.words import counted
from bpviz.explain.program import Program
from bpviz.worksheets.bank import BankQuestion, bank_questions
from bpviz.worksheets.bank_learning_platforms import gift, moodle_xml
from bpviz.worksheets.bank_on_paper import bank_markdown, bank_page
from bpviz.worksheets.sheet_html import PAPERS
from bpviz.worksheets.worksheet import right_rule, shape

MOST_BANK_QUESTIONS = 500
FORMATS = {".xml": "Moodle XML", ".gift": "GIFT", ".html": "a page to print", ".md": "Markdown"}
"""What is written, by how the name of the file ends."""


@dataclass(frozen=True, repr=False, eq=False)
class QuestionBank:
    """Questions with four answers each, three of which named mistakes lead to.

    Attributes
    ----------
    questions : tuple of BankQuestion
        All of them.
    code : str
        What the numbers follow from.
    paper : str
        "A4" or "Letter".
    """

    questions: tuple[BankQuestion, ...]
    code: str
    paper: str

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.questions)

    def __iter__(self) -> Iterator[BankQuestion]:
        """Go through the questions."""
        return iter(self.questions)

    def moodle_xml(self) -> str:
        """Return the questions in Moodle's XML, with what to say of each answer."""
        return moodle_xml(self.questions)

    def gift(self) -> str:
        """Return the questions in the GIFT format, with what to say of each answer."""
        return gift(self.questions)

    def html(self, key: bool = False) -> str:
        """Return the questions, or their key, as a page to print."""
        return bank_page(self.questions, true_or_false("key", key), self.paper, self.code)

    def markdown(self, key: bool = False) -> str:
        """Return the questions, or their key, as Markdown with LaTeX."""
        return bank_markdown(self.questions, true_or_false("key", key), self.code)

    def save(self, path: str | os.PathLike[str], key: bool = False) -> Path:
        """Write the questions into a file.

        Parameters
        ----------
        path : path
            The file: .xml is for Moodle, .gift for other platforms, .html to print, .md Markdown.
        key : bool
            Whether to write the key, of .html and .md only: the platforms get the answers anyway.

        Returns
        -------
        Path
            The file, written as a whole or not at all.

        Raises
        ------
        TypeError, ValueError
            If the name ends with something else, or is none for a key.
        OSError
            If it cannot be written.
        """
        target = file_path("path", path, "bank.xml")
        on_paper = true_or_false("key", key)
        suffix = target.suffix.lower()
        if suffix not in FORMATS:
            known = ", ".join(f"{ending} ({words})" for ending, words in FORMATS.items())
            raise ValueError(
                f"path is {shortened(str(path))}; let its name end with one of {known}"
            )
        if on_paper and suffix not in (".html", ".md"):
            raise ValueError(
                f"key is True, and a {suffix} file has the answers anyway; leave it out, or let "
                "path end with .html or .md"
            )
        refuse_missing_folder("path", target)
        texts: dict[str, Callable[[], str]] = {
            ".xml": self.moodle_xml,
            ".gift": self.gift,
            ".html": lambda: self.html(on_paper),
            ".md": lambda: self.markdown(on_paper),
        }
        with whole_file(target) as unfinished:
            unfinished.write_text(texts[suffix](), encoding="utf-8", newline="\n")
        return target

    def __repr__(self) -> str:
        return f"QuestionBank({counted(len(self), 'question')}, {self.code})"


def question_bank(
    count: int = 20,
    *,
    seed: int | None = 0,
    sizes: Sequence[int] = (2, 2, 1),
    activations: Sequence[Any] | None = ("sigmoid", "sigmoid"),
    loss: Loss | str | None = None,
    rule: Rule | None = None,
    paper: str = "A4",
) -> QuestionBank:
    """Make questions about backpropagation, each with four answers.

    Each question has a network of its own with short numbers, whose forward pass is given, and
    asks for one number of the backward pass or of the update. One answer is right. Each of the
    other three comes out if a mistake of `bpviz.mistakes` is made, which the feedback names. No
    two answers can be taken for each other, also by somebody who rounds on the way. The same
    seed and options give the same questions.

    Parameters
    ----------
    count : int
        How many questions.
    seed : int or None
        Another seed gives other numbers; for None one is drawn.
    sizes, activations, loss, rule, paper
        As for `bpviz.worksheet`; sigmoid units by default, in which more mistakes show.

    Returns
    -------
    QuestionBank
        `bank.save("bank.xml")` writes it for Moodle, "bank.gift" for other platforms,
        "bank.html" and "bank.md" for paper; `bank.html(key=True)` is the key.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or no three mistakes can be told apart in such a network.

    Examples
    --------
    >>> bp.question_bank(2, seed=1)
    QuestionBank(2 questions, bpviz question bank, seed 1)
    """
    wanted = positive_count("count", count)
    if wanted > MOST_BANK_QUESTIONS:
        raise ValueError(f"count is {shortened(count)}; give at most {MOST_BANK_QUESTIONS}")
    checked_seed = seed_number("seed", seed)
    network = shape(sizes, activations, loss)
    one_of("paper", paper, tuple(PAPERS))
    program = Program(network, right_rule(rule, network, "decimals"))
    questions = tuple(bank_questions(program, wanted, checked_seed))
    return QuestionBank(questions, f"bpviz question bank, seed {checked_seed}", paper)
