/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a guest says, to whatever settings: what a service manager is told is well-formed and within
 * the policy. Messages are put together at random, with a fixed seed, of all that has a meaning here and
 * of what is near to it; each property is checked on the datagram's own bytes, as a manager reads them.
 */
#include <ctype.h>

#include "guest_fixture.h"
#include "plugins/notify/message.h"

#define LONGEST  4096
#define LIVES    150 /* guests a seed */
#define MESSAGES 60  /* of each */

static uint64_t random_state;

static unsigned below(unsigned limit)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(random_state >> 33) % limit;
}

#define ONE_OF(list) ((list)[below(sizeof(list) / sizeof((list)[0]))])

/* --- what comes in */

static const char *const names[] = {
	"READY",
	"READY",
	"STATUS",
	"STATUS",
	"STOPPING",
	"RELOADING",
	"BARRIER",
	"WATCHDOG",
	"WATCHDOG_USEC",
	"EXTEND_TIMEOUT_USEC",
	"EXIT_STATUS",
	"ERRNO",
	"BUSERROR",
	"VARLINKERROR",
	"MONOTONIC_USEC",
	"MAINPID",
	"MAINPIDFD",
	"NOTIFYACCESS",
	"FDSTORE",
	"FDSTOREREMOVE",
	"FDNAME",
	"FDPOLL",
	"X_A",
	"X_B",
	"X_\x1b[2J",
	"X_SYSTEMD_UNIT_ACTIVE",
	"X_SYSTEMD_UNIT_INACTIVE",
	"X_SYSTEMD_SHUTDOWN",
	"X_SYSTEMD_UNIT_ACTIVE",
	"X_SYSTEMD_HOSTNAME",
	"RESTART_RESET",
	"MAINPIDFDID",
	"NEW_FIELD",
	"",
	"ready",
	"READY ",
};

static const char *const values[] = {
	"1",
	"1",
	"1",
	"0",
	"",
	"trigger",
	"all",
	"4294967296",
	"18446744073709551615",
	"18446744073709551616",
	"255",
	"basic.target",
	"basic.target",
	"emergency.target",
	"soft-reboot.target",
	"shutdown.target",
	"reboot",
	"poweroff",
	"org.example.Error",
	"text",
	"a\\",
	"\\",
	"\x1b[2J\x07",
	"gr\xc3\xbc\xc3\x9f",
	"\xe2\x82\xac\\",
	"\xff\xfe\x80",
	"\xf0\x9f\x98\x80",
	"\xef\xbf\xbf",
	"a=b=c",
};

static const char *const ends[] = {"\n", "\n", "\n", "\n", "\r\n", "\n\n", "\r", "", "\\\n"};

struct message {
	char text[LONGEST];
	size_t length;
};

static void add(struct message *message, const char *text)
{
	size_t room = sizeof(message->text) - message->length;
	size_t length = strlen(text) < room ? strlen(text) : room;

	memcpy(message->text + message->length, text, length);
	message->length += length;
}

/* One line in eight has a value that is long: a run of one of the others. */
static void add_value(struct message *message)
{
	const char *value = ONE_OF(values);
	unsigned times = below(8) ? 1 : below(LONGEST / 4);

	while (times--)
		add(message, value);
}

static void compose(struct message *message)
{
	message->length = 0;
	for (unsigned lines = 1 + below(below(4) ? 4 : 60); lines; lines--) {
		add(message, ONE_OF(names));
		add(message, below(20) ? "=" : "");
		add_value(message);
		add(message, ONE_OF(ends));
	}
	/* one message in ten is cut anywhere */
	if (below(10) == 0)
		message->length = below((unsigned)message->length + 1);
}

/* --- whom it comes to */

static const char *const settings[][2] = {
	{"track", "on"},
	{"reboot", "reloading"},
	{"extend-start", "3"},
	{"allow", "RELOADING,WATCHDOG,ERRNO"},
	{"allow", "BUSERROR,VARLINKERROR,X_A"},
	{"allow", "X_*"},
	{"deny", "READY"},
	{"deny", "STATUS"},
	{"deny", "STOPPING,RELOADING"},
	{"watchdog", "on"},
	{"status-prefix", "VM gr\xc3\xbc\xc3\x9f: "},
	{"max-status", "16"},
	{"max-status", "77"},
	{"max-status", "4090"},
	{"max-extend", "2"},
	{"max-extend-total", "100"},
	{"ready-unit", "basic.target"},
};

static uint64_t budget; /* of EXTEND_TIMEOUT_USEC that is left */
static uint64_t end_of_timeouts;

static void new_guest(void)
{
	guest_init(&guest);
	for (unsigned i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (below(3) == 0)
			set(settings[i][0], settings[i][1]);
	budget = guest.limits.extend_left_usec;
	end_of_timeouts = 0;
}

/* --- what is told */

/* The length of the UTF-8 character at text, of RFC 3629; 0 where there is none, or one that moves a cursor. */
static size_t character(const unsigned char *text, size_t left)
{
	size_t length = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	uint32_t value = length == 1 ? text[0] : text[0] & (0xffu >> (length + 1));
	static const uint32_t least[] = {0, 0x20, 0xa0, 0x800, 0x10000};

	if (length > left || (text[0] >= 0x80 && text[0] < 0xc0) || text[0] > 0xf7)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (text[i] & 0x3f);
	}
	if (value < least[length] || value == 0x7f || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return length;
}

static bool is_well_formed(const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t n = character((const unsigned char *)text + i, length - i);

		if (n == 0)
			return false;
		i += n;
	}
	return length == 0 || text[length - 1] != '\\';
}

