/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of SVG (see svg.h). */
#include "svg.h"

#include <stdlib.h>

void svg_put_number(FILE *out, double number)
{
	long tenths = (long)(number * 10 + (number < 0 ? -0.5 : 0.5));

	fprintf(out, "%s%ld", tenths < 0 ? "-" : "", labs(tenths) / 10);
	if (tenths % 10)
		fprintf(out, ".%ld", labs(tenths) % 10);
}

void svg_put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static void attribute(FILE *out, const char *name, double number)
{
	fprintf(out, " %s=\"", name);
	svg_put_number(out, number);
	fputc('"', out);
}

void svg_element(FILE *out, const char *name, const char *id, const char *text)
{
	fprintf(out, "<%s id=\"%s\">", name, id);
	svg_put_text(out, text);
	fprintf(out, "</%s>\n", name);
}

void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor,
              const char *text, const char *second)
{
	static const char *const anchors[] = {
		[SVG_START] = "",
		[SVG_MIDDLE] = " text-anchor=\"middle\"",
		[SVG_END] = " text-anchor=\"end\"",
	};

	fprintf(out, "<text class=\"%s\"", class);
	attribute(out, "x", x);
	attribute(out, "y", y);
	fprintf(out, "%s>", anchors[anchor]);
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
	fprintf(out, "<rect class=\"%s\"", class);
	attribute(out, "x", box.x);
	attribute(out, "y", box.y);
	attribute(out, "width", box.width);
	attribute(out, "height", box.height);
	if (radius > 0)
		attribute(out, "rx", radius);
	fputs("/>\n", out);
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(out, "<line class=\"%s\"", class);
	attribute(out, "x1", x1);
	attribute(out, "y1", y1);
	attribute(out, "x2", x2);
	attribute(out, "y2", y2);
	fputs("/>\n", out);
}

void svg_circle(FILE *out, const char *class, double x, double y, double radius)
{
	fprintf(out, "<circle class=\"%s\"", class);
	attribute(out, "cx", x);
	attribute(out, "cy", y);
	attribute(out, "r", radius);
	fputs("/>\n", out);
}
