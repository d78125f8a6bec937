/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan for QEMU: its command line is read (qemu_options.h) and stays as it is. The vsock device is vhost-user-vsock, whose
 * socket belongs to another program, such as vhost-device-vsock, and is not on QEMU's command line.
 *
 *   -qmp unix:PATH,server=on             read, to stop the guest
 *   -mon chardev=ID,mode=control         the same, with the socket of -chardev socket,id=ID,path=PATH,server=on
 *   -fw_cfg, -smbios type=11, -append    read: they may have the credential (credential.h)
 *   -no-shutdown, -action shutdown=pause the VMM stays when the guest has powered off
 *   -daemonize                           QEMU leaves itself behind as a child
 *   -S                                   the VM starts paused
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "credential.h"
#include "plan_common.h"
#include "qemu_options.h"

/* The path of a socket that QEMU listens at, from the words "path=PATH,server=on". */
static bool listening_path(const char *socket, const char *implied, struct qemu_part *path)
{
	return qemu_part_is_on(socket, implied, "server") &&
	       qemu_part_find(socket, implied, "path", path);
}

static bool chardev_path(const char *const *arguments, const char *id, struct qemu_part *path)
{
	struct qemu_option option;
	struct qemu_part part;
	size_t index = 1;

	while (qemu_option_next(arguments, &index, &option)) {
		if (strcmp(option.name, "chardev") != 0 || !option.value)
			continue;
		if (qemu_part_find(option.value, "backend", "id", &part) &&
		    strcmp(part.value, id) == 0)
			return strncmp(option.value, "socket,", strlen("socket,")) == 0 &&
			       listening_path(option.value, "backend", path);
	}
	return false;
}

/* The path of the QMP socket that the option makes. */
static bool qmp_path(const char *const *arguments, const struct qemu_option *option,
                     struct qemu_part *path)
{
	struct qemu_part part;

	if (!option->value)
		return false;
	if (strcmp(option->name, "qmp") == 0 || strcmp(option->name, "qmp-pretty") == 0) {
		if (strncmp(option->value, "chardev:", strlen("chardev:")) == 0)
			return chardev_path(arguments, option->value + strlen("chardev:"), path);
		return strncmp(option->value, "unix:", strlen("unix:")) == 0 &&
		       listening_path(option->value + strlen("unix:"), "path", path);
	}
	return strcmp(option->name, "mon") == 0 &&
	       qemu_part_find(option->value, "chardev", "mode", &part) &&
	       strcmp(part.value, "control") == 0 &&
	       qemu_part_find(option->value, "chardev", "chardev", &part) &&
	       chardev_path(arguments, part.value, path);
}

static int find_qmp(const struct vmm_request *request, struct vmm_plan *plan)
{
	struct qemu_option option;
	struct qemu_part path;
	size_t index = 1;

	while (qemu_option_next(request->arguments, &index, &option))
		if (qmp_path(request->arguments, &option, &path))
			return vmm_plan_set_api(plan, VMM_API_QMP, path.value);
	return 0;
}

/* Whether a part of an option with this name has the key and the value. */
static bool says(const char *const *arguments, const char *name, const char *key, const char *value)
{
	struct qemu_option option;
	struct qemu_part part;
	size_t index = 1;

	while (qemu_option_next(arguments, &index, &option))
		if (strcmp(option.name, name) == 0 && option.value &&
		    qemu_part_find(option.value, NULL, key, &part) &&
		    strcmp(part.value, value) == 0)
			return true;
	return false;
}

/* Whether the value of an option with this name begins with, or as JSON contains, the word. */
static bool has_type(const char *const *arguments, const char *name, const char *word)
{
	struct qemu_option option;
	size_t index = 1;

	while (qemu_option_next(arguments, &index, &option)) {
		if (strcmp(option.name, name) != 0 || !option.value)
			continue;
		if (strncmp(option.value, word, strlen(word)) == 0 ||
		    (*option.value == '{' && strstr(option.value, word)))
			return true;
	}
	return false;
}

static bool is_confidential(const char *const *arguments)
{
	static const char *const objects[] = {"sev-guest", "sev-snp-guest", "tdx-guest"};

	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		if (has_type(arguments, "object", objects[i]))
			return true;
	return false;
}

/* An option that brings the guest a credential: with its own text, or with that of a file. */
struct source {
	enum credential_found found;
	uint32_t port;
	const char *where; /* NULL: there is no such option */
	char file[QEMU_VALUE_MAX];
};

/* The text of the file, once it is known; until then an address that nobody knows. */
static enum credential_found in_file(const struct vmm_request *request, const char *path,
                                     bool is_string, struct source *source)
{
	const char *text = request->config_text;

	if (!*source->file)
		snprintf(source->file, sizeof(source->file), "%s", path);
	if (!text || strcmp(path, source->file) != 0)
		return is_string ? CREDENTIAL_ABSENT : CREDENTIAL_UNKNOWN;
	return is_string ? credential_in_oem_string(text, strlen(text), &source->port)
	                 : credential_in_value(text, strlen(text), &source->port);
}

static enum credential_found in_fw_cfg(const struct vmm_request *request, const char *value,
                                       struct source *source)
{
	struct qemu_part part;

	if (!qemu_part_find(value, "name", "name", &part) ||
	    strcmp(part.value, CREDENTIAL_FW_CFG) != 0)
		return CREDENTIAL_ABSENT;
	if (qemu_part_find(value, "name", "string", &part))
		return credential_in_value(part.value, strlen(part.value), &source->port);
	return qemu_part_find(value, "name", "file", &part)
	               ? in_file(request, part.value, false, source)
	               : CREDENTIAL_ABSENT;
}

