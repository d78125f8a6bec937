# SPDX-License-Identifier: Apache-2.0
# One patch as git format-patch writes it: complains where its diffstat, or a hunk's header, does not say what the diff does,
# and where an added line has a whitespace error. Says nothing of a good one.

# A hunk's header has counts; without one it is 1.
function count(range,    parts) {
	return split(range, parts, ",") == 2 ? parts[2] + 0 : 1
}

function end_hunk() {
	if (old != 0 || new != 0)
		print "a hunk of " file " has not the lines that its header says"
	old = new = 0
}

# A hunk's header says how long the hunk is, so a line in it that looks like a header is not taken for one.
old > 0 || new > 0 {
	mark = substr($0, 1, 1)
	if (mark == "+" || mark == "-") {
		changed[files]++
		mark == "+" ? added++ : removed++
		mark == "+" ? new-- : old--
	} else if (mark == " " || $0 == "") {
		old--
		new--
	} else if (mark != "\\") {
		end_hunk()
	}
	if (mark == "+" && (/[ \t\r]$/ && $0 != "+" || /^\+[ \t]* \t/ || /^\+(<<<<<<<|=======$|>>>>>>>)/))
		print "an added line of " file " has a whitespace error: " $0
	if (old < 0 || new < 0)
		end_hunk()
	next
}

/^---$/ && !files { stat = 1; next }
/^diff --git / { stat = 0; files++; file = substr($4, 3); next }
/^@@ -[0-9,]+ \+[0-9,]+ @@/ { end_hunk(); old = count(substr($2, 2)); new = count(substr($3, 2)); next }
stat && / \| +[0-9]+( [+-]+)?$/ { said[++stats] = $0; sub(/.*\| +/, "", said[stats]); sub(/ .*/, "", said[stats]) }
stat && /^ [0-9]+ files? changed/ { summary = $0 }

END {
	end_hunk()
	if (!files)
		print "there is no diff"
	if (files != stats)
		print "its diffstat has " stats + 0 " files, its diff " files + 0
	for (i = 1; i <= files && i <= stats; i++)
		if (said[i] != changed[i] + 0)
			print "file " i " of its diffstat says " said[i] " lines, its diff has " changed[i] + 0
	expected = sprintf(" %d file%s changed", files, files == 1 ? "" : "s")
	if (added)
		expected = expected sprintf(", %d insertion%s(+)", added, added == 1 ? "" : "s")
	if (removed)
		expected = expected sprintf(", %d deletion%s(-)", removed, removed == 1 ? "" : "s")
	if (summary != expected)
		print "its diffstat says \"" summary "\", its diff has \"" expected "\""
}
