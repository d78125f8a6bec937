/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of bridge/life_log: a line an event, its fields, what is not said again, limits, the catalog. */
#include "bridge/life_log.h"

#include <ctype.h>

#include "base/journal.h"
#include "harness.h"
#include "harness_host.h"

#define CATALOG "vsock-notify/catalog/vsock-notify.catalog"
#define SEC     UINT64_C(1000000)

static char *folder;
static int journald = -1;
static struct life_log events;
static uint64_t now;

static void setup(void)
{
	char path[512];
	struct address address;

	folder = harness_folder();
	snprintf(path, sizeof(path), "%s", harness_path(folder, "socket"));
	address = harness_address(path);
	journald = harness_host(&address);
	ck_assert_int_eq(journal_open(path, "web"), 0);
	events = (struct life_log){0};
	now = 100 * SEC;
}

static void teardown(void)
{
	journal_close();
	close(journald);
	harness_remove(folder);
}

static void happens_flags(enum vsn_event_type type, int64_t number, const char *text,
                          uint32_t flags)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = now,
		.number = number,
		.text = text,
		.length = text ? strlen(text) : 0,
		.flags = flags,
	};

	life_log_event(&events, &event);
}

static void happens(enum vsn_event_type type, int64_t number, const char *text)
{
	happens_flags(type, number, text, 0);
}

static void booting(void)
{
	happens(VSN_EVENT_GUEST_BOOTING, 0, NULL);
}

/* A field as the notify plugin tells it: PID 1's by the prefix. */
static void field(const char *text)
{
	happens_flags(VSN_EVENT_GUEST_FIELD, 0, text,
	              strncmp(text, "X_SYSTEMD_", 10) == 0 ? VSN_FIELD_SYSTEMD : 0);
}

/* A unit's field, and the event that tells it. */
static void active(const char *unit)
{
	static char text[8192];

	snprintf(text, sizeof(text), "X_SYSTEMD_UNIT_ACTIVE=%s", unit);
	happens_flags(VSN_EVENT_GUEST_FIELD, 0, text, VSN_FIELD_SYSTEMD | VSN_FIELD_TOLD);
	happens(VSN_EVENT_GUEST_UNIT_ACTIVE, 0, unit);
}

static void hostname(const char *name)
{
	happens(VSN_EVENT_GUEST_HOSTNAME, 0, name);
}

/* The entry's field of that name (with its '='), "" where it has none, in a buffer that the next call overwrites. */
static const char *of(const char *entry, const char *name)
{
	static char value[8192];
	const char *at = entry;

	value[0] = '\0';
	while (at && strncmp(at, name, strlen(name)) != 0) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (at)
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(at + strlen(name), "\n"),
		         at + strlen(name));
	return value;
}

/* All entries since the last call: "EVENT(MESSAGE)", as "/EVENT(MESSAGE)" each. */
static const char *said(void)
{
	static char text[65536];
	size_t used = 0;

	text[0] = '\0';
	for (const char *entry = harness_read(journald, NULL); *entry;
	     entry = harness_read(journald, NULL)) {
		used += (size_t)snprintf(text + used, sizeof(text) - used, "/%s",
		                         of(entry, "VSOCK_NOTIFY_EVENT="));
		used += (size_t)snprintf(text + used, sizeof(text) - used, "(%s)",
		                         of(entry, "MESSAGE="));
	}
	return text;
}

