/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a seccomp(2) filter of a list of system calls, with libseccomp, and writes it to standard output:
 * the kernel's BPF. For vsock-notify, which executes it before it confines itself. First there may be one of
 *
 *     --readable      text in place of BPF
 *     --kill          what is not allowed kills the process, for tests that are to notice
 *
 * then words:
 *
 *     NAME            is allowed
 *     ?NAME           likewise, where this system knows it
 *     NAME:COND,...   is allowed where each condition holds: ARGUMENT=VALUE, or ARGUMENT&MASK=VALUE;
 *                     arguments are counted from 0, numbers are decimal
 *
 * A NAME given again is allowed where either holds. All other system
 * calls fail with EPERM; one of another architecture kills the process.
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

/* "0=5" or "2&4=0"; what is after it is left in *text. */
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
		return optional ? 0 : complain(word, "is no system call of this system");
	if (conditions)
		r = allow_if(filter, call, conditions);
	else
		r = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, NULL);
	return r == 0 || (optional && r == -EDOM) ? 0 : complain(word, strerror(-r));
}

int main(int argc, char **argv)
{
	bool readable = argc > 1 && strcmp(argv[1], "--readable") == 0;
	bool kill = argc > 1 && strcmp(argv[1], "--kill") == 0;
	scmp_filter_ctx filter = seccomp_init(kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));
	int r = filter ? 0 : complain("seccomp", "no memory");

	for (int i = 1 + (readable || kill); r == 0 && i < argc; i++)
		r = allow(filter, argv[i]);
	if (r == 0)
		r = readable ? seccomp_export_pfc(filter, STDOUT_FILENO)
		             : seccomp_export_bpf(filter, STDOUT_FILENO);
	seccomp_release(filter);
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
