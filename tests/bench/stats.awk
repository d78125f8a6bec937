# SPDX-License-Identifier: Apache-2.0
# Records into tables' rows, cells separated by tabs. Records have tabs too, values of a kind and bridge in rising
# order:   held|guest GROUP BRIDGE USEC [ok|early]   cpu GROUP BRIDGE USEC COUNT   memory - BRIDGE KIB PROCESSES KIB PROCESSES
# -v kind= says which are wanted, -v factor= how many times the floor the product is to reach, where half-closes pass.
BEGIN { FS = OFS = "\t"; product = "vsock-notify"; floor = "floor"; answering = "floor, a byte" }

$1 != kind { next }

{
	if (!(($2, $3) in count)) {
		rows++
		group[rows] = $2
		bridge[rows] = $3
	}
	n = ++count[$2, $3]
	value[$2, $3, n] = $4
	early[$2, $3] += $5 == "early"
	memory[$3] = $4 OFS $5 OFS $6 OFS $7
	if (kind == "cpu") {
		notifications[$2, $3] = $5
		value[$2, $3, n] = $4 / $5
	}
}

function quantile(key, share,    index_) {
	index_ = int(count[key] * share) + 1
	return value[key, index_ > count[key] ? count[key] : index_]
}

# The two last cells: what to reach, and whether it was. Where half-closes are not passed on, PID 1 is to be answered 0.6 ms after
# the floor at the latest, and the CPU is held against that of the floor that answers with a byte and reads to EOF, too.
function reach(group_, bridge_, figure,    base, limit) {
	if (bridge_ != product || group_ ~ /program/)
		return "" OFS ""
	base = quantile(group_ SUBSEP floor, 0.5)
	limit = base * factor
	if (group_ ~ /not passed/)
		limit = kind == "cpu" ? 1.3 * quantile(group_ SUBSEP answering, 0.5) : base + 600
	return sprintf(kind == "cpu" ? "<= %.1f" : "<= %.0f", limit) OFS (figure <= limit ? "yes" : "no")
}

function times_floor(group_, figure,    times) {
	times = figure / quantile(group_ SUBSEP floor, 0.5)
	return sprintf(times < 10 ? "%.2f" : "%.0f", times)
}

END {
	for (i = 1; i <= rows; i++) {
		key = group[i] SUBSEP bridge[i]
		median = quantile(key, 0.5)
		if (kind == "memory")
			print bridge[i], memory[bridge[i]], bridge[i] == product ? "<= 144, no children" OFS \
				(value[key, 1] <= 144 && memory[bridge[i]] ~ /\t1\t[0-9]*\t1$/ ? "yes" : "no") : "" OFS ""
		else if (kind == "cpu")
			print group[i], bridge[i], notifications[key], sprintf("%.1f", median), times_floor(group[i], median), \
				reach(group[i], bridge[i], median)
		else
			print group[i], bridge[i], count[key], sprintf("%.0f", median), sprintf("%.0f", quantile(key, 0.99)), \
				times_floor(group[i], median) (kind == "guest" ? OFS early[key] : ""), \
				reach(group[i], bridge[i], median)
	}
}
