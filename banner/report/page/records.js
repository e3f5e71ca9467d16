// Whole records, inflated when one is asked for, and shown exactly: every byte of a greeting, and every field.

const MOST_SHOWN = 65536; // characters: beyond that a browser's layout becomes slow
const inflated = new Map();

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

async function block(number, of) {
  const key = `${of === data} ${number}`;
  if (!inflated.has(key)) {
    const stream = new Blob([bytesOf(of.blocks[number])]).stream().pipeThrough(new DecompressionStream("deflate"));
    inflated.set(key, new Response(stream).json());
  }
  return inflated.get(key);
}

async function record(row, of = data) {
  return (await block(Math.floor(row / of.block), of))[row % of.block];
}

function bannerOf(found) {
  return found.encoding === "base64" ? bytesOf(found.banner) : new TextEncoder().encode(found.banner);
}

function asText(found) {
  if (found.encoding !== "base64") return visible(found.banner.slice(0, MOST_SHOWN));
  const nodes = [];
  for (const byte of bannerOf(found).subarray(0, MOST_SHOWN)) {
    if (byte < 128) nodes.push(...visible(String.fromCharCode(byte)));
    else nodes.push(el("span", { class: "escape" }, `\\x${byte.toString(16)}`));
  }
  return nodes;
}

function asHex(found) {
  const bytes = bannerOf(found).subarray(0, MOST_SHOWN / 4);
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(47)}  ${text}`);
  }
  return [lines.join("\n")];
}

const ENDS = {
  complete: "whole", eof: "then the peer closed", reset: "then the peer reset the connection",
  deadline: "then nothing more before the deadline", limit: "cut at the limit",
};

function greeting(found, title = "Greeting") {
  const size = bannerOf(found).length;
  const text = el("pre", { tabindex: 0, role: "group", "aria-label": "Exact greeting" });
  const modes = el("div", { class: "choice", role: "group", "aria-label": "Show as" });
  const show = (hex) => {
    text.replaceChildren(...(hex ? asHex(found) : asText(found)));
    redraw(modes, [["Text", false], ["Hex", true]].map(([label, mode]) => button(
      label, () => show(mode), { "data-key": label, "aria-pressed": mode === hex },
    )));
  };
  show(false);
  const ending = found.end ? `, ${ENDS[found.end]}` : "";
  return el("div", { class: "greeting" },
    el("div", { class: "greeting-head" }, el("h3", {}, title), el("span", { class: "quiet" }, `${plural(size, "byte")}${ending}`), modes), text);
}

const empty = (value) => value !== null && typeof value === "object" && !Object.keys(value).length;

function fields(value) {
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
    return el("span", {}, ...value.flatMap((one, at) => [at ? ", " : "", ...visible(String(one))]));
  }
  if (value !== null && typeof value === "object") {
    const nested = (inner) => inner !== null && typeof inner === "object" && !(Array.isArray(inner) && inner.every((one) => typeof one !== "object"));
    return el("dl", {}, ...Object.entries(value).filter(([, inner]) => !empty(inner)).map(([name, inner]) => el("div", { class: nested(inner) ? "nested" : null },
      el("dt", {}, ...visible(name)), el("dd", {}, fields(inner)))));
  }
  const exact = typeof value !== "number" || Number.isInteger(value);
  return el("span", {}, ...visible(exact ? String(value) : String(Number(value.toPrecision(4)))));
}

const APART = new Set(["banner", "encoding", "v", "end"]);

function details(found, row) {
  const links = el("p", { class: "links" }, el("a", { href: recordLink(row) }, "Link to this record"), el("a", { href: hostLink(row) }, "All of this host"));
  const rest = Object.fromEntries(Object.entries(found).filter(([name]) => !APART.has(name)));
  return el("div", { class: "details" }, links, evidenceOf(row), found.banner === undefined ? null : greeting(found), el("div", { class: "fields" }, fields(rest)));
}

// What differs, and under it the greeting of each scan, whether it differs or not.
function differences(found) {
  const side = (title, half, heard) => {
    const told = { ...heard, ...half };
    const date = heard?.time ? el("span", { class: "quiet" }, ` ${heard.time.slice(0, 16).replace("T", " ")} UTC`) : null;
    const rest = Object.fromEntries(Object.entries(half ?? {}).filter(([name]) => !APART.has(name)));
    const status = heard && heard.banner === undefined ? el("p", { class: "quiet" }, ...visible(`${heard.status}${heard.error ? `: ${heard.error}` : ""}, no greeting`)) : null;
    const nothing = !half && !heard ? el("p", { class: "quiet" }, "Nothing.") : null;
    return el("div", { class: "side" }, el("h3", {}, title, date), nothing, Object.keys(rest).length ? fields(rest) : null, status,
      told.banner === undefined ? null : greeting(told));
  };
  return el("div", { class: "details sides" }, side("Before", found.before, found.was), side("After", found.after, found.is));
}
