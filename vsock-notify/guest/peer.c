/* SPDX-License-Identifier: Apache-2.0 */
/* Who connects, and whether he may speak (theory: peer.h). */
#include "peer.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "descent.h"

bool peer_parse_name(const char *name, size_t length, int64_t pid, struct peer *peer)
{
	char text[sizeof(((struct sockaddr_un *)0)->sun_path) + 1], again[sizeof(text)];
	unsigned cid, source, destination;

	snprintf(text, sizeof(text), "%.*s", (int)length, name);
	if (sscanf(text, PEER_NAME_PREFIX "%*d/%u/%u/%u", &cid, &source, &destination) != 3)
		return false;
	/* Only one spelling of these numbers counts. One that is too large for its type would come out as another one. */
	snprintf(again, sizeof(again), PEER_NAME_PREFIX "%lld/%u/%u/%u", (long long)pid, cid,
	         source, destination);
	if (strlen(again) != length || memcmp(again, name, length) != 0 || pid <= 0 ||
	    pid > INT32_MAX || source == UINT32_MAX || destination == UINT32_MAX)
		return false;
	peer->cid = cid;
	peer->port = source;
	return true;
}

void peer_read(int fd, struct peer *peer)
{
	struct ucred credentials = {.pid = -1, .uid = (uid_t)-1};
	struct sockaddr_un name;
	socklen_t size = sizeof(credentials);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
	*peer = (struct peer){
		.pid = credentials.pid,
		.uid = credentials.uid,
		.port = VSN_PORT_UNKNOWN,
	};
	size = sizeof(name);
	if (getpeername(fd, (struct sockaddr *)&name, &size) == 0 &&
	    size > offsetof(struct sockaddr_un, sun_path) + 1 && name.sun_path[0] == '\0')
		peer_parse_name(name.sun_path + 1,
		                size - offsetof(struct sockaddr_un, sun_path) - 1, peer->pid, peer);
}

static bool is_allowed_uid(const struct peer_rule *rule, uid_t uid)
{
	for (unsigned i = 0; i < rule->uid_count; i++)
		if (rule->uids[i] == uid)
			return true;
	return false;
}

bool peer_is_vmms(const struct peer_rule *rule, pid_t pid)
{
	return pid == rule->vmm || peer_descends(rule->proc_fd, pid, rule->ancestor);
}

static bool is_allowed_process(const struct peer_rule *rule, const struct peer *peer)
{
	if (is_allowed_uid(rule, peer->uid))
		return true;
	if (rule->vmm)
		return peer_is_vmms(rule, (pid_t)peer->pid);
	return rule->uid_count == 0;
}

const char *peer_refusal(struct peer_rule *rule, const struct peer *peer)
{
	if (!is_allowed_process(rule, peer))
		return rule->vmm ? "it is not the VMM's (--allow-uid= allows others)"
		                 : "its user is not allowed (--allow-uid=)";
	if (rule->privileged == PEER_PRIVILEGED_NO)
		return NULL;
	if (peer->port != VSN_PORT_UNKNOWN)
		rule->names_ports = peer->pid;
	else if (rule->privileged == PEER_PRIVILEGED_YES ||
	         (rule->names_ports > 0 && rule->names_ports == peer->pid))
		return "the VMM does not name its port in the guest (--require-privileged-port=)";
	if (peer->port != VSN_PORT_UNKNOWN && peer->port >= PEER_PORT_UNPRIVILEGED)
		return "its port in the guest is not privileged (--require-privileged-port=)";
	return NULL;
}
