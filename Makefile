# Every target does its own set-up: a virtual environment in .venv, from python3 alone.
# uv, where it is on the PATH, makes that faster. Try: make demo

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CORE := connectors flows transforms warehouse
# Tests are compiled once for all processes, also where the machine says otherwise.
export PYTHONDONTWRITEBYTECODE :=
NO_TRACKING := PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1

.DEFAULT_GOAL := help

.PHONY: help
help: ## show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: setup
setup: $(STAMP) ## install sinowire and its tools into .venv

# What builds the package is pinned as well, and nothing is fetched for it besides. A lock holds
# all that it takes, so nothing is resolved (--no-deps): pip would ask lxml for an extra as jusText
# spells it, and warn that it has none.
# Compiled on all cores (some packages ship templates, which do not compile): where bytecode may not
# be written later, each start would compile it all anew.
$(STAMP): pyproject.toml requirements.lock requirements-build.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"sinowire needs Python 3.11 to 3.13 and this is {v[0]}.{v[1]}: make PYTHON=python3.12 …")'
	@echo "Installing into $(VENV) (about a minute) …"
	@$(call environment,$(VENV),--no-compile --no-deps --require-hashes -r requirements.lock -r requirements-build.lock)
	@$(call packages,$(VENV),--no-deps --no-build-isolation -e .)
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib $(CORE) >/dev/null || true
	@touch $(STAMP)

# $(call environment,FOLDER,PACKAGES): a fresh virtual environment there, with those.
environment = rm -rf $(1); \
  if command -v uv >/dev/null 2>&1; then uv venv --quiet --python $(PYTHON) $(1); \
  else $(PYTHON) -m venv $(1); fi && $(call packages,$(1),$(2))
# $(call packages,FOLDER,PACKAGES): more of them.
packages = if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(1)/bin/python $(2); \
  else $(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2); fi

.PHONY: demo
demo: $(STAMP) ## the whole pipeline on bundled samples, without a network
	$(NO_TRACKING) $(BIN)/sinowire demo

# Tests also wait: for servers, deadlines and the disk. On two cores a third process works
# meanwhile.
SUITE = $(NO_TRACKING) $(BIN)/python -m pytest -n 3 --dist worksteal
SLOW = lake or slow or crash or prefect

.PHONY: test
test: $(STAMP) ## the test suite: minutes; what takes long is in test-rest
	$(SUITE) -m 'not ($(SLOW) or long)'

.PHONY: test-rest
test-rest: $(STAMP) ## commands end to end, kills, servers, browsers and lakes (needs PostgreSQL, iproute2, chromium, R and root)
	$(SUITE) -m '($(SLOW)) and not long'

.PHONY: test-lake
test-lake: $(STAMP) ## of test-rest what writes to lakes, from two machines
	$(NO_TRACKING) $(BIN)/python -m pytest -n 2 --dist worksteal -m 'lake and not long'

.PHONY: test-all
test-all: test test-rest ## both, as .ci/run does

.PHONY: test-long
test-long: $(STAMP) ## tests that take long: more kills, more of two machines, each verdict in each way (minutes; needs what test-lake needs)
	$(NO_TRACKING) $(BIN)/python -m pytest -n 2 --dist worksteal -m long

ON_LAKE ?= tests/warehouse tests/flows
.PHONY: test-on-lake
test-on-lake: $(STAMP) ## the tests of warehouse and flows, each with a lake in place of a file (half an hour; needs PostgreSQL)
	$(NO_TRACKING) $(BIN)/python -m pytest -n 2 --dist worksteal --warehouse lake -m 'not lake' $(ON_LAKE)

