/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the guest's domain (rules: find.h). */
#include "find.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Returns the folder of pid files: of the system's qemu driver, or of the user's. */
static char *pid_folder(virConnectPtr connection)
{
	char *uri = virConnectGetURI(connection);
	bool session = uri && strstr(uri, "/session");
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *folder = NULL;
	int r = 0;

	free(uri);
	if (!session)
		return strdup("/run/libvirt/qemu");
	if (runtime && *runtime)
		r = asprintf(&folder, "%s/libvirt/qemu/run", runtime);
	return r < 0 ? NULL : folder;
}

/* Returns the process that libvirt's pid file names, or 0 if the file cannot be read. */
static uint32_t read_pid(const char *folder, const char *name)
{
	unsigned long pid = 0;
	char *path;
	FILE *file;

	if (asprintf(&path, "%s/%s.pid", folder, name) < 0)
		return 0;
	file = fopen(path, "re");
	free(path);
	if (!file)
		return 0;
	if (fscanf(file, "%9lu", &pid) != 1)
		pid = 0;
	fclose(file);
	return (uint32_t)pid;
}

static bool is_guests(uint32_t pid, const struct report *report)
{
	return pid != 0 && (pid == report->peer_pid || pid == report->parent_pid);
}

/* Picks the running domain that has the process, and frees the others. */
static virDomainPtr pick(virDomainPtr *domains, int count, const char *folder,
                         const struct report *report, unsigned *unknown)
{
	virDomainPtr found = NULL;

	*unknown = 0;
	for (int i = 0; i < count; i++) {
		uint32_t pid = read_pid(folder, virDomainGetName(domains[i]));

		*unknown += pid == 0;
		if (!found && is_guests(pid, report))
			found = domains[i];
		else
			virDomainFree(domains[i]);
	}
	free(domains);
	return found;
}

static virDomainPtr find_by_pid_file(virConnectPtr connection, const struct report *report,
                                     const char **why)
{
	virDomainPtr found = NULL;
	virDomainPtr *domains;
	unsigned unknown = 0;
	char *folder;
	int count = virConnectListAllDomains(connection, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);

	if (count < 0)
		return NULL;
	folder = pid_folder(connection);
	found = pick(domains, count, folder ? folder : "", report, &unknown);
	free(folder);
	if (!found)
		*why = unknown ? "libvirt's pid files cannot be read: give the plugin domain="
		               : "no domain's process is the VMM: give the plugin domain=";
	return found;
}

static virDomainPtr find_by_process(virConnectPtr connection, const struct report *report,
                                    const char **why)
{
	const char *type = virConnectGetType(connection);
	virDomainPtr found;

	if (report->peer_pid == 0) {
		*why = "nothing has come from the guest, so its VMM is not known yet";
		return NULL;
	}
	if (type && strcasecmp(type, "QEMU") == 0)
		return find_by_pid_file(connection, report, why);
	if (!type || strcasecmp(type, "CH") != 0) {
		*why = "only the qemu and ch drivers tell a domain's process: give the plugin "
		       "domain=";
		return NULL;
	}
	found = virDomainLookupByID(connection, (int)report->peer_pid);
	if (!found && report->parent_pid)
		found = virDomainLookupByID(connection, (int)report->parent_pid);
	return found;
}

virDomainPtr find_domain(virConnectPtr connection, const char *domain, const struct report *report,
                         const char **why)
{
	virDomainPtr found = NULL;

	*why = NULL;
	if (!domain)
		return find_by_process(connection, report, why);
	/* A name may look like a UUID. If there is a domain with that UUID, the user means that one. */
	if (strlen(domain) == VIR_UUID_STRING_BUFLEN - 1)
		found = virDomainLookupByUUIDString(connection, domain);
	return found ? found : virDomainLookupByName(connection, domain);
}
