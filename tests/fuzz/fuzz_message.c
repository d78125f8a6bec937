/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: the notify plugin as the shim has it, by its ABI. Three bytes choose its keys; records
 * follow, each ended by SEPARATOR, the first byte says what it is:
 *
 *   w  the clock goes on, by a number of milliseconds      e  an event, its type
 *   t  the timer that was asked for fires                  f  the host refuses the next datagram
 *   l  a message with a STATUS in front that fills it up to a length: the edges of 4096 bytes
 *
 * and any other is a message itself. Every datagram, event, timer and return value is held against what
 * may be (datagram.h), with a memory of what the guest has said.
 */
#include "include/vsock-notify-plugin.h"

#include <errno.h>
#include <stdarg.h>

#include "datagram.h"
#include "fuzz.h"
#include "guest_model.h"

#define LONGEST   4096
#define SEPARATOR "\xff\xfe"
#define READY     "READY=1"
#define SHUTDOWN  "X_SYSTEMD_SHUTDOWN="
#define UNIT      "multi-user.target"
#define PREFIX    "VM \xc3\xa9: "

/* infer.h: how long a guest must be silent if no loss was seen. */
#define INFER_USEC 30000000

/* limits.h: ends that are changes of state, the pause of WATCHDOG=1, one timeout and all of them. */
#define ENDS_MAX          10
#define WATCHDOG_USEC     50000
#define EXTEND_USEC       600000000
#define EXTEND_TOTAL_USEC 3600000000

extern const struct vsn_registration vsock_notify_plugin;

/* All that is known in one input. */
static struct {
	const struct vsn_plugin *calls;
	void *user;
	struct datagram_rules rules;
	uint64_t timer_usec;
	bool asked;         /* within message, timer or event: the host may be called */
	int refusal;        /* what the host says to the next datagram */
	int refused;        /* what it has said to one of this message's */
	bool was_ready;     /* the last state that was told is READY=1 */
	bool ready_by_unit; /* ready-unit= */
	struct guest_model guest;
	unsigned ends;      /* messages that said a shutdown */
	bool no_exit;       /* deny=EXIT_STATUS */
	uint32_t last_edge; /* 0: none */
	bool ended;         /* the last edge ended a life */
	bool rebooted;      /* within an event that says so */
	bool target;        /* the default target was announced, so readiness may be inferred */
	int exit_told;      /* by a datagram of this message, -1: none */
	int exit_reported;  /* by an event */
	bool watchdog_told;
	uint64_t watchdog_usec; /* when */
	uint64_t extended_to_usec;
	uint64_t extended_usec; /* by how much the end of timeouts has been moved on, in all */
	uint64_t extend_total_usec;
} now;

static void host_log(const struct vsn_host *host, int level, const char *format, ...)
	VSN_PRINTF(3, 4);

static void host_log(const struct vsn_host *host, int level, const char *format, ...)
{
	char line[256];
	va_list arguments;

	(void)host;
	FUZZ_CHECK(level >= VSN_LOG_ERROR && level <= VSN_LOG_DEBUG);
	va_start(arguments, format);
	FUZZ_CHECK(vsnprintf(line, sizeof(line), format, arguments) > 0);
	va_end(arguments);
}

/* However the guest goes about it, timeouts end. */
static void count_extension(uint64_t extend_usec)
{
	uint64_t from = now.rules.now_usec > now.extended_to_usec ? now.rules.now_usec
	                                                          : now.extended_to_usec;
	uint64_t to = now.rules.now_usec + extend_usec;

	if (to <= from)
		return;
	now.extended_usec += to - from;
	now.extended_to_usec = to;
	FUZZ_CHECK(now.extended_usec <= now.extend_total_usec);
}

static int host_send(const struct vsn_host *host, int send_class, const char *text, size_t length)
{
	char *copy = malloc(length);
	struct datagram_facts facts;
	int refusal = now.refusal;

	(void)host;
	FUZZ_CHECK(now.asked && copy && send_class >= VSN_SEND_STATE &&
	           send_class <= VSN_SEND_PROGRESS);
	memcpy(copy, text, length);
	facts = datagram_check(&now.rules, copy, length);
	free(copy);
	if ((facts.exit_status >= 0 && now.ends <= ENDS_MAX) || (facts.ready && !now.was_ready))
		FUZZ_CHECK(send_class == VSN_SEND_STATE);
	if (facts.ready || facts.stopping || facts.reloading)
		now.was_ready = facts.ready;
	if (facts.exit_status >= 0)
		now.exit_told = facts.exit_status;
	if (facts.extend_usec)
		count_extension(facts.extend_usec);
	if (facts.watchdog) {
		FUZZ_CHECK(!now.watchdog_told ||
		           now.rules.now_usec - now.watchdog_usec >= WATCHDOG_USEC);
		now.watchdog_told = true;
		now.watchdog_usec = now.rules.now_usec;
	}
	now.refusal = 0;
	now.refused = refusal ? refusal : now.refused;
	return refusal;
}

