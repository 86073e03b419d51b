"""The texts of objects that are no classes and no functions: they stand below their definition."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import Any


def text_of_object(name: str, obj: Any) -> str:
    """Return the text below the assignment that defines an object of bpviz; empty if none is."""
    defining = (
        module
        for module, found in list(sys.modules.items())
        if module.startswith("bpviz.") and vars(found).get(name) is obj
    )
    return next((text for module in defining if (text := _texts(module).get(name))), "")


@cache
def _texts(module: str) -> dict[str, str]:
    found = {}
    for assignment, text in pairwise(ast.parse(inspect.getsource(sys.modules[module])).body):
        if isinstance(assignment, ast.Assign) and isinstance(text, ast.Expr):
            said = inspect.cleandoc(str(getattr(text.value, "value", "")))
            found |= {target.id: said for target in assignment.targets if hasattr(target, "id")}
    return found
