/* SPDX-License-Identifier: Apache-2.0 */
/* The requests to a VMM's API, and its answers (see api.h). */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/macros.h"

#define REQUEST(method, path) method " " path " HTTP/1.1\r\nHost: localhost\r\n"
#define NO_BODY               "Content-Length: 0\r\n\r\n"
#define JSON_BODY(length)     "Content-Type: application/json\r\nContent-Length: " length "\r\n\r\n"

static const struct vmm_api_request cloud_hypervisor[] = {
	{REQUEST("PUT", "/api/v1/vm.resume") NO_BODY, true},
	{REQUEST("PUT", "/api/v1/vm.power-button") NO_BODY, false},
};

static const struct vmm_api_request firecracker[] = {
	{REQUEST("PATCH", "/vm") JSON_BODY("19") "{\"state\":\"Resumed\"}", true},
	{REQUEST("PUT", "/actions") JSON_BODY("32") "{\"action_type\":\"SendCtrlAltDel\"}", false},
};

/* QMP needs its capabilities negotiated first; then the order is as for the others. */
static const struct vmm_api_request qmp[] = {
	{"", false},
	{"{\"execute\":\"qmp_capabilities\"}\n", false},
	{"{\"execute\":\"cont\"}\n", true},
	{"{\"execute\":\"system_powerdown\"}\n", false},
};

static unsigned copy(const struct vmm_api_request *from, unsigned count, bool resume,
                     struct vmm_api_request requests[VMM_API_REQUESTS_MAX])
{
	unsigned n = 0;

	for (unsigned i = 0; i < count; i++)
		if (resume || !from[i].may_be_refused)
			requests[n++] = from[i];
	return n;
}

unsigned vmm_api_requests(enum vmm_api api, bool resume,
                          struct vmm_api_request requests[VMM_API_REQUESTS_MAX])
{
	switch (api) {
	case VMM_API_CLOUD_HYPERVISOR:
		return copy(cloud_hypervisor, ARRAY_SIZE(cloud_hypervisor), resume, requests);
	case VMM_API_FIRECRACKER:
		return copy(firecracker, ARRAY_SIZE(firecracker), resume, requests);
	case VMM_API_QMP:
		return copy(qmp, ARRAY_SIZE(qmp), resume, requests);
	case VMM_API_NONE:
		break;
	}
	return 0;
}

/* Keeps what the VMM said, as one line. */
static void set_words(struct vmm_api_answer *answer, const char *text, size_t length)
{
	snprintf(answer->words, sizeof(answer->words), "%.*s", (int)length, text);
	for (char *c = answer->words; *c; c++)
		if (*c == '\r' || *c == '\n')
			*c = ' ';
}

/* Parses "HTTP/1.1 204". Returns the status code, or 0 if it is none. */
static int http_status(const char *line)
{
	static const char pattern[] = "HTTP/1.# ###"; /* each '#' a digit */

	for (size_t i = 0; i < strlen(pattern); i++)
		if (pattern[i] == '#' ? line[i] < '0' || line[i] > '9' : line[i] != pattern[i])
			return 0;
	return atoi(line + strlen("HTTP/1.1 "));
}

/* The value of Content-Length in the header lines before end; 0 if there is none. */
static size_t body_length(const char *line, const char *end)
{
	static const char name[] = "Content-Length:";

	for (; line && line < end; line = strstr(line, "\r\n")) {
		line += strspn(line, "\r\n");
		if (strncasecmp(line, name, strlen(name)) == 0)
			return strtoul(line + strlen(name), NULL, 10);
	}
	return 0;
}

static struct vmm_api_answer read_http(const char *text, size_t length)
{
	struct vmm_api_answer answer = {.verdict = VMM_API_INCOMPLETE};
	const char *line_end = strstr(text, "\r\n");
	const char *body = strstr(text, "\r\n\r\n");
	int status = http_status(text);
	size_t body_size;

	if (!line_end || (status != 0 && !body))
		return answer;
	answer.length = body ? (size_t)(body + 4 - text) : length;
	body_size = body ? body_length(text, body) : 0;
	if (status != 0 && body_size > length - answer.length)
		return answer;
	answer.length += body_size;
	answer.verdict = status / 100 == 2 ? VMM_API_DONE : VMM_API_REFUSED;
	if (answer.verdict == VMM_API_REFUSED)
		set_words(&answer, text, body && body[4] ? length : (size_t)(line_end - text));
	return answer;
}

/* One line of QMP. The greeting counts as an answer; events may come at any time and are none. */
static enum vmm_api_verdict read_qmp_line(struct vmm_api_answer *answer, const char *line,
                                          size_t length)
{
	cJSON *object = cJSON_ParseWithLength(line, length);
	const cJSON *error = cJSON_GetObjectItemCaseSensitive(object, "error");
	const char *words = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "desc"));
	enum vmm_api_verdict verdict = VMM_API_INCOMPLETE;

	if (!object || error) {
		set_words(answer, words ? words : line, words ? strlen(words) : length);
		verdict = VMM_API_REFUSED;
	} else if (cJSON_HasObjectItem(object, "return") || cJSON_HasObjectItem(object, "QMP")) {
		verdict = VMM_API_DONE;
	}
	cJSON_Delete(object);
	return verdict;
}

static struct vmm_api_answer read_qmp(const char *text, size_t length)
{
	struct vmm_api_answer answer = {.verdict = VMM_API_INCOMPLETE};

	while (answer.verdict == VMM_API_INCOMPLETE) {
		const char *line = text + answer.length;
		const char *end = memchr(line, '\n', length - answer.length);

		if (!end)
			break;
		answer.length = (size_t)(end + 1 - text);
		answer.verdict = read_qmp_line(&answer, line, (size_t)(end - line));
	}
	return answer;
}

struct vmm_api_answer vmm_api_read_answer(enum vmm_api api, const char *text, size_t length)
{
	return api == VMM_API_QMP ? read_qmp(text, length) : read_http(text, length);
}
