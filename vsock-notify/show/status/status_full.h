/* SPDX-License-Identifier: Apache-2.0 */
/* Prints all that is known of one VM, for people. */
#ifndef STATUS_FULL_H
#define STATUS_FULL_H

#include "show/entries.h"
#include "show/screen.h"

/* ages: also print how long ago the state began. Not for a view that is drawn again only at the next change. */
void status_full(const struct screen *screen, const struct entry *entry, bool ages);

#endif
