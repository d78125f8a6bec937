/* SPDX-License-Identifier: Apache-2.0 */
/* A state and the file it is written to, "s.state" in a folder of its own. */
#ifndef STATE_FILE_FIXTURE_H
#define STATE_FILE_FIXTURE_H

#include "harness.h"
#include "state/state_file.h"
#include "state/state_format.h"

static struct state state;
static struct state_file file;
static char *folder;
static char path[128];

static inline void setup(void)
{
	folder = harness_folder();
	snprintf(path, sizeof(path), "%s/s.state", folder);
	state_init(&state, 1);
	state.writer.pid = 1;
	file.folder_fd = -1;
}

static inline void teardown(void)
{
	state_file_close(&file);
	harness_remove(folder);
}

static inline void open_file(mode_t mode)
{
	ck_assert_int_eq(state_file_open(&file, path, mode, (gid_t)-1), 0);
}

/* Reads the file. Until the next call. */
static inline const struct state *on_disk(void)
{
	static struct state back;
	char *text = harness_text(path);

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(state_read(&back, text, NULL), STATE_FINE);
	free(text);
	return &back;
}

#endif
