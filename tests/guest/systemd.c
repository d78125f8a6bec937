/* SPDX-License-Identifier: Apache-2.0 */
/* The messages that systemd's PID 1 sends over a guest's life. */
#include "systemd.h"

#include <stddef.h>

#include "notify.h"
#include "text.h"

/*
 * The order and the contents are those of Debian's systemd 257, with fewer targets. READY=1 means
 * that the first job queue ran empty: in an ordinary boot multi-user.target follows it, and in
 * emergency mode READY=1 comes, too.
 */

#define READY "READY=1\nSTATUS=Ready."

static const char *const identity[] = {
	"X_SYSTEMD_HOSTNAME=tiny",
	"X_SYSTEMD_MACHINE_ID=6c7f6d0e4d4d4b8c9a5f2a1b3c4d5e6f",
	"X_SYSTEMD_SIGNALS_LEVEL=2",
	NULL,
};

static const char *const boot[] = {
	"X_SYSTEMD_UNIT_ACTIVE=sysinit.target",
	"X_SYSTEMD_UNIT_ACTIVE=basic.target",
	READY,
	"X_SYSTEMD_UNIT_ACTIVE=multi-user.target",
	NULL,
};

static const char *const boot_emergency[] = {
	READY,
	"X_SYSTEMD_UNIT_ACTIVE=emergency.target",
	NULL,
};

static const char *const shutdown[] = {
	"X_SYSTEMD_UNIT_INACTIVE=multi-user.target",
	"X_SYSTEMD_UNIT_INACTIVE=basic.target",
	"X_SYSTEMD_UNIT_ACTIVE=shutdown.target",
	NULL,
};

static void notify_all(const char *const *messages)
{
	for (; *messages; messages++)
		notify(*messages, text_length(*messages), END_PID1);
}

void systemd_boot(void)
{
	notify_all(identity);
	notify_all(boot);
}

void systemd_boot_emergency(void)
{
	notify_all(identity);
	notify_all(boot_emergency);
}

void systemd_boot_old(void)
{
	notify(READY, text_length(READY), END_CLOSE);
}

void systemd_shutdown(const char *way, uint32_t status)
{
	static const char exit_status[] = "EXIT_STATUS=";
	static const char shutdown_way[] = "\nX_SYSTEMD_SHUTDOWN=";
	char message[sizeof(exit_status) + TEXT_DECIMAL_MAX + sizeof(shutdown_way) + 16];
	size_t length = sizeof(exit_status) - 1;

	notify_all(shutdown);
	memcpy(message, exit_status, length);
	length += text_decimal(message + length, status);
	memcpy(message + length, shutdown_way, sizeof(shutdown_way) - 1);
	length += sizeof(shutdown_way) - 1;
	memcpy(message + length, way, text_length(way));
	notify(message, length + text_length(way), END_PID1);
}

void systemd_announce(uint32_t count)
{
	char message[sizeof("X_SYSTEMD_UNIT_ACTIVE=t.target") + TEXT_DECIMAL_MAX] =
		"X_SYSTEMD_UNIT_ACTIVE=t";
	static const char suffix[] = ".target";
	size_t prefix = text_length(message);

	for (uint32_t i = 1; i <= count; i++) {
		size_t length = prefix + text_decimal(message + prefix, i);

		memcpy(message + length, suffix, sizeof(suffix) - 1);
		notify(message, length + sizeof(suffix) - 1, END_PID1);
	}
}
