# lockstep: a terminal dashboard of live workers.
#
#   make deps run     install what is missing, build, open the dashboard
#   make deps check   install what is missing, build, run every test
#   make quick        build, run the tests that take less than a minute
#   make pictures     build, make the pictures of the README again
#
# CC=clang, WERROR=1 and SAN=address,undefined or SAN=thread may be given, and
# CPPFLAGS, CFLAGS and LDFLAGS; HARDEN= (empty) leaves the hardening flags out.
# BUILD is the folder that everything built goes to.

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
SAN ?=
WERROR ?=
PKG_CONFIG ?= pkg-config

VERSION := 0.1.0

CSTD := -std=c17 -D_GNU_SOURCE
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef \
	-Wunused-result
OPT ?= -O2 -g
CFLAGS ?=
OBJCOPY ?= $(shell $(CC) -print-prog-name=objcopy)
INCLUDES = -Isrc -Iui
ALL_CFLAGS = $(CSTD) $(WARN) $(OPT) -pthread $(INCLUDES) -MMD -MP \
	-DLOCKSTEP_VERSION='"$(VERSION)"' $(BSD_CFLAGS) $(HARDEN_CFLAGS) \
	$(if $(WERROR),-Werror) $(if $(SAN),$(SAN_CFLAGS)) $(VISIBILITY) \
	$(EXTRA) $(CPPFLAGS) $(CFLAGS)
SAN_CFLAGS = -fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer $(if $(filter thread,$(SAN)),-include tests/tsan.h)
ALL_LDFLAGS = -pthread $(OPT) $(CFLAGS) $(HARDEN_LDFLAGS) \
	$(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)

# Asked when first used, for make deps may install it: each release of Debian
# has libbsd's headers in another place.
BSD_CFLAGS = $(eval BSD_CFLAGS := $$(or \
	$$(shell $(PKG_CONFIG) --cflags libbsd-overlay),$$(error \
	$(PKG_CONFIG) finds no libbsd-overlay: try make deps)))$(BSD_CFLAGS)

# Debian's hardening flags, those of them that the compiler knows. Sanitizers
# do without, and so does code that is not optimized without FORTIFY.
HARDEN ?= -fPIE -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -mbranch-protection=standard
HARDEN_LINK := -pie -Wl,-z,relro -Wl,-z,now
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
KNOWN = $(eval KNOWN := $$(shell for flag in $(HARDEN); do \
	$(CC) -Werror $$$$flag -x c -c -o /dev/null /dev/null 2>/dev/null && \
	echo $$$$flag; done))$(KNOWN)
GIVEN = $(OPT) $(EXTRA) $(CPPFLAGS) $(CFLAGS)
OPTIMIZED = $(filter-out -O0,$(lastword $(filter -O%,$(GIVEN))))
HARDENED = $(if $(SAN),,$(strip $(HARDEN)))
HARDEN_CFLAGS = $(if $(HARDENED),$(KNOWN) $(if $(OPTIMIZED),\
	$(if $(findstring _FORTIFY_SOURCE,$(GIVEN)),,$(FORTIFY))))
HARDEN_LDFLAGS = $(if $(HARDENED),$(HARDEN_LINK))

# The wall: the UI links its own objects and SHARED, nothing else; the engine
# never links curses.
SHARED := $(patsubst src/%.c,%,$(wildcard src/wire/frame*.c)) \
	wire/letter wire/state wire/wait_graph base/utf8 base/util base/cmdline
