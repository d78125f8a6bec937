// SPDX-License-Identifier: Apache-2.0
// For the page that test-chromium.sh makes: looks at each picture in it as the browser has laid it out, and writes a line for each, "NAME:
// what is wrong with it", or nothing after the colon; the first line is the colour scheme in effect.
"use strict";

// The relative luminance of a computed colour, and the contrast of two, as in WCAG 2.
function luminance(colour) {
	const parts = colour.match(/[\d.]+/g).slice(0, 3).map((text) => {
		const part = text / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

function contrast(one, other) {
	const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

function overlap(a, b) {
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function fill(element) {
	return getComputedStyle(element).fill;
}

// What a picture is to be, of its texts and bars.
function complaints(svg) {
	const found = [];
	const texts = [...svg.querySelectorAll("text")].map((element) => ({ element, box: element.getBBox(), text: element.textContent }));
	const bars = [...svg.querySelectorAll(".start,.unit,.stop,.held")].map((element) => element.getBBox());
	const mark = svg.querySelector("line.good,line.bad,line.open").getBBox();
	const backgrounds = [...svg.querySelectorAll(".paper,.stripe")].map(fill);
	const view = svg.viewBox.baseVal;

	texts.forEach(({ element, box, text }, i) => {
		if (!(box.width > 0))
			found.push(`"${text}" is not to be seen`);
		if (box.x < 1 || box.y < 1 || box.x + box.width > view.width - 1 || box.y + box.height > view.height - 1)
			found.push(`"${text}" is cut`);
		for (const other of texts.slice(i + 1))
			if (overlap(box, other.box))
				found.push(`"${text}" is over "${other.text}"`);
		if (bars.some((bar) => overlap(box, bar)))
			found.push(`"${text}" is over a bar`);
		if (overlap(box, { x: mark.x, y: mark.y, width: 1, height: mark.height }))
			found.push(`"${text}" is over the mark`);
		for (const part of [element, ...element.querySelectorAll("tspan")])
			for (const background of backgrounds)
				if (contrast(fill(part), background) < 4.5)
					found.push(`"${part.textContent}" has a contrast of ${contrast(fill(part), background).toFixed(2)}`);
	});
	for (const bar of bars)
		if (bar.x < 0 || bar.x + bar.width > view.width || !(bar.width >= 1))
			found.push("a bar is outside, or too thin");
	if (svg.querySelectorAll("text.name").length !== svg.querySelectorAll("rect.start,rect.unit,rect.stop").length +
		texts.filter(({ text }) => text.startsWith("later, at ")).length + (svg.querySelector(".held") ? 1 : 0))
		found.push("names and bars are not as many");
	return found;
}

// As an image, it is drawn, and follows the colour scheme: its paper, seen on a canvas.
function imageComplaints(image, svg) {
	const canvas = document.createElement("canvas");
	const [width, height] = [image.naturalWidth, image.naturalHeight];
	if (width !== svg.viewBox.baseVal.width)
		return [`as an image it is ${width} wide`];
	[canvas.width, canvas.height] = [width, height];
	const context = canvas.getContext("2d");
	context.drawImage(image, 0, 0);
	const seen = context.getImageData(12, 12, 1, 1).data;
	const paper = fill(svg.querySelector(".paper"));
	return `rgb(${seen[0]}, ${seen[1]}, ${seen[2]})` === paper ? [] : [`as an image its paper is rgb(${seen}), not ${paper}`];
}

addEventListener("load", () => {
	const lines = [`scheme: ${matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"}`];
	for (const figure of document.querySelectorAll("figure")) {
		const svg = figure.querySelector("svg");
		const found = [...complaints(svg), ...imageComplaints(figure.querySelector("img"), svg)];
		lines.push(`${figure.id}: ${found.slice(0, 3).join("; ")}`);
	}
	document.querySelector("#result").textContent = lines.join("\n");
});
