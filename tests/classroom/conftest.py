"""What the tests of a class share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import bpviz as bp


@pytest.fixture(autouse=True)
def _no_file_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    yield
    bp.progress(None)
