/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: what "vsock-notify run" makes of a command line: run/vmm, strv and how the result is printed.
 *
 * Three bytes choose the request, two more the port. Strings follow, each ended by a NUL: the user's own
 * --vsock and the file that describes the VM where they are asked for, then the VMM's arguments. What must
 * hold: every argument of the user's is still there, in order; a plan of a plan adds nothing; what is
 * printed reads as the same words.
 */
#include "run/vmm/plan.h"

#include <errno.h>

#include "base/log.h"
#include "fuzz.h"
#include "run/launch.h"
#include "run/vmm/ch_value.h"
#include "run/vmm/credential.h"

#define ARGUMENTS_MAX 32
#define EVENT_FD      9

/* Whether after is before, but for a value that may have got something more: a list, a command launch. */
static bool may_become(const char *before, const char *after)
{
	size_t common = 0;

	if (strcmp(before, after) == 0)
		return true;
	while (before[common] && before[common] == after[common])
		common++;
	return strlen(after) > strlen(before) && strstr(after + common, "vmm.notify_socket");
}

/* Whether it is the end of the options, behind which nothing follows: an option that is added takes its place. */
static bool is_last_end(const char *const *word)
{
	return strcmp(*word, "--") == 0 && !word[1];
}

/* The user's arguments are all there, in order, and first. */
static void check_arguments(const char *const *before, const struct strv *after)
{
	size_t i = 0;
	unsigned changed = 0;

	FUZZ_CHECK(after->items[after->count] == NULL);
	for (; before[i] && !(i && is_last_end(before + i) && after->count > i + 1); i++) {
		FUZZ_CHECK(i < after->count && may_become(before[i], after->items[i]));
		changed += strcmp(before[i], after->items[i]) != 0;
	}
	FUZZ_CHECK(changed <= 1);
	/* At most --vsock, --platform or --cmdline, --event-monitor. */
	FUZZ_CHECK(after->count - i <= 6 && (after->count - i) % 2 == 0);
}

static void check_same(const struct strv *one, const struct strv *other)
{
	FUZZ_CHECK(one->count == other->count);
	for (size_t i = 0; i < one->count; i++)
		FUZZ_CHECK(strcmp(one->items[i], other->items[i]) == 0);
}

/* Whether each option has a value that is none itself: the VMM takes no other command launch. */
static bool is_well_formed(const char *const *arguments)
{
	for (size_t i = 1; arguments[0] && arguments[i]; i++)
		if (strncmp(arguments[i], "--", 2) == 0 && !strchr(arguments[i], '=') &&
		    (!arguments[i + 1] || arguments[i + 1][0] == '-'))
			return false;
	return true;
}

/* The plan's own command line needs no more. */
static void check_again(const struct vmm_request *request, const struct vmm_plan *plan)
{
	struct vmm_request again = *request;
	struct failure failure = {0};
	struct vmm_plan second;
	int r;

	again.arguments = (const char *const *)plan->arguments.items;
	r = vmm_plan_make(&again, &second, &failure);
	if (!is_well_formed(request->arguments)) {
		FUZZ_CHECK(r == 0 || (r == -EINVAL && failure.line[0]));
		vmm_plan_free(&second);
		return;
	}
	FUZZ_CHECK(r == 0);
	check_same(&plan->arguments, &second.arguments);
	FUZZ_CHECK(second.port == plan->port && strcmp(second.vsock, plan->vsock) == 0);
	FUZZ_CHECK(second.restored == plan->restored && second.kind == plan->kind);
	FUZZ_CHECK(second.first == plan->first && second.api == plan->api);
	vmm_plan_free(&second);
}

static void check_plan(const struct vmm_request *request)
{
	struct failure failure = {0};
	struct vmm_plan plan;
	int r = vmm_plan_make(request, &plan, &failure);

	FUZZ_CHECK(r == 0 || (r == -EINVAL && failure.line[0]));
	if (r == 0) {
		FUZZ_CHECK(plan.kind != VMM_AUTO && plan.first < plan.arguments.count);
		FUZZ_CHECK((plan.api == VMM_API_NONE) == !plan.api_socket);
		FUZZ_CHECK(!failure.line[0] && plan.vsock && (plan.port || request->port == 0));
		check_arguments(request->arguments, &plan.arguments);
		check_again(request, &plan);
	}
	vmm_plan_free(&plan);
	FUZZ_CHECK(!plan.arguments.items && !plan.vsock);
}

/* One word as a shell reads it: plain, or between single quotes with '\'' for one of these. */
static const char *read_word(const char *text, char *word)
{
	bool quoted = false;

	for (; *text && (quoted || (*text != ' ' && *text != '\n')); text++) {
		if (*text == '\'')
			quoted = !quoted;
		else if (*text == '\\' && !quoted)
			*word++ = *++text;
		else
			*word++ = *text;
	}
	*word = '\0';
	FUZZ_CHECK(!quoted && *text);
	return text + 1;
}

