# The tests: how they are built, what runs them, and what they need.
#
# tests/run builds every variant and runs every suite; the targets here build
# the programs of one variant.

UNIT := tests/unit
TEST_BIN := $(BUILD)/tests
TEST_OBJ := $(OBJ)/tests
TEST_LIBS := -lcheck -lsubunit -lrt -lm

programs = $(patsubst tests/$(1)/%.c,$(TEST_BIN)/$(1)/%,\
	$(wildcard tests/$(1)/test_*.c))
helpers = $(patsubst tests/%.c,$(TEST_OBJ)/%.o,\
	$(filter-out tests/$(1)/test_%,$(wildcard tests/$(1)/*.c)))

TESTS_SRC := $(call programs,unit/src)
TESTS_UI := $(call programs,unit/ui)
TESTS_KILL := $(call programs,kill)
TESTS_E2E := $(call programs,e2e)
TESTS_UNIT := $(TESTS_SRC) $(TESTS_UI)
TOOLS := $(patsubst tests/tools/%.c,$(TEST_BIN)/tools/%,\
	$(wildcard tests/tools/*.c))

# Archives, so that a test may bring its own demos or helpers.
$(TEST_BIN)/demos.a: $(DEMO_OBJ)
$(TEST_BIN)/ui.a: $(UI_OBJ) $(SHARED_OBJ)
$(TEST_BIN)/unit.a: $(call helpers,unit)
$(TEST_BIN)/kill.a: $(call helpers,kill)
$(TEST_BIN)/e2e.a: $(call helpers,e2e)
$(TEST_BIN)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

$(TEST_OBJ)/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -I$(UNIT) -c -o $@ $<

define link_test
@mkdir -p $(@D)
$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group \
	    $(filter %.a,$^) -Wl,--end-group $(TEST_LIBS) $(1)
endef

$(TESTS_SRC): $(TEST_BIN)/%: $(TEST_OBJ)/%.o $(TEST_BIN)/unit.a \
    $(TEST_BIN)/demos.a $(OBJ)/engine.a
	$(call link_test,$(ENGINE_LIBS))

# It asks the server as anybody would.
$(TEST_BIN)/unit/src/test_pages: private TEST_LIBS += -lcurl

$(TESTS_UI): $(TEST_BIN)/%: $(TEST_OBJ)/%.o $(TEST_BIN)/unit.a \
    $(TEST_BIN)/ui.a
	$(call link_test,$(UI_LIBS))

$(TESTS_KILL): $(TEST_BIN)/%: $(TEST_OBJ)/%.o $(TEST_BIN)/kill.a \
    $(TEST_BIN)/ui.a
	$(call link_test,$(UI_LIBS))

$(TESTS_E2E): $(TEST_BIN)/%: $(TEST_OBJ)/%.o $(TEST_BIN)/e2e.a
	$(call link_test,-lbsd)

$(TOOLS): $(TEST_BIN)/%: $(TEST_OBJ)/%.o $(TEST_BIN)/unit.a $(TEST_BIN)/ui.a
	$(call link_test,$(UI_LIBS))

$(TEST_BIN)/tools/refuse: private TEST_LIBS += -lseccomp

.SECONDARY:

# What of another variant is compiled to be warned of, and not run.
test-objects: $(patsubst tests/%.c,$(TEST_OBJ)/%.o,\
    $(wildcard $(addprefix tests/,kill/*.c e2e/*.c tools/*.c unit/*.c \
	unit/*/*.c)))

unit-tests: $(TESTS_UNIT)
unit-tests-src: $(TESTS_SRC)
kill-tests: $(TESTS_KILL)
e2e-tests: $(TESTS_E2E)
tools: $(TOOLS)

# The engine with its crash points and faults (src/base/fault.h).
hooks-engine:
	+$(MAKE) BUILD=$(BUILD)/hooks OPT=-O2 EXTRA=-DLOCKSTEP_HOOKS \
	    $(BUILD)/hooks/lockstep-engine

# Random keys, for programs built with sanitizers.
MONKEY := $(TEST_BIN)/monkey/monkey
KEYS ?= 2000
SEED ?= 1

$(MONKEY): $(patsubst tests/%.c,$(TEST_OBJ)/%.o,$(wildcard tests/monkey/*.c)) \
    $(TEST_BIN)/e2e.a
	$(call link_test,-lutil)

monkey-build: $(MONKEY)

monkey: monkey-build asan-build
	$(MONKEY) --keys $(KEYS) --seed $(SEED) $(BUILD)/asan tests/streams

# Programs, unit tests and fuzz targets of the same objects, which clang has
# instrumented for all of them. Comparisons say little of an input: most frames
# are good by construction.
ASAN_BUILD = +$(MAKE) BUILD=$(BUILD)/asan CC=clang OPT='-O1 -g1' WERROR=1 \
	SAN=fuzzer-no-link,address,undefined \
	EXTRA=-fno-sanitize-coverage=trace-cmp

asan-build:
	$(ASAN_BUILD) all fuzzers unit-tests

# The archive of helpers comes first: it has a terminal, which the UI's gives
# way to. Ways through the helpers say nothing about an input.
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELPERS := $(patsubst tests/%.c,$(TEST_OBJ)/%.o,\
	$(filter-out tests/fuzz/fuzz_%,$(wildcard tests/fuzz/*.c)))
FUZZ_WRAPPED := clock_gettime poll launch_again svg_save
FUZZ_SECONDS ?= 600

$(FUZZ_HELPERS): override EXTRA += -fno-sanitize=all
$(TEST_BIN)/fuzz.a: $(FUZZ_HELPERS)
$(BUILD)/fuzz_screen: ALL_LDFLAGS += $(FUZZ_WRAPPED:%=-Wl,--wrap=%)
$(FUZZERS): $(BUILD)/%: $(TEST_OBJ)/fuzz/%.o $(TEST_BIN)/fuzz.a $(TEST_BIN)/ui.a
	$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(UI_LIBS)

fuzzers: $(FUZZERS)

# FUZZ_SECONDS each; what they find is kept in $(BUILD)/fuzz.
fuzz:
	$(ASAN_BUILD) fuzzers
	tests/fuzz/run $(BUILD)/asan $(FUZZ_SECONDS) $(BUILD)/fuzz

layers: all
	tests/layers $(BUILD)

format-check:
	@tests/format

# The orders of memory accesses: see tests/litmus/litmus.py.
check-litmus:
	tests/litmus/run

# Unit tests, exact kinds and an exploration on arm64, under emulation; installs
# what it needs.
DEPS_ARM64 := gcc-aarch64-linux-gnu qemu-user-static mmdebstrap jq

check-arm64:
	@tests/deps $(DEPS_BUILD) $(DEPS_ARM64)
	@MAKE="$(MAKE)" BUILD="$(BUILD)" tests/arm64

# All that CI runs; the same and more of it; what takes less than a minute.
check:
	@MAKE="$(MAKE)" BUILD="$(BUILD)" tests/run

check-long:
	@MAKE="$(MAKE)" BUILD="$(BUILD)" tests/run --long

quick:
	@MAKE="$(MAKE)" BUILD="$(BUILD)" tests/run --quick

.PHONY: unit-tests unit-tests-src kill-tests e2e-tests tools hooks-engine \
	monkey-build monkey asan-build fuzzers fuzz layers format-check check-litmus \
	check-arm64 check check-long quick test-objects
