"""What a panel in the browser and Python say to each other, and how each message is treated.

`frontend/src/protocol/messages.ts` has the same lists.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Literal, Protocol, TypedDict, TypeVar

Manner = Literal["ask", "change", "note"]
"""What asks changes nothing, what changes something comes in order, a note has no answer."""

Kind = Literal[
    "hello",
    "frames",
    "samples",
    "views",
    "trajectories",
    "landscape",
    "edit",
    "undo",
    "redo",
    "reset",
    "rule",
    "run",
    "pause",
    "pace",
    "update",
    "epoch",
    "new_start",
    "settings",
    "pin",
    "unpin",
    "seen",
]

MANNERS: Mapping[Kind, Manner] = {
    "hello": "ask",
    "frames": "ask",
    "samples": "ask",
    "views": "ask",
    "trajectories": "ask",
    "landscape": "ask",
    "edit": "change",
    "undo": "change",
    "redo": "change",
    "reset": "change",
    "rule": "change",
    "run": "change",
    "pause": "change",
    "pace": "change",
    "update": "change",
    "epoch": "change",
    "new_start": "change",
    "settings": "change",
    "pin": "change",
    "unpin": "change",
    "seen": "note",
}
"""All that the browser says."""

# What messages hold. As it comes from outside, these types say what is meant, and what takes it
# checks it all the same.


class Nothing(TypedDict):
    """What has no fields."""


class FramesQuestion(TypedDict):
    """For frames around one."""

    start: int


class ViewsQuestion(TypedDict):
    """After epochs, and updates of the next: an output, values of some refs, and a frame's row."""

    epoch: int
    update: int
    output: int
    refs: list[str]
    frame: int | None


class TrajectoriesQuestion(TypedDict):
    """For a register, or for all if it is empty, and for one ref besides."""

    register: str
    also: str


class Edit(TypedDict):
    """A change of a number; `begin` is false while one movement goes on."""

    ref: str
    value: float
    begin: bool
    frame: int
    sample: int


class Switches(TypedDict):
    """What can be switched of a rule."""

    mistakes: list[str]
    update: str
    train_biases: bool


class Pace(TypedDict):
    """Updates in a second; 0 for as many as can be."""

    pace: float


class NewStart(TypedDict):
    """From which the weights and biases are drawn."""

    seed: int


class RunSettings(TypedDict, total=False):
    """The settings of a run, of which a message has those that change."""

    learning_rate: float
    update: str
    train_biases: bool
    mistakes: list[str]
    batch_size: int
    shuffle: bool
    seed: int
    epochs: int
    optimizer: str
    optimizers: list[str]
    start_seed: int | None


class SettingsChange(TypedDict):
    """Settings to start again by."""

    settings: RunSettings


class Unpin(TypedDict):
    """Which pinned run is let go."""

    index: int


class Seen(TypedDict):
    """How many losses the view holds."""

    epochs: int


# What they are answered, beside numbers that go as bytes.


class FramesAnswer(TypedDict):
    """The first frame, and how many there are; with their rows."""

    start: int
    count: int


class SamplesAnswer(TypedDict):
    """With inputs and targets of as many samples as are shown; `total` counts all."""

    total: int
    features: int
    outputs: int
    limits: list[float]
    no_surface: str


class ViewsAnswer(TypedDict):
    """With the surface, the predictions, the values of the refs, and the row of the frame."""

    frame: int | None
    epoch: int
    update: int
    output: int
    loss: float | None
    refs: list[str]
    place: list[float] | None
    slice: int


class TrajectoriesAnswer(TypedDict):
    """With epochs, and the line of each ref through them; `total` counts the refs there are."""

    refs: list[str]
    total: int
    registers: list[str]


class LandscapeAnswer(TypedDict):
    """With the heights of a grid, the path of the run on it, and the epochs of that."""

    slice: int
    shares: list[float]
    first: list[float]
    second: list[float]
    low: float
    high: float
    logarithmic: bool


C = TypeVar("C", contravariant=True)
A = TypeVar("A", covariant=True)

Reply = tuple[A, list[bytes]]
Work = Generator[None, None, Reply[A]]
"""An answer that is made in slices."""


class Handler(Protocol[C, A]):
    """Takes what a message holds.

    It returns the answer, or a generator that returns it after some slices of work, or None where
    all is said by the traits that it set.
    """

    def __call__(self, content: C, /) -> Reply[A] | Work[A] | None:
        """Answer a message."""


class Handlers(TypedDict, total=False):
    """What answers each kind of message: of what that holds, with what the answer does."""

    hello: Handler[Nothing, Nothing]
    frames: Handler[FramesQuestion, FramesAnswer]
    samples: Handler[Nothing, SamplesAnswer]
    views: Handler[ViewsQuestion, ViewsAnswer]
    trajectories: Handler[TrajectoriesQuestion, TrajectoriesAnswer]
    landscape: Handler[Nothing, LandscapeAnswer]
    edit: Handler[Edit, Nothing]
    undo: Handler[Nothing, Nothing]
    redo: Handler[Nothing, Nothing]
    reset: Handler[Nothing, Nothing]
    rule: Handler[Switches, Nothing]
    run: Handler[Nothing, Nothing]
    pause: Handler[Nothing, Nothing]
    pace: Handler[Pace, Nothing]
    update: Handler[Nothing, Nothing]
    epoch: Handler[Nothing, Nothing]
    new_start: Handler[NewStart, Nothing]
    settings: Handler[SettingsChange, Nothing]
    pin: Handler[Nothing, Nothing]
    unpin: Handler[Unpin, Nothing]
    seen: Handler[Seen, Nothing]


# What Python says without being asked.


class RunProgress(TypedDict):
    """How far a run is that goes on; with its losses from an epoch on, and its newest update."""

    updates: int
    first_epoch: int


class Reports(TypedDict):
    """Each kind, and what it holds."""

    progress: RunProgress
