"""window: what the screen knows of futures."""

from litmus import fence, load, protocol, store, Without

WINDOW_LOOK = [
    load("number", "number", "acquire",
        "executor/future_sample.c: atomic_load_explicit(&s->number, "
        "memory_order_acquire);"),
    load("future", "future", "acquire",
        "executor/future_sample.c: atomic_load_explicit(&s->future, "
        "memory_order_acquire);"),
]

WINDOW_AGAIN = [
    fence("acquire",
        "executor/future_sample.c: atomic_thread_fence(memory_order_acquire);",
        name="look"),
    load("number2", "number", "relaxed",
        "executor/future_sample.c: atomic_load_explicit(&s->number, RELAXED) == "
        "number &&"),
    load("future2", "future", "relaxed",
        "executor/future_sample.c: atomic_load_explicit(&s->future, RELAXED) == f;"),
]

# Future 1 is freed, and its facts remain; then its window is that of future 2.
protocol(
    "window: facts are of the number beside them",
    threads=[
        [
            store("number", 0, "relaxed",
                "executor/future_sample.c: atomic_store_explicit(&s->number, 0, "
                "RELAXED);"),
            store("future", 2, "release",
                "executor/future_sample.c: atomic_store_explicit(&s->future, f, "
                "memory_order_release);"),
            store("number", 2, "release",
                "executor/future_sample.c: atomic_store_explicit(&s->number, number, "
                "memory_order_release);"),
            fence("release",
                "executor/future_sample.c: "
                "atomic_thread_fence(memory_order_release); for (unsigned i = "
                "0; i < 5; i++)",
                name="close"),
            store("facts", 2, "relaxed",
                "executor/future_sample.c: atomic_store_explicit(&s->facts[i], "
                "words[i], RELAXED);"),
            store("future", 0, "release",
                "executor/future_sample.c: atomic_store_explicit(&s->future, NULL, "
                "memory_order_release);"),
        ],
        [
            *WINDOW_LOOK,
            load("facts", "facts", "acquire",
                "executor/future_sample.c: atomic_load_explicit(&s->facts[i], "
                "memory_order_acquire);",
                name="facts"),
            *WINDOW_AGAIN,
        ],
    ],
    memory={"number": 1, "future": 0, "facts": 1},
    bad=lambda v: (v["number"] == v["number2"] == 1
                   and v["future"] == v["future2"] == 0 and v["facts"] != 1),
    without=[
        Without("release before the facts", {"close": None}),
    ])

# Future 1 is freed, its record cleared and taken for another.
protocol(
    "window: what is read of a future is not of the next one",
    threads=[
        [
            store("future", 0, "release",
                "executor/future_sample.c: atomic_store_explicit(&s->future, NULL, "
                "memory_order_release);"),
            fence("release",
                "executor/future_sample.c: "
                "atomic_thread_fence(memory_order_release); }",
                name="free"),
            store("error", 2, "relaxed",
                "executor/future_record.c: atomic_store_explicit(&cold_of(f)->error, 0, "
                "RELAXED);"),
        ],
        [
            *WINDOW_LOOK,
            load("error", "error", "relaxed",
                "executor/future_sample.c: atomic_load_explicit(&cold_of(f)->error, "
                "RELAXED);"),
            *WINDOW_AGAIN,
        ],
    ],
    memory={"number": 1, "future": 1, "error": 1},
    bad=lambda v: v["future"] == v["future2"] == 1 and v["error"] != 1,
    without=[
        Without("release where it is freed", {"free": None}),
        Without("acquire before the second look", {"look": None}),
    ])

protocol(
    "window: a record that is taken again has left its old window",
    threads=[
        [
            store("future", 0, "release",
                "executor/future_sample.c: atomic_store_explicit(&s->future, NULL, "
                "memory_order_release);"),
            fence("release",
                "executor/executor_submit.c: atomic_thread_fence(memory_order_release); "
                "atomic_store_explicit(&f->number, number, RELAXED);",
                name="take"),
            store("waited", 2, "relaxed",
                "executor/executor_submit.c: atomic_store_explicit(&f->waited, 0, RELAXED);"),
        ],
        [
            *WINDOW_LOOK,
            load("waited", "waited", "relaxed",
                "executor/future_sample.c: atomic_load_explicit(&f->waited, RELAXED);"),
            *WINDOW_AGAIN,
        ],
    ],
    memory={"number": 1, "future": 1, "waited": 1},
    bad=lambda v: v["future"] == v["future2"] == 1 and v["waited"] != 1,
    without=[
        Without("release where it is taken", {"take": None}),
        Without("acquire before the second look", {"look": None}),
    ])
