# Thin: each target is a command you can type yourself. `make help` lists them.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

BIN := .venv/bin
SPECS := pyproject.toml .ci/lock.txt .ci/bootstrap

# Handed to the recipes' shells as variables, so that no value needs quoting here.
export PYTHON TARGET PROFILE
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export HYPOTHESIS_STORAGE_DIRECTORY := build/cache/hypothesis

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: venv
venv: .venv/.stamp-dev ## set up .venv with everything a developer needs (PYTHON=… to choose one)

# What a run needs; a developer's environment holds it too.
.venv/.stamp: $(SPECS)
	@.ci/bootstrap kit
	@touch $@

.venv/.stamp-dev: $(SPECS)
	@.ci/bootstrap dev
	@touch .venv/.stamp $@

.PHONY: conformance
conformance: .venv/.stamp ## does a server keep the contract? TARGET=url PROFILE=file ARGS="…"; none: the mock PBX
	@set --; \
	if [ -n "$$TARGET" ]; then set -- "$$@" --target "$$TARGET"; fi; \
	if [ -n "$$PROFILE" ]; then set -- "$$@" --profile "$$PROFILE"; fi; \
	code=0; $(BIN)/basix-contract conformance server "$$@" $(ARGS) || code=$$?; \
	echo "exit code $$code"; exit $$code

.PHONY: test
test: .venv/.stamp-dev ## run the tests and print the coverage; ARGS="…" goes to pytest
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n auto --dist worksteal $(ARGS)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

.PHONY: coverage
coverage: .venv/.stamp-dev ## the last test run's coverage as pages: build/coverage/html
	@$(BIN)/coverage html --fail-under=0

.PHONY: check
check: .venv/.stamp-dev ## ruff, mypy and pyright
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/pyright
	@$(BIN)/python -m basix_contract.codegen --check

.PHONY: format
format: .venv/.stamp-dev ## lay the code out, and mend what ruff can mend
	@$(BIN)/ruff check --fix --exit-zero -q
	@$(BIN)/ruff format

.PHONY: generate
generate: .venv/.stamp-dev ## write the client from spec/openapi.yaml, and the list of flawed clients and receivers
	@$(BIN)/python -m basix_contract.codegen
	@$(BIN)/python -m tests.docs.flawed

.PHONY: docs
docs: .venv/.stamp ## the reference as pages that open from disk: build/docs/index.html
	@$(BIN)/basix-contract docs $(ARGS)

.PHONY: lint-spec
lint-spec: .venv/.stamp-dev ## lint spec/openapi.yaml (needs node)
	@.ci/lint-spec/run

.PHONY: matrix
matrix: .venv/.stamp-dev ## every defect over many seeds: the long version of what the tests show
	@$(BIN)/python -m tests.defects.kill_matrix
	@$(BIN)/python -m tests.defects.client_matrix
	@$(BIN)/python -m tests.defects.receiver_matrix
	@$(BIN)/python -m tests.servers.alarms --seeds 20
	@$(BIN)/python -m tests.clients.alarms --seeds 20
	@$(BIN)/python -m tests.receivers.alarms --seeds 20
	@$(BIN)/python -m tests.profile.prove_gate 100000
	@BASIX_KILLS=50 $(BIN)/python -m pytest -q tests/suite/test_interruptions.py
	@$(BIN)/python -m pytest -m matrix -o faulthandler_timeout=0 $(ARGS)

.PHONY: bench
bench: .venv/.stamp-dev ## speeds as ratios, side by side in one run
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: detection
detection: .venv/.stamp-dev ## what this kit and other tools find in the same servers; takes one to two hours
	@$(BIN)/python -m tests.detection.run $(ARGS)

.PHONY: wheel-test
wheel-test: .venv/.stamp-dev ## build the wheel, and use it as a stranger would
	@$(BIN)/python .ci/wheel-test

.PHONY: lock
lock: .venv/.stamp-dev ## resolve the dependencies again into .ci/lock.txt; ARGS=--upgrade for newer versions
	@$(BIN)/uv pip compile -q --universal --all-extras --strip-extras --no-annotate --custom-compile-command "make lock" \
		--no-emit-package basix-contract --output-file .ci/lock.txt $(ARGS) pyproject.toml
	@if grep -n '://' .ci/lock.txt; then echo "the lock must not name a host" >&2; exit 1; fi

.PHONY: clean
clean: ## remove what builds and runs leave (not .venv)
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*
	@find basix_contract conformance tests .ci -name __pycache__ -type d -prune -exec rm -rf {} +
