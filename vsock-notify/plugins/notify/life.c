/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's life, to know when READY=1 means ready (rules: life.h). */
#include "life.h"

#include <string.h>

static bool is_emergency_unit(const struct field *field)
{
	return field_value_is(field, "emergency.target") || field_value_is(field, "rescue.target");
}

static enum life_news now_ready(struct life *life)
{
	life->ready_said = false;
	life->held_until_usec = 0;
	return LIFE_READY;
}

enum life_news life_ready(struct life *life, uint64_t now_usec)
{
	life->ready_said = true;
	if (!life->ready_unit && (!life->announces || life->basic))
		return now_ready(life);
	if (life->emergency)
		return LIFE_EMERGENCY;
	if (life->ready_unit)
		return LIFE_NOTHING;
	life->held_until_usec = now_usec + LIFE_HOLD_USEC;
	return LIFE_NOTHING;
}

static enum life_news unit_active(struct life *life, const struct field *field)
{
	/* Asked for, it is readiness even where it is one of the emergency's. */
	if (life->ready_unit && field_value_is(field, life->ready_unit))
		return now_ready(life);
	if (field_value_is(field, "basic.target"))
		life->basic = true;
	if (is_emergency_unit(field)) {
		life->emergency = true;
		life->held_until_usec = 0;
		return LIFE_EMERGENCY;
	}
	if (life->ready_unit)
		return LIFE_NOTHING;
	/* Held, or said in an emergency that is over: the boot goes on. */
	if (life->held_until_usec || (life->ready_said && field_value_is(field, "basic.target")))
		return now_ready(life);
	return LIFE_NOTHING;
}

static void unit_inactive(struct life *life, const struct field *field)
{
	if (is_emergency_unit(field))
		life->emergency = false;
	else if (field_value_is(field, "basic.target"))
		life->basic = false;
}

void life_over(struct life *life)
{
	*life = (struct life){.ready_unit = life->ready_unit};
}

enum life_news life_systemd(struct life *life, const struct field *field)
{
	life->announces = true;
	if (field_is(field, "X_SYSTEMD_UNIT_ACTIVE"))
		return unit_active(life, field);
	if (field_is(field, "X_SYSTEMD_UNIT_INACTIVE"))
		unit_inactive(life, field);
	else if (field_is(field, "X_SYSTEMD_SHUTDOWN"))
		life_over(life);
	return LIFE_NOTHING;
}

enum life_news life_time(struct life *life, uint64_t now_usec)
{
	if (life->held_until_usec == 0 || now_usec < life->held_until_usec)
		return LIFE_NOTHING;
	return now_ready(life);
}
