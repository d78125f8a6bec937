/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the guest's domain (rules: find.h). */
#include "find.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Writes the folder of pid files, of the system's qemu driver or of the user's: "" if it has none. folder: PATH_MAX bytes. */
static void pid_folder(virConnectPtr connection, char *folder)
{
	char *uri = virConnectGetURI(connection);
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	*folder = '\0';
	if (!uri || !strstr(uri, "/session"))
		strcpy(folder, "/run/libvirt/qemu");
	else if (runtime && *runtime)
		snprintf(folder, PATH_MAX, "%s/libvirt/qemu/run", runtime);
	free(uri);
}

/* Returns the process that libvirt's pid file names, or 0 if the file cannot be read. */
static uint32_t read_pid(const char *folder, const char *name)
{
	char path[2 * PATH_MAX];
	unsigned long pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.pid", folder, name);
	file = fopen(path, "re");
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
	char folder[PATH_MAX];
	int count = virConnectListAllDomains(connection, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);

	if (count < 0)
		return NULL;
	pid_folder(connection, folder);
	found = pick(domains, count, folder, report, &unknown);
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
