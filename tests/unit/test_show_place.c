/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/place and show/writer: where a state file is, by names, and whose it is. */
#include "show/place.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "harness.h"
#include "show/writer.h"

static const struct {
	const char *operand;
	const char *name;
	bool meant;
} names[] = {
	{"/none/vsock", "vsock_1234.state", true},
	{"/none/vsock", "vsock_1.state", true},
	{"/none/vsock", "vsock.state", false},
	{"/none/vsock", "vsock_.state", false},
	{"/none/vsock", "vsock_12x.state", false},
	{"/none/vsock", "vsock2_1234.state", false},
	{"/none/vsock", "my-vsock_1234.state", false},
	{"/none/vsock", ".vsock_1234.state.new", false},
	{"/none/vsock", "vsock_1234", false},
	/* A socket whose own name ends like a port. */
	{"/none/vm_1", "vm_1_1234.state", true},
	{"/none/vm_1", "vm_1.state", true},
	{"/none/vm_1", "vm_2.state", false},
	{"/none/vm_1", "vm_1.statex", false},
	{"/none/a.state", "a.state", true},
	{"/none/a.state", "a.state_1234.state", false},
	{"/none/", "a.state", true},
	{"/none/", ".a.state", false},
	{"/none/", ".state", false},
	{"/none/", "a.stat", false},
};

START_TEST(which_names_are_meant)
{
	struct place place;

	ck_assert_int_eq(place_of(names[_i].operand, &place), 0);
	ck_assert_int_eq(place_has(&place, names[_i].name), names[_i].meant);
}
END_TEST

static const struct {
	const char *operand;
	const char *folder;
} folders[] = {
	{"/none/vsock", "/none"}, {"/vsock", "/"}, {"./vsock", "."},
	{"/none/a/", "/none/a"},  {"/", "/"},
};

START_TEST(which_folder_it_is)
{
	struct place place;

	ck_assert_int_eq(place_of(folders[_i].operand, &place), 0);
	ck_assert_str_eq(place.folder, folders[_i].folder);
}
END_TEST

/* Whatever exists now: /none does not. */
static const struct {
	const char *operand, *folder, *name;
	bool may;
} may_mean[] = {
	{"/none/vm", "/none", "vm_1.state", true},
	{"/none/vm", "/none/vm", "any.state", true},
	{"/none/vm/", "/none/vm", "any.state", true},
	{"/none/vm/", "/none", "vm_1.state", false},
	{"/none/vm", "/other", "vm_1.state", false},
	{"/none/vm", "/none", "other_1.state", false},
	{"/none/vm_1", "/none", "vm_1.state", true},
	{"/none/vm_1", "/none", "vm_1_2.state", true},
	{"/none/vm_1.state", "/none", "vm_1.state", true},
	{"/none/vm_1.state", "/none", "vm_2.state", false},
	{"/none/web.vsock", "/none/web", "web.state", true},
	{"/none/web.vsock", "/none/web", "other.state", false},
	{"/vm", "/", "vm_1.state", true},
	{"./vm", ".", "vm_1.state", true},
	{"vm", ".", "vm_1.state", false},
};

START_TEST(what_a_file_may_have_been_meant_by)
{
	ck_assert_int_eq(
		place_may_mean(may_mean[_i].operand, may_mean[_i].folder, may_mean[_i].name),
		may_mean[_i].may);
}
END_TEST

START_TEST(a_units_state_is_in_a_folder_of_its_own)
{
	char path[PATH_MAX];

	ck_assert(place_of_unit("/run/vsock-notify/web.vsock", path));
	ck_assert_str_eq(path, "/run/vsock-notify/web/web.state");
	ck_assert(place_of_unit("./a.b.vsock", path));
	ck_assert_str_eq(path, "./a.b/a.b.state");
	ck_assert(!place_of_unit("/run/vsock-notify/.vsock", path));
	ck_assert(!place_of_unit("/run/vm/vsock", path));
	ck_assert(!place_of_unit("/run/web.vsock/x", path));
}
END_TEST

START_TEST(what_is_there_says_what_is_meant)
{
	char *folder = harness_folder();
	struct place place;

	/* A socket: of a port, or the VMM's own that ends like one. */
	harness_put_text(harness_path(folder, "v_12"), "");
	ck_assert_int_eq(place_of(harness_path(folder, "v_12"), &place), 0);
	ck_assert(place_has(&place, "v_12_1.state"));
	ck_assert(place_has(&place, "v_12.state"));
	/* A port's number, where its file is there. */
	harness_put_text(harness_path(folder, "v_12.state"), "");
	ck_assert_int_eq(place_of(harness_path(folder, "v_12"), &place), 0);
	ck_assert(place_has(&place, "v_12.state"));
	ck_assert(!place_has(&place, "v_12_1.state"));
	/* A folder. */
	ck_assert_int_eq(mkdir(harness_path(folder, "d"), 0700), 0);
	ck_assert_int_eq(place_of(harness_path(folder, "d"), &place), 0);
	ck_assert(place_has(&place, "any.state"));
	harness_remove(folder);
}
END_TEST

