# Every command of the project. `make demo` runs it, `make test` tests it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
PLACE ?= 000000000000
NAME ?= compliance
export PUYOU_HOME ?= $(CURDIR)/var

.PHONY: setup demo stop reset test test-python test-javascript lint bench

setup: $(VENV)/.ready puyou/core/static/core/build/.ready  ## prepare the environment alone

$(VENV)/.ready: requirements/runtime.txt requirements/development.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "▸ 安装依赖 …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt -r requirements/development.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## everything from nothing: data, a simulated nation, web and worker
	@$(BIN)/puyou demo --place $(PLACE) --port $(PORT)

stop:  ## end web, worker and the embedded database
	@test ! -x $(BIN)/puyou || $(BIN)/puyou stop

reset: stop  ## delete all data of this home
	@rm -rf "$(PUYOU_HOME)"

bench: setup  ## make bench NAME=compliance
	@$(BIN)/python -m bench.$(NAME)
