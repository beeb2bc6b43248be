"""eventcount: nobody sleeps who should have been woken."""

from litmus import KERNEL, fence, load, protocol, rmw, store, Without

# The waiter announces itself, looks at the condition once more, and sleeps.
# The word: 1 if somebody may be asleep; a wake adds 2. The kernel puts a waiter
# into its queue, then looks at the word; a waker looks into the queue after it
# has changed the word.


def waiter(order, line):
    return [
        rmw("before", "word", lambda before: before | 1, "seq_cst",
            "memory/eventcount.c: return atomic_fetch_or(&w->word, 1) | 1;",
            name="prepare"),
        load("condition", "condition", order, line, name="condition"),
        store("queued", 1, "relaxed", KERNEL),
        fence("seq_cst", KERNEL),
        load("slept", "word", "relaxed", KERNEL),
    ]


def sleeps_for_ever(v):
    asleep = v["condition"] == 0 and v["slept"] == v["before"] | 1
    return asleep and not (v["old"] & 1 and v["found"] == 1)


WAKER_LOOKS = [
    fence("seq_cst", KERNEL),
    load("found", "queued", "relaxed", KERNEL),
]

protocol(
    "eventcount: nobody sleeps after eventcount_all()",
    threads=[
        waiter(
            "relaxed",
            "pipeline/thread_pool.c: atomic_load_explicit(&t->pool->wanted, RELAXED);"),
        [
            store("condition", 1, "relaxed",
                "whatever is waited for"),
            rmw("old", "word", lambda old: old, "seq_cst",
                "memory/eventcount.c: uint32_t old = atomic_fetch_or(&w->word, 0);",
                name="look"),
            rmw("same", "word", lambda same: (same + 2) & ~1, "seq_cst",
                "memory/eventcount.c: atomic_compare_exchange_weak(&w->word, &old, (old + "
                "2) & ~1U))",
                when=lambda old: old & 1),
            *WAKER_LOOKS,
        ],
    ],
    memory={"condition": 0, "word": 0, "queued": 0},
    bad=sleeps_for_ever,
    without=[
        Without("release where the waker looks", {"look": "acquire"}),
        Without("acquire where the waiter announces itself",
                {"prepare": "release"}),
    ])

protocol(
    "eventcount: nobody sleeps if eventcount_sleepers() is asked first",
    threads=[
        waiter("seq_cst", "sum/permit.c: if (atomic_load(&p->taker) != 0)"),
        [
            rmw("taker", "condition", lambda taker: 1, "seq_cst",
                "sum/permit.h: atomic_exchange(&p->taker, 0);",
                name="change"),
            load("old", "word", "seq_cst",
                "memory/eventcount.h: return (atomic_load(&w->word) & 1) != 0;",
                name="ask"),
            rmw("same", "word", lambda same: same + 2, "seq_cst",
                "memory/eventcount.c: atomic_compare_exchange_weak(&w->word, &old, old + "
                "2))",
                when=lambda old: old & 1),
            *WAKER_LOOKS,
        ],
    ],
    memory={"condition": 0, "word": 0, "queued": 0},
    bad=sleeps_for_ever,
    without=[
        Without("seq_cst where it is asked", {"ask": "relaxed"}),
        Without("seq_cst at the change", {"change": "release"}),
        Without("seq_cst at the waiter's second look",
                {"condition": "acquire"}),
        Without("seq_cst where the waiter announces itself",
                {"prepare": "relaxed"}),
    ])