# Counting lines makes the tests of a package half as slow again, so it has a target of its own.
.PHONY: coverage
coverage: $(STAMP) ## the packages' own tests, with floors of what they cover
	$(BIN)/coverage erase
	$(NO_TRACKING) $(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report= \
	  tests/connectors tests/transforms tests/warehouse \
	  $(addprefix tests/flows/test_,retag.py watchlist_command.py full_texts.py translate.py lake.py) \
	  $(addprefix tests/flows/web/test_,pages.py publication.py hostile.py)
	$(BIN)/coverage report --include='connectors/*' --fail-under=95 --skip-covered
	$(BIN)/coverage report --include='transforms/*' --fail-under=95 --skip-covered
	$(BIN)/coverage report --include='warehouse/*' --fail-under=95 --skip-covered

# $(call atop,LOCK): an environment of what LOCK holds alone, which finds all else in the first one.
# It can be made beside that one. What is never imported is not compiled.
define atop
  @$(call environment,$(@D),--no-compile --no-deps --require-hashes -r $(1))
  @$(@D)/bin/python -c 'import sysconfig; here = sysconfig.get_path("purelib"); \
    first = here.replace("/$(@D)/", "/$(VENV)/"); \
    open(here + "/rest.pth", "w").write(f"import site; site.addsitedir({first!r})")'
endef

DUCKDB2 := $(VENV)-duckdb2/.installed
$(DUCKDB2): requirements-duckdb2.lock
	$(call atop,$<)
	$(@D)/bin/python -c 'import duckdb; assert duckdb.__version__ >= "2", duckdb.__version__'
	@touch $@

ON_DUCKDB2 ?= tests/warehouse tests/flows/test_retag.py tests/flows/brief/test_definitions.py
.PHONY: test-duckdb2
test-duckdb2: $(STAMP) $(DUCKDB2) ## the warehouse on DuckDB 2 as well, in an environment apart
	$(VENV)-duckdb2/bin/python -m pytest -n 2 --dist worksteal -m 'not lake' $(ON_DUCKDB2)

# What whoever types `pip install sinowire` has: no source beside it, what is locked for it.
$(VENV)-wheel: $(STAMP) requirements-run.lock
	rm -rf dist/*.whl
	$(BIN)/python -m hatchling build -t wheel -d dist
	@$(call environment,$@,--no-deps --require-hashes -r requirements-run.lock)
	@$(call packages,$@,--no-deps dist/*.whl)

.PHONY: test-wheel
test-wheel: ## build the wheel, install it into an environment of its own, run its demo
	rm -rf $(VENV)-wheel
	$(MAKE) --no-print-directory $(VENV)-wheel
	cd $(VENV)-wheel && bin/python -c 'import flows; assert "site-packages" in flows.__file__, flows.__file__'
	cd $(VENV)-wheel && $(NO_TRACKING) bin/sinowire demo demo
	cd $(VENV)-wheel && bin/sinowire --home demo checks

# Each package of an installation by name, version and licence, and what needs what.
.PHONY: sbom
sbom: $(VENV)-wheel ## write dist/sinowire.cdx.json, a bill of materials (CycloneDX)
	@$(call environment,$(VENV)-sbom,--no-deps --require-hashes -r requirements-sbom.lock)
	$(VENV)-sbom/bin/cyclonedx-py environment $(VENV)-wheel/bin/python --pyproject pyproject.toml \
	  --mc-type application --output-reproducible --output-file dist/sinowire.cdx.json

.PHONY: environments
environments: $(STAMP) $(DUCKDB2) ## the environments of .ci/run (make -j 2: both at once)

.PHONY: test-container
test-container: ## build the container image from Debian's packages, run it and compose.yaml (root; minutes)
	packaging/container/test

.PHONY: check
check: $(STAMP) ## the quick part of the suite: no Prefect server
	$(BIN)/python -m pytest -n 2 --dist worksteal -m 'not prefect and not lake and not long'

.PHONY: printed
printed: $(STAMP) ## record what pages, briefs, mails and rules say, in tests/data/printed; read the difference
	$(NO_TRACKING) SINOWIRE_RECORD=1 $(BIN)/python -m pytest -n 0 -q tests/flows/web/test_printed.py \
	  tests/transforms/test_recorded.py

.PHONY: reference
reference: $(STAMP) ## make what is generated of commands, settings and the schema's comments
	$(BIN)/python -m warehouse.dictionary > docs/data-dictionary.md
	$(BIN)/python -m flows.console.reference > docs/reference.md
	$(BIN)/python -m flows.console.reference outline > $(STAMP).outline
	mv $(STAMP).outline flows/console/outline.json

.PHONY: crawl
crawl: $(STAMP) ## follow every number of every page of a desk of invented news (a minute or two; not in the suite)
	$(NO_TRACKING) $(BIN)/python -m pytest -n 2 --dist load tests/flows/web/test_crawl.py -k 'not replayed'

.PHONY: crawl-month
crawl-month: $(STAMP) ## follow every number of a desk of real feeds, if their captures are present
	$(NO_TRACKING) $(BIN)/python -m pytest -n 2 --dist load -rs tests/flows/web/test_crawl.py -k replayed

.PHONY: lint
lint: $(STAMP) ## ruff, mypy strict, import contracts, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

.PHONY: fmt
fmt: $(STAMP) ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: gold
gold: $(STAMP) ## score the tagger on the hand-labelled headlines, where they are
	$(BIN)/python -m pytest tests/test_gold.py -rA

.PHONY: pictures
pictures: $(STAMP) ## make the pictures of docs/ from pages of the desk (needs chromium)
	SINOWIRE_PICTURES=docs $(BIN)/python -m pytest -q tests/flows/web/test_pictures.py

.PHONY: figures
figures: $(STAMP) ## make docs/figures.md and the README's table from what benchmarks recorded
	$(BIN)/python benchmarks/figures.py

.PHONY: bench
bench: $(STAMP) ## print the tables of benchmarks/ (minutes)
	$(BIN)/python benchmarks/views.py
	$(BIN)/python benchmarks/poll.py

# With extras (coverage[toml]==…): pip before 23.3, which Python 3.11.7 ships, holds a package with
# an extra for another one and takes its newest version, which has no hash.
RESOLVE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-strip-extras --no-emit-index-url --no-header

.PHONY: lock
lock: ## resolve the lock files anew (needs uv)
	$(RESOLVE) --group dev --all-extras --constraint constraints.txt pyproject.toml -o requirements.lock
	@# That pip again: an extra as its package spells it, or it takes them for two.
	sed -i 's/^lxml\[html-clean\]/lxml[html_clean]/' requirements.lock
	$(RESOLVE) --all-extras --constraint requirements.lock pyproject.toml -o requirements-run.lock
	sed -i 's/^lxml\[html-clean\]/lxml[html_clean]/' requirements-run.lock
	$(RESOLVE) --group build --constraint requirements.lock -o requirements-build.lock
	$(RESOLVE) --group duckdb2 -o requirements-duckdb2.lock
	$(RESOLVE) --group sbom -o requirements-sbom.lock

.PHONY: clean
clean: ## remove the environment and caches
	rm -rf $(VENV) $(VENV)-duckdb2 $(VENV)-wheel $(VENV)-sbom dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.*
