"""The site as `make docs` has built it."""

from pathlib import Path

SITE = Path(__file__).parents[2] / "build" / "docs" / "html"
PAGES = sorted(path for path in SITE.rglob("*.html") if "_static" not in path.parts)
ALIVE = [path for path in PAGES if 'class="bpviz-place"' in path.read_text(encoding="utf-8")]
"""The pages that have panels."""
