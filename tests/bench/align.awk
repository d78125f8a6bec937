# SPDX-License-Identifier: Apache-2.0
# Rows of cells separated by tabs, the first of them the heads, into an aligned Markdown table: text to the left, figures
# (columns whose first row has a figure) to the right.
BEGIN { FS = "\t" }

{
	for (i = 1; i <= NF; i++) {
		cell[NR, i] = $i
		if (length($i) > width[i])
			width[i] = length($i)
		if (NR == 2 && $i ~ /^[0-9.]+$/)
			figures[i] = 1
	}
	if (NF > columns)
		columns = NF
}

function line(row,    i, text) {
	for (i = 1; i <= columns; i++)
		text = text sprintf(figures[i] ? "| %*s " : "| %-*s ", width[i], cell[row, i])
	print text "|"
}

function rule(    i, text, dashes) {
	for (i = 1; i <= columns; i++) {
		dashes = sprintf("%*s", width[i] + 1, "")
		gsub(/ /, "-", dashes)
		text = text "|" dashes (figures[i] ? ":" : "-")
	}
	print text "|"
}

END {
	for (row = 1; row <= NR; row++) {
		line(row)
		if (row == 1)
			rule()
	}
}
