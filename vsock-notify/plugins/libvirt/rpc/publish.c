/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes reports (theory: publish.h). */
#include "publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libvirt/virterror.h>

#include "base/clock.h"
#include "document.h"
#include "find.h"
#include "say.h"
#include "state/state.h"

/* A connection is closed if libvirtd has not answered for this time. */
#define KEEPALIVE_SECONDS 10
#define KEEPALIVE_COUNT   3

static void no_word(void *user, virErrorPtr error)
{
	(void)user;
	(void)error;
}

void publish_init(void)
{
	/* Without this, libvirt writes lines for each call that fails. */
	virSetErrorFunc(NULL, no_word);
	/* A daemon that libvirt starts from here would run in the VM's service. */
	setenv("LIBVIRT_AUTOSTART", "0", 1);
	virEventRegisterDefaultImpl();
}

/* Logs what is wrong, unless the same was logged last. */
static void complain(struct publisher *publisher, const char *doing, const char *why)
{
	if (!why)
		why = virGetLastErrorMessage();
	if (*publisher->said && strncmp(publisher->said, why, sizeof(publisher->said) - 1) == 0)
		return;
	say("%s: %s; trying again", doing, why);
	snprintf(publisher->said, sizeof(publisher->said), "%s", why);
}

static void closed(virConnectPtr connection, int reason, void *user)
{
	struct publisher *publisher = user;

	(void)connection;
	(void)reason;
	publisher->again = true;
}

/* A domain that starts has the metadata of its configuration, not what was published while it ran last. */
static int lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail,
                     void *user)
{
	struct publisher *publisher = user;
	char uuid[VIR_UUID_STRING_BUFLEN];

	(void)connection;
	(void)detail;
	if (event != VIR_DOMAIN_EVENT_STARTED && event != VIR_DOMAIN_EVENT_DEFINED)
		return 0;
	if (!*publisher->uuid ||
	    (virDomainGetUUIDString(domain, uuid) == 0 && strcmp(uuid, publisher->uuid) == 0))
		publisher->again = true;
	return 0;
}

