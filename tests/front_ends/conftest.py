"""One Chromium for all front ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.start import chromium

PICTURES = Path(__file__).parents[2] / "build/front-ends-seen"
"""Each front end as it looked at the end of its test."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, the one that scripts/chromium finds."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures go."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
