/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The script for bash: two functions that are made from the tables, and others that are always the same. The script works by
 * itself; only with the package bash-completion, a command line after "--" completes as it would by itself.
 *
 * bash splits words at $COMP_WORDBREAKS: --framing=settle:5 is five words here.
 */
#include "completion.h"

static void print_options(FILE *out, const struct command *command)
{
	const struct option_entry *option;

	fprintf(out, "\t%s) words='", command->name);
	for (size_t i = 0; (option = options_at(command, i)); i++)
		fprintf(out, "%s--%s%s", i ? " " : "", option->name, option->argument ? "=" : "");
	fputs("' ;;\n", out);
}

static void print_kind(FILE *out, enum value_kind kind)
{
	static const char *const names[] = {
		[VALUE_FILE] = "file", [VALUE_USER] = "user",     [VALUE_GROUP] = "group",
		[VALUE_UNIT] = "unit", [VALUE_PLUGIN] = "plugin",
	};

	fprintf(out, "kind='%s' ;;\n", names[kind]);
}

static void print_value(FILE *out, const struct command *command, const struct option_entry *option)
{
	enum value_kind kind;

	if (!option->argument)
		return;
	fprintf(out, "\t'%s --%s') ", command->name, option->name);
	kind = completion_value(option);
	if (kind == VALUE_WORDS) {
		fputs("kind='words' words='", out);
		for (const struct option_choice *choice = option->choices; choice->word; choice++)
			fprintf(out, "%s%s", choice == option->choices ? "" : " ", choice->word);
		fputs("' ;;\n", out);
	} else if (kind == VALUE_TEXT) {
		fputs("kind='text' ;;\n", out);
	} else {
		print_kind(out, kind);
	}
}

static void print_operand(FILE *out, const struct command *command)
{
	enum value_kind kind = completion_operand(command);

	if (completion_has_command_line(command)) {
		fprintf(out, "\t'%s ') kind='command' ;;\n", command->name);
	} else if (kind != VALUE_TEXT) {
		fprintf(out, "\t'%s ') ", command->name);
		print_kind(out, kind);
	}
}

static const char head[] =
	"# shellcheck shell=bash\n"
	"# SPDX-License-Identifier: Apache-2.0\n"
	"# Completes vsock-notify's command line in bash. Made from its tables of options.\n\n";

static const char body[] =
	"\n# _vsock_notify_complete KIND WORDS CURRENT\n"
	"_vsock_notify_complete() {\n"
	"\tcase $1 in\n"
	"\twords) mapfile -t COMPREPLY < <(compgen -W \"$2\" -- \"$3\") ;;\n"
	"\tfile)\n"
	"\t\tcompopt -o filenames 2>/dev/null\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$3\")\n"
	"\t\t;;\n"
	"\tuser) mapfile -t COMPREPLY < <(compgen -u -- \"$3\") ;;\n"
	"\tgroup) mapfile -t COMPREPLY < <(compgen -g -- \"$3\") ;;\n"
	"\tunit)\n"
	"\t\t_vsock_notify_complete words \\\n"
	"\t\t\t\"$(systemctl list-unit-files --no-legend --no-pager 2>/dev/null |\n"
	"\t\t\t\tsed 's/ .*//')\" \"$3\"\n"
	"\t\t;;\n"
	"\tplugin)\n"
	"\t\t_vsock_notify_complete words \\\n"
	"\t\t\t\"$(\"${COMP_WORDS[0]}\" plugins 2>/dev/null | sed -n 's/^\\([a-z0-9-]*\\) "
	".*/\\1/p')\" "
	"\"$3\"\n"
	"\t\t;;\n"
	"\tesac\n"
	"\t# no space after a word that is only the beginning of a value\n"
	"\t[[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *[:=] ]] || compopt -o nospace "
	"2>/dev/null\n"
	"}\n"
	"\n# _vsock_notify_command FIRST: a command line of its own, from that word on\n"
	"_vsock_notify_command() {\n"
	"\tif declare -F _comp_command_offset >/dev/null; then\n"
	"\t\t_comp_command_offset \"$1\"\n"
	"\telif declare -F _command_offset >/dev/null; then\n"
	"\t\t_command_offset \"$1\"\n"
	"\telif ((COMP_CWORD == $1)); then\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -c -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
	"\telse\n"
	"\t\t_vsock_notify_complete file '' \"${COMP_WORDS[COMP_CWORD]}\"\n"
	"\tfi\n"
	"}\n"
	"\n_vsock_notify() {\n"
	"\tlocal command=${COMP_WORDS[1]} current=${COMP_WORDS[COMP_CWORD]}\n"
	"\tlocal before=${COMP_WORDS[COMP_CWORD - 1]} option='' kind='' words='' i\n"
	"\tCOMPREPLY=()\n"
	"\tif ((COMP_CWORD == 1)); then\n"
	"\t\t_vsock_notify_options ''\n"
	"\t\t_vsock_notify_complete words \"$words\" \"$current\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
	"\t\t[[ ${COMP_WORDS[i]} == -- ]] || continue\n"
	"\t\t_vsock_notify_value \"$command \"\n"
	"\t\tcase $kind in\n"
	"\t\tcommand) _vsock_notify_command \"$((i + 1))\" ;;\n"
	"\t\t*) _vsock_notify_complete \"$kind\" '' \"$current\" ;;\n"
	"\t\tesac\n"
	"\t\treturn\n"
	"\tdone\n"
	"\t# --option=value, which bash has split at the \"=\", unless it was told not to\n"
	"\tif [[ $current == = ]]; then\n"
	"\t\toption=$before current=\n"
	"\telif [[ $before == = ]]; then\n"
	"\t\toption=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"\telif [[ $before == : || $current == : ]]; then\n"
	"\t\treturn\n"
	"\telif [[ $before == --* && $before != *=* ]]; then\n"
	"\t\toption=$before\n"
	"\tfi\n"
	"\tif [[ $current == --*=* ]]; then\n"
	"\t\toption=${current%%=*}\n"
	"\t\t_vsock_notify_value \"$command $option\"\n"
	"\t\t_vsock_notify_complete \"$kind\" \"$words\" \"${current#*=}\"\n"
	"\t\tCOMPREPLY=(\"${COMPREPLY[@]/#/$option=}\")\n"
	"\t\treturn\n"
	"\tfi\n"
	"\t[[ -z $option ]] || _vsock_notify_value \"$command $option\"\n"
	"\tif [[ -n $kind ]]; then\n"
	"\t\t_vsock_notify_complete \"$kind\" \"$words\" \"$current\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\t_vsock_notify_value \"$command \"\n"
	"\tif [[ $current == -* || $kind == command || -z $kind ]]; then\n"
	"\t\t_vsock_notify_options \"$command\"\n"
	"\t\t[[ $kind != command ]] || words+=' --'\n"
	"\t\tkind=words\n"
	"\tfi\n"
	"\t_vsock_notify_complete \"$kind\" \"$words\" \"$current\"\n"
	"} &&\n"
	"\tcomplete -F _vsock_notify vsock-notify\n";

void completion_bash(FILE *out)
{
	const struct command *command;
	const struct option_entry *option;

	fputs(head, out);
	fputs("# _vsock_notify_options COMMAND: stores its options in $words; without COMMAND, all "
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
			print_value(out, command, option);
		print_operand(out, command);
	}
	fputs("\tesac\n}\n", out);
	fputs(body, out);
}
