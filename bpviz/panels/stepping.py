"""Panels that show something else, and in its place an update step by step."""

from __future__ import annotations

import traitlets

from bpviz.panels.panel import Panel
from bpviz.panels.traits import switch


class SteppingPanel(Panel):
    """A panel with a run.

    Attributes
    ----------
    stepping : bool
        Whether the panel shows the chosen update step by step, in the place of all else.
    """

    stepping = switch().tag(sync=True)
    _shown: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def go(self, ref: str) -> None:
        """Show the update step by step, at the step that writes a ref such as "d1[0]".

        Raises
        ------
        KeyError
            If no step writes it.
        """
        super().go(ref)
        self.stepping = True
