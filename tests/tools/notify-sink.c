/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify-sink: plays the host's service manager. It prints each datagram it is sent, and on
 * command it stops reading, goes away and comes back, as a manager does that is busy or restarts.
 */
#include "notify-sink-socket.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/* Datagrams taken in one go, so that a flood cannot keep a command waiting. */
#define ROUND 64

static const char usage[] =
	"Usage: notify-sink [OPTION]... SOCKET\n"
	"Plays the host's service manager on SOCKET (a path, or @NAME for an abstract socket).\n"
	"Prints '# listening', then for each datagram: <usec since start>TAB<escaped bytes>.\n"
	"\n"
	"  --hold-barrier=MSEC  answer a barrier (close its fd) after MSEC; default 0, at once\n"
	"  --control            read commands from standard input, one a line:\n"
	"                         pause   stop reading, so that the queue fills  ('# paused')\n"
	"                         resume  read again                             ('# resumed')\n"
	"                         gone    drain, close and unlink the socket     ('# gone')\n"
	"                         back    bind it again                          ('# back')\n"
	"                         count   print '# N datagrams'\n"
	"                         quit    drain and end\n"
	"  --help               print this text\n"
	"\n"
	"SIGTERM and SIGINT drain what is queued and end with status 0.\n";

struct control {
	bool enabled;
	bool paused;
	bool quit;
	char line[64];
	size_t length;
};

static int go_back(struct sink *sink)
{
	if (sink->fd >= 0)
		return 0;
	return sink_bind(sink);
}

/* Carries out one command and says so, so that who gave it can wait for that line. */
static int run_command(struct sink *sink, struct control *control, const char *command)
{
	int status = 0;

	if (strcmp(command, "pause") == 0) {
		control->paused = true;
		puts("# paused");
	} else if (strcmp(command, "resume") == 0) {
		control->paused = false;
		puts("# resumed");
	} else if (strcmp(command, "gone") == 0) {
		status = sink_unbind(sink);
		puts("# gone");
	} else if (strcmp(command, "back") == 0) {
		status = go_back(sink);
		if (status == 0)
			puts("# back");
	} else if (strcmp(command, "count") == 0) {
		printf("# %lu datagrams\n", sink->datagrams);
	} else if (strcmp(command, "quit") == 0) {
		control->quit = true;
	} else {
		fprintf(stderr,
		        "notify-sink: unknown command '%s'; "
		        "use pause, resume, gone, back, count or quit\n",
		        command);
	}
	return status;
}

static int take_byte(struct sink *sink, struct control *control, char byte)
{
	if (byte != '\n') {
		/* What is too long for a command stays cut, and is refused as unknown. */
		if (control->length < sizeof(control->line) - 1)
			control->line[control->length++] = byte;
		return 0;
	}
	control->line[control->length] = '\0';
	control->length = 0;
	return run_command(sink, control, control->line);
}

static int read_commands(struct sink *sink, struct control *control)
{
	char bytes[256];
	ssize_t length = read(STDIN_FILENO, bytes, sizeof(bytes));
	int status = 0;

	/* Who gave the commands may leave: the sink goes on as it is until SIGTERM. */
	if (length <= 0)
		control->enabled = false;
	for (ssize_t i = 0; i < length && status == 0; i++)
		status = take_byte(sink, control, bytes[i]);
	return status;
}

/* The time until @due_usec for ppoll(), or NULL for no limit. */
static const struct timespec *time_until(int64_t due_usec, struct timespec *left)
{
	int64_t usec = due_usec - sink_clock_usec();

	if (due_usec == SINK_NEVER)
		return NULL;
	if (usec < 0)
		usec = 0;
	*left = (struct timespec){.tv_sec = usec / 1000000, .tv_nsec = usec % 1000000 * 1000};
	return left;
}

static int run(struct sink *sink, struct control *control, int signals)
{
	int status = 0;

	while (status == 0 && !control->quit) {
		struct pollfd watch[] = {
			{.fd = control->paused ? -1 : sink->fd, .events = POLLIN},
			{.fd = control->enabled ? STDIN_FILENO : -1, .events = POLLIN},
			{.fd = signals, .events = POLLIN},
		};
		struct timespec left;

		if (ppoll(watch, 3, time_until(sink_answer_due(sink), &left), NULL) < 0)
			continue;
		if (watch[0].revents)
			status = sink_drain(sink, ROUND);
		if (status == 0 && watch[1].revents)
			status = read_commands(sink, control);
		if (watch[2].revents)
			control->quit = true;
	}
	return status;
}

static int open_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int parse_hold(const char *text, int64_t *usec)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 0 || value > 3600000) {
		fprintf(stderr, "notify-sink: --hold-barrier=%s: use 0 to 3600000 msec\n", text);
		return -EINVAL;
	}
	*usec = (int64_t)value * 1000;
	return 0;
}

/* Returns 0 to go on, 1 when there is nothing more to do, or a negative errno. */
static int parse_options(int argc, char **argv, struct sink *sink, struct control *control)
{
	static const struct option table[] = {
		{"hold-barrier", required_argument, NULL, 'b'},
		{"control", no_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return 1;
		}
		if (option == 'c')
			control->enabled = true;
		else if (option != 'b')
			return -EINVAL;
		else if (parse_hold(optarg, &sink->hold_usec) < 0)
			return -EINVAL;
	}
	if (argc - optind != 1) {
		fprintf(stderr, "notify-sink: %d arguments; name one SOCKET, see --help\n",
		        argc - optind);
		return -EINVAL;
	}
	sink->address = argv[optind];
	return 0;
}

int main(int argc, char **argv)
{
	static struct sink sink = {.fd = -1};
	struct control control = {0};
	int status = parse_options(argc, argv, &sink, &control);
	int signals, ended;

	if (status != 0)
		return status < 0 ? 2 : 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	signals = open_signals();
	sink.start_usec = sink_clock_usec();
	if (signals < 0 || sink_bind(&sink) < 0)
		return 1;
	puts("# listening");
	status = run(&sink, &control, signals);
	ended = sink_unbind(&sink);
	close(signals);
	return status < 0 || ended < 0 ? 1 : 0;
}