static enum credential_found in_smbios(const struct vmm_request *request, const char *value,
                                       struct source *source)
{
	enum credential_found found = CREDENTIAL_ABSENT;
	struct qemu_part part;

	if (!qemu_part_find(value, NULL, "type", &part) || strcmp(part.value, "11") != 0)
		return CREDENTIAL_ABSENT;
	while (found == CREDENTIAL_ABSENT && qemu_part_next(&value, NULL, &part)) {
		if (strcmp(part.key, "value") == 0)
			found = credential_in_oem_string(part.value, strlen(part.value),
			                                 &source->port);
		else if (strcmp(part.key, "path") == 0)
			found = in_file(request, part.value, true, source);
	}
	return found;
}

typedef enum credential_found source_reader(const struct vmm_request *request, const char *value,
                                            struct source *source);

/* where: the option, with its dash. */
static void look_at(const struct vmm_request *request, const char *where, source_reader *reader,
                    struct source *source)
{
	struct qemu_option option;
	size_t index = 1;

	while (source->found == CREDENTIAL_ABSENT &&
	       qemu_option_next(request->arguments, &index, &option)) {
		if (strcmp(option.name, where + 1) != 0 || !option.value)
			continue;
		source->found = reader(request, option.value, source);
		source->where = where;
	}
}

static const char *append_of(const struct vmm_request *request)
{
	const char *append = NULL;

	qemu_option_find(request->arguments, "append", &append);
	return append;
}

static void find_credential(const struct vmm_request *request, struct source *source)
{
	const char *append = append_of(request);

	*source = (struct source){.found = CREDENTIAL_ABSENT};
	if (!is_confidential(request->arguments)) {
		look_at(request, "-fw_cfg", in_fw_cfg, source);
		look_at(request, "-smbios", in_smbios, source);
	}
	if (source->found == CREDENTIAL_ABSENT && append) {
		source->found = credential_in_cmdline(append, &source->port);
		source->where = "-append";
	}
}

static int advise(const struct vmm_request *request, struct vmm_plan *plan)
{
	bool by_cmdline = request->credential == VMM_CREDENTIAL_CMDLINE ||
	                  (request->credential == VMM_CREDENTIAL_AUTO && !request->has_smbios);

	if (is_confidential(request->arguments))
		return vmm_plan_advise(plan,
		                       "the guest is not told to report, and the systemd of a "
		                       "confidential guest (TDX: before version 262) takes no "
		                       "credential from SMBIOS: add "
		                       "\"" CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT
		                       "\" to QEMU's -append, which changes the launch measurement",
		                       plan->port);
	if (by_cmdline)
		return vmm_plan_advise(plan,
		                       "the guest is not told to report: add "
		                       "\"" CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT
		                       "\" to QEMU's -append",
		                       plan->port);
	return vmm_plan_advise(plan,
	                       "the guest is not told to report: add -smbios "
	                       "type=11,value=" CREDENTIAL_OEM_PREFIX CREDENTIAL_ADDRESS_FORMAT
	                       " to QEMU's options",
	                       plan->port);
}

static int check_credential(const struct vmm_request *request, struct vmm_plan *plan,
                            struct failure *failure)
{
	const char *append = append_of(request);
	struct source source;
	int r;

	find_credential(request, &source);
	r = vmm_plan_use_credential(request, plan, source.found, source.port, source.where,
	                            failure);
	if (r < 0 || request->credential == VMM_CREDENTIAL_NONE)
		return r < 0 ? r : 0;
	if (append && credential_is_forbidden(append))
		return vmm_plan_advise_forbidden(plan, "-append");
	return r == 0 ? 0 : advise(request, plan);
}

static int find_vsock(const struct vmm_request *request, struct vmm_plan *plan,
                      struct failure *failure)
{
	if (request->vsock)
		return vmm_plan_set_vsock(plan, request->vsock);
	if (has_type(request->arguments, "device", "vhost-vsock-"))
		return failure_set(failure, -EINVAL,
		                   "QEMU's vhost-vsock device is the kernel's, whose guests reach "
		                   "AF_VSOCK and no unix socket: use vhost-user-vsock-pci with "
		                   "vhost-device-vsock, and name its --uds-path with --vsock=PATH");
	return failure_set(failure, -EINVAL,
	                   "where is the vsock socket of %s? Name the --uds-path of its "
	                   "vhost-device-vsock with --vsock=PATH",
	                   request->arguments[0]);
}

int vmm_plan_qemu(const struct vmm_request *request, struct vmm_plan *plan, struct failure *failure)
{
	int r = find_vsock(request, plan, failure);

	if (r < 0)
		return r;
	plan->device_apart = true;
	plan->stays = qemu_option_find(request->arguments, "no-shutdown", NULL) ||
	              says(request->arguments, "action", "shutdown", "pause");
	plan->forks |= qemu_option_find(request->arguments, "daemonize", NULL);
	plan->paused = qemu_option_find(request->arguments, "S", NULL);
	plan->restored = qemu_option_find(request->arguments, "loadvm", NULL) ||
	                 qemu_option_find(request->arguments, "incoming", NULL);
	r = find_qmp(request, plan);
	return r < 0 ? r : check_credential(request, plan, failure);
}

char *vmm_file_qemu(const struct vmm_request *request)
{
	struct vmm_request without_text = *request;
	struct source source;

	without_text.config_text = NULL;
	find_credential(&without_text, &source);
	return *source.file ? strdup(source.file) : NULL;
}
