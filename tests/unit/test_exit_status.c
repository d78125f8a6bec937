/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/exit_status: whose status it is. */
#include "run/exit_status.h"

#include <errno.h>

#include "harness.h"

static const struct {
	struct exit_status status;
	int expected;
} rows[] = {
	/* The guest's where it said one, and 0 is one too. */
	{{.guest = 42, .vmm = 0}, 42},
	{{.guest = 0, .vmm = 1}, 0},
	{{.guest = 0, .vmm = 137}, 0},
	{{.guest = 255, .vmm = 0}, 255},
	/* Else the VMM's. */
	{{.guest = -1, .vmm = 0}, 0},
	{{.guest = -1, .vmm = 3}, 3},
	{{.guest = -1, .vmm = 143}, 143},
	/* --exit-status=vmm */
	{{.of_vmm = true, .guest = 42, .vmm = 0}, 0},
	{{.of_vmm = true, .guest = 0, .vmm = 139}, 139},
	{{.of_vmm = true, .guest = -1, .vmm = 7}, 7},
	/* A guest that shut down and did not say its own: it is not known, unless the VMM has failed. */
	{{.unfinished = true, .guest = -1, .vmm = 0}, 0},
	{{.unfinished = true, .unknown = 7, .guest = -1, .vmm = 0}, 7},
	{{.unfinished = true, .unknown = 255, .guest = -1, .vmm = 0}, 255},
	{{.unfinished = true, .unknown = 7, .guest = -1, .vmm = 3}, 3},
	{{.unfinished = true, .unknown = 7, .guest = -1, .vmm = 137}, 137},
	{{.unfinished = true, .unknown = 7, .guest = 0, .vmm = 0}, 0},
	{{.unfinished = true, .unknown = 7, .of_vmm = true, .guest = -1, .vmm = 0}, 0},
	{{.unfinished = true, .unknown = 7, .failed = true, .guest = -1, .vmm = 0}, 1},
	/* One that did not shut down. */
	{{.unknown = 7, .guest = -1, .vmm = 0}, 0},
	/* A crash after the guest's last word is one, unless the guest has failed itself. */
	{{.guest = 0, .vmm = 139, .foreign = true}, 139},
	{{.guest = -1, .vmm = 137, .foreign = true, .finished = true, .ended = true}, 137},
	{{.guest = 42, .vmm = 139, .foreign = true}, 42},
	{{.guest = 0, .vmm = 139, .foreign = true, .rebooting = true, .reboot = 133}, 139},
	/* A guest that shut down, and a VMM that stayed and was ended. */
	{{.guest = -1, .vmm = 143, .finished = true, .ended = true}, 0},
	{{.guest = -1, .vmm = 137, .finished = true, .ended = true}, 0},
	{{.guest = 3, .vmm = 143, .finished = true, .ended = true}, 3},
	{{.guest = -1, .vmm = 143, .ended = true}, 143},
	/* A reboot that is to run the unit's start again. */
	{{.rebooting = true, .reboot = 133, .guest = -1, .vmm = 0}, 133},
	{{.rebooting = true, .reboot = 133, .guest = 0, .vmm = 143}, 133},
	{{.rebooting = true, .reboot = 133, .of_vmm = true, .guest = -1, .vmm = 0}, 133},
	{{.rebooting = true, .reboot = 133, .unfinished = true, .unknown = 7, .guest = -1}, 133},
	{{.rebooting = true, .reboot = 133, .failed = true, .guest = -1}, 1},
	/* A VM that was given up has failed, whatever was said. */
	{{.failed = true, .guest = 0, .vmm = 0}, 1},
	{{.failed = true, .guest = 42, .vmm = 3}, 1},
	{{.failed = true, .of_vmm = true, .guest = -1, .vmm = 0}, 1},
};

START_TEST(it_is_the_one_that_was_asked_for)
{
	const struct exit_status *status = &rows[_i].status;

	ck_assert_int_eq(exit_status_of(status), rows[_i].expected);
	/* It is said to be unknown only if it is. */
	if (status->unknown == 7)
		ck_assert_int_eq(exit_status_is_unknown(status), rows[_i].expected == 7);
}
END_TEST

START_TEST(a_vmm_that_cannot_be_executed_is_as_in_a_shell)
{
	ck_assert_int_eq(exit_status_of_spawn(-ENOENT), 127);
	ck_assert_int_eq(exit_status_of_spawn(-EACCES), 126);
	ck_assert_int_eq(exit_status_of_spawn(-ENOEXEC), 126);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("exit_status");
	TCase *tcase = harness_case(suite, "status");

	tcase_add_loop_test(tcase, it_is_the_one_that_was_asked_for, 0,
	                    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tcase, a_vmm_that_cannot_be_executed_is_as_in_a_shell);
	return harness_run(suite);
}
