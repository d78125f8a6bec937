/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines as one string, their words separated by '|', for tables of what becomes of them; and
 * what a plan is compared with.
 */
#ifndef VMM_PLAN_FIXTURE_H
#define VMM_PLAN_FIXTURE_H

#include "run/vmm/plan_common.h"

#include <errno.h>

#include "harness.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* One command line and what it becomes. What is not said is the default, or must not be there. */
struct plan_row {
	const char *words;
	enum vmm_credential credential;
	bool no_smbios;
	uint32_t port; /* --port; 0: not given */
	const char *own_vsock;
	const char *config;       /* of the file that describes the VM */
	const char *config_error; /* why that cannot be read */
	const char *jail_root;    /* of jailer, without symlinks */

	const char *result; /* the words that are executed; NULL: it is refused */
	const char *vsock;
	uint32_t follows; /* the port that the shim listens at; 0: 1234, or that of --port */
	enum vmm_api api; /* 0 with an api_socket: that of cloud-hypervisor */
	const char *api_socket;
	const char *program; /* NULL: the first word */
	const char *user;
	uint32_t uid;
	bool no_event_monitor;
	bool restored;
	bool paused;
	bool stays;
	bool forks;
	bool device_apart;
	const char *advice;         /* part of it */
	const char *monitor_advice; /* part of it */
	const char *failure;        /* part of it */
};

#define FIXTURE_EVENT_FD 7
#define FIXTURE_SOCKET   "/run/private/vsock"

static struct vmm_plan fixture_plan;
static struct failure fixture_failure;

static inline void fixture_teardown(void)
{
	vmm_plan_free(&fixture_plan);
}

/* The words as an array, in buffers that the next call overwrites. */
static inline const char *const *fixture_split(const char *words)
{
	static char text[2048];
	static const char *array[64];
	size_t count = 0;
	char *rest = text;

	ck_assert_uint_lt(strlen(words), sizeof(text));
	strcpy(text, words);
	while (rest)
		array[count++] = strsep(&rest, "|");
	array[count] = NULL;
	return array;
}

static inline const char *fixture_join(const struct strv *strv)
{
	static char text[4096];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < strv->count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i ? "|" : "",
		                         strv->items[i]);
	return text;
}

/* Where part is NULL, text must be; otherwise text is one line that has it. */
static inline void fixture_check_line(const char *words, const char *what, const char *text,
                                      const char *part)
{
	if (!part) {
		ck_assert_msg(!text, "%s\n%s: %s", words, what, text);
		return;
	}
	ck_assert_msg(text != NULL, "%s\nno %s", words, what);
	ck_assert_msg(strstr(text, part) != NULL, "%s\n%s: %s", words, what, text);
	ck_assert_ptr_null(strchr(text, '\n'));
}

static inline void fixture_check(const struct plan_row *row, enum vmm_kind kind)
{
	const uint32_t port = row->port ? row->port : 1234;
	const struct vmm_request request = {
		.arguments = fixture_split(row->words),
		.kind = kind,
		.credential = row->credential,
		.has_smbios = !row->no_smbios,
		.port = port,
		.port_given = row->port != 0,
		.vsock = row->own_vsock,
		.default_socket = FIXTURE_SOCKET,
		.config_text = row->config,
		.config_error = row->config_error,
		.jail_root = row->jail_root,
		.event_fd = FIXTURE_EVENT_FD,
	};
	const char *line = fixture_failure.line;
	int r = vmm_plan_make(&request, &fixture_plan, &fixture_failure);

	fixture_check_line(row->words, "failure", *line ? line : NULL, row->failure);
	if (row->failure) {
		ck_assert_int_eq(r, -EINVAL);
		return;
	}
	ck_assert_int_eq(r, 0);
	ck_assert_str_eq(fixture_join(&fixture_plan.arguments), row->result);
	ck_assert_ptr_null(fixture_plan.arguments.items[fixture_plan.arguments.count]);
	ck_assert_pstr_eq(fixture_plan.vsock, row->vsock);
	ck_assert_uint_eq(fixture_plan.port, row->follows ? row->follows : port);
	ck_assert_pstr_eq(fixture_plan.api_socket, row->api_socket);
	ck_assert_int_eq(fixture_plan.api,
	                 row->api_socket && !row->api ? VMM_API_CLOUD_HYPERVISOR : row->api);
	ck_assert_str_eq(fixture_plan.program, row->program ? row->program : request.arguments[0]);
	ck_assert_pstr_eq(fixture_plan.user, row->user);
	ck_assert_int_eq(fixture_plan.has_uid, row->uid != 0);
	ck_assert_uint_eq(fixture_plan.uid, row->uid);
	ck_assert_int_eq(fixture_plan.event_monitor, !row->no_event_monitor);
	ck_assert_int_eq(fixture_plan.restored, row->restored);
	ck_assert_int_eq(fixture_plan.paused, row->paused);
	ck_assert_int_eq(fixture_plan.stays, row->stays);
	ck_assert_int_eq(fixture_plan.forks, row->forks);
	ck_assert_int_eq(fixture_plan.device_apart, row->device_apart);
	fixture_check_line(row->words, "monitor_advice", fixture_plan.monitor_advice,
	                   row->monitor_advice);
	fixture_check_line(row->words, "advice", fixture_plan.advice, row->advice);
}

#endif
