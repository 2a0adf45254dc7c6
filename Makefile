# Two commands for newcomers: `make demo` runs the main job, `make test` passes the tests.
# Both work where there is only Python >= 3.11, git and make; second calls skip what is done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# The machines that matter have two cores; files stay whole, so that what a file builds is built once.
PYTEST_WORKERS ?= 2
SOAK := .cache/soak
SOAK_S ?= 600
KILLS ?= 50

.PHONY: demo test check soak soak-statistics soak-kill bench format docs lock s3 clean help

help:  ## Show what there is to make.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/'

demo: $(INSTALLED)  ## Run the main job on the embedded corpus: build, validate, run, compare, report.
	@$(BIN)/harness demo

test: $(INSTALLED)  ## Run the tests.
	@$(BIN)/pytest -q -n $(PYTEST_WORKERS) --dist loadfile

check: $(INSTALLED)  ## Lint, types, contracts, and whether the generated docs are up to date.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tests/generators/reference_docs.py --check

# Not in CI: a search is no test. The fuzzer lies beside the environment, not in it.
soak: $(INSTALLED) $(SOAK)/site  ## Search for SOAK_S seconds for bytes that break a law of reading and cleaning.
	@PYTHONPATH=$(SOAK)/site $(BIN)/python tests/soak/fuzz_bytes.py -max_total_time=$(SOAK_S) -max_len=2048 \
		-timeout=60 -dict=tests/soak/words.dict -artifact_prefix=$(SOAK)/ $(SOAK)/corpus

# Not in CI either: fifty builds.
soak-kill: $(INSTALLED)  ## Kill a build at KILLS random moments and compare the bytes of the same command given again.
	@$(BIN)/python tests/soak/kill_build.py --kills $(KILLS)

# Not in CI: peers are installed into .cache/bench, and a run takes long. Options come through the environment.
bench: $(INSTALLED)  ## Measure the goals of speed and quality against peers; BENCH_QUICK=1 for a minute's try.
	@$(BIN)/python benchmarks/contest
	@$(BIN)/python benchmarks/gates.py
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/comparison.py texts ratio shell $(if $(BENCH_QUICK),,many)
	@$(if $(HARNESS_DATA),$(BIN)/python benchmarks/text_metrics.py,echo "Text metrics: not measured, HARNESS_DATA is not set")

soak-statistics: $(INSTALLED)  ## Hold tests, power and intervals to 10,000 worlds in which the truth is known.
	@PYTHONPATH=tests $(BIN)/python tests/soak/soak_statistics.py

format: $(INSTALLED)  ## Format the code.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(INSTALLED)  ## Write the generated part of the docs.
	@$(BIN)/python tests/generators/reference_docs.py

lock: $(BIN)/uv  ## Resolve the dependencies anew, with hashes and without any address.
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		tests/requirements-s3.in --output-file tests/requirements-s3.lock

s3: $(INSTALLED)  ## Install a server and a client of S3 beside the environment, for the test that needs them.
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --target $(VENV)/s3 --require-hashes \
		-r tests/requirements-s3.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'harness needs Python 3.11 or newer: make PYTHON=/path/to/python3.11' >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(BIN)/uv: requirements-uv.lock | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(INSTALLED): requirements.lock pyproject.toml $(BIN)/uv
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(SOAK)/site: requirements-soak.lock $(INSTALLED)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --target $@ --only-binary :all: --require-hashes -r $<
	@touch $@

clean:  ## Remove what was built here, the environment included.
	@rm -rf $(VENV) $(SOAK) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