static int host_barrier(const struct vsn_host *host)
{
	(void)host;
	FUZZ_CHECK(now.asked);
	return 0;
}

/* Nothing of the plugin's is farther away than readiness that is inferred. */
static void host_set_timer(const struct vsn_host *host, uint64_t deadline_usec)
{
	(void)host;
	FUZZ_CHECK(now.asked);
	FUZZ_CHECK(deadline_usec <= now.rules.now_usec + INFER_USEC);
	now.timer_usec = deadline_usec;
}

/* A text is one line, and ended by a NUL; a field's has a name in it. */
static void check_event_text(const struct vsn_event *event)
{
	bool has_text = (event->type >= VSN_EVENT_GUEST_STOPPING &&
	                 event->type <= VSN_EVENT_GUEST_STATUS) ||
	                event->type >= VSN_EVENT_GUEST_UNIT_ACTIVE;

	FUZZ_CHECK(has_text == (event->text != NULL));
	if (!has_text)
		return;
	FUZZ_CHECK(strlen(event->text) == event->length && !strpbrk(event->text, "\r\n"));
	if (event->type != VSN_EVENT_GUEST_FIELD)
		return;
	FUZZ_CHECK(event->text[0] != '=' && strchr(event->text, '='));
	FUZZ_CHECK(event->number >= 0 && event->number <= 2);
}

/* Only the way of a shutdown that was said is told. */
static bool ends_life(const struct vsn_event *event)
{
	return event->type == VSN_EVENT_GUEST_EXIT ||
	       (event->type == VSN_EVENT_GUEST_STOPPING && event->length > 0);
}

/* Another guest, of which nothing is known. */
static void begin_again(void)
{
	now.rules.ready = now.target = false;
	now.guest = (struct guest_model){0};
}

/* Edges come once each. After the end of a life no edge comes but the beginning of the next one. */
static void check_edge(const struct vsn_event *event)
{
	switch (event->type) {
	case VSN_EVENT_GUEST_WAITING:
		begin_again();
		break;
	case VSN_EVENT_GUEST_BOOTING:
		/* The guest may have told of this reboot already: then it is no new life. */
		if (now.rebooted)
			begin_again();
		break;
	case VSN_EVENT_GUEST_STOPPING:
		break;
	case VSN_EVENT_GUEST_RECOVERED:
		FUZZ_CHECK(now.last_edge == VSN_EVENT_GUEST_EMERGENCY);
		break;
	case VSN_EVENT_GUEST_READY:
	case VSN_EVENT_GUEST_EMERGENCY:
		FUZZ_CHECK(event->type != now.last_edge);
		break;
	case VSN_EVENT_GUEST_EXIT:
		FUZZ_CHECK(now.last_edge == VSN_EVENT_GUEST_STOPPING);
		now.ended = false;
		break;
	default:
		return;
	}
	FUZZ_CHECK(!now.ended || event->type == VSN_EVENT_GUEST_BOOTING ||
	           event->type == VSN_EVENT_GUEST_WAITING);
	now.ended = ends_life(event);
	now.last_edge = event->type;
}

static void host_event(const struct vsn_host *host, const struct vsn_event *event)
{
	(void)host;
	FUZZ_CHECK(now.asked && event->struct_size == sizeof(*event));
	FUZZ_CHECK(event->now_usec == now.rules.now_usec);
	FUZZ_CHECK(event->type >= VSN_EVENT_GUEST_BOOTING &&
	           event->type <= VSN_EVENT_GUEST_HOSTNAME);
	check_event_text(event);
	check_edge(event);
	FUZZ_CHECK(event->type != VSN_EVENT_GUEST_READY || now.rules.ready);
	if (event->type != VSN_EVENT_GUEST_EXIT) {
		FUZZ_CHECK(event->number == 0 || event->type == VSN_EVENT_GUEST_FIELD ||
		           (event->type == VSN_EVENT_GUEST_READY && event->number == 1 &&
		            now.target) ||
		           (event->type == VSN_EVENT_GUEST_BOOTING && event->number == 1));
		return;
	}
	FUZZ_CHECK(now.rules.exits && event->number >= 0 && event->number <= 255);
	now.exit_reported = (int)event->number;
}

static bool set_key(const char *key, const char *value)
{
	int r = now.calls->config(now.user, key, value);

	FUZZ_CHECK(r == 0 || r == -EINVAL || r == -EPERM);
	return r == 0;
}

