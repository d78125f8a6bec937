/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the script for bash that are made from the tables: which words there are, and what a value can be. */
#include "completion.h"

static void print_options(FILE *out, const struct command *command)
{
	const struct option_entry *option;

	fprintf(out, "\t%s) words='", command->name);
	for (size_t i = 0; (option = options_at(command, i)); i++)
		fprintf(out, "%s--%s%s", i ? " " : "", option->name, option->argument ? "=" : "");
	fputs("' ;;\n", out);
}

/* What the value of an option can be, or, without an option, the operands. */
static void print_value(FILE *out, const struct command *command, const struct option_entry *option)
{
	static const char *const names[] = {
		[VALUE_TEXT] = "text",     [VALUE_WORDS] = "words",     [VALUE_FILE] = "file",
		[VALUE_USER] = "user",     [VALUE_GROUP] = "group",     [VALUE_UNIT] = "unit",
		[VALUE_PLUGIN] = "plugin", [VALUE_COMMAND] = "command",
	};
	enum value_kind kind = option ? completion_value(option) : completion_operand(command);

	fprintf(out, "\t'%s %s%s') kind='%s' words='", command->name, option ? "--" : "",
	        option ? option->name : "", names[kind]);
	completion_words(out, option ? option->choices : NULL);
	fputs("' ;;\n", out);
}

void completion_bash(FILE *out)
{
	const struct command *command;
	const struct option_entry *option;

	fputs("\n"
	      "# _vsock_notify_options COMMAND: stores its options in $words; without COMMAND, all "
	      "commands\n"
	      "_vsock_notify_options() {\n\tcase $1 in\n\t'') words='",
	      out);
	for (size_t i = 0; (command = completion_command(i)); i++)
		fprintf(out, "%s%s", i ? " " : "", command->name);
	for (option = program_options; option->name; option++)
		fprintf(out, " --%s", option->name);
	fputs("' ;;\n", out);
	for (size_t i = 0; (command = completion_command(i)); i++)
		print_options(out, command);
	fputs("\tesac\n}\n\n"
	      "# _vsock_notify_value \"COMMAND OPTION\": stores in $kind and $words what the value "
	      "can "
	      "be;\n"
	      "# without OPTION, what operands can be\n"
	      "_vsock_notify_value() {\n\tcase $1 in\n",
	      out);
	for (size_t i = 0; (command = completion_command(i)); i++) {
		for (size_t j = 0; (option = options_at(command, j)); j++)
			if (option->argument)
				print_value(out, command, option);
		if (completion_operand(command) != VALUE_TEXT)
			print_value(out, command, NULL);
	}
	fputs("\tesac\n}\n", out);
}
