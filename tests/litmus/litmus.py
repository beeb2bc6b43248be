"""litmus: which outcomes do a few accesses of a few threads have?

Every thread makes its accesses in every order that the machine allows, and
these orders are interleaved in every way over one memory. That is all there is
to ARMv8, which is multi-copy atomic (what one other processor sees, all see),
as long as no thread loads what it has just stored itself: such a load may be
served before the store is seen by others, and is refused here.

A read-modify-write is a load and a store, between which no other thread stores
to that place, but between which the thread's own later accesses may come (as
with LDAXR and STLXR). `order` is that of C11:

    relaxed   acquire   release   seq_cst

and what it means is what compilers make of it on ARMv8, or less. `line` is
"FILE: STATEMENT" of src/, which the access stands for; its order is there, too.
"""

import collections

Access = collections.namedtuple(
    "Access", "kind place reg value order when name line")
Event = collections.namedtuple("Event", "access part needs")

# What must not be in `threads` over `memory`: `bad`, a function of all values.
# Each of `without` changes orders, by the names of accesses, and allows it.
Protocol = collections.namedtuple(
    "Protocol", "name threads memory bad without killed", defaults=(False,))
Without = collections.namedtuple(
    "Without", "what changes machine", defaults=("arm64",))

PROTOCOLS = []
KERNEL = "the kernel, between two full barriers"

ACQUIRES = ("acquire", "seq_cst")
RELEASES = ("release", "seq_cst")


def protocol(name, **rest):
    PROTOCOLS.append(Protocol(name, **rest))


def names(function):
    """The registers that a value or a condition is made of."""
    return function.__code__.co_varnames if callable(function) else ()


def number(value, regs):
    return value(*(regs[n] for n in names(value))) if callable(value) else value


def load(reg, place, order, line=None, name=None):
    return Access("load", place, reg, None, order, None, name, line)


def store(place, value, order, line=None, name=None, when=None):
    """`value`: a number, or a function of registers; likewise `when`."""
    return Access("store", place, None, value, order, when, name, line)


def rmw(reg, place, value, order, line=None, name=None, when=None):
    """`value` is a function of `reg`, the old value, and of other registers.
    With `when` an earlier access must be to the same place."""
    return Access("rmw", place, reg, value, order, when, name, line)


def fence(order, line=None, name=None):
    return Access("fence", None, None, None, order, None, name, line)


def events(thread):
    """What is to be put in order: loads, stores, fences."""
    for a in thread:
        needs = set(names(a.value)) | set(names(a.when))
        if a.kind in ("load", "rmw"):
            yield Event(a, "load", set(names(a.when)))
        if a.kind in ("store", "rmw"):
            yield Event(a, "store", needs)
        if a.kind == "fence":
            yield Event(a, "fence", set())


def fenced_on_arm(a, f, b):
    return (f.order == "seq_cst"
            or f.order == "acquire" and a.part == "load"
            or f.order == "release" and b.part == "store")


def ordered_on_arm(a, b, fences):
    return (a.access is b.access or a.access.place == b.access.place
            or a.access.reg in b.needs
            or a.part == "load" and a.access.order in ACQUIRES
            or b.part == "store" and b.access.order in RELEASES
            or a.access.order == b.access.order == "seq_cst"
            or any(fenced_on_arm(a, f, b) for f in fences))


def ordered_on_x86(a, b, fences):
    """Only a store may be overtaken, by a load; not if either locks."""
    return (a.part != "store" or b.part != "load"
            or a.access.place == b.access.place
            or a.access.order == "seq_cst"
            or "rmw" in (a.access.kind, b.access.kind)
            or any(f.order == "seq_cst" for f in fences))


MACHINES = {"arm64": ordered_on_arm, "x86-64": ordered_on_x86,
            "compiler": ordered_on_arm}


def plan(thread, machine):
    """Events, each with those that must come before it."""
    all_of_it = list(events(thread))
    steps = []
    for i, b in enumerate(all_of_it):
        if b.part == "fence":
            continue
        before = set()
        for j, a in enumerate(all_of_it[:i]):
            if a.part == "fence":
                continue
            if (a.access.kind == "store" and b.access.kind == "load"
                    and a.access.place == b.access.place):
                raise ValueError(f"{b.access}: loads what it has stored")
            fences = [f.access for f in all_of_it[j:i] if f.part == "fence"]
            if MACHINES[machine](a, b, fences):
                before.add(j)
        steps.append((i, b, before))
    return steps


def may_come(i, event, before, thread, done, plans):
    """Is it the turn of this event? Nobody stores into another's rmw."""
    if i in done[thread] or not before <= done[thread]:
        return False
    if event.part == "load":
        return True
    return not any(
        other != thread and step.access.kind == "rmw"
        and step.part == "load" and step.access.place == event.access.place
        and j in done[other] and j + 1 not in done[other]
        for other, steps in enumerate(plans) for j, step, _ in steps)


def after(event, regs, memory):
    """Registers and memory after it."""
    a = event.access
    if event.part == "load":
        return {**regs, a.reg: memory[a.place]}, memory
    if a.when is not None and not number(a.when, regs):
        return regs, memory
    return regs, {**memory, a.place: number(a.value, regs)}


def allows(threads, memory, bad, machine, killed=False):
    """Is there a run with that outcome? `killed`: or a beginning of one."""
    plans = [plan(t, machine) for t in threads]
    todo = [([frozenset() for _ in plans], {}, memory)]
    seen = set()
    while todo:
        done, regs, memory = todo.pop()
        key = (tuple(done), tuple(sorted(regs.items())),
               tuple(sorted(memory.items())))
        if key in seen:
            continue
        seen.add(key)
        over = all(len(d) == len(p) for d, p in zip(done, plans))
        if (over or killed) and bad({**memory, **regs}):
            return True
        for t, steps in enumerate(plans):
            for i, event, before in steps:
                if not may_come(i, event, before, t, done, plans):
                    continue
                now = after(event, regs, memory)
                todo.append(([d | {i} if u == t else d
                              for u, d in enumerate(done)], *now))
    return False


def changed(threads, changes):
    """The accesses of these names with another order; None: without them."""
    known = {a.name for t in threads for a in t}
    assert set(changes) <= known, (changes, known)
    return [[a._replace(order=changes.get(a.name, a.order)) for a in t
             if changes.get(a.name, a.order) is not None] for t in threads]
