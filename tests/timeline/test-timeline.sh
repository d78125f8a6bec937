#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A boot's table and picture: those of a real Debian guest are as committed (make-sample.sh makes them anew), and those of every other boot
# (states.sh) are well-formed, of known elements alone, with all names in them and nothing that a terminal would obey. The same by the
# command itself.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
require_built tests/timeline/show vsock-notify-show

show() {
	"$build/tests/timeline/show" "$@"
}

# differs FILE COMMAND...: how its output is not the file's text.
differs() {
	local file=$1
	shift
	"$@" | diff -u "$file" - | sed -n '4,12p'
}

verdict timeline-debian-table "$(differs "$here/debian.txt" show table "$here/debian.state")"
verdict timeline-debian-picture "$(differs "$top/docs/boot-timeline.svg" show svg "$here/debian.state")"

# Nothing else has a place in it: no script, no link, no image, no font.
elements='self::s:svg or self::s:title or self::s:desc or self::s:style or self::s:rect or self::s:line or self::s:circle or self::s:text or self::s:tspan'
attributes='svg class role aria-labelledby width height viewBox id x y rx x1 y1 x2 y2 cx cy r text-anchor'

# strangers FILE: what is in a picture that ought not to be.
strangers() {
	xmllint --noout "$1" 2>&1 | head -n 3
	printf 'setns s=http://www.w3.org/2000/svg\ncat //*[not(%s)]\n' "$elements" |
		xmllint --shell "$1" 2>/dev/null | grep '<' | head -n 3
	printf 'cat //@*\n' | xmllint --shell "$1" 2>/dev/null | sed -nE 's/^ *([A-Za-z0-9:-]+)="[^"]*"$/\1/p' | sort -u |
		grep -vxF -f <(tr ' ' '\n' <<<"$attributes")
	grep -nE 'url\(|@import|@font-face' "$1"
}

# units FILE: how many active ones a state has.
units() {
	grep -cE '^UNIT=[1-9]' "$1"
}

"$here/states.sh" "$work/states"
for state in "$work"/states/*.state; do
	name=$(basename "$state" .state)
	if ! show table "$state" >"$work/table" || ! show svg "$state" >"$work/$name.svg"; then
		not_ok "timeline-$name" "it is not shown"
		continue
	fi
	verdict "timeline-$name-picture" "$(strangers "$work/$name.svg")"
	verdict "timeline-$name-table" "$(
		LC_ALL=C grep -nP '[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae|\xcc\x80' "$work/table"
		same "rows of units" "$(units "$state")" "$(sed -nE '/^ +AT /,/^$/p' "$work/table" |
			grep -cvE '  (WHAT|a message was lost|first word|ready|ended, not ready|emergency mode|kernel panic)$|^$')"
	)"
done

# Lost messages are lines between the steps, which they do not change, and lines across the lane of notifications.
verdict timeline-lost-table "$(
	show table "$work/states/lost.state" >"$work/table"
	same "steps" '- 500ms 700ms 700ms - 700ms 700ms 700ms 100ms -' \
		"$(sed -nE '/^ +AT /,/^$/p' "$work/table" | awk 'NR > 1 && NF { print $2 }' | paste -sd' ')"
	same "lines of lost messages" '200ms 2s 1min' "$(awk '/a message was lost$/ { print $1 }' "$work/table" | paste -sd' ')"
	grep -qxF '21 messages were lost by the VMM: see vsock-notify(7), LOST MESSAGES' "$work/table" || echo "no note"
)"
verdict timeline-lost-picture "$(
	same "lines" 2 "$(xmllint --xpath 'count(//*[local-name()="line"][@class="bad"])' "$work/lost.svg")"
	grep -q '>21 messages were lost by the VMM: .*</text>' "$work/lost.svg" || echo "no note"
)"

# What looks like markup is text.
verdict timeline-markup-is-text "$(same title '</title><script>alert(1)</script>&amp;: ready after 1s' \
	"$(xmllint --xpath 'string(/*/*[local-name()="title"])' "$work/hostile-xml.svg")"
	xmllint --xpath 'string(/*/*[@class="name"])' "$work/hostile-xml.svg" | grep -qE '^x1<script>.*1\.target$' ||
		echo "the first unit has another name")"

# The command, of a VM that has gone.
command=$build/vsock-notify-show
cp "$here/debian.state" "$work/vsock_1234.state"
verdict timeline-command-table "$(differs "$here/debian.txt" "$command" timeline "$work/vsock")"
verdict timeline-command-picture "$(differs "$top/docs/boot-timeline.svg" "$command" timeline --svg "$work/vsock")"
refuses timeline-no-operand 2 'name one VSOCK' "$command" timeline
refuses timeline-two-operands 2 '^vsock-notify: b: name one VSOCK' "$command" timeline a b
refuses timeline-no-state 1 "$work/other" "$command" timeline "$work/other"
sed '/^END=1$/d' "$here/debian.state" >"$work/cut_1234.state"
refuses timeline-a-cut-file 1 'is not whole' "$command" timeline "$work/cut"
sed 's/^VSOCK_NOTIFY_STATE=1$/VSOCK_NOTIFY_STATE=2/' "$here/debian.state" >"$work/new_1234.state"
refuses timeline-a-newer-file 1 'newer' "$command" timeline "$work/new"
for form in '' --svg; do
	# shellcheck disable=SC2016 # the inner shell expands it
	refuses "timeline${form:+-}${form#--}-on-a-full-disk" 1 'cannot write to standard output' \
		bash -c '"$@" >/dev/full' - "$command" timeline ${form:+"$form"} "$work/vsock"
done

summary
