/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who connects, and whether he may speak.
 *
 * The kernel says which process connected (unix(7), SO_PEERCRED). It should be the VMM, and not some other process of the
 * host that can reach the socket. Hybrid vsock hides who speaks in the guest. A VMM that has our patch (patches/) binds its
 * end of the connection to an abstract name that tells it, and getpeername(2) shows the name:
 *
 *     NUL "vsock-peer.v1/" VMM's pid "/" guest's CID "/" source port "/" destination port
 *
 * in decimal. Any process may bind such a name, so a name counts only if its pid is the connecting process's. Only root in
 * the guest can bind ports below 1024, and PID 1 does (sd_notify(3)). A guest can bring it about that a name is in use, and
 * that the VMM connects without one. So where privileged ports are required, a connection without a name is refused too, as
 * soon as the VMM has shown that it names ports ("auto").
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "include/vsock-notify-plugin.h"

#define PEER_NAME_PREFIX "vsock-peer.v1/"

/* vsock(7): ports below are the privileged user's. */
#define PEER_PORT_UNPRIVILEGED 1024

#define PEER_UIDS_MAX 16

struct peer {
	int64_t pid;
	uid_t uid;
	uint32_t cid;  /* of the guest, if the port is known */
	uint32_t port; /* the guest's source port, or VSN_PORT_UNKNOWN */
};

enum peer_privileged {
	PEER_PRIVILEGED_AUTO,
	PEER_PRIVILEGED_YES,
	PEER_PRIVILEGED_NO
};

/* Who may speak. Zero: every process that can connect, and from a privileged port if the VMM names ports. */
struct peer_rule {
	uid_t uids[PEER_UIDS_MAX]; /* every process of these users */
	unsigned uid_count;
	pid_t vmm;      /* this process; 0: no VMM is known */
	pid_t ancestor; /* and the descendants of this one, which has started the VMM or its launcher */
	int proc_fd; /* of /proc, to find descendants; negative: none */
	enum peer_privileged privileged;
	int64_t names_ports; /* the last process that was seen to name ports; 0: none */
};

/* Asks the kernel about a connected socket. pid and uid are -1, and the port is unknown, if it does not tell. */
void peer_read(int fd, struct peer *peer);

/* Parses an abstract name, without its leading NUL. Returns whether it is of the form above with this pid. Pure. */
bool peer_parse_name(const char *name, size_t length, int64_t pid, struct peer *peer);

/* Whether the process is the VMM, if one is known, or descends from what has started it. */
bool peer_is_vmms(const struct peer_rule *rule, pid_t pid);

/* NULL if peer may speak, else the reason as half a sentence. Updates rule->names_ports. */
const char *peer_refusal(struct peer_rule *rule, const struct peer *peer);

#endif
