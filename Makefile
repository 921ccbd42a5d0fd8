# make install   .venv from the lock file       make demo   the main job on the bundled sample
# make test      set-up and the quick suite     make check  ruff and mypy     make lock  renew the lock file
PYTHON ?= python3
BIN := .venv/bin
SELECT ?= not slow
WORKERS ?= 2

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
DOTS := import sys; [print(end=".", flush=True) for line in sys.stdin if line.startswith("Collecting")]

.PHONY: install demo test check lock slow validators translations pictures dist audit

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Slugline needs Python 3.11 or newer; say which with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Installing into .venv: one to three minutes and 1.1 GB on disk, once. Each dot is a package."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock \
		2>.venv/install.log | $(PYTHON) -u -c '$(DOTS)' && echo || \
		{ cat .venv/install.log; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install
	@echo "The demo keeps to .demo; make DEMO='--port 8080' demo passes options on."
	$(BIN)/slugline demo $(DEMO)

test: install
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "$(SELECT)"

slow: install
	$(BIN)/pytest

# Tools that read exports, for tests/export/test_validators.py; they are no part of what users install.
validators: .venv-validators/.installed

.venv-validators/.installed: tests/export/validators/requirements.txt
	$(PYTHON) -m venv .venv-validators
	.venv-validators/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Takes the pictures of README and docs anew, of the sample, in Chromium.
pictures: install
	$(BIN)/python -m tests.browser.pictures

# Brings new texts of the pages into web/translation/*.po, and names what has no translation yet.
translations: install
	$(BIN)/python -m web.translation.extract

check: install
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# The wheel and the sdist of a release, in dist/.
dist: install
	$(BIN)/uv build --no-build-isolation --python $(BIN)/python --out-dir dist

# Known vulnerabilities of what the lock names; without a network it says so, and that is no failure.
audit: install
	$(BIN)/python .ci/audit

lock: install
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --output-file tests/export/validators/requirements.txt tests/export/validators/requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra dev --extra fulltext --extra tantivy --extra opensearch --extra parquet --extra graph --extra postgresql --extra dask --extra pages --extra warc --extra oidc --extra server --output-file requirements.lock pyproject.toml
