# `make demo` and `make test` need Python 3.11 and this Makefile, and fetch or find everything else.

PYTHON ?= python3
BIN := .venv/bin
EXAMPLE := examples/social-50k.yaml

# What is compiled once is read by hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
# Small matrices: threads that wait for one another only take the cores from the other workers.
export OPENBLAS_NUM_THREADS := 1

.PHONY: help setup demo test life-cycles other-tests test-fast fast-tests lives kill-matrix drills drawn-drills fuzz tools collected lint clean

help:  ## Say what can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/installed  ## Install Groma, and find or fetch Terraform and its AWS provider.
	@$(BIN)/groma setup

.venv/installed: pyproject.toml
	@PYTHON=$(PYTHON) scripts/install-for-python .venv --editable '.[dev]'
	@touch $@

.venv-checkov/installed:
	@PYTHON=$(PYTHON) scripts/install-for-python .venv-checkov checkov
	@touch $@

demo: setup  ## Size, price, draw, provision and verify the application for 50,000 users.
	$(BIN)/groma up $(EXAMPLE)

test:  ## Run every test.
	@$(MAKE) --no-print-directory --jobs=5 life-cycles other-tests lint

LIFE_CYCLES := $(wildcard tests/live/test_life_cycle*.py)

life-cycles: setup  # These mostly wait for Terraform, so they go on beside the others.
	@$(BIN)/python -m pytest -n $(words $(LIFE_CYCLES)) --dist loadfile $(LIFE_CYCLES)

other-tests: setup .venv-checkov/installed collected
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(LIFE_CYCLES:%=--ignore=%)

tools: .venv/installed
	@scripts/nginx-for-tests
	@scripts/postgres-for-tests
	@scripts/valkey-for-tests
	@scripts/chromium-for-tests

collected: tools  # What pytest makes of the tests' assertions is kept, once for all workers.
	@$(BIN)/python -m pytest --collect-only --quiet >/dev/null

lives: setup  ## Take own applications through whole lives; hours, for nights.
	PYTHONPATH=tests $(BIN)/python tests/living.py

kill-matrix: setup  ## Kill commands, Terraform and the embedded cloud at 100 random points; some hours, for nights.
	PYTHONPATH=tests $(BIN)/python tests/killing.py --runs 100 --out kill-matrix.jsonl

DRILLED := $(filter-out examples/starter.yaml,$(wildcard examples/*.yaml))  # which answers nobody

drills: setup  ## Try every alarm of every example; twenty minutes, for nights.
	@bad=0; for each in $(DRILLED); do $(BIN)/groma drill $$each --all --planned || bad=1; done; exit $$bad

drawn-drills: .venv/installed  ## Try every alarm of 20 workloads at random; ten minutes. DRAWN=40 takes more, SEED=2 others.
	$(BIN)/python tests/questions/drills/drawn_drills.py $(or $(DRAWN),20) --seed $(or $(SEED),1)

test-fast: setup  ## Run the tests that take no time, without Terraform and the embedded cloud; a minute.
	@$(MAKE) --no-print-directory --jobs=2 lint fast-tests

fast-tests: setup
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not slow'

fuzz: .venv/installed  ## Read 10,000 workload files that are wrong at random; FUZZ=--plan plans what is accepted.
	$(BIN)/python tests/workload/mutated_files.py 10000 $(FUZZ)

# Ruff's cache does not notice that a module has become one of ours, and sorts its import as another's.
lint: .venv/installed
	$(BIN)/ruff check --no-cache
	$(BIN)/ruff format --check
	$(BIN)/mypy

clean:  ## Remove what was installed here; what is deployed stays.
	rm -rf .venv .venv-checkov .mypy_cache .pytest_cache .ruff_cache
