/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection from a guest's process through the VMM to the host, played in time.
 *
 * Three things go on at once, each with the time at which it is due next: the process takes its
 * steps; what the host did is on its way to the guest; a reset or close is on its way to the host.
 * The next connection of the same process begins after the reset or close has arrived, because a
 * virtqueue keeps the order of its packets.
 */
#include "connection.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* How often connect is tried while nobody listens yet. */
#define CONNECT_RETRY_USEC 1000

enum process_state {
	PROCESS_SENDING,
	PROCESS_SHUTTING_DOWN,
	PROCESS_RECEIVING,
	PROCESS_GONE,
};

struct connection {
	const struct plan *plan;
	const char *bytes; /* what is still to be sent */
	struct guest_socket guest;
	int fd; /* the VMM's end of the host's stream; -1 once closed */
	enum process_state process;
	size_t piece;
	bool host_ended;        /* nothing more to read from the host */
	bool host_hung_up;      /* nothing more to write to it either */
	int host_error;         /* what the VMM met on the host's stream, a negative errno */
	int64_t process_due;    /* the process's next step */
	int64_t inbound_due;    /* the host's end reaches the guest */
	int64_t outbound_due;   /* the guest's end reaches the host */
	int64_t connected_usec; /* when connect was called */
	struct outcome outcome;
};

/* Returns 0, or a negative errno: -ETIMEDOUT when the backlog stayed full. */
static int vmm_connects(struct connection *c, const struct backend *backend)
{
	const struct sockaddr *address = (const struct sockaddr *)&backend->address;
	struct timeval limit = {.tv_sec = c->plan->timeout_usec / 1000000};
	int64_t give_up = clock_usec() + backend->connect_wait_usec;
	int error;

	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return -errno;
	/* For connect too: a full backlog must not hold a sender forever. */
	setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	for (;;) {
		c->connected_usec = clock_usec();
		if (connect(c->fd, address, sizeof(backend->address)) == 0)
			return 0;
		error = errno;
		if ((error != ENOENT && error != ECONNREFUSED) || clock_usec() >= give_up)
			break;
		wait_until(clock_usec() + CONNECT_RETRY_USEC);
	}
	close(c->fd);
	return error == EAGAIN ? -ETIMEDOUT : -error;
}

static void vmm_takes(struct connection *c, enum vmm_step step)
{
	if (step == VMM_HALF_CLOSE && c->fd >= 0)
		shutdown(c->fd, SHUT_WR);
	else if (step == VMM_CLOSE)
		c->outbound_due = clock_usec() + c->plan->outbound_usec;
}

/* The VMM cannot use the host's stream any more: it closes it and resets the guest. */
static void vmm_gives_up(struct connection *c, int error)
{
	c->host_ended = true;
	if (c->host_error == 0)
		c->host_error = error;
	c->inbound_due = clock_usec() + c->plan->inbound_usec;
	c->outbound_due = clock_usec();
}

/* A guest's packet becomes a write on the host's stream, whole. */
static void vmm_writes(struct connection *c, const char *bytes, size_t length)
{
	while (length > 0 && c->fd >= 0) {
		ssize_t sent = send(c->fd, bytes, length, MSG_NOSIGNAL);

		if (sent < 0) {
			vmm_gives_up(c, errno == EAGAIN ? -ETIMEDOUT : -errno);
			return;
		}
		bytes += sent;
		length -= sent;
	}
}

static void vmm_reads(struct connection *c)
{
	char bytes[256];
	ssize_t length = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (length > 0) {
		guest_socket_host_data(&c->guest);
		c->host_error = -EPROTO;
	} else if (length == 0) {
		c->host_ended = true;
		c->inbound_due = clock_usec() + c->plan->inbound_usec;
	} else if (errno != EAGAIN && errno != EINTR) {
		vmm_gives_up(c, -errno);
	}
}

static void process_ends(struct connection *c, int error)
{
	c->process = PROCESS_GONE;
	c->process_due = NEVER;
	/* If the VMM met an error the message is lost, even if the process saw none. */
	c->outcome.error = c->host_error ? c->host_error : error;
	c->outcome.held_usec = clock_usec() - c->connected_usec;
	c->outcome.leaves_rst = guest_socket_leaves_rst(&c->guest);
	vmm_takes(c, guest_socket_close(&c->guest));
}

/* The process waits in recv(), which may have something to return now. */
static void process_wakes(struct connection *c)
{
	int got = guest_socket_recv(&c->guest);

	if (got != -EAGAIN)
		process_ends(c, got > 0 ? -EPROTO : got);
}