/* What is an order to the service manager cannot be asked for. */
static void ask_for_orders(void)
{
	static const char *const orders[] = {
		"MAINPID",
		"MAINPIDFD",
		"MAINPIDFDID",
		"NOTIFYACCESS",
		"FDSTORE",
		"FDSTOREREMOVE",
		"FDNAME",
		"FDPOLL",
		"MONOTONIC_USEC",
		"WATCHDOG_USEC",
		"*",
		"RESTART_RESET",
		"",
		"X",
		"M*",
		"STATUS\n",
		"A=B",
	};

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		FUZZ_CHECK(!set_key("allow", orders[i]));
}

static void choose_keys(uint8_t first, uint8_t second, uint8_t third)
{
	struct datagram_rules *rules = &now.rules;

	if (first & 1)
		set_key("track", "on");
	/* These two are refused without track=on. */
	if ((first & 3) == 3)
		rules->reloading |= set_key("reboot", "reloading");
	if ((first & 5) == 5)
		set_key("extend-start", "30");
	if (first & 8)
		now.ready_by_unit = set_key("ready-unit", UNIT);
	if (first & 16)
		set_key("on-restore", "wait");
	if ((first & 32) && set_key("status-prefix", PREFIX))
		rules->status_prefix = PREFIX;
	if ((first & 64) && set_key("max-status", "40"))
		rules->status_max = 40;
	if ((first & 128) && set_key("max-extend", "60"))
		rules->extend_max_usec = 60000000;
	if (second & 1)
		rules->reloading |= set_key("allow", "RELOADING");
	if (second & 2)
		rules->errors = set_key("allow", "ERRNO,BUSERROR,VARLINKERROR");
	if (second & 4)
		rules->extensions = set_key("allow", "X_FUZZ,X_PRE*");
	if (second & 8)
		rules->watchdog |= set_key("watchdog", "on");
	if (second & 16)
		rules->watchdog |= set_key("allow", "WATCHDOG");
	if (second & 32)
		rules->no_stopping = set_key("deny", "STOPPING");
	if (second & 64)
		rules->no_status = set_key("deny", "STATUS");
	if ((second & 128) && set_key("max-extend-total", "100"))
		now.extend_total_usec = 100000000;
	if (third & 2)
		set_key("deny", "READY");
	if (third & 4)
		ask_for_orders();
	if (third & 8)
		now.no_exit = set_key("deny", "EXIT_STATUS,EXTEND_TIMEOUT_USEC");
}

/* Line ends, and one NUL at the end. */
static bool only_ends(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] != '\n' && text[i] != '\r' && (text[i] != '\0' || i + 1 < length))
			return false;
	return true;
}

/* A function must say nothing, and the same again. Also of what may be a beginning only. */
static void check_peek(const char *text, size_t length)
{
	for (size_t n = length; n > 0; n = n > 16 ? n / 2 : n - 1) {
		int verdict = now.calls->peek(now.user, text, n);

		FUZZ_CHECK(verdict >= VSN_VERDICT_PATIENT && verdict <= VSN_VERDICT_BYTE);
		FUZZ_CHECK(verdict == now.calls->peek(now.user, text, n));
		if (verdict == VSN_VERDICT_COMPLETE)
			FUZZ_CHECK(n >= 9 && memcmp(text, "BARRIER=1", 9) == 0 &&
			           only_ends(text + 9, n - 9));
	}
}

static bool has(const char *text, size_t length, const char *what)
{
	return memmem(text, length, what, strlen(what));
}

static void message(const char *bytes, size_t length)
{
	static uint64_t id;
	struct vsn_message message = {.struct_size = sizeof(message), .id = ++id};
	bool ready;
	char *text;
	int r;

	length = length < LONGEST ? length : LONGEST;
	text = fuzz_copy(bytes, length);
	check_peek(text, length);
	message.now_usec = now.rules.now_usec;
	message.text = text;
	message.length = length;
	now.rules.exits = has(text, length, SHUTDOWN);
	now.rules.ready |=
		has(text, length, READY) || (now.ready_by_unit && has(text, length, UNIT));
	now.target |=
		has(text, length, "multi-user.target") || has(text, length, "graphical.target");
	now.rules.ready |= now.target;
	now.ends += now.rules.exits;
	ready = now.rules.ready;
	now.rules.ready &= now.ready_by_unit || guest_model_may_be_ready(&now.guest, text, length);
	now.exit_told = now.exit_reported = -1;
	now.refused = 0;
	now.asked = true;
	r = now.calls->message(now.user, &message);
	now.asked = false;
	now.rules.ready = ready;
	guest_model_heard(&now.guest, text, length);
	FUZZ_CHECK(r == 0 || (r == now.refused && r != -ENOBUFS));
	/* What other plugins are told of the end, the service manager is, unless it is denied. */
	FUZZ_CHECK(now.exit_reported < 0 ||
	           now.exit_told == (now.no_exit ? -1 : now.exit_reported));
	if (guest_model_is_end(text, length))
		now.rules.ready = now.target = false;
	now.rules.exits = false;
	free(text);
}

