// The desk: keeps what the server told (bubbles by number), hands it to the phones, and adds or removes phones.

import { Phone } from "./simulator-phone.js";

const REMEMBERED = 5000;
const PHONES_AT_MOST = 12;
const KEPT_AS = "vimbiso-simulator-phones";

const desk = document.getElementById("desk");
const link = document.getElementById("link");
const bubbles = new Map();
const phones = new Set();
let people = [];
let stamp = null;
let position = "";

async function start() {
  const answer = await fetch("/simulator/setup");
  const setup = await answer.json();
  people = setup.people;
  for (const channel of setup.channels) {
    document.getElementById("add").append(adder(channel));
  }
  for (const { channel, phone } of remembered(setup.channels) ?? atFirst(setup.channels)) {
    add(channel, phone);
  }
  listen();
}

function adder(channel) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `Add ${channel.title} phone`;
  button.addEventListener("click", () => {
    const taken = new Set([...phones].filter((each) => each.channel === channel).map((each) => each.number));
    const free = people.find((person) => !taken.has(person.phone));
    add(channel, free?.phone ?? "")?.focus();
  });
  return button;
}

function atFirst(channels) {
  const [first, ...others] = channels;
  const two = [0, 1].map((place) => ({ channel: first, phone: people[place]?.phone ?? "" }));
  return [...two, ...others.map((channel) => ({ channel, phone: people[0]?.phone ?? "" }))];
}

function add(channel, number) {
  if (phones.size >= PHONES_AT_MOST) {
    return null;
  }
  const phone = new Phone(channel, number, people, {
    bubbles: () => bubbles.values(),
    moved: remember,
    away: () => {
      phones.delete(phone);
      phone.element.remove();
      remember();
    },
  });
  phones.add(phone);
  desk.append(phone.element);
  phone.redraw();
  remember();
  return phone;
}

function remember() {
  const list = [...phones].map((phone) => ({ channel: phone.channel.name, phone: phone.number }));
  sessionStorage.setItem(KEPT_AS, JSON.stringify(list));
}

function remembered(channels) {
  const list = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null");
  const known = list?.map(({ channel, phone }) => ({ channel: channels.find(({ name }) => name === channel), phone }));
  return known?.length && known.every(({ channel }) => channel) ? known : null;
}

function listen() {
  const source = new EventSource(`/simulator/events?after=${encodeURIComponent(position)}`);
  source.addEventListener("hello", (event) => greet(JSON.parse(event.data).stamp));
  source.addEventListener("message", (event) => {
    position = event.lastEventId;
    receive(JSON.parse(event.data));
  });
  source.addEventListener("error", () => {
    show(false, "Reconnecting…");
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(listen, 2000);
    }
  });
}

function greet(now) {
  if (stamp !== null && stamp !== now) {
    bubbles.clear();
    for (const phone of phones) {
      phone.redraw();
    }
  }
  stamp = now;
  show(true, "Live");
}

function receive(news) {
  for (const bubble of news) {
    bubbles.set(bubble.number, bubble);
  }
  for (const number of bubbles.keys()) {
    if (bubbles.size <= REMEMBERED) {
      break;
    }
    bubbles.delete(number);
  }
  for (const phone of phones) {
    phone.receive(news);
  }
}

function show(live, words) {
  link.dataset.live = live;
  link.textContent = words;
}

start().catch(() => show(false, "The server did not answer. Reload this page."));
