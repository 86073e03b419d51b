"""Jupyter server extension: whatever link was used, JupyterLab opens at the first notebook.

A link to Binder may ask for JupyterLab, for the classic file list or for a notebook in the
classic view, and Binder's own choice for a plain link has changed over the years. All of
them end in JupyterLab here: at the notebook that the link names, else at the first.
"""

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado.web import RedirectHandler

START = "lab/tree/notebooks/00_start_here.ipynb"

REDIRECTS = {
    r"(?:tree|notebooks)/(.+\.ipynb)": "lab/tree/{0}",
    r"(?:lab|lab/tree|lab/tree/notebooks|tree|tree/.*)/?": START,
}


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Put the redirects before the pages that they replace.

    Jupyter asks its extensions in the order of their names, hence the name of this one.
    """
    handlers = [
        (
            url_path_join(server.base_url, pattern),
            RedirectHandler,
            {"url": url_path_join(server.base_url, target), "permanent": False},
        )
        for pattern, target in REDIRECTS.items()
    ]
    server.web_app.add_handlers(".*$", handlers)