START_TEST(a_life_from_start_to_stop)
{
	happens(VSN_EVENT_VM_STARTED, 4711, NULL);
	now += 2 * SEC;
	booting();
	field("X_SYSTEMD_HOSTNAME=h");
	hostname("h");
	active("basic.target");
	ck_assert_str_eq(said(), "/started(VM started: process 4711)/booting(guest booting)"
	                         "/field(guest: X_SYSTEMD_HOSTNAME=h)"
	                         "/unit-active(guest: basic.target is active)");
	now += 10 * SEC + 345678;
	field("READY=1");
	happens(VSN_EVENT_GUEST_STATUS, 0, "Ready.");
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	ck_assert_str_eq(said(), "/ready(guest ready after 12.345 s)");
	happens(VSN_EVENT_GUEST_UNIT_INACTIVE, 0, "basic.target");
	field("X_SYSTEMD_SHUTDOWN=poweroff");
	happens(VSN_EVENT_GUEST_STOPPING, 0, "poweroff");
	happens(VSN_EVENT_GUEST_EXIT, 42, NULL);
	happens(VSN_EVENT_VM_STOPPED, 42, NULL);
	ck_assert_str_eq(said(), "/unit-inactive(guest: basic.target is inactive)"
	                         "/field(guest: X_SYSTEMD_SHUTDOWN=poweroff)"
	                         "/stopping(guest stopping (poweroff))"
	                         "/exit(guest exited with status 42)"
	                         "/stopped(VM stopped with status 42)");
}
END_TEST

START_TEST(an_entry_has_its_fields)
{
	const char *entry;

	happens(VSN_EVENT_VM_PAUSED, 0, NULL);
	entry = harness_read(journald, NULL);
	ck_assert_str_eq(of(entry, "PRIORITY="), "6");
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_VM="), "web");
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_GUEST_HOSTNAME="), "");
	ck_assert_str_eq(of(entry, "MESSAGE_ID="), "975563afa26a406db3f3178d84c07c1a");
	hostname("we\x1b=b");
	active("a\xff.target");
	entry = harness_read(journald, NULL);
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_GUEST_HOSTNAME="), "we\\x1b=b");
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_UNIT="), "a\\xff.target");
	happens(VSN_EVENT_GUEST_EXIT, 7, NULL);
	entry = harness_read(journald, NULL);
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_EXIT_STATUS="), "7");
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_UNIT="), "");
	happens(VSN_EVENT_GUEST_PANIC, 0, NULL);
	ck_assert_str_eq(of(harness_read(journald, NULL), "PRIORITY="), "4");
	happens(VSN_EVENT_GUEST_EMERGENCY, 0, NULL);
	ck_assert_str_eq(of(harness_read(journald, NULL), "PRIORITY="), "4");
}
END_TEST

START_TEST(a_field_of_any_length_is_cut)
{
	static char text[4097];
	const char *entry;

	memset(text, '\x01', sizeof(text) - 1);
	active(text);
	said();
	hostname("h");
	memset(text, 'x', sizeof(text) - 1);
	active(text);
	entry = harness_read(journald, NULL);
	ck_assert_uint_eq(strlen(of(entry, "VSOCK_NOTIFY_UNIT=")), LIFE_LOG_VALUE_MAX - 1);
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_GUEST_HOSTNAME="), "h");
}
END_TEST

/* That nothing is repeated is the notify plugin's to see to (test_life.c). */
START_TEST(each_edge_is_a_line)
{
	booting();
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	said();
	happens(VSN_EVENT_GUEST_EMERGENCY, 0, NULL);
	ck_assert_str_eq(said(), "/emergency(guest in emergency or rescue mode)");
	happens(VSN_EVENT_GUEST_RECOVERED, 0, NULL);
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	ck_assert_str_eq(said(), "/recovered(guest has left emergency or rescue mode)"
	                         "/ready(guest ready)");
	happens(VSN_EVENT_GUEST_STOPPING, 0, "");
	happens(VSN_EVENT_GUEST_STOPPING, 0, "reboot");
	ck_assert_str_eq(said(), "/stopping(guest stopping)/stopping(guest stopping (reboot))");
	happens(VSN_EVENT_VM_PROCESS, 7, NULL);
	ck_assert_str_eq(said(), "");
	happens(VSN_EVENT_GUEST_WAITING, 0, NULL);
	happens(VSN_EVENT_VM_TAKEN_UP, 1, NULL);
	ck_assert_str_eq(
		said(),
		"/waiting(another VM has taken this one's place)"
		"/taken-up(VM went on while vsock-notify was restarted: its state is taken up)");
}
END_TEST

