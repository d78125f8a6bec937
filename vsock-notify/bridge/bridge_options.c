/* SPDX-License-Identifier: Apache-2.0 */
/* The options of the bridge, and of "vsock-notify serve" (see bridge_options.h). */
#include "bridge_options.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"
#include "confine/confine.h"
#include "guest/answer_rule.h"
#include "state/state.h"

/* Takes a number from low to high. */
static int take_number(const char *option, const char *text, uint32_t low, uint32_t high,
                       uint32_t *value, struct failure *failure)
{
	if (parse_u32(text, low, high, value) == 0)
		return 0;
	return failure_set(failure, -EINVAL, "--%s=%s: it must be a number from %u to %u", option,
	                   text, low, high);
}

static int take_port(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;

	options->port_given = true;
	/* UINT32_MAX is VMADDR_PORT_ANY, and a guest cannot connect to port 0. */
	return take_number("port", argument, 1, UINT32_MAX - 1, &options->port, failure);
}

static int take_plugin(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;

	if (options->plugin_count == BRIDGE_PLUGINS_MAX)
		return option_refuse("plugin", argument, "there can be at most 16 plugins",
		                     failure);
	if (!*argument || *argument == ',')
		return option_refuse("plugin", argument, "it must begin with a plugin's name",
		                     failure);
	options->plugins[options->plugin_count++] = argument;
	return 0;
}

int bridge_options_add_key(struct bridge_options *options, const char *key, const char *value,
                           struct failure *failure)
{
	if (options->notify_key_count == BRIDGE_NOTIFY_KEYS_MAX)
		return option_refuse(key, value, "it is given too often", failure);
	options->notify_keys[options->notify_key_count].key = key;
	options->notify_keys[options->notify_key_count].value = value;
	options->notify_key_count++;
	return 0;
}

int bridge_options_add_choice(struct bridge_options *options, const char *key, const char *value,
                              const struct option_choice *choices, struct failure *failure)
{
	int chosen;
	int r = option_choose(key, value, choices, &chosen, failure);

	return r < 0 ? r : bridge_options_add_key(options, key, value, failure);
}

static int take_ready_unit(void *user, const char *argument, struct failure *failure)
{
	return bridge_options_add_key(user, "ready-unit", argument, failure);
}

static const struct option_choice infer_ready_choices[] = {{"yes", 0}, {"no", 0}, {0}};

static int take_infer_ready(void *user, const char *argument, struct failure *failure)
{
	return bridge_options_add_choice(user, "infer-ready", argument, infer_ready_choices,
	                                 failure);
}

static int take_name(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;

	if (!*argument || strlen(argument) >= STATE_NAME_MAX)
		return option_refuse("name", argument, "it must have 1 to 255 bytes", failure);
	options->name = argument;
	return 0;
}

static int take_state(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;

	options->no_state = strcmp(argument, "no") == 0;
	options->state = options->no_state ? NULL : argument;
	return *argument ? 0
	                 : option_refuse("state", argument, "it must be a path, or no", failure);
}

static const struct option_choice framing_words[] = {
	{"auto", WAITING_AUTO},
	{"eof", WAITING_EOF},
	{"settle:", WAITING_SETTLE},
	{0},
};

int framing_option_parse(const char *text, struct waiting_options *options)
{
	const struct option_choice *mode = framing_words;
	uint64_t usec = 0;

	*options = (struct waiting_options){.mode = WAITING_AUTO};
	while (mode->word && strncmp(text, mode->word, strlen(mode->word)) != 0)
		mode++;
	if (!mode->word)
		return -EINVAL;
	text += strlen(mode->word);
	if (mode->value == WAITING_SETTLE ? parse_u64(text, &usec) < 0 : *text != '\0')
		return -EINVAL;
	if (usec > WAITING_SETTLE_MAX_USEC)
		return -ERANGE;
	options->mode = (enum waiting_mode)mode->value;
	options->settle_usec = (uint32_t)usec;
	return 0;
}

static int take_framing(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;
	int r = framing_option_parse(argument, &options->waiting);

	if (r == -ERANGE)
		return option_refuse("framing", argument, "it must be at most 5000000 microseconds",
		                     failure);
	if (r < 0)
		return option_refuse("framing", argument, "it must be auto, eof or settle:USEC",
		                     failure);
	return 0;
}

static int take_frame_timeout(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;
	uint64_t usec;

	if (parse_timespan(argument, &usec) < 0 || usec < USEC_PER_MSEC ||
	    usec > 3600 * USEC_PER_SEC)
		return option_refuse("frame-timeout", argument,
		                     "it must be a time from 1ms to 60min, such as 500ms or 5s",
		                     failure);
	options->frame_timeout_usec = usec;
	return 0;
}

static int take_max_connections(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;

	return take_number("max-connections", argument, 1, BRIDGE_CONNECTIONS_MAX,
	                   &options->max_connections, failure);
}

static int take_socket_mode(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;
	unsigned mode;

	if (parse_mode(argument, &mode) < 0 || (mode & 0111))
		return option_refuse("socket-mode", argument,
		                     "it must be an octal mode without execute bits, such as 0660",
		                     failure);
	options->listener.mode = (mode_t)mode;
	options->listener_option = "--socket-mode";
	return 0;
}

