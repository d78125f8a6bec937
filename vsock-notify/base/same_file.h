/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two results of stat(2) are of one file, whatever its names are. */
#ifndef SAME_FILE_H
#define SAME_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

static inline bool is_same_file(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

#endif
