#!/usr/bin/python3
"""The peer of items.c in Python: a JoinableQueue of 32-byte items."""
import multiprocessing as mp
import sys
import time

ITEM = 32


def consume(queue):
    while queue.get() is not None:
        queue.task_done()


def main():
    consumers, items = int(sys.argv[1]), int(sys.argv[2])
    queue = mp.JoinableQueue(4096)
    processes = [mp.Process(target=consume, args=(queue,), daemon=True)
                 for _ in range(consumers)]
    for p in processes:
        p.start()
    start = time.monotonic()
    for i in range(items):
        queue.put(i.to_bytes(ITEM, "little"))
    queue.join()
    print("items_per_s", items / (time.monotonic() - start))
    for _ in processes:
        queue.put(None)
    for p in processes:
        p.join()


if __name__ == "__main__":
    main()
