/* SPDX-License-Identifier: Apache-2.0 */
/* What a guest has said of its units (see guest_model.h). */
#include "guest_model.h"

#include <string.h>

#define ACTIVE   "X_SYSTEMD_UNIT_ACTIVE="
#define SHUTDOWN "X_SYSTEMD_SHUTDOWN="

static bool is(const char *text, size_t length, const char *what)
{
	return length == strlen(what) && memcmp(text, what, length) == 0;
}

static bool has(const char *text, size_t length, const char *what)
{
	return memmem(text, length, what, strlen(what));
}

/* Any word about units, wherever it is. */
static bool announces(const char *text, size_t length)
{
	return has(text, length, "X_SYSTEMD_");
}

bool guest_model_is_end(const char *text, size_t length)
{
	return length >= strlen(SHUTDOWN) && memcmp(text, SHUTDOWN, strlen(SHUTDOWN)) == 0 &&
	       !memchr(text, '\0', length) && !has(text, length, "READY") &&
	       !has(text, length, "_ACTIVE=");
}

bool guest_model_may_be_ready(const struct guest_model *model, const char *text, size_t length)
{
	/* A READY=1 that is held waits for the next unit. */
	if (model->doubt || announces(text, length))
		return true;
	/* Emergency mode has no basic.target; where it came after all, the boot goes on (life.h). */
	return model->basic || (!model->emergency && !model->announces);
}

void guest_model_heard(struct guest_model *model, const char *text, size_t length)
{
	if (!announces(text, length))
		return;
	model->announces = true;
	if (is(text, length, ACTIVE "basic.target"))
		model->basic = true;
	else if (is(text, length, ACTIVE "emergency.target"))
		model->emergency = true;
	else if (!is(text, length, "X_SYSTEMD_SIGNALS_LEVEL=2"))
		model->doubt = true;
}
