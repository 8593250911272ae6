# For people: `make demo` shows what the action does, `make test` checks everything but the image, `make image` that;
# `make runner` runs workflows in another's runner, `make bench` measures what a run costs.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready

# `make image BASE=localhost/python:3.13-slim FLAGS="--volume ..."`: a base that is here already, and what
# `buildah build` is told besides; so for `make runner` and `docker build`.
BASE ?=
FLAGS ?=

.PHONY: test lint demo image runner bench lock clean

test: lint
	$(VENV)/bin/pytest -n auto

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/codespell *.md *.yml *.py Makefile Dockerfile .github $(wildcard benchmarks digest docs examples release sandbox)
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(VENV)/bin/shellcheck .ci/run
	$(VENV)/bin/actionlint -shellcheck $(VENV)/bin/shellcheck .github/workflows/*.yml
	$(VENV)/bin/zizmor --quiet --offline --persona auditor .
	$(VENV)/bin/hadolint Dockerfile

demo: $(READY)
	$(VENV)/bin/python -X utf8 -m sandbox

image: $(READY)
	$(VENV)/bin/python -m release.image $(if $(BASE),--base $(BASE)) -- $(FLAGS)

# Needs Docker or Podman.
runner: $(READY)
	$(VENV)/bin/python -m release.workflows $(if $(BASE),--base $(BASE)) -- $(FLAGS)

# Takes about six minutes, most of them arXiv's pauses.
bench: $(READY)
	$(VENV)/bin/python -m benchmarks

$(READY): requirements.txt requirements-dev.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --no-deps --only-binary=:all: --require-hashes -r requirements.txt -r requirements-dev.txt
	touch $@

# Needs uv; every version with the hashes of all its files.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --group dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
