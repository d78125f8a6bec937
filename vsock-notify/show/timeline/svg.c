/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of SVG (see svg.h). */
#include "svg.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER(number) (svg_number(number).text)

struct svg_number svg_number(double number)
{
	long tenths = (long)(number * 10 + (number < 0 ? -0.5 : 0.5));
	const char *sign = tenths < 0 ? "-" : "";
	struct svg_number out;

	tenths = labs(tenths);
	if (tenths % 10)
		snprintf(out.text, sizeof(out.text), "%s%ld.%ld", sign, tenths / 10, tenths % 10);
	else
		snprintf(out.text, sizeof(out.text), "%s%ld", sign, tenths / 10);
	return out;
}

void svg_put_text(FILE *out, const char *text)
{
	static const char special[] = "&<>\"'";
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

	for (; *text; text++) {
		const char *at = strchr(special, *text);

		if (at)
			fputs(entities[at - special], out);
		else
			fputc(*text, out);
	}
}

void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor,
              const char *text, const char *second)
{
	static const char *const anchors[] = {
		[SVG_START] = "",
		[SVG_MIDDLE] = " text-anchor=\"middle\"",
		[SVG_END] = " text-anchor=\"end\"",
	};

	fprintf(out, "<text class=\"%s\" x=\"%s\" y=\"%s\"%s>", class, NUMBER(x), NUMBER(y),
	        anchors[anchor]);
	svg_put_text(out, text);
	if (second) {
		fputs("<tspan class=\"dim\">", out);
		svg_put_text(out, second);
		fputs("</tspan>", out);
	}
	fputs("</text>\n", out);
}

void svg_rectangle(FILE *out, const char *class, struct svg_box box, double radius)
{
	fprintf(out, "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"", class,
	        NUMBER(box.x), NUMBER(box.y), NUMBER(box.width), NUMBER(box.height));
	if (radius > 0)
		fprintf(out, " rx=\"%s\"", NUMBER(radius));
	fputs("/>\n", out);
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(out, "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n", class,
	        NUMBER(x1), NUMBER(y1), NUMBER(x2), NUMBER(y2));
}

void svg_circle(FILE *out, const char *class, double x, double y, double radius)
{
	fprintf(out, "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>\n", class, NUMBER(x),
	        NUMBER(y), NUMBER(radius));
}
