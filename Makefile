# `make help` lists what there is. Needed: Python 3.11 or newer with venv or pip, git and make; nothing here asks for root.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
bin := .venv/bin

##@ Run
.PHONY: up demo
up: ## Start Firstcall here; prints its address and, the first time, a set-up link
	@tools/setup run
	@exec $(bin)/firstcall up

demo: ## Play the Friday evening on the running instance, in about two minutes
	@tools/setup run
	@exec $(bin)/firstcall demo

##@ Work on it
.PHONY: test check format docs lock
test: ## Every test: SQLite, PostgreSQL, real browser, Prometheus, Alertmanager
	@tools/setup dev
	@exec $(bin)/python -m tools.test $(ARGS)

check: ## Style, types, import arrows, migrations, the rules of the house
	@tools/setup dev
	@exec tools/check

format: ## Bring every file into the one format
	@tools/setup dev
	@$(bin)/ruff check --quiet --fix-only . && $(bin)/ruff format --quiet .

docs: ## Write the docs that are made from the registries (settings, journal, commands, API)
	@tools/setup dev
	@exec $(bin)/python -m tools.docs

lock: ## Lock the dependencies anew (UPGRADE=1: to their newest versions)
	@exec tools/lock

##@ Measure and prove
.PHONY: bench chaos shots fresh
bench: ## One measurement side by side with its peer: make bench NAME=intake (no NAME: the list)
	@tools/setup dev
	@exec $(bin)/python -m tools.bench $(NAME) $(ARGS)

chaos: ## The long runs: 200 kills, 20,000 simulated evenings; results in docs/chaos.md
	@tools/setup dev
	@exec $(bin)/python -m tools.chaos $(ARGS)

shots: ## Take the pictures of the README and the guides anew, in a real browser
	@tools/setup dev
	@FIRSTCALL_SHOTS=$(CURDIR)/docs/pictures $(bin)/python -m pytest -q -m browser tests/journeys
	@PYTHONPATH=src exec $(bin)/python -m tools.shots docs/pictures/prepare

fresh: ## Both commands on an imitated fresh machine: empty clone, bare environment, as root and as an ordinary user
	@exec tools/fresh

##@ Help
.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
