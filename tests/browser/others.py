"""The browsers beside Chromium, each with how it is started, and whether it is there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.browser.firefox import FIREFOX, firefox
from tests.browser.other import OtherPage
from tests.browser.webkit import WEBKIT, webkit


class Kind(NamedTuple):
    """A browser."""

    start: Callable[[Path], AbstractContextManager[OtherPage]]
    is_there: bool


KINDS = {"firefox": Kind(firefox, bool(FIREFOX)), "webkit": Kind(webkit, bool(WEBKIT))}

EACH = [
    pytest.param(
        name, marks=pytest.mark.skipif(not kind.is_there, reason=f"{name} is not installed")
    )
    for name, kind in KINDS.items()
]