START_TEST(the_host_name_is_a_vms_and_goes_with_it)
{
	hostname("a");
	happens(VSN_EVENT_GUEST_WAITING, 0, NULL);
	ck_assert_str_eq(of(harness_read(journald, NULL), "VSOCK_NOTIFY_GUEST_HOSTNAME="), "");
}
END_TEST

START_TEST(a_refused_field_is_said_the_first_time)
{
	field("X_A=1");
	said();
	happens(VSN_EVENT_GUEST_FIELD, 1, "MAINPID=1");
	happens(VSN_EVENT_GUEST_FIELD, 2, "MAINPID=2");
	happens(VSN_EVENT_GUEST_FIELD, 0, "STATUS=%s%n");
	ck_assert_str_eq(said(), "/refused(not passed on (said once): MAINPID=1)");
}
END_TEST

START_TEST(what_happens_to_the_vm)
{
	happens(VSN_EVENT_VM_PAUSED, 0, NULL);
	happens(VSN_EVENT_VM_RESUMED, 0, NULL);
	happens(VSN_EVENT_GUEST_PANIC, 0, NULL);
	happens((enum vsn_event_type)99, 0, NULL);
	ck_assert_str_eq(said(), "/paused(VM paused)/resumed(VM resumed)"
	                         "/panic(guest kernel panicked)");
}
END_TEST

START_TEST(each_life_has_a_clock_of_its_own)
{
	/* The reboot of a VM that was started. */
	happens(VSN_EVENT_VM_STARTED, 1, NULL);
	now += SEC;
	happens(VSN_EVENT_VM_REBOOTED, 0, NULL);
	happens(VSN_EVENT_GUEST_BOOTING, 1, NULL);
	now += 3 * SEC;
	field("READY=1");
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	ck_assert_str_eq(said(), "/started(VM started: process 1)/rebooted(VM rebooted)"
	                         "/booting(guest booting)/ready(guest ready after 3.000 s)");
	/* One that only the guest tells of. */
	now += SEC;
	happens(VSN_EVENT_GUEST_BOOTING, 0, NULL);
	now += 2 * SEC;
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	ck_assert_str_eq(said(), "/booting(guest booting)/ready(guest ready after 2.000 s)");
	/* A soft-reboot. */
	active("soft-reboot.target");
	happens(VSN_EVENT_GUEST_BOOTING, 1, NULL);
	now += 5 * SEC;
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	ck_assert_str_eq(said(), "/unit-active(guest: soft-reboot.target is active)"
	                         "/booting(guest booting)/ready(guest ready after 5.000 s)");
}
END_TEST

START_TEST(a_readiness_that_was_inferred_says_why)
{
	happens(VSN_EVENT_VM_STARTED, 1, NULL);
	now += 2 * SEC;
	happens(VSN_EVENT_GUEST_BOOTING, 0, NULL);
	now += 3 * SEC;
	happens(VSN_EVENT_GUEST_READY, 1, NULL);
	happens(VSN_EVENT_GUEST_READY, 1, NULL);
	ck_assert_str_eq(
		said(),
		"/started(VM started: process 1)/booting(guest booting)"
		"/ready(guest ready after 5.000 s: its READY=1 was lost, but its default target "
		"is active)"
		"/ready(guest ready: its READY=1 was lost, but its default target is active)");
}
END_TEST

START_TEST(a_restored_guest_does_not_boot)
{
	happens(VSN_EVENT_VM_STARTED, 1, NULL);
	happens(VSN_EVENT_VM_RESTORED, 0, NULL);
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	field("STATUS=x");
	ck_assert_str_eq(said(), "/started(VM started: process 1)"
	                         "/restored(VM restored from a snapshot)/ready(guest ready)");
}
END_TEST

