# On a fresh machine with Python 3.11 or newer: `make demo` shows Dateline at work, `make test` runs its tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH ?= ../shared/bench

.PHONY: help demo test check search proof format bench lock clean
help:  ## what can be made here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# Two stamps: what it takes to run Dateline, and what it takes to work on it.
$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Dateline needs Python 3.11 or newer: make PYTHON=python3.11 demo")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run  ## a digest of the sample articles, then a prompt
	@$(BIN)/dateline demo

test: $(VENV)/.dev  ## the whole test suite
	$(BIN)/python -m pytest -q -n auto

check: $(VENV)/.dev  ## what CI runs: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n auto

search: $(VENV)/.dev  ## the property tests, on inputs that nobody has tried
	$(BIN)/python -m pytest -q -n auto -m hypothesis --hypothesis-profile=search

proof: $(VENV)/.dev  ## 200 real kills while digests go out: each post once, in order
	$(BIN)/python -m tests.proof

format: $(VENV)/.dev  ## mends formatting and what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## figures on public data in $(BENCH)
	$(BIN)/python -m tests.bench --data $(BENCH)

lock: $(VENV)/.dev  ## new locks from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements-dev.lock

clean:  ## removes the environment and caches
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
