/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the SVG elements that a picture of a boot consists of. Text is escaped here; class names and other attributes come from
 * this program, and are not. Coordinates are pixels, printed with one decimal and a point in every locale.
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

/* A coordinate as text. */
struct svg_number {
	char text[24];
};

struct svg_number svg_number(double number);

/* Prints text with entities for the characters that have a meaning in XML. */
void svg_put_text(FILE *out, const char *text);

/* y is the baseline. If second is not NULL, it follows text, in class "dim". */
void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor,
              const char *text, const char *second);

void svg_rectangle(FILE *out, const char *class, struct svg_box box, double radius);
void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
void svg_circle(FILE *out, const char *class, double x, double y, double radius);

#endif
