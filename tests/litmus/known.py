"""known: tests whose verdicts are known, against the enumerator itself."""

from litmus import fence, load, rmw, store


def store_buffering(order_store, order_load, *between):
    return [[store("x", 1, order_store), *between, load("r", "y", order_load)],
            [store("y", 1, order_store), *between, load("s", "x", order_load)]]


def message_passing(order_store, order_load, *between):
    return [[store("x", 1, "relaxed"), store("y", 1, order_store)],
            [load("r", "y", order_load), *between, load("s", "x", "relaxed")]]


def load_buffering(value_r, value_s):
    return [[load("r", "x", "relaxed"), store("y", value_r, "relaxed")],
            [load("s", "y", "relaxed"), store("x", value_s, "relaxed")]]


def both_zero(v):
    return v["r"] == 0 and v["s"] == 0


def flag_alone(v):
    return v["r"] == 1 and v["s"] == 0


def out_of_thin_air(v):
    return v["r"] == 1 and v["s"] == 1


def readers_disagree(v):
    return v["r"] == v["t"] == 1 and v["s"] == v["u"] == 0


def four(order):
    """Two that store, two that load in different lock_orders."""
    return [[store("x", 1, "relaxed")], [store("y", 1, "relaxed")],
            [load("r", "x", order), load("s", "y", "relaxed")],
            [load("t", "y", order), load("u", "x", "relaxed")]]


EXCHANGES = [
    [rmw("p", "x", lambda p: 1, "seq_cst"), load("r", "y", "relaxed")],
    [rmw("q", "y", lambda q: 1, "seq_cst"), load("s", "x", "relaxed")]]

ADDS = [[rmw("r", "x", lambda r: r + 1, "relaxed")],
        [rmw("s", "x", lambda s: s + 1, "relaxed")]]

SAME_PLACE = [[store("x", 1, "relaxed")],
              [load("r", "x", "relaxed"), load("s", "x", "relaxed")]]

# Name, threads, outcome, allowed on arm64, on x86-64.
KNOWN = [
    ("store buffering, relaxed",
     store_buffering("relaxed", "relaxed"), both_zero, True, True),
    ("store buffering, release and acquire",
     store_buffering("release", "acquire"), both_zero, True, True),
    ("store buffering, seq_cst",
     store_buffering("seq_cst", "seq_cst"), both_zero, False, False),
    ("store buffering, fences",
     store_buffering("relaxed", "relaxed", fence("seq_cst")), both_zero,
     False, False),
    ("store buffering, a read-modify-write is no fence for what follows",
     EXCHANGES, both_zero, True, False),
    ("message passing, relaxed",
     message_passing("relaxed", "relaxed"), flag_alone, True, False),
    ("message passing, release and acquire",
     message_passing("release", "acquire"), flag_alone, False, False),
    ("message passing, release alone",
     message_passing("release", "relaxed"), flag_alone, True, False),
    ("message passing, release and a fence",
     message_passing("release", "relaxed", fence("acquire")), flag_alone,
     False, False),
    ("load buffering, relaxed",
     load_buffering(1, 1), out_of_thin_air, True, False),
    ("load buffering, dependencies",
     load_buffering(lambda r: r, lambda s: s), out_of_thin_air, False, False),
    ("two loads of one place",
     SAME_PLACE, lambda v: v["r"] == 1 and v["s"] == 0, False, False),
    ("two adds to one place", ADDS, lambda v: v["x"] != 2, False, False),
    ("what one other sees, all see",
     four("acquire"), readers_disagree, False, False),
    ("the same, relaxed", four("relaxed"), readers_disagree, True, False),
]
