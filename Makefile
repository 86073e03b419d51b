# Every habit of the project. `make help` lists them.

VENV := .venv
BIN := $(VENV)/bin
# The lists are complete. What is imported is compiled then; most of what is installed never is.
PIP := PIP_COMPILE=0 $(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps
FRONTEND := bpviz/frontend
EVERYWHERE := build/front-ends

# What a process imports is compiled once and kept, also where the environment forbids to keep it:
# a run starts some hundred processes, and each would compile the same modules again.
export PYTHONDONTWRITEBYTECODE :=

# Each check prints all that it has to say when it has ended, where make knows how to do that.
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.DEFAULT_GOAL := help
.PHONY: help lab test lint format types unit frontend nbval binder browser browsers everywhere versions
.PHONY: bench notebooks pictures looks docs docs-check build lock clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

lab: $(VENV)/.lab ## open JupyterLab at the first notebook; ARGS="--port 8890" passes options on
	$(BIN)/bpviz lab --directory notebooks $(ARGS)

# What waits for the network or for a kernel leaves room for another. The browser has all cores.
test: ## run every check below, as CI does
	$(MAKE) --jobs=2 $(VENV)/.test $(FRONTEND)/node_modules/.package-lock.json
	$(MAKE) lint
	$(MAKE) --jobs=2 $(TOGETHER) browsers unit binder types frontend nbval
	$(MAKE) browser

lint: $(VENV)/.test ## check style and format, notebooks too
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(VENV)/.test ## format the code and the notebooks
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(VENV)/.test ## check the type hints
	$(BIN)/mypy

unit: $(VENV)/.test $(FRONTEND)/node_modules/.package-lock.json ## run the tests that need no browser
	$(BIN)/pytest tests --ignore=tests/browser --ignore=tests/binder --ignore=tests/site \
		--ignore=tests/front_ends \
		--numprocesses auto --dist worksteal $(ARGS)

frontend: $(FRONTEND)/node_modules/.package-lock.json ## check the front end and that its bundle is up to date
	cd $(FRONTEND) && npm run check && npm test
	scripts/check-bundle

nbval: $(VENV)/.test ## run the notebooks and compare what they print
	$(BIN)/pytest --nbval --nbval-current-env --numprocesses auto --dist loadfile notebooks $(ARGS)

binder: $(VENV)/.test ## check what Binder would install
	$(BIN)/pytest tests/binder $(ARGS)

browsers: $(VENV)/.test
	-scripts/other-browsers
	-scripts/chromium --install

browser: browsers $(FRONTEND)/node_modules/.package-lock.json ## run the tests in JupyterLab in Chromium, and a few in Firefox and WebKit
	BPVIZ_CHROMIUM="$$(scripts/chromium)" && export BPVIZ_CHROMIUM && \
	$(BIN)/pytest tests/browser --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

everywhere: $(EVERYWHERE)/.installed ## use the panels in Voilà, marimo, Solara and Panel, with an environment of its own
	-scripts/other-browsers
	-scripts/chromium --install
	BPVIZ_CHROMIUM="$$(scripts/chromium)" && export BPVIZ_CHROMIUM && \
	$(EVERYWHERE)/bin/python -m pytest tests/front_ends $(ARGS)

versions: $(FRONTEND)/node_modules/.package-lock.json ## run the unit tests with Python 3.11 to 3.13 and the lowest dependencies; Error 2: one is missing
	scripts/versions $(ARGS)

bench: $(VENV)/.test ## measure speed and memory beside others; ARGS="training" for a part
	BPVIZ_CHROMIUM="$$(scripts/chromium --install)" $(BIN)/python -m benchmarks $(ARGS)

notebooks: $(VENV)/.test ## run the notebooks again and keep their new outputs
	$(BIN)/ruff format notebooks
	TQDM_DELAY=3600 $(BIN)/python scripts/run-notebooks notebooks/*.ipynb
	$(BIN)/bpviz strip notebooks/*.ipynb

pictures: $(VENV)/.test ## take the README's pictures again, and make a page of every state in build/looks
	BPVIZ_CHROMIUM="$$(scripts/chromium --install)" $(BIN)/python -m tests.browser.pictures
	-$(MAKE) looks

looks: $(VENV)/.test ## compare pictures of every state with those kept; ARGS=--accept keeps the new ones
	BPVIZ_CHROMIUM="$$(scripts/chromium --install)" $(BIN)/python -m tests.browser.looks $(ARGS)

docs: $(VENV)/.docs ## build the site in build/docs/html: the course alive, the reference, a gallery
	$(BIN)/sphinx-build --fail-on-warning --keep-going --jobs auto --quiet \
		--doctree-dir build/docs/doctrees docs build/docs/html
	@echo "Open build/docs/html/index.html, or put the folder on any host."

docs-check: $(VENV)/.test docs ## build the site, and check its links and its panels in Chromium
	BPVIZ_CHROMIUM="$$(scripts/chromium --install)" $(BIN)/pytest tests/site $(ARGS)

build: $(FRONTEND)/node_modules/.package-lock.json ## build the front end's bundle
	cd $(FRONTEND) && npm run build

lock: ## pin the dependencies anew
	scripts/lock

clean: ## remove everything that make made, the environment too
	rm -rf $(VENV) $(FRONTEND)/node_modules build dist docs/course/*.ipynb .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Each stamp is touched last, so that an interrupted installation is taken up again.

# The extension of JupyterLab is a copy of the built front end.
$(VENV)/.lab: requirements/lab.txt pyproject.toml $(wildcard bpviz/static/*)
	scripts/venv $(VENV)
	@echo "Installing JupyterLab, bpviz and what they need. The first time this takes a few minutes."
	$(PIP) -r requirements/lab.txt
	$(PIP) --editable .
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.lab
	@echo "Installing the test tools. The first time this takes a few minutes."
	$(PIP) -r requirements/test.txt
	touch $@

$(VENV)/.docs: requirements/docs.txt $(VENV)/.lab
	@echo "Installing Sphinx and its theme. The first time this takes a minute."
	$(PIP) -r requirements/docs.txt
	touch $@

# An environment of its own: a gigabyte that no other check needs.
$(EVERYWHERE)/.installed: requirements/front-ends.txt pyproject.toml $(wildcard bpviz/static/*) $(VENV)/.test
	scripts/venv $(EVERYWHERE)
	@echo "Installing the front ends. The first time this takes a few minutes."
	$(subst $(BIN),$(EVERYWHERE)/bin,$(PIP)) -r requirements/front-ends.txt
	$(subst $(BIN),$(EVERYWHERE)/bin,$(PIP)) --editable .
	touch $@

$(FRONTEND)/node_modules/.package-lock.json: $(FRONTEND)/package-lock.json
	scripts/node-modules
	touch $@
