/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes text of guests and other strangers into labels of a bounded length, which stay in one line and run from left to right.
 * Characters that combine with others, change the direction, or cannot be shown become \xNN. Pure.
 */
#ifndef TIMELINE_LABEL_H
#define TIMELINE_LABEL_H

#define TIMELINE_LABEL_MAX 128

struct timeline_label {
	char text[TIMELINE_LABEL_MAX + 1]; /* UTF-8 */
};

/* A text that is too long is cut and ends in an ellipsis. */
struct timeline_label timeline_label(const char *text);

/*
 * The greatest width in pixels that the text has in a common sans-serif font of this size. It is taken from DejaVu Sans and
 * Verdana, the widest of the fonts that systems use as a default.
 */
unsigned timeline_label_width(const char *text, unsigned size);

/*
 * Cuts the label to a width by an ellipsis inside it, so that its end stays: a unit's type is there. If the width is too small
 * for that, only the ellipsis is left.
 */
void timeline_label_fit(struct timeline_label *label, unsigned width, unsigned size);

#endif