START_TEST(many_fields_do_not_hide_a_change_of_state)
{
	unsigned lines = 0;

	booting();
	said();
	now += SEC;
	for (int i = 0; i < 2 * LOG_BURST; i++) {
		field("X_SYSTEMD_A=1");
		lines += *said() != '\0';
	}
	ck_assert_uint_ge(lines, LOG_BURST);
	ck_assert_uint_le(lines, LOG_BURST + 10);
	happens(VSN_EVENT_GUEST_READY, 0, NULL);
	ck_assert_ptr_nonnull(strstr(said(), "/ready(guest ready after"));
	for (int i = 0; i < 2 * LOG_BURST; i++) {
		happens(VSN_EVENT_GUEST_EXIT, i, NULL);
		lines += *said() != '\0';
	}
	ck_assert_uint_le(lines, 2 * (LOG_BURST + 10));
	happens(VSN_EVENT_VM_STOPPED, 0, NULL);
	ck_assert_str_eq(said(), "/stopped(VM stopped with status 0)");
}
END_TEST

#define LOST_LINE                                                                              \
	"a message of the guest is lost: the VMM has ended its connection without a byte, as " \
	"cloud-hypervisor up to 53.0 and Firecracker do (or a program in the guest sent "      \
	"nothing); a later cloud-hypervisor or a patch prevents it, see LOST MESSAGES in "     \
	"vsock-notify(7); more losses in this life are only counted"

START_TEST(a_lost_message_is_logged_once_in_a_life)
{
	const char *entry;

	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	entry = harness_read(journald, NULL);
	ck_assert_str_eq(of(entry, "MESSAGE="), LOST_LINE);
	ck_assert_str_eq(of(entry, "PRIORITY="), "4");
	ck_assert_str_eq(of(entry, "VSOCK_NOTIFY_EVENT="), "lost");
	/* The first word shows that the life had begun. */
	booting();
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	ck_assert_str_eq(said(), "/booting(guest booting)");
	/* A reboot. */
	booting();
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	ck_assert_str_eq(said(), "/booting(guest booting)/lost(" LOST_LINE ")");
	/* Another VM. */
	happens(VSN_EVENT_GUEST_WAITING, 0, NULL);
	said();
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	booting();
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	ck_assert_str_eq(said(), "/lost(" LOST_LINE ")/booting(guest booting)");
}
END_TEST

/* The guest of a VM that went on or was restored does not boot, so the next boot is another life. */
START_TEST(a_life_without_a_boot_has_begun)
{
	happens(_i ? VSN_EVENT_VM_TAKEN_UP : VSN_EVENT_GUEST_READY, 0, NULL);
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	said();
	booting();
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	ck_assert_str_eq(said(), "/booting(guest booting)/lost(" LOST_LINE ")");
}
END_TEST

START_TEST(the_number_of_lost_messages_is_logged_at_the_end)
{
	life_log_finish(&events);
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	said();
	life_log_finish(&events);
	ck_assert_str_eq(said(), "");
	happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	life_log_finish(&events);
	ck_assert_str_eq(said(), "/(lost in all: 2 messages of the guest)");
}
END_TEST

START_TEST(a_storm_of_lost_messages_is_two_lines)
{
	for (int i = 0; i < 10000; i++)
		happens(VSN_EVENT_GUEST_LOST, 0, NULL);
	life_log_finish(&events);
	ck_assert_str_eq(said(), "/lost(" LOST_LINE ")/(lost in all: 10000 messages of the guest)");
}
END_TEST

