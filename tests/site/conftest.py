"""These tests need the site, which `make docs` builds; without it there are none."""

from tests.site.built import PAGES

collect_ignore_glob = [] if PAGES else ["test_*.py"]
