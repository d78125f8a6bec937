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

/* Mode 0700, and ours. */
START_TEST(a_units_runtime_directory_is_not_for_another_user)
{
	const char *const vmm[] = {"sudo",     "-u", "#4321", "cloud-hypervisor",
	                           "--kernel", "k",  NULL};

	setenv("RUNTIME_DIRECTORY", folder, 1);
	ck_assert_int_eq(launch_make(&launch, &options, vmm, -1, &failure), -EINVAL);
	check_failure("user #4321 cannot make the vsock socket in RuntimeDirectory=");
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

START_TEST(a_config_file_without_end_is_not_read)
{
	ck_assert_int_eq(make("firecracker", "--config-file", "/dev/zero"), -EINVAL);
	check_failure("it is no regular file");
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

#define SNAPSHOT                                                   \
	"{\"platform\": {\"oem_strings\": "                        \
	"[\"io.systemd.credential:vmm.notify_socket=vsock-stream:" \
	"2:77\"]}, \"vsock\": {\"cid\": 3, \"socket\": \"/run/vm/vsock\"}}"

START_TEST(a_snapshots_config_is_read)
{
	char option[600];

	write_file("config.json", SNAPSHOT);
	snprintf(option, sizeof(option), "source_url=file://%s,resume=on", folder);
	ck_assert_int_eq(make("cloud-hypervisor", "--restore", option), 0);
	ck_assert_str_eq(logged(), "");
	ck_assert_str_eq(launch.plan.vsock, "/run/vm/vsock");
	ck_assert_uint_eq(launch.plan.port, 77);
	ck_assert(launch.plan.restored && !launch.plan.paused && launch.plan.event_monitor);
}
END_TEST

START_TEST(a_snapshot_without_config_is_one_line)
{
	char option[600];

	snprintf(option, sizeof(option), "source_url=file://%s", folder);
	ck_assert_int_eq(make("cloud-hypervisor", "--restore", option), -EINVAL);
	check_failure(
		"/config.json cannot be read: No such file or directory: say where the socket is "
		"with --vsock=PATH");
	launch_free(&launch);
	failure.line[0] = '\0';
	options.vsock = "/run/v";
	ck_assert_int_eq(make("cloud-hypervisor", "--restore", option), 0);
	ck_assert_str_eq(launch.plan.vsock, "/run/v");
}
END_TEST

static void put_link(const char *path, const char *target)
{
	ck_assert(symlink(target, path) == 0 || errno == EEXIST);
}

/* A jail "JAILS/firecracker-v1/vm1/root", which is reached by symlinks: jails -> JAILS, firecracker -> firecracker-v1. */
static int make_jailed(const char *option, const char *value)
{
	static char base[600], exec_file[600];
	const char *const vmm[] = {"jailer", "--id", "vm1",      "--exec-file", exec_file,
	                           "--uid",  "1234", "--gid",    "1234",        "--chroot-base-dir",
	                           base,     "--",   "--no-api", option,        value,
	                           NULL};

	mkdir(harness_path(folder, "JAILS"), 0755);
	write_file("firecracker-v1", "");
	snprintf(base, sizeof(base), "%s", harness_path(folder, "jails"));
	snprintf(exec_file, sizeof(exec_file), "%s", harness_path(folder, "firecracker"));
	put_link(base, "JAILS");
	put_link(exec_file, "firecracker-v1");
	return launch_make(&launch, &options, vmm, 7, &failure);
}

static const char *in_jail(const char *path)
{
	char inside[128];
	int r = snprintf(inside, sizeof(inside), "JAILS/firecracker-v1/vm1/root%s", path);

	ck_assert_int_lt(r, (int)sizeof(inside));
	return harness_path(folder, inside);
}

static void make_root(void)
{
	mkdir(harness_path(folder, "JAILS"), 0755);
	mkdir(harness_path(folder, "JAILS/firecracker-v1"), 0755);
	mkdir(harness_path(folder, "JAILS/firecracker-v1/vm1"), 0755);
	mkdir(in_jail(""), 0755);
}

/* The jail is the VMM's user's: a link may lead anywhere. */
START_TEST(no_socket_is_made_where_a_link_in_the_jail_leads_to)
{
	make_root();
	mkdir(harness_path(folder, "elsewhere"), 0755);
	put_link(in_jail("/run"), harness_path(folder, "elsewhere"));
	write_file("JAILS/firecracker-v1/vm1/root/c",
	           "{\"vsock\": {\"guest_cid\": 3, \"uds_path\": \"/run/v\"}}");
	ck_assert_int_eq(make_jailed("--config-file", "/c"), -EINVAL);
	check_failure("/run/v is not to be trusted: a symlink in jailer's chroot");
}
END_TEST

/* Nobody writes to it, and what is in it is the VMM's to read. */
START_TEST(a_pipe_is_not_read)
{
	char option[600];

	snprintf(option, sizeof(option), "%s", harness_path(folder, "fifo"));
	ck_assert_int_eq(mkfifo(option, 0600), 0);
	ck_assert_int_eq(make("firecracker", "--config-file", option), -EINVAL);
	check_failure("it is no regular file, so the VMM would find nothing in it after us");
}
END_TEST

START_TEST(a_jailed_config_file_is_read_in_the_jail)
{
	make_root();
	harness_put_text(in_jail("/c"), good_config);
	/* As the VMM sees it: the symlink does not lead out of the jail. */
	put_link(in_jail("/link"), "/c");
	ck_assert_int_eq(make_jailed("--config-file", _i == 0 ? "c" : _i == 1 ? "/c" : "/link"), 0);
	ck_assert_str_eq(logged(), "");
	ck_assert_str_eq(launch.plan.vsock, in_jail("/v.sock"));
	ck_assert_uint_eq(launch.plan.port, 77);
	ck_assert(launch.plan.has_uid);
	ck_assert_uint_eq(launch.plan.uid, 1234);
}
END_TEST

START_TEST(nothing_outside_of_the_jail_is_read)
{
	char outside[512];

	make_root();
	write_file("c", good_config);
	snprintf(outside, sizeof(outside), "%s", harness_path(folder, "c"));
	put_link(in_jail("/link"), outside);
	ck_assert_int_eq(make_jailed("--config-file", "link"), -EINVAL);
	check_failure("JAILS/firecracker-v1/vm1/root/link cannot be read: No such file");
	launch_free(&launch);
	ck_assert_int_eq(make_jailed("--config-file", "../../../../c"), -EINVAL);
	check_failure("cannot be read: No such file");
}
END_TEST

START_TEST(the_jail_is_made_as_jailer_would)
{
	static char vsock[600];
	struct stat status;

	snprintf(vsock, sizeof(vsock), "%s", in_jail(_i == 0 ? "/v.sock" : "/run/v.sock"));
	options.vsock = vsock;
	options.print = _i == 2;
	ck_assert_int_eq(make_jailed("--id", "x"), 0);
	ck_assert_str_eq(launch.plan.vsock, vsock);
	ck_assert_int_eq(exists(in_jail("")), _i < 2);
	ck_assert_int_eq(exists(in_jail("/run")), _i == 1);
	if (_i == 2)
		return;
	ck_assert_int_eq(stat(in_jail(""), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
}
END_TEST

static const struct {
	const char *user;
	bool known;
	uid_t uid;
} users[] = {
	{"root", true, 0},
	{"root:root", true, 0},
	{"4321", true, 4321},
	{"no-such-user", false, 0},
};

START_TEST(a_launchers_user_is_looked_up)
{
	const char *const vmm[] = {"gosu", users[_i].user, "cloud-hypervisor", "--kernel", "k",
	                           NULL};
	struct stat status;

	ck_assert_int_eq(launch_make(&launch, &options, vmm, 7, &failure), 0);
	ck_assert_int_eq(launch.plan.has_uid, users[_i].known);
	ck_assert_uint_eq(launch.plan.uid, users[_i].uid);
	/* The VMM has to bind its socket in the private folder. */
	ck_assert_int_eq(stat(launch.runtime_dir.made, &status), 0);
	ck_assert_uint_eq(status.st_uid, geteuid() == 0 ? users[_i].uid : geteuid());
}
END_TEST

START_TEST(a_monitor_that_is_left_out_is_one_line)
{
	ck_assert_int_eq(make("doas", "cloud-hypervisor", "--kernel=k"), 0);
	ck_assert_ptr_nonnull(
		strstr(logged(), "doas closes the descriptor of the VMM's event monitor"));
	ck_assert_ptr_eq(strchr(logged(), '\n'), logged() + strlen(logged()) - 1);
	ck_assert_int_eq(launch.plan.kind, VMM_CLOUD_HYPERVISOR);
	ck_assert(!launch.plan.event_monitor);
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
	tcase_add_test(tcase, a_units_runtime_directory_is_not_for_another_user);
	tcase_add_test(tcase, making_the_plan_touches_nobodys_socket);
	tcase_add_test(tcase, no_folder_is_made_where_none_is_needed);
	tcase_add_test(tcase, a_folder_that_cannot_be_made_is_one_line);
	tcase_add_test(tcase, a_fault_is_one_line_and_leaves_nothing);
	tcase_add_test(tcase, advice_is_one_line_and_no_fault);
	tcase_add_test(tcase, firecrackers_config_file_is_read);
	tcase_add_test(tcase, a_config_file_in_the_other_spelling_is_read_too);
	tcase_add_loop_test(tcase, a_config_file_that_cannot_be_read_is_one_line, 0, 2);
	tcase_add_test(tcase, a_config_file_without_end_is_not_read);
	tcase_add_test(tcase, what_the_user_says_the_vmm_is_counts);
	tcase_add_test(tcase, a_snapshots_config_is_read);
	tcase_add_test(tcase, a_snapshot_without_config_is_one_line);
	tcase_add_test(tcase, a_pipe_is_not_read);
	tcase_add_loop_test(tcase, a_launchers_user_is_looked_up, 0,
	                    (int)(sizeof(users) / sizeof(users[0])));
	tcase_add_test(tcase, a_monitor_that_is_left_out_is_one_line);
	tcase = harness_case(suite, "jail");
	tcase_set_tags(tcase, "openat2");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, no_socket_is_made_where_a_link_in_the_jail_leads_to);
	tcase_add_loop_test(tcase, a_jailed_config_file_is_read_in_the_jail, 0, 3);
	tcase_add_test(tcase, nothing_outside_of_the_jail_is_read);
	tcase_add_loop_test(tcase, the_jail_is_made_as_jailer_would, 0, 3);
	tcase = harness_case(suite, "print");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, what_is_printed_is_what_a_shell_reads, 0,
	                    (int)(sizeof(words) / sizeof(words[0])));
	return harness_run(suite);
}
