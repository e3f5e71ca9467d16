// The rows, their dimensions, and which rows the filters and the search leave.

const data = JSON.parse(document.getElementById("data").textContent);
const everyRow = Uint32Array.from({ length: data.rows }, (_, row) => row);
const dimensions = new Map();
const filters = new Map(); // the name of a dimension -> the set of codes that are let through
const listeners = [];
let query = "";
let haystacks = null;

// What an earlier scan counted of each label; null where there is none.
function earlier(name) {
  const counts = data.since?.counts[name];
  if (!counts) return null;
  const of = new Map(Object.entries(counts));
  return (label) => of.get(label) ?? 0;
}

// A dimension gives each row a code (-1: none), and each code a label; `key` is what an address calls a code.
function dimension(name, title, codes, label, values = null) {
  let size = values ? values.length : 0;
  for (const code of codes) if (code >= size) size = code + 1;
  const has = (row, wanted) => wanted.has(codes[row]);
  dimensions.set(name, { name, title, codes, label, key: label, size, has, before: earlier(name), tally: (rows) => tally(codes, size, rows) });
}

// One that gives a row any number of codes: a bit for each.
function bitDimension(name, title, masks, kinds) {
  const size = kinds.length;
  const has = (row, wanted) => [...wanted].some((code) => masks[row] & (1 << code));
  const count = (rows) => {
    const counts = new Uint32Array(size);
    for (const row of rows) for (let code = 0; masks[row] >> code; code++) counts[code] += (masks[row] >> code) & 1;
    return counts;
  };
  dimensions.set(name, { name, title, label: (code) => kinds[code][1], key: (code) => kinds[code][0], size, has, before: earlier(name), tally: count });
}

function textDimension(name, title) {
  const { values, codes } = data.columns[name];
  dimension(name, title, codes, (code) => values[code], values);
}

// UDP's ports stand 65,536 higher than TCP's.
const portLabel = (port) => (port > 65536 ? `${port - 65536}/udp` : String(port));

function portDimension(name, title) {
  const before = Object.keys(data.since?.counts[name] ?? {}).map(Number);
  const values = [...new Set([...data.numbers[name], ...before])].filter((value) => value !== null).sort((a, b) => a - b);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = data.numbers[name].map((value) => codeOf.get(value) ?? -1); // a host as a whole has no port
  dimension(name, title, codes, (code) => portLabel(values[code]), values);
}

function textAt(name, row) {
  const { values, codes } = data.columns[name];
  return codes[row] < 0 ? "" : values[codes[row]];
}

function haystack(row) {
  haystacks ??= new Array(data.rows);
  haystacks[row] ??= Object.keys(data.columns)
    .map((name) => textAt(name, row))
    .join("\n")
    .toLowerCase();
  return haystacks[row];
}

// For each row: -1 where it passes all, the place of the one filter that stops it, or -2.
function standing() {
  const active = [...filters].map(([name, codes]) => ({ has: dimensions.get(name).has, codes }));
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const result = new Int16Array(data.rows);
  for (let row = 0; row < data.rows; row++) {
    let stop = -1;
    for (let at = 0; at < active.length && stop !== -2; at++) {
      if (!active[at].has(row, active[at].codes)) stop = stop === -1 ? at : -2;
    }
    if (stop !== -2 && words.length && !words.every((word) => haystack(row).includes(word))) stop = -2;
    result[row] = stop;
  }
  return result;
}

let standings = standing();
let passing = everyRow;

// Rows that all filters but the one of this dimension let through: what a chart counts, so that one can switch.
function rowsBut(name) {
  const own = [...filters.keys()].indexOf(name);
  if (own < 0) return passing;
  return everyRow.filter((row) => standings[row] === -1 || standings[row] === own);
}

function tally(codes, size, rows) {
  const counts = new Uint32Array(size);
  for (const row of rows) if (codes[row] >= 0) counts[codes[row]]++;
  return counts;
}

function changed() {
  standings = standing();
  passing = everyRow.filter((row) => standings[row] === -1);
  for (const listener of listeners) listener();
}

function toggle(name, code) {
  const codes = filters.get(name) ?? new Set();
  if (!codes.delete(code)) codes.add(code);
  if (codes.size) filters.set(name, codes);
  else filters.delete(name);
  changed();
  remember();
}

function search(text) {
  query = text;
  changed();
  remember({ typing: true });
}

function clearAll() {
  filters.clear();
  query = "";
  changed();
  remember();
}

const isOn = (name, code) => filters.get(name)?.has(code) ?? false;
