// Elements out of names and texts. Text reaches the page as text nodes alone: nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name.startsWith("aria-") && value !== null && value !== undefined) {
      node.setAttribute(name, String(value)); // a state that is false is said as well
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function button(label, press, attributes = {}) {
  return el("button", { type: "button", on: { click: press }, ...attributes }, label);
}

const grouped = new Intl.NumberFormat("en");
const count = (number) => grouped.format(number);
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

function milliseconds(number) {
  if (number === null) return "";
  if (number >= 10000) return `${(number / 1000).toFixed(0)} s`;
  if (number >= 1000) return `${(number / 1000).toFixed(1)} s`;
  return `${number >= 10 ? number.toFixed(0) : number.toFixed(1)} ms`;
}

// What a person cannot see, or what would reorder or hide its neighbours (controls, formats such as the bidi
// marks, lone surrogates, unassigned code points, odd spaces), is shown as an escape.
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const SHORT = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\x1b": "\\e", "\0": "\\0" };

function escaped(character) {
  const number = character.codePointAt(0);
  const hex = number.toString(16);
  if (SHORT[character]) return SHORT[character];
  if (number < 256) return `\\x${hex.padStart(2, "0")}`;
  return number < 65536 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

// Text as nodes: runs of plain text, escapes set apart, and a new line after each line feed.
function visible(text) {
  const nodes = [];
  let run = "";
  const flush = () => {
    if (run) nodes.push(run);
    run = "";
  };
  for (const character of text) {
    if (!HIDDEN.test(character)) {
      run += character;
      continue;
    }
    flush();
    nodes.push(el("span", { class: "escape" }, escaped(character)));
    if (character === "\n") run = "\n";
  }
  flush();
  return nodes;
}
