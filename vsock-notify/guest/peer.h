/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is speaking, and whether he may.
 *
 * The kernel says which process connected (unix(7), SO_PEERCRED): it is to be the VMM, not some other
 * process of the host that can reach the socket. Who in the guest speaks, hybrid vsock hides; a VMM that
 * has the patch (patches/) binds its end of the connection to an abstract name that tells,
 *
 *     NUL "vsock-peer.v1/" VMM's pid "/" guest's CID "/" source port "/" destination port
 *
 * in decimal, and getpeername(2) shows. Anybody may bind such a name, so one whose pid is not the
 * connecting process's is none. Ports below 1024 are the guest's root's to bind, as PID 1 does
 * (sd_notify(3)). A guest can bring about that a name is in use, and a connection without one: where
 * privileged ports are required, as soon as the VMM has shown that it names them ("auto"), a connection
 * without a name is refused too.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PEER_NAME_PREFIX "vsock-peer.v1/"

/* Not a port: VMADDR_PORT_ANY. */
#define PEER_PORT_UNKNOWN UINT32_MAX

/* vsock(7): ports below are the privileged user's. */
#define PEER_PORT_UNPRIVILEGED 1024

#define PEER_UIDS_MAX 16

struct peer {
	int64_t pid;
	uid_t uid;
	uint32_t cid;  /* meaningful where the port is known */
	uint32_t port; /* the guest's source port, or PEER_PORT_UNKNOWN */
};

enum peer_privileged {
	PEER_PRIVILEGED_AUTO,
	PEER_PRIVILEGED_YES,
	PEER_PRIVILEGED_NO
};

/* Who may speak. Zero: anybody who can connect, from a privileged port where the VMM names ports. */
struct peer_rule {
	uid_t uids[PEER_UIDS_MAX]; /* any process of these */
	unsigned uid_count;
	pid_t vmm;   /* this process and its descendants; 0: not asked for */
	int proc_fd; /* of /proc, to find descendants by; negative: none */
	enum peer_privileged privileged;
	/* What has been seen: the last process that named ports; 0: none. */
	int64_t names_ports;
};

/* Asks the kernel about a connected socket. What it does not tell is unknown, pid and uid -1. */
void peer_read(int fd, struct peer *peer);

/* Reads an abstract name, without its leading NUL. Returns whether it is one of such a process. Pure. */
bool peer_parse_name(const char *name, size_t length, int64_t pid, struct peer *peer);

/* NULL where he may speak, else why not, as half a sentence. Takes down who names ports. */
const char *peer_refusal(struct peer_rule *rule, const struct peer *peer);

/* ioctl(2) of a pidfd: _IOWR(0xff, 11, 64 bytes). */
#define PEER_PIDFD_GET_INFO 0xc040ff0bu

/* The parent's pid, or 0 where it is not to be known so. */
pid_t peer_parent_by_pidfd(pid_t pid);
pid_t peer_parent_by_proc(int proc_fd, pid_t pid);

/* Whether pid is ancestor or one of its descendants, by a pidfd or, on older kernels, by proc(5). */
bool peer_descends(int proc_fd, pid_t pid, pid_t ancestor);

#endif
