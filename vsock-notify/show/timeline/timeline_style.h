/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a timeline looks: a light and a dark scheme, as the reader's system has it. Nothing is loaded, and no variables are used, which
 * some viewers lack. Every text has a contrast of 4.5 to 1 or more (tests/timeline).
 */
#ifndef TIMELINE_STYLE_H
#define TIMELINE_STYLE_H

extern const char timeline_style[];

#endif
