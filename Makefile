# run · test · check · bench: each sets up what it needs on a fresh machine with Python >= 3.11, make and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check bench lock format programs peers

run: $(VENV)/.installed
	@scripts/system.sh sandbox
	@$(BIN)/bench run --tasks functions,invoices,receipts
	@echo "bench is $(BIN)/bench here; . $(BIN)/activate puts it on the path."

test: $(VENV)/.installed
	@scripts/system.sh sandbox browser ocr
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory programs
	@$(BIN)/pytest -n 2 --dist loadscope -rs

check: $(VENV)/.installed
	@$(BIN)/python scripts/lock.py --check
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@for folder in $$(git ls-files 'tasks/*/task.yaml' 'tests/tasks/*/task.yaml' | xargs -n 1 dirname); do \
		files=$$(git ls-files "$$folder/*.py"); test -z "$$files" || $(BIN)/mypy --no-error-summary $$files || exit 1; done
	@$(BIN)/lint-imports --no-logo

programs: $(VENV)/.installed
	@$(BIN)/python tests/peers.py || true

bench: $(VENV)/.installed
	@$(MAKE) --no-print-directory peers
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

peers: $(VENV)/.installed
	@$(BIN)/python benchmarks/contestants/install.py || true

format: $(VENV)/.installed
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --fix --quiet .

lock: $(VENV)/.installed
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/lock.py

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies into $(VENV)"
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
