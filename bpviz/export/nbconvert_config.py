"""Settings of nbconvert, as etc/jupyter/jupyter_nbconvert_config.py: its pages have living panels.

What else is set there, by anyone, stays. Where bpviz is not installed for the Python that runs
nbconvert, nothing is set.
"""

from importlib.util import find_spec

if find_spec("bpviz"):
    settings = get_config()  # type: ignore[name-defined] # noqa: F821
    settings.HTMLExporter.preprocessors.append("bpviz.export.converted.LivingPanels")
