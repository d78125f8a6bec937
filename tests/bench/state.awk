# SPDX-License-Identifier: Apache-2.0
# Records (stats.awk) into the table of what the state costs: state MESSAGE 0|1 USEC, in rising order for each, 1 without
# the state; and memory's. -v stateless= is the bridge without.
BEGIN { FS = OFS = "\t"; print "message", "n", "median", "without", "p99", "without", "to reach", "reached" }

$1 == "state" {
	if (!($2 in seen)) {
		seen[$2] = 1
		message[++messages] = $2
	}
	value[$2, $3, ++count[$2, $3]] = $4
}

$1 == "memory" { memory[$3] = $4 }

function quantile(key, share,    index_) {
	index_ = int(count[key] * share) + 1
	return value[key, index_ > count[key] ? count[key] : index_]
}

END {
	for (i = 1; i <= messages; i++) {
		with = message[i] SUBSEP 0
		without = message[i] SUBSEP 1
		good = quantile(with, 0.5) <= 1.05 * quantile(without, 0.5) && quantile(with, 0.99) <= 1.05 * quantile(without, 0.99)
		print message[i], count[with], sprintf("%.1f", quantile(with, 0.5)), sprintf("%.1f", quantile(without, 0.5)), \
			sprintf("%.1f", quantile(with, 0.99)), sprintf("%.1f", quantile(without, 0.99)), "<= 1.05 x", good ? "yes" : "no"
	}
	more = memory["vsock-notify"] - memory[stateless]
	print "(memory, KiB)", 1, memory["vsock-notify"], memory[stateless], "", "", "<= 16 more", more <= 16 ? "yes" : "no"
}
