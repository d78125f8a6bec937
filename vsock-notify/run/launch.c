/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM's command line, with its I/O (see command_line.h). */
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

/* Far more than any configuration has. */
#define CONFIG_MAX (1024 * 1024)

/* The whole of a file as a string, to be freed. NULL with errno set. */
static char *read_file(const char *path)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = malloc(CONFIG_MAX + 1);
	size_t length = 0;
	ssize_t n = fd < 0 || !text ? -1 : 1;

	while (n > 0 && length < CONFIG_MAX) {
		n = read(fd, text + length, CONFIG_MAX - length);
		if (n > 0)
			length += (size_t)n;
	}
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[length] = '\0';
	return text;
}

/* Firecracker's --config-file; *text stays NULL where there is none. */
static int read_config(const struct vmm_request *request, char **text)
{
	struct vmm_option option;

	if (request->kind != VMM_FIRECRACKER ||
	    !vmm_option_find(request->arguments, "--config-file", &option) || !option.value)
		return 0;
	*text = read_file(option.value);
	if (*text)
		return 0;
	log_error("Firecracker's config file %s cannot be read: %m", option.value);
	return -EINVAL;
}

static bool machine_has_smbios(void)
{
#if defined(__x86_64__)
	return true;
#else
	return false;
#endif
}

int launch_make(struct launch *line, const struct run_options *options, const char *const *vmm,
                int event_fd)
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

	*line = (struct launch){0};
	r = read_config(&request, &config_text);
	if (r == 0 && vmm_plan_wants_socket(&request))
		r = runtime_dir_make(&line->runtime_dir, options->print);
	if (r < 0)
		return r;
	request.config_text = config_text;
	request.default_socket = line->runtime_dir.socket;
	r = vmm_plan_make(&request, &line->plan);
	if (line->plan.fault)
		log_error("%s", line->plan.fault);
	else if (r < 0)
		log_error("no plan for the VMM's command line: %s", strerror(-r));
	if (r == 0 && line->plan.advice)
		log_warning("%s", line->plan.advice);
	return r;
}

/* Quoted for a shell where it has anything but what is harmless in a word. */
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

void launch_print(const struct launch *line)
{
	for (size_t i = 0; i < line->plan.arguments.count; i++) {
		if (i > 0)
			putchar(' ');
		print_word(line->plan.arguments.items[i]);
	}
	putchar('\n');
}

void launch_free(struct launch *line)
{
	vmm_plan_free(&line->plan);
	runtime_dir_remove(&line->runtime_dir);
}
