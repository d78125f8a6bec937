/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks the VMM by its API socket to have the guest shut down (run/vmm/api.h): one connection, one request after another.
 * It does not bound the wait for the answers: the supervisor gives the guest and the API a time together (--stop-timeout).
 */
#ifndef API_CLIENT_H
#define API_CLIENT_H

#include <sys/types.h>

#include "base/address.h"
#include "base/loop.h"
#include "run/vmm/api.h"

/* While the API's backlog is full, the connection is tried again after this time. */
#define API_CLIENT_RETRY_USEC UINT64_C(200000)

enum api_result {
	API_SHUTS_DOWN, /* all requests have been taken */
	API_REFUSES,    /* words: what the VMM said, or why nothing can be asked */
	API_HANGS_UP /* nobody listens any more, or the connection has ended without an answer: the VMM may be ending */
};

struct api_client {
	struct loop *loop;
	struct loop_fd source;
	struct loop_timer retry;
	const char *path;
	struct address address;
	int fd;
	enum vmm_api api;
	struct vmm_api_request requests[VMM_API_REQUESTS_MAX];
	unsigned count;
	unsigned next; /* the request that an answer is awaited for */
	char reply[4096];
	size_t length;
	/* Whether the process that listens at path may be asked; NULL: every one may. */
	bool (*may_ask)(struct api_client *client, pid_t pid);
	/* Called once for each api_client_shut_down(), from the loop or from that call. The client's socket is closed then. */
	void (*answer)(struct api_client *client, enum api_result result, const char *words);
};

/* The caller sets answer and may_ask. */
void api_client_init(struct api_client *client, struct loop *loop);

/* Ends what is under way; answer is not called. */
void api_client_cancel(struct api_client *client);

/*
 * Makes the socket for the next connection. Call it before confinement, after which no socket can be made. Returns 0 or a
 * negative errno.
 */
int api_client_prepare(struct api_client *client);

/* Asks the API at path, which stays the caller's. resume: the guest is paused, or may be. Nothing may be under way. */
void api_client_shut_down(struct api_client *client, enum vmm_api api, const char *path,
                          bool resume);

#endif
