/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program vsock-notify-filter: makes a seccomp(2) filter from a list of system calls, with libseccomp, and writes it to
 * standard output as the kernel's BPF. vsock-notify executes it before it confines itself. The first argument may be
 *
 *     --readable      writes text in place of BPF
 *     --kill          a call that is not allowed kills the process, so that tests notice it
 *
 * The other arguments are
 *
 *     NAME            allows this system call
 *     ?NAME           allows it if this system knows it
 *     NAME:COND,...   allows it if all conditions hold: ARGUMENT=VALUE or ARGUMENT&MASK=VALUE. Arguments are counted
 *                     from 0, numbers are decimal
 *
 * If a NAME is given several times, it is allowed if the conditions of one of them hold. All other system calls fail with
 * EPERM. A system call of another architecture kills the process.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONDITIONS_MAX 6

static int complain(const char *word, const char *what)
{
	fprintf(stderr, "vsock-notify-filter: %s: %s\n", word, what);
	return -1;
}

/* Parses a condition such as "0=5" or "2&4=0", and moves *text behind it. */
static int parse_condition(char **text, struct scmp_arg_cmp *condition)
{
	condition->arg = (unsigned)strtoul(*text, text, 10);
	condition->op = SCMP_CMP_EQ;
	if (**text == '&') {
		condition->op = SCMP_CMP_MASKED_EQ;
		condition->datum_a = strtoull(*text + 1, text, 10);
	}
	if (*(*text)++ != '=')
		return -1;
	if (condition->op == SCMP_CMP_EQ)
		condition->datum_a = strtoull(*text, text, 10);
	else
		condition->datum_b = strtoull(*text, text, 10);
	return 0;
}

static int allow_if(scmp_filter_ctx filter, int call, char *text)
{
	struct scmp_arg_cmp conditions[CONDITIONS_MAX];
	unsigned count = 0;

	do {
		if (count == CONDITIONS_MAX || parse_condition(&text, &conditions[count++]) < 0)
			return -EINVAL;
	} while (*text++ == ',');
	return text[-1] ? -EINVAL
	                : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, count, conditions);
}

static int allow(scmp_filter_ctx filter, char *word)
{
	bool optional = *word == '?';
	char *conditions = strchr(word, ':');
	int call, r;

	if (conditions)
		*conditions++ = '\0';
	call = seccomp_syscall_resolve_name(word + optional);
	if (call == __NR_SCMP_ERROR)
		return optional ? 0 : complain(word, "this system has no such system call");
	if (conditions)
		r = allow_if(filter, call, conditions);
	else
		r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, NULL);
	return r == 0 || (optional && r == -EDOM) ? 0 : complain(word, strerror(-r));
}

/* Adds the words to the filter and writes it. */
static int make(scmp_filter_ctx filter, char **words, bool readable)
{
	if (!filter)
		return complain("seccomp", "no memory");
	for (; *words; words++)
		if (allow(filter, *words) < 0)
			return -1;
	return readable ? seccomp_export_pfc(filter, STDOUT_FILENO)
	                : seccomp_export_bpf(filter, STDOUT_FILENO);
}

int main(int argc, char **argv)
{
	bool readable = argc > 1 && strcmp(argv[1], "--readable") == 0;
	bool kill = argc > 1 && strcmp(argv[1], "--kill") == 0;
	scmp_filter_ctx filter = seccomp_init(kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));
	int r = make(filter, argv + (readable || kill ? 2 : 1), readable);

	seccomp_release(filter);
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
