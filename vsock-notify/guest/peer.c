/* SPDX-License-Identifier: Apache-2.0 */
/* Who connects, and whether he may speak (theory: peer.h). */
#include "peer.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "descent.h"

/* Parses "123/": a decimal number of at most max, without zeros in front, and the character that ends it. */
static bool take_number(const char **text, const char *end, char stop, uint64_t max,
                        uint64_t *number)
{
	const char *start = *text;
	uint64_t value = 0;

	for (; *text < end && **text >= '0' && **text <= '9'; (*text)++) {
		if (value > max / 10)
			return false;
		value = value * 10 + (uint64_t)(**text - '0');
	}
	if (*text == start || (*start == '0' && *text > start + 1) || value > max)
		return false;
	*number = value;
	if (stop == '\0')
		return *text == end;
	return *text < end && *(*text)++ == stop;
}

bool peer_parse_name(const char *name, size_t length, int64_t pid, struct peer *peer)
{
	const char *text = name + strlen(PEER_NAME_PREFIX);
	const char *end = name + length;
	uint64_t named_pid, cid, source, destination;

	if (length < strlen(PEER_NAME_PREFIX) ||
	    memcmp(name, PEER_NAME_PREFIX, strlen(PEER_NAME_PREFIX)) != 0 ||
	    !take_number(&text, end, '/', INT32_MAX, &named_pid) ||
	    !take_number(&text, end, '/', UINT32_MAX, &cid) ||
	    !take_number(&text, end, '/', UINT32_MAX - 1, &source) ||
	    !take_number(&text, end, '\0', UINT32_MAX - 1, &destination) || pid <= 0 ||
	    (int64_t)named_pid != pid)
		return false;
	peer->cid = (uint32_t)cid;
	peer->port = (uint32_t)source;
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
		.port = PEER_PORT_UNKNOWN,
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

static bool is_allowed_process(const struct peer_rule *rule, const struct peer *peer)
{
	if (is_allowed_uid(rule, peer->uid))
		return true;
	if (rule->vmm)
		return peer->pid == rule->vmm ||
		       peer_descends(rule->proc_fd, (pid_t)peer->pid, rule->vmm);
	return rule->uid_count == 0;
}

const char *peer_refusal(struct peer_rule *rule, const struct peer *peer)
{
	if (!is_allowed_process(rule, peer))
		return rule->vmm ? "it is not the VMM's (--allow-uid= allows others)"
		                 : "its user is not allowed (--allow-uid=)";
	if (rule->privileged == PEER_PRIVILEGED_NO)
		return NULL;
	if (peer->port != PEER_PORT_UNKNOWN)
		rule->names_ports = peer->pid;
	else if (rule->privileged == PEER_PRIVILEGED_YES ||
	         (rule->names_ports > 0 && rule->names_ports == peer->pid))
		return "the VMM does not name its port in the guest (--require-privileged-port=)";
	if (peer->port != PEER_PORT_UNKNOWN && peer->port >= PEER_PORT_UNPRIVILEGED)
		return "its port in the guest is not privileged (--require-privileged-port=)";
	return NULL;
}
