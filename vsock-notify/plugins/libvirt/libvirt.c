/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The libvirt plugin: publishes the guest's life, status text and names to libvirt's clients, as metadata of its domain.
 *
 * The plugin runs in the process that reads bytes from the guest. It updates a state by the events (state/state.h). When the
 * published part of the state has changed, it copies that part to shared memory (slot.h) and writes to an eventfd. It does
 * not wait, has no timer and does not grow. vsock-notify-libvirt (rpc/) does everything else.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "include/vsock-notify-plugin.h"
#include "program.h"
#include "slot.h"
#include "state/state.h"

struct libvirt {
	const struct vsn_host *host;
	struct program program;
	struct slot *slot;
	uint32_t number; /* of the last report in the slot */
	int life_fd;     /* the kernel closes it when this process ends, in whatever way */
	uint32_t peer_pid;
	uint32_t parent_pid;
	bool ended;
	struct report report; /* the last one */
	struct state state;
};

static int libvirt_open(const struct vsn_host *host, void **user)
{
	struct libvirt *libvirt = calloc(1, sizeof(*libvirt));

	if (!libvirt)
		return -ENOMEM;
	libvirt->host = host;
	libvirt->life_fd = -1;
	libvirt->program.life_fd = libvirt->program.slot_fd = -1;
	libvirt->program.moved_fd = libvirt->program.told_fd = -1;
	*user = libvirt;
	return 0;
}

static int set_text(char **text, const char *value)
{
	char *copy;

	if (!*value)
		return -EINVAL;
	copy = strdup(value);
	if (!copy)
		return -ENOMEM;
	free(*text);
	*text = copy;
	return 0;
}

static int libvirt_config(void *user, const char *key, const char *value)
{
	struct libvirt *libvirt = user;
	struct program *program = &libvirt->program;

	if (strcmp(key, "uri") == 0)
		return set_text(&program->uri, value);
	if (strcmp(key, "domain") == 0)
		return set_text(&program->domain, value);
	if (strcmp(key, "trace") != 0)
		return -ENOENT;
	program->trace = strcmp(value, "on") == 0;
	return program->trace || strcmp(value, "off") == 0 ? 0 : -EINVAL;
}

/* Cuts the text before a UTF-8 character that does not fit, and fills the rest of to with zeros. */
static void copy_text(char *to, size_t room, const char *from)
{
	size_t length = from ? strnlen(from, room) : 0;

	if (length == room)
		for (length--; length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80;)
			length--;
	if (length > 0)
		memcpy(to, from, length);
	memset(to + length, 0, room - length);
}

static void make_report(const struct libvirt *libvirt, struct report *report)
{
	const struct state *state = &libvirt->state;

	*report = (struct report){
		.life = state->life,
		.boots = state->boots,
		.exit_status = state->exit_status,
		.paused = state->paused,
		.ended = libvirt->ended,
		.peer_pid = libvirt->peer_pid,
		.parent_pid = libvirt->parent_pid,
		.since_usec = state->since_usec,
	};
	copy_text(report->way, sizeof(report->way), state->way);
	copy_text(report->machine_id, sizeof(report->machine_id),
	          state_field(state, "X_SYSTEMD_MACHINE_ID"));
	copy_text(report->hostname, sizeof(report->hostname),
	          state_field(state, "X_SYSTEMD_HOSTNAME"));
	copy_text(report->status, sizeof(report->status), state->status);
}

