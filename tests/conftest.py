"""Settings that every test shares."""

import os

import hypothesis

# No test opens a window, whatever screen the machine has.
os.environ["MPLBACKEND"] = "agg"

# Without a deadline, since a busy machine is no defect; in CI the same examples every time.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")
