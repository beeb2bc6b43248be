# lockstep: a terminal dashboard of live workers.
#
#   make deps run     install what is missing, build, open the dashboard
#   make deps check   install what is missing, build, run every test
#
# CC=clang, WERROR=1 and SAN=address,undefined or SAN=thread may be given;
# BUILD is the folder that everything built goes to.

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
SAN ?=
WERROR ?=

VERSION := 0.1.0

CSTD := -std=c17 -D_GNU_SOURCE
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef
OPT ?= -O2 -g
CFLAGS ?=
ALL_CFLAGS = $(CSTD) $(WARN) $(OPT) -pthread -Isrc -Iui -MMD -MP \
	-DLOCKSTEP_VERSION='"$(VERSION)"' \
	-DLIBBSD_OVERLAY -isystem /usr/include/bsd \
	$(if $(WERROR),-Werror) $(if $(SAN),$(SAN_CFLAGS)) \
	$(EXTRA) $(CFLAGS)
SAN_CFLAGS = -fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer $(if $(filter thread,$(SAN)),-include tests/tsan.h)
ALL_LDFLAGS = -pthread $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)

# The wall: the UI links its own objects and SHARED, nothing else; the engine
# never links curses.
SHARED := frame util
SRC := $(patsubst src/%.c,%,$(wildcard src/*.c))
UI := $(patsubst ui/%.c,%,$(wildcard ui/*.c))
DEMOS := $(patsubst demos/%.c,%,$(wildcard demos/*.c))

OBJ := $(BUILD)/obj
SHARED_OBJ := $(SHARED:%=$(OBJ)/src/%.o)
# With engine.o, so that a table of demos and the library make an engine.
LIB_OBJ := $(SRC:%=$(OBJ)/src/%.o)
DEMO_OBJ := $(DEMOS:%=$(OBJ)/demos/%.o)
UI_OBJ := $(patsubst %,$(OBJ)/ui/%.o,$(filter-out main,$(UI)))

# The libraries that fetch pages are loaded by the demo: see demos/late.h.
ENGINE_LIBS := -lbsd
UI_LIBS := -lncursesw -ltinfo -ljansson -lbsd

all: $(BUILD)/lockstep $(BUILD)/lockstep-engine $(BUILD)/liblockstep.a

$(BUILD)/lockstep: $(OBJ)/ui/main.o $(UI_OBJ) $(SHARED_OBJ)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(UI_LIBS)

$(BUILD)/lockstep-engine: $(DEMO_OBJ) $(BUILD)/liblockstep.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ENGINE_LIBS)

$(BUILD)/liblockstep.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)

run: all
	$(BUILD)/lockstep

clean:
	rm -rf $(BUILD)

include tests/tests.mk
include tests/bench/bench.mk

.PHONY: all run clean
