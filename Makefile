# Builds and tests iamlease. `make help` lists what there is to do.
#
# tools/flags.sh finds out the flags of a flavour once and keeps them in build/<flavour>/cflags and ldflags, which the
# compiler reads itself (@file): so this file parses on a machine that has nothing but make.
#
# Flavours: release (what is shipped), san (AddressSanitizer and UBSan: every test), fuzz (clang's libFuzzer),
# analyzer (gcc -fanalyzer, for `make lint`).

VERSION := 0.1.0

CC       ?= cc
CFLAGS   ?=
LDFLAGS  ?=
FUZZ_CC  ?= clang
T        ?= config
S        ?= 60
B        ?=
WORKERS  ?= 4
BUILD    := build
PREFIX   ?= /usr/local
DESTDIR  ?=
PYTHON   := .venv/bin/python
PYTEST   := $(PYTHON) -m pytest -q

# What the goals need on this machine. `make test`, `make lint` and `make demo` put right what is missing before anything
# is built; `make` and `make install` only say so. tools/setup.sh has the lists and is quick where nothing is missing.
GOALS   := $(or $(MAKECMDGOALS),all)
purpose  = $(if $(filter $(2),$(GOALS)),$(1))
INSTALL := $(strip $(call purpose,build test e2e lint,setup) $(call purpose,test,test test-unit test-fuzz) \
             $(call purpose,e2e,test test-e2e torture) $(call purpose,action,bench-action) $(call purpose,demo,demo) $(call purpose,screenshots,screenshots) \
             $(call purpose,lint,lint format) $(call purpose,fuzz,fuzz) $(call purpose,bench,bench bench-apply))
CHECK   := $(if $(INSTALL),,$(call purpose,build,all install install-program))
ifeq ($(findstring n,$(firstword -$(MAKEFLAGS))),)
ifneq ($(INSTALL),)
ifneq ($(shell CC='$(CC)' tools/setup.sh $(INSTALL) >&2 && echo ready),ready)
$(error tools/setup.sh did not finish)
endif
else ifneq ($(CHECK),)
ifneq ($(shell CC='$(CC)' tools/setup.sh --check $(CHECK) && echo ready),ready)
$(error `make setup` installs what is missing)
endif
endif
endif

# A build uses every core, unless -j says otherwise. Several goals are meant one after the other (make clean all).
ifeq ($(MAKELEVEL) $(words $(GOALS)),0 1)
MAKEFLAGS += --jobs=$(shell nproc)
endif

# What `iamlease init` writes, built into the program.
STARTER      := $(sort $(wildcard examples/repository/*.yaml examples/repository/*/*.yaml)) \
                $(patsubst %,examples/workflows/iamlease-%.yml,plan apply cleanup comment)
