/* SPDX-License-Identifier: Apache-2.0 */
/* What the output stream can show (see screen.h). */
#include "screen.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "show_text.h"

#define RED    "\033[31m"
#define GREEN  "\033[32m"
#define YELLOW "\033[33m"
#define GREY   "\033[90m"

void screen_measure(struct screen *screen)
{
	struct winsize size;

	if (!isatty(fileno(screen->out)) || ioctl(fileno(screen->out), TIOCGWINSZ, &size) < 0)
		return;
	/* A terminal that does not know its size reports 0. */
	screen->width = size.ws_col > 0 ? size.ws_col : 80;
	screen->height = size.ws_row > 0 ? size.ws_row : 24;
}

void screen_init(struct screen *screen, FILE *out)
{
	const char *terminal = getenv("TERM");
	const char *no_colour = getenv("NO_COLOR");
	bool is_terminal = isatty(fileno(out));

	*screen = (struct screen){.out = out, .utf8 = true};
	screen_measure(screen);
	if (!is_terminal)
		return;
	setlocale(LC_CTYPE, "");
	screen->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	screen->live = terminal && *terminal && strcmp(terminal, "dumb") != 0;
	screen->colours = screen->live && (!no_colour || !*no_colour);
}

bool screen_was_killed(const struct state *state, enum writer writer)
{
	bool ended = state->life == STATE_STOPPED ||
	             (state->life == STATE_PANICKED && state->exit_status >= 0);

	return writer == WRITER_GONE && !ended;
}

const char *screen_state_name(const struct state *state, enum writer writer)
{
	if (screen_was_killed(state, writer))
		return "gone";
	return state_life_name(state->life);
}

void screen_put(const struct screen *screen, const char *text)
{
	CLEANUP_FREE char *shown = show_text(text, screen->utf8, 0);

	fputs(shown ? shown : "", screen->out);
}

const char *screen_colour(const struct screen *screen, const struct state *state,
                          enum writer writer)
{
	static const char *const colours[] = {
		[STATE_WAITING] = YELLOW, [STATE_BOOTING] = YELLOW,  [STATE_READY] = GREEN,
		[STATE_EMERGENCY] = RED,  [STATE_STOPPING] = YELLOW, [STATE_STOPPED] = GREY,
		[STATE_PANICKED] = RED,
	};

	if (!screen->colours)
		return "";
	if (screen_was_killed(state, writer))
		return RED;
	return colours[state->life];
}

const char *screen_bold(const struct screen *screen)
{
	return screen->colours ? "\033[1m" : "";
}

const char *screen_plain(const struct screen *screen)
{
	return screen->colours ? "\033[0m" : "";
}
