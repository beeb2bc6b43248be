#!/usr/bin/python3
"""The hybrid pipeline as one would write it in Python: the bench's peer.

Processes that share a JoinableQueue, a thread pool in each, a sentinel per
process. Item n is n tasks, and each task adds n to a shared Value under a
lock. No work is done besides, so that what is timed is the machinery.

Prints "ready" as soon as every thread of every pool runs, then, unless
--ready was given, the tasks per second from the first put to the join.
"""
import argparse
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor


def add(total, lock, n):
    with lock:
        total.value += n


def start_all(pool, threads):
    """A pool starts its threads on demand: demand all of them."""
    gate = threading.Barrier(threads + 1)
    for _ in range(threads):
        pool.submit(gate.wait)
    gate.wait()


def worker(queue, total, lock, threads, ready):
    with ThreadPoolExecutor(threads) as pool:
        start_all(pool, threads)
        ready.release()
        while (n := queue.get()) is not None:
            tasks = [pool.submit(add, total, lock, n) for _ in range(n)]
            for task in tasks:
                task.result()
            queue.task_done()
        queue.task_done()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=10)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--n", type=int, default=10, help="tasks of an item")
    parser.add_argument("--ready", action="store_true", help="only start")
    return parser.parse_args()


def main():
    args = arguments()
    queue = multiprocessing.JoinableQueue()
    lock = multiprocessing.Lock()
    total = multiprocessing.Value("q", 0, lock=False)
    ready = multiprocessing.Semaphore(0)
    workers = [
        multiprocessing.Process(
            target=worker, args=(queue, total, lock, args.threads, ready)
        )
        for _ in range(args.processes)
    ]
    for w in workers:
        w.start()
    for _ in workers:
        ready.acquire()
    print("ready", flush=True)

    items = 0 if args.ready else args.items
    start = time.monotonic()
    for _ in range(items):
        queue.put(args.n)
    queue.join()
    elapsed = time.monotonic() - start

    for _ in workers:
        queue.put(None)
    for w in workers:
        w.join()
    if total.value != items * args.n * args.n:
        raise SystemExit("pipeline.py: the sum is wrong")
    if not args.ready:
        print("tasks", items * args.n)
        print("tasks_per_s", round(items * args.n / elapsed))


if __name__ == "__main__":
    main()