static void check_print(struct strv *arguments)
{
	struct launch launch = {.plan.arguments = *arguments};
	FILE *standard_output = stdout;
	char *printed = NULL, *word;
	const char *cursor;
	size_t length = 0;

	stdout = open_memstream(&printed, &length);
	FUZZ_CHECK(stdout);
	launch_print(&launch);
	fclose(stdout);
	stdout = standard_output;
	word = malloc(length + 1);
	FUZZ_CHECK(word && length > 0);
	cursor = printed;
	for (size_t i = 0; i < arguments->count; i++) {
		cursor = read_word(cursor, word);
		FUZZ_CHECK(strcmp(word, arguments->items[i]) == 0);
	}
	FUZZ_CHECK(*cursor == '\0' && cursor[-1] == '\n');
	free(word);
	free(printed);
}

/* A path as it is written into an option's value, and read again as cloud-hypervisor reads it. */
static void check_quoting(const char *text)
{
	char *quoted = ch_value_quote(text);
	char *value = NULL, *back;
	struct ch_value_part part;

	FUZZ_CHECK(quoted && asprintf(&value, "cid=3,socket=%s", quoted) > 0);
	FUZZ_CHECK(!ch_value_fault(value));
	FUZZ_CHECK(ch_value_find(value, "socket", &part) && part.value);
	back = ch_value_unquote(part.value, part.value_length);
	FUZZ_CHECK(back && strcmp(back, text) == 0);
	free(back);
	free(value);
	free(quoted);
}

/* Parts and list items lie within the value, one behind the other. */
static void check_parts(const char *text)
{
	const char *end = text + strlen(text), *cursor = text, *before = text;
	struct ch_value_part part;
	uint32_t port = 0;

	while (ch_value_next(&cursor, &part)) {
		const char *item, *list = part.value;
		size_t item_length, left = part.value_length;

		FUZZ_CHECK(part.key >= before && part.key + part.key_length <= end);
		FUZZ_CHECK(!cursor || (cursor > part.key && cursor <= end));
		before = part.key;
		if (!part.value)
			continue;
		FUZZ_CHECK(part.value > part.key && part.value + part.value_length <= end);
		while (ch_value_list_next(&list, &left, &item, &item_length)) {
			FUZZ_CHECK(item >= part.value);
			FUZZ_CHECK(item + item_length <= part.value + part.value_length);
			credential_in_oem_string(item, item_length, &port);
		}
	}
	if (credential_in_cmdline(text, &port) == CREDENTIAL_USABLE)
		FUZZ_CHECK(port > 0 && port < UINT32_MAX);
}

/* As launch_make() has it, which only adds files: those are left out here, and no folder is made. */
static void check_command_line(const struct vmm_request *request)
{
	struct run_options options;
	struct vmm_file file;
	struct launch launch;
	bool reads;

	FUZZ_CHECK(vmm_plan_file(request, &file) == 0);
	reads = file.path != NULL;
	free(file.root);
	free(file.path);
	if (reads)
		return;
	run_options_init(&options);
	options.vmm = request->kind;
	options.credential = request->credential;
	options.vsock = request->vsock;
	options.print = true;
	log_set_level(0);
	if (launch_make(&launch, &options, request->arguments, request->event_fd, NULL) == 0)
		check_print(&launch.plan.arguments);
	launch_free(&launch);
}

static struct vmm_request choose(struct fuzz_input *input)
{
	uint8_t kind = fuzz_byte(input), credential = fuzz_byte(input), flags = fuzz_byte(input);
	struct vmm_request request = {
		.kind = (enum vmm_kind)(kind % 5),
		.credential = (enum vmm_credential)(credential % 4),
		.has_smbios = flags & 1,
		.port_given = flags & 2,
		.event_fd = flags & 4 ? EVENT_FD : -1,
		.default_socket = "/run/fuzz/vsock",
	};

	request.port = fuzz_number(input, 2) + 1;
	return request;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t flags = size > 2 ? data[2] : 0;
	struct vmm_request request = choose(&input);
	char *vsock = flags & 8 ? fuzz_next_string(&input) : NULL;
	char *config = flags & 16 ? fuzz_next_string(&input) : NULL;
	char *arguments[ARGUMENTS_MAX + 1] = {NULL};
	size_t count = 0;

	do {
		arguments[count] = fuzz_next_string(&input);
	} while (++count < ARGUMENTS_MAX && input.left);
	request.vsock = vsock && *vsock ? vsock : NULL;
	request.config_text = config;
	request.arguments = (const char *const *)arguments;
	check_command_line(&request);
	check_plan(&request);
	for (size_t i = 0; i < count; i++) {
		check_parts(arguments[i]);
		check_quoting(arguments[i]);
		free(arguments[i]);
	}
	free(vsock);
	free(config);
	return 0;
}
