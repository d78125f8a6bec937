/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stand-in for cloud-hypervisor, and for Firecracker where it is called so, for what the real ones do not do at will: events,
 * their API sockets' answers, their ends. It has no guest: what a guest would send over vsock it sends itself. $WORDS is its
 * script, words separated by spaces, executed in order; after the last one it exits with 0:
 *
 *	say=TEXT           the guest's notification, answered by the host before the next word; \n and \s as in ../../guest
 *	event=SOURCE:NAME  an event to --event-monitor fd=N
 *	api=STATUS         how the API socket will answer a power button [204]; api=never: not at all
 *	slow=USEC          from here on each of its answers takes that long
 *	power-button       waits until it was pressed
 *	resume             waits until the VM was to be resumed
 *	ctrl-alt-del       waits until it was pressed (Firecracker)
 *	step               waits until the test lets it go on, by a byte into the FIFO $STEPS
 *	line               waits for a line on standard input, which is then the guest's STATUS=
 *	wait=USEC          lets time pass
 *	exit=N             ends
 *	die=N              ends by the signal N, as if somebody else had sent it
 *	hang               waits for a signal
 *	stubborn           from here on SIGTERM does not end it
 *	repeat=TEXT        the guest's notification again and again, until a signal ends it
 *
 * SIGTERM ends it with 0, as it ends the real one; it says so before, also where it is stubborn.
 */
#include "api.h"
#include "arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "../../cli/pid1.h"

#define TEXT_MAX 4096

static struct arguments arguments;
static struct timespec start;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "stand-in: FAIL %s: %s\n", what, strerror(errno));
	exit(1);
}

static _Noreturn void misused(const char *what, const char *word)
{
	fprintf(stderr, "stand-in: FAIL %s: %s\n", what, word);
	exit(1);
}

static void say(const char *text)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	ssize_t answer;
	char byte;
	int n, fd;

	if (!*arguments.vsock || !arguments.port)
		misused("no --vsock, or no credential in --platform, to", text);
	n = snprintf(address.sun_path, sizeof(address.sun_path), "%s_%d", arguments.vsock,
	             arguments.port);
	if (n < 0 || (size_t)n >= sizeof(address.sun_path))
		misused("too long", arguments.vsock);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("connect");
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0 || shutdown(fd, SHUT_WR) < 0)
		fail("send");
	answer = read(fd, &byte, 1);
	if (answer < 0 || (answer > 0 && !is_of_pid1(text)))
		misused("the host did not answer with an end of file to", text);
	close(fd);
}

static void act_say(const char *value)
{
	char text[TEXT_MAX];
	size_t length = 0;

	for (; *value && length < sizeof(text) - 1; value++) {
		char c = *value;

		if (c == '\\' && value[1]) {
			value++;
			c = *value == 'n' ? '\n' : *value == 's' ? ' ' : *value;
		}
		text[length++] = c;
	}
	text[length] = '\0';
	say(text);
}

/* as serde_json writes it, indented; an empty line ends it */
static void act_event(const char *value)
{
	int length = (int)strcspn(value, ":");
	const char *properties = "null";
	struct timespec now;
	long nanos;

	if (arguments.event_fd < 0)
		misused("no --event-monitor fd=N to", value);
	clock_gettime(CLOCK_MONOTONIC, &now);
	nanos = now.tv_nsec - start.tv_nsec;
	if (strcmp(value, "guest:panic") == 0)
		properties = "{\n    \"event\": \"panic\"\n  }";
	if (dprintf(arguments.event_fd,
	            "{\n  \"timestamp\": {\n    \"secs\": %ld,\n    \"nanos\": %ld\n  },\n"
	            "  \"source\": \"%.*s\",\n  \"event\": \"%s\",\n  \"properties\": %s\n}\n\n",
	            (long)(now.tv_sec - start.tv_sec) - (nanos < 0),
	            nanos < 0 ? nanos + 1000000000 : nanos, length, value, value + length + 1,
	            properties) < 0)
		fail("event");
}

static void act_api(const char *value)
{
	if (!*arguments.api)
		misused("no --api-socket to", value);
	api_serve(arguments.api, strcmp(value, "never") == 0 ? API_NEVER : atoi(value));
}

static void act_slow(const char *value)
{
	api_delay((unsigned int)atoi(value));
}

static void act_power_button(const char *nothing)
{
	(void)nothing;
	api_wait(API_POWER_BUTTON);
}

static void act_resume(const char *nothing)
{
	(void)nothing;
	api_wait(API_RESUME);
}

static void act_ctrl_alt_del(const char *nothing)
{
	(void)nothing;
	api_wait(API_CTRL_ALT_DEL);
}

static void act_step(const char *nothing)
{
	static int steps = -1;
	char byte;

	(void)nothing;
	if (steps < 0) /* for writing too: no end of file between two steps */
		steps = open(getenv("STEPS"), O_RDWR | O_CLOEXEC);
	if (steps < 0 || read(steps, &byte, 1) != 1)
		fail("step");
}

static void act_line(const char *nothing)
{
	char text[TEXT_MAX] = "STATUS=";
	size_t prefix = strlen(text);

	(void)nothing;
	if (!fgets(text + prefix, (int)(sizeof(text) - prefix), stdin))
		fail("line");
	text[strcspn(text, "\r\n")] = '\0';
	say(text);
}

static void act_exit(const char *value)
{
	exit(atoi(value));
}

static void act_wait(const char *value)
{
	usleep((useconds_t)atoi(value));
}

static void act_die(const char *value)
{
	int number = atoi(value);

	signal(number, SIG_DFL);
	raise(number);
}

static void act_hang(const char *nothing)
{
	(void)nothing;
	for (;;)
		pause();
}

static volatile sig_atomic_t stubborn;

static void act_stubborn(const char *nothing)
{
	(void)nothing;
	stubborn = 1;
}

static void act_repeat(const char *value)
{
	for (;;)
		act_say(value);
}

static const struct {
	const char *name;
	void (*act)(const char *value);
} words[] = {
	{"say=", act_say},
	{"event=", act_event},
	{"api=", act_api},
	{"slow=", act_slow},
	{"power-button", act_power_button},
	{"resume", act_resume},
	{"ctrl-alt-del", act_ctrl_alt_del},
	{"step", act_step},
	{"line", act_line},
	{"wait=", act_wait},
	{"exit=", act_exit},
	{"die=", act_die},
	{"hang", act_hang},
	{"stubborn", act_stubborn},
	{"repeat=", act_repeat},
};

static void act(const char *word)
{
	printf("stand-in: %s\n", word);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i].name);
		bool value = words[i].name[length - 1] == '=';

		if (strncmp(word, words[i].name, length) == 0 && (value || !word[length])) {
			words[i].act(word + length);
			return;
		}
	}
	misused("no such word", word);
}

static void on_sigterm(int signal)
{
	static const char text[] = "stand-in: SIGTERM\n";

	(void)signal;
	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
		_exit(1);
	if (!stubborn)
		_exit(0);
}

int main(int argc, char **argv)
{
	char *script = getenv("WORDS");

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("cloud-hypervisor v53.0.0");
		return 0;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGTERM, on_sigterm);
	arguments = arguments_read(argv + 1);
	if (!script)
		misused("nothing to do", "$WORDS is not set");
	for (char *word = strtok(script, " "); word; word = strtok(NULL, " "))
		act(word);
	return 0;
}
