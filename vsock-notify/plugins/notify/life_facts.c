/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what a message says of the guest's life (see life_facts.h). */
#include "life_facts.h"

#include "include/vsock-notify-plugin.h"
#include "policy.h"

unsigned life_once_bit(const struct field *field)
{
	static const char *const names[] = {"X_SYSTEMD_HOSTNAME", "X_SYSTEMD_MACHINE_ID",
	                                    "X_SYSTEMD_SIGNALS_LEVEL"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (field_is(field, names[i]))
			return 1u << i;
	return 0;
}

struct life_facts life_facts_find(const char *text, size_t length)
{
	struct life_facts facts = {.sign_of_life = true};
	const char *cursor = text;
	struct field field;

	while (fields_next(&cursor, text + length, &field, &facts.malformed)) {
		enum policy_field kind = policy_classify(&field);

		facts.fields++;
		facts.systemd |= kind == POLICY_SYSTEMD;
		facts.ready |= kind == POLICY_READY;
		facts.reloading |= kind == POLICY_RELOADING;
		facts.extends |= kind == POLICY_EXTEND_TIMEOUT;
		facts.once |= life_once_bit(&field);
		if (field_is(&field, "X_SYSTEMD_SHUTDOWN"))
			facts.shutdown = field;
		else if (field_is(&field, "X_SYSTEMD_UNIT_ACTIVE"))
			facts.reached = field;
		else if (kind == POLICY_EXIT_STATUS && !facts.exit_status.name)
			facts.exit_status = field;
	}
	return facts;
}

bool life_is_reboot(const struct field *way)
{
	return way->name && (field_value_is(way, "reboot") || field_value_is(way, "kexec"));
}

int life_field_event(const struct field *field)
{
	if (field_is(field, "X_SYSTEMD_UNIT_ACTIVE"))
		return VSN_EVENT_GUEST_UNIT_ACTIVE;
	if (field_is(field, "X_SYSTEMD_UNIT_INACTIVE"))
		return VSN_EVENT_GUEST_UNIT_INACTIVE;
	return field_is(field, "X_SYSTEMD_HOSTNAME") ? VSN_EVENT_GUEST_HOSTNAME : 0;
}
