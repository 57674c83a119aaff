# What there is to do here. `make` alone lists it; the text after ## is the list's.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
INSTALLED := .venv/installed
PEERS := .venv/peers
PLAYERS := .venv/players
AXE := .cache/package/axe.min.js
AXE_VERSION := 4.14.1
AXE_HASH := e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
UV := $(BIN)/uv

# Each of the processes of a test run would rewrite every test's assertions anew: 9 seconds of each.
unexport PYTHONDONTWRITEBYTECODE

# 3.11 first, because that is what the tests run on. A Debian without python3-venv has no ensurepip.
PYTHONS := python3.11 python3.12 python3.13 python3.14 python3
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(INSTALLED) ## The whole product with a demo seller; needs no account, no PostgreSQL, no Redis. Ctrl-C stops it
	@exec $(BIN)/stock-tracker demo

# Three for two cores, and the stories first: they wait for each other's minutes to pass.
.PHONY: test
test: $(INSTALLED) ## All tests, on servers of their own. A part: make test ARGS="-k turnover"
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder tests/stories tests $(ARGS)

.PHONY: chaos
chaos: $(INSTALLED) ## The long proofs: storms, workers and servers killed again and again. A minute of it: make chaos ARGS="--seconds 60"
	$(BIN)/pytest -q tests/chaos $(ARGS)

# In `make test` they have Personal ones.
.PHONY: stories
stories: $(INSTALLED) ## All stories with each kind of token in turn; plain Base tokens make them long
	@for kind in secret personal base; do \
	  echo "Tokens: $$kind"; STORIES_TOKEN=$$kind $(BIN)/pytest -n 3 --dist loadfile tests/stories $(ARGS) || exit 1; \
	done

.PHONY: check
check: $(INSTALLED) ## Style, format, types, architecture, snapshots
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_architecture.py tests/test_snapshots.py

.PHONY: format
format: $(INSTALLED) ## Put the code into its format, and mend what can be mended without thought
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(PEERS) ## All measurements, as JSON lines. One: make bench ONLY=sync
	@$(BIN)/python -m benchmarks $(ONLY)

# What others are measured against; no part of what `make install` installs.
$(PEERS): requirements.bench.lock $(INSTALLED)
	@echo "Installing the packages of requirements.bench.lock"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.bench.lock
	@touch $@

COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command "make lock" pyproject.toml

.PHONY: lock
lock: $(INSTALLED) ## The locks from pyproject.toml. Newer versions: make lock ARGS=--upgrade
	$(UV) $(COMPILE) --extra sandbox --extra dev --output-file requirements.lock $(ARGS)
	$(UV) $(COMPILE) --constraint requirements.lock --output-file requirements.prod.lock
	$(UV) $(COMPILE) --extra bench --constraint requirements.lock --output-file requirements.bench.lock
	$(UV) $(COMPILE) --extra browser --constraint requirements.lock --output-file requirements.browser.lock

.PHONY: words
words: $(INSTALLED) ## Bring the console's Russian catalogue up to date with the code
	@$(BIN)/python -m app.web.console.words

.PHONY: browser
browser: $(PLAYERS) $(AXE) ## The console in Chromium, as people see it; pictures in .cache/screens
	@command -v chromium >/dev/null || { echo "Chromium is needed: sudo apt-get install -y chromium" >&2; exit 1; }
	$(BIN)/pytest -q tests/browser $(ARGS)

# What drives the browser; no part of what `make install` installs.
$(PLAYERS): requirements.browser.lock $(INSTALLED)
	@echo "Installing the packages of requirements.browser.lock"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.browser.lock
	@touch $@

# The accessibility checks, from whichever registry npm is set up for; nothing of it is kept in git.
$(AXE):
	@command -v npm >/dev/null || { echo "npm is needed: sudo apt-get install -y npm" >&2; exit 1; }
	@mkdir -p .cache
	@cd .cache && npm pack --silent axe-core@$(AXE_VERSION) >/dev/null
	@cd .cache && echo "$(AXE_HASH)  axe-core-$(AXE_VERSION).tgz" | sha256sum --check --quiet
	@tar -xzf .cache/axe-core-$(AXE_VERSION).tgz -C .cache package/axe.min.js package/LICENSE
	@touch $@

.PHONY: clean
clean: ## Remove the environment and the caches; data stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: install
install: $(INSTALLED) ## The environment in .venv; every target that needs it makes it

# uv itself comes from the lock too, so that pip checks its hash.
$(INSTALLED): requirements.lock pyproject.toml
	@rm -f $@
	@$(BIN)/python -c '' 2>/dev/null && test -x $(UV) || { $(MAKE) --no-print-directory venv; }
	@echo "Installing the packages of requirements.lock"
	@$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: venv
venv:
	@for name in $(PYTHONS); do \
	  if $$name -c '$(USABLE)' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11 or newer with venv and pip is needed. On Debian and Ubuntu (12, 24.04 or later):" >&2; \
	  echo "  sudo apt-get update && sudo apt-get install -y python3 python3-venv" >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$($$python --version)"; \
	$$python -m venv --clear .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
