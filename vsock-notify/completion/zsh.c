/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The script for zsh's completion system. Each line is a specification for _arguments, "*--name=[help]:VALUE:action". Between
 * the brackets "]" and "\" are special; after them ":" is, too.
 */
#include "completion.h"

static const char head[] =
	"#compdef vsock-notify\n"
	"# SPDX-License-Identifier: Apache-2.0\n"
	"# Completes vsock-notify's command line in zsh. Made from its tables of options.\n\n"
	"# words; a word that ends in a colon is only the beginning of a value\n"
	"_vsock_notify_words() {\n"
	"\tlocal word ret=1\n"
	"\tfor word; do\n"
	"\t\tif [[ $word == *: ]]; then\n"
	"\t\t\tcompadd -S '' -- $word && ret=0\n"
	"\t\telse\n"
	"\t\t\tcompadd -- $word && ret=0\n"
	"\t\tfi\n"
	"\tdone\n"
	"\treturn ret\n"
	"}\n\n"
	"_vsock_notify_units() {\n"
	"\tlocal -a units=(${(f)\"$(systemctl list-unit-files --no-legend --no-pager "
	"2>/dev/null)\"})\n"
	"\tcompadd -- ${units%% *}\n"
	"}\n\n"
	"_vsock_notify_plugins() {\n"
	"\tlocal -a lines=(${(f)\"$(_call_program plugins vsock-notify plugins 2>/dev/null)\"})\n"
	"\tcompadd -S '' -- ${${(M)lines:#[a-z]*}%% *}\n"
	"}\n\n"
	"_vsock-notify() {\n"
	"\tlocal command=$words[2]\n"
	"\tlocal -i dashes=${words[(i)--]}\n"
	"\tlocal -a own_commands=(\n";

static const char middle[] = "\t)\n"
			     "\tif (( CURRENT == 2 )); then\n"
			     "\t\tif [[ $PREFIX == -* ]]; then\n"
			     "\t\t\t_describe -o option program_options\n"
			     "\t\telse\n"
			     "\t\t\t_describe command own_commands\n"
			     "\t\tfi\n"
			     "\t\treturn\n"
			     "\tfi\n"
			     "\tshift words\n"
			     "\t(( CURRENT--, dashes-- ))\n"
			     "\tcase $command in\n";

static const char tail[] = "\tesac\n"
			   "}\n\n"
			   "_vsock-notify \"$@\"\n";

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
	if (completion_has_command_line(command))
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
	if (completion_has_command_line(command)) {
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

void completion_zsh(FILE *out)
{
	const struct command *command;

	fputs(head, out);
	for (size_t i = 0; (command = completion_command(i)); i++) {
		fprintf(out, "\t\t'%s:", command->name);
		completion_print(out, command->purpose, "\\", QUOTE);
		fputs("'\n", out);
	}
	fputs("\t)\n\tlocal -a program_options=(\n", out);
	for (const struct option_entry *option = program_options; option->name; option++) {
		fprintf(out, "\t\t'--%s:", option->name);
		completion_print(out, option->help, "\\", QUOTE);
		fputs("'\n", out);
	}
	fputs(middle, out);
	for (size_t i = 0; (command = completion_command(i)); i++)
		print_command(out, command);
	fputs(tail, out);
}
