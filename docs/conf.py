"""How Sphinx builds the site. `make docs` calls it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bpviz

project = "bpviz"
author = "the bpviz developers"
copyright = author  # noqa: A001  # as Sphinx calls it
version = release = bpviz.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_design",
    "sphinx_copybutton",
    "living",
]
exclude_patterns = ["conf.py", "living/**", "static/**", "teaching/slides.ipynb"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".py": "myst-nb"}

# A name that leads nowhere is an error.
nitpicky = True
# Attributes of `bpviz.Mistake`, which numpydoc takes for methods since they are functions.
nitpick_ignore = [("py:obj", "alters"), ("py:obj", "reorders")]
default_role = "code"

# Notebooks and recipes are run by `living.runs`, beforehand and on all cores.
nb_execution_mode = "off"
nb_custom_formats = {
    ".ipynb": ["living.runs.read_notebook", {}, False],
    ".py": ["living.runs.read_recipe", {}, False],
}
nb_ipywidgets_js = {}
nb_merge_streams = True
nb_render_text_lexer = "none"
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autosummary_generate = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
add_module_names = False
toc_object_entries_show_parents = "hide"

html_title = "bpviz"
html_theme = "pydata_sphinx_theme"
html_static_path = ["static"]
html_show_sourcelink = False
html_copy_source = False
# The search would fetch the pages that it finds, which none may that comes from a file.
html_show_search_summary = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"text": "bpviz"},
    "navbar_align": "left",
    "navbar_persistent": ["search-button"],
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "back_to_top_button": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    # The arrow keys step through panels.
    "navigation_with_keys": False,
}
