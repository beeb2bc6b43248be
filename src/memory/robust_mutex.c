/* robust_mutex: a mutex between processes that survives its owner's death. */
#include "memory/robust_mutex.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int
robust_mutex_init(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	int err = pthread_mutex_init(mutex, &attr);
	if (err == ENOTSUP) { /* see robust_mutex_works() */
		pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_STALLED);
		err = pthread_mutex_init(mutex, &attr);
	}
	pthread_mutexattr_destroy(&attr);
	return -err;
}

/* A kernel that has the call rejects a list of length 0 with EINVAL. */
bool
robust_mutex_works(void)
{
	return syscall(SYS_set_robust_list, NULL, (size_t)0) != 0 &&
	    errno == EINVAL;
}
