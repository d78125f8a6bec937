#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pictures of boots of every kind (states.sh), and the one in docs/, as Chromium lays them out, in light and in dark: no text is over another,
# over a bar or cut, contrast is 4.5 to 1 or more (measure.js), and each is an image that follows the colour scheme.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
require_built tests/timeline/show

page=$work/page.html

# figure NAME FILE: a picture within the page, and as an image beside it.
figure() {
	printf '<figure id="%s"><img alt="" src="data:image/svg+xml;base64,' "$1"
	base64 -w0 "$2"
	printf '">\n'
	cat "$2"
	printf '</figure>\n'
}

"$here/states.sh" "$work/states"
{
	printf '<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>-</title>\n'
	figure docs "$top/docs/boot-timeline.svg"
	for state in "$work"/states/*.state; do
		"$build/tests/timeline/show" svg "$state" >"$work/picture.svg" && figure "$(basename "$state" .state)" "$work/picture.svg"
	done
	printf '<pre id="result"></pre>\n<script>\n'
	cat "$here/measure.js"
	printf '</script>\n'
} >"$page"
pictures=$(grep -c '^</figure>' "$page")

# lay_out SCHEME: what measure.js wrote, to $work/SCHEME. As root Chromium has no sandbox of its own; all that it opens is the page above.
lay_out() {
	local number=1
	[[ $1 == light ]] || number=0
	timeout -k 5 120 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile" \
		--blink-settings="preferredColorScheme=$number" --window-size=1000,800 --dump-dom "file://$page" \
		2>"$work/chromium.log" </dev/null | sed -n '/<pre id="result">/,/<\/pre>/p' | sed 's/<pre id="result">//; s/<\/pre>.*//' >"$work/$1"
}

for scheme in light dark; do
	lay_out "$scheme"
	if ! grep -qx "scheme: $scheme" "$work/$scheme"; then
		not_ok "chromium-$scheme" "no result in that scheme: $(tail -n 3 "$work/chromium.log")"
		continue
	fi
	verdict "chromium-$scheme-pictures" "$(same "their number" "$pictures" "$(grep -cv '^scheme: ' "$work/$scheme")")"
	while IFS=: read -r name found; do
		[[ $name == scheme ]] || verdict "chromium-$scheme-$name" "${found# }"
	done <"$work/$scheme"
done

summary