START_TEST(too_long)
{
	char operand[PATH_MAX + 2];
	struct place place;

	memset(operand, 'a', sizeof(operand) - 1);
	operand[sizeof(operand) - 1] = '\0';
	operand[0] = '/';
	ck_assert_int_lt(place_of(operand, &place), 0);
	operand[300] = '\0';
	ck_assert_int_lt(place_of(operand, &place), 0);
}
END_TEST

static const struct {
	const char *name;
	const char *file; /* NULL: of no last state */
	int status;
} lasts[] = {
	{".v_1.state.stopped-42", "v_1.state", 42},
	{".v_1.state.stopped-0", "v_1.state", 0},
	{".v_1.state.stopped-255", "v_1.state", 255},
	{".v_1.state.stopped", "v_1.state", -1},
	{".v_1.state.stopped-256", NULL, 0},
	{".v_1.state.stopped-", NULL, 0},
	{".v_1.state.stopped-4x", NULL, 0},
	{".v_1.state.stoppedx", NULL, 0},
	{"v_1.state.stopped-42", NULL, 0},
	{".stopped-42", NULL, 0},
	{".v_1.state.new", NULL, 0},
	{"", NULL, 0},
};

START_TEST(names_of_last_states)
{
	char file[NAME_MAX + 1];
	int status;
	bool last = place_last(lasts[_i].name, file, &status);

	ck_assert_int_eq(last, lasts[_i].file != NULL);
	if (last) {
		ck_assert_str_eq(file, lasts[_i].file);
		ck_assert_int_eq(status, lasts[_i].status);
	}
	ck_assert_int_eq(place_new(lasts[_i].name, file),
	                 strcmp(lasts[_i].name, ".v_1.state.new") == 0);
}
END_TEST

/* proc_pid_stat(5), of one whose name has no spaces in it. */
static struct state_writer_id identity(pid_t pid)
{
	unsigned long long ticks = 0;
	struct state_writer_id id = {.pid = pid};
	struct stat status;
	char path[64], text[1024] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), file));
	fclose(file);
	ck_assert_int_eq(sscanf(strrchr(text, ')') + 1,
	                        " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
	                        "%*d %*d %*d %llu",
	                        &ticks),
	                 1);
	id.start_ticks = ticks;
	ck_assert_int_eq(stat("/proc/self/ns/pid", &status), 0);
	id.pid_namespace = status.st_ino;
	return id;
}

START_TEST(a_writer_is_known_by_its_start)
{
	struct state_writer_id id = identity(getpid());

	ck_assert_int_eq(writer_look(&id, NULL), WRITER_ALIVE);
	id.start_ticks++;
	ck_assert_int_eq(writer_look(&id, NULL), WRITER_GONE);
	id.pid_namespace++;
	ck_assert_int_eq(writer_look(&id, NULL), WRITER_UNKNOWN);
	id = (struct state_writer_id){0};
	ck_assert_int_eq(writer_look(&id, NULL), WRITER_UNKNOWN);
}
END_TEST

/* One that nobody has waited for yet is gone. */
START_TEST(a_zombie_is_gone)
{
	struct state_writer_id id;
	siginfo_t info;
	int ends[2];
	pid_t pid;
	int fd;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		char byte;

		close(ends[1]);
		_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
	}
	id = identity(pid);
	ck_assert_int_eq(writer_look(&id, &fd), WRITER_ALIVE);
	ck_assert_int_ge(fd, 0);
	close(fd);
	close(ends[0]);
	close(ends[1]);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(writer_look(&id, &fd), WRITER_GONE);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(writer_look(&id, NULL), WRITER_GONE);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

int main(void)
{
	Suite *suite = suite_create("show_place");
	TCase *place = harness_case(suite, "place");
	TCase *writer = harness_case(suite, "writer");

	tcase_add_loop_test(place, which_names_are_meant, 0, ROWS(names));
	tcase_add_loop_test(place, which_folder_it_is, 0, ROWS(folders));
	tcase_add_loop_test(place, what_a_file_may_have_been_meant_by, 0, ROWS(may_mean));
	tcase_add_test(place, a_units_state_is_in_a_folder_of_its_own);
	tcase_add_test(place, what_is_there_says_what_is_meant);
	tcase_add_test(place, too_long);
	tcase_add_loop_test(place, names_of_last_states, 0, ROWS(lasts));
	tcase_add_test(writer, a_writer_is_known_by_its_start);
	tcase_add_test(writer, a_zombie_is_gone);
	return harness_run(suite);
}
