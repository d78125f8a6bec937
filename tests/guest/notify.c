/* SPDX-License-Identifier: Apache-2.0 */
/* One notification, as a guest's sd_notify() makes it over vsock, or as a bad guest would. */
#include "notify.h"

#include <stdbool.h>

#include "clock.h"
#include "io.h"
#include "report.h"
#include "text.h"
#include "vsock.h"
#include "vsock_link.h"

/*
 * sd_notify() connects, sends, shuts down its sending side and waits for the host's end of data.
 * Each of these steps can fail, and then it settles what the caller is told. They are separate
 * functions so that notifications can also run side by side, and end in other ways.
 */

struct notification {
	struct vsock_conn *conn;
	uint64_t begun_usec;
	uint64_t held_usec;
	enum verdict verdict;
	bool settled;
};

struct notify_settings notify_settings = {
	.port = 1234,
	.patience_usec = 30 * 1000 * 1000,
};

static void settle(struct notification *note, enum verdict verdict)
{
	bool ended = note->conn && vsock_ended(note->conn);
	uint64_t until = ended ? note->conn->ended_usec : clock_usec();

	note->held_usec = until - note->begun_usec;
	note->verdict = verdict;
	note->settled = true;
}

static uint64_t deadline(void)
{
	return clock_usec() + notify_settings.patience_usec;
}

/* handles what has arrived; false once the time is over */
static bool poll_until(uint64_t usec)
{
	vsock_poll();
	relax();
	return clock_usec() < usec;
}

void notify_pause(uint32_t usec)
{
	uint64_t end = clock_usec() + usec;

	while (poll_until(end)) {
	}
}

void notify_flush(void)
{
	uint64_t end = deadline();

	while (!vsock_link_idle() && poll_until(end)) {
	}
}

static void step_connect(struct notification *note)
{
	uint64_t end = deadline();

	*note = (struct notification){.begun_usec = clock_usec()};
	note->conn = vsock_connect(notify_settings.port, notify_settings.from);
	while (note->conn && note->conn->state == VSOCK_CONNECTING && poll_until(end)) {
	}
	if (!note->conn || note->conn->state == VSOCK_CONNECTING)
		settle(note, VERDICT_TIMEOUT);
	else if (note->conn->state == VSOCK_REFUSED)
		settle(note, VERDICT_REFUSED);
}

static void send_part(struct notification *note, const char *part, size_t length)
{
	uint64_t end = deadline();

	vsock_poll();
	while (length > 0 && !note->settled) {
		size_t sent;

		if (!vsock_takes_data(note->conn)) {
			settle(note, VERDICT_EARLY);
			return;
		}
		sent = vsock_send(note->conn, part, length);
		part += sent;
		length -= sent;
		if (length > 0 && !poll_until(end))
			settle(note, VERDICT_TIMEOUT);
	}
}

static void step_send(struct notification *note, const char *message, size_t length)
{
	size_t cut = notify_settings.cut;

	if (note->settled)
		return;
	notify_pause(notify_settings.delay_usec);
	if (cut > 0 && cut < length) {
		send_part(note, message, cut);
		notify_pause(notify_settings.gap_usec);
		message += cut;
		length -= cut;
	}
	send_part(note, message, length);
	notify_pause(notify_settings.gap_usec);
}

/* If the host has closed both ways by now, shutdown(2) and so sd_notify() fails with ENOTCONN. */
static void step_shutdown(struct notification *note)
{
	vsock_poll();
	if (note->settled)
		return;
	if (note->conn->state == VSOCK_CONNECTED)
		vsock_shutdown_send(note->conn);
	else
		settle(note, VERDICT_EARLY);
}

static void step_wait(struct notification *note, enum ending ending)
{
	uint64_t end = deadline();
	bool read;

	if (note->settled)
		return;
	while (!(read = vsock_read_byte(note->conn)) && !vsock_ended(note->conn) &&
	       poll_until(end)) {
	}
	if (read)
		settle(note, ending == END_PID1 ? VERDICT_IGNORED : VERDICT_EPROTO);
	else
		settle(note, vsock_ended(note->conn) ? VERDICT_OK : VERDICT_TIMEOUT);
}

static void step_close(struct notification *note, enum ending ending)
{
	if (!note->settled)
		settle(note, VERDICT_OK);
	report_note(note->verdict, note->held_usec);
	if (!note->conn || (ending == END_OPEN && note->conn->state == VSOCK_CONNECTED))
		return;
	if (ending == END_RESET)
		vsock_reset(note->conn);
	else
		vsock_close(note->conn);
}

void notify(const char *message, size_t length, enum ending ending)
{
	struct notification note;

	step_connect(&note);
	step_send(&note, message, length);
	if (ending == END_SHUTDOWN || ending == END_PID1)
		step_shutdown(&note);
	if (ending == END_SHUTDOWN || ending == END_PID1 || ending == END_WAIT)
		step_wait(&note, ending);
	step_close(&note, ending);
}

void notify_parallel(uint32_t count)
{
	static struct notification notes[NOTIFY_PARALLEL_MAX];
	char message[sizeof("STATUS=par") + TEXT_DECIMAL_MAX] = "STATUS=par";
	size_t prefix = text_length(message);

	for (uint32_t i = 0; i < count; i++)
		step_connect(&notes[i]);
	for (uint32_t i = 0; i < count; i++)
		step_send(&notes[i], message, prefix + text_decimal(message + prefix, i + 1));
	for (uint32_t i = 0; i < count; i++)
		step_shutdown(&notes[i]);
	for (uint32_t i = 0; i < count; i++)
		step_wait(&notes[i], END_SHUTDOWN);
	for (uint32_t i = 0; i < count; i++)
		step_close(&notes[i], END_SHUTDOWN);
}
