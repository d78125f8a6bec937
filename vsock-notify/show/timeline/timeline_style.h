/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The style sheet of the picture: a light and a dark scheme, as the reader's system has it. It loads nothing and uses no variables,
 * which some viewers lack. Every text has a contrast of 4.5 to 1 or more (tests/timeline).
 */
#ifndef TIMELINE_STYLE_H
#define TIMELINE_STYLE_H

extern const char timeline_style[];

#endif
