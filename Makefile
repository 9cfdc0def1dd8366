# Everything a developer does, by name. `make` alone lists it. Needs Python 3.11 or newer, make, and nothing else.

PYTHON ?= python3
COMPOSE ?= docker compose
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
LOCKING := .venv-lock
CODE := runtime channels credex actors tests
PIP := -m pip --disable-pip-version-check
DEV_COMPOSE := $(COMPOSE) --file docker/compose.dev.yaml
PROD_COMPOSE := $(COMPOSE) --env-file .env --file docker/compose.yaml

.DEFAULT_GOAL := help
.NOTPARALLEL:

# `make diff dev prod` names two branches, which are no goals, and least of all the goals of the same name.
ifeq (diff,$(firstword $(MAKECMDGOALS)))
BRANCHES := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))

.PHONY: diff $(BRANCHES)
diff:
	@docker/diff $(BRANCHES)
$(sort $(filter-out diff,$(BRANCHES))): diff
	@:
else

.PHONY: help
help:  ## List what make can do
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

##
## Running

.PHONY: install
install: $(VENV)/.dev-stamp  ## Make .venv with the locked dependencies and this project in it

.PHONY: dev
dev: install  ## Run everything on this machine, simulators included: http://localhost:8000/simulator
	@$(BIN)/vimbiso dev

.PHONY: chat
chat: install  ## Chat with it in this terminal
	@$(BIN)/vimbiso chat

.PHONY: core
core: install  ## Run the credex-core simulator alone, over HTTP
	@$(BIN)/vimbiso core

##
## Checking

.PHONY: test
test: install redis-server chromium check  ## Everything a change must pass: the checks, the tests, the coverage floor
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: check
check: install  ## Lint, formatting, types and import rules, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/flake8 $(TRIO_RULES) $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# flake8 knows what ruff does not of Trio. Left out: 114 wants a list of all that can be started; 124 minds handlers and
# protocol methods that are async without waiting; 127 wants another httpx than ours; 128 does not see a task_status that
# is handed on; 9xx want a checkpoint in everything, and are off by default.
TRIO_RULES := --select ASYNC --ignore ASYNC114,ASYNC124,ASYNC127,ASYNC128,ASYNC9

.PHONY: bench
bench: $(BENCH)/.stamp  ## Measure what a message costs
	$(BENCH)/bin/python -m tests.benchmarks

.PHONY: crash
crash: install redis-server  ## Kill the server two hundred times on each store, and Redis too, and see that nothing is lost
	$(BIN)/python -m tests.crash --store sqlite
	$(BIN)/python -m tests.crash --store redis
	$(BIN)/python -m tests.crash --store redis --kill any

.PHONY: simulate
simulate: install  ## Play SEEDS=1000 worlds with all kinds of trouble, or tell the story of one: SEED=7
	@$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),1000) --first $(or $(FIRST),0))

.PHONY: mutants
mutants: install  ## Plant faults in the protocol, and see that each is found
	@$(BIN)/python -m tests.simulation.mutants

.PHONY: map
map: install  ## Draw all dialogs and their transitions anew: actors/dialogs/MAP.md
	@$(BIN)/python -m tests.dialog_map

.PHONY: segments
segments: install  ## Measure what every screen and every sentence takes as a text message
	@$(BIN)/python -m tests.segments

.PHONY: diff
diff:  ## make diff <from> <to>: what one branch would bring to another, in projects/diff_output.txt
	@docker/diff

.PHONY: lock
lock: $(LOCKING)/.stamp  ## Make the lock files again from pyproject.toml (UPGRADE=1 takes newer releases)
	$(LOCK) requirements.lock
	$(LOCK) requirements-dev.lock --extra dev --constraint requirements.lock
	$(LOCK) requirements-bench.lock --extra dev --extra bench --constraint requirements-dev.lock

##
## Containers

.PHONY: dev-build
dev-build:  ## Build the image for development
	$(DEV_COMPOSE) build

.PHONY: dev-up
dev-up:  ## Run `vimbiso dev` in a container, with this folder's code
	$(DEV_COMPOSE) up

.PHONY: dev-down
dev-down:  ## Stop it
	$(DEV_COMPOSE) down

.PHONY: prod
prod: prod-build prod-up  ## Build the image and run it with real channels, in the background

.PHONY: prod-build
prod-build: .env  ## Build the image
	$(PROD_COMPOSE) build

.PHONY: prod-up
prod-up: .env  ## Run it with the settings in .env, in the background
	$(PROD_COMPOSE) up --detach

.PHONY: prod-down
prod-down: .env  ## Stop it; what is stored stays
	$(PROD_COMPOSE) down

##
## What the goals above stand on

LOCK = $(LOCKING)/bin/uv pip compile --quiet --system-certs --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate $(if $(UPGRADE),--upgrade) pyproject.toml --output-file

.env:
	@echo "There is no .env: copy .env.example to .env and fill it in." >&2; exit 1

.PHONY: python
python:
	@$(PYTHON) --version >/dev/null 2>&1 || \
		{ echo "$(PYTHON) is not there: install Python 3.11 or newer, or name yours: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than Python 3.11: install a newer one, or name yours: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.dev-stamp: pyproject.toml requirements-dev.lock | python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) install --quiet --require-hashes --requirement requirements-dev.lock
	$(BIN)/python $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(BENCH)/.stamp: pyproject.toml requirements-bench.lock | python
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python $(PIP) install --quiet --require-hashes --requirement requirements-bench.lock
	$(BENCH)/bin/python $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(LOCKING)/.stamp: | python
	$(PYTHON) -m venv $(LOCKING)
	$(LOCKING)/bin/python $(PIP) install --quiet uv
	@touch $@

# Some tests want the real thing: a Redis server, a browser. Without it they are skipped, and say so.
APT_INSTALL := DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 timeout 300 apt-get install --yes --quiet --no-install-recommends
.PHONY: redis-server chromium
redis-server chromium:
	@command -v $@ >/dev/null || { \
		echo "$@ is not there: getting it"; \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		{ $(APT_INSTALL) $@ || { apt-get update --quiet && $(APT_INSTALL) $@; }; } >/dev/null 2>&1; \
	} || echo "$@ could not be installed: tests that need it are skipped. Install it to run them."

endif