/* Passes a report to the reader if it differs from the last one. */
static void hand_over(struct libvirt *libvirt)
{
	static const uint64_t one = 1;
	struct report report;
	int fd;

	make_report(libvirt, &report);
	if (libvirt->number && memcmp(&report, &libvirt->report, sizeof(report)) == 0)
		return;
	fd = libvirt->number &&
	                     memcmp(&report, &libvirt->report, offsetof(struct report, status)) == 0
	             ? libvirt->program.told_fd
	             : libvirt->program.moved_fd;
	libvirt->report = report;
	slot_write(libvirt->slot, &libvirt->number, &report);
	/* This fails only if the counter is full; then the reader is going to read anyway. */
	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

static int start_program(const struct libvirt *libvirt)
{
	char path[PATH_MAX];
	int r = program_path(path);

	if (r < 0) {
		libvirt->host->log(libvirt->host, VSN_LOG_ERROR, "cannot execute %s",
		                   path_of_program);
		return r;
	}
	r = program_start(path, &libvirt->program);
	if (r < 0)
		libvirt->host->log(libvirt->host, VSN_LOG_ERROR,
		                   r == -ECANCELED ? "%s has failed" : "cannot execute %s", path);
	return r;
}

static int libvirt_start(void *user)
{
	struct libvirt *libvirt = user;
	struct program *program = &libvirt->program;
	int life[2];
	int r;

	program->moved_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	program->told_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (program->moved_fd < 0 || program->told_fd < 0)
		return -errno;
	libvirt->slot = slot_make(&program->slot_fd);
	if (!libvirt->slot || pipe2(life, O_CLOEXEC) < 0)
		return -errno;
	program->life_fd = life[0];
	libvirt->life_fd = life[1];
	state_init(&libvirt->state, now_usec());
	hand_over(libvirt);
	r = start_program(libvirt);
	close_fd(&program->life_fd);
	close_fd(&program->slot_fd);
	return r;
}

/* Events tell what the guest says. A message tells only which process brought it. */
static int libvirt_message(void *user, const struct vsn_message *message)
{
	struct libvirt *libvirt = user;

	/* If the user named the domain, the process is not needed. */
	if (libvirt->program.domain || libvirt->state.has_vmm ||
	    !VSN_MESSAGE_HAS(message, peer_pid) || message->peer_pid <= 0)
		return 0;
	libvirt->peer_pid = (uint32_t)message->peer_pid;
	hand_over(libvirt);
	return 0;
}

static void libvirt_event(void *user, const struct vsn_event *event)
{
	struct libvirt *libvirt = user;

	state_event(&libvirt->state, event);
	if (event->type == VSN_EVENT_VM_STARTED && !libvirt->program.domain) {
		libvirt->peer_pid = (uint32_t)event->number;
		libvirt->parent_pid = (uint32_t)getpid();
	} else if (event->type == VSN_EVENT_VM_STOPPED) {
		state_end(&libvirt->state, (int)event->number, event->now_usec);
	}
	hand_over(libvirt);
}

/* The guest may still be running, so its life in the report stays as it is. */
static void libvirt_stop(void *user)
{
	struct libvirt *libvirt = user;

	libvirt->ended = true;
	hand_over(libvirt);
}

/* The program runs until it has published the last report. */
static void libvirt_close(void *user)
{
	struct libvirt *libvirt = user;

	if (libvirt->slot)
		munmap(libvirt->slot, sizeof(*libvirt->slot));
	close_fd(&libvirt->program.moved_fd);
	close_fd(&libvirt->program.told_fd);
	close_fd(&libvirt->program.slot_fd);
	close_fd(&libvirt->life_fd);
	free(libvirt->program.uri);
	free(libvirt->program.domain);
	free(libvirt);
}

static const struct vsn_plugin libvirt_plugin = {
	.name = "libvirt",
	.version = "1",
	.description =
		"tells libvirt: the guest's life, status and names as metadata of its domain",
	.config_help =
		"uri=URI  libvirt's connection URI (libvirt's default)\n"
		"domain=NAME|UUID  the guest's domain (the domain whose process is the VMM)\n"
		"trace=on|off  log each publication, as libvirt returns it (off)\n",
	.open = libvirt_open,
	.config = libvirt_config,
	.start = libvirt_start,
	.message = libvirt_message,
	.event = libvirt_event,
	.stop = libvirt_stop,
	.close = libvirt_close,
};

VSN_REGISTER_PLUGIN(libvirt_plugin);
