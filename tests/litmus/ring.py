"""tslot: what a thread says of itself, and the supervisor that reads it."""

from litmus import fence, load, protocol, rmw, store, Without

# A ring of 2 places. Event 0 is in the place that we see; the writer has just
# written event 1 elsewhere and goes on with event 2, in the place of event 0.

HEAD = (
    "slot/trace.c: atomic_store_explicit(&r->head, head + 1, memory_order_release);")
WHAT = (
    "slot/trace.c: atomic_store_explicit(&e->what, (uint64_t)other << 32 | op, "
    "RELAXED);")
WHERE = (
    "slot/trace.c: atomic_store_explicit(&e->where, task << 32 | item, RELAXED);")

READ_EVENT = [
    load("head", "head", "acquire",
        "supervisor/report_trace.c: uint64_t head = atomic_load_explicit(&tslot->head, "
        "memory_order_acquire);"),
    load("what", "what", "acquire",
        "supervisor/report_trace.c: atomic_load_explicit(&e->what, memory_order_acquire);",
        name="what"),
    load("where", "where", "acquire",
        "supervisor/report_trace.c: atomic_load_explicit(&e->where, memory_order_acquire);",
        name="where"),
    load("again", "head", "acquire",
        "supervisor/report_trace.c: return atomic_load_explicit(&tslot->head, "
        "memory_order_acquire) - at < TRACE_EVENTS;"),
]

protocol(
    "event tslot: no mixture of two events is accepted",
    threads=[
        [
            store("head", 2, "release", HEAD),
            fence("release",
                "slot/trace.c: atomic_thread_fence(memory_order_release);",
                name="fence"),
            store("what", 2, "relaxed", WHAT),
            store("where", 2, "relaxed", WHERE),
            store("head", 3, "release", HEAD),
        ],
        READ_EVENT,
    ],
    memory={"head": 1, "what": 0, "where": 0},
    bad=lambda v: v["again"] < 2 and (v["what"], v["where"]) != (0, 0),
    without=[
        Without("the writer's fence", {"fence": None}),
        Without("acquire where the event is read",
                {"what": "relaxed", "where": "relaxed"}),
    ])

protocol(
    "event tslot: an event is whole when the head counts it",
    threads=[
        [
            store("what", 1, "relaxed", WHAT),
            store("where", 1, "relaxed", WHERE),
            store("head", 1, "release", HEAD,
                name="head"),
        ],
        READ_EVENT,
    ],
    memory={"head": 0, "what": 0, "where": 0},
    bad=lambda v: v["head"] == 1 and (v["what"], v["where"]) != (1, 1),
    without=[
        Without("release at the head", {"head": "relaxed"}),
    ])

protocol(
    "event tslot: who has seen a tick sees its burst",
    threads=[
        [
            store("burst", 1, "seq_cst",
                "supervisor/report_run.c: atomic_store(&sv->shared->tracing.burst,"),
            rmw("old", "tick", lambda old: old + 1, "seq_cst",
                "supervisor/report_run.c: atomic_fetch_add(&sv->shared->tracing.tick, 1);"),
        ],
        [
            load("tick", "tick", "relaxed",
                "slot/trace.h: atomic_load_explicit(&r->control->tick, "
                "memory_order_relaxed);"),
            fence("acquire",
                "slot/trace.c: atomic_thread_fence(memory_order_acquire);",
                name="fence"),
            load("burst", "burst", "relaxed",
                "slot/trace.c: atomic_load_explicit(&r->control->burst, RELAXED);"),
        ],
    ],
    memory={"tick": 0, "burst": 0},
    bad=lambda v: v["tick"] == 1 and v["burst"] == 0,
    without=[
        Without("the fence", {"fence": None}),
    ])

# ---- the ledger ----

# The copy of the losses that is read is in force, then it is not, then it is
# again, written anew: `committed` counts adds, its lowest bit says which copy.

COMMIT_LOST = (
    "slot/ledger.h: atomic_store_explicit(&r->committed, (done + LEDGER_ONE_ADD) ^ "
    "LEDGER_LOSSES, memory_order_release);")

protocol(
    "ledger: the losses are those of the adds that are counted",
    threads=[
        [
            store("committed", 1, "release", COMMIT_LOST),
            store("lost", 2, "release",
                "slot/ledger.h: atomic_store_explicit(&is->lost, "
                "atomic_load_explicit(&was->lost, RELAXED) + lost, "
                "memory_order_release);",
                name="lost"),
            store("updates", 2, "release",
                "slot/ledger.h: atomic_store_explicit(&is->updates, "
                "atomic_load_explicit(&was->updates, RELAXED) + 1, "
                "memory_order_release);",
                name="updates"),
            store("committed", 2, "release", COMMIT_LOST,
                name="committed"),
        ],
        [
            load("done", "committed", "acquire",
                "slot/ledger.c: uint64_t done = atomic_load_explicit(&r->committed,"),
            load("updates", "updates", "acquire",
                "slot/ledger.c: uint64_t updates = atomic_load_explicit(&w->updates,"),
            load("lost", "lost", "acquire",
                "slot/ledger.c: int64_t lost = atomic_load_explicit(&w->lost,"),
            load("again", "committed", "acquire",
                "slot/ledger.c: uint64_t again = atomic_load_explicit(&r->committed,"),
            load("updates2", "updates", "relaxed",
                "slot/ledger.c: atomic_load_explicit(&w->updates, RELAXED) == "
                "updates)"),
        ],
    ],
    memory={"committed": 0, "lost": 0, "updates": 0},
    bad=lambda v: (v["done"] % 2 == v["again"] % 2 == 0
                   and v["updates"] == v["updates2"]
                   and v["lost"] != v["again"]),
    without=[
        Without("release at the losses", {"lost": "relaxed"}),
    ])

# ---- names and numbers ----

protocol(
    "registry: an object that is seen has its number",
    threads=[
        [
            store("number", 1, "relaxed",
                "run/registry.c: *number = i;"),
            store("object", 1, "release",
                "run/registry.c: atomic_store_explicit(&r->objects[i], object, "
                "memory_order_release);",
                name="show"),
        ],
        [
            load("object", "object", "acquire",
                "run/registry.h: "
                "atomic_load_explicit(&w->registry[kind].objects[i], "
                "memory_order_acquire);",
                name="meet"),
            load("number", "number", "relaxed",
                "program/queue_count.c: .index = (uint16_t)f->number"),
        ],
    ],
    memory={"number": 0, "object": 0},
    bad=lambda v: v["object"] == 1 and v["number"] == 0,
    without=[
        Without("release", {"show": "relaxed"}),
        Without("acquire", {"meet": "relaxed"}),
    ])

protocol(
    "tslot: a thread that is seen has its name",
    threads=[
        [
            store("name", 1, "release",
                "memory/atomic_text.h: atomic_store_explicit(&words[i], copy[i], "
                "memory_order_release);",
                name="name"),
            store("tid", 1, "release",
                "slot/slot.c: atomic_store_explicit(&r->tid, tid, "
                "memory_order_release);",
                name="tid"),
        ],
        [
            load("tid", "tid", "seq_cst",
                "supervisor/report_threads.c: .tid = atomic_load(&r->tid)"),
            load("name", "name", "acquire",
                "memory/atomic_text.h: atomic_load_explicit(&words[i], "
                "memory_order_acquire);"),
        ],
    ],
    memory={"name": 0, "tid": 0},
    bad=lambda v: v["tid"] == 1 and v["name"] == 0,
    without=[
        Without("release at the tid", {"tid": "relaxed"}),
    ])
