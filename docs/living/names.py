"""Names in the text: `bp.train` or `bpviz.train` in code type is a link to its reference.

With Sphinx's nitpicky mode, a name that does not exist is an error.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

NAME = re.compile(r"bp(?:viz)?\.(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")


def setup(app: Sphinx) -> None:
    """Add the transform."""
    app.add_transform(LinkNames)


class LinkNames(SphinxTransform):
    """Makes links of the names."""

    default_priority = 210

    def apply(self, **_options: object) -> None:
        """Put each such literal into a reference."""
        for literal in list(self.document.findall(nodes.literal)):
            found = NAME.match(literal.astext())
            if found is None or isinstance(literal.parent, pending_xref | nodes.reference):
                continue
            link = pending_xref(
                "",
                refdomain="py",
                reftype="obj",
                reftarget=f"bpviz.{found['name']}",
                refdoc=self.env.docname,
                refwarn=True,
            )
            link.source, link.line = literal.source, literal.line
            literal.replace_self(link)
            link += literal
