/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few elements of SVG that a picture of a boot is made of. What is text is escaped here; class names and other attributes are
 * this program's own. Coordinates are pixels, written with one decimal and a point in every locale.
 */
#ifndef SVG_H
#define SVG_H

#include <stdio.h>

enum svg_anchor {
	SVG_START,
	SVG_MIDDLE,
	SVG_END
};

struct svg_box {
	double x, y, width, height;
};

void svg_put_number(FILE *out, double number);

/* Characters that mean something in XML as their entities. */
void svg_put_text(FILE *out, const char *text);

/* <name>text</name> */
void svg_element(FILE *out, const char *name, const char *id, const char *text);

/* y is the baseline. second, where it is not NULL, follows in class "dim". */
void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor,
              const char *text, const char *second);

void svg_rectangle(FILE *out, const char *class, struct svg_box box, double radius);
void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
void svg_circle(FILE *out, const char *class, double x, double y, double radius);

#endif
