/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strangers' bytes as labels: bounded, of characters that stay within their line and run one way. Accents that are characters of
 * their own, marks that turn the direction and everything that cannot be shown become \xNN. Pure.
 */
#ifndef TIMELINE_LABEL_H
#define TIMELINE_LABEL_H

#define TIMELINE_LABEL_MAX 128

struct timeline_label {
	char text[TIMELINE_LABEL_MAX + 1]; /* UTF-8 */
};

/* text as a label. What is longer than a label ends in an ellipsis. */
struct timeline_label timeline_label(const char *text);

/*
 * How wide it is at most, in pixels, in a common sans-serif of that size: by DejaVu Sans and Verdana, the widest
 * that systems use as a default.
 */
unsigned timeline_label_width(const char *text, unsigned size);

/*
 * Cuts it to a width by an ellipsis within: a unit's type, at its end, stays. What is too narrow for that is left with the
 * ellipsis alone.
 */
void timeline_label_fit(struct timeline_label *label, unsigned width, unsigned size);

#endif
