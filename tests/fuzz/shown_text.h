/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be shown of a guest's text, said in another way than the product says it: a decoder of code
 * points, and ranges of these. Product and targets so do not share a mistake.
 */
#ifndef SHOWN_TEXT_H
#define SHOWN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether text is UTF-8 without control characters (C0, DEL, C1) and noncharacters. The shortest form
 * only, no surrogates, nothing above U+10FFFF.
 */
bool shown_text_is_clean(const char *text, size_t length);

#endif
