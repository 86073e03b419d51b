"""Living panels on the pages that JupyterLab's menu “Save and Export Notebook As” makes.

Jupyter's server makes them itself and reads no settings of nbconvert's command, so it gets the same
one by this extension; the wheel brings `server_extension.json` to where the server looks for it.
"""

from typing import Any

LIVING_PANELS = "bpviz.export.converted.LivingPanels"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Add to what is set for the server's exporters, by anyone."""
    settings = server.web_app.settings["config"]
    settings.HTMLExporter.preprocessors.append(LIVING_PANELS)
