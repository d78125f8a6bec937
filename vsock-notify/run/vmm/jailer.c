/* SPDX-License-Identifier: Apache-2.0 */
/* Firecracker's jailer (see jailer.h). */
#include "jailer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan_common.h"

bool jailer_is(const char *program)
{
	const char *name = basename(program);

	/* A release is called "jailer-v1.13.1-x86_64". */
	return strcmp(name, "jailer") == 0 || strncmp(name, "jailer-v", strlen("jailer-v")) == 0;
}

static const char *value_of(const char *const *arguments, const char *name)
{
	struct vmm_option option;

	return vmm_option_find(arguments, name, &option) ? option.value : NULL;
}

int jailer_read(const char *const *arguments, struct jailer *jailer, struct failure *failure)
{
	const char *base = value_of(arguments, "--chroot-base-dir");
	struct vmm_option option;

	*jailer = (struct jailer){
		.id = value_of(arguments, "--id"),
		.exec_file = value_of(arguments, "--exec-file"),
		.base = base ? base : "/srv/jailer",
		.uid = value_of(arguments, "--uid"),
		.vmm_options = arguments,
		.forks = vmm_option_find(arguments, "--new-pid-ns", &option) ||
	                 vmm_option_find(arguments, "--daemonize", &option),
	};
	while (*jailer->vmm_options && strcmp(*jailer->vmm_options, "--") != 0)
		jailer->vmm_options++;
	if (jailer->id && jailer->exec_file)
		return 0;
	return failure_set(failure, -EINVAL, "jailer needs %s",
	                   jailer->id ? "--exec-file FILE" : "--id ID");
}

char *jailer_root(const char *base, const char *exec_file, const char *id)
{
	char *root;

	return asprintf(&root, "%s/%s/%s/root", base, basename(exec_file), id) < 0 ? NULL : root;
}

static bool has_parent_part(const char *path)
{
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += strspn(part, "/");
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]))
			return true;
	}
	return false;
}

int jailer_outside(const char *root, const char *path, char **outside, struct failure *failure)
{
	if (has_parent_part(path))
		return failure_set(
			failure, -EINVAL,
			"%s has \"..\" in it, which would lead out of jailer's chroot %s: "
			"write it without",
			path, root);
	while (strncmp(path, "./", 2) == 0 || *path == '/')
		path += *path == '/' ? 1 : 2;
	if (asprintf(outside, "%s/%s", root, path) >= 0)
		return 0;
	*outside = NULL;
	return -ENOMEM;
}
