/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest does: the words of its kernel command line, in order. */
#include "script.h"

#include <stddef.h>
#include <stdint.h>

#include "cmdline.h"
#include "notify.h"
#include "power.h"
#include "report.h"
#include "systemd.h"
#include "text.h"

/*
 * Each word is a row of one table: its name, and either what it does, or how its value is read
 * and what is done with the value. All values are read once before the first word is executed, so
 * that a mistake shows before anything is sent. README.md describes the words.
 */

#define MESSAGE_MAX       8192
#define BUTTON_PAUSE_USEC 1000 /* between two looks at the button */

/* a way to end the machine, by the name that systemd has for it */
struct way {
	const char *name;
	void (*end)(void);
};

/* a word as it was given, and its value */
struct given {
	const struct word *word;
	uint32_t number;
	size_t length; /* of the text, which is in message[] */
	const struct way *way;
};

struct word {
	const char *name;  /* ends in = (or .) if a value follows */
	void (*act)(void); /* for words without a value */
	bool (*read)(const char *text, struct given *given);
	void (*run)(const struct given *given);
	enum ending ending; /* of each connection that run() makes */
	uint32_t *setting;  /* what run() sets */
	uint32_t limit;     /* the highest number if not 0 */
};

static const struct way ways[] = {
	{"poweroff", power_off},
	{"reboot", power_reset},
	{"exit", power_off},
	{"halt", power_hang},
};

static char message[MESSAGE_MAX];

static bool read_number(const char *text, struct given *given)
{
	const char *rest = text_number(text, &given->number);
	uint32_t limit = given->word->limit;

	return rest && *rest == '\0' && (limit == 0 || given->number <= limit);
}

/* A whole command line is shorter than message[]. */
static bool read_text(const char *text, struct given *given)
{
	long length = text_unescape(message, text);

	given->length = (size_t)length;
	return length >= 0;
}

/* WAY or WAY:STATUS */
static bool read_way(const char *text, struct given *given)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *rest = text_after(text, ways[i].name);

		given->way = &ways[i];
		if (rest && *rest == ':')
			return read_number(rest + 1, given);
		if (rest && *rest == '\0')
			return true;
	}
	return false;
}

_Noreturn static void end_machine(void (*end)(void))
{
	notify_flush();
	report_print();
	end();
	power_hang();
}

static void act_hang(void)
{
	end_machine(power_hang);
}

static void act_button(void)
{
	while (!power_button_pressed())
		notify_pause(BUTTON_PAUSE_USEC);
}

static void act_panic(void)
{
	end_machine(power_panic);
}

static void act_panic_reboot(void)
{
	end_machine(power_panic_reset);
}

static void act_empty(void)
{
	notify(message, 0, END_CLOSE);
}

static void run_down(const struct given *given)
{
	systemd_shutdown(given->way->name, given->number);
	end_machine(given->way->end);
}

static void run_text(const struct given *given)
{
	notify(message, given->length, given->word->ending);
}

static void run_announce(const struct given *given)
{
	systemd_announce(given->number);
}

static size_t begin_status(void)
{
	static const char status[] = "STATUS=";

	memcpy(message, status, sizeof(status) - 1);
	return sizeof(status) - 1;
}

static void run_count(const struct given *given)
{
	size_t prefix = begin_status();

	for (uint32_t i = 1; i <= given->number; i++)
		notify(message, prefix + text_decimal(message + prefix, i), END_SHUTDOWN);
}

static void run_fill(const struct given *given)
{
	size_t prefix = begin_status();

	memset(message + prefix, 'x', sizeof(message) - prefix);
	notify(message, given->number, END_SHUTDOWN);
}

static void run_parallel(const struct given *given)
{
	notify_parallel(given->number);
}

static void run_setting(const struct given *given)
{
	*given->word->setting = given->number;
}

static void run_wait(const struct given *given)
{
	notify_pause(given->number);
}

static const struct word words[] = {
	/* what systemd sends */
	{.name = "boot", .act = systemd_boot},
	{.name = "boot-emergency", .act = systemd_boot_emergency},
	{.name = "boot-old", .act = systemd_boot_old},
	{.name = "announce=", .read = read_number, .run = run_announce},
	{.name = "down=", .read = read_way, .run = run_down},

	/* other messages, sent as systemd does */
	{.name = "say=", .read = read_text, .run = run_text, .ending = END_SHUTDOWN},
	{.name = "n=", .read = read_number, .run = run_count},
	{.name = "fill=", .read = read_number, .run = run_fill, .limit = MESSAGE_MAX},
	{.name = "par=", .read = read_number, .run = run_parallel, .limit = NOTIFY_PARALLEL_MAX},

	/* messages sent in other ways */
	{.name = "close=", .read = read_text, .run = run_text, .ending = END_CLOSE},
	{.name = "noshut=", .read = read_text, .run = run_text, .ending = END_WAIT},
	{.name = "half=", .read = read_text, .run = run_text, .ending = END_OPEN},
	{.name = "reset=", .read = read_text, .run = run_text, .ending = END_RESET},
	{.name = "empty", .act = act_empty},

	/* what holds from here on */
	{.name = "port=",
         .read = read_number,
         .run = run_setting,
         .setting = &notify_settings.port},
	{.name = "from=",
         .read = read_number,
         .run = run_setting,
         .setting = &notify_settings.from},
	{.name = "delay=",
         .read = read_number,
         .run = run_setting,
         .setting = &notify_settings.delay_usec},
	{.name = "gap=",
         .read = read_number,
         .run = run_setting,
         .setting = &notify_settings.gap_usec},
	{.name = "cut=", .read = read_number, .run = run_setting, .setting = &notify_settings.cut},
	{.name = "patience=",
         .read = read_number,
         .run = run_setting,
         .setting = &notify_settings.patience_usec},

	/* time, and sudden ends */
	{.name = "watch-button", .act = power_watch_button},
	{.name = "button", .act = act_button},
	{.name = "wait=", .read = read_number, .run = run_wait},
	{.name = "hang", .act = act_hang},
	{.name = "panic", .act = act_panic},
	{.name = "panic-reboot", .act = act_panic_reboot},

	/* ignored: what Firecracker adds by itself, and what is meant for a real guest */
	{.name = "pci="},
	{.name = "root="},
	{.name = "ro"},
	{.name = "rw"},
	{.name = "virtio_mmio.device="},
	{.name = "systemd."},
};

/* finds the row of a word and reads its value; false if either is wrong */
static bool read_word(const char *text, struct given *given)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *rest = text_after(text, words[i].name);
		char last = words[i].name[text_length(words[i].name) - 1];

		if (rest && (*rest == '\0' || last == '=' || last == '.')) {
			*given = (struct given){.word = &words[i]};
			return !words[i].read || words[i].read(rest, given);
		}
	}
	return false;
}

const char *script_check(void)
{
	const char *text;
	struct given given;

	for (size_t i = 0; (text = cmdline_word(i)) != NULL; i++) {
		if (!read_word(text, &given))
			return text;
	}
	return NULL;
}

void script_run(void)
{
	const char *text;
	struct given given;

	for (size_t i = 0; (text = cmdline_word(i)) != NULL; i++) {
		if (!read_word(text, &given))
			power_fail("unknown word", text);
		if (given.word->act)
			given.word->act();
		else if (given.word->run)
			given.word->run(&given);
	}
	end_machine(power_off);
}
