# Chartdrop's commands. `make demo` and `make test` install what they need on a bare Debian 12 with Python 3.11.
.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench-ocr bench-extraction bench-vault bench-server bench-analytics bench-sync \
  bench-window soak screenshots screenshots-console bundle deb test-installers lock set-up set-up-test set-up-bench set-up-bundle clean

BIN := .venv/bin

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: set-up  ## sample scans, from a drop folder to a server of their own; nothing is left running
	@$(BIN)/python -m tests.journey.demo

test: set-up-test  ## the whole test suite
	@$(BIN)/pytest --numprocesses 2 --dist loadgroup

lint: set-up-test  ## formatting, rules, types, import contracts, dependencies
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/zizmor --offline --quiet .github/workflows

format: set-up-test  ## mend what a formatter can mend
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench-ocr: set-up-test  ## reading measured beside its peers, into build/bench/ocr; a quarter to half an hour
	@$(BIN)/python -m tests.quality.ocr

bench-extraction: set-up-bench  ## fields against their truth, into build/bench/extraction; minutes, then seconds
	@$(BIN)/python -m tests.quality.extraction

bench-vault: set-up-test  ## searching, opening and inserting in the encrypted store, into build/bench/vault; minutes
	@$(BIN)/python -m tests.quality.vault

bench-server: set-up-test  ## a job asked for 300 times a second, and as the table grows, into build/bench/server; minutes
	@$(BIN)/python -m tests.quality.server

bench-window: set-up-test  ## the window: until it is up, fields, pages, rows, its heartbeat while pages are read, into build/bench/window; minutes
	@$(BIN)/python -m tests.quality.window

bench-analytics: set-up-test  ## statistics of 10,000 and of a million jobs, into build/bench/analytics; minutes
	@$(BIN)/python -m tests.quality.analytics

bench-sync: set-up-test  ## pushes beside bare INSERTs, 100 devices that come home, idle pulls, into build/bench/sync; minutes
	@$(BIN)/python -m tests.quality.sync

soak: set-up-test  ## hundreds of pages, files, jobs and kills: memory, order, nothing lost; two hours and more
	@$(BIN)/pytest -m soak -s --timeout 3600

screenshots: set-up-test  ## draw the window anew, README's picture included
	@$(BIN)/python -m tests.ui.screenshots build/screenshots

screenshots-console: set-up-test  ## draw the console's pages at three widths, light and dark, into build/screenshots/console
	@$(BIN)/python -m tests.browser.screenshots build/screenshots/console

bundle:  ## desktop and server as folders that need no Python, into build/bundle; some minutes
	@installers/make-bundle.sh desktop
	@installers/make-bundle.sh server

deb: bundle  ## Debian packages of both, into dist
	@$(BIN)/python -m installers.linux.deb desktop
	@$(BIN)/python -m installers.linux.deb server

test-installers: set-up-bundle  ## what `make deb` built: measured, tried without a network, installed, upgraded, removed
	@$(BIN)/pytest -m installers -s --timeout 1200

lock: set-up-test  ## resolve pyproject.toml into requirements.txt, with hashes and without addresses
	@$(BIN)/uv pip compile pyproject.toml --extra bundle --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --output-file requirements.txt
	@for peer in tests/quality/ocr/environments/*.in; do \
	  $(BIN)/uv pip compile $$peer --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-emit-index-url --no-header --quiet --output-file $${peer%.in}.txt || exit 1; \
	done

set-up:
	@installers/linux/set-up.sh run

set-up-test:
	@installers/linux/set-up.sh test

set-up-bench:
	@installers/linux/set-up.sh bench

set-up-bundle:
	@installers/linux/set-up.sh bundle

clean:  ## remove the environment, the models and what was built
	rm -rf .venv build dist shared/reading/ocr/weights