LIB_SOURCES  := $(sort $(wildcard src/*/*.c))
LIB_FOLDERS  := $(sort $(dir $(LIB_SOURCES)))
UNIT_HELPERS := $(sort $(filter-out tests/unit/test_%.c,$(wildcard tests/unit/*.c)))
UNIT_TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/san/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=$(BUILD)/san/fuzz/%)
PROGRAMS     := $(BUILD)/iamlease $(BUILD)/san/iamlease
PAGES        := $(addprefix $(BUILD)/pages/,man bash zsh fish)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all setup test test-unit test-fuzz test-e2e torture e2e-action lint format screenshots demo fuzz bench bench-action bench-apply install install-program clean help FORCE

all: $(BUILD)/iamlease                      ## build the program: build/iamlease (the default)

setup:                                      ## install what building and testing need
	@echo 'Everything is there.'

test: $(UNIT_TESTS) $(FUZZ_REPLAYS) $(PROGRAMS) ## unit tests, fuzz corpora, end to end
	@tools/run_unit.sh $(UNIT_TESTS)
	@tools/run_replays.sh $(FUZZ_REPLAYS)
	$(PYTEST) -n 4 tests/e2e

test-unit: $(UNIT_TESTS)                    ## unit tests (cmocka) under ASan and UBSan
	@tools/run_unit.sh $(UNIT_TESTS)

test-fuzz: $(FUZZ_REPLAYS)                  ## replay the fuzz corpora under ASan and UBSan
	@tools/run_replays.sh $(FUZZ_REPLAYS)

test-e2e: $(PROGRAMS)                       ## end to end: git, an emulator of AWS, pytest
	$(PYTEST) -n 4 tests/e2e

torture: $(BUILD)/iamlease                  ## every call broken in every way, many random lives, every managed policy
	$(PYTEST) -n $(WORKERS) --durations=3 tests/torture

e2e-action:                                 ## the container action in a real Docker engine
	@MAKE='$(MAKE)' tools/e2e_action.sh $(PYTEST)

lint:                                       ## include law, bans, layout, shell, static analysis
	@tools/lint_test.sh
	@BUILD='$(BUILD)' MAKE='$(MAKE)' tools/lint.sh

format:                                     ## lay out the C sources as .clang-format says
	@find src tests -name '*.[ch]' -not -path '*/node_modules/*' -exec .venv/bin/clang-format -i {} +

screenshots:                                ## take the pictures in docs/images anew, with Chromium
	@$(PYTHON) tests/screenshots/take.py docs/images

demo: $(BUILD)/iamlease                     ## show the whole life of a lease on this machine
	@tools/demo.sh

fuzz: $(BUILD)/fuzz/bin/$(T)                ## fuzz one input language: make fuzz T=config S=60
	@mkdir -p $(BUILD)/fuzz/corpus/$(T)
	$(BUILD)/fuzz/bin/$(T) -max_total_time=$(S) -artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/corpus/$(T) tests/fuzz/corpus/$(T)

bench: $(BUILD)/iamlease $(BUILD)/bench/yaml_loop bench-apply ## processor time and memory beside their bounds; B=--check fails
	@PYTHONDONTWRITEBYTECODE=1 python3 tests/bench/run.py $(B) $(BUILD)/iamlease $(BUILD)/bench/yaml_loop $(BUILD)/bench/worlds

bench-action: $(BUILD)/iamlease                ## the container action: time from docker run to a posted plan, size of the image
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/action_bench.py $(B)

bench-apply: $(BUILD)/iamlease $(BUILD)/bench/iam_stub ## the part of it about apply, against a stub of AWS
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/apply_bench.py $(B) $^ $(BUILD)/bench/apply

install: install-program $(PAGES)           ## install into $(DESTDIR)$(PREFIX): the program, its manual page, completions
	install -D -m 644 $(BUILD)/pages/man '$(DESTDIR)$(PREFIX)/share/man/man1/iamlease.1'
	install -D -m 644 $(BUILD)/pages/bash '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/iamlease'
	install -D -m 644 $(BUILD)/pages/zsh '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_iamlease'
	install -D -m 644 $(BUILD)/pages/fish '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/iamlease.fish'

install-program: $(BUILD)/iamlease          ## the same, but only the program and its licence
	install -D -m 755 $(BUILD)/iamlease '$(DESTDIR)$(PREFIX)/bin/iamlease'
	install -D -m 644 LICENSE '$(DESTDIR)$(PREFIX)/share/doc/iamlease/LICENSE'

clean:                                      ## remove everything that was built
	rm -rf $(BUILD)

help:                                       ## this list
	@awk -F '## ' '/^[a-z0-9-]+:.*## / { split($$1, goal, ":"); printf "  make %-15s %s\n", goal[1], $$2 }' Makefile

# --- how things are built ---------------------------------------------------------------------------------------

$(BUILD)/fuzz/%: CC := $(FUZZ_CC)

# Touched only when the flags must be found out anew; then everything of that flavour is built again.
$(BUILD)/%/flags: FORCE
	@CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' VERSION='$(VERSION)' tools/flags.sh $* $(BUILD)/$*

# The two exceptions of src/base/banned.h.
$(BUILD)/%/main.o: private ALLOW := -DIAMLEASE_MAY_READ_ENVIRONMENT -DIAMLEASE_MAY_READ_CLOCK
$(BUILD)/release/net/%.o $(BUILD)/san/net/%.o $(BUILD)/fuzz/net/%.o $(BUILD)/analyzer/net/%.o: private ALLOW := -DIAMLEASE_MAY_READ_CLOCK

define compile_flavour
$(BUILD)/$(1)/%.o: src/%.c $(BUILD)/$(1)/flags
	@mkdir -p $$(@D)
	$$(CC) @$(BUILD)/$(1)/cflags $$(ALLOW) -MMD -MP -c -o $$@ $$<

# The folders are listed so that a source that was deleted leaves the archive too.
$(BUILD)/$(1)/starter_texts.o: $(BUILD)/starter_texts.c src/flow/starter_texts.h $(BUILD)/$(1)/flags
	$$(CC) @$(BUILD)/$(1)/cflags -c -o $$@ $$<

$(BUILD)/$(1)/lib.a: $(LIB_SOURCES:src/%.c=$(BUILD)/$(1)/%.o) $(BUILD)/$(1)/starter_texts.o $(LIB_FOLDERS)
	@rm -f $$@
	@ar rcs $$@ $$(filter %.o,$$^)
endef
$(foreach flavour,release san fuzz analyzer,$(eval $(call compile_flavour,$(flavour))))

$(BUILD)/starter_texts.c: tools/embed.awk Makefile $(STARTER)
	@mkdir -p $(@D)
	@awk -f tools/embed.awk $(STARTER) >$@

$(BUILD)/iamlease: $(BUILD)/release/main.o $(BUILD)/release/lib.a $(BUILD)/release/flags
	$(CC) -o $@ $(filter %.o %.a,$^) @$(BUILD)/release/ldflags

# What the program says of itself; it needs nothing of the environment for that.
$(BUILD)/pages/man: $(BUILD)/iamlease
	@mkdir -p $(@D)
	@env -i $< help --man >$@

$(BUILD)/pages/%: $(BUILD)/iamlease
	@mkdir -p $(@D)
	@env -i $< help --completion $* >$@

$(BUILD)/san/iamlease: $(BUILD)/san/main.o $(BUILD)/san/lib.a $(BUILD)/san/flags
	$(CC) -o $@ $(filter %.o %.a,$^) @$(BUILD)/san/ldflags

$(BUILD)/san/tests/%.o: tests/%.c $(BUILD)/san/flags
	@mkdir -p $(@D)
	$(CC) @$(BUILD)/san/cflags -MMD -MP -c -o $@ $<

$(BUILD)/san/unit/%: $(BUILD)/san/tests/unit/%.o $(UNIT_HELPERS:%.c=$(BUILD)/san/%.o) $(BUILD)/san/lib.a $(BUILD)/san/flags
	@mkdir -p $(@D)
	$(CC) -o $@ $(filter %.o %.a,$^) @$(BUILD)/san/ldflags -lcmocka

$(BUILD)/san/fuzz/%: $(BUILD)/san/tests/fuzz/fuzz_%.o $(BUILD)/san/tests/fuzz/replay.o $(BUILD)/san/lib.a $(BUILD)/san/flags
	@mkdir -p $(@D)
	$(CC) -o $@ $(filter %.o %.a,$^) @$(BUILD)/san/ldflags

$(BUILD)/bench/yaml_loop: tests/bench/yaml_loop.c $(BUILD)/release/flags
	@mkdir -p $(@D)
	$(CC) @$(BUILD)/release/cflags -o $@ $< @$(BUILD)/release/ldflags

$(BUILD)/bench/iam_stub: tests/bench/iam_stub.c $(BUILD)/release/flags
	@mkdir -p $(@D)
	$(CC) @$(BUILD)/release/cflags -DIAMLEASE_MAY_READ_CLOCK -o $@ $< @$(BUILD)/release/ldflags

$(BUILD)/fuzz/tests/%.o: tests/%.c $(BUILD)/fuzz/flags
	@mkdir -p $(@D)
	$(CC) @$(BUILD)/fuzz/cflags -MMD -MP -c -o $@ $<

# In a folder of their own: build/fuzz/config is the folder of the objects of src/config.
$(FUZZ_TARGETS:%=$(BUILD)/fuzz/bin/%): $(BUILD)/fuzz/bin/%: $(BUILD)/fuzz/tests/fuzz/fuzz_%.o $(BUILD)/fuzz/lib.a $(BUILD)/fuzz/flags
	@mkdir -p $(@D)
	$(CC) -o $@ $(filter %.o %.a,$^) @$(BUILD)/fuzz/ldflags -fsanitize=fuzzer

.SECONDARY:
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)
