/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of show/vm_watch: however what a writer does falls between what the watch does, the end of the VM is seen.
 *
 * A world does one action after another: a writer's, on real files in a real folder. The watch has gaps: before each look,
 * before and after it reads the file, before it looks at the writer, and before it reads the events. Each case spreads its
 * actions over the gaps in every way that has up to three places. load_state() and writer_look() are this file's own, so
 * that there is a gap in them and no process is needed.
 */
#include "show/vm_watch.h"

#include <errno.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "harness.h"
#include "show/load.h"
#include "show/wait/wait_decide.h"

#define GAPS    8
#define BATCHES 3

/* What is in the state file, and who wrote it. */
struct content {
	pid_t writer;
	enum state_life life;
	int exit_status;
};

static struct world {
	char top[64], folder[96], path[160], new[160], last[160];
	const char *file;
	pid_t writer; /* the newest: 1, 2, ... */
	bool writer_alive;
	bool writer_hidden; /* it is in another PID namespace */
	struct content content;

	/* The actions that are left, and after which gaps how many of them have been done. */
	const char *actions;
	unsigned done;
	unsigned gap;
	unsigned gap_of[BATCHES], until[BATCHES];
} world;

/* One instance is shared by all watches of a case: to close one takes the kernel milliseconds. */
int inotify_init1(int flags)
{
	static int shared = -1;

	if (shared < 0)
		shared = (int)syscall(SYS_inotify_init1, flags);
	return fcntl(shared, F_DUPFD_CLOEXEC, 0);
}

static void touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	harness_check(fd >= 0, "cannot create %s: %m", path);
	close(fd);
}

static void put(const char *by, enum state_life life, int exit_status)
{
	harness_check(rename(by, world.path) == 0, "cannot rename %s: %m", by);
	world.content = (struct content){world.writer, life, exit_status};
}

static int status_of_writer(void)
{
	return 41 + (int)world.writer;
}

static void act(char action)
{
	int r = 0;

	switch (action) {
	case 'm': /* the folder is made */
		r = mkdir(world.folder, 0700);
		break;
	case 'n': /* the next writer begins */
		world.writer++;
		world.writer_alive = true;
		touch(world.new);
		put(world.new, STATE_BOOTING, -1);
		break;
	case 's': /* the last state is written, not in place yet */
		snprintf(world.last, sizeof(world.last), "%s/.%s.stopped-%d", world.folder,
		         world.file, status_of_writer());
		touch(world.last);
		break;
	case 'r': /* it is in place */
		put(world.last, STATE_STOPPED, status_of_writer());
		break;
	case 'x': /* it cannot be written: there is no room */
		r = unlink(world.last);
		break;
	case 'u': /* the file is removed */
		r = unlink(world.path);
		break;
	case 'f': /* and its folder */
		r = rmdir(world.folder);
		break;
	case 'k': /* the writer's process ends */
		world.writer_alive = false;
		break;
	default:
		harness_check(false, "no such action: %c", action);
	}
	harness_check(r == 0, "cannot do %c of %s: %m", action, world.actions);
}

static void gap(void)
{
	for (unsigned i = 0; i < BATCHES; i++)
		while (world.gap == world.gap_of[i] && world.done < world.until[i])
			act(world.actions[world.done++]);
	world.gap++;
}

int load_state(const char *path, struct state **state, struct failure *failure)
{
	(void)failure;
	*state = NULL;
	gap();
	if (strcmp(path, world.path) != 0 || access(path, F_OK) < 0)
		return -ENOENT;
	*state = calloc(1, sizeof(**state));
	state_init(*state, 1);
	strcpy((*state)->name, "vm");
	(*state)->writer.pid = world.content.writer;
	(*state)->life = world.content.life;
	(*state)->exit_status = world.content.exit_status;
	gap();
	return 0;
}

enum writer writer_look(const struct state_writer_id *id, int *fd)
{
	gap();
	if (fd)
		*fd = -1;
	if (world.writer_hidden)
		return WRITER_UNKNOWN;
	return id->pid == world.writer && world.writer_alive ? WRITER_ALIVE : WRITER_GONE;
}

struct operand {
	const char *text;   /* below the world's folder, like the others */
	const char *folder; /* of the state file, there */
	const char *file;
};

static const struct operand operands[] = {
	{"d/v_1.state", "d", "v_1.state"}, {"d/v_1", "d", "v_1.state"}, {"d/v", "d", "v_1.state"},
	{"d", "d", "v_1.state"},           {"d/", "d", "v_1.state"},    {"v.vsock", "v", "v.state"},
};