static bool is_name(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isupper((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) &&
		    name[i] != '_')
			return false;
	return length > 0;
}

static void check_status(const struct field *field)
{
	size_t prefix = strlen(guest.style.prefix);
	size_t max = guest.style.max ? guest.style.max : LONGEST;

	ck_assert(!policy_denies(&guest.policy, POLICY_STATUS));
	ck_assert_uint_le(field->value_length, max);
	ck_assert_int_eq(memcmp(field->value, guest.style.prefix,
	                        prefix < field->value_length ? prefix : field->value_length),
	                 0);
}

static void check_extension_of_time(const struct field *field, uint64_t now)
{
	unsigned long long granted = 0;
	uint64_t from = end_of_timeouts > now ? end_of_timeouts : now;

	ck_assert(field_number(field, guest.limits.max_extend_usec, &granted) && granted > 0);
	if (now + granted > from) {
		ck_assert_uint_le(now + granted - from, budget);
		budget -= now + granted - from;
		end_of_timeouts = now + granted;
	}
}

/* One line, by its name. Returns false for a field that is never told. */
static bool check_field(const struct field *field, uint64_t now, bool reloading)
{
	static const char *const plain[] = {"ERRNO", "BUSERROR", "VARLINKERROR", "EXIT_STATUS"};
	static const char *const ones[] = {"READY", "STOPPING", "RELOADING", "WATCHDOG"};
	enum policy_field kind = policy_classify(field);
	char clock[32];

	snprintf(clock, sizeof(clock), "%llu", (unsigned long long)now);
	if (field_is(field, "MONOTONIC_USEC"))
		return reloading && field_value_is(field, clock);
	ck_assert(!policy_denies(&guest.policy, kind));
	if (field_is(field, "STATUS"))
		check_status(field);
	else if (field_is(field, "EXTEND_TIMEOUT_USEC"))
		check_extension_of_time(field, now);
	else if (field_name_begins(field, "X_"))
		return policy_passes(&guest.policy, kind, field);
	else
		for (unsigned i = 0; i < 4; i++)
			if (field_is(field, plain[i]))
				return policy_passes(&guest.policy, kind, field);
			else if (field_is(field, ones[i]))
				return field_value_is(field, "1");
	return field_is(field, "STATUS") || field_is(field, "EXTEND_TIMEOUT_USEC");
}

/* A datagram, line by line, and that nothing in it is said twice. */
static void check_datagram(uint64_t now)
{
	struct field told[LONGEST / 3];
	unsigned count = 0;
	bool reloading = false;
	const char *end = result.text + result.length;

	ck_assert_uint_le(result.length, LONGEST);
	for (const char *line = result.text; line < end;) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));
		const char *equals;
		struct field *field = &told[count++];

		line_end = line_end ? line_end : end;
		equals = memchr(line, '=', (size_t)(line_end - line));
		ck_assert_ptr_nonnull(equals);
		*field = (struct field){line, (size_t)(equals - line), equals + 1,
		                        (size_t)(line_end - equals - 1)};
		ck_assert_msg(is_name(line, field->name_length), "line %u has no name", count);
		ck_assert_msg(is_well_formed(field->value, field->value_length), "%.*s",
		              (int)field->name_length, line);
		ck_assert_msg(check_field(field, now, reloading), "%.*s", (int)field->name_length,
		              line);
		reloading = field_is(field, "RELOADING");
		for (unsigned i = 0; i + 1 < count && !field_name_begins(field, "X_"); i++)
			ck_assert_msg(
				told[i].name_length != field->name_length ||
					memcmp(told[i].name, field->name, field->name_length) != 0,
				"twice: %.*s", (int)field->name_length, line);
		line = line_end + 1;
	}
	ck_assert(!(count && end[-1] == '\n'));
}

START_TEST(what_is_told_is_well_formed_and_within_the_policy)
{
	static struct message message;
	unsigned long told_bytes = 0;

	random_state = (uint64_t)_i + 1;
	for (int life = 0; life < LIVES; life++) {
		uint64_t now = below(2) ? 0 : below(1000000000);

		new_guest();
		for (int i = 0; i < MESSAGES; i++) {
			uint32_t allowed = guest.policy.allowed;

			compose(&message);
			memset(&result, 0x55, sizeof(result));
			message_translate(&guest, message.text, message.length, now, &result, NULL,
			                  NULL);
			check_datagram(now);
			told_bytes += result.length;
			now += below(3) ? below(100000) : below(5000000);
			message_time(&guest, now, &result);
			check_datagram(now);
			if (below(20) == 0) {
				told_of(VSN_EVENT_VM_REBOOTED, 0, now);
				check_datagram(now);
			}
			ck_assert_uint_eq(guest.policy.allowed, allowed);
		}
	}
	/* All of it would be right of a bridge that tells nothing. */
	ck_assert_uint_gt(told_bytes, 100000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outgoing_random");
	TCase *tcase = harness_case(suite, "random");

	tcase_add_loop_test(tcase, what_is_told_is_well_formed_and_within_the_policy, 0, 8);
	return harness_run(suite);
}
