/* SPDX-License-Identifier: Apache-2.0 */
/* The reason why a function failed (see failure.h). */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int failure_set(struct failure *failure, int error, const char *format, ...)
{
	va_list arguments;

	if (!failure)
		return error;
	va_start(arguments, format);
	vsnprintf(failure->line, sizeof(failure->line), format, arguments);
	va_end(arguments);
	return error;
}

const char *failure_line(const struct failure *failure, int error)
{
	return failure->line[0] ? failure->line : strerror(-error);
}