static void world_make(const char *top, const struct operand *operand, const char *start)
{
	world = (struct world){0};
	strcpy(world.top, top);
	world.file = operand->file;
	snprintf(world.folder, sizeof(world.folder), "%s/%s", world.top, operand->folder);
	snprintf(world.path, sizeof(world.path), "%s/%s", world.folder, operand->file);
	snprintf(world.new, sizeof(world.new), "%s/.%s.new", world.folder, operand->file);
	for (; *start; start++)
		act(*start);
}

static void world_remove(void)
{
	unlink(world.path);
	unlink(world.last);
	rmdir(world.folder);
}

/* What a case ends in. */
struct result {
	enum wait_outcome outcome; /* of waiting for the exit */
	int exit_status;
	enum state_life life; /* of the state that is known in the end */
};

/* One look, and what "wait" or "status --follow" does then. Returns whether it goes on. */
static bool step(struct vm_watch *watch, bool follows, struct result *result)
{
	const struct wait_condition exit = {.kind = WAIT_EXIT};

	gap();
	harness_check(vm_watch_look(watch, NULL) == 0, "a look fails");
	if (watch->facts.state)
		result->life = watch->facts.state->life;
	if (follows) {
		vm_watch_begin_again(watch);
		return true;
	}
	result->outcome = wait_decide(&exit, &watch->facts);
	result->exit_status = wait_exit_status(&watch->facts);
	return result->outcome == WAIT_ON;
}

/* Goes on until it is decided, or all actions are done and a further look finds nothing. */
static struct result observe(struct vm_watch *watch, bool follows)
{
	struct result result = {WAIT_ON, -1, STATE_WAITING};
	bool last = false;

	while (step(watch, follows, &result)) {
		int r;

		gap();
		/* The end of a process would be an event, too. */
		r = vm_watch_wait(watch, 1, NULL);
		harness_check(r >= 0, "waiting fails");
		if (r == VM_WATCH_EVENT || world.gap <= GAPS)
			continue;
		if (last)
			break;
		last = true;
	}
	return result;
}

/* Also if nobody can tell whether the writer is alive. */
#define ANY_WRITER 1
/* Not with --follow: a folder that is made and removed between two looks leaves no event. */
#define NOT_FOLLOWED 2

struct test_case {
	const char *start;   /* what has been done before the first look */
	const char *actions; /* see act() */
	struct result result;
	unsigned flags;
};

