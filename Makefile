# Everything a person does with this checkout. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
UV := $(VENV)/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11

# Each folder of web assets has a package.json; its build is fresh when `built/.made` is newer than every source.
ASSETS := $(patsubst %/package.json,%,$(wildcard services/*/assets/package.json))

.DEFAULT_GOAL := help
.PHONY: help setup run demo quick test browser bench check protos lock tools clean

# The inner loop, and everything: the whole system first, as it takes longest and has a worker to itself.
QUICK := tests/unit
TESTS := tests/journeys tests/safety tests/architecture $(QUICK) tests/workflows tests/replay tests/integration
.DELETE_ON_ERROR:
.PRECIOUS: %/node_modules/.made

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: tools $(VENV)/.made $(ASSETS:%=%/built/.made) protos/node_modules/.made ## Install everything needed, from the package registries (again only what changed)

run: setup ## Start the whole system here and say where to look; Ctrl-C stops it, the data is kept
	@$(RUN) -m deploy.local run --stop-with-parent

demo: setup ## Play the demonstration cases against a running system (see `make run`)
	@$(RUN) -m deploy.local.demo

quick: setup ## Run the inner loop: the core and unit tests
	@$(RUN) -m pytest -q -n 2 --dist loadgroup $(QUICK)

test: setup ## Run all tests but the browser's
	@$(RUN) -m pytest -q -n 2 --dist loadgroup $(TESTS)

browser: setup ## Run the browser tests (needs Debian's chromium)
	@$(RUN) -m pytest -q tests/browser

bench: setup ## Measure the whole system into build/bench.json
	@$(RUN) -m tests.bench

check: setup ## Lint, types and import rules
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

protos: setup ## Generate the Python stubs of protos/ anew
	@$(RUN) protos/generate.py

lock: setup ## Resolve the dependencies anew into requirements/
	@$(COMPILE) requirements/uv.in -o requirements/uv.txt
	@$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt

clean: ## Remove what `make setup` installed; the data of `make run` stays
	@rm -rf $(VENV) $(foreach folder,$(ASSETS),$(folder)/node_modules $(folder)/built)

tools:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "RJ Hub needs Python 3.11 or newer and found no $(PYTHON): install it, or name one with 'make PYTHON=...'." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "RJ Hub needs Python 3.11 or newer and $(PYTHON) is $$($(PYTHON) -V 2>&1): name a newer one with 'make PYTHON=...'." >&2; exit 1; }
	@command -v node >/dev/null && command -v npm >/dev/null || \
	  { echo "RJ Hub needs Node 20 or newer with npm, to build its pages' styles, and did not find it: install it first." >&2; exit 1; }
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' || \
	  { echo "RJ Hub needs Node 20 or newer and found $$(node --version): install a newer one." >&2; exit 1; }

$(VENV)/.uv: requirements/uv.txt | tools
	@echo "==> Python environment in $(VENV)"
	@$(RUN) -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "$(PYTHON) could not make a virtual environment: install its venv module (on Debian: python3-venv)." >&2; exit 1; }
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.made: requirements/dev.txt pyproject.toml $(VENV)/.uv
	@echo "==> Python packages, each checked against its hash"
	@$(UV) pip sync --python $(RUN) --require-hashes requirements/dev.txt
	@$(UV) pip install --python $(RUN) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

%/node_modules/.made: %/package-lock.json %/package.json | tools
	@echo "==> Node packages for $*"
	@npm ci --prefix $* --no-audit --no-fund --no-update-notifier
	@touch $@

.SECONDEXPANSION:
%/built/.made: %/node_modules/.made $$(shell find $$* -type f -not -path '*/node_modules/*' -not -path '*/built/*')
	@echo "==> Pages' styles and scripts for $*"
	@npm run build --prefix $*
	@touch $@