static void process_waits(struct connection *c)
{
	c->process = PROCESS_RECEIVING;
	c->process_due = clock_usec() + c->plan->timeout_usec;
	process_wakes(c);
}

static void after_last_piece(struct connection *c)
{
	if (c->plan->manner == MANNER_LEAVE) {
		process_ends(c, 0);
	} else if (c->plan->manner == MANNER_HANG) {
		process_waits(c);
	} else {
		c->process = PROCESS_SHUTTING_DOWN;
		c->process_due = clock_usec() + c->plan->before_shutdown_usec;
	}
}

static void process_sends(struct connection *c)
{
	const struct plan *plan = c->plan;

	if (c->piece < plan->piece_count) {
		size_t length = plan->piece_length[c->piece++];

		if (guest_socket_send(&c->guest) < 0) {
			process_ends(c, -EPIPE);
			return;
		}
		vmm_writes(c, c->bytes, length);
		c->bytes += length;
	}
	if (c->piece < plan->piece_count)
		c->process_due = clock_usec() + plan->before_piece_usec[c->piece];
	else
		after_last_piece(c);
}

static void process_step(struct connection *c)
{
	switch (c->process) {
	case PROCESS_SENDING:
		process_sends(c);
		break;
	case PROCESS_SHUTTING_DOWN:
		vmm_takes(c, guest_socket_shutdown(&c->guest));
		process_waits(c);
		break;
	case PROCESS_RECEIVING:
		process_ends(c, -ETIMEDOUT);
		break;
	case PROCESS_GONE:
		break;
	}
}

static void inbound_arrives(struct connection *c)
{
	c->inbound_due = NEVER;
	if (c->host_error && c->host_error != -EPROTO)
		guest_socket_host_reset(&c->guest);
	else
		vmm_takes(c, guest_socket_host_ended(&c->guest, c->host_hung_up));
	if (c->process == PROCESS_RECEIVING)
		process_wakes(c);
}

static void outbound_arrives(struct connection *c)
{
	c->outbound_due = NEVER;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static int64_t next_due(const struct connection *c)
{
	int64_t due = c->process_due;

	if (c->inbound_due < due)
		due = c->inbound_due;
	if (c->outbound_due < due)
		due = c->outbound_due;
	return due;
}

/* Watches the host's stream until @due. Returns true if something is due, nothing came before. */
static bool watch_host(struct connection *c, int64_t due)
{
	struct pollfd watch[] = {
		{.fd = c->host_ended ? -1 : c->fd, .events = POLLIN},
		{.fd = c->process == PROCESS_GONE ? -1 : c->plan->release_fd, .events = POLLIN},
	};
	int64_t usec = due - clock_usec();
	struct timespec left;

	if (usec < 0)
		usec = 0;
	left = (struct timespec){.tv_sec = usec / 1000000, .tv_nsec = usec % 1000000 * 1000};
	if (ppoll(watch, 2, &left, NULL) < 0)
		return false;
	if (watch[1].revents)
		process_ends(c, -ECANCELED);
	if (watch[0].revents) {
		c->host_hung_up = watch[0].revents & POLLHUP;
		vmm_reads(c);
		if (c->process == PROCESS_RECEIVING)
			process_wakes(c);
	}
	return !watch[0].revents && !watch[1].revents;
}

static void run_due(struct connection *c, int64_t due)
{
	if (c->inbound_due == due)
		inbound_arrives(c);
	else if (c->outbound_due == due)
		outbound_arrives(c);
	else
		process_step(c);
}

struct outcome connection_play(const struct backend *backend, const struct plan *plan,
                               const char *bytes)
{
	struct connection c = {
		.plan = plan,
		.bytes = bytes,
		.guest = guest_socket_make(backend->mode),
		.inbound_due = NEVER,
		.outbound_due = NEVER,
	};
	int status = vmm_connects(&c, backend);

	if (status < 0)
		return (struct outcome){.error = status};
	c.process_due = clock_usec() + plan->before_piece_usec[0];
	while (c.process != PROCESS_GONE || c.fd >= 0) {
		int64_t due = next_due(&c);

		if (watch_host(&c, due) && clock_usec() >= due)
			run_due(&c, due);
	}
	return c.outcome;
}

struct outcome connection_lose(const struct backend *backend, const struct plan *plan)
{
	struct connection c = {.plan = plan};
	int status = vmm_connects(&c, backend);

	if (status < 0)
		return (struct outcome){.error = status};
	wait_until(c.connected_usec + plan->outbound_usec);
	close(c.fd);
	return (struct outcome){
		.error = -ECONNRESET,
		.held_usec = clock_usec() - c.connected_usec,
		.lost = true,
	};
}
