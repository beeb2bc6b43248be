# The benchmark: peers, harnesses, and the runner that compares.

BENCH := $(BUILD)/bench
BENCH_TOOLS := $(patsubst tests/bench/%.c,$(BENCH)/%,$(wildcard tests/bench/*.c))

$(BENCH)/%: tests/bench/%.c $(OBJ)/engine.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PEER_CFLAGS) $(ALL_LDFLAGS) -o $@ $< \
	    $(OBJ)/engine.a $(ENGINE_LIBS) $(PEER_LIBS) -lutil

# Their <semaphore.h> is the system's, not ours.
$(BENCH)/%: private INCLUDES = -iquote src -iquote ui

# The peers of our executors.
$(BENCH)/tasks: private PEER_CFLAGS = -fopenmp \
	$(shell $(PKG_CONFIG) --cflags libuv glib-2.0 2>/dev/null)
$(BENCH)/tasks: private PEER_LIBS = \
	$(shell $(PKG_CONFIG) --libs libuv glib-2.0 2>/dev/null)

-include $(wildcard $(BENCH)/*.d)

# Those that need no peer, so that every check compiles them.
bench-build: $(filter-out $(BENCH)/tasks,$(BENCH_TOOLS))

# BENCH_FLAGS: --rounds N, --only NAME
bench: all $(BENCH_TOOLS)
	/usr/bin/python3 tests/bench/run --build $(BUILD) $(BENCH_FLAGS)

.PHONY: bench bench-build
