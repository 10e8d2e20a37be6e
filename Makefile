# Bachat Haat on one machine. `make help` lists what can be asked.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
RUN := .venv/bin/python
PYTEST := $(RUN) -m pytest
CRDS ?= ../shared/data/crds
TYPED := services shared tools deploy bench tests
PROPERTY_EXAMPLES ?= 2000

.PHONY: help env run up down reset test check static k8s unit properties contract integration journeys chaos fuzz bench contracts \
	doctor fmt lint types lock ops-check dashboards manifests backup restore

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ The system on this machine
run: env ## Start everything, print where it is; Ctrl-C stops it
	@$(RUN) -m deploy.local run

up: env ## The same in the background; returns when all is ready
	@$(RUN) -m deploy.local up

down: env ## Stop what `up` started; the data stays
	@$(RUN) -m deploy.local down

reset: env ## Clear the data (refuses while it runs)
	@$(RUN) -m deploy.local reset

backup: env ## Save every database as it runs (SERVICE=orders: that one), into a folder beside the data: .run-backups
	@$(RUN) -m tools.backup write $(if $(SERVICE),--service $(SERVICE))

restore: env ## Put one back: FROM=.run-backups/… OVER=1, under BACHAT_WITHOUT=orders make up (docs/backup.md)
	@$(RUN) -m tools.backup restore $(or $(FROM),--help) $(if $(OVER),--over)

doctor: ## What this machine lacks, and the command that brings it
	@$(PYTHON) tools/doctor.py

##@ Proof
test: check properties ops-check integration journeys ## Everything that must pass before a change lands, chaos included
	@$(PYTEST) tests/chaos -m "not long" -n 2 --dist loadfile

check: lint types static unit contract ## Format, lint, types, import rules, unit and contract tests, manifests; no server

static: env ## Manifests, Dockerfile and scripts, without a cluster, an engine or custom resources' definitions
	@$(RUN) -m tools.kubernetes --crds $(CRDS) --crds-optional
	@.venv/bin/hadolint Dockerfile
	@.venv/bin/shellcheck .ci/run $$(find deploy tools -name "*.sh")

k8s: env ## The manifests, against custom resources' definitions too (CRDS=FOLDER)
	@$(RUN) -m tools.kubernetes --crds $(CRDS)

unit: env ## Rules and kernel with fakes
	@$(PYTEST) tests/unit -n 2

properties: env ## The draw's proofs on random draws, specification and engine: PROPERTY_EXAMPLES=2000 each
	@PROPERTY_EXAMPLES=$(PROPERTY_EXAMPLES) $(PYTEST) tests/properties -n 2

contract: env ## The published language: goldens, examples, compatibility
	@$(PYTEST) tests/contract

integration: env ## Against a real Kafka and MongoDB of its own
	@$(RUN) -m deploy.local with-servers -- $(PYTEST) tests/integration -n 3 --dist loadfile

journeys: env ## Through the gateway, on the whole system
	@$(PYTEST) tests/journeys

chaos: env ## Orders under every kind of fault for MINUTES=10, then the long controls (10 more); report in .run/chaos
	@$(RUN) -m tests.chaos.long $(or $(MINUTES),10)
	@$(if $(CHAOS_ROUND),,$(PYTEST) tests/chaos -m long)

fuzz: env ## Every route and topic with whatever bytes (FUZZ_EXAMPLES=200 each)
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-200} $(RUN) -m deploy.local with-servers -- $(PYTEST) tests/integration/fuzz -n 2

bench: env ## Figures beside their limits, as a table and as JSON (30 minutes; NAMES="orders chain" for some)
	@$(PYTHON) deploy/local/install.py bench
	@BACHAT_KAFKA_JAVA= $(RUN) -m deploy.local with-servers -- $(RUN) -m bench $(NAMES)

ops-check: env ## Alert rules and their tests by promtool (fetches Debian's prometheus into .cache)
	@$(RUN) -m tools.alerts

##@ The code
fmt: env ## Format and mend what can be mended
	@$(RUN) -m ruff format $(TYPED)
	@$(RUN) -m ruff check --fix $(TYPED)

lint: env ## Format, rules and who may import what
	@$(RUN) -m ruff format --check $(TYPED)
	@$(RUN) -m ruff check $(TYPED)
	@.venv/bin/lint-imports --no-cache

types: env ## mypy, strict
	@$(RUN) -m mypy $(TYPED)

dashboards: env ## Write Grafana's dashboards anew from the registry of metrics
	@$(RUN) -m tools.dashboards

manifests: env ## Write anew what deploy/k8s says of routes, topics, rights, rules and dashboards
	@$(RUN) -m tools.manifests

contracts: env ## Write docs/ anew from the contracts: AsyncAPI, OpenAPI
	@$(RUN) -m tools.contracts

##@ The environment
env: ## uv and the locked packages, by pip (nothing to do the second time)
	@$(PYTHON) deploy/local/install.py

lock: ## Resolve pyproject.toml anew (versions stay unless UPGRADE=NAME)
	@$(PYTHON) deploy/local/install.py uv
	@UV_PYTHON_DOWNLOADS=never .uv/bin/uv lock $(if $(UPGRADE),--upgrade-package $(UPGRADE))
	@sh deploy/local/unhost_lock.sh
	@$(MAKE) --no-print-directory env