SRC := $(patsubst src/%.c,%,$(wildcard src/*.c src/*/*.c))
UI := $(patsubst ui/%.c,%,$(wildcard ui/*.c ui/*/*.c))
DEMOS := $(patsubst demos/%.c,%,$(wildcard demos/*.c))

OBJ := $(BUILD)/obj
SHARED_OBJ := $(SHARED:%=$(OBJ)/src/%.o)
SRC_OBJ := $(SRC:%=$(OBJ)/src/%.o)
DEMO_OBJ := $(DEMOS:%=$(OBJ)/demos/%.o)
UI_OBJ := $(patsubst %,$(OBJ)/ui/%.o,$(filter-out main,$(UI)))

# The libraries that fetch pages are loaded by the demo: see demos/late.h.
ENGINE_LIBS := -lbsd
UI_LIBS := -ltinfo -ljansson -lbsd

# "deps" if it is among the goals: what else is made waits for it.
DEPS_FIRST := $(filter deps,$(MAKECMDGOALS))

all: $(BUILD)/lockstep $(BUILD)/lockstep-engine $(BUILD)/liblockstep.a

$(BUILD)/lockstep: $(OBJ)/ui/main.o $(UI_OBJ) $(SHARED_OBJ)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(UI_LIBS)

$(BUILD)/lockstep-engine: $(DEMO_OBJ) $(OBJ)/engine.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ENGINE_LIBS)

# All objects, for programs that see the inside: ours, tests, benchmarks.
$(OBJ)/engine.a: $(SRC_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

# For everybody else one object, whose global names are those that the public
# headers declare. And main.o, so that a table of demos and the library make an
# engine, and a program with a main of its own links too.
$(BUILD)/liblockstep.a: $(OBJ)/lockstep.o $(OBJ)/src/main.o
	rm -f $@
	$(AR) rcs $@ $^

$(OBJ)/lockstep.o: $(filter-out %/main.o,$(SRC_OBJ))
	$(CC) -r -nostdlib $(OPT) $(CFLAGS) $(if $(findstring -flto,$(GIVEN)),\
	    $(NO_LTO)) -o $@ $^
	$(OBJCOPY) --localize-hidden $@

# Machine code, whatever the objects are.
NO_LTO = $(if $(findstring clang,$(shell $(CC) --version)),-fuse-ld=lld,\
	-flinker-output=nolto-rel)

$(OBJ)/src/%.o: VISIBILITY = -fvisibility=hidden

$(OBJ)/%.o: %.c | $(DEPS_FIRST)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)

run: all
	$(BUILD)/lockstep

# Those of the README.
pictures: all
	demos/pictures/draw $(BUILD)/lockstep

clean:
	rm -rf $(BUILD)

# What is missing is installed, and nothing said if nothing is: what a build
# needs; for other goals than these, what the tests need; for bench, its peers.
DEPS_BUILD := gcc make libc6-dev pkgconf libbsd-dev libncurses-dev \
	libjansson-dev libcurl4-openssl-dev libmicrohttpd-dev
DEPS_TEST := check libsubunit-dev tmux clang clang-format \
	libclang-rt-dev libseccomp-dev binutils procps python3 jq git
DEPS_BENCH := htop strace libuv1-dev libglib2.0-dev python3
DEPS_GOALS := $(filter-out deps,$(MAKECMDGOALS))
ifeq ($(DEPS_GOALS),)
DEPS := $(DEPS_BUILD) $(DEPS_TEST) $(DEPS_BENCH)
else
DEPS := $(DEPS_BUILD) \
	$(if $(filter-out all run install bench pictures,$(DEPS_GOALS)),$(DEPS_TEST)) \
	$(if $(filter bench,$(DEPS_GOALS)),$(DEPS_BENCH))
endif

deps:
	@tests/deps $(DEPS)

ifneq ($(DEPS_FIRST),)
$(DEPS_GOALS): | deps
endif

MAN := $(DESTDIR)$(PREFIX)/share/man/man1
INCLUDE := $(DESTDIR)$(PREFIX)/include/lockstep
SHARE := $(DESTDIR)$(PREFIX)/share
COMPLETION_BASH := $(SHARE)/bash-completion/completions/lockstep
COMPLETION_ZSH := $(SHARE)/zsh/site-functions/_lockstep
COMPLETION_FISH := $(SHARE)/fish/vendor_completions.d/lockstep.fish
COMPLETIONS := $(COMPLETION_BASH) $(COMPLETION_ZSH) $(COMPLETION_FISH)
HEADERS := $(notdir $(wildcard src/lockstep/*.h))

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib \
	    $(INCLUDE) $(MAN)
	install -m 755 $(BUILD)/lockstep $(BUILD)/lockstep-engine \
	    $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(BUILD)/liblockstep.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 $(HEADERS:%=src/lockstep/%) $(INCLUDE)
	install -m 644 ui/lockstep.1 $(MAN)
	echo '.so man1/lockstep.1' > $(MAN)/lockstep-engine.1
	install -d $(dir $(COMPLETIONS))
	$(BUILD)/lockstep --completion bash > $(COMPLETION_BASH)
	$(BUILD)/lockstep --completion zsh > $(COMPLETION_ZSH)
	$(BUILD)/lockstep --completion fish > $(COMPLETION_FISH)
	chmod 644 $(COMPLETIONS)

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/lockstep \
	    $(DESTDIR)$(PREFIX)/bin/lockstep-engine \
	    $(DESTDIR)$(PREFIX)/lib/liblockstep.a \
	    $(HEADERS:%=$(INCLUDE)/%) \
	    $(MAN)/lockstep.1 $(MAN)/lockstep-engine.1 $(COMPLETIONS)
	-rmdir $(INCLUDE)

include tests/tests.mk
include tests/bench/bench.mk

.PHONY: all run clean deps install uninstall pictures
