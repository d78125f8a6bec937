/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM's command line: I/O around the plan (see launch.h). */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/memory.h"
#include "run/vmm/jailer.h"

/* Bytes; far more than any configuration has. */
#define CONFIG_MAX (1024 * 1024)

/* Opens a path as a VMM sees it whose root folder is this one: no symlink leads out of it. */
static int open_in_root(const char *root, const char *path)
{
	const struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	                             .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	CLEANUP_FD int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return folder < 0 ? -1 : (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
}

/*
 * Reads a whole file as a string. The caller frees it. Returns NULL if it cannot be read; then *why says why. A pipe is not read:
 * its end might never come, and the VMM would find nothing more in it.
 */
static char *read_file(const struct vmm_file *file, const char **why)
{
	CLEANUP_FD int fd = file->root ? open_in_root(file->root, file->path)
	                               : open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	ssize_t length;
	char *text;

	*why = "it is no regular file, so the VMM would find nothing in it after us";
	if (fd >= 0 && fstat(fd, &status) == 0 && !S_ISREG(status.st_mode) &&
	    !S_ISDIR(status.st_mode))
		return NULL;
	text = malloc(CONFIG_MAX + 1);
	length = fd < 0 || !text ? -1 : read_whole(fd, text, CONFIG_MAX);
	if (length < 0) {
		*why = strerror(errno);
		free(text);
		return NULL;
	}
	text[length] = '\0';
	return text;
}

/* The texts that a request points to. Free all. */
struct texts {
	struct vmm_file file;
	char *config;
	char *error;
	char *jail_root;
};

static void texts_free(struct texts *texts)
{
	free(texts->file.root);
	free(texts->file.path);
	free(texts->config);
	free(texts->error);
	free(texts->jail_root);
}

/* Reads the file that describes the VM. If it cannot be read, the plan says what that means. */
static int read_config(struct vmm_request *request, struct texts *texts)
{
	const struct vmm_file *file = &texts->file;
	int r = vmm_plan_file(request, &texts->file);
	const char *why;

	if (r < 0 || !file->path)
		return r;
	texts->config = read_file(file, &why);
	if (!texts->config &&
	    asprintf(&texts->error, "%s%s%s cannot be read: %s", file->root ? file->root : "",
	             file->root && *file->path != '/' ? "/" : "", file->path, why) < 0) {
		texts->error = NULL;
		return -ENOMEM;
	}
	request->config_text = texts->config;
	request->config_error = texts->error;
	return 0;
}

/* jailer resolves symlinks. If it cannot, it will say so itself. */
static int find_jail(struct vmm_request *request, struct texts *texts)
{
	CLEANUP_FREE char *base = NULL;
	CLEANUP_FREE char *exec_file = NULL;
	struct vmm_jail jail;

	if (!vmm_plan_jail(request, &jail))
		return 0;
	base = realpath(jail.base, NULL);
	exec_file = realpath(jail.exec_file, NULL);
	texts->jail_root = jailer_root(base ? base : jail.base,
	                               exec_file ? exec_file : jail.exec_file, jail.id);
	request->jail_root = texts->jail_root;
	return texts->jail_root ? 0 : -ENOMEM;
}

/*
 * Makes the folder of the vsock socket in jailer's chroot, if it is one that jailer would make a moment later: the chroot
 * BASE/NAME/ID/root, or /run in it. If one cannot be made, the listener says why it cannot use it.
 */
static void make_jail(const char *root, const char *vsock)
{
	char path[PATH_MAX];
	char *id, *last;

	if (snprintf(path, sizeof(path) - strlen("/run"), "%s", root) < 0)
		return;
	last = strrchr(path, '/');
	*last = '\0';
	id = strrchr(path, '/');
	*id = '\0';
	mkdir(path, 0755);
	*id = '/';
	mkdir(path, 0755);
	*last = '/';
	mkdir(path, 0700);
	if (strncmp(vsock + strlen(root), "/run/", strlen("/run/")) == 0)
		mkdir(strcat(path, "/run"), 0700);
}

/*
 * Refuses a socket in a folder that a symlink leads to. The chroot is the VMM's user's, and a VMM that was broken out of may
 * have left one, for the next start to make and remove files elsewhere.
 */
static int check_jailed(const char *root, const char *path, struct failure *failure)
{
	const struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
	                             .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
	CLEANUP_FD int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP_FD int folder = -1;
	CLEANUP_FREE char *below = path ? strdup(path + strlen(root) + 1) : NULL;
	char *slash = below ? strrchr(below, '/') : NULL;

	if (!slash || root_fd < 0)
		return 0;
	*slash = '\0';
	folder = (int)syscall(SYS_openat2, root_fd, below, &how, sizeof(how));
	/* A folder that is not there is the listener's, or the VMM's, to complain of. */
	if (folder >= 0 || errno == ENOENT)
		return 0;
	return failure_set(
		failure, -EINVAL,
		"%s is not to be trusted: a symlink in jailer's chroot %s leads to it (%s): "
		"remove the chroot",
		path, root, strerror(errno));
}

static int prepare_jail(const char *root, const struct vmm_plan *plan, bool pretend,
                        struct failure *failure)
{
	int r;

	if (!pretend)
		make_jail(root, plan->vsock);
	r = check_jailed(root, plan->vsock, failure);
	return r < 0 ? r : check_jailed(root, plan->api_socket, failure);
}

/* Looks up the user that a launcher names. A name that is not known is the launcher's to complain of. */
static void find_user(struct vmm_plan *plan)
{
	const size_t length = plan->user ? strcspn(plan->user, ":") : 0;
	CLEANUP_FREE char *name = NULL;
	const struct passwd *entry;

	if (!length || plan->has_uid)
		return;
	name = strndup(plan->user, length);
	entry = name ? getpwnam(name) : NULL;
	plan->has_uid = entry != NULL;
	plan->uid = entry ? entry->pw_uid : 0;
}

/*
 * Another user's VMM has to bind its socket there. If this is not root, the launcher cannot change the user either. The folder is
 * in $XDG_RUNTIME_DIR, which may be a user's (sudo -E): no link is followed.
 */
static void give_folder(const char *path, uid_t owner)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fchown(fd, owner, (gid_t)-1) < 0)
		log_debug("%s stays ours: %s", path, strerror(errno));
}