static bool connect_to(struct publisher *publisher)
{
	publisher->connection = virConnectOpen(publisher->uri);
	if (!publisher->connection) {
		complain(publisher, "cannot connect", NULL);
		return false;
	}
	/* A driver may not support these events: it does not need them, or trying again replaces them. */
	virConnectSetKeepAlive(publisher->connection, KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
	virConnectRegisterCloseCallback(publisher->connection, closed, publisher, NULL);
	virConnectDomainEventRegisterAny(publisher->connection, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
	                                 VIR_DOMAIN_EVENT_CALLBACK(lifecycle), publisher, NULL);
	return true;
}

static void drop_domain(struct publisher *publisher)
{
	if (publisher->found)
		virDomainFree(publisher->found);
	publisher->found = NULL;
}

void publish_close(struct publisher *publisher)
{
	drop_domain(publisher);
	if (publisher->connection) {
		virConnectUnregisterCloseCallback(publisher->connection, closed);
		virConnectClose(publisher->connection);
	}
	publisher->connection = NULL;
}

static bool find(struct publisher *publisher, const struct report *report)
{
	const char *why = NULL;

	/* Another VMM may belong to another domain. */
	if (!publisher->domain && publisher->found_pid != report->peer_pid) {
		drop_domain(publisher);
		if (publisher->found_pid)
			*publisher->uuid = '\0';
	}
	publisher->found_pid = report->peer_pid;
	if (publisher->found)
		return true;
	/* After the VMM has ended, the domain cannot be found by its process. */
	if (!publisher->domain && *publisher->uuid)
		publisher->found =
			virDomainLookupByUUIDString(publisher->connection, publisher->uuid);
	if (!publisher->found)
		publisher->found =
			find_domain(publisher->connection, publisher->domain, report, &why);
	if (!publisher->found) {
		complain(publisher, publisher->domain ? publisher->domain : "domain", why);
		return false;
	}
	virDomainGetUUIDString(publisher->found, publisher->uuid);
	say("publishing as metadata of domain %s", virDomainGetName(publisher->found));
	*publisher->said = '\0';
	return true;
}

/* Returns the wall clock's time of the report; it stays the same for all publications of the same change. */
static time_t since_of(struct publisher *publisher, uint64_t since_usec)
{
	if (since_usec == publisher->since_usec && publisher->since)
		return publisher->since;
	publisher->since =
		time(NULL) - (time_t)(now_usec() / USEC_PER_SEC - since_usec / USEC_PER_SEC);
	publisher->since_usec = since_usec;
	return publisher->since;
}

static int set(struct publisher *publisher, const char *document, unsigned flags)
{
	return virDomainSetMetadata(publisher->found, VIR_DOMAIN_METADATA_ELEMENT, document,
	                            DOCUMENT_KEY, DOCUMENT_URI, flags);
}

static void trace(struct publisher *publisher, unsigned flags)
{
	char *document = virDomainGetMetadata(publisher->found, VIR_DOMAIN_METADATA_ELEMENT,
	                                      DOCUMENT_URI, flags);

	/* libvirt returns several lines; log them as one. */
	for (char *end = document; document && *end; end++)
		if (*end == '\n')
			*end = ' ';
	say("published: %s", document ? document : virGetLastErrorMessage());
	free(document);
}

/* If the domain is not running, the last report is kept in its configuration, if it has one. */
static bool is_last_word(const struct publisher *publisher, const struct report *report)
{
	return (report->life == STATE_STOPPING || report->life == STATE_STOPPED ||
	        report->life == STATE_PANICKED) &&
	       virDomainIsPersistent(publisher->found) == 1;
}

static enum publish_result failed(struct publisher *publisher)
{
	int code = virGetLastErrorCode();

	complain(publisher, "cannot publish", NULL);
	if (virConnectIsAlive(publisher->connection) != 1) {
		publish_close(publisher);
		return PUBLISH_LATER;
	}
	if (code != VIR_ERR_NO_DOMAIN && code != VIR_ERR_OPERATION_INVALID)
		return PUBLISH_LATER;
	drop_domain(publisher);
	return PUBLISH_NOWHERE;
}

static enum publish_result publish_document(struct publisher *publisher,
                                            const struct report *report, const char *document)
{
	unsigned flags = VIR_DOMAIN_AFFECT_LIVE;
	int r = set(publisher, document, flags);

	if (r < 0 && virGetLastErrorCode() == VIR_ERR_OPERATION_INVALID &&
	    is_last_word(publisher, report)) {
		flags = VIR_DOMAIN_AFFECT_CONFIG;
		r = set(publisher, document, flags);
	}
	if (r < 0)
		return failed(publisher);
	if (*publisher->said)
		say("published again");
	*publisher->said = '\0';
	if (publisher->trace)
		trace(publisher, flags);
	return PUBLISHED;
}

static enum publish_result publish_connected(struct publisher *publisher,
                                             const struct report *report)
{
	enum publish_result result;
	char *document;

	if (!find(publisher, report)) {
		if (virConnectIsAlive(publisher->connection) == 1)
			return PUBLISH_NOWHERE;
		publish_close(publisher);
		return PUBLISH_LATER;
	}
	document = document_make(report, since_of(publisher, report->since_usec));
	if (!document)
		return PUBLISH_LATER;
	result = publish_document(publisher, report, document);
	free(document);
	return result;
}

enum publish_result publish(struct publisher *publisher, const struct report *report)
{
	enum publish_result result = PUBLISH_LATER;

	/* SIGALRM ends this process wherever it hangs. */
	alarm(CALL_SECONDS);
	publisher->again = false;
	if (publisher->connection && virConnectIsAlive(publisher->connection) != 1)
		publish_close(publisher);
	if (publisher->connection || connect_to(publisher))
		result = publish_connected(publisher, report);
	alarm(0);
	return result;
}
