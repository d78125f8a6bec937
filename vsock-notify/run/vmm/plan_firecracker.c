/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan for Firecracker, with or without its jailer (jailer.h). The VM is described in the file that --config-file names. That
 * file belongs to the user and is not rewritten: if something is missing in it, a message says what to add. Firecracker has
 * no SMBIOS, so the credential goes into boot_args.
 *
 * Without --no-api there is always an API socket, at the path of DEFAULT_API_SOCKET if --api-sock names none
 * (src/firecracker/src/main.rs of Firecracker 1.17-dev).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/memory.h"
#include "credential.h"
#include "jailer.h"
#include "plan_common.h"

#define DEFAULT_API_SOCKET "/run/firecracker.socket"

static const char *string_at(const cJSON *root, const char *object, const char *key)
{
	return cJSON_GetStringValue(vmm_json_member(root, object, key));
}

/* A path that Firecracker is given, as this host sees it. */
static int set_path(const struct vmm_request *request, const char *path, char **out,
                    struct failure *failure)
{
	if (request->jail_root)
		return jailer_outside(request->jail_root, path, out, failure);
	*out = strdup(path);
	return *out ? 0 : -ENOMEM;
}

static int find_vsock(const struct vmm_request *request, struct vmm_plan *plan, const cJSON *root,
                      struct failure *failure)
{
	const char *path = string_at(root, "vsock", "uds_path");
	int r;

	if (!path || !*path)
		return failure_set(failure, -EINVAL,
		                   "Firecracker's config file has no vsock: add \"vsock\": "
		                   "{\"guest_cid\": 3, \"uds_path\": \"/run/vm/vsock\"}");
	r = set_path(request, path, &plan->vsock, failure);
	if (r < 0)
		return r;
	if (request->vsock && strcmp(path, request->vsock) != 0 &&
	    strcmp(plan->vsock, request->vsock) != 0)
		return vmm_plan_refuse_vsock(request, "Firecracker's config file has uds_path ",
		                             path, failure);
	return 0;
}

static int check_credential(const struct vmm_request *request, struct vmm_plan *plan,
                            const cJSON *root, struct failure *failure)
{
	static const char where[] = "boot_args";
	const char *boot_args = string_at(root, "boot-source", where);
	uint32_t port = 0;
	enum credential_found found = credential_in_cmdline(boot_args ? boot_args : "", &port);
	int r = vmm_plan_use_credential(request, plan, found, port, where, failure);

	if (r < 0 || request->credential == VMM_CREDENTIAL_NONE)
		return r < 0 ? r : 0;
	if (boot_args && credential_is_forbidden(boot_args))
		return vmm_plan_advise_forbidden(plan, where);
	if (r == 0)
		return 0;
	return vmm_plan_advise(plan,
	                       "the guest is not told to report: add \"" CREDENTIAL_CMDLINE_PREFIX
	                               CREDENTIAL_ADDRESS_FORMAT
	                       "\" to boot_args in Firecracker's config "
	                       "file",
	                       plan->port);
}

/* --vsock is a path of this host. */
static int check_jail(const struct vmm_request *request, struct failure *failure)
{
	const char *root = request->jail_root;

	if (!root || (strncmp(request->vsock, root, strlen(root)) == 0 &&
	              request->vsock[strlen(root)] == '/'))
		return 0;
	return failure_set(failure, -EINVAL,
	                   "--vsock=%s is outside of Firecracker's jail: write --vsock=%s/...",
	                   request->vsock, root);
}

/* Without a config file the VM is created, or loaded from a snapshot, by API calls, which this program does not see. */
static int plan_api(const struct vmm_request *request, struct vmm_plan *plan,
                    struct failure *failure)
{
	const char *inside;
	int r;

	if (!request->vsock)
		return failure_set(failure, -EINVAL,
		                   "Firecracker has no --config-file: name with --vsock=PATH the "
		                   "uds_path that its API will get");
	r = check_jail(request, failure);
	if (r < 0)
		return r;
	r = vmm_plan_set_vsock(plan, request->vsock);
	if (r < 0 || request->credential == VMM_CREDENTIAL_NONE)
		return r;
	inside = request->jail_root ? request->vsock + strlen(request->jail_root) : request->vsock;
	return vmm_plan_advise(plan,
	                       "Firecracker is driven by its API: its boot_args must contain "
	                       "\"" CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT
	                       "\", and its vsock's uds_path, or the vsock_override of a snapshot, "
	                       "must be %s",
	                       plan->port, inside);
}

