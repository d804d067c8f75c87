# Two commands: `make demo` and `make test`. Each does all the set-up by itself.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
OUT ?= out
DEMO_LANG ?= en
YEAR = fixtures/bureau-2025

.PHONY: demo test nightly lint bench lock schemas clean

demo: $(VENV)/.runtime  ## evaluate the fixture year: terminal summary and HTML report
	$(BIN)/policyeval evaluate policy/bureau-responsibility-plan \
	  --organisation $(YEAR)/organisation.yaml --waivers $(YEAR)/waivers.yaml \
	  --events $(YEAR)/events.csv --profile $(YEAR)/profile.yaml \
	  --as-of 2025-12-31 --lang $(DEMO_LANG) --out $(OUT)/demo

test: $(VENV)/.dev  ## all tests; the browser tests need Chromium and are skipped without it
	$(BIN)/python -m pytest -n auto --dist worksteal

nightly: $(VENV)/.dev  ## the laws on 10,000 worlds from fresh seeds: hours
	HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -n auto --dist worksteal tests/laws

lint: $(VENV)/.dev  ## ruff (lint and format) and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev  ## the pipeline beside a bare read, hand-written SQL and the naive way
	$(BIN)/python benchmarks/run.py

schemas: $(VENV)/.dev  ## write docs/schemas/ from the models
	$(BIN)/python tools/write_schemas.py

lock:  ## pin the newest versions that pyproject.toml allows
	$(PYTHON) tools/lock.py

$(VENV)/.runtime: requirements.lock pyproject.toml
	$(PYTHON) tools/check_machine.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@

clean:
	rm -rf $(VENV) $(OUT) policyeval-report build dist