START_TEST(what_is_not_logged_costs_nothing_of_the_limit)
{
	log_set_level(VSN_LOG_ERROR);
	field("X_SYSTEMD_A=1");
	happens(VSN_EVENT_GUEST_EMERGENCY, 0, NULL);
	ck_assert_uint_eq(events.fields.rate.arrival_usec, 0);
	ck_assert_uint_eq(events.moves.rate.arrival_usec, 0);
	log_set_level(VSN_LOG_INFO);
	ck_assert_str_eq(said(), "");
}
END_TEST

START_TEST(an_event_of_an_older_sender_has_no_text)
{
	const struct vsn_event event = {
		.struct_size = offsetof(struct vsn_event, text),
		.type = VSN_EVENT_GUEST_FIELD,
		.text = "X_SYSTEMD_A=1",
		.length = 13,
	};

	life_log_event(&events, &event);
	happens(VSN_EVENT_GUEST_FIELD, 0, NULL);
	happens(VSN_EVENT_GUEST_STOPPING, 0, NULL);
	ck_assert_str_eq(said(), "");
}
END_TEST

/* --- the catalog */

static unsigned in_catalog(const char *line)
{
	FILE *file = fopen(CATALOG, "re");
	char got[512];
	unsigned count = 0;

	ck_assert_msg(file != NULL, CATALOG ": not there; tests run from the tree's root");
	while (fgets(got, sizeof(got), file)) {
		got[strcspn(got, "\n")] = '\0';
		count += line ? strcmp(got, line) == 0 : strncmp(got, "-- ", 3) == 0;
	}
	fclose(file);
	return count;
}

START_TEST(the_catalog_has_an_entry_for_each_and_no_other)
{
	unsigned count = 0;

	for (; life_log_name(count); count++) {
		const char *id = life_log_message_id(count);
		char line[64];

		ck_assert_uint_eq(strlen(id), 32);
		for (const char *at = id; *at; at++)
			ck_assert(isdigit((unsigned char)*at) || (*at >= 'a' && *at <= 'f'));
		snprintf(line, sizeof(line), "-- %s", id);
		ck_assert_msg(in_catalog(line) == 1, "%s, %s: %u entries", life_log_name(count), id,
		              in_catalog(line));
		for (unsigned other = 0; other < count; other++)
			ck_assert_str_ne(life_log_name(other), life_log_name(count));
	}
	ck_assert_uint_gt(count, 0);
	ck_assert_uint_eq(in_catalog(NULL), count);
	ck_assert_ptr_null(life_log_message_id(count));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("life_log");
	TCase *tcase = harness_case(suite, "lines");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_life_from_start_to_stop);
	tcase_add_test(tcase, an_entry_has_its_fields);
	tcase_add_test(tcase, a_field_of_any_length_is_cut);
	tcase_add_test(tcase, each_edge_is_a_line);
	tcase_add_test(tcase, the_host_name_is_a_vms_and_goes_with_it);
	tcase_add_test(tcase, a_refused_field_is_said_the_first_time);
	tcase_add_test(tcase, what_happens_to_the_vm);
	tcase_add_test(tcase, each_life_has_a_clock_of_its_own);
	tcase_add_test(tcase, a_readiness_that_was_inferred_says_why);
	tcase_add_test(tcase, a_restored_guest_does_not_boot);
	tcase_add_test(tcase, many_fields_do_not_hide_a_change_of_state);
	tcase_add_test(tcase, a_lost_message_is_logged_once_in_a_life);
	tcase_add_loop_test(tcase, a_life_without_a_boot_has_begun, 0, 2);
	tcase_add_test(tcase, the_number_of_lost_messages_is_logged_at_the_end);
	tcase_add_test(tcase, a_storm_of_lost_messages_is_two_lines);
	tcase_add_test(tcase, what_is_not_logged_costs_nothing_of_the_limit);
	tcase_add_test(tcase, an_event_of_an_older_sender_has_no_text);
	tcase = harness_case(suite, "catalog");
	tcase_add_test(tcase, the_catalog_has_an_entry_for_each_and_no_other);
	return harness_run(suite);
}
