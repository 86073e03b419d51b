"""Two directives: `panel` puts a recipe's panel into a page, `cards` the recipes' pictures."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from living import runs
from living.places import picture_of

PICTURE = re.compile(r'<img alt="[^"]*" src="data:image/[^"]*">')


def setup(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("panel", PanelDirective)
    app.add_directive("cards", CardsDirective)


class PanelDirective(SphinxDirective):
    """The panel of a recipe: ``{panel} step_through_an_update``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return its place."""
        [name] = self.arguments
        self.env.note_dependency(str(runs.DOCS / "gallery" / f"{name}.py"))
        html = [
            output["data"]["text/html"]
            for output in runs.outputs_of_recipe(name)
            if "bpviz-place" in output.get("data", {}).get("text/html", "")
        ]
        if not html:
            raise self.error(f"the recipe {name} has no panel")
        return [nodes.raw("", html[-1], format="html")]


class CardsDirective(SphinxDirective):
    """Recipes as cards, one a line: each with its title, its picture and a link."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the cards."""
        cards = nodes.container(classes=["cards"])
        for name in self.content:
            self.env.note_dependency(str(runs.DOCS / "gallery" / f"{name}.py"))
            shown = [one for output in runs.outputs_of_recipe(name) if (one := small(output))]
            if not shown:
                raise self.error(f"the recipe {name} shows nothing")
            card = nodes.container(classes=["card-of-recipe"])
            card += nodes.raw("", shown[-1], format="html")
            card += self.parse_text_to_nodes(f"[{runs.title_of_recipe(name)}](/gallery/{name}.py)")
            cards += card
        return [cards]


def small(output: NotebookNode) -> str:
    """Return the picture of an output as HTML, or what else it shows, made small; or nothing."""
    data = output.get("data", {})
    html, words = data.get("text/html", ""), data.get("text/plain", "")
    if shown := PICTURE.search(html):
        return shown[0]
    if picture := picture_of(output):
        return f'<img alt="{escape(words)}" src="{escape(picture)}">'
    if not html:
        return ""
    said = escape(words.partition("\n")[0])
    return f'<div class="small" role="img" aria-label="{said}"><div inert>{html}</div></div>'
