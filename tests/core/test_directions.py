"""Names of one's own end where they end, whatever direction marks are in them."""

import pytest

import bpviz as bp
from bpviz.core.directions import closed
from bpviz.formula import a, h, y

OVERRIDE, EMBEDDING, ISOLATE = "\u202e", "\u202b", "\u2067"
POP, POP_ISOLATE = "\u202c", "\u2069"


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("XOR", ""),
        (f"a {OVERRIDE} b", POP),
        (f"{OVERRIDE}a{POP} b", ""),
        (f"{EMBEDDING}a {ISOLATE}b", POP_ISOLATE + POP),
        # An isolate ends what was begun in it; nothing else ends an isolate.
        (f"{ISOLATE}{OVERRIDE}a{POP_ISOLATE}b", ""),
        (f"{ISOLATE}a{POP}", POP_ISOLATE),
        # What ends nothing does nothing.
        (f"{POP}{POP_ISOLATE}a", ""),
    ],
)
def test_a_text_ends_each_direction_that_it_begins(text: str, ends: str) -> None:
    assert closed(text) == text + ends
    assert closed(closed(text)) == text + ends


def test_every_name_and_word_of_ones_own_is_closed() -> None:
    words = f"one {OVERRIDE}"
    own = words + POP
    network = bp.Network([bp.Layer([[1.0]], activation="identity")])
    example = bp.Example(network, [[1]], [[1]], name=words, title=words, source=words)
    assert {example.name, example.title, example.source} == {own}
    activation = bp.Activation("own", a, says=words, derivative_says=words, title=words)
    assert {activation.says, activation.derivative_says, activation.title} == {own}
    loss = bp.Loss("own", (h - y) ** 2, says=words, title=words)
    assert {loss.says, loss.title} == {own}
    texts = ("title", "change", "notice", "source", "needs", "unseen_because", "right_because")
    mistake = bp.Mistake("own", **dict.fromkeys(texts, words))
    assert {getattr(mistake, name) for name in texts} == {own}
