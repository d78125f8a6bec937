/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/ending: at which event of the guest's life the VMM is to end. */
#include "run/ending.h"

#include "harness.h"

static const struct {
	struct ending_rule rule;
	enum vsn_event_type type;
	const char *text;
	enum ending expected;
} rows[] = {
	/* The guest's last word. */
	{{0}, VSN_EVENT_GUEST_STOPPING, "poweroff", ENDING_LINGER},
	{{0}, VSN_EVENT_GUEST_STOPPING, "halt", ENDING_LINGER},
	{{0}, VSN_EVENT_GUEST_STOPPING, "exit", ENDING_LINGER},
	/* It begins to shut down, and may take minutes. */
	{{0}, VSN_EVENT_GUEST_STOPPING, "", ENDING_NONE},
	/* It lives on. */
	{{0}, VSN_EVENT_GUEST_STOPPING, "reboot", ENDING_NONE},
	{{0}, VSN_EVENT_GUEST_STOPPING, "kexec", ENDING_NONE},
	{{.exit_on_reboot = true}, VSN_EVENT_GUEST_STOPPING, "kexec", ENDING_NONE},
	{{0}, VSN_EVENT_VM_REBOOTED, NULL, ENDING_NONE},
	/* Ways that are not known, or only begin like one. */
	{{0}, VSN_EVENT_GUEST_STOPPING, "power", ENDING_NONE},
	{{0}, VSN_EVENT_GUEST_STOPPING, "poweroffs", ENDING_NONE},
	/* --no-shutdown */
	{{.stays = true}, VSN_EVENT_GUEST_STOPPING, "poweroff", ENDING_NONE},
	{{.stays = true}, VSN_EVENT_GUEST_STOPPING, "halt", ENDING_NONE},
	/* --reboot=exit */
	{{.exit_on_reboot = true}, VSN_EVENT_GUEST_STOPPING, "reboot", ENDING_REBOOTS},
	{{.reboots = true}, VSN_EVENT_GUEST_BOOTING, NULL, ENDING_REBOOTED},
	{{.exit_on_reboot = true}, VSN_EVENT_GUEST_BOOTING, NULL, ENDING_NONE},
	{{.exit_on_reboot = true}, VSN_EVENT_VM_REBOOTED, NULL, ENDING_REBOOTED},
	{{.exit_on_reboot = true}, VSN_EVENT_GUEST_STOPPING, "poweroff", ENDING_LINGER},
	{{.exit_on_reboot = true, .stays = true}, VSN_EVENT_VM_REBOOTED, NULL, ENDING_REBOOTED},
	/* A guest that was asked to shut down, and whose way to do that is a reboot. */
	{{.asked = true}, VSN_EVENT_GUEST_STOPPING, "reboot", ENDING_LINGER},
	{{.asked = true}, VSN_EVENT_VM_REBOOTED, NULL, ENDING_REBOOTED},
	{{.asked = true, .stays = true}, VSN_EVENT_GUEST_STOPPING, "poweroff", ENDING_LINGER},
	{{.asked = true, .exit_on_reboot = true},
         VSN_EVENT_GUEST_STOPPING,
         "reboot",
         ENDING_LINGER},
	/* Failures. */
	{{0}, VSN_EVENT_GUEST_PANIC, NULL, ENDING_PANIC},
	{{0}, VSN_EVENT_GUEST_EMERGENCY, NULL, ENDING_NONE},
	{{.fail_on_emergency = true}, VSN_EVENT_GUEST_EMERGENCY, NULL, ENDING_EMERGENCY},
	{{.fail_on_emergency = true, .ready = true}, VSN_EVENT_GUEST_EMERGENCY, NULL, ENDING_NONE},
	{{0}, VSN_EVENT_GUEST_READY, NULL, ENDING_NONE},
	{{0}, VSN_EVENT_GUEST_EXIT, NULL, ENDING_NONE},
};

START_TEST(an_event_ends_the_vmm_or_does_not)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = rows[_i].type,
		.text = rows[_i].text,
		.length = rows[_i].text ? strlen(rows[_i].text) : 0,
	};

	ck_assert_int_eq(ending_of(&rows[_i].rule, &event), rows[_i].expected);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ending");
	TCase *tcase = harness_case(suite, "events");

	tcase_add_loop_test(tcase, an_event_ends_the_vmm_or_does_not, 0,
	                    (int)(sizeof(rows) / sizeof(rows[0])));
	return harness_run(suite);
}
