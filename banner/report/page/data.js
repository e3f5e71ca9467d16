// The rows, their dimensions, and which rows the filters and the search leave.

const data = JSON.parse(document.getElementById("data").textContent);
const everyRow = Uint32Array.from({ length: data.rows }, (_, row) => row);
const dimensions = new Map();
const filters = new Map(); // the name of a dimension -> the set of codes that are let through
const listeners = [];
let query = "";
let haystacks = null;

// A dimension gives each row a code (-1: none), and each code a label.
function dimension(name, title, codes, label) {
  let highest = -1;
  for (const code of codes) if (code > highest) highest = code;
  dimensions.set(name, { name, title, codes, label, size: highest + 1 });
}

function textDimension(name, title) {
  const { values, codes } = data.columns[name];
  dimension(name, title, codes, (code) => values[code]);
}

function numberDimension(name, title) {
  const values = [...new Set(data.numbers[name])].sort((a, b) => a - b);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = data.numbers[name].map((value) => codeOf.get(value));
  dimension(name, title, codes, (code) => String(values[code]));
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
  const active = [...filters].map(([name, codes]) => ({ of: dimensions.get(name).codes, codes }));
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const result = new Int16Array(data.rows);
  for (let row = 0; row < data.rows; row++) {
    let stop = -1;
    for (let at = 0; at < active.length && stop !== -2; at++) {
      if (!active[at].codes.has(active[at].of[row])) stop = stop === -1 ? at : -2;
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
}

function search(text) {
  query = text;
  changed();
}

function clearAll() {
  filters.clear();
  query = "";
  changed();
}

const isOn = (name, code) => filters.get(name)?.has(code) ?? false;