/* A message of a given length, as far as the rest of the record leaves room for STATUS. */
static void long_message(struct fuzz_input *record)
{
	char bytes[LONGEST];
	size_t wanted = fuzz_number(record, 2) % (LONGEST + 1);
	size_t taken;
	const char *rest = fuzz_take(record, LONGEST - 8, &taken);
	size_t fill = wanted > taken + 8 ? wanted - taken - 8 : 0;

	memcpy(bytes, "STATUS=", 7);
	memset(bytes + 7, 'a', fill);
	bytes[7 + fill] = '\n';
	memcpy(bytes + 8 + fill, rest, taken);
	message(bytes, 8 + fill + taken);
}

static void event(uint8_t type, uint8_t number)
{
	struct vsn_event event = {.struct_size = sizeof(event),
	                          .type = type,
	                          .now_usec = now.rules.now_usec,
	                          .number = number};

	now.rebooted = type == VSN_EVENT_VM_REBOOTED;
	if (type == VSN_EVENT_VM_RESTORED || type == VSN_EVENT_VM_TAKEN_UP) {
		now.rules.ready = true;
		now.guest.doubt = true;
		now.ended = false;
	}
	if (type == VSN_EVENT_VM_TAKEN_UP && number == VSN_TAKEN_UP_EMERGENCY)
		now.last_edge = VSN_EVENT_GUEST_EMERGENCY;
	if (type == VSN_EVENT_GUEST_PANIC)
		now.last_edge = 0;
	now.asked = true;
	now.calls->event(now.user, &event);
	now.asked = now.rebooted = false;
}

static void timer(void)
{
	if (!now.timer_usec)
		return;
	if (now.rules.now_usec < now.timer_usec)
		now.rules.now_usec = now.timer_usec;
	now.timer_usec = 0;
	now.asked = true;
	now.calls->timer(now.user, now.rules.now_usec);
	now.asked = false;
}

static void play(const char *bytes, size_t length)
{
	struct fuzz_input record = {(const uint8_t *)bytes, length};

	switch (fuzz_byte(&record)) {
	case 'w':
		now.rules.now_usec += fuzz_number(&record, 3) * 1000ULL;
		break;
	case 't':
		timer();
		break;
	case 'e': {
		uint8_t type = fuzz_byte(&record);

		event(type, fuzz_byte(&record));
		break;
	}
	case 'f':
		now.refusal = fuzz_byte(&record) & 1 ? -ENOBUFS : -ENOMEM;
		break;
	case 'l':
		long_message(&record);
		break;
	default:
		message(bytes, length);
		break;
	}
}

static void play_all(struct fuzz_input *input)
{
	while (input->left) {
		const char *bytes = (const char *)input->at;
		const char *end = memmem(bytes, input->left, SEPARATOR, strlen(SEPARATOR));
		size_t length = end ? (size_t)(end - bytes) : input->left;
		size_t taken;

		play(bytes, length);
		fuzz_take(input, length + strlen(SEPARATOR), &taken);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct vsn_host host = {
		.struct_size = sizeof(host),
		.abi_version = VSN_ABI_VERSION,
		.version = "fuzz",
		.log = host_log,
		.send = host_send,
		.barrier = host_barrier,
		.set_timer = host_set_timer,
		.event = host_event,
	};
	uint8_t first = fuzz_byte(&input), second = fuzz_byte(&input), third = fuzz_byte(&input);

	memset(&now, 0, sizeof(now));
	now.calls = vsock_notify_plugin.plugin;
	now.rules.now_usec = 1000000;
	now.rules.extend_max_usec = EXTEND_USEC;
	now.extend_total_usec = EXTEND_TOTAL_USEC;
	if (third & 1)
		host.struct_size = offsetof(struct vsn_host, event);
	FUZZ_CHECK(now.calls->open(&host, &now.user) == 0);
	choose_keys(first, second, third);
	/* Some keys exclude each other. */
	if (now.calls->start(now.user) == 0) {
		play_all(&input);
		now.asked = true;
		if (now.calls->stop)
			now.calls->stop(now.user);
	}
	now.calls->close(now.user);
	return 0;
}
