/* SPDX-License-Identifier: Apache-2.0 */
/* The stand-in's command line. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char usage[] =
	"Usage: stand-in [OPTION]... VSOCK\n"
	"Stands in for a VMM with hybrid vsock and the guest in it: connects to VSOCK_PORT and\n"
	"notifies as systemd does.\n"
	"\n"
	"  --mode=ch52|ch53|vdv  the backend to behave as (ch52: no half-close is passed)\n"
	"  --port=N              the port, 1234\n"
	"  --wait=SEC            how long to wait for somebody to listen there, 0\n"
	"  --pid1=N              senders that send what PID 1 sends, 1\n"
	"  --programs=N          senders that send as systemd-notify does, 0\n"
	"  --count=N             messages of all senders together, 100\n"
	"  --program-count=N     how many of these come from programs; an equal share a sender\n"
	"  --barrier             programs send BARRIER=1 after each message, not counted above\n"
	"  --cut                 programs' messages arrive in two or three pieces\n"
	"  --full-close          send and close at once, as early releases of systemd 254 do\n"
	"  --bad=KIND[:N]        N wrong connections (1) beside the good ones; may be repeated:\n"
	"                        empty, reset, hang, oversize, nul or trickle\n"
	"  --lose=N|ready        each sender's Nth message, or first READY=1, is lost: the VMM\n"
	"                        connects to the host, and not one byte follows\n"
	"  --rst                 ch52 and ch53: a connection is lost if the one before it, of the\n"
	"                        same sender, left an RST that the VMM answers by an RST\n"
	"  --unseen              what is lost leaves no connection either: the guest's next\n"
	"                        connection took its place\n"
	"  --script=FILE         send FILE's notifications instead: <seconds>TAB<escaped bytes>\n"
	"  --speed=X             keep to the script's times, X times as fast; 0, not at all\n"
	"  --parallel            the script's programs do not wait for its PID 1\n"
	"  --latency=MIN:MAX     usec each step in guest and VMM takes, log-uniform, 50:20000\n"
	"  --seed=N              another N, other latencies and cuts, 1\n"
	"  --timeout=SEC         how long a process waits for its answer, 30\n"
	"  --progress=N          print 'progress K' at every Nth message\n"
	"  --help                print this text\n"
	"\n"
	"Ends with a line 'sender NAME numbered=N' for each sender and one for each kind:\n"
	"  pid1|programs|barriers|bad sent=N answered=N early=N ignored=N lost=N failed=N\n"
	"  held_median_usec=N held_p99_usec=N\n"
	"and before these a line 'lost TEXT' for each message that was lost on purpose.\n"
	"Status: 0 if none failed (ENOTCONN and EPROTO fail a program, not PID 1; what is lost on\n"
	"purpose has not failed), 1 otherwise, 2 for usage.\n";

static const struct option table[] = {
	{"mode", required_argument, NULL, 'm'},
	{"port", required_argument, NULL, 'p'},
	{"wait", required_argument, NULL, 'w'},
	{"pid1", required_argument, NULL, '1'},
	{"programs", required_argument, NULL, 'P'},
	{"count", required_argument, NULL, 'n'},
	{"program-count", required_argument, NULL, 'N'},
	{"barrier", no_argument, NULL, 'b'},
	{"cut", no_argument, NULL, 'c'},
	{"full-close", no_argument, NULL, 'f'},
	{"bad", required_argument, NULL, 'B'},
	{"lose", required_argument, NULL, 'o'},
	{"rst", no_argument, NULL, 'r'},
	{"unseen", no_argument, NULL, 'u'},
	{"script", required_argument, NULL, 's'},
	{"speed", required_argument, NULL, 'x'},
	{"parallel", no_argument, NULL, 'l'},
	{"latency", required_argument, NULL, 'L'},
	{"seed", required_argument, NULL, 'S'},
	{"timeout", required_argument, NULL, 't'},
	{"progress", required_argument, NULL, 'g'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

/* Options whose meaning depends on other options. */
struct draft {
	const char *name; /* of the option that is being read */
	unsigned int port;
	unsigned int count;
	unsigned int wait_sec;
	unsigned int timeout_sec;
	bool has_program_count;
};

static int refuse(const struct draft *draft, const char *value, const char *advice)
{
	fprintf(stderr, "stand-in: --%s=%s: %s\n", draft->name, value, advice);
	return -EINVAL;
}

static int parse_number(const struct draft *draft, const char *text, unsigned int max,
                        unsigned int *number)
{
	char advice[64];
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && value <= max) {
		*number = value;
		return 0;
	}
	snprintf(advice, sizeof(advice), "use a number from 0 to %u", max);
	return refuse(draft, text, advice);
}

static int parse_mode(const struct draft *draft, enum backend_mode *mode)
{
	for (int i = 0; i < MODE_COUNT; i++) {
		if (strcmp(optarg, backend_mode_name(i)) == 0) {
			*mode = i;
			return 0;
		}
	}
	return refuse(draft, optarg, "use ch52, ch53 or vdv");
}

static int parse_latency(const struct draft *draft, struct latency *latency)
{
	int used = 0;
	int got = sscanf(optarg, "%ld:%ld%n", &latency->min_usec, &latency->max_usec, &used);

	if (got == 2 && optarg[used] == '\0' && latency->min_usec >= 0 &&
	    latency->max_usec >= latency->min_usec && latency->max_usec <= 60000000)
		return 0;
	return refuse(draft, optarg, "use MIN:MAX in usec, MAX at most 60000000");
}

