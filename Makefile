# Asset Hub. `make run` and `make test` need Python 3.11 or newer, git and make, and nothing else.
.PHONY: help setup run test check fix shots
.DEFAULT_GOAL := help

BIN := .venv/bin
READY := .venv/.ready
READY_FOR_WORK := .venv/.ready-for-work
SHOTS ?= var/shots
# These look at files, or try both databases by themselves: no need to do it again on PostgreSQL.
ONCE := architecture backup docs migrations routes settings start

help: ## Say what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(READY) ## Install what the site needs, and start nothing

run: $(READY) ## Start the site and its worker on http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL)
	@exec deploy/run

test: check ## Check everything, then run every test: on SQLite with a browser, and on PostgreSQL
	@deploy/chromium
	$(BIN)/pytest -q -n auto
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -n auto -m "not browser and not faults" \
		$(ONCE:%=--ignore=tests/test_%.py)

check: $(READY_FOR_WORK) ## Check the code's form, its types and the migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_migrations.py

fix: $(READY_FOR_WORK) ## Put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

shots: $(READY_FOR_WORK) ## Take a picture of every page, wide and narrow, into SHOTS=folder
	$(BIN)/python -m tests.browser.shots $(SHOTS)

$(READY): requirements.txt
	@deploy/venv requirements.txt
	@touch $@

$(READY_FOR_WORK): requirements.txt requirements-dev.txt
	@deploy/venv requirements-dev.txt
	@touch $(READY) $@
