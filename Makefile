# The README's two commands are `make demo` and `make test`. Each sets up all it needs in .venv, then does its job.
PYTHON ?= python3
BIN := .venv/bin
BOXES := core $(wildcard plugins/*)
READY := .venv/.ready

.PHONY: demo test check bench lock clean

demo: $(READY)
	$(BIN)/tianbao demo

test: $(READY)
	$(BIN)/pytest

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/pytest tests/benchmarks -o python_files='bench_*.py'

# What is installed follows the lock, and the lock follows the boxes.
$(READY): requirements.lock pyproject.toml $(BOXES:%=%/pyproject.toml)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(BOXES:%=-e ./%)
	touch $(READY)

# uv.lock would record the hosts of registries: only the export, with hashes and no hosts, is kept.
lock:
	test -x $(BIN)/uv || ($(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet uv)
	$(BIN)/uv lock --quiet
	$(BIN)/uv export --quiet --no-emit-workspace --all-packages --all-groups --all-extras --no-header \
	    --format requirements-txt --output-file requirements.lock
	rm uv.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
