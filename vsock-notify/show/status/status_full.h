/* SPDX-License-Identifier: Apache-2.0 */
/* One VM in full, for people. */
#ifndef STATUS_FULL_H
#define STATUS_FULL_H

#include "show/entries.h"
#include "show/screen.h"

/* ages: say how long ago the state began; not in a view that stays as it is until something changes. */
void status_full(const struct screen *screen, const struct entry *entry, bool ages);

#endif
