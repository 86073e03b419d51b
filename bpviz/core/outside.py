"""What other parts of the package do with objects of the core, which imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

_MODULES: dict[str, str] = {}


def offer(**modules: str) -> None:
    """Say in which module each function is: `offer(to_torch="bpviz.export.pytorch")`."""
    _MODULES.update(modules)


def outside(function: str) -> Callable[..., Any]:
    """Return a function that was offered; its module is imported when it is first asked for."""
    found: Callable[..., Any] = getattr(import_module(_MODULES[function]), function)
    return found


class DrawsItself:
    """What shows a picture in a notebook, beside its words."""

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        picture: dict[str, str] = outside("mimebundle")(self)
        return picture
