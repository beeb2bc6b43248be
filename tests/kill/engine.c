/* engine: an engine under test. */
#include "engine.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS   64
#define PUMP_MS 20

static void
exec_engine(const char *program, const char *args, int status, int control)
{
	static char words[4096];
	char *argv[WORDS + 6], status_arg[16], control_arg[16];
	static char name[] = "lockstep-engine", s[] = "--status-fd",
		    c[] = "--control-fd";
	int argc = 5;

	snprintf(words, sizeof words, "%s", args);
	snprintf(status_arg, sizeof status_arg, "%d", status);
	snprintf(control_arg, sizeof control_arg, "%d", control);
	argv[0] = name;
	argv[1] = s;
	argv[2] = status_arg;
	argv[3] = c;
	argv[4] = control_arg;
	for (char *w = strtok(words, " "); w != NULL && argc < WORDS;
	     w = strtok(NULL, " "))
		argv[argc++] = w;
	argv[argc] = NULL;
	execv(program, argv);
	_exit(127);
}

struct engine *
engine_start(const char *variable, const char *crash, const char *fault,
    const char *args)
{
	struct engine *e = calloc(1, sizeof *e);
	const char *program = getenv(variable);
	int status[2], control[2], error[2];

	ck_assert_msg(program != NULL, "%s is not set", variable);
	ck_assert_ptr_nonnull(e);
	ck_assert(pipe2(status, O_CLOEXEC) == 0 &&
	    pipe2(control, O_CLOEXEC) == 0 && pipe2(error, O_CLOEXEC) == 0);
	/* What loses its parent becomes ours, so that we see it end. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	e->pid = fork();
	ck_assert_int_ge(e->pid, 0);
	if (e->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fcntl(status[1], F_SETFD, 0);
		fcntl(control[0], F_SETFD, 0);
		dup2(error[1], STDERR_FILENO);
		if (crash != NULL)
			setenv("LOCKSTEP_CRASH", crash, 1);
		if (fault != NULL)
			setenv("LOCKSTEP_FAULT", fault, 1);
		exec_engine(program, args, status[1], control[0]);
	}
	close(status[1]);
	close(control[0]);
	close(error[1]);
	e->status_fd = status[0];
	e->control_fd = control[1];
	e->error_fd = error[0];
	return e;
}

static void
kill_all(struct engine *e)
{
	kill(e->pid, SIGKILL);
	for (unsigned i = 0; i < e->nprocs; i++)
		if (e->procs[i].last.ended == ENDED_NOT)
			kill(e->procs[i].pid, SIGKILL);
}

void
engine_fail(struct engine *e, const char *file, int line, const char *what)
{
	const struct frame_item_queue *q = &e->item_queue;

	kill_all(e);
	size_t len = strlen(e->log);
	ck_abort_msg("%s:%d: waited in vain: %s (phase %u, put %lu done %lu "
		     "queued %u in flight %u poisoned %u, adding %u)\n%s",
	    file, line, what, e->control.phase, q->put, q->done, q->queued,
	    q->in_flight, q->poisoned, e->sum.adding,
	    e->log + (len > 2000 ? len - 2000 : 0));
}

struct engine_proc *
engine_find(struct engine *e, pid_t pid)
{
	for (unsigned i = e->nprocs; i-- > 0;)
		if (e->procs[i].pid == pid)
			return &e->procs[i];
	return NULL;
}

static void
take_proc(struct engine *e, const struct frame *f)
{
	struct engine_proc *p = NULL;

	for (unsigned i = 0; i < e->nprocs; i++)
		if (e->procs[i].last.serial == f->proc.serial &&
		    e->procs[i].last.slot == f->proc.slot)
			p = &e->procs[i];
	if (p == NULL) {
		ck_assert_uint_lt(e->nprocs, ENGINE_PROCS);
		p = &e->procs[e->nprocs++];
		*p = (struct engine_proc){.pid = f->pid};
	}
	ck_assert_int_eq(p->pid, f->pid);
	/* Nobody rises again. */
	ck_assert_msg(
	    p->last.ended == ENDED_NOT || p->last.ended == f->proc.ended,
	    "worker-%u (pid %d): ended %u, now %u, state %u", f->proc.slot,
	    (int)f->pid, p->last.ended, f->proc.ended, f->proc.state);
	p->last = f->proc;
	e->stalled += f->proc.state == STATE_STALLED;
}

