# Trueup. `make demo` and `make test` do all their own set-up; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
# Warnings are errors for everybody, so that no build is made twice with other flags.
FLAGS := -Xswiftc -warnings-as-errors
SOURCES := Package.swift Sources Tests Scripts
# Where the tests note the requests that they make, and what the built program says of its kinds.
REQUESTS := .build/requests
KINDS := .build/kinds.json
# With `make test FILTER=NAME`, only these tests run.
FILTER ?=
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

# What a fresh Debian or Ubuntu lacks: the program or header that shows it, and its package.
NEEDS := \
	/usr/bin/git:git \
	/etc/ssl/certs/ca-certificates.crt:ca-certificates \
	/usr/bin/pkg-config:pkg-config \
	/usr/bin/systemd-analyze:systemd \
	/usr/include/sqlite3.h:libsqlite3-dev \
	/usr/bin/dot:graphviz

# What the tests need besides: the shells that the completions are for.
TEST_NEEDS := \
	/usr/bin/zsh:zsh \
	/usr/bin/fish:fish

VERSION := $(shell sed -n 's/.*static let current = "\(.*\)"/\1/p' Sources/trueup/Version.swift)
PREFIX ?= /usr/local
DESTDIR ?=
# Where `make release` writes.
DIST ?= dist
# The program that is installed. With the Swift standard library linked in, it needs no Swift.
BINARY ?= .build/release/trueup
ARCHIVE := trueup-$(VERSION)-linux-$(shell uname -m)
# The commit's time, so that the same program always gives the same archive.
RELEASE_TIME := $(shell git log -1 --format=%cI 2>/dev/null || echo 1970-01-01)

# Installs what of $(1), a list of file:package, is missing.
define install-packages
	missing=""; \
	for need in $(1); do [ -e "$${need%%:*}" ] || missing="$$missing $${need#*:}"; done; \
	$(2) \
	if [ -n "$$missing" ]; then \
	  command -v apt-get >/dev/null || { echo "please install:$$missing" >&2; exit 1; }; \
	  echo "installing:$$missing"; \
	  $(SUDO) apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends \
	    $$missing >/dev/null; \
	fi
endef

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

.PHONY: setup
setup: .venv/.ready swift-is-there system-packages ## install what is missing: system packages, Python tools

.PHONY: swift-is-there
swift-is-there:
	@command -v swift >/dev/null || { \
	  echo "Swift 6.3 or later is needed and was not found: https://www.swift.org/install" >&2; exit 1; }

.PHONY: system-packages
system-packages:
	@$(call install-packages,$(NEEDS),pkg-config --exists libcurl 2>/dev/null || missing="$$missing libcurl4-openssl-dev";)

.PHONY: test-packages
test-packages:
	@$(call install-packages,$(TEST_NEEDS))

.venv/.ready: Scripts/requirements.txt
	@command -v python3 >/dev/null && python3 -c 'import ensurepip' 2>/dev/null || { \
	  echo "installing: python3-venv"; $(SUDO) apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq python3 python3-venv >/dev/null; }
	@echo "installing the Python tools into .venv"
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r Scripts/requirements.txt
	@touch $@

.PHONY: build
build: setup ## build the program and its tests
	swift build --build-tests $(FLAGS)

# Runs the tests while they note the requests that they make.
define run-tests
	rm -rf $(REQUESTS)
	mkdir -p $(REQUESTS)
	TRUEUP_REQUESTS="$(CURDIR)/$(REQUESTS)" $(if $(FILTER),swift test --skip-build $(FLAGS) \
	  --filter '$(FILTER)',Scripts/run-tests.sh \
	  "$$(swift build --show-bin-path $(FLAGS))/trueupPackageTests.xctest")
endef

.PHONY: test
test: build test-packages kinds-check ## run all tests, or with FILTER=NAME some
	$(PYTHON) -m unittest discover --start-directory Scripts/requests
	$(run-tests)
	$(PYTHON) Scripts/requests/recording.py $(REQUESTS) --types $(KINDS) $(if $(FILTER),--partial)

.PHONY: record-requests
record-requests: build test-packages $(KINDS) ## run all tests and record the requests that they make
	$(if $(FILTER),$(error requests are recorded by all tests: leave out FILTER))
	$(run-tests)
	$(PYTHON) Scripts/requests/recording.py $(REQUESTS) --types $(KINDS) --record
	git --no-pager diff --stat -- Tests/Golden/requests

# What the kinds cover, as the built program says.
.PHONY: $(KINDS)
$(KINDS): build
	"$$(swift build --show-bin-path)/trueup" kinds --format json > $@

.PHONY: kinds-check
kinds-check: $(KINDS) ## fail when a kind covers less than Tests/Golden/kinds.json says
	$(PYTHON) Scripts/contracts/coverage.py Tests/Golden/kinds.json $(KINDS)

.PHONY: record-kinds
record-kinds: $(KINDS) ## record what the kinds cover as what is to be kept
	cp $(KINDS) Tests/Golden/kinds.json
	git --no-pager diff --stat -- Tests/Golden/kinds.json

SEED ?= $(shell date +%s)
CASES ?= 10000

.PHONY: soak
soak: setup ## plan and apply in random worlds (release build); SEED=… and CASES=… repeat a run
	swift build -c release --build-tests $(FLAGS) -Xswiftc -enable-testing --scratch-path .build/soak
	@echo "SEED=$(SEED) CASES=$(CASES)"
	SEED=$(SEED) CASES=$(CASES) SWIFT_DETERMINISTIC_HASHING=1 swift test -c release --skip-build \
	  $(FLAGS) -Xswiftc -enable-testing --scratch-path .build/soak --filter SoakTests

