/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stand-in: a VMM with hybrid vsock and a guest's systemd in it, where there is neither. It starts
 * the senders that the command line asks for, waits for them, and prints what became of their
 * notifications.
 */
#include "options.h"
#include "sender.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct crew {
	struct sender *senders;
	unsigned int count;
};

static struct sender *crew_add(struct crew *crew, struct run *run, enum sender_role role,
                               unsigned int index)
{
	struct sender *sender = &crew->senders[crew->count];

	*sender = (struct sender){
		.run = run,
		.role = role,
		.index = index,
		.prng = prng_make(run->options->seed, crew->count),
	};
	crew->count++;
	return sender;
}

/* Each sender gets an equal share of @total. What is left over goes to the first ones. */
static void add_sharing(struct crew *crew, struct run *run, enum sender_role role,
                        unsigned int senders, unsigned int total)
{
	for (unsigned int i = 0; i < senders; i++)
		crew_add(crew, run, role, i)->count = total / senders + (i < total % senders);
}

static void add_scripted(struct crew *crew, struct run *run)
{
	bool parallel = run->options->parallel;

	for (unsigned int i = 0; i < (parallel ? 2 : 1); i++) {
		struct sender *sender = crew_add(crew, run, SENDER_SCRIPT, i);

		sender->plays[KIND_PID1] = i == 0;
		sender->plays[KIND_PROGRAM] = !parallel || i == 1;
		sender->plays[KIND_BARRIER] = !parallel || i == 1;
	}
}

static void add_good(struct crew *crew, struct run *run)
{
	const struct options *options = run->options;

	if (options->script) {
		add_scripted(crew, run);
		return;
	}
	add_sharing(crew, run, SENDER_PID1, options->pid1_senders, options->pid1_count);
	add_sharing(crew, run, SENDER_PROGRAM, options->program_senders, options->program_count);
}

static void add_bad(struct crew *crew, struct run *run)
{
	for (unsigned int bad = 0; bad < BAD_COUNT; bad++) {
		unsigned int count = run->options->bad_count[bad];
		/* Connections that hang do so all at once, other bad ones follow each other. */
		unsigned int senders = bad == BAD_HANG ? count : count > 0;

		for (unsigned int i = 0; i < senders; i++) {
			struct sender *sender = crew_add(crew, run, SENDER_BAD, i);

			sender->bad = bad;
			sender->count = count / senders;
		}
	}
}

static void start(struct crew *crew)
{
	for (unsigned int i = 0; i < crew->count; i++) {
		struct sender *sender = &crew->senders[i];
		int error = pthread_create(&sender->thread, NULL, sender_main, sender);

		if (error) {
			fprintf(stderr, "stand-in: cannot start sender %u: %s; use fewer\n", i,
			        strerror(error));
			exit(1);
		}
	}
}

static void join(struct crew *crew, unsigned int from, unsigned int to)
{
	for (unsigned int i = from; i < to; i++)
		pthread_join(crew->senders[i].thread, NULL);
}

/* Prints what became of everything. Returns how many failed. */
static unsigned int report(struct crew *crew)
{
	unsigned int failed = 0;

	for (unsigned int i = 0; i < crew->count; i++)
		sender_print(&crew->senders[i], stdout);
	for (unsigned int kind = 0; kind < KIND_COUNT; kind++) {
		struct tally sum = {0};

		for (unsigned int i = 0; i < crew->count; i++) {
			tally_add(&sum, &crew->senders[i].tallies[kind]);
			tally_free(&crew->senders[i].tallies[kind]);
		}
		if (sum.sent > 0 || kind == KIND_PID1 || kind == KIND_PROGRAM)
			tally_print(&sum, kind, stdout);
		failed += sum.failed;
		tally_free(&sum);
	}
	return failed;
}

/* Returns how many failed. */
static unsigned int run_crew(struct crew *crew, struct run *run)
{
	unsigned int good;

	add_good(crew, run);
	good = crew->count;
	add_bad(crew, run);
	start(crew);
	join(crew, 0, good);
	/* The host has had the chance to end the connections that hang. Now their senders give up. */
	eventfd_write(run->release_fd, 1);
	join(crew, good, crew->count);
	return report(crew);
}

int main(int argc, char **argv)
{
	static struct options options;
	static struct sender senders[(2 + BAD_COUNT) * SENDERS_MAX];
	struct run run = {.options = &options, .release_fd = -1};
	struct crew crew = {.senders = senders};
	int status = options_parse(&options, argc, argv);
	unsigned int failed;

	if (status != 0)
		return status < 0 ? 2 : 0;
	if (options.script && script_read(&run.script, options.script) < 0)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	run.release_fd = eventfd(0, EFD_CLOEXEC);
	if (run.release_fd < 0) {
		fprintf(stderr, "stand-in: eventfd: %s; allow more open files\n", strerror(errno));
		return 1;
	}
	run.start_usec = clock_usec();
	failed = run_crew(&crew, &run);
	close(run.release_fd);
	script_free(&run.script);
	return failed > 0;
}
