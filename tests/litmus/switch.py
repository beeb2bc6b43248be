"""switch: lock kinds change while others add."""

from litmus import load, protocol, rmw, store, Without

# Kind 1 is in force, 9 while it is being switched, 2 afterwards.

ANNOUNCE = [
    load("first", "kind", "seq_cst",
        "sum/sum.c: uint32_t k = atomic_load(current);"),
    store("adding", lambda first: 1, "seq_cst",
        "sum/sum.c: atomic_store(&a->tslot->adding, k + 1);",
        name="adding"),
    load("second", "kind", "seq_cst",
        "sum/sum.c: if (atomic_load(current) == k) {",
        name="second"),
]

SWITCH = [
    rmw("was", "kind", lambda was: 9, "seq_cst",
        "sum/sum.c: atomic_fetch_or(&s->kind, KIND_SWITCHING);",
        name="mark"),
    load("announced", "adding", "seq_cst",
        "sum/sum.c: if (atomic_load(&tslots[i].adding) != 0)",
        name="scan"),
    store("kind", 2, "seq_cst",
        "sum/sum.c: atomic_store(&s->kind, s->wanted);",
        when=lambda announced: announced == 0),
]

protocol(
    "switch of kinds: nobody is in an add when the next kind is in force",
    threads=[
        ANNOUNCE,
        SWITCH,
    ],
    memory={"kind": 1, "adding": 0},
    bad=lambda v: v["second"] == 1 and v["announced"] == 0,
    without=[
        Without("seq_cst at the announcement", {"adding": "release"}),
        Without("seq_cst at the second look", {"second": "acquire"}),
        Without("seq_cst at the mark", {"mark": "relaxed"}),
        Without("seq_cst at the scan", {"scan": "relaxed"}),
    ])

protocol(
    "switch of kinds: adds of the last kind are seen under the next",
    threads=[
        [
            store("word", 1, "release",
                "sum/lock_fast.h: atomic_store_explicit(word, word_value_in(from) + "
                "h->step, memory_order_release);"),
            store("adding", 0, "release",
                "sum/sum.c: atomic_store_explicit(&a->tslot->adding, 0, "
                "memory_order_release);",
                name="leave"),
        ],
        SWITCH[1:],
        [
            load("kind", "kind", "seq_cst",
                "sum/sum.c: uint32_t k = atomic_load(current);",
                name="enter"),
            load("word", "word", "relaxed",
                "sum/lock_fast.h: uint64_t from = atomic_load_explicit(word, "
                "RELAXED);"),
        ],
    ],
    memory={"kind": 9, "adding": 1, "word": 0},
    bad=lambda v: v["kind"] == 2 and v["word"] == 0,
    without=[
        Without("release where the last add is left", {"leave": "relaxed"}),
        Without("acquire where the kind is read", {"enter": "relaxed"}),
    ])

# The whole sum: the books, then the sum, then the books again.
protocol(
    "sum: at a quiet moment what is in the sum is in the books",
    threads=[
        [
            store("adding", 1, "seq_cst",
                ANNOUNCE[1].line),
            load("second", "kind", "seq_cst",
                ANNOUNCE[2].line),
            rmw("old", "word", lambda old: old + 1, "release",
                "sum/lock_free.c: atomic_fetch_add_explicit(&h->cell->word, "
                "word_value_in(h->step), memory_order_release);"),
            store("committed", 1, "release",
                "sum/lock_fast.h: atomic_store_explicit(&h->tslot->committed, "
                "h->committed += LEDGER_ONE_ADD, memory_order_release);"),
            store("adding", 0, "release",
                "sum/sum.c: atomic_store_explicit(&a->tslot->adding, 0, "
                "memory_order_release);",
                name="leave"),
        ],
        [
            load("adding1", "adding", "seq_cst",
                "supervisor/report_totals.c: *adding += atomic_load(&r->adding) != 0"),
            load("books1", "committed", "acquire",
                "slot/ledger.c: uint64_t again = atomic_load_explicit(&r->committed,"),
            load("sum", "word", "seq_cst",
                "sum/cell.c: sum = word_value(atomic_load(&c->word));",
                name="sum"),
            load("adding2", "adding", "seq_cst",
                "supervisor/report_totals.c: *adding += atomic_load(&r->adding) != 0"),
            load("books2", "committed", "acquire",
                "slot/ledger.c: uint64_t again = atomic_load_explicit(&r->committed,"),
        ],
    ],
    memory={"adding": 0, "kind": 1, "word": 0, "committed": 0},
    bad=lambda v: (v["adding1"] == v["adding2"] == 0
                   and v["books1"] == v["books2"] != v["sum"]),
    without=[
        Without("release where the add is left", {"leave": "relaxed"}),
    ])