.PHONY: demo
demo: setup ## see it work: whole clients, drift, repair, on a local endpoint
	swift build --product trueup $(FLAGS)
	Scripts/demo/run.sh

.PHONY: endpoint
endpoint: setup ## run the local test endpoint on port 5055, for the tutorial
	$(PYTHON) Scripts/endpoint/server.py --port 5055

.PHONY: docs
docs: setup ## write docs/kinds.md, docs/permissions.md and docs/conformance.md again
	swift build --product trueup $(FLAGS)
	"$$(swift build --show-bin-path)/trueup" kinds --format markdown > docs/kinds.md
	$(PYTHON) Scripts/contracts/permissions.py
	$(PYTHON) Scripts/checks/conformance.py

.PHONY: lint
lint: ## check the format of the Swift sources, and that the kinds' parts have users
	swift format lint --strict --recursive --parallel $(SOURCES)
	$(PYTHON) Scripts/checks/kinds.py --check

.PHONY: format
format: ## format the Swift sources
	swift format --in-place --recursive --parallel $(SOURCES)

.PHONY: contracts
contracts: setup ## regenerate the embedded API models and registry schemas
	$(PYTHON) Scripts/contracts/generate.py
	$(PYTHON) Scripts/contracts/fixtures.py

.PHONY: contracts-check
contracts-check: setup ## fail when the embedded contracts are not what the generator yields
	$(PYTHON) Scripts/contracts/generate.py --check
	$(PYTHON) Scripts/contracts/fixtures.py --check
	$(PYTHON) Scripts/contracts/permissions.py --check
	$(PYTHON) Scripts/checks/conformance.py --check

.PHONY: cfn-lint
cfn-lint: setup ## run cfn-lint on the blueprints
	$(PYTHON) Scripts/checks/blueprints.py desired-state/blueprints

.PHONY: record-snapshots
record-snapshots: setup ## run the demo and record what its fleet is under snapshots/
	swift build --product trueup $(FLAGS)
	TRUEUP_RECORD=1 Scripts/demo/run.sh
	git --no-pager diff --stat -- snapshots

# A first recording, and each of a transcript, fails its test: the difference is to be read.
.PHONY: record-golden
record-golden: build ## record again what people read: reports, transcripts, help texts
	TRUEUP_RECORD=1 swift test --skip-build $(FLAGS) --filter 'ReportsTests|GoldenTests|EditorTests' \
	  || true
	git --no-pager diff --stat -- Tests/ReportsTests/Golden Tests/EndToEndTests/Golden

# How many clients the calls are counted for; empty for none.
CLIENTS ?= 1,10,50

.PHONY: bench
bench: setup ## measure whole fleets without AWS, and count calls (release build); BENCH="--help", CLIENTS=1,10,50
	swift build -c release --product trueup $(FLAGS)
	swift build -c release --product ApplyBench $(FLAGS)
	swift build -c release --product NeededReads $(FLAGS)
	$(PYTHON) Scripts/bench/offline.py $(BENCH)
	$(if $(CLIENTS),$(PYTHON) Scripts/bench/calls.py --clients $(CLIENTS))

.PHONY: bench-calls
bench-calls: setup ## measure plans against the local endpoint (release build); BENCH="--help" tells more
	swift build -c release --product trueup $(FLAGS)
	$(PYTHON) Scripts/bench/bench.py $(BENCH)

.PHONY: release-build
release-build: setup
	swift build -c release --product trueup --static-swift-stdlib $(FLAGS)

# Puts the program and what belongs to it below $(1).
define lay-out
	install -d $(1)/bin $(1)/share/bash-completion/completions $(1)/share/zsh/site-functions \
	  $(1)/share/fish/vendor_completions.d $(1)/share/doc/trueup
	install -m 755 $(BINARY) $(1)/bin/trueup
	strip $(1)/bin/trueup
	$(BINARY) completion bash > $(1)/share/bash-completion/completions/trueup
	$(BINARY) completion zsh > $(1)/share/zsh/site-functions/_trueup
	$(BINARY) completion fish > $(1)/share/fish/vendor_completions.d/trueup.fish
	install -m 644 LICENSE NOTICE CHANGELOG.md $(1)/share/doc/trueup
endef

.PHONY: install
install: release-build install-files ## install program and completions (PREFIX, DESTDIR)

.PHONY: install-files
install-files:
	$(call lay-out,$(DESTDIR)$(PREFIX))

.PHONY: release
release: release-build archive ## make dist/: the program in an archive, with its checksum

.PHONY: archive
archive:
	rm -rf $(DIST)
	$(call lay-out,$(DIST)/$(ARCHIVE))
	tar -C $(DIST) --sort=name --owner=0 --group=0 --numeric-owner --mtime='$(RELEASE_TIME)' \
	  -c $(ARCHIVE) | gzip -n -9 > $(DIST)/$(ARCHIVE).tar.gz
	rm -rf $(DIST)/$(ARCHIVE)
	cd $(DIST) && sha256sum $(ARCHIVE).tar.gz > SHA256SUMS
	@cat $(DIST)/SHA256SUMS

.PHONY: clean
clean: ## remove what was built and installed
	rm -rf .build .venv dist