static int parse_bad(const struct draft *draft, unsigned int *counts)
{
	const char *colon = strchrnul(optarg, ':');
	size_t length = colon - optarg;
	unsigned int count = 1;

	if (*colon && parse_number(draft, colon + 1, SENDERS_MAX, &count) < 0)
		return -EINVAL;
	for (int i = 0; i < BAD_COUNT; i++) {
		const char *name = bad_kind_name(i);

		if (strlen(name) == length && memcmp(name, optarg, length) == 0) {
			counts[i] = count;
			return 0;
		}
	}
	return refuse(draft, optarg, "use empty, reset, hang, oversize, nul or trickle");
}

static int parse_lose(const struct draft *draft, struct options *options)
{
	options->lose_ready = strcmp(optarg, "ready") == 0;
	if (options->lose_ready)
		return 0;
	return parse_number(draft, optarg, UINT32_MAX, &options->lose);
}

static int parse_speed(const struct draft *draft, double *speed)
{
	char *end;

	*speed = strtod(optarg, &end);
	if (end != optarg && *end == '\0' && *speed >= 0 && *speed <= 1e6)
		return 0;
	return refuse(draft, optarg, "use a factor from 0 to 1000000");
}

static int parse_option(struct options *options, struct draft *draft, int option)
{
	unsigned int seed = 0;
	int status = 0;

	switch (option) {
	case 'm':
		return parse_mode(draft, &options->backend.mode);
	case 'p':
		return parse_number(draft, optarg, UINT32_MAX, &draft->port);
	case 'w':
		return parse_number(draft, optarg, 3600, &draft->wait_sec);
	case '1':
		return parse_number(draft, optarg, SENDERS_MAX, &options->pid1_senders);
	case 'P':
		return parse_number(draft, optarg, SENDERS_MAX, &options->program_senders);
	case 'n':
		return parse_number(draft, optarg, 100000000, &draft->count);
	case 'N':
		draft->has_program_count = true;
		return parse_number(draft, optarg, 100000000, &options->program_count);
	case 'B':
		return parse_bad(draft, options->bad_count);
	case 'x':
		return parse_speed(draft, &options->speed);
	case 'L':
		return parse_latency(draft, &options->latency);
	case 'S':
		status = parse_number(draft, optarg, UINT32_MAX, &seed);
		options->seed = seed;
		return status;
	case 't':
		return parse_number(draft, optarg, 3600, &draft->timeout_sec);
	case 'g':
		return parse_number(draft, optarg, 100000000, &options->progress);
	case 'b':
		options->barrier = true;
		return 0;
	case 'c':
		options->cut = true;
		return 0;
	case 'f':
		options->full_close = true;
		return 0;
	case 'l':
		options->parallel = true;
		return 0;
	case 'o':
		return parse_lose(draft, options);
	case 'r':
		options->rst = true;
		return 0;
	case 'u':
		options->unseen = true;
		return 0;
	case 's':
		options->script = optarg;
		return 0;
	default:
		return -EINVAL;
	}
}

/* Shares the messages out between PID 1 and the programs. */
static int share_out(struct options *options, const struct draft *draft)
{
	unsigned int senders = options->pid1_senders + options->program_senders;

	if (!draft->has_program_count && senders > 0)
		options->program_count =
			(uint64_t)draft->count * options->program_senders / senders;
	if (options->program_count > draft->count) {
		fprintf(stderr, "stand-in: --program-count=%u: use at most --count, which is %u\n",
		        options->program_count, draft->count);
		return -EINVAL;
	}
	options->pid1_count = draft->count - options->program_count;
	if ((options->pid1_count && !options->pid1_senders) ||
	    (options->program_count && !options->program_senders)) {
		fprintf(stderr,
		        "stand-in: %u messages of PID 1 by --pid1=%u, %u of programs by "
		        "--programs=%u: give the messages senders\n",
		        options->pid1_count, options->pid1_senders, options->program_count,
		        options->program_senders);
		return -EINVAL;
	}
	return 0;
}

static int set_address(struct options *options, const struct draft *draft, const char *vsock)
{
	struct sockaddr_un *address = &options->backend.address;
	size_t room = sizeof(address->sun_path);

	address->sun_family = AF_UNIX;
	if (snprintf(address->sun_path, room, "%s_%u", vsock, draft->port) < (int)room)
		return 0;
	fprintf(stderr, "stand-in: '%s_%u' is longer than a socket's path; use at most %zu bytes\n",
	        vsock, draft->port, room - 1);
	return -EINVAL;
}

int options_parse(struct options *options, int argc, char **argv)
{
	struct draft draft = {.port = 1234, .count = 100, .timeout_sec = 30};
	int option, index;

	*options = (struct options){
		.latency = {.min_usec = 50, .max_usec = 20000},
		.seed = 1,
		.pid1_senders = 1,
	};
	while ((option = getopt_long(argc, argv, "", table, &index)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return 1;
		}
		draft.name = option == '?' ? "" : table[index].name;
		if (parse_option(options, &draft, option) < 0)
			return -EINVAL;
	}
	if (argc - optind != 1) {
		fprintf(stderr, "stand-in: %d arguments; name one VSOCK, see --help\n",
		        argc - optind);
		return -EINVAL;
	}
	options->timeout_usec = draft.timeout_sec * 1000000L;
	options->backend.connect_wait_usec = draft.wait_sec * 1000000L;
	if (share_out(options, &draft) < 0)
		return -EINVAL;
	return set_address(options, &draft, argv[optind]);
}
