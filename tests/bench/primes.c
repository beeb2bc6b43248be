/*
 * primes: the bare loop: a process for each limit, nothing else. The bench's
 * peer of the demo of that name; the algorithm is the same.
 *
 *	primes LIMIT...
 */
#include <sys/wait.h>
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ROOT 10000

static uint64_t inverse[ROOT + 1];

static bool
is_prime(uint32_t n)
{
	for (uint32_t i = 2; i * i <= n; i++)
		if (n * inverse[i] < inverse[i]) /* n % i == 0 */
			return false;
	return true;
}

static int
count_primes(const char *text)
{
	uint32_t limit = (uint32_t)strtoul(text, NULL, 10), primes = 0;

	for (uint32_t n = 2; n <= limit; n++)
		primes += is_prime(n);
	return printf("%u %u\n", limit, primes) < 0;
}

int
main(int argc, char *argv[])
{
	int status, failed = 0;

	for (uint32_t i = 2; i <= ROOT; i++)
		inverse[i] = UINT64_MAX / i + 1;
	for (int i = 1; i < argc; i++) {
		pid_t pid = fork();

		if (pid == -1)
			err(1, "fork");
		if (pid == 0)
			exit(count_primes(argv[i]));
	}
	while (wait(&status) > 0)
		failed |= status;
	return failed != 0;
}