static void
take_queue(struct engine *e, const struct frame_item_queue *q)
{
	ck_assert_msg(
	    q->put == q->done + q->queued + q->in_flight + q->poisoned,
	    "put %lu done %lu queued %u in flight %u poisoned %u", q->put,
	    q->done, q->queued, q->in_flight, q->poisoned);
	e->item_queue = *q;
}

static void
take_sum(struct engine *e, const struct frame_sum *s)
{
	bool private = e->control.sum_mode == SUM_PRIVATE;

	if (!private && s->adding == 0 && s->in_doubt == 0)
		ck_assert_msg(s->sum + s->lost == s->expected,
		    "sum %ld + lost %ld != expected %ld", s->sum, s->lost,
		    s->expected);
	if (private)
		ck_assert_int_eq(s->sum, 0);
	if (e->exact)
		ck_assert_msg(s->lost == 0 && s->in_doubt == 0,
		    "lost %ld, in doubt %u", s->lost, s->in_doubt);
	e->sum = *s;
}

static void
take_step(struct engine *e, const struct frame *f)
{
	unsigned i = 0;

	while (i < e->nsteps &&
	    (e->steps[i].last.slot != f->step.slot ||
		e->steps[i].last.index != f->step.index))
		i++;
	ck_assert_uint_lt(i, ENGINE_STEPS);
	e->nsteps += i == e->nsteps;
	e->steps[i] = (struct engine_step){.last = f->step, .tid = f->tid};
}

struct engine_step *
engine_letter(struct engine *e, unsigned letter)
{
	for (unsigned i = 0; i < e->nsteps; i++)
		if (e->steps[i].last.letter == letter &&
		    e->steps[i].last.point != POINT_NONE)
			return &e->steps[i];
	return NULL;
}

static void
take_schedule(struct engine *e, const struct frame_text_body *t)
{
	size_t at = (size_t)t->part * FRAME_TEXT_LEN;

	if (t->index != 0 || at + t->len >= sizeof e->schedule)
		return;
	memcpy(e->schedule + at, t->text, t->len);
	e->schedule[at + t->len] = '\0';
}

static void
take_text(struct engine *e, const struct frame_text_body *t)
{
	size_t len = strlen(e->log);

	if (t->kind == TEXT_SCHEDULE)
		take_schedule(e, t);
	if (t->kind == TEXT_BANNER && t->len > 0 && t->part == 0)
		e->banners++;
	bool line = t->kind == TEXT_LOG || t->kind == TEXT_BANNER ||
	    t->kind == TEXT_OUTPUT || t->kind == TEXT_RESULT;
	if (!line || len + t->len + 2 > sizeof e->log)
		return;
	memcpy(e->log + len, t->text, t->len);
	if (t->part + 1 == t->parts)
		e->log[len + t->len] = '\n';
}

static void
take_hello(struct engine *e, const struct frame *f)
{
	ck_assert_uint_eq(f->hello.run, e->hellos);
	ck_assert_uint_eq(e->byes, e->hellos);
	e->hellos++;
	e->hello = f->hello;
	e->nprocs = e->nsteps = 0;
	e->schedule[0] = '\0';
	memset(&e->lab, 0, sizeof e->lab);
	memset(&e->item_queue, 0, sizeof e->item_queue);
	memset(&e->sum, 0, sizeof e->sum);
}

static void
take(const struct frame *f, void *arg)
{
	struct engine *e = arg;

	ck_assert(f->type == FRAME_HELLO || e->hellos > e->byes);
	if (f->type == FRAME_HELLO)
		take_hello(e, f);
	else if (f->type == FRAME_BYE)
		e->bye = f->bye, e->byes++;
	else if (f->type == FRAME_PROC && f->proc.slot > 0)
		take_proc(e, f);
	else if (f->type == FRAME_THREAD)
		e->gated = f->thread.state == STATE_GATED ? f->tid : e->gated;
	else if (f->type == FRAME_SCHEDULE)
		e->lab = f->lab;
	else if (f->type == FRAME_MUTEX)
		e->mutex = f->mutex;
	else if (f->type == FRAME_STEP)
		take_step(e, f);
	else if (f->type == FRAME_ITEM_QUEUE)
		take_queue(e, &f->item_queue);
	else if (f->type == FRAME_SUM)
		take_sum(e, &f->sum);
	else if (f->type == FRAME_LOCK)
		e->lock = f->lock;
	else if (f->type == FRAME_CONTROL)
		e->control = f->control;
	else if (f->type == FRAME_TEXT)
		take_text(e, &f->text);
}

