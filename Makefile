# Recipes say what happens in one or two lines; how it happens lives in infra/deploy.
SHELL := /bin/bash
PYTHON ?= python3
# three on two cores: some tests wait for a browser or a restart
WORKERS ?= 3
export PYTHON

.DEFAULT_GOAL := help
.PHONY: run test check build deploy bench communes contract docs lock help clean packages cvec

## run: the whole service on this machine, until Ctrl-C (more: make run ARGS="--demo --port 8080")
run: .venv/.ready
	@PYTHONPATH=layers/shared .venv/bin/python -m infra.local.run $(ARGS)

## test: every test (one room: make test ARGS=tests/domain)
test: .venv/.ready packages
	@.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

## check: lint, format and types
check: .venv/.ready
	@.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy

## build: the artefacts for AWS, in .aws-sam/build
build: .venv-sam/.ready
	@infra/deploy/sam.sh build

## deploy: send what was built to AWS (the first time: make deploy ARGS=--guided)
deploy: build
	@infra/deploy/sam.sh deploy $(ARGS)

## bench: what things cost
bench: .venv/.ready
	@infra/deploy/bench.sh

## cvec: the administrator's command line (make cvec ARGS="--laptop overdue"; all of it: ARGS=--help)
cvec: .venv/.ready
	@PYTHONPATH=layers/shared .venv/bin/python -m infra.deploy.cli $(ARGS)

## communes: write the list of communes again from its published source (needs npm)
communes: .venv/.ready
	mkdir -p .local && npm pack --silent --pack-destination .local @etalab/decoupage-administratif@6.0.0
	PYTHONPATH=layers/shared .venv/bin/python infra/deploy/communes/generate.py .local/etalab-decoupage-administratif-6.0.0.tgz

## contract: write openapi.json again from the routes
contract: .venv/.ready
	@PYTHONPATH=layers/shared .venv/bin/python -m infra.deploy.contract

## docs: write again what the documents draw from code
docs: .venv/.ready contract
	@PYTHONPATH=layers/shared .venv/bin/python -m infra.deploy.docs

## lock: choose versions again for requirements/*.in and write them with their hashes
lock: .venv/.ready
	@infra/deploy/lock.sh

## help: this list
help:
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

## clean: remove what was built and what tools remember; what `make run` keeps in .local stays
clean:
	rm -rf .aws-sam .mypy_cache .ruff_cache .hypothesis .pytest_cache

# ── What the targets stand on ────────────────────────────────────────────────────────────────────────────────────────
.venv/.ready: requirements/dev.txt
	@infra/deploy/environment.sh .venv requirements/dev.txt

.venv-sam/.ready: requirements/sam.txt
	@infra/deploy/environment.sh .venv-sam requirements/sam.txt

packages:
	@infra/deploy/system_packages.sh

# ── What `sam build` calls: one target per resource with BuildMethod makefile, ARTIFACTS_DIR says where to ─────────────
build-SharedLayer:
	@$(PYTHON) -m infra.deploy.package layer "$(ARTIFACTS_DIR)"

build-%Function:
	@$(PYTHON) -m infra.deploy.package $* "$(ARTIFACTS_DIR)"

# ── What README.md shows ───────────────────────────────────────────────────────────────────────────────────────────────
.PHONY: pictures
## pictures: docs/pictures again, from the running service in Chromium
pictures: .venv/.ready packages
	@PYTHONPATH=layers/shared .venv/bin/python -m infra.local.pictures

.PHONY: harness-check deep
## harness-check: plant bugs in the product, one at a time; each must be caught by the proof
harness-check: .venv/.ready
	@PYTHONPATH=.:layers/shared .venv/bin/python -m tests.proof.planted
## deep: the proof's machine for half a million steps, and every schedule of three switches
deep: .venv/.ready
	@PYTHONPATH=.:layers/shared .venv/bin/python -m tests.proof.deep
