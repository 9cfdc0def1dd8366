// Bubbles as elements. Everything a person or the bot wrote becomes text nodes, never markup.

const ONE_TICK = "M5 13l4.5 4.5L19 7";
const TWO_TICKS = "M1.5 13L6 17.5 15.5 7M11 16l1.5 1.5L22.5 7";
const CROSS = "M6 6l12 12M18 6L6 18";
const TICKS = {
  sent: [ONE_TICK, "sent"],
  delivered: [TWO_TICKS, "delivered"],
  read: [TWO_TICKS, "read"],
  failed: [CROSS, "not accepted"],
};
const STYLED = /```([^`]+)```|(?<![\p{L}\p{N}*_~])([*_~])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}*_~])/gu;
const TAGS = { "*": "strong", _: "em", "~": "s" };

export function drawBubble(bubble, on) {
  const mine = bubble.side === "member";
  const node = make("article", `bubble ${mine ? "mine" : "theirs"} ${bubble.kind}`);
  const body = make("div", "body");
  body.append(make("span", "unseen", mine ? "You: " : "vimbiso: "));
  if (bubble.template) {
    body.append(make("span", "tag", `template · ${bubble.template}`));
  }
  body.append(bubble.kind === "media" ? picture(bubble.text) : words(bubble), meta(bubble, mine, on.texts));
  node.append(body);
  if (mine) {
    body.append(again(on));
  }
  if (bubble.kind === "buttons") {
    node.append(...bubble.choices.map((choice) => press("choice", choice.title, () => on.tap(choice))));
  } else if (bubble.kind === "list") {
    node.append(opener(bubble, on));
  }
  if (bubble.counted) {
    node.append(make("p", "length", bubble.counted.words));
  }
  updateBubble(node, bubble);
  return node;
}

export function updateBubble(node, bubble) {
  const fate = node.querySelector(".fate");
  if (fate) {
    fate.textContent = bubble.status === "failed" ? TICKS.failed[1] : "";
  }
  const ticks = node.querySelector(".ticks");
  if (ticks) {
    const [drawing, means] = TICKS[bubble.status];
    ticks.replaceChildren(icon(drawing));
    ticks.setAttribute("aria-label", means);
    ticks.title = means;
  }
  node.dataset.status = bubble.status;
}

export function drawRows(bubble, on) {
  const rows = document.createDocumentFragment();
  const head = make("div", "sheethead");
  const close = press("closesheet", "", on.close);
  close.setAttribute("aria-label", "Close");
  close.append(icon(CROSS));
  head.append(make("h3", "", bubble.menu), close);
  rows.append(head);
  let section = "";
  for (const choice of bubble.choices) {
    if (choice.section && choice.section !== section) {
      section = choice.section;
      rows.append(make("h4", "section", section));
    }
    const row = press("row", "", () => on.tap(choice));
    row.append(make("span", "rowtitle", choice.title));
    if (choice.description) {
      row.append(make("span", "rowabout", choice.description));
    }
    rows.append(row);
  }
  return rows;
}

// A text message has no ticks: nobody hears whether it was read.
function meta(bubble, mine, texts) {
  const line = make("span", "meta");
  const at = new Date(bubble.at);
  const time = make("time", "", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
  time.dateTime = bubble.at;
  time.title = at.toLocaleString();
  if (mine && texts) {
    line.append(make("span", "fate"), time);
  } else if (mine) {
    const ticks = make("span", "ticks");
    ticks.setAttribute("role", "img");
    ticks.setAttribute("aria-live", "off");
    line.append(time, ticks);
  } else {
    line.append(time);
  }
  return line;
}

function again(on) {
  const button = press("again", "", on.again);
  button.setAttribute("aria-label", "Deliver again");
  button.title = "Deliver this message a second time, as a provider may";
  button.append(icon("M19 12a7 7 0 1 1-2.2-5.1M19 3v4h-4"));
  return button;
}

function opener(bubble, on) {
  const button = press("choice opener", bubble.menu, () => on.open(button));
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.prepend(icon("M9 7h11M9 12h11M9 17h11M4 7h.01M4 12h.01M4 17h.01"));
  return button;
}

function picture(kind) {
  const frame = make("span", "picture");
  frame.append(icon("M4 17l5-4 3.5 3 3-2.5L20 17M4 5h16v14H4z"), make("span", "", kind));
  return frame;
}

// Marks such as *this* mean something on WhatsApp alone; a text message shows where it is cut into segments.
function words({ text, counted }) {
  const body = make("p", "words-said");
  body.append(...(counted ? cut(counted.parts) : styled(text)));
  return body;
}

function cut(parts) {
  const marks = parts.slice(1).map((_, place) => {
    const mark = make("span", "cut");
    mark.dataset.next = place + 2;
    mark.title = `Segment ${place + 2} of ${parts.length} begins here`;
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", mark.title);
    return mark;
  });
  return parts.flatMap((part, place) => (place ? [marks[place - 1], part] : [part]));
}

function styled(text) {
  const parts = [];
  let done = 0;
  for (const found of text.matchAll(STYLED)) {
    parts.push(text.slice(done, found.index));
    const [all, code, sign, inner] = found;
    const part = document.createElement(code === undefined ? TAGS[sign] : "code");
    part.append(...(code === undefined ? styled(inner) : [code]));
    parts.push(part);
    done = found.index + all.length;
  }
  return [...parts, text.slice(done)];
}

function make(tag, name, text = "") {
  const node = document.createElement(tag);
  if (name) {
    node.className = name;
  }
  node.textContent = text;
  return node;
}

function press(name, label, react) {
  const button = make("button", name, label);
  button.type = "button";
  button.addEventListener("click", react);
  return button;
}

function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}
