/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch-fleet: what the guests of many hosts say, as vsock-notify's libvirt plugin publishes it. An example for who writes
 * such a program, and what the tests watch with.
 *
 *	watch-fleet URI...
 *
 * prints a line for each domain that has been published, and one for each change: URI, domain, life, status, separated by tabs;
 * "URI <tab> - <tab> connected" and "... lost" in between. A host has a process of its own, so that one that does not
 * answer holds up no other. It never ends, but by a signal or where its reader has gone.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#define NAMESPACE "urn:vsock-notify:state:1"

/* Pauses between tries to connect. */
#define RETRY_FIRST_MSEC 100
#define RETRY_LAST_MSEC  5000

struct host {
	const char *uri;
	bool lost;
	int watch;
};

static void say(const struct host *host, const char *domain, const char *life, const char *status)
{
	/* One write(2), so that the lines of several processes do not mix. */
	printf("%s\t%s\t%s\t%s\n", host->uri, domain, life, status);
	fflush(stdout);
	if (ferror(stdout))
		exit(EXIT_SUCCESS);
}

/* The text of the child element of that name; to be freed with xmlFree(). */
static xmlChar *text_of(xmlDoc *document, const char *name)
{
	xmlNode *root = xmlDocGetRootElement(document);
	xmlNode *child = root ? root->children : NULL;

	while (child && xmlStrcmp(child->name, BAD_CAST name) != 0)
		child = child->next;
	return child ? xmlNodeGetContent(child) : NULL;
}

static void show_document(const struct host *host, const char *domain, const char *text)
{
	/* Never from the network, no entities: neither is there in what is published. */
	xmlDoc *document = xmlReadMemory(text, (int)strlen(text), NULL, NULL,
	                                 XML_PARSE_NONET | XML_PARSE_NOERROR);
	xmlChar *life = document ? text_of(document, "life") : NULL;
	xmlChar *status = document ? text_of(document, "status") : NULL;

	if (life)
		say(host, domain, (const char *)life, status ? (const char *)status : "");
	xmlFree(life);
	xmlFree(status);
	xmlFreeDoc(document);
}

/* Nothing, for a domain without such metadata. */
static void show(const struct host *host, virDomainPtr domain)
{
	/* Of a domain that does not run, of its configuration. */
	char *text = virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, NAMESPACE,
	                                  VIR_DOMAIN_AFFECT_CURRENT);

	if (text)
		show_document(host, virDomainGetName(domain), text);
	free(text);
}

static void metadata_changed(virConnectPtr connection, virDomainPtr domain, int type,
                             const char *namespace, void *user)
{
	(void)connection;
	if (type == VIR_DOMAIN_METADATA_ELEMENT && namespace && strcmp(namespace, NAMESPACE) == 0)
		show(user, domain);
}

static void closed(virConnectPtr connection, int reason, void *user)
{
	struct host *host = user;

	(void)connection;
	(void)reason;
	host->lost = true;
}

static void show_all(const struct host *host, virConnectPtr connection)
{
	virDomainPtr *domains;
	int count = virConnectListAllDomains(connection, &domains, 0);

	for (int i = 0; i < count; i++) {
		show(host, domains[i]);
		virDomainFree(domains[i]);
	}
	if (count >= 0)
		free(domains);
}

/* Until the connection is lost. */
static void watch(struct host *host, virConnectPtr connection)
{
	host->lost = false;
	virConnectSetKeepAlive(connection, 5, 3);
	virConnectRegisterCloseCallback(connection, closed, host, NULL);
	/* First the events, then what there is: so nothing is missed in between. */
	host->watch = virConnectDomainEventRegisterAny(
		connection, NULL, VIR_DOMAIN_EVENT_ID_METADATA_CHANGE,
		VIR_DOMAIN_EVENT_CALLBACK(metadata_changed), host, NULL);
	say(host, "-", "connected", "");
	show_all(host, connection);
	while (!host->lost && virConnectIsAlive(connection) == 1)
		if (virEventRunDefaultImpl() < 0)
			break;
	say(host, "-", "lost", "");
	virConnectUnregisterCloseCallback(connection, closed);
}

static void no_word(void *user, virErrorPtr error)
{
	(void)user;
	(void)error;
}

static void watch_host(const char *uri)
{
	struct host host = {.uri = uri};
	unsigned pause = RETRY_FIRST_MSEC;

	virSetErrorFunc(NULL, no_word);
	virEventRegisterDefaultImpl();
	while (true) {
		virConnectPtr connection = virConnectOpenReadOnly(uri);

		if (connection) {
			watch(&host, connection);
			virConnectClose(connection);
			pause = RETRY_FIRST_MSEC;
		}
		usleep(pause * 1000);
		pause = pause * 2 < RETRY_LAST_MSEC ? pause * 2 : RETRY_LAST_MSEC;
	}
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("watch-fleet: say the URI of each host\n", stderr);
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("watch-fleet: fork");
			return EXIT_FAILURE;
		}
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			watch_host(argv[i]);
		}
	}
	while (wait(NULL) > 0)
		;
	return EXIT_SUCCESS;
}
