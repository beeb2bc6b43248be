/* harness: run a function as the main of a demo. */
#include "harness.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "supervisor/supervisor.h"

/* Processes name themselves, which libbsd wants to be told of first. */
__attribute__((constructor)) static void
prepare_titles(int argc, char *argv[], char *envp[])
{
	setproctitle_init(argc, argv, envp);
}

int
program_run(
    int (*main)(const struct params *), unsigned processes, unsigned threads)
{
	static const char *const lesson[] = {NULL};
	const struct demo demo = {.name = "test",
	    .title = "a test",
	    .lesson = lesson,
	    .main = main,
	    .pipes = 1};
	const struct params_priv options = {.params.demo = &demo,
	    .params.processes = processes,
	    .params.threads = threads,
	    .params.speed = SPEED_ONE,
	    .lock = 1,
	    .status_fd = -1,
	    .control_fd = -1};
	int status;
	pid_t pid = fork();

	if (pid == 0)
		exit(supervisor_main(&options));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