void
engine_pump(struct engine *e)
{
	static char buf[1 << 16];
	struct pollfd p = {.fd = e->status_fd, .events = POLLIN};

	if (e->eof || poll(&p, 1, PUMP_MS) <= 0)
		return;
	ssize_t n = read(e->status_fd, buf, sizeof buf);
	e->eof = n <= 0;
	if (n > 0)
		frame_read(&e->reader, buf, (size_t)n, take, e);
	ck_assert_uint_eq(e->reader.garbage, 0);
}

void
engine_send(struct engine *e, enum frame_command op, int64_t arg)
{
	struct frame f = {.type = FRAME_COMMAND,
	    .version = FRAME_VERSION,
	    .seq = ++e->asked,
	    .command = {.op = op, .arg = arg}};

	ck_assert_int_eq(write(e->control_fd, &f, sizeof f), sizeof f);
}

int
engine_command(struct engine *e, enum frame_command op, int64_t arg)
{
	engine_send(e, op, arg);
	ENGINE_UNTIL(e, e->control.ack == e->asked);
	return e->control.result;
}

struct engine_proc *
engine_worker(struct engine *e, unsigned slot)
{
	for (unsigned i = 0; i < e->nprocs; i++) {
		struct engine_proc *p = &e->procs[i];

		if (p->last.ended == ENDED_NOT &&
		    p->last.state != STATE_STARTING &&
		    (slot == 0 || p->last.slot == slot))
			return p;
	}
	return NULL;
}

unsigned
engine_alive(const struct engine *e)
{
	unsigned n = 0;

	for (unsigned i = 0; i < e->nprocs; i++)
		n += e->procs[i].last.ended == ENDED_NOT;
	return n;
}

unsigned
engine_killed(const struct engine *e)
{
	unsigned n = 0;

	for (unsigned i = 0; i < e->nprocs; i++)
		n += e->procs[i].last.ended == ENDED_SIGNAL &&
		    e->procs[i].last.code == SIGKILL;
	return n;
}

/* Neither there nor a zombie of ours. */
static bool
is_gone(pid_t pid)
{
	waitpid(pid, NULL, WNOHANG);
	return kill(pid, 0) != 0 && errno == ESRCH;
}

void
engine_gone(struct engine *e)
{
	for (unsigned i = 0; i < e->nprocs; i++)
		ENGINE_UNTIL(e, is_gone(e->procs[i].pid));
}

int
engine_end(struct engine *e)
{
	ENGINE_UNTIL(e, e->eof);
	ENGINE_UNTIL(e, waitpid(e->pid, &e->status, WNOHANG) == e->pid);
	ssize_t n = read(e->error_fd, e->errors, sizeof e->errors - 1);
	e->errors[n > 0 ? n : 0] = '\0';
	engine_gone(e);
	close(e->status_fd);
	if (e->control_fd >= 0)
		close(e->control_fd);
	close(e->error_fd);
	return WIFEXITED(e->status) ? WEXITSTATUS(e->status)
				    : 128 + WTERMSIG(e->status);
}

static void
check_copies(struct engine *e)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < e->nprocs; i++)
		sum += e->procs[i].last.sum;
	if (e->sum.in_doubt == 0)
		ck_assert_int_eq(sum + e->sum.lost, e->sum.expected);
}

static void
check_end(struct engine *e, enum frame_outcome outcome)
{
	ck_assert_int_eq(engine_end(e), 0);
	ck_assert_str_eq(e->errors, "");
	ck_assert_uint_eq(e->byes, e->hellos);
	ck_assert_uint_eq(e->bye.outcome, outcome);
	ck_assert_uint_eq(e->control.phase, PHASE_DONE);
	ck_assert_uint_eq(e->sum.adding, 0);
	ck_assert_uint_eq(engine_alive(e), 0);
	if (e->control.sum_mode == SUM_PRIVATE)
		check_copies(e);
}

void
engine_done(struct engine *e)
{
	/* The engine lingers for a restart until its control pipe ends. */
	ENGINE_UNTIL(e, e->eof || (e->hellos > 0 && e->byes == e->hellos));
	close(e->control_fd);
	e->control_fd = -1;
	check_end(e, OUTCOME_DONE);
	ck_assert_uint_eq(
	    e->item_queue.put, e->item_queue.done + e->item_queue.poisoned);
}

void
engine_stop(struct engine *e)
{
	engine_send(e, COMMAND_STOP, 0);
	check_end(e, OUTCOME_STOPPED);
}
