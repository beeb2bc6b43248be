"""kill: what a thread leaves that is killed between two stores."""

from litmus import protocol, rmw, store, Without

# One thread, killed after any of its stores; the orders are against the
# compiler. The heir settles what it finds if the holder's name (5) is there.

INTEND = (
    "slot/ledger.h: atomic_store_explicit(&r->intent, ledger_note(seen, ledger_adds(r) "
    "+ 1), memory_order_release);")
COMMIT = (
    "slot/ledger.h: atomic_store_explicit(&r->committed, "
    "atomic_load_explicit(&r->committed, RELAXED) + LEDGER_ONE_ADD, "
    "memory_order_release);")


def accounting_fails(v):
    books = v["committed"]
    if v["holder"] == 5 and v["intent"] == books + 1:
        books = v["word"]  # add_settle()
    return v["word"] != books


def silently_in_doubt(v):
    return v["word"] != v["committed"] and v["intent"] != v["committed"] + 1


protocol(
    "kill: an add under a lock is in the books, or its holder is named",
    threads=[
        [
            store("intent", 1, "release", INTEND),
            store("word", 1, "release",
                "sum/add.c: atomic_store_explicit(&c->word, word, "
                "memory_order_release);",
                name="word"),
            store("committed", 1, "release", COMMIT,
                name="commit"),
            store("holder", 0, "release",
                "sum/lock_priv.h: atomic_store_explicit(&c->holder, id, "
                "memory_order_release);",
                name="drop"),
        ],
    ],
    memory={"holder": 5, "intent": 0, "word": 0, "committed": 0},
    bad=accounting_fails,
    without=[
        Without("release at the sum", {"word": "relaxed"}, "compiler"),
        Without("release where the name is taken away", {"drop": "relaxed"},
                "compiler"),
    ],
    killed=True)

for kind, change in {
        "none": "sum/add.c: return atomic_exchange_explicit(&c->word, word, "
        "memory_order_release);",
        "atomic": "sum/add.c: atomic_fetch_add_explicit(&a->cell->word, "
        "(uint64_t)n << CELL_ID_BITS, memory_order_release);",
        "cas": "sum/add.c: &seen, word_make(word_value(seen) + n, r->id), "
        "memory_order_release, RELAXED))",
        "none, many": "sum/lock_fast.h: atomic_exchange_explicit(word, "
        "word_value_in(from) + h->step, memory_order_release);",
        "atomic, many": "sum/lock_free.c: atomic_fetch_add_explicit("
        "&h->cell->word, word_value_in(h->step), memory_order_release);",
        "cas, many": "sum/lock_free.c: word_value_in(seen) + h->step, "
        "memory_order_release, RELAXED))"}.items():
    protocol(
        f"kill: an add without a lock is in the books or in doubt ({kind})",
        threads=[
            [
                store("intent", 1, "release", INTEND),
                rmw("old", "word", lambda old: 1, "release", change,
                    name="word"),
                store("committed", 1, "release", COMMIT),
            ],
        ],
        memory={"intent": 0, "word": 0, "committed": 0},
        bad=silently_in_doubt,
        without=[
            Without("release at the sum", {"word": "relaxed"}, "compiler"),
        ],
        killed=True)

# The heir (6) of a dead holder settles that one's add, then names itself.
protocol(
    "kill: an heir names itself when the dead one's add is settled",
    threads=[
        [
            store("committed", 1, "release", COMMIT),
            store("holder", 6, "release",
                "sum/lock_priv.h: atomic_store_explicit(&c->holder, id, "
                "memory_order_release);",
                name="name"),
        ],
    ],
    memory={"holder": 5, "intent": 1, "word": 1, "committed": 0},
    bad=accounting_fails,
    without=[
        Without("release at the name", {"name": "relaxed"}, "compiler"),
    ],
    killed=True)

# The book is in force, then another is; only then it is written anew (odd).
protocol(
    "kill: a book in force is not odd",
    threads=[
        [
            store("other", 1, "release",
                "slot/ledger.c: atomic_store_explicit(&r->committed, done ^ "
                "LEDGER_BOOK, memory_order_release);"),
            store("version", 1, "release",
                "slot/ledger.c: atomic_store_explicit(&b->version, version, "
                "memory_order_release);",
                name="odd"),
        ],
    ],
    memory={"other": 0, "version": 0},
    bad=lambda v: v["other"] == 0 and v["version"] == 1,
    without=[
        Without("release at the odd version", {"odd": "relaxed"}, "compiler"),
    ],
    killed=True)
