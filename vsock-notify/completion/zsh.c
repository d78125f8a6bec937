/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of the script for zsh that are made from the tables. Each line is a specification for _arguments,
 * "*--name=[help]:VALUE:action". Between the brackets "]" and "\" are special; after them ":" is, too.
 */
#include "completion.h"

#define QUOTE "'\\''"

static void print_words(FILE *out, const struct option_choice *choices)
{
	fputs(" _vsock_notify_words", out);
	for (; choices->word; choices++) {
		fputc(' ', out);
		completion_print(out, choices->word, ":\\", QUOTE);
	}
}

static void print_action(FILE *out, enum value_kind kind)
{
	static const char *const actions[] = {
		[VALUE_TEXT] = " ",
		[VALUE_FILE] = "_files",
		[VALUE_USER] = "_users",
		[VALUE_GROUP] = "_groups",
		[VALUE_UNIT] = " _vsock_notify_units",
		[VALUE_PLUGIN] = " _vsock_notify_plugins",
	};

	fputs(actions[kind], out);
}

static void print_option(FILE *out, const struct option_entry *option)
{
	fprintf(out, "\t\t\t'*--%s%s[", option->name, option->argument ? "=" : "");
	completion_print(out, option->help, "[]\\", QUOTE);
	if (option->default_value) {
		fputs(" \\[", out);
		completion_print(out, option->default_value, "[]\\", QUOTE);
		fputs("\\]", out);
	}
	fputc(']', out);
	if (option->argument) {
		fputc(':', out);
		completion_print(out, option->argument, ":\\", QUOTE);
		fputc(':', out);
		if (option->choices)
			print_words(out, option->choices);
		else
			print_action(out, completion_value(option));
	}
	fputs("' \\\n", out);
}

static void print_command(FILE *out, const struct command *command)
{
	enum value_kind operand = completion_operand(command);
	const struct option_entry *option;

	fprintf(out, "\t%s)\n", command->name);
	if (operand == VALUE_COMMAND)
		fputs("\t\tif (( dashes < CURRENT )); then\n"
		      "\t\t\tshift $dashes words\n"
		      "\t\t\t(( CURRENT -= dashes ))\n"
		      "\t\t\t_normal\n"
		      "\t\t\treturn\n"
		      "\t\tfi\n",
		      out);
	fputs("\t\t_arguments -S \\\n", out);
	for (size_t i = 0; (option = options_at(command, i)); i++)
		print_option(out, option);
	if (operand == VALUE_COMMAND) {
		fputs("\t\t\t'1: :(--)'\n", out);
	} else if (operand != VALUE_TEXT) {
		fputs("\t\t\t'*:operand:", out);
		print_action(out, operand);
		fputs("'\n", out);
	} else {
		fputs("\t\t\t&& return\n", out);
	}
	fputs("\t\t;;\n", out);
}

static void print_description(FILE *out, const char *prefix, const char *name, const char *text)
{
	fprintf(out, "\t\t'%s%s:", prefix, name);
	completion_print(out, text, "\\", QUOTE);
	fputs("'\n", out);
}

void completion_zsh(FILE *out)
{
	const struct command *command;

	fputs("\n_vsock_notify_first_words() {\n\town_commands=(\n", out);
	for (size_t i = 0; (command = completion_command(i)); i++)
		print_description(out, "", command->name, command->purpose);
	fputs("\t)\n\tprogram_options=(\n", out);
	for (const struct option_entry *option = program_options; option->name; option++)
		print_description(out, "--", option->name, option->help);
	fputs("\t)\n}\n\n_vsock_notify_arguments() {\n\tcase $command in\n", out);
	for (size_t i = 0; (command = completion_command(i)); i++)
		print_command(out, command);
	fputs("\tesac\n}\n\n_vsock-notify \"$@\"\n", out);
}
