"""gate: threads at their gates, and the scheduler."""

from litmus import fence, load, protocol, rmw, store, Without

protocol(
    "gate: a thread that leaves is seen, or tslots the bell",
    threads=[
        [
            store("state", 1, "release",
                "slot/slot.c: atomic_store_explicit(&r->state, state, "
                "memory_order_release);"),
            fence("seq_cst",
                "slot/gate.c: atomic_thread_fence(memory_order_seq_cst); if "
                "(atomic_load_explicit(&g->listening, RELAXED) == 0 ||",
                name="leaves"),
            load("bell", "listening", "relaxed",
                "slot/gate.c: atomic_load_explicit(&g->listening, RELAXED) == 0"),
        ],
        [
            store("listening", 1, "relaxed",
                "slot/gate.c: atomic_store_explicit(&g->listening, 1, RELAXED);"),
            fence("seq_cst",
                "slot/gate.c: atomic_thread_fence(memory_order_seq_cst); }",
                name="listens"),
            load("left", "state", "acquire",
                "supervisor/scheduler_priv.h: atomic_load_explicit(&r->state, "
                "memory_order_acquire)"),
        ],
    ],
    memory={"state": 0, "listening": 0},
    bad=lambda v: v["bell"] == 0 and v["left"] == 0,
    without=[
        Without("the thread's fence", {"leaves": None}),
        Without("the supervisor's fence", {"listens": None}),
        Without("the thread's fence", {"leaves": None}, "x86-64"),
    ])

protocol(
    "gate: a thread that stands is released, or sees the gate open",
    threads=[
        [
            store("stand", 1, "release",
                "slot/gate.c: atomic_store_explicit(&me->stand, STAND_HERE, "
                "memory_order_release);"),
            fence("seq_cst",
                "slot/gate.c: atomic_thread_fence(memory_order_seq_cst); if "
                "(atomic_load_explicit(&g->listening, RELAXED) == 0 ||",
                name="stands"),
            load("closed", "closed", "seq_cst",
                "slot/gate.c: return (atomic_load(&g->closed) & (GATE_STEPPED | "
                "GATE_STOP)) =="),
        ],
        [
            rmw("old", "closed", lambda old: 0, "seq_cst",
                "slot/gate.c: atomic_fetch_and(&g->closed, "
                "~(uint32_t)GATE_STEPPED);"),
            load("here", "stand", "seq_cst",
                "slot/gate.c: if (!atomic_compare_exchange_strong(&r->stand, "
                "&here, to))"),
        ],
    ],
    memory={"stand": 0, "closed": 1},
    bad=lambda v: v["closed"] == 1 and v["here"] == 0,
    without=[
        Without("the fence", {"stands": None}),
        Without("the fence", {"stands": None}, "x86-64"),
    ])

protocol(
    "gate: an add that counts an opening in began after it",
    threads=[
        [
            rmw("old", "closed", lambda old: 0, "seq_cst",
                "slot/gate.c: atomic_fetch_and(&g->closed, "
                "~(uint32_t)GATE_STEPPED); atomic_fetch_add(&g->openings, 1);",
                name="open"),
            rmw("n", "openings", lambda n: n + 1, "seq_cst",
                "slot/gate.c: atomic_fetch_add(&g->openings, 1);",
                name="count"),
        ],
        [
            load("openings", "openings", "acquire",
                "sum/sum.c: atomic_load_explicit(&a->gate->openings, "
                "memory_order_acquire);",
                name="openings"),
            load("stepped", "closed", "relaxed",
                "slot/gate.h: return (atomic_load_explicit(&g->closed, "
                "memory_order_relaxed) & GATE_STEPPED) != 0;"),
        ],
    ],
    memory={"openings": 0, "closed": 1},
    bad=lambda v: v["openings"] == 1 and v["stepped"] == 1,
    without=[
        Without("acquire at the count", {"openings": "relaxed"}),
    ])