/* A unit's RuntimeDirectory= is not ours to give away, and another user's VMM could not bind its socket in it. */
static int check_folder(const struct launch *launch, struct failure *failure)
{
	const struct vmm_plan *plan = &launch->plan;
	const struct runtime_dir *dir = &launch->runtime_dir;
	CLEANUP_FREE char *folder = dir->socket && !dir->made ? strdup(dir->socket) : NULL;
	char *slash = folder ? strrchr(folder, '/') : NULL;
	struct stat status;

	if (!slash || !getenv("RUNTIME_DIRECTORY") || !plan->has_uid || plan->uid == 0)
		return 0;
	*slash = '\0';
	if (stat(folder, &status) < 0 || status.st_uid == plan->uid ||
	    (status.st_mode & (S_IWGRP | S_IWOTH)))
		return 0;
	return failure_set(
		failure, -EINVAL,
		"user %s cannot make the vsock socket in RuntimeDirectory= %s: give the VMM "
		"a --vsock with a socket in a folder of that user",
		plan->user, folder);
}

static bool machine_has_smbios(void)
{
#if defined(__x86_64__)
	return true;
#else
	return false;
#endif
}

static int make_plan(struct launch *launch, const struct run_options *options,
                     struct vmm_request *request, struct texts *texts, struct failure *failure)
{
	int r = find_jail(request, texts);

	if (r < 0)
		return r;
	r = read_config(request, texts);
	if (r < 0)
		return r;
	if (vmm_plan_wants_socket(request)) {
		r = runtime_dir_make(&launch->runtime_dir, options->print, failure);
		if (r < 0)
			return r;
	}
	request->default_socket = launch->runtime_dir.socket;
	return vmm_plan_make(request, &launch->plan, failure);
}

int launch_make(struct launch *launch, const struct run_options *options, const char *const *vmm,
                int event_fd, struct failure *failure)
{
	struct texts texts = {0};
	struct vmm_request request = {
		.arguments = vmm,
		.kind = options->vmm,
		.credential = options->credential,
		.has_smbios = machine_has_smbios(),
		.port = options->serve.port,
		.port_given = options->serve.port_given,
		.vsock = options->vsock,
		.event_fd = event_fd,
	};
	int r;

	*launch = (struct launch){0};
	r = make_plan(launch, options, &request, &texts, failure);
	launch->kind = launch->plan.kind;
	if (r == 0 && texts.jail_root)
		r = prepare_jail(texts.jail_root, &launch->plan, options->print, failure);
	texts_free(&texts);
	if (r < 0)
		return r;
	r = run_options_check(options, launch->kind, &launch->plan, failure);
	if (r < 0)
		return r;
	find_user(&launch->plan);
	r = check_folder(launch, failure);
	if (r < 0)
		return r;
	if (launch->plan.has_uid && launch->runtime_dir.made)
		give_folder(launch->runtime_dir.made, launch->plan.uid);
	if (launch->plan.advice)
		log_warning("%s", launch->plan.advice);
	if (launch->plan.monitor_advice)
		log_warning("%s", launch->plan.monitor_advice);
	return 0;
}

/* Prints a word for a shell: in quotes, unless all of its characters are harmless. */
static void print_word(const char *word)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789_-+=,.:/@%";

	if (*word && strspn(word, harmless) == strlen(word)) {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*word);
	}
	putchar('\'');
}

void launch_print(const struct launch *launch)
{
	for (size_t i = 0; i < launch->plan.arguments.count; i++) {
		if (i > 0)
			putchar(' ');
		print_word(launch->plan.arguments.items[i]);
	}
	putchar('\n');
}

void launch_free(struct launch *launch)
{
	vmm_plan_free(&launch->plan);
	runtime_dir_remove(&launch->runtime_dir);
}
