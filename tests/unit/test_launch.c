/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/launch: config files, private folders, advice, and printing for a shell. */
#include "run/launch.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/log.h"
#include "harness.h"
#include "harness_host.h"

static char *folder;
static FILE *error_lines;
static struct run_options options;
static struct launch launch;
static struct failure failure;

static void setup(void)
{
	folder = harness_folder();
	error_lines = tmpfile();
	ck_assert_int_eq(dup2(fileno(error_lines), STDERR_FILENO), STDERR_FILENO);
	log_set_level(VSN_LOG_WARNING);
	run_options_init(&options);
	unsetenv("RUNTIME_DIRECTORY");
	setenv("XDG_RUNTIME_DIR", folder, 1);
}

static void teardown(void)
{
	launch_free(&launch);
	fclose(error_lines);
	harness_remove(folder);
}

/* What was logged. */
static const char *logged(void)
{
	static char text[4096];
	ssize_t n = pread(fileno(error_lines), text, sizeof(text) - 1, 0);

	ck_assert_int_ge(n, 0);
	text[n] = '\0';
	return text;
}

/* The failure is one line, with part in it, and was not logged. */
static void check_failure(const char *part)
{
	ck_assert_msg(strstr(failure.line, part) != NULL, "it says: %s", failure.line);
	ck_assert_ptr_null(strchr(failure.line, '\n'));
	ck_assert_str_eq(logged(), "");
}

static bool exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static bool is_empty_folder(void)
{
	/* rmdir(2) takes nothing else; and it is needed afterwards. */
	return rmdir(folder) == 0 && mkdir(folder, 0700) == 0;
}

static int make(const char *program, const char *option, const char *value)
{
	const char *const vmm[] = {program, option, value, NULL};

	return launch_make(&launch, &options, vmm, 7, &failure);
}

static const char *write_file(const char *name, const char *text)
{
	const char *path = harness_path(folder, name);

	harness_put_text(path, text);
	return path;
}

