# SPDX-License-Identifier: Apache-2.0
# Compares what stand-in's senders numbered with what notify-sink got:
#	awk -f verify.awk STAND-IN-OUTPUT SINK-OUTPUT
# Prints lost=N doubled=N reordered=N unknown=N; status 1 unless all are 0. Only STATUS is numbered,
# as other fields do not reach the host as they are. A text that was changed on its way is lost.
# What stand-in lost on purpose is not counted, and must not arrive.

function tell(what, key)
{
	if (told++ < 5)
		print "verify: " what ": " key | "cat >&2"
}

# The message's "sender sequence", or "" for one that has no number.
function number_of(line, text)
{
	if (match(line, /STATUS=\([1-5] of 5\) User job u[0-9]+-[0-9]+\.service\/start running \([0-9]+s \/ no limit\)\.\.\.($|\\n)/)) {
		text = substr(line, RSTART, RLENGTH)
		sub(/.* User job /, "", text)
		sub(/\.service.*/, "", text)
		sub(/-/, " ", text)
		return text
	}
	if (match(line, /STATUS=p[0-9]+\.[0-9]+($|\\n)/)) {
		text = substr(line, RSTART + length("STATUS="), RLENGTH - length("STATUS="))
		sub(/\\n/, "", text)
		sub(/\./, " ", text)
		return text
	}
	return ""
}

function take(key, part)
{
	split(key, part, " ")
	if (!(part[1] in numbered) || part[2] >= numbered[part[1]] + 0 || key in gone) {
		unknown++
		tell("unknown", key)
	} else if (key in seen) {
		doubled++
		tell("doubled", key)
	} else if (part[2] + 0 < next_of[part[1]] + 0) {
		reordered++
		tell("reordered", key)
	} else {
		next_of[part[1]] = part[2] + 1
	}
	seen[key] = 1
}

FILENAME == ARGV[1] && $1 == "sender" {
	split($3, field, "=")
	numbered[$2] = field[2]
	senders++
}

FILENAME == ARGV[1] && $1 == "lost" {
	gone[number_of($0)] = 1
}

FILENAME == ARGV[2] && !/^#/ {
	key = number_of($0)
	if (key != "")
		take(key)
}

END {
	for (sender in numbered) {
		for (i = 0; i < numbered[sender] + 0; i++) {
			if (!((sender " " i) in seen) && !((sender " " i) in gone)) {
				lost++
				tell("lost", sender " " i)
			}
		}
	}
	printf "lost=%d doubled=%d reordered=%d unknown=%d\n", lost, doubled, reordered, unknown
	if (!senders)
		tell("no 'sender' line in", ARGV[1])
	exit !senders || lost + doubled + reordered + unknown > 0
}
