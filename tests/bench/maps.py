#!/usr/bin/python3
"""n * n over many numbers by Python's executors, at its best chunk size.

    maps.py threads|processes WORKERS INPUTS

Prints "inputs_per_s N" of the best of the chunk sizes, after a warm-up. A
pool of threads has no chunks: it is given as many inputs as it gets.
"""
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def square(n):
    return n * n


def measure(pool, inputs, chunk):
    start = time.perf_counter()
    good = sum(1 for x in pool.map(square, inputs, chunksize=chunk))
    took = time.perf_counter() - start
    assert good == len(inputs)
    return len(inputs) / took


def main():
    kind, workers, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    threads = kind == "threads"
    pool = ThreadPoolExecutor if threads else ProcessPoolExecutor
    chunks = [1] if threads else [n // (4 * workers), n // workers, 1000, 5000]
    with pool(workers) as executor:
        list(executor.map(square, range(1000), chunksize=10))
        best = max(measure(executor, range(n), c) for c in chunks)
    print(f"inputs_per_s {best:.0f}")


if __name__ == "__main__":
    main()
