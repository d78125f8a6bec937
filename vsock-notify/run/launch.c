/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM's command line: I/O around the plan (see launch.h). */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/memory.h"
#include "run/vmm/plan_common.h"

/* Bytes; far more than any configuration has. */
#define CONFIG_MAX (1024 * 1024)

/* Reads a whole file as a string. The caller frees it. NULL with errno set on errors. */
static char *read_file(const char *path)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = malloc(CONFIG_MAX + 1);
	ssize_t length = fd < 0 || !text ? -1 : read_whole(fd, text, CONFIG_MAX);

	if (length < 0) {
		free(text);
		return NULL;
	}
	text[length] = '\0';
	return text;
}

/* Reads the file of Firecracker's --config-file. *text stays NULL if that option is not there. */
static int read_config(const struct vmm_request *request, char **text, struct failure *failure)
{
	struct vmm_option option;

	if (request->kind != VMM_FIRECRACKER ||
	    !vmm_option_find(request->arguments, "--config-file", &option) || !option.value)
		return 0;
	*text = read_file(option.value);
	if (*text)
		return 0;
	return failure_set(failure, -EINVAL, "Firecracker's config file %s cannot be read: %s",
	                   option.value, strerror(errno));
}

static bool machine_has_smbios(void)
{
#if defined(__x86_64__)
	return true;
#else
	return false;
#endif
}

int launch_make(struct launch *launch, const struct run_options *options, const char *const *vmm,
                int event_fd, struct failure *failure)
{
	CLEANUP_FREE char *config_text = NULL;
	struct vmm_request request = {
		.arguments = vmm,
		.kind = vmm_kind_of(options->vmm, vmm[0]),
		.credential = options->credential,
		.has_smbios = machine_has_smbios(),
		.port = options->serve.port,
		.port_given = options->serve.port_given,
		.vsock = options->vsock,
		.event_fd = event_fd,
	};
	int r;

	*launch = (struct launch){.kind = request.kind};
	r = read_config(&request, &config_text, failure);
	if (r < 0)
		return r;
	if (vmm_plan_wants_socket(&request)) {
		r = runtime_dir_make(&launch->runtime_dir, options->print, failure);
		if (r < 0)
			return r;
	}
	request.config_text = config_text;
	request.default_socket = launch->runtime_dir.socket;
	r = vmm_plan_make(&request, &launch->plan, failure);
	if (r < 0)
		return r;
	if (launch->plan.advice)
		log_warning("%s", launch->plan.advice);
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
