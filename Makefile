# Everything bootstraps itself: Python 3.11+ is all that a machine needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MEMBERS := shared services/ingest services/converter services/validator services/signer services/gib-gateway services/archive services/portal sandbox cli
STAMP := $(VENV)/.set-up

.PHONY: help setup demo up test check format bench lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(STAMP) ## Make .venv with everything in it

$(STAMP): requirements.lock $(MEMBERS:%=%/pyproject.toml)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 with venv is needed: on Debian, apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute)…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r <(sed -n '/^uv==/,/^[^ ]/{/^uv==/p;/^    --hash/p}' requirements.lock)
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(MEMBERS:%=-e ./%)
	@touch $(STAMP)

demo: setup ## File two firms' months end to end on this machine (KEEP=1 leaves it running)
	@$(BIN)/defterhane demo $(if $(KEEP),--keep)

up: setup ## Run the one-machine house with the sandbox
	@$(BIN)/defterhane up

test: setup ## Run all tests (starts its own servers on free ports)
	@$(BIN)/python tests/prepare.py
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: setup ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(MEMBERS:%=%/src)
	@$(BIN)/lint-imports

format: setup ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup ## Measure, as ratios against a named alternative (JSON in var/bench)
	@$(BIN)/python tests/performance/bench.py

lock: ## Make requirements.lock anew from the members' needs
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-package defterhane $(foreach m,ingest converter validator signer gib-gateway archive portal sandbox cli,--no-emit-package defterhane-$(m)) \
		-o requirements.lock requirements-dev.in requirements-members.in
	@sed -i '/^-e /d;/^\.\//d' requirements.lock

clean: ## Remove what was made (.venv and var)
	rm -rf $(VENV) var
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