static int plan_json(const struct vmm_request *request, struct vmm_plan *plan, const cJSON *root,
                     struct failure *failure)
{
	int r = find_vsock(request, plan, root, failure);

	return r < 0 ? r : check_credential(request, plan, root, failure);
}

static int plan_config(const struct vmm_request *request, struct vmm_plan *plan,
                       struct failure *failure)
{
	cJSON *root = cJSON_Parse(request->config_text);
	int r;

	if (!root)
		return failure_set(failure, -EINVAL,
		                   "Firecracker's config file is not JSON near \"%.20s\"",
		                   cJSON_GetErrorPtr() ? cJSON_GetErrorPtr() : "");
	r = plan_json(request, plan, root, failure);
	cJSON_Delete(root);
	return r;
}

static int find_api_socket(const struct vmm_request *request, struct vmm_plan *plan,
                           struct failure *failure)
{
	struct vmm_option option = {.value = DEFAULT_API_SOCKET};
	CLEANUP_FREE char *path = NULL;
	int r;

	if (vmm_option_is_there(request, "--no-api"))
		return 0;
	if (vmm_option_find(request->arguments, "--api-sock", &option) && !option.value)
		return failure_set(failure, -EINVAL, "the VMM's --api-sock has no value");
	r = set_path(request, option.value, &path, failure);
	return r < 0 ? r : vmm_plan_set_api(plan, VMM_API_FIRECRACKER, path);
}

int vmm_plan_firecracker(const struct vmm_request *request, struct vmm_plan *plan,
                         struct failure *failure)
{
	int r;

	if (request->credential == VMM_CREDENTIAL_OEM_STRING)
		return failure_set(failure, -EINVAL,
		                   "--credential=oem-string, but Firecracker has no SMBIOS: "
		                   "leave it out");
	if (request->config_error)
		return failure_set(failure, -EINVAL, "Firecracker's config file %s",
		                   request->config_error);
	r = find_api_socket(request, plan, failure);
	if (r < 0)
		return r;
	return request->config_text ? plan_config(request, plan, failure)
	                            : plan_api(request, plan, failure);
}

/* The request as Firecracker in its jail sees it; *root is freed by the caller and has to live as long. */
static int jailed_request(const struct vmm_request *request, const struct jailer *jailer,
                          struct vmm_request *jailed, char **root)
{
	*root = request->jail_root ? strdup(request->jail_root)
	                           : jailer_root(jailer->base, jailer->exec_file, jailer->id);
	if (!*root)
		return -ENOMEM;
	*jailed = *request;
	jailed->arguments = jailer->vmm_options;
	jailed->jail_root = *root;
	return 0;
}

/* The value of --exec-file among the plan's own arguments. */
static const char *jailed_program(const struct vmm_request *request, const struct vmm_plan *plan)
{
	struct vmm_option option;

	vmm_option_find(request->arguments, "--exec-file", &option);
	return plan->arguments.items[plan->first + option.index] +
	       (option.value - request->arguments[option.index]);
}

int vmm_plan_jailer(const struct vmm_request *request, struct vmm_plan *plan,
                    struct failure *failure)
{
	CLEANUP_FREE char *root = NULL;
	struct vmm_request jailed;
	struct jailer jailer;
	int r = jailer_read(request->arguments, &jailer, failure);

	if (r < 0)
		return r;
	r = jailed_request(request, &jailer, &jailed, &root);
	if (r < 0)
		return r;
	plan->program = jailed_program(request, plan);
	plan->forks |= jailer.forks;
	vmm_plan_set_user(plan, jailer.uid);
	return vmm_plan_firecracker(&jailed, plan, failure);
}

/* jailer_read() fails only for what vmm_plan_jailer() refuses, too. */
static int file_in_jail(const struct vmm_request *request, struct vmm_file *file)
{
	struct vmm_request jailed;
	struct failure ignored = {0};
	struct jailer jailer;
	int r;

	if (jailer_read(request->arguments, &jailer, &ignored) < 0)
		return 0;
	r = jailed_request(request, &jailer, &jailed, &file->root);
	return r < 0 ? r : vmm_file_firecracker(&jailed, file);
}

int vmm_file_firecracker(const struct vmm_request *request, struct vmm_file *file)
{
	struct vmm_option option;

	if (request->arguments[0] && jailer_is(request->arguments[0]))
		return file_in_jail(request, file);
	if (!vmm_option_find(request->arguments, "--config-file", &option) || !option.value)
		return 0;
	file->path = strdup(option.value);
	return file->path ? 0 : -ENOMEM;
}
