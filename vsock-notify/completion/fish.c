/* SPDX-License-Identifier: Apache-2.0 */
/* For the script for fish: a "complete" for each option, with the condition that its command has been written. */
#include "completion.h"

#define QUOTE "\\'"

static const char *action_of(enum value_kind kind)
{
	static const char *const actions[] = {
		[VALUE_TEXT] = "-x",
		[VALUE_FILE] = "-r -F",
		[VALUE_USER] = "-x -a '(__fish_complete_users)'",
		[VALUE_GROUP] = "-x -a '(__fish_complete_groups)'",
		[VALUE_UNIT] = "-x -a '(__vsock_notify_units)'",
		[VALUE_PLUGIN] = "-x -a '(__vsock_notify_plugins)'",
	};

	return actions[kind];
}

static void print_value(FILE *out, const struct option_entry *option)
{
	if (!option->choices) {
		fprintf(out, " %s", action_of(completion_value(option)));
		return;
	}
	fputs(" -x -a '", out);
	completion_words(out, option->choices);
	fputc('\'', out);
}

static void print_option(FILE *out, const char *condition, const struct option_entry *option)
{
	fprintf(out, "complete -c vsock-notify -n '%s' -l %s", condition, option->name);
	if (option->argument)
		print_value(out, option);
	fputs(" -d '", out);
	completion_print(out, option->help, "\\", QUOTE);
	if (option->default_value) {
		fputs(" [", out);
		completion_print(out, option->default_value, "\\", QUOTE);
		fputc(']', out);
	}
	fputs("'\n", out);
}

static void print_command(FILE *out, const struct command *command)
{
	const struct option_entry *option;
	enum value_kind operand = completion_operand(command);
	char condition[64];

	fprintf(out, "\ncomplete -c vsock-notify -n __vsock_notify_first -a %s -d '",
	        command->name);
	completion_print(out, command->purpose, "\\", QUOTE);
	fputs("'\n", out);
	snprintf(condition, sizeof(condition), "__vsock_notify_in %s", command->name);
	for (size_t i = 0; (option = options_at(command, i)); i++)
		print_option(out, condition, option);
	if (operand == VALUE_COMMAND)
		fprintf(out,
		        "complete -c vsock-notify -n '%s' -a -- -d 'the VMM\\'s command line'\n"
		        "complete -c vsock-notify -n '__vsock_notify_after %s' -x "
		        "-a '(__vsock_notify_command_line)'\n",
		        condition, command->name);
	else if (operand == VALUE_FILE)
		fprintf(out, "complete -c vsock-notify -n '%s' -F\n", condition);
	else if (operand != VALUE_TEXT)
		fprintf(out, "complete -c vsock-notify -n '%s' %s\n", condition,
		        action_of(operand));
}

void completion_fish(FILE *out)
{
	const struct command *command;

	for (const struct option_entry *option = program_options; option->name; option++)
		print_option(out, "__vsock_notify_first", option);
	for (size_t i = 0; (command = completion_command(i)); i++)
		print_command(out, command);
}