static int bound_socket(const char *path, bool listening)
{
	struct address address = harness_address(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(bind(fd, &address.any, address.length), 0);
	if (listening)
		ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

START_TEST(a_private_folder_is_made_and_goes_again)
{
	struct stat status;
	char made[512];

	ck_assert_int_eq(make("cloud-hypervisor", "--kernel", "k"), 0);
	ck_assert_str_eq(logged(), "");
	ck_assert_str_eq(failure.line, "");
	ck_assert_str_eq(launch.plan.vsock, launch.runtime_dir.socket);
	snprintf(made, sizeof(made), "%s", launch.runtime_dir.made);
	ck_assert_int_eq(strncmp(made, folder, strlen(folder)), 0);
	ck_assert_int_eq(strncmp(launch.plan.vsock, made, strlen(made)), 0);
	ck_assert_int_eq(stat(made, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
	/* The VMM's socket may be there still. */
	close(bound_socket(launch.plan.vsock, false));
	launch_free(&launch);
	ck_assert(!exists(made));
	ck_assert(is_empty_folder());
}
END_TEST

START_TEST(printing_makes_nothing)
{
	options.print = true;
	ck_assert_int_eq(make("cloud-hypervisor", "--kernel", "k"), 0);
	ck_assert_int_eq(strncmp(launch.plan.vsock, folder, strlen(folder)), 0);
	ck_assert(is_empty_folder());
	launch_free(&launch);
	ck_assert(is_empty_folder());
}
END_TEST

START_TEST(a_units_runtime_directory_comes_first_and_stays)
{
	char directories[600], expected[600];
	int r;

	mkdir(harness_path(folder, "unit"), 0700);
	snprintf(expected, sizeof(expected), "%s/vsock", harness_path(folder, "unit"));
	r = snprintf(directories, sizeof(directories), "%s:/other", harness_path(folder, "unit"));
	ck_assert_int_lt(r, (int)sizeof(directories));
	setenv("RUNTIME_DIRECTORY", directories, 1);
	ck_assert_int_eq(make("cloud-hypervisor", "--kernel", "k"), 0);
	ck_assert_str_eq(launch.plan.vsock, expected);
	ck_assert_ptr_null(launch.runtime_dir.made);
	launch_free(&launch);
	ck_assert(exists(harness_path(folder, "unit")));
	ck_assert_int_eq(rmdir(harness_path(folder, "unit")), 0);
}
END_TEST

START_TEST(making_the_plan_touches_nobodys_socket)
{
	/* Another one of the same unit may be running: who it is, the lock tells later. */
	const char *path = harness_path(folder, "vsock");
	int fd = bound_socket(path, true);

	setenv("RUNTIME_DIRECTORY", folder, 1);
	ck_assert_int_eq(make("cloud-hypervisor", "--kernel", "k"), 0);
	ck_assert(exists(path));
	launch_free(&launch);
	ck_assert(exists(path));
	close(fd);
}
END_TEST

START_TEST(no_folder_is_made_where_none_is_needed)
{
	ck_assert_int_eq(make("cloud-hypervisor", "--kernel=k", "--vsock=cid=3,socket=v"), 0);
	ck_assert_str_eq(launch.plan.vsock, "v");
	ck_assert_ptr_null(launch.runtime_dir.socket);
	ck_assert(is_empty_folder());
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_one_line)
{
	setenv("XDG_RUNTIME_DIR", harness_path(folder, "none"), 1);
	ck_assert_int_eq(make("cloud-hypervisor", "--kernel", "k"), -ENOENT);
	check_failure("cannot make a folder for the vsock socket");
	launch_free(&launch);
	ck_assert(is_empty_folder());
}
END_TEST

START_TEST(a_fault_is_one_line_and_leaves_nothing)
{
	ck_assert_int_eq(make("cloud-hypervisor", "--kernel=k", "--platform=oem_strings=[a"),
	                 -EINVAL);
	check_failure("--platform oem_strings=[a: a '[' is not closed");
	launch_free(&launch);
	ck_assert(is_empty_folder());
}
END_TEST

START_TEST(advice_is_one_line_and_no_fault)
{
	ck_assert_int_eq(make("cloud-hypervisor", "--api-socket", "a"), 0);
	ck_assert_str_eq(failure.line, "");
	ck_assert_ptr_nonnull(strstr(logged(), "into vm.create"));
	ck_assert_ptr_eq(strchr(logged(), '\n'), logged() + strlen(logged()) - 1);
	ck_assert_str_eq(launch.plan.api_socket, "a");
}
END_TEST

static const char good_config[] =
	"{\"boot-source\": {\"boot_args\": \"systemd.set_credential=vmm.notify_socket:"
	"vsock-stream:2:77\"}, \"vsock\": {\"guest_cid\": 3, \"uds_path\": \"v.sock\"}}";

START_TEST(firecrackers_config_file_is_read)
{
	ck_assert_int_eq(make("firecracker", "--config-file", write_file("c", good_config)), 0);
	ck_assert_str_eq(logged(), "");
	ck_assert_str_eq(failure.line, "");
	ck_assert_str_eq(launch.plan.vsock, "v.sock");
	ck_assert_uint_eq(launch.plan.port, 77);
	ck_assert(!launch.plan.event_monitor);
}
END_TEST

START_TEST(a_config_file_in_the_other_spelling_is_read_too)
{
	char option[600];

	snprintf(option, sizeof(option), "--config-file=%s", write_file("c", good_config));
	ck_assert_int_eq(make("firecracker", "--no-api", option), 0);
	ck_assert_str_eq(launch.plan.vsock, "v.sock");
}
END_TEST

START_TEST(a_config_file_that_cannot_be_read_is_one_line)
{
	if (_i == 0)
		ck_assert_int_eq(make("firecracker", "--config-file", "/no/such/file"), -EINVAL);
	else
		ck_assert_int_eq(make("firecracker", "--config-file", folder), -EINVAL);
	check_failure(_i == 0 ? "/no/such/file cannot be read: No such file"
	                      : "cannot be read: Is a directory");
}
END_TEST

START_TEST(a_config_file_without_end_is_bounded)
{
	ck_assert_int_eq(make("firecracker", "--config-file", "/dev/zero"), -EINVAL);
	check_failure("is not JSON");
}
END_TEST

START_TEST(what_the_user_says_the_vmm_is_counts)
{
	options.vmm = VMM_OTHER;
	options.vsock = "/run/v";
	ck_assert_int_eq(make("cloud-hypervisor", "--kernel", "k"), 0);
	ck_assert_uint_eq(launch.plan.arguments.count, 3);
	ck_assert_str_eq(launch.plan.vsock, "/run/v");
}
END_TEST

static const struct {
	const char *word;
	const char *printed;
} words[] = {
	{"plain", "plain"},
	{"a-b_c+d=e,f.g:h/i@j%k", "a-b_c+d=e,f.g:h/i@j%k"},
	{"", "''"},
	{"two words", "'two words'"},
	{"$HOME", "'$HOME'"},
	{"[x]", "'[x]'"},
	{"it's", "'it'\\''s'"},
	{"'", "''\\'''"},
	{"\"", "'\"'"},
	{"a\\b", "'a\\b'"},
	{"~", "'~'"},
	{"a\nb", "'a\nb'"},
	{"\xc3\xa4", "'\xc3\xa4'"},
};

/* What a shell makes of text: its first word. */
static const char *by_shell(const char *text)
{
	static char word[256];
	char command[512];
	FILE *pipe;
	size_t n;

	snprintf(command, sizeof(command), "printf %%s %s", text);
	pipe = popen(command, "r");
	n = fread(word, 1, sizeof(word) - 1, pipe);
	word[n] = '\0';
	pclose(pipe);
	return word;
}

START_TEST(what_is_printed_is_what_a_shell_reads)
{
	char text[256];
	FILE *out = tmpfile();
	ssize_t n;

	ck_assert_int_eq(strv_append(&launch.plan.arguments, words[_i].word), 0);
	ck_assert_int_eq(dup2(fileno(out), STDOUT_FILENO), STDOUT_FILENO);
	launch_print(&launch);
	fflush(stdout);
	n = pread(fileno(out), text, sizeof(text) - 1, 0);
	ck_assert_int_gt(n, 0);
	ck_assert_int_eq(text[n - 1], '\n');
	text[n - 1] = '\0';
	ck_assert_str_eq(text, words[_i].printed);
	ck_assert_str_eq(by_shell(text), words[_i].word);
	fclose(out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("launch");
	TCase *tcase = harness_case(suite, "make");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_private_folder_is_made_and_goes_again);
	tcase_add_test(tcase, printing_makes_nothing);
	tcase_add_test(tcase, a_units_runtime_directory_comes_first_and_stays);
	tcase_add_test(tcase, making_the_plan_touches_nobodys_socket);
	tcase_add_test(tcase, no_folder_is_made_where_none_is_needed);
	tcase_add_test(tcase, a_folder_that_cannot_be_made_is_one_line);
	tcase_add_test(tcase, a_fault_is_one_line_and_leaves_nothing);
	tcase_add_test(tcase, advice_is_one_line_and_no_fault);
	tcase_add_test(tcase, firecrackers_config_file_is_read);
	tcase_add_test(tcase, a_config_file_in_the_other_spelling_is_read_too);
	tcase_add_loop_test(tcase, a_config_file_that_cannot_be_read_is_one_line, 0, 2);
	tcase_add_test(tcase, a_config_file_without_end_is_bounded);
	tcase_add_test(tcase, what_the_user_says_the_vmm_is_counts);
	tcase = harness_case(suite, "print");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, what_is_printed_is_what_a_shell_reads, 0,
	                    (int)(sizeof(words) / sizeof(words[0])));
	return harness_run(suite);
}
