"""Settings that every test shares."""

import gc
import os
import sys
from collections.abc import Iterator

import hypothesis
import pytest

# No test opens a window, whatever screen the machine has.
os.environ["MPLBACKEND"] = "agg"

# A busy machine is no defect. The examples are the same every time, so that a change is to blame
# for what fails; `make unit ARGS=--hypothesis-profile=explore` tries others.
PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("same", derandomize=True, print_blob=True, **PATIENT)
hypothesis.settings.register_profile("explore", print_blob=True, **PATIENT)
hypothesis.settings.load_profile("same")


def pytest_collection_finish() -> None:
    """Let no garbage collection look again through all that was imported."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_figure_is_left() -> Iterator[None]:
    """Close what a test has drawn, so that the next begins without figures."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
