/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM's command line: I/O around the plan (see launch.h). */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/memory.h"
#include "jail.h"

/* Bytes; far more than any configuration has. */
#define CONFIG_MAX (1024 * 1024)

/*
 * Reads a whole file as a string. The caller frees it. Returns NULL if it cannot be read; then *why says why. A pipe is not read:
 * its end might never come, and the VMM would find nothing more in it.
 */
static char *read_file(const struct vmm_file *file, const char **why)
{
	CLEANUP_FD int fd = file->root ? jail_open(file->root, file->path)
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

/* Another user's VMM has to bind its socket in the private folder. */
static int give_folder(const struct launch *launch, struct failure *failure)
{
	const struct vmm_plan *plan = &launch->plan;

	if (!plan->has_uid)
		return 0;
	return runtime_dir_give(&launch->runtime_dir, plan->uid, plan->user, failure);
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
	int r = jail_find(request, &texts->jail_root);

	if (r < 0)
		return r;
	request->jail_root = texts->jail_root;
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
	if (r == 0 && texts.jail_root)
		r = jail_prepare(texts.jail_root, &launch->plan, options->print, failure);
	texts_free(&texts);
	if (r < 0)
		return r;
	r = run_options_check(options, &launch->plan, failure);
	if (r < 0)
		return r;
	find_user(&launch->plan);
	r = give_folder(launch, failure);
	if (r < 0)
		return r;
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
