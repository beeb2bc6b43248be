#!/usr/bin/python3
"""Count primes up to some limits as the Python tutorials do: the bench's peer.

A multiprocessing.Process for each limit, trial division up to the square
root, as in demos/primes.c.
"""
import multiprocessing
import sys


def is_prime(n):
    for i in range(2, int(n ** 0.5) + 1):
        if n % i == 0:
            return False
    return True


def count_primes(limit):
    primes = 0
    for n in range(2, limit + 1):
        if is_prime(n):
            primes += 1
    print(limit, primes, flush=True)


def main():
    processes = [
        multiprocessing.Process(target=count_primes, args=(int(limit),))
        for limit in sys.argv[1:]
    ]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    if any(p.exitcode for p in processes):
        raise SystemExit("primes.py: a process failed")


if __name__ == "__main__":
    main()