/* The exit status of the first writer is 42, of the second 43. */
static const struct test_case cases[] = {
	/* It ends: the file is kept, or removed, or its folder too. */
	{"mn", "srk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	{"mn", "sruk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	{"mn", "srufk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	{"mn", "srukf", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	/* The last state could not be written. */
	{"mn", "sxuk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	{"mn", "sxufk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	/* It was killed before the last state was in place. */
	{"mn", "sk", {WAIT_REACHED, 42, STATE_STOPPED}, 0},
	/* And the next one begins: in the same folder, or in a new one. */
	{"mn", "srukn", {WAIT_REACHED, 42, STATE_BOOTING}, ANY_WRITER},
	{"mn", "srkn", {WAIT_REACHED, 42, STATE_BOOTING}, ANY_WRITER},
	{"mn", "skn", {WAIT_REACHED, 42, STATE_BOOTING}, ANY_WRITER},
	{"mn", "srufkmn", {WAIT_REACHED, 42, STATE_BOOTING}, ANY_WRITER},
	/* And ends, too: the first end is the one that was waited for. */
	{"mn", "sruknsruk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	{"mn", "srufkmnsrufk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER | NOT_FOLLOWED},
	/* Nobody has looked at it before its end. */
	{"m", "nsruk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	{"m", "nsrufk", {WAIT_REACHED, 42, STATE_STOPPED}, ANY_WRITER},
	/* Without a last word. */
	{"mn", "k", {WAIT_NEVER, -1, STATE_BOOTING}, 0},
	{"mn", "uk", {WAIT_NEVER, -1, STATE_BOOTING}, 0},
	{"mn", "ufk", {WAIT_NEVER, -1, STATE_BOOTING}, 0},
	/* Somebody else removes the file while its writer goes on. */
	{"mn", "u", {WAIT_ON, -1, STATE_BOOTING}, ANY_WRITER},
	{"mn", "uf", {WAIT_ON, -1, STATE_BOOTING}, ANY_WRITER},
	{"m", "f", {WAIT_ON, -1, STATE_WAITING}, ANY_WRITER},
};

static void check(const struct test_case *one, const char *top, const struct operand *operand,
                  bool follows, bool hidden)
{
	char text[160];
	struct vm_watch watch;
	struct result result = {WAIT_ON, -1, STATE_WAITING};
	struct world schedule = world;

	world_make(top, operand, one->start);
	snprintf(text, sizeof(text), "%s/%s", world.top, operand->text);
	harness_check(vm_watch_open(&watch, text, NULL) == 0, "cannot open");
	/* The first look comes before all actions: what was over before is not waited for. */
	step(&watch, follows, &result);
	world.writer_hidden = hidden;
	world.actions = schedule.actions;
	world.gap = 0;
	memcpy(world.gap_of, schedule.gap_of, sizeof(world.gap_of));
	memcpy(world.until, schedule.until, sizeof(world.until));
	result = observe(&watch, follows);
#define FAIL(what, got, expected)                                                              \
	ck_abort_msg("%s of %s, %s: %d in place of %d, with %u, %u, %u actions after gaps "    \
	             "%u, %u, %u",                                                             \
	             what, text, world.actions, got, expected, world.until[0], world.until[1], \
	             world.until[2], world.gap_of[0], world.gap_of[1], world.gap_of[2])
	if (!follows && result.outcome != one->result.outcome)
		FAIL("the outcome", result.outcome, one->result.outcome);
	if (!follows && result.exit_status != one->result.exit_status)
		FAIL("the exit status", result.exit_status, one->result.exit_status);
	/* If nobody saw its state, there is none to show. */
	if (follows && watch.facts.state && result.life != one->result.life)
		FAIL("the life", result.life, one->result.life);
	vm_watch_close(&watch);
	world_remove();
}

/* Each way to do the actions in up to three places. */
static void check_orders(const struct test_case *one, const struct operand *operand, bool follows,
                         bool hidden)
{
	unsigned count = (unsigned)strlen(one->actions);
	unsigned stride = count > 5 ? 2 : 1; /* of a long one, not every place: each takes time */
	char *top = harness_folder();

	for (unsigned a = 0; a < GAPS; a++)
		for (unsigned b = a + 1; b < GAPS; b++)
			for (unsigned i = 0; i < count; i += stride)
				for (unsigned j = i + 1; j <= count; j += stride) {
					/* The third place is the next look's. */
					world.actions = one->actions;
					world.gap_of[0] = a;
					world.gap_of[1] = b;
					world.gap_of[2] = b + 3 < GAPS ? b + 3 : GAPS;
					world.until[0] = i;
					world.until[1] = j;
					world.until[2] = count;
					check(one, top, operand, follows, hidden);
				}
	harness_remove(top);
}

START_TEST(waiting_for_the_exit)
{
	const struct test_case *one = &cases[_i];

	check_orders(one, &operands[0], false, false);
	if (one->flags & ANY_WRITER)
		check_orders(one, &operands[0], false, true);
}
END_TEST

/* The actions of an end that nobody has looked at before, at once, by each operand that means the VM. */
START_TEST(an_unseen_end_by_any_operand)
{
	static const char *const unseen[] = {"nsruk", "nsrufk"};
	char *top = harness_folder();

	for (unsigned i = 0; i < 2; i++)
		for (unsigned at = 0; at < GAPS; at++) {
			const struct test_case one = {"m",
			                              unseen[i],
			                              {WAIT_REACHED, 42, STATE_STOPPED},
			                              ANY_WRITER | NOT_FOLLOWED};

			world.actions = one.actions;
			world.gap_of[0] = at;
			world.until[0] = world.until[1] = world.until[2] = strlen(one.actions);
			check(&one, top, &operands[_i], false, false);
		}
	harness_remove(top);
}
END_TEST

START_TEST(following)
{
	if (!(cases[_i].flags & NOT_FOLLOWED))
		check_orders(&cases[_i], &operands[0], true, false);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vm_watch");
	TCase *tcase = harness_case(suite, "orders");

	tcase_add_loop_test(tcase, waiting_for_the_exit, 0,
	                    (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tcase, an_unseen_end_by_any_operand, 0,
	                    (int)(sizeof(operands) / sizeof(operands[0])));
	tcase_add_loop_test(tcase, following, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	return harness_run(suite);
}
