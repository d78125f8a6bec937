/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the script for bash that are made from the tables: which words there are, and what a value can be. */
#include "completion.h"

static void print_options(FILE *out, const struct command *command)
{
	const struct option_entry *option;

	fprintf(out, "\t%s) words='", command->name);
	for (size_t i = 0; (option = completion_option(command, i)); i++)
		fprintf(out, "%s--%s%s", i ? " " : "", option->name, option->argument ? "=" : "");
	fputs("' ;;\n", out);
}

static void print_kind(FILE *out, enum value_kind kind)
{
	static const char *const names[] = {
		[VALUE_TEXT] = "text",     [VALUE_WORDS] = "words",     [VALUE_FILE] = "file",
		[VALUE_USER] = "user",     [VALUE_GROUP] = "group",     [VALUE_UNIT] = "unit",
		[VALUE_PLUGIN] = "plugin", [VALUE_COMMAND] = "command",
	};

	fprintf(out, "kind='%s'", names[kind]);
}

static void print_value(FILE *out, const struct command *command, const struct option_entry *option)
{
	if (!option->argument)
		return;
	fprintf(out, "\t'%s --%s') ", command->name, option->name);
	print_kind(out, completion_value(option));
	fputs(" words='", out);
	completion_words(out, option->choices);
	fputs("' ;;\n", out);
}

static void print_operand(FILE *out, const struct command *command)
{
	enum value_kind kind = completion_operand(command);

	if (kind == VALUE_TEXT)
		return;
	fprintf(out, "\t'%s ') ", command->name);
	print_kind(out, kind);
	fputs(" ;;\n", out);
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
		for (size_t j = 0; (option = completion_option(command, j)); j++)
			print_value(out, command, option);
		print_operand(out, command);
	}
	fputs("\tesac\n}\n", out);
}
