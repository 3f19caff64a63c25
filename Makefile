# Everything a person types. Only Python 3.11 or newer and make are needed; the rest goes into .venv.
.DEFAULT_GOAL := help
VENV := .venv
PYTHON := $(VENV)/bin/python
CRM := $(PYTHON) -m crm_app
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: docs help run demo pictures setup install install-tests migration test check lint fix bench dev lock

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

run: install ## install, migrate, build what changed, and serve on http://localhost:8000
	@$(CRM) serve --prepare

demo: export CRM_DATA ?= var/demo
demo: install ## the same in var/demo, filled with the story of a company; prints the logins
	@$(CRM) build && $(CRM) demo --if-empty && $(CRM) serve

setup: install ## the installing and building part of `run`; ends at once when nothing has changed
	@$(CRM) build

# A copy of the installed requirements lies in .venv: nothing is asked of pip while they are the same.
install:
	@test -x $(PYTHON) || python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kartoteka needs Python 3.11 or newer.")'
	@test -x $(PYTHON) || python3 -m venv $(VENV)
	@cmp -s requirements.txt $(VENV)/requirements.txt || { echo "Installing into $(VENV) …" && $(PIP) -r requirements.txt && cp requirements.txt $(VENV)/; }

install-tests: install
	@cmp -s requirements-test.txt $(VENV)/requirements-test.txt || { $(PIP) -r requirements-test.txt && cp requirements-test.txt $(VENV)/; }

migration: install-tests ## a new migration from what the models say: make migration m="add tasks"
	@folder=$$(mktemp -d) && export CRM_DATA=$$folder CRM_DATABASE_URL=sqlite:///$$folder/empty.db && \
	$(PYTHON) -m alembic upgrade head && $(PYTHON) -m alembic revision --autogenerate -m "$(m)" && $(VENV)/bin/ruff check --fix --quiet alembic && \
	$(VENV)/bin/ruff format --quiet alembic; rm -rf $$folder

lock: install-tests ## pin every dependency, for all platforms, with hashes
	$(PYTHON) -m uv pip compile --universal --python-version 3.11 --generate-hashes --quiet requirements.in -o requirements.txt
	$(PYTHON) -m uv pip compile --universal --python-version 3.11 --generate-hashes --quiet requirements-test.in -o requirements-test.txt

test: setup install-tests ## every test: unit, real servers, both databases, then the browser
	$(PYTHON) -m tests.browser
	$(PYTHON) -m pytest -q -n 2
	$(PYTHON) -m pytest -q -n 2 --dist loadfile tests/flows

check: lint ## format, lint, types, import rules, translations, migrations
	$(PYTHON) -m pytest -q tests/architecture tests/core/test_migrations.py

lint: install-tests ## the part of `check` that `test` does not have
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

docs: install-tests ## write docs/permissions.md from the code
	$(PYTHON) -m crm_app.permissions

fix: install-tests ## what `check` can repair by itself
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: setup install-tests ## benchmarks, one line per figure: name value unit budget
	@for bench in bench/[a-z]*.py; do $(PYTHON) -m bench.$$(basename $$bench .py) || exit 1; done


pictures: setup install-tests ## take the pictures of docs/pictures anew, of the demo company
	$(PYTHON) -m tests.browser
	$(PYTHON) -m tests.pictures

dev: install ## hot reload on http://localhost:8000, for who changes the program
	@$(CRM) dev
