/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a report as XML with libxml2, which libvirt uses itself and which is in this process anyway. libxml2 escapes the
 * text. Characters that libxml2 would refuse, or that would control a terminal, are replaced by U+FFFD before.
 */
#include "document.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>

#include "base/utf8.h"
#include "state/state.h"

/* U+FFFD. */
#define INSTEAD "\xef\xbf\xbd"

static const char *life_name(uint32_t life)
{
	return life <= STATE_PANICKED ? state_life_name((enum state_life)life) : "unknown";
}

static bool add(xmlNode *parent, const char *name, const char *text)
{
	return xmlNewTextChild(parent, NULL, BAD_CAST name, BAD_CAST text) != NULL;
}

static bool add_number(xmlNode *parent, const char *name, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	return add(parent, name, text);
}

/* Adds a text from the guest, at most room bytes of it, up to the first NUL. An empty text is left out. */
static bool add_text(xmlNode *parent, const char *name, const char *bytes, size_t room)
{
	char text[REPORT_STATUS_MAX * (sizeof(INSTEAD) - 1) + 1];
	size_t left = strnlen(bytes, room);
	size_t used = 0;

	if (left == 0)
		return true;
	while (left > 0) {
		size_t good = utf8_printable(bytes, left);
		size_t step = good ? good : 1;

		memcpy(text + used, good ? bytes : INSTEAD, good ? good : strlen(INSTEAD));
		used += good ? good : strlen(INSTEAD);
		bytes += step;
		left -= step;
	}
	text[used] = '\0';
	return add(parent, name, text);
}

/* RFC 3339. */
static bool add_time(xmlNode *parent, const char *name, time_t when)
{
	char text[40];
	struct tm parts;

	return !gmtime_r(&when, &parts) ||
	       strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0 ||
	       add(parent, name, text);
}

#define ADD_TEXT(parent, name, member) add_text(parent, name, member, sizeof(member))

static bool fill(xmlNode *state, const struct report *report, time_t since)
{
	return add(state, "life", life_name(report->life)) && add_time(state, "since", since) &&
	       add_number(state, "boots", report->boots) &&
	       (!report->paused || add(state, "paused", "yes")) &&
	       add(state, "watched", report->ended ? "no" : "yes") &&
	       ADD_TEXT(state, "status", report->status) &&
	       ADD_TEXT(state, "hostname", report->hostname) &&
	       ADD_TEXT(state, "machine-id", report->machine_id) &&
	       ADD_TEXT(state, "shutdown", report->way) &&
	       (report->exit_status < 0 || add_number(state, "exit-status", report->exit_status));
}

static char *print(xmlDoc *document, xmlNode *state)
{
	xmlBuffer *buffer = xmlBufferCreate();
	char *text = NULL;

	if (!buffer)
		return NULL;
	if (xmlNodeDump(buffer, document, state, 0, 0) >= 0)
		text = strdup((const char *)xmlBufferContent(buffer));
	xmlBufferFree(buffer);
	return text;
}

char *document_make(const struct report *report, time_t since)
{
	xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");
	xmlNode *state = document ? xmlNewNode(NULL, BAD_CAST "state") : NULL;
	char *text = NULL;

	if (state) {
		xmlDocSetRootElement(document, state);
		/* Without this, each character that is not ASCII becomes a reference. */
		document->encoding = xmlStrdup(BAD_CAST "UTF-8");
		if (fill(state, report, since))
			text = print(document, state);
	}
	xmlFreeDoc(document);
	return text;
}