static int take_socket_group(void *user, const char *argument, struct failure *failure)
{
	struct bridge_options *options = user;
	struct group *group;

	if (parse_u32(argument, 0, UINT32_MAX - 1, &options->listener.group) < 0) {
		group = getgrnam(argument);
		if (!group)
			return option_refuse("socket-group", argument, "there is no such group",
			                     failure);
		options->listener.group = group->gr_gid;
	}
	options->listener.has_group = true;
	options->listener_option = "--socket-group";
	return 0;
}

static int take_allow_uid(void *user, const char *argument, struct failure *failure)
{
	struct peer_rule *rule = &((struct bridge_options *)user)->peer_rule;
	struct passwd *entry;
	uid_t uid;

	if (rule->uid_count == PEER_UIDS_MAX)
		return option_refuse("allow-uid", argument, "there can be at most 16 users",
		                     failure);
	if (parse_u32(argument, 0, UINT32_MAX - 1, &uid) < 0) {
		entry = getpwnam(argument);
		if (!entry)
			return option_refuse("allow-uid", argument, "there is no such user",
			                     failure);
		uid = entry->pw_uid;
	}
	rule->uids[rule->uid_count++] = uid;
	return 0;
}

static const struct option_choice privileged_choices[] = {
	{"auto", PEER_PRIVILEGED_AUTO},
	{"yes", PEER_PRIVILEGED_YES},
	{"no", PEER_PRIVILEGED_NO},
	{0},
};

static const struct option_choice answer_words[] = {
	{"auto", ANSWER_AUTO},
	{"byte", ANSWER_BYTE},
	{"eof", ANSWER_EOF},
	{0},
};

static const struct option_choice log_levels[] = {
	{"error", VSN_LOG_ERROR},
	{"warning", VSN_LOG_WARNING},
	{"info", VSN_LOG_INFO},
	{"debug", VSN_LOG_DEBUG},
	{0},
};

const struct option_entry bridge_option_table[] = {
	{"port", "PORT", "1234", "vsock port that the guest connects to", .take = take_port},
	{"plugin", "NAME[,KEY=VALUE...]", "notify", "load a plugin (may be given again)",
         .take = take_plugin},
	{"ready-unit", "UNIT", NULL, "the guest is ready when this unit in it is active",
         .take = take_ready_unit},
	{"infer-ready", "WHETHER", "yes",
         "ready by its default target if READY=1 was lost: yes or no", .take = take_infer_ready,
         .choices = infer_ready_choices},
	{"notify-socket", "ADDRESS", "$NOTIFY_SOCKET",
         "send notifications to: /path, @abstract or vsock:CID:PORT",
         .offset = offsetof(struct bridge_options, notify_socket)},
	{"framing", "MODE", "auto", "how the end of a message is found: auto, eof or settle:USEC",
         .take = take_framing, .choices = framing_words},
	{"answer", "HOW", "auto",
         "how a guest's PID 1 is answered: auto (with a byte, if the VMM may need it), byte or eof",
         .offset = offsetof(struct bridge_options, answer), .choices = answer_words},
	{"frame-timeout", "TIME", "5s", "how long a connection may take to bring a message",
         .take = take_frame_timeout},
	{"max-connections", "N", "64", "how many connections may be open at once",
         .take = take_max_connections},
	{"socket-mode", "MODE", "0600", "mode of the listening socket", .take = take_socket_mode},
	{"socket-group", "GROUP", NULL, "group of the listening socket", .take = take_socket_group},
	{"allow-uid", "USER", NULL, "this user's processes may connect (may be given again)",
         .take = take_allow_uid},
	{"require-privileged-port", "WHEN", "auto",
         "the guest's port must be below 1024: auto (if the VMM tells the port), yes or no",
         .offset = offsetof(struct bridge_options, peer_rule.privileged),
         .choices = privileged_choices},
	{"name", "NAME", NULL, "name of the VM in its state and in the journal", .take = take_name},
	{"state", "PATH", "VSOCK_PORT.state", "path of the state file, or no for none",
         .take = take_state},
	{"keep-state", NULL, NULL, "do not remove the state file at the end",
         .offset = offsetof(struct bridge_options, keep_state)},
	{"no-confine", NULL, NULL, "do not confine this process, for debugging",
         .offset = offsetof(struct bridge_options, no_confine)},
	{"log-level", "LEVEL", "info", "error, warning, info or debug",
         .offset = offsetof(struct bridge_options, log_level), .choices = log_levels},
	{0},
};

const struct option_entry serve_option_table[] = {
	{"dump-plugin", "NAME", NULL, "print what is known about a plugin and exit",
         .offset = offsetof(struct bridge_options, dump_plugin)},
	{0},
};

int bridge_options_check(const struct bridge_options *options, struct failure *failure)
{
	if (options->listener.has_group && !(options->listener.mode & 0070))
		return failure_set(
			failure, -EINVAL,
			"--socket-group= has no effect with --socket-mode=0%o, which leaves "
			"the group out: write --socket-mode=0660",
			(unsigned)options->listener.mode);
	if (options->keep_state && options->no_state)
		return failure_set(
			failure, -EINVAL,
			"--keep-state has no effect with --state=no: leave out one of them");
	return 0;
}

void bridge_options_init(struct bridge_options *options)
{
	*options = (struct bridge_options){
		.port = 1234,
		.waiting = {.mode = WAITING_AUTO},
		.frame_timeout_usec = 5 * USEC_PER_SEC,
		.max_connections = 64,
		.listener = {.mode = 0600},
		.peer_rule = {.proc_fd = -1},
		.no_confine = !confine_by_default(),
		.log_level = VSN_LOG_INFO,
	};
}
