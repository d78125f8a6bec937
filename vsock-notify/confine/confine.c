/* SPDX-License-Identifier: Apache-2.0 */
/* Goes through the stages of confinement (theory: confine.h). */
#include "confine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/inherited_fds.h"
#include "base/log.h"
#include "base/macros.h"
#include "confine_stages.h"

void confinement_init(struct confinement *confinement)
{
	*confinement = (struct confinement){
		.keep_fd = -1,
		.proc_fd = -1,
		.state_folder = -1,
		.journal_fd = -1,
		.self = getpid(),
	};
	for (unsigned i = 0; i < CONFINE_CONNECTS_MAX; i++)
		confinement->connects[i] = -1;
}

#if defined(__has_feature)
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif

bool confine_by_default(void)
{
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
	return false;
#else
	return true;
#endif
}

struct confine_folder confine_folder_of(const char *path)
{
	struct confine_folder folder;
	const char *slash = strrchr(path, '/');

	/* "name" is in ".", "/name" in "/". */
	if (!slash)
		path = slash = ".";
	snprintf(folder.path, sizeof(folder.path), "%.*s", (int)(slash == path ? 1 : slash - path),
	         path);
	return folder;
}

static int descriptors(struct confinement *confinement)
{
	inherited_fds_close(confinement->keep_fd);
	return 0;
}

static int no_new_privs(struct confinement *confinement)
{
	(void)confinement;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

static int not_dumpable(struct confinement *confinement)
{
	(void)confinement;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

/* A connection, and the two ends of a barrier's pipe. */
#define FDS_PER_CONNECTION 3

/* For the loop, the sockets, the log and the plugins. */
#define FDS_OTHER 64

/* Lowers the hard limit, if it is not lower already, and has the soft one reach up to it. */
static int limit(int resource, rlim_t value)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) < 0)
		return -errno;
	if (now.rlim_max > value)
		now.rlim_max = value;
	now.rlim_cur = now.rlim_max;
	return setrlimit((__rlimit_resource_t)resource, &now) < 0 ? -errno : 0;
}

static int limits(struct confinement *confinement)
{
	rlim_t fds = FDS_PER_CONNECTION * confinement->connections + FDS_OTHER;
	int r = limit(RLIMIT_CORE, 0);

	return r < 0 ? r : limit(RLIMIT_NOFILE, fds);
}

static const struct {
	const char *name;
	int (*enter)(struct confinement *confinement);
	const char *hint; /* what the user can check if it fails; may be "" */
} stages[] = {
	{"filter", confine_filter, "is vsock-notify-filter there, of the same release? "},
	{"descriptors", descriptors, ""},
	{"capabilities", confine_capabilities, ""},
	{"no-new-privs", no_new_privs, ""},
	{"dumpable", not_dumpable, ""},
	{"limits", limits, ""},
	{"landlock", confine_landlock, ""},
	{"seccomp", confine_seccomp, ""},
};

static int enter_stages(struct confinement *confinement, struct failure *failure)
{
	for (unsigned i = 0; i < ARRAY_SIZE(stages); i++) {
		int r = stages[i].enter(confinement);

		if (r < 0)
			return failure_set(failure, r,
			                   "confinement, %s: %s: %s--no-confine runs without any",
			                   stages[i].name, strerror(-r), stages[i].hint);
		if (r == CONFINE_UNSUPPORTED)
			log_warning("confinement, %s: this kernel, or this container, does not "
			            "support it: going on without",
			            stages[i].name);
	}
	log_debug("confined");
	return 0;
}

int confine(struct confinement *confinement, struct failure *failure)
{
	int r = enter_stages(confinement, failure);

	confine_filter_free(confinement);
	return r;
}
